//! How the partner's portals and mails look to its people and customers.

mod fields;
mod live;
mod preview;
pub mod server;

use self::{
    fields::{AccentCard, NameCard, PictureCard},
    live::Live,
    preview::Preview,
};
use super::parts::trail;
use crate::{
    frame::{Page, load},
    ui::Crumb,
    wire::{answers, ask},
};
use domain::brand::{BrandField, BrandingPage as Branding};
use leptos::prelude::*;

#[component]
pub fn BrandingPage() -> impl IntoView {
    let data = answers(|| ask(server::BrandingPage {}));
    load(data, |branding| view! { <BrandingView branding/> }.into_any())
}

#[component]
pub fn BrandingView(branding: Branding) -> impl IntoView {
    let live = Live::new(branding.shown.clone());
    let [name_from, accent_from, logo_from, icon_from] = BrandField::ALL.map(|field| branding.origin(field));
    let Branding { shown, shades, .. } = branding;
    view! {
        <Page
            title="Branding"
            trail=trail([Crumb::here("Branding")])
            lead=|| "What your people and customers see: in both portals, on the pages of links, and in mail. Partners below you inherit each part that they do not choose."
        >
            <div class="two" on:input=move |event| live.typed(&event)>
                <div class="stack">
                    <NameCard name=shown.name().to_owned() origin=name_from/>
                    <AccentCard accent=shown.accent.clone() shades origin=accent_from/>
                    <PictureCard field=BrandField::Logo picture=shown.logo origin=logo_from/>
                    <PictureCard field=BrandField::Icon picture=shown.icon origin=icon_from/>
                </div>
                <div class="stack">
                    <Preview live/>
                </div>
            </div>
        </Page>
    }
}
