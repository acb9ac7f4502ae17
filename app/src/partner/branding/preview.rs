//! A small picture of the portal, on light and on dark pages.

use super::live::Live;
use crate::{
    frame::brand_face,
    ui::{Badge, Card, Icon, Tone},
};
use leptos::prelude::*;

#[component]
pub fn Preview(live: Live) -> impl IntoView {
    view! {
        <link rel="stylesheet" href=move || live.style.get()/>
        <Card title="Preview" class="brand-previews">
            <div class="body form">
                <Look live name="On light pages" class="brand-preview light"/>
                <Look live name="On dark pages" class="brand-preview dark"/>
                <p class="small muted">"Any colour can be chosen. Where text in it, or on it, could not be read, the pages use a darker or lighter shade of it."</p>
            </div>
        </Card>
    }
}

#[component]
fn Look(live: Live, name: &'static str, class: &'static str) -> impl IntoView {
    let face = move || match live.logo.get() {
        // Its shape is not known yet; the style sees to its size.
        Some(src) => view! { <img class="new" src=src alt=""/> }.into_any(),
        None => brand_face(live.brand.get()),
    };
    view! {
        <figure class=class>
            <div class="side">
                <p class="brand">{face}</p>
                <div class="nav" aria-hidden="true">
                    <span class="here"><Icon name="house"/>"Overview"</span>
                    <span><Icon name="clock"/>"Snapshots"</span>
                </div>
            </div>
            <div class="page" aria-hidden="true">
                <span><Badge tone=Tone::Accent>"Entra"</Badge></span>
                <span class="link">"A link"</span>
                <span class="btn primary small">"Back up now"</span>
            </div>
            <figcaption class="aloud">{name}</figcaption>
        </figure>
    }
}
