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
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::transfer::{TransferPlan, TransferPreview};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn TransferPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    load(answers(move || ask(Transfer { id: id.get() })), |preview| view! { <Preview preview/> }.into_any())
}

#[component]
fn Preview(preview: TransferPreview) -> impl IntoView {
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
    let seats = format!("{} in use of {}", grouped(preview.seats_used), grouped(preview.seats));
    view! {
        <Page title=row.organization.clone() lead trail>
            <div class="two">
                <Answer preview=preview.clone()/>
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
    let (accept, decline) = (Sending::to::<AcceptTransfer>(), Sending::to::<DeclineTransfer>());
    let errors = Errors::of(accept);
    let can = preview.plans.iter().any(|plan| plan.refusal.is_none());
    let first = preview.plans.iter().position(|plan| plan.refusal.is_none());
    let plans = preview
        .plans
        .into_iter()
        .enumerate()
        .map(|(n, plan)| view! { <Plan plan checked=Some(n) == first/> })
        .collect_view();
    let id = preview.row.id.to_string();
    let same = id.clone();
    let nothing = (!can).then(|| {
        view! {
            <Callout tone=Tone::Warn title="None of your plans can follow">
                "Make one that holds at least what the organization has now, then come back here."
            </Callout>
        }
    });
    let problem =
        move || errors.at("plan").get().map(|text| view! { <p class="problem" role="alert">{text}</p> });
    view! {
        <Card title="Your answer">
            <div class="body form">
                <SendForm to=accept class="form">
                    {errors.general("Nothing was changed")}
                    <input type="hidden" name="id" value=same/>
                    <fieldset class="plans">
                        <legend>"Onto which of your plans?"</legend>
                        {nothing}
                        {plans}
                        {problem}
                    </fieldset>
                    <div class="actions">
                        <Button look=Look::Primary disabled=!can busy=accept.pending()>"Accept the organization"</Button>
                        {(!can).then(|| view! { <LinkButton href=paths::NEW_PLAN>"New plan"</LinkButton> })}
                    </div>
                </SendForm>
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
    let TransferPlan { plan, refusal } = plan;
    let refused = refusal.map(|why| why.reason());
    let closed = refused.is_some();
    let entra = plan.terms.product.has_entra();
    view! {
        <label class="check">
            <input type="radio" class="box" name="plan" value=plan.id.to_string() checked=checked disabled=closed/>
            <span class="text">
                <span class="named">{plan.name}{entra.then(|| view! { <EntraBadge/> })}</span>
                <small>{format!("{} · {}", plan.terms.product.label(), plan.terms.summary())}</small>
                {refused.map(|why| view! { <small>{why}</small> })}
            </span>
        </label>
    }
}
