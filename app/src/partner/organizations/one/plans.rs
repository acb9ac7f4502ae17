//! The plans that may follow the one in use, and why the others may not.

use super::super::server::ChangePlan;
use crate::{
    partner::{
        bills::Cost,
        parts::{EntraBadge, settle, terms_line},
    },
    ui::{Badge, Button, Card, Dialog, Look, Table, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::{bill::ChangeCost, partner::PlanChoice, seats::ProtectionRule, subscription::PlanChange};
use leptos::prelude::*;
use uuid::Uuid;

/// What is asked before it is done.
#[derive(Clone, Default)]
struct Next {
    plan: String,
    name: String,
    rule: ProtectionRule,
    upgrade: bool,
    cost: Option<ChangeCost>,
}

#[component]
pub fn Choices(id: Uuid, choices: Vec<PlanChoice>, manage: bool, again: Callback<()>) -> impl IntoView {
    let change = Sending::to::<ChangePlan>();
    settle(change, again, "Plan changed");
    let errors = Errors::of(change);
    let (open, next) = (RwSignal::new(false), RwSignal::new(Next::default()));
    let id = id.to_string();
    let rows = choices
        .into_iter()
        .map(|choice| {
            let PlanChoice { plan, verdict, cost } = choice;
            let entra = plan.terms.product.has_entra();
            let (line, rule) = (terms_line(&plan.terms), plan.rule.label());
            let (name, product) = (plan.name.clone(), plan.terms.product.label());
            let (refused, action) = match verdict {
                Err(why) => (Some(why.reason()), None),
                Ok(kind) => {
                    let to = Next {
                        plan: plan.id.to_string(),
                        name: plan.name,
                        rule: plan.rule,
                        upgrade: kind == PlanChange::Upgrade,
                        cost: cost.clone(),
                    };
                    (None, Some(to))
                }
            };
            let upgrade = action.as_ref().is_some_and(|to| to.upgrade);
            let id = id.clone();
            let button = action.filter(|_| manage).map(|to| view! { <Change id to change open next/> });
            view! {
                <tr>
                    <td>
                        <span class="named">
                            <b>{name}</b>
                            {entra.then(|| view! { <EntraBadge/> })}
                            {upgrade.then(|| view! { <Badge tone=Tone::Info>"upgrade"</Badge> })}
                        </span>
                        <small class="muted block">{format!("{product} · {line} · seats: {}", rule.to_lowercase())}</small>
                        {cost
                            .map(|cost| {
                                let net = cost.preview.net;
                                view! { <small class="muted num block">{format!("{net} until {}, then {} a {}", cost.preview.until.format("%-d %b %Y"), cost.preview.at_renewal, cost.period)}</small> }
                            })}
                        {refused.map(|why| view! { <small class="muted block">{why}</small> })}
                    </td>
                    <td class="right">{button}</td>
                </tr>
            }
        })
        .collect_view();
    let actions = {
        let id = id.clone();
        move || {
            view! {
                <Button kind="button" on:click=move |_| open.set(false)>"Leave as it is"</Button>
                <SendForm to=change>
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="plan" prop:value=move || next.with(|next| next.plan.clone())/>
                    <Button look=Look::Primary busy=change.pending()>"Change the plan"</Button>
                </SendForm>
            }
        }
    };
    view! {
        <Card title="Other plans">
            {move || change.error().is_some().then(|| view! { <div class="body scriptless">{errors.any("The plan is as it was")}</div> })}
            <Table label="Other plans" class="roomy">
                <thead>
                    <tr>
                        <th scope="col">"Plan"</th>
                        <th scope="col"><span class="aloud">"Change"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
        <Dialog open id="change-plan" title="Change the plan?" actions>
            <div class="form">
                {errors.any("The plan is as it was")}
                <p>
                    {move || format!("The organization goes on with {} from now on.", next.with(|next| next.name.clone()))}
                </p>
                <p>{move || format!("A seat is taken by: {}.", next.with(|next| next.rule.label().to_lowercase()))}</p>
                {move || {
                    next.with(|next| next.upgrade)
                        .then(|| view! { <p>"It holds more than the plan in use, so there is no way back: plans that hold less are refused."</p> })
                }}
                {move || next.with(|next| next.cost.clone()).map(|cost| view! { <Cost cost/> })}
            </div>
        </Dialog>
    }
}

/// With a script it asks first; without one, the button does it.
#[component]
fn Change(
    id: String,
    to: Next,
    change: Sending,
    open: RwSignal<bool>,
    next: RwSignal<Next>,
) -> impl IntoView {
    let (plan, name) = (to.plan.clone(), to.name.clone());
    let ask = move |_| {
        next.set(to.clone());
        open.set(true);
    };
    let words = StoredValue::new(format!(": {name}"));
    let words = move || view! { "Change to this plan" <span class="aloud">{words.get_value()}</span> };
    view! {
        <span class="scriptless">
            <SendForm to=change>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="plan" value=plan/>
                <Button small=true>{words()}</Button>
            </SendForm>
        </span>
        <span class="scripted">
            <Button kind="button" small=true on:click=ask>{words()}</Button>
        </span>
    }
}
