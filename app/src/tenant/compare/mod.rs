//! What differs between two points, and the choice of what should go back.

mod bar;
mod choices;
mod detail;
mod filters;
mod list;
mod live;
pub mod server;
mod view;

pub use choices::Choices;
pub use detail::Detail;
pub use view::{Asked, CompareView};

use super::{overview, paths, snapshots};
use crate::{
    error::AppError,
    frame::{Load, may, use_tenant},
    ui::{Empty, Skeleton},
};
use domain::{
    Seq,
    access::Action,
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
    Live {
        from: Seq,
        job: Option<JobView>,
    },
    Changes(Box<Changes>),
}

/// The point at the end of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    Newest,
    Live(Option<String>),
    At(Seq),
}

/// What decides the list; the object that is open is apart, so that opening one does not read the list again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    tenant: String,
    from: Option<Seq>,
    to: End,
    filter: Asked,
}

#[component]
pub fn ComparePage() -> impl IntoView {
    let tenant = use_tenant();
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            let text = |key: &str| q.get(key).unwrap_or_default();
            let to = match text("to").as_str() {
                "" => End::Newest,
                "live" => End::Live(q.get("job")),
                seq => seq.parse().map_or(End::Newest, End::At),
            };
            let filter =
                Asked { kind: text("kind"), sort: text("sort"), words: text("q"), after: q.get("after") };
            Wanted { tenant: tenant.get(), from: text("from").parse().ok(), to, filter }
        })
    });
    let opened =
        Memo::new(move |_| query.with(|q| q.get("object").and_then(|text| server::object_ref(&text))));

    let list = Resource::new(move || wanted.get(), compared);
    let detail = Resource::new(
        move || (wanted.get(), opened.get()),
        move |(wanted, opened)| async move {
            let Compared::Changes(page) = list.await?.1 else { return Ok(None) };
            let Some(object) = opened.or_else(|| page.rows.first().map(|row| row.object)) else {
                return Ok(None);
            };
            let (from, to) = (page.from.seq, page.to.seq);
            let change = server::read_change(wanted.tenant, from, to, object.to_string()).await?;
            Ok(Some((change, from, to)))
        },
    );
    provide_context(Choices::default());
    view! {
        <Load
            from=list
            view=move |(points, compared)| {
                let Wanted { tenant, filter, .. } = wanted.get_untracked();
                let pane = {
                    let tenant = tenant.clone();
                    ViewFn::from(move || view! { <Pane tenant=tenant.clone() detail/> })
                };
                view! { <CompareView tenant points compared asked=filter opened=opened.into() pane/> }.into_any()
            }
        />
    }
}

/// The open object's differences, and the two points between which they lie.
type Opened = Option<(ObjectChange, Seq, Seq)>;

/// The open object. Its own boundary, so that opening another leaves the list alone.
#[component]
fn Pane(tenant: String, detail: Resource<Result<Opened, AppError>>) -> impl IntoView {
    let choose = may(Action::Restore);
    view! {
        <Transition fallback=|| view! { <Skeleton lines=6/> }>
            {move || {
                let tenant = tenant.clone();
                Suspend::new(async move {
                    match detail.await {
                        Ok(Some((change, from, to))) => view! { <Detail tenant change from to choose/> }.into_any(),
                        Ok(None) => ().into_any(),
                        Err(error) => {
                            let text = error.message().to_owned();
                            view! { <Empty icon="circle-alert" title="This object could not be shown" text/> }.into_any()
                        }
                    }
                })
            }}
        </Transition>
    }
}

async fn compared(wanted: Wanted) -> Result<(Vec<SnapshotRow>, Compared), AppError> {
    let Wanted { tenant, from, to, filter } = wanted;
    let points = snapshots::server::snapshots(tenant.clone(), None).await?;
    let newest = points.first().map(|point| point.seq);
    let second = points.get(1).map(|point| point.seq);
    let found = match (to, newest) {
        (_, None) => Compared::TooFew,
        (End::Live(job), Some(newest)) => {
            let from = from.unwrap_or(newest);
            let job = match job {
                Some(job) => Some(overview::server::job(tenant.clone(), job).await?),
                None => None,
            };
            Compared::Live { from, job }
        }
        (to, Some(newest)) => {
            let to = if let End::At(seq) = to { seq } else { newest };
            let before = points.iter().map(|point| point.seq).find(|seq| *seq < to).or(second);
            match from.or(before) {
                Some(from) => Compared::Changes(Box::new(
                    server::compare(tenant, from, to, filter.kind, filter.sort, filter.words, filter.after)
                        .await?,
                )),
                None => Compared::TooFew,
            }
        }
    };
    Ok((points, found))
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
