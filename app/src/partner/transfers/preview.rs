//! The receiving side: all that there is to see before an answer, and the answer.

use super::{
    give::Terms,
    server::{AcceptTransfer, DeclineTransfer, Transfer},
};
use crate::{
    frame::{Page, load},
    partner::{
        parts::{EntraBadge, none, trail},
        paths,
    },
    ui::{Button, Callout, Card, Crumb, Fact, Facts, LinkButton, Look, Time, Tone, grouped},
    wire::{Errors, GetForm, SendForm, Sending, answers, ask},
};
use domain::{
    money::Money,
    transfer::{TransferPlan, TransferPreview},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn TransferPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let query = use_query_map();
    // The plan that was chosen, about which it is asked once more.
    let plan = Memo::new(move |_| query.with(|query| query.get("plan").unwrap_or_default()));
    load(answers(move || ask(Transfer { id: id.get() })), move |preview| {
        view! { <Preview preview plan/> }.into_any()
    })
}

#[component]
fn Preview(preview: TransferPreview, plan: Memo<String>) -> impl IntoView {
    let row = preview.row.clone();
    let from = row.from.clone();
    let lead = move || format!("Proposed to you by {from}. You see the rest of it once you have accepted.");
    let trail = trail([Crumb::link("Transfers", paths::TRANSFERS), Crumb::here(row.organization.clone())]);
    let country = match preview.country.clone() {
        Some(country) => view! { {country} }.into_any(),
        None => none(),
    };
    let said = preview.note.clone();
    let note = (!said.is_empty()).then(|| view! { <Fact name="Note">{said}</Fact> });
    let asked = StoredValue::new(preview.clone());
    let answer = move || {
        let preview = asked.get_value();
        let chosen = plan.with(|id| preview.plans.iter().find(|p| p.plan.id.to_string() == *id).cloned());
        match chosen.filter(|plan| plan.refusal.is_none()) {
            Some(chosen) => view! { <Sure preview chosen/> }.into_any(),
            None => view! { <Answer preview/> }.into_any(),
        }
    };
    let seats = format!("{} in use of {}", grouped(preview.seats_used), grouped(preview.seats));
    view! {
        <Page title=row.organization.clone() lead trail>
            <div class="two">
                {answer}
                <div class="stack">
                    <Card title="The organization">
                        <Facts>
                            <Fact name="Country">{country}</Fact>
                            <Fact name="Product">{preview.product.map_or("–", |product| product.label())}</Fact>
                            <Fact name="State">{preview.state}</Fact>
                            <Fact name="Seats">{seats}</Fact>
                            <Fact name="Tenants">{grouped(preview.tenants)}</Fact>
                            <Fact name="Proposed by">{row.proposed_by}</Fact>
                            <Fact name="Good until"><Time at=row.until/></Fact>
                            {note}
                        </Facts>
                    </Card>
                    <Terms/>
                </div>
            </div>
        </Page>
    }
}

#[component]
fn Answer(preview: TransferPreview) -> impl IntoView {
    let decline = Sending::to::<DeclineTransfer>();
    let can = preview.plans.iter().any(|plan| plan.refusal.is_none());
    let first = preview.plans.iter().position(|plan| plan.refusal.is_none());
    let plans = preview
        .plans
        .into_iter()
        .enumerate()
        .map(|(n, plan)| view! { <Plan plan checked=Some(n) == first/> })
        .collect_view();
    let id = preview.row.id.to_string();
    let nothing = (!can).then(|| {
        view! {
            <Callout tone=Tone::Warn title="None of your plans can follow">
                "Make one that holds at least what the organization has now, then come back here."
            </Callout>
        }
    });
    let here = paths::transfer(preview.row.id);
    view! {
        <Card title="Your answer">
            <div class="body form">
                <GetForm action=here class="form">
                    <fieldset class="plans">
                        <legend>"Onto which of your plans?"</legend>
                        {nothing}
                        {plans}
                    </fieldset>
                    <div class="actions">
                        <Button look=Look::Primary disabled=!can>"Accept the organization…"</Button>
                        {(!can).then(|| view! { <LinkButton href=paths::NEW_PLAN>"New plan"</LinkButton> })}
                    </div>
                </GetForm>
                <SendForm to=decline class="form">
                    {Errors::of(decline).any("The proposal is as it was")}
                    <input type="hidden" name="id" value=id/>
                    <div class="actions">
                        <Button look=Look::Quiet busy=decline.pending()>"Decline"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
fn Plan(plan: TransferPlan, checked: bool) -> impl IntoView {
    let cost = cost_line(&plan);
    let TransferPlan { plan, refusal, .. } = plan;
    let refused = refusal.map(|why| why.reason());
    let closed = refused.is_some();
    let entra = plan.terms.product.has_entra();
    view! {
        <label class="check">
            <input type="radio" class="box" name="plan" value=plan.id.to_string() checked=checked disabled=closed/>
            <span class="text">
                <span class="named">{plan.name}{entra.then(|| view! { <EntraBadge/> })}</span>
                <small>{format!("{} · {}", plan.terms.product.label(), plan.terms.summary())}</small>
                {(!closed).then(|| view! { <small>{cost}</small> })}
                {refused.map(|why| view! { <small>{why}</small> })}
            </span>
        </label>
    }
}

/// What the organization would be billed on a plan.
fn cost_line(plan: &TransferPlan) -> Option<String> {
    let cost = plan.cost?;
    Some(format!("{cost} a {} with the seats that it has", plan.plan.terms.periodicity.noun()))
}

/// What was chosen, once more before it is done.
#[component]
fn Sure(preview: TransferPreview, chosen: TransferPlan) -> impl IntoView {
    let accept = Sending::to::<AcceptTransfer>();
    let errors = Errors::of(accept);
    let (row, plan) = (preview.row, chosen.plan);
    let period = plan.terms.periodicity.noun();
    let cost = chosen.cost.map(|cost| {
        let month = match plan.terms.periodicity.months() {
            1 => String::new(),
            months => {
                let monthly = Money::new(cost.minor / i64::from(months), cost.currency);
                format!(", about {monthly} a month")
            }
        };
        view! { <Fact name="Costs">{format!("{cost} a {period}{month}")}</Fact> }
    });
    let price = plan.terms.summary();
    view! {
        <Card title=format!("Accept {}?", row.organization)>
            <div class="body">
                <SendForm to=accept class="form">
                    {errors.any("Nothing was changed")}
                    <input type="hidden" name="id" value=row.id.to_string()/>
                    <input type="hidden" name="plan" value=plan.id.to_string()/>
                    <div class="said">
                        <Facts>
                            <Fact name="From">{row.from}</Fact>
                            <Fact name="Your plan">{plan.name}</Fact>
                            <Fact name="Price">{price}</Fact>
                            <Fact name="Seats">{grouped(preview.seats)}</Fact>
                            {cost}
                            <Fact name="Billed from">"Today, by UTC"</Fact>
                        </Facts>
                    </div>
                    <div class="actions">
                        <LinkButton href=paths::transfer(row.id)>"Another plan, or no"</LinkButton>
                        <Button look=Look::Primary busy=accept.pending()>"Accept the organization"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}
