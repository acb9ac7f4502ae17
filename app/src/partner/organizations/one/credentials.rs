//! How Holdfast signs in to the customer's tenants.

use super::view::Here;
use crate::{
    partner::parts::{CredentialBadge, none},
    ui::{Card, Empty, Table, Time, TimeStyle},
};
use domain::{partner::CredentialRow, view::Instant};
use leptos::prelude::*;

#[component]
pub fn Credentials(here: Here) -> impl IntoView {
    let (rows, door) = here.organization.with_value(|o| (o.credentials.clone(), o.door.clone()));
    let list = if rows.is_empty() {
        let text = door.unwrap_or_else(|| {
            "The customer connects a tenant in their portal, or you do it for them: log in to the Entra Portal. Its permissions and tests then appear here.".to_owned()
        });
        view! { <Empty icon="plug" title="Nothing is connected yet" text/> }.into_any()
    } else {
        view! { <Rows rows/> }.into_any()
    };
    view! { <Card>{list}</Card> }
}

#[component]
fn Rows(rows: Vec<CredentialRow>) -> impl IntoView {
    let when = |at: Option<Instant>| match at {
        Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
        None => none(),
    };
    let body = rows
        .into_iter()
        .map(|row| {
            let missing =
                row.missing.into_iter().map(|m| view! { <span class="mono block">{m}</span> }).collect_view();
            view! {
                <tr>
                    <th scope="row">
                        <b>{row.tenant}</b>
                        <small class="faint block">{row.domain}</small>
                    </th>
                    <td>
                        <CredentialBadge status=row.status/>
                        {row.problem.map(|text| view! { <small class="muted block">{text}</small> })}
                        <small class="muted block">{missing}</small>
                    </td>
                    <td class="wide muted num nowrap">{when(row.tested)}</td>
                    <td class="wide muted num nowrap">{when(row.last_backup)}</td>
                    <td class="wide muted num nowrap">{when(row.next_backup)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Credentials" class="top-aligned">
            <thead>
                <tr>
                    <th scope="col">"Tenant"</th>
                    <th scope="col">"Sign-in"</th>
                    <th scope="col" class="wide">"Last test"</th>
                    <th scope="col" class="wide">"Last backup"</th>
                    <th scope="col" class="wide">"Next backup"</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}
