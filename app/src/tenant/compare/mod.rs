//! What differs between two points, and the choice of what should go back.

mod authors;
mod bar;
mod choices;
mod detail;
mod filters;
mod list;
mod live;
mod pane;
pub mod server;
mod view;

pub use choices::Choices;
pub use detail::Detail;
pub use view::{Asked, CompareView};

use super::paths;
use crate::{
    frame::{load, use_tenant},
    wire::{Answers, answers, ask},
};
use domain::{
    Seq,
    change::ObjectRef,
    view::{ComparePage as Changes, JobView, ObjectChange, SnapshotRow},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// What the page has to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Compared {
    /// There are not two points yet.
    TooFew,
    /// The tenant is being read, or has to be: the job, once there is one.
    Live { from: Seq, job: Option<JobView> },
    /// The differences, and the first object's, which is open until another is.
    Changes(Box<Changes>, Option<Box<ObjectChange>>),
}

/// What a comparison's page knows, and the points that one can choose from.
pub type Comparison = (Vec<SnapshotRow>, Compared);

/// The object in the address, once it is there. Apart from the list, so that opening one does not read the list again.
#[derive(Clone, Copy)]
pub struct OpenedAnswers(pub Answers);

#[component]
pub fn ComparePage() -> impl IntoView {
    let tenant = use_tenant();
    let query = use_query_map();
    let text = move |key: &str| query.with(|query| query.get(key).unwrap_or_default());
    let number = move |key: &str| text(key).parse::<Seq>().ok();
    let asked = Memo::new(move |_| Asked {
        kind: text("kind"),
        sort: text("sort"),
        words: text("q"),
        after: Some(text("after")).filter(|after| !after.is_empty()),
    });
    let opened = Memo::new(move |_| server::object_ref(&text("object")));
    let list = answers(move || {
        let Asked { kind, sort, words, after } = asked.get();
        ask(server::ReadComparison {
            tenant: tenant.get(),
            from: number("from"),
            to: text("to"),
            job: Some(text("job")).filter(|job| !job.is_empty()),
            kind,
            sort,
            words,
            after,
        })
    });
    let open = answers(move || {
        let (from, to) = (number("from"), number("to"));
        ask(server::ReadChange { tenant: tenant.get(), from, to, object: text("object") })
    });
    provide_context(Choices::default());
    provide_context(OpenedAnswers(open));
    load(list, move |(points, compared): Comparison| {
        let (tenant, asked) = (tenant.get_untracked(), asked.get_untracked());
        view! { <CompareView tenant points compared asked opened=opened.into()/> }.into_any()
    })
}

/// The address of the page with its parts exchanged.
pub struct Address<'a> {
    pub tenant: &'a str,
    pub from: Seq,
    pub to: Seq,
    pub asked: &'a Asked,
}

impl Address<'_> {
    pub fn href(&self, object: Option<ObjectRef>) -> String {
        let object = object.map(|object| object.to_string()).unwrap_or_default();
        let after = self.asked.after.clone().unwrap_or_default();
        let query = [
            ("kind", self.asked.kind.as_str()),
            ("sort", &self.asked.sort),
            ("q", &self.asked.words),
            ("after", &after),
            ("object", &object),
        ];
        paths::with_query(&paths::compare(self.tenant, self.from, self.to), &query)
    }
}
