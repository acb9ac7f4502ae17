//! The comparison as one sees it.

use super::{
    Choices, Compared,
    authors::Shortcoming,
    bar::{ChosenBar, Refusal},
    filters::{Filters, Points},
    list::{ChangeList, address},
    live::ReadLive,
    pane::Pane,
    server::Plan,
};
use crate::{
    frame::{Page, may},
    tenant::{parts::Missing, paths, snapshots::tenant_name},
    ui::{Callout, Card, Crumb, Empty, LinkButton, Pager, Tone, grouped, plural},
    wire::{Sending, ask},
};
use domain::{
    access::Action,
    change::ObjectRef,
    view::{ComparePage as Changes, KindTally, ObjectChange, SnapshotRow},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the address asks for, apart from the two points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub kind: String,
    pub sort: String,
    pub words: String,
    pub after: Option<String>,
}

#[component]
pub fn CompareView(
    tenant: String,
    points: Vec<SnapshotRow>,
    compared: Compared,
    asked: Asked,
    opened: Signal<Option<ObjectRef>>,
) -> impl IntoView {
    let trail = vec![Crumb::link(tenant_name(&tenant), paths::overview(&tenant)), Crumb::here("Compare")];
    let lead = match &compared {
        Compared::TooFew => "Two points in time, and everything that differs between them.".to_owned(),
        Compared::Live { .. } => "With the tenant as it is now.".to_owned(),
        Compared::Changes(page, _) => {
            let total = page.tallies.iter().map(KindTally::total).sum();
            let differ = if total == 1 { "differs" } else { "differ" };
            format!(
                "{} {differ} between the two points. Choose what should return to how it was.",
                plural(total, "object", "objects")
            )
        }
    };
    let body = match compared {
        Compared::TooFew => {
            let href = paths::overview(&tenant);
            view! {
                <Card>
                    <Empty
                        icon="git-compare"
                        title="Comparing needs two points"
                        text="As soon as there are two snapshots, or one and the tenant as it is now, this page shows every attribute and every link that differs, and lets you put back as little or as much as you choose."
                    >
                        <LinkButton href>"To the overview"</LinkButton>
                    </Empty>
                </Card>
            }
                .into_any()
        }
        Compared::Live { from, job } => {
            view! {
                <Points tenant=tenant.clone() points from to=None/>
                <div class="stack"><ReadLive tenant from job/></div>
            }
                .into_any()
        }
        Compared::Changes(page, first) => {
            view! {
                <Points tenant=tenant.clone() points from=page.from.seq to=Some(page.to.seq)/>
                <Filters tenant=tenant.clone() page=(*page).clone() asked=asked.clone()/>
                {(!page.not_compared.is_empty())
                    .then(|| {
                        let parts = page.not_compared.clone();
                        view! { <div class="stack gap"><Callout tone=Tone::Warn title="Not compared"><Missing parts/></Callout></div> }
                    })}
                <Chooser tenant page=*page asked opened first=first.map(|first| *first)/>
            }
                .into_any()
        }
    };
    view! { <Page title="Compare" lead=move || lead trail>{body}</Page> }
}

/// The list, the open object, and the bar with what is chosen: one form, so that it works before any script does.
#[component]
fn Chooser(
    tenant: String,
    page: Changes,
    asked: Asked,
    opened: Signal<Option<ObjectRef>>,
    /// What is open until another is.
    first: Option<ObjectChange>,
) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let choose = may(Action::Restore);
    let (from, to) = (page.from.seq, page.to.seq);
    if page.rows.is_empty() {
        let nothing = page.tallies.iter().all(|tally| tally.total() == 0);
        let clear = address(&tenant, from, to, &Asked::default()).href(None);
        return view! {
            <Card>
                {if nothing && !page.not_compared.is_empty() {
                    view! {
                        <Empty
                            icon="git-compare"
                            title="No difference in what was compared"
                            text="What both points show is the same. The parts named above were not compared: in them, anything may have changed."
                        />
                    }
                        .into_any()
                } else if nothing {
                    view! { <Empty icon="check" title="Nothing differs" text="Every object, attribute and link is the same at both points."/> }.into_any()
                } else {
                    view! {
                        <Empty icon="list-filter" title="Nothing matches the filter" text="There are differences, but none that the filter shows.">
                            <LinkButton href=clear>"Show all"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }}
            </Card>
        }
            .into_any();
    }
    let plan = Sending::to::<Plan>();
    let wanted = {
        let (tenant, asked) = (tenant.clone(), asked.clone());
        move || {
            let chosen = choices.0.get_untracked();
            let Asked { kind, sort, words, .. } = asked.clone();
            let (everything, chosen) = (chosen.everything, chosen.list());
            Plan { tenant: tenant.clone(), from, to, chosen, everything, kind, sort, words }
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        plan.send(ask(wanted()));
    };
    let href = {
        let (tenant, asked) = (tenant.clone(), asked.clone());
        move |object| address(&tenant, from, to, &asked).href(Some(object))
    };
    let back = address(&tenant, from, to, &asked).href(None);
    let start = asked
        .after
        .is_some()
        .then(|| address(&tenant, from, to, &Asked { after: None, ..asked.clone() }).href(None));
    let next = page
        .next
        .clone()
        .map(|after| address(&tenant, from, to, &Asked { after: Some(after), ..asked.clone() }).href(None));
    let shown = format!("{} of {}", grouped(page.rows.len() as i64), grouped(page.shown));
    let log = page.authors.log;
    let paged = start.is_some() || next.is_some();
    let bar = choose.then(|| view! { <ChosenBar page=page.clone() plan/> });
    view! {
        <form action=Plan::url() method="post" on:submit=submit>
            <input type="hidden" name="tenant" value=tenant.clone()/>
            <input type="hidden" name="from" value=from.to_string()/>
            <input type="hidden" name="to" value=to.to_string()/>
            <section class="card split" class:opened=move || opened.get().is_some()>
                <div class="left">
                    <ChangeList rows=page.rows tallies=page.tallies authors=page.authors href opened choose/>
                    <div class="unsaid"><Shortcoming log/></div>
                    {paged.then(|| view! { <Pager shown first=start next/> })}
                </div>
                <div class="pane">
                    <a class="link back" href=back>"All changes"</a>
                    <Pane tenant from to choose first/>
                </div>
            </section>
            <Refusal plan/>
            {bar}
        </form>
    }
    .into_any()
}
