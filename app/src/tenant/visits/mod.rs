//! Who of the provider looked after the organization, and whether they may.

pub mod server;

use self::server::{CustomerVisits, DecideVisits};
use crate::{
    frame::{Page, load},
    partner::parts::settle,
    ui::{Badge, Banner, Button, Card, Crumb, Empty, Look, Time, TimeStyle, Tone, plural},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::people::{CustomerVisit, VisitDeed, VisitsPage as Both};
use leptos::prelude::*;

#[component]
pub fn VisitsPage() -> impl IntoView {
    let data = answers(|| ask(CustomerVisits {}));
    load(data, move |page| {
        let again = Callback::new(move |()| data.refetch());
        view! { <VisitsView page again/> }.into_any()
    })
}

#[component]
fn VisitsView(page: Both, again: Callback<()>) -> impl IntoView {
    let lead = || "When somebody of your provider looks after you in your portal, it stands here with the reason and what they did.";
    let forbidden = page.forbidden_since.map(|since| {
        view! {
            <Banner tone=Tone::Warn title="Visits are forbidden">
                "Nobody of your provider can enter your portal, since " <Time at=since/> ". Backups go on."
            </Banner>
        }
    });
    let decide = page.may_decide.then(|| view! { <Decide forbidden=page.forbidden_since.is_some() again/> });
    let list = if page.visits.is_empty() {
        view! {
            <Card>
                <Empty
                    icon="eye"
                    title="Nobody was here"
                    text="A visit lasts an hour at most, is marked on every page, and can be forbidden."
                />
            </Card>
        }
        .into_any()
    } else {
        page.visits.into_iter().map(|visit| view! { <Visit visit/> }).collect_view().into_any()
    };
    view! {
        <Page title="Visits" lead trail=vec![Crumb::here("Visits")]>
            {forbidden}
            <div class="two">
                <div class="stack">{list}</div>
                {decide}
            </div>
        </Page>
    }
}

#[component]
fn Visit(visit: CustomerVisit) -> impl IntoView {
    let running = visit.is_running;
    let end = move || running.then(|| view! { <Badge tone=Tone::Accent>"Here now"</Badge> });
    let count = plural(visit.deeds.len() as i64, "entry", "entries");
    let deeds = if visit.deeds.is_empty() {
        view! { <p class="muted">"Looked, and changed nothing."</p> }.into_any()
    } else {
        let deeds = visit.deeds.into_iter().map(|deed| view! { <Deed deed/> }).collect_view();
        view! {
            <details>
                <summary>{format!("What they did: {count}")}</summary>
                <ul class="deeds">{deeds}</ul>
            </details>
        }
        .into_any()
    };
    view! {
        <Card title=format!("{}, {}", visit.visitor, visit.partner) end>
            <div class="body form">
                <p><b>{visit.reason}</b></p>
                <p class="muted small"><Time at=visit.began/> " to " <Time at=visit.until/></p>
                {deeds}
            </div>
        </Card>
    }
}

#[component]
fn Deed(deed: VisitDeed) -> impl IntoView {
    view! {
        <li>
            <span class="muted num small"><Time at=deed.at style=TimeStyle::Relative/></span>
            " "
            {crate::partner::event(&deed.event)}
            <small class="muted block">{deed.detail}</small>
        </li>
    }
}

/// The switch, for a Full Admin.
#[component]
fn Decide(forbidden: bool, again: Callback<()>) -> impl IntoView {
    let decide = Sending::to::<DecideVisits>();
    settle(decide, again, "Saved");
    let (text, go, look) = if forbidden {
        (
            "Your provider sees how your backups stand, but cannot enter your portal to help.",
            "Allow visits",
            Look::Primary,
        )
    } else {
        (
            "Forbidden, nobody of your provider can enter your portal, and whoever is in it is out at once. They still see how your backups stand.",
            "Forbid visits",
            Look::Danger,
        )
    };
    view! {
        <Card title="Visits of your provider">
            <div class="body">
                <SendForm to=decide class="form">
                    {Errors::of(decide).any("Nothing was changed")}
                    <input type="hidden" name="forbidden" value=(!forbidden).to_string()/>
                    <p>{text}</p>
                    <div class="actions"><Button look busy=decide.pending()>{go}</Button></div>
                </SendForm>
            </div>
        </Card>
    }
}
