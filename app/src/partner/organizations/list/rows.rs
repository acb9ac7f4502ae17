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
    partner::{CredentialStatus, Health, OrganizationRow, Standing},
};
use leptos::{ev::Event, prelude::*};
use wasm_bindgen::JsCast;

#[component]
pub fn Rows(
    rows: Vec<OrganizationRow>,
    several: bool,
    /// Whether rows can be chosen.
    choose: bool,
) -> impl IntoView {
    let see_health = partner_may(PartnerAction::SeeHealth);
    let body = rows.into_iter().map(|row| view! { <Row row several choose/> }).collect_view();
    view! {
        <Table label="Organizations" class="roomy organizations">
            <thead>
                <tr>
                    {choose
                        .then(|| {
                            view! {
                                <th scope="col" class="fit pick">
                                    <span class="aloud">"Chosen"</span>
                                    <input type="checkbox" class="box scripted" aria-label="Choose all of this page" on:change=choose_all/>
                                </th>
                            }
                        })}
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

/// Chooses every row of the table, or none.
fn choose_all(event: Event) {
    let Some(all) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
        return;
    };
    let boxes =
        all.closest("table").ok().flatten().and_then(|table| table.query_selector_all("input[name=id]").ok());
    let Some(boxes) = boxes else { return };
    for at in 0..boxes.length() {
        if let Some(one) = boxes.item(at).and_then(|node| node.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            one.set_checked(all.checked());
        }
    }
}

#[component]
fn Row(row: OrganizationRow, several: bool, choose: bool) -> impl IntoView {
    let (id, name) = (row.id.to_string(), row.name.clone());
    let href = paths::organization(row.id);
    let plan = row.plan.clone();
    let (used, seats) = (row.seats_used, row.seats);
    let (standing, credential) = match row.standing.clone() {
        Some(Standing { health, last_backup, credential, lacking, .. }) => {
            let last = match last_backup {
                Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
                None => none(),
            };
            let badge = match credential {
                // Where nothing can be connected, nothing is amiss.
                CredentialStatus::None if health == Health::NoEntra => none(),
                status => {
                    let named = (status == CredentialStatus::PermissionMissing)
                        .then(|| view! { <small class="muted block">{lacking.join(", ")}</small> });
                    view! { <CredentialBadge status/> {named} }.into_any()
                }
            };
            let standing = view! {
                <td class="state"><Dot tone=words::health(health)>{health.label()}</Dot></td>
                <td class="wide last muted num nowrap">{last}</td>
            };
            (Some(standing), Some(view! { <td class="wide">{badge}</td> }))
        }
        None => (None, None),
    };
    view! {
        <tr>
            {choose
                .then(|| {
                    view! {
                        <td class="fit pick">
                            <input type="checkbox" class="box" name="id" value=id aria-label=format!("Choose {name}")/>
                        </td>
                    }
                })}
            <td><RowLink href><OrganizationWho row with_partner=several/></RowLink></td>
            {standing}
            <td class="wide plan">{plan.map_or_else(none, |plan| view! { <PlanWords plan/> }.into_any())}</td>
            <td class="wide"><Seats used of=seats/></td>
            {credential}
        </tr>
    }
}
