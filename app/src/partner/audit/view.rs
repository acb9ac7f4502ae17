//! The log as one sees it.

use super::{
    filters::{Filter, Filters},
    server::CheckAudit,
};
use crate::{
    frame::Page,
    partner::{parts::trail, paths, words},
    ui::{Banner, Button, Card, Crumb, Empty, Icon, LinkButton, Pager, Table, Time, Tone, plural},
    wire::{Errors, SendForm, Sending},
};
use domain::audit::{AuditEntryView, AuditPage, AuditVerdict, Change, Detail};
use leptos::prelude::*;

#[component]
pub fn AuditView(page: AuditPage, filter: Filter) -> impl IntoView {
    let lead = || "Every action at this partner and in its name. Entries can be added, never changed.";
    let trail = trail([Crumb::here("Audit log")]);
    let shown = plural(page.entries.len() as i64, "entry", "entries");
    let next = page.next.map(|before| Filter { before: Some(before), ..filter.clone() }.href());
    let back = filter.before.is_some().then(|| filter.with(|_| ()).href());
    let csv = filter.csv();
    // A file, not a page: the router leaves it to the browser.
    let check = Sending::to::<CheckAudit>();
    let partner = filter.partner.clone();
    let actions = move || {
        view! {
            <SendForm to=check class="scripted">
                <input type="hidden" name="partner" value=partner/>
                <Button busy=check.pending()>"Check the log"</Button>
            </SendForm>
            <a class="btn" href=csv rel="external" download=""><Icon name="download"/>"Export CSV"</a>
        }
    };
    let list = match (page.entries.is_empty(), filter.narrows()) {
        (false, _) => view! { <Entries entries=page.entries filter=filter.clone()/> }.into_any(),
        (true, true) => view! {
            <Empty
                icon="search"
                title="Nothing matches"
                text="An event, a person and an object are compared as a whole. A press on one in a row shows all that is like it."
            >
                <LinkButton href=paths::AUDIT>"Show all"</LinkButton>
            </Empty>
        }
        .into_any(),
        (true, false) => view! {
            <Empty
                icon="scroll-text"
                title="No entry yet"
                text="Sign-ins, new organizations, changes of plans and visits to customers appear here as they happen."
            />
        }
        .into_any(),
    };
    view! {
        <Page title="Audit log" lead trail actions>
            <div aria-live="polite">
                {Errors::of(check).any("The log was not checked")}
                {move || check.value::<AuditVerdict>().map(|verdict| view! { <Verdict verdict/> })}
            </div>
            <Filters filter partners=page.partners/>
            <Card>
                {list}
                <Pager shown first=back next/>
            </Card>
        </Page>
    }
}

#[component]
fn Verdict(verdict: AuditVerdict) -> impl IntoView {
    match verdict {
        AuditVerdict::Intact { entries } => view! {
            <Banner tone=Tone::Good title="Nothing was altered">
                {format!("{}, and each holds the seal of the one before it.", plural(entries, "entry", "entries"))}
            </Banner>
        },
        AuditVerdict::Broken { number } => view! {
            <Banner tone=Tone::Bad title="The log was altered">
                {format!("Entry {number} does not fit the one before it, or is missing. Keep a copy of the database, and ask whoever runs the installation who could write to it.")}
            </Banner>
        },
    }
}

#[component]
fn Entries(entries: Vec<AuditEntryView>, filter: Filter) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            let AuditEntryView { at, actor, event, object, detail, address, organization, names, .. } = entry;
            let of_actor = filter.with(|f| f.actor.clone_from(&actor)).href();
            let of_event = filter.with(|f| f.event.clone_from(&event)).href();
            let of_object = (!object.is_empty()).then(|| filter.with(|f| f.object.clone_from(&object)).href());
            let about = organization.map(|id| filter.with(|f| f.organization = id.to_string()).href());
            let everything = format!("All about {}", names.organization.as_deref().unwrap_or("this organization"));
            let class = if names.object.is_some() { "quiet-link" } else { "quiet-link mono faint" };
            let object = names.object.unwrap_or(object);
            view! {
                <tr>
                    <td class="when muted"><Time at/></td>
                    <td><a class="quiet-link" href=of_actor>{names.actor.unwrap_or(actor)}</a></td>
                    <td>
                        <a class="quiet-link" href=of_event><b>{words::event(&event)}</b></a>
                        <Said detail/>
                    </td>
                    <td class="wide">
                        {of_object.map(|href| view! { <a class=class href=href>{object}</a> })}
                        {about
                            .map(|href| view! { <small class="block"><a class="quiet-link faint" href=href>{everything}</a></small> })}
                    </td>
                    <td class="wide muted num">{address}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Audit log" class="top-aligned">
            <thead>
                <tr>
                    <th scope="col">"Time"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What"</th>
                    <th scope="col" class="wide">"Object"</th>
                    <th scope="col" class="wide">"Address"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

/// What was changed from what to what, each on a line of its own, and the note.
#[component]
fn Said(detail: Detail) -> impl IntoView {
    let Detail { changes, note } = detail;
    let changes = changes
        .into_iter()
        .map(|Change { what, before, after }| {
            view! {
                <small class="change">
                    <span class="muted">{what}": "</span>
                    <span class="was">{before}</span>
                    " → "
                    <span class="now">{after}</span>
                </small>
            }
        })
        .collect_view();
    view! { <div class="changes">{changes}<small class="muted">{note}</small></div> }
}
