//! How the product looks to whoever has it before them: the name, colour, logo and icon that a partner chose.
//!
//! The server finds out by who asks and writes it into the document; the browser takes it from there. Whoever goes to
//! another portal without a new document finds it in what that portal says of its session.

use crate::wire::{Answers, read};
use domain::brand::BrandView;
use leptos::prelude::*;
use serde::Deserialize;

/// The names of what stands in the document's head.
pub const META: &str = "brand";
pub const STYLE: &str = "brand-style";
pub const ICON: &str = "brand-icon";
/// The product's own.
pub const FAVICON: (&str, &str) = ("/favicon.svg", "image/svg+xml");

#[derive(Clone, Copy)]
struct Shown(RwSignal<BrandView>);

/// For everything below.
pub fn provide() {
    provide_context(Shown(RwSignal::new(given())));
}

/// What the page came with.
#[cfg(feature = "ssr")]
pub(crate) fn given() -> BrandView {
    use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<BrandView>().cloned())
        .unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn given() -> BrandView {
    let meta = document().query_selector("meta[name=brand]").ok().flatten();
    meta.and_then(|meta| read(&meta.get_attribute("content")?).ok()).unwrap_or_default()
}

/// How it looks now. In the gallery, as nobody changed it.
pub fn shown() -> Signal<BrandView> {
    use_context::<Shown>().map_or_else(|| Signal::stored(BrandView::default()), |shown| shown.0.into())
}

/// The name that is shown now.
pub fn name() -> String {
    shown().with_untracked(|brand| brand.name().to_owned())
}

/// The address and the sort of the icon in the browser's tab.
pub fn icon(brand: &BrandView) -> (String, &'static str) {
    match brand.icon {
        Some(icon) => (icon.address(), icon.kind.media_type()),
        None => (FAVICON.0.to_owned(), FAVICON.1),
    }
}

/// What either portal says of its session.
#[derive(Deserialize)]
struct Session {
    brand: BrandView,
}

/// Takes on the looks of a portal whose session was asked for.
pub fn follow(session: Answers) {
    let Some(Shown(shown)) = use_context::<Shown>() else { return };
    Effect::new(move || {
        let said = session.with(|said| read::<Session>(said.as_ref()?.0.as_ref().ok()?).ok());
        if let Some(Session { brand }) = said
            && shown.with_untracked(|shown| *shown != brand)
        {
            dress(&brand);
            shown.set(brand);
        }
    });
}

/// Changes the head of a document that is there already.
fn dress(brand: &BrandView) {
    let document = document();
    if let Some(link) = document.get_element_by_id(ICON) {
        let (address, kind) = icon(brand);
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("type", kind);
    }
    let link = document.get_element_by_id(STYLE);
    match (brand.style(), link) {
        (Some(style), Some(link)) => {
            let _ = link.set_attribute("href", &style);
        }
        (Some(style), None) => {
            if let (Ok(link), Ok(Some(head))) =
                (document.create_element("link"), document.query_selector("head"))
            {
                for (name, value) in [("id", STYLE), ("rel", "stylesheet"), ("href", style.as_str())] {
                    let _ = link.set_attribute(name, value);
                }
                let _ = head.append_child(&link);
            }
        }
        (None, Some(link)) => link.remove(),
        (None, None) => {}
    }
}
