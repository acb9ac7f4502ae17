//! What customers find in their portal: switched at a plan, a partner or an organization.

pub mod server;
mod view;

pub use view::FeaturesForm;

use crate::{
    frame::{Page, load},
    partner::{parts::trail, paths},
    ui::Crumb,
    wire::{answers, ask},
};
use domain::feature::{FeatureLevel, FeaturesView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Of a partner, or of the plan that the address names.
#[component]
pub fn FeaturesPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| match query.get("plan") {
            Some(plan) => (FeatureLevel::Plan, plan),
            None => (FeatureLevel::Partner, query.get("partner").unwrap_or_default()),
        })
    });
    let data = answers(move || {
        let (level, id) = asked.get();
        ask(server::Features { level, id })
    });
    load(data, move |features: FeaturesView| {
        let again = Callback::new(move |()| data.refetch());
        view! { <FeaturesOf features again/> }.into_any()
    })
}

#[component]
pub fn FeaturesOf(features: FeaturesView, again: Callback<()>) -> impl IntoView {
    let name = features.name.clone();
    let (title, trail, lead) = match features.level {
        FeatureLevel::Plan => (
            format!("Features of {name}"),
            trail([Crumb::link("Plans", paths::PLANS), Crumb::here("Features")]),
            "What the customers on this plan find in their portal, unless their partner or their own page says otherwise.",
        ),
        _ => (
            "Features".to_owned(),
            trail([Crumb::here("Features")]),
            "What your customers find in their portal. It goes before what their plan says, and a customer's own page goes before it.",
        ),
    };
    view! { <Page title trail lead=move || lead><FeaturesForm features again/></Page> }
}

/// Of a customer or of a partner below, as a tab of its page.
#[component]
pub fn FeaturesAt(level: FeatureLevel, id: String) -> impl IntoView {
    let data = answers(move || ask(server::Features { level, id: id.clone() }));
    load(data, move |features: FeaturesView| {
        let again = Callback::new(move |()| data.refetch());
        view! { <FeaturesForm features again/> }.into_any()
    })
}
