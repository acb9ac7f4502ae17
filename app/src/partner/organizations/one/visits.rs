//! Who of the partner was in the customer's portal, when and why.

use super::view::Here;
use crate::ui::{Card, Empty, Table, Time};
use domain::partner::VisitRow;
use leptos::prelude::*;

#[component]
pub fn Visits(here: Here) -> impl IntoView {
    let visits = here.organization.with_value(|o| o.visits.clone());
    let list = if visits.is_empty() {
        view! {
            <Empty
                icon="eye"
                title="Nobody was here yet"
                text="Each time somebody of yours enters this customer's portal, it is listed here with the reason."
            />
        }
        .into_any()
    } else {
        view! { <Rows visits/> }.into_any()
    };
    view! { <Card>{list}</Card> }
}

#[component]
fn Rows(visits: Vec<VisitRow>) -> impl IntoView {
    let body = visits
        .into_iter()
        .map(|visit| {
            view! {
                <tr>
                    <td>{visit.visitor}</td>
                    <td>{visit.reason}</td>
                    <td class="muted when"><Time at=visit.began/></td>
                    <td class="muted when wide"><Time at=visit.until/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Visits">
            <thead>
                <tr>
                    <th scope="col">"Who"</th>
                    <th scope="col">"Reason"</th>
                    <th scope="col">"Began"</th>
                    <th scope="col" class="wide">"Until"</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}
