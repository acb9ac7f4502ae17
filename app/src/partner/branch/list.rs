//! The branch as a tree: who stands below whom, and what each comes to.

use super::server::Partners;
use crate::{
    frame::{Page, load, partner_may},
    partner::{
        parts::{EntraBadge, trail},
        paths,
    },
    ui::{Badge, Card, Crumb, Empty, LinkButton, Look, RowLink, Table, Tone, grouped, plural},
    wire::{answers, ask},
};
use domain::{
    access::PartnerAction,
    people::{PartnerRow, PartnersPage as Rows},
};
use leptos::prelude::*;

#[component]
pub fn PartnersPage() -> impl IntoView {
    load(answers(|| ask(Partners {})), |page| view! { <PartnersView page/> }.into_any())
}

#[component]
pub fn PartnersView(page: Rows) -> impl IntoView {
    let manage = partner_may(PartnerAction::ManagePartners);
    let actions = move || {
        manage.then(|| {
            view! { <LinkButton href=paths::NEW_PARTNER look=Look::Primary icon="plus">"New partner"</LinkButton> }
        })
    };
    let lead = || "Your own partner and everybody who sells below you. Each sees its own branch only.";
    let alone = (page.rows.len() < 2).then(|| {
        view! {
            <Empty
                icon="network"
                title="Nobody sells below you yet"
                text="A partner below you has plans, customers and people of its own. You see all of it; it sees nothing of yours."
            />
        }
    });
    let rows = page.rows.into_iter().map(|row| view! { <Row row/> }).collect_view();
    view! {
        <Page title="Partners" lead trail=trail([Crumb::here("Partners")]) actions>
            <Card>
                <Table label="Partners" class="partners">
                    <thead>
                        <tr>
                            <th scope="col">"Partner"</th>
                            <th scope="col" class="right">"Organizations"</th>
                            <th scope="col" class="right">"Seats"</th>
                            <th scope="col" class="right wide">"With its branch"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </Table>
                {alone}
            </Card>
        </Page>
    }
}

#[component]
fn Row(row: PartnerRow) -> impl IntoView {
    // Deeper ones keep the last step: the tree stays readable on a phone.
    let class = format!("named depth-{}", row.depth.min(4));
    let below = row.organizations_below != row.organizations || row.seats_below != row.seats;
    let branch = if below {
        format!("{} · {}", grouped(row.organizations_below), plural(row.seats_below, "seat", "seats"))
    } else {
        "–".to_owned()
    };
    view! {
        <tr>
            <th scope="row">
                <span class=class>
                    <RowLink href=paths::partner(row.id)>{row.name}</RowLink>
                    {row.entra.then(|| view! { <EntraBadge/> })}
                    {row.is_ownerless.then(|| view! { <Badge tone=Tone::Warn>"No Owner yet"</Badge> })}
                    <small class="faint num">{row.number}</small>
                </span>
            </th>
            <td class="num right">{grouped(row.organizations)}</td>
            <td class="num right">{grouped(row.seats)}</td>
            <td class="num right wide muted nowrap">{branch}</td>
        </tr>
    }
}
