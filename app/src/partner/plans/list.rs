//! The plans as one sees them: those on sale, and those that are not any more.

use super::server::ArchivePlan;
use crate::{
    frame::{Page, partner_may},
    partner::{
        parts::{EntraBadge, settle, trail},
        paths,
    },
    ui::{Button, Callout, Card, Crumb, Empty, LinkButton, Look, Tab, Table, Tabs, Tone, grouped},
    wire::{SendForm, Sending},
};
use domain::{
    access::PartnerAction,
    partner::{PlanRow, PlansPage},
    price_plan::PlanKind,
};
use leptos::prelude::*;

#[component]
pub fn PlansView(
    page: PlansPage,
    #[prop(into)] archived: Signal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let manage = partner_may(PartnerAction::ManagePlans);
    let several = page.partners.len() > 1;
    let actions = move || {
        manage.then(|| view! { <LinkButton href=paths::NEW_PLAN look=Look::Primary icon="plus">"New plan"</LinkButton> })
    };
    let lead = || "What you sell: a product, a price for a seat, and how often it is billed.";
    let old = page.plans.iter().filter(|plan| plan.archived).count() as i64;
    let on_sale = page.plans.len() as i64 - old;
    let plans = StoredValue::new(page.plans);
    let body = move || {
        let archived = archived.get();
        let rows: Vec<_> = plans.get_value().into_iter().filter(|plan| plan.archived == archived).collect();
        let list = if rows.is_empty() {
            view! { <Nothing archived manage/> }.into_any()
        } else {
            view! { <Rows rows several manage again/> }.into_any()
        };
        view! {
            <Tabs label="Plans">
                <Tab href=paths::PLANS here=!archived count=on_sale>"On sale"</Tab>
                <Tab href=format!("{}?archived=1", paths::PLANS) here=archived count=old>"Archived"</Tab>
            </Tabs>
            <Card>{list}</Card>
        }
    };
    view! { <Page title="Plans" lead trail=trail([Crumb::here("Plans")]) actions>{body}</Page> }
}

#[component]
fn Nothing(archived: bool, manage: bool) -> impl IntoView {
    if archived {
        return view! {
            <Empty
                icon="credit-card"
                title="No plan is archived"
                text="A plan that you no longer sell is archived instead of deleted: organizations that are on it stay on it, and their bills keep its name."
            />
        }
        .into_any();
    }
    view! {
        <Empty
            icon="credit-card"
            title="No plan yet"
            text="A plan says what you sell and for how much. Every organization is on one, so a plan comes first."
        >
            {manage
                .then(|| view! { <LinkButton href=paths::NEW_PLAN look=Look::Primary>"New plan"</LinkButton> })}
        </Empty>
    }
    .into_any()
}

#[component]
fn Rows(rows: Vec<PlanRow>, several: bool, manage: bool, again: Callback<()>) -> impl IntoView {
    let archive = Sending::to::<ArchivePlan>();
    settle(archive, again, "Done");
    let problem = move || {
        archive.error().map(|error| {
            let text = error.message().to_owned();
            view! { <div class="body"><Callout tone=Tone::Bad title="The plan is as it was">{text}</Callout></div> }
        })
    };
    let in_use = manage && rows.iter().any(|plan| !plan.archived && plan.organizations > 0);
    let body = rows
        .into_iter()
        .map(|plan| {
            let terms = plan.terms;
            let (free, entra) = (terms.kind != PlanKind::Standard, terms.product.has_entra());
            let features = format!("{}?plan={}", paths::FEATURES, plan.id);
            let button = manage.then(|| view! { <Archive plan=plan.clone() archive/> });
            view! {
                <tr>
                    <th scope="row">
                        <span class="named"><b>{plan.name}</b>{entra.then(|| view! { <EntraBadge/> })}</span>
                        {several.then(|| view! { <small class="faint block">{plan.partner}</small> })}
                    </th>
                    <td class="wide">
                        {terms.product.label()}
                        <small class="block"><a href=features>"Features"</a></small>
                    </td>
                    <td class="num nowrap">
                        {terms.price().to_string()} <span class="faint">{format!(" a {}", terms.periodicity.noun())}</span>
                        {free.then(|| view! { <small class="faint block">{format!("{}, free", terms.kind.label())}</small> })}
                    </td>
                    <td class="num right wide">{grouped(plan.organizations)}</td>
                    {manage.then(|| view! { <td class="right fit">{button}</td> })}
                </tr>
            }
        })
        .collect_view();
    view! {
        {problem}
        <Table label="Plans">
            <thead>
                <tr>
                    <th scope="col">"Plan"</th>
                    <th scope="col" class="wide">"Product"</th>
                    <th scope="col">"Price of a seat"</th>
                    <th scope="col" class="right wide">"Organizations"</th>
                    {manage.then(|| view! { <th scope="col"><span class="aloud">"Archive"</span></th> })}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
        {in_use
            .then(|| {
                view! { <footer>"An archived plan is not offered any more. Organizations that are on it stay on it, at its price."</footer> }
            })}
    }
}

#[component]
fn Archive(plan: PlanRow, archive: Sending) -> impl IntoView {
    let (text, now) = if plan.archived { ("Sell again", "false") } else { ("Archive", "true") };
    view! {
        <SendForm to=archive>
            <input type="hidden" name="id" value=plan.id.to_string()/>
            <input type="hidden" name="archived" value=now/>
            <Button small=true look=Look::Quiet>
                {text}
                <span class="aloud">{format!(" {}", plan.name)}</span>
            </Button>
        </SendForm>
    }
}
