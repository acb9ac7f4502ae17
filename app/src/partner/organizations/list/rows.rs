//! The table of organizations.

use crate::{
    frame::partner_may,
    partner::{
        parts::{CredentialBadge, OrganizationWho, PlanWords, Seats, none},
        paths, words,
    },
    ui::{Dot, RowLink, Table, Time, TimeStyle},
};
use domain::{
    access::PartnerAction,
    partner::{CredentialStatus, Health, OrganizationRow},
};
use leptos::prelude::*;

#[component]
pub fn Rows(rows: Vec<OrganizationRow>, several: bool) -> impl IntoView {
    let see_health = partner_may(PartnerAction::SeeHealth);
    let body = rows.into_iter().map(|row| view! { <Row row several see_health/> }).collect_view();
    view! {
        <Table label="Organizations" class="roomy organizations">
            <thead>
                <tr>
                    <th scope="col">"Organization"</th>
                    {see_health
                        .then(|| {
                            view! {
                                <th scope="col">"Health"</th>
                                <th scope="col" class="wide last">"Last backup"</th>
                            }
                        })}
                    <th scope="col" class="wide plan">"Plan"</th>
                    <th scope="col" class="wide">"Seats"</th>
                    {see_health.then(|| view! { <th scope="col" class="wide">"Credential"</th> })}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}

#[component]
fn Row(row: OrganizationRow, several: bool, see_health: bool) -> impl IntoView {
    let href = paths::organization(row.id);
    let plan = row.plan.clone();
    let (used, seats) = (row.seats_used, row.seats);
    let health = row.health;
    let last = match row.last_backup {
        Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
        None => none(),
    };
    let credential = match row.credential {
        // Where nothing can be connected, nothing is amiss.
        CredentialStatus::None if health == Health::NoEntra => none(),
        status => view! { <CredentialBadge status/> }.into_any(),
    };
    view! {
        <tr>
            <td><RowLink href><OrganizationWho row with_partner=several/></RowLink></td>
            {see_health
                .then(|| {
                    view! {
                        <td class="state"><Dot tone=words::health(health)>{health.label()}</Dot></td>
                        <td class="wide last muted num nowrap">{last}</td>
                    }
                })}
            <td class="wide plan">{plan.map_or_else(none, |plan| view! { <PlanWords plan/> }.into_any())}</td>
            <td class="wide"><Seats used of=seats/></td>
            {see_health.then(|| view! { <td class="wide">{credential}</td> })}
        </tr>
    }
}
