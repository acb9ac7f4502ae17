//! What the preview shows: what holds, and over it what is being filled in.

use domain::brand::{BrandField, BrandView, preview_of};
use leptos::{ev::Event, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};

#[derive(Clone, Copy)]
pub struct Live {
    pub brand: RwSignal<BrandView>,
    /// A logo that was chosen and is not sent yet, as an address that holds it whole.
    pub logo: RwSignal<Option<String>>,
    /// The style sheet with the shades for the preview; none while nothing was chosen.
    pub style: Signal<Option<String>>,
}

impl Live {
    pub fn new(shown: BrandView) -> Self {
        let brand = RwSignal::new(shown);
        let style = Signal::derive(move || brand.with(|brand| brand.accent.as_deref().map(preview_of)));
        Live { brand, logo: RwSignal::new(None), style }
    }

    /// Something on the page is being filled in.
    pub fn typed(self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = target else { return };
        let value = input.value();
        match BrandField::from_slug(&input.name()) {
            Some(BrandField::Name) if !value.trim().is_empty() => {
                self.brand.update(|brand| brand.name = Some(value));
            }
            Some(BrandField::Accent) => self.brand.update(|brand| brand.accent = Some(value)),
            Some(BrandField::Logo) => self.read(&input),
            _ => {}
        }
    }

    /// Shows a file before it is sent.
    fn read(self, input: &web_sys::HtmlInputElement) {
        let file = input.files().and_then(|files| files.get(0));
        let (Some(file), Ok(reader)) = (file, web_sys::FileReader::new()) else {
            self.logo.set(None);
            return;
        };
        let done = reader.clone();
        let then = Closure::once_into_js(move || {
            let read = done.result().ok().and_then(|read| read.as_string());
            self.logo.try_set(read.filter(|address| address.starts_with("data:image/")));
        });
        reader.set_onloadend(Some(then.unchecked_ref()));
        let _ = reader.read_as_data_url(&file);
    }
}
