//! What the customer pays for: the plan in use, seats, the plans that may follow, and what happened.

use super::{plans::Choices, seats::SeatsForm, view::Here};
use crate::{
    frame::partner_may,
    partner::parts::{EntraBadge, Seats, none},
    ui::{Callout, Card, Fact, Facts, Table, Time, Tone, grouped, plural},
};
use domain::{
    access::PartnerAction,
    partner::{OrganizationView, SubscriptionEvent},
    subscription::State,
};
use leptos::prelude::*;

#[component]
pub fn Subscription(here: Here) -> impl IntoView {
    let view = here.organization.get_value();
    let manage = partner_may(PartnerAction::ManageSubscriptions) && view.row.state != State::Deleted;
    let (id, choices) = (view.row.id, view.choices.clone());
    let (history, seats) = (view.history.clone(), manage.then(|| view.clone()));
    let shortage = view
        .shortage
        .clone()
        .map(|text| view! { <Callout tone=Tone::Warn title="Seats run short">{text}</Callout> });
    view! {
        <div class="two">
            <div class="stack">
                {shortage}
                {(!choices.is_empty()).then(|| view! { <Choices id choices manage again=here.again/> })}
                <Card title="History"><History history/></Card>
            </div>
            <div class="stack">
                <InUse view/>
                {seats.map(|view| view! { <SeatsForm view again=here.again/> })}
            </div>
        </div>
    }
}

#[component]
fn InUse(view: OrganizationView) -> impl IntoView {
    let (row, rule) = (view.row, view.rule);
    let money = partner_may(PartnerAction::SeeMoney);
    let plan = row.plan.map(|plan| {
        let terms = plan.terms;
        view! {
            <Fact name="Plan">
                <span class="named">{plan.name}{terms.product.has_entra().then(|| view! { <EntraBadge/> })}</span>
            </Fact>
            <Fact name="Product">{terms.product.label()}</Fact>
            {money.then(|| view! { <Fact name="Price">{terms.summary()}</Fact> })}
        }
    });
    let (used, of) = (row.seats_used, row.seats);
    let fewer = view.seats_next.map(|(seats, at)| {
        view! { <Fact name="At the renewal">{grouped(seats)} " seats, from " <Time at/></Fact> }
    });
    view! {
        <Card title="In use">
            <Facts>
                {plan.map_or_else(|| view! { <Fact name="Plan">{none()}</Fact> }.into_any(), IntoAny::into_any)}
                <Fact name="Seats"><Seats used of/></Fact>
                <Fact name="Counted">{rule.label()}</Fact>
                {fewer}
                <Fact name="Auto license">{view.auto_license.to_string()}</Fact>
            </Facts>
        </Card>
    }
}

#[component]
fn History(history: Vec<SubscriptionEvent>) -> impl IntoView {
    if history.is_empty() {
        return view! { <div class="body muted">"Changes of plan, seats and state appear here."</div> }
            .into_any();
    }
    let rows = history
        .into_iter()
        .map(|event| {
            view! {
                <tr>
                    <td class="when muted"><Time at=event.at/></td>
                    <td>
                        {event.what}
                        {event
                            .held
                            .map(|(seats, terms)| {
                                let price = plural(seats, "seat", "seats");
                                view! { <small class="faint num block">{format!("{price}, {}", terms.summary())}</small> }
                            })}
                    </td>
                    <td class="muted wide">{event.actor}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="History">
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"What"</th>
                    <th scope="col" class="wide">"Who"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}
