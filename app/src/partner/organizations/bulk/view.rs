//! The question, and the answer.

use super::super::server::BulkGo;
use crate::{
    frame::Page,
    partner::{parts::trail, paths},
    ui::{Badge, Button, Card, Crumb, Dot, Empty, Fact, Facts, LinkButton, Look, Table, Tone, plural},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    bulk::{Bulk, BulkDone, BulkQuestion, BulkResult, BulkRow},
    subscription::GRACE_DAYS,
};
use leptos::prelude::*;

#[component]
pub fn BulkView(question: BulkQuestion, done: Option<BulkDone>, ids: String) -> impl IntoView {
    let go = Sending::to::<BulkGo>();
    let what = question.what;
    let title =
        format!("{} {}", what.label(), plural(question.rows.len() as i64, "organization", "organizations"));
    let trail = trail([Crumb::link("Organizations", paths::ORGANIZATIONS), Crumb::here(what.label())]);
    let (question, earlier) = (StoredValue::new(question), StoredValue::new(done));
    let body = move || match go.value::<BulkDone>().or_else(|| earlier.get_value()) {
        Some(done) => view! { <Answer done/> }.into_any(),
        None => view! { <Question question=question.get_value() ids=ids.clone() go/> }.into_any(),
    };
    view! { <Page title trail>{body}</Page> }
}

#[component]
fn Question(question: BulkQuestion, ids: String, go: Sending) -> impl IntoView {
    let BulkQuestion { what, rows, unknown } = question;
    let errors = Errors::of(go);
    let possible = rows.iter().filter(|row| row.obstacle.is_none()).count();
    let left = rows.len() - possible;
    let facts = match what.as_move().map(|to| to.notice(GRACE_DAYS)) {
        Some(notice) => view! {
            <Fact name="Sign-in">{notice.login}</Fact>
            <Fact name="Backups">{notice.backups}</Fact>
            <Fact name="Data">{notice.data}</Fact>
        }
        .into_any(),
        None => view! {
            <Fact name="Backups">"Each connected tenant is backed up as soon as a worker is free. Where one waits or runs already, it is not asked for twice."</Fact>
            <Fact name="Schedule">"Stays as it is."</Fact>
        }
        .into_any(),
    };
    let look = if what == Bulk::Suspend { Look::Danger } else { Look::Primary };
    let button = format!("{} {}", what.label(), plural(possible as i64, "organization", "organizations"));
    let table = rows.into_iter().map(|row| view! { <Chosen row/> }).collect_view();
    view! {
        <Card title="What happens">
            <Facts>{facts}</Facts>
            <div class="body">
                {errors.any("Nothing was done")}
                <SendForm to=go class="form">
                    <input type="hidden" name="what" value=what.slug()/>
                    <input type="hidden" name="ids" value=ids/>
                    <div class="actions">
                        <LinkButton href=paths::ORGANIZATIONS>"Leave as it is"</LinkButton>
                        <Button look busy=go.pending() disabled=possible == 0>{button}</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
        <Card title="Chosen" end=move || view! {
            {(left > 0).then(|| view! { <Badge tone=Tone::Warn>{format!("{left} cannot be done")}</Badge> })}
        }>
            <Table label="Chosen">
                <thead>
                    <tr>
                        <th scope="col">"Organization"</th>
                        <th scope="col">"What would happen"</th>
                    </tr>
                </thead>
                <tbody>{table}</tbody>
            </Table>
            {(unknown > 0)
                .then(|| view! { <footer>{format!("{} of those chosen are not there any more, or not yours.", unknown)}</footer> })}
        </Card>
    }
}

#[component]
fn Chosen(row: BulkRow) -> impl IntoView {
    let said = match row.obstacle {
        None => view! { <Dot tone=Tone::Good>"Will be done"</Dot> }.into_any(),
        Some(why) => {
            view! { <Dot tone=Tone::Warn>"Will be left out"</Dot><small class="muted block">{why}</small> }
                .into_any()
        }
    };
    view! {
        <tr>
            <td><b>{row.name}</b><small class="faint num block">{row.number}</small></td>
            <td>{said}</td>
        </tr>
    }
}

#[component]
fn Answer(done: BulkDone) -> impl IntoView {
    let good = done.results.iter().filter(|result| result.outcome.is_ok()).count();
    let bad = done.results.len() - good;
    if done.results.is_empty() {
        return view! { <Card><Empty icon="building-2" title="Nothing was done" text="None of those chosen is there any more."/></Card> }
            .into_any();
    }
    let rows = done.results.into_iter().map(|result| view! { <Outcome result/> }).collect_view();
    view! {
        <Card title="Result" end=move || view! {
            <Badge tone=Tone::Good>{format!("{good} done")}</Badge>
            {(bad > 0).then(|| view! { <Badge tone=Tone::Bad>{format!("{bad} not done")}</Badge> })}
        }>
            <Table label="Result">
                <thead>
                    <tr>
                        <th scope="col">"Organization"</th>
                        <th scope="col">"What came of it"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            <footer><a class="link" href=paths::ORGANIZATIONS>"Back to the organizations"</a></footer>
        </Card>
    }
    .into_any()
}

#[component]
fn Outcome(result: BulkResult) -> impl IntoView {
    let (tone, said) = match result.outcome {
        Ok(said) => (Tone::Good, said),
        Err(why) => (Tone::Bad, why),
    };
    view! {
        <tr>
            <td><a class="link" href=paths::organization(result.id)>{result.name}</a><small class="faint num block">{result.number}</small></td>
            <td><Dot tone>{said}</Dot></td>
        </tr>
    }
}
