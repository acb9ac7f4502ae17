//! What a snapshot holds, kind by kind, found by name.

pub mod server;
mod view;

pub use view::{BrowseView, PointPicker};

use super::{paths, snapshots::server::Snapshots};
use crate::{
    frame::{load_two, use_tenant},
    wire::{answers, ask},
};
use domain::{Kind, Seq};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub kind: String,
    pub at: Option<Seq>,
    pub words: String,
    pub after: Option<String>,
}

impl Asked {
    /// The address of the same page, with a part of it exchanged.
    fn href(&self, tenant: &str, kind: Option<Kind>, after: Option<&str>) -> String {
        let kind = kind.map_or(self.kind.as_str(), |kind| kind.slug());
        let at = self.at.map(|at| at.to_string()).unwrap_or_default();
        let query = [("kind", kind), ("at", &at), ("q", &self.words), ("after", after.unwrap_or_default())];
        paths::with_query(&format!("/t/{tenant}/browse"), &query)
    }
}

#[component]
pub fn BrowsePage() -> impl IntoView {
    let tenant = use_tenant();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| Asked {
            kind: q.get("kind").unwrap_or_default(),
            at: q.get("at").and_then(|at| at.parse().ok()),
            words: q.get("q").unwrap_or_default(),
            after: q.get("after").filter(|after| !after.is_empty()),
        })
    });
    let page = answers(move || {
        let Asked { kind, at, words, after } = asked.get();
        ask(server::Browse { tenant: tenant.get(), kind, at, words, after })
    });
    let points = answers(move || ask(Snapshots { tenant: tenant.get(), before: None }));
    load_two((page, points), move |page, points| {
        let asked = asked.get_untracked();
        view! { <BrowseView tenant=tenant.get_untracked() page points asked/> }.into_any()
    })
}
