//! The plans as one sees them: those on sale, and those that are not any more.

use super::{
    delete::{AskedDelete, Delete, DeleteDialog, Doomed},
    filters::{Filters, PlanFilter},
    server::{ArchivePlan, DeletePlan},
};
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
    #[prop(into)] filter: Signal<PlanFilter>,
    /// The plan whose deletion the address asks about.
    #[prop(into)]
    asked: Signal<String>,
    again: Callback<()>,
) -> impl IntoView {
    let manage = partner_may(PartnerAction::ManagePlans);
    let several = page.partners.len() > 1;
    let actions = move || {
        manage.then(|| view! { <LinkButton href=paths::NEW_PLAN look=Look::Primary icon="plus">"New plan"</LinkButton> })
    };
    let lead = || "What you sell: a product, a price for a seat, and how often it is billed.";
    let any = !page.plans.is_empty();
    let page = StoredValue::new(page);
    let delete = Sending::to::<DeletePlan>();
    settle(delete, again, "Plan deleted");
    let body = move || {
        let (filter, asked) = (filter.get(), asked.get());
        let (old, on_sale): (Vec<_>, Vec<_>) = page
            .with_value(|page| page.plans.clone())
            .into_iter()
            .filter(|plan| filter.takes(plan))
            .partition(|plan| plan.archived);
        let counts = (on_sale.len() as i64, old.len() as i64);
        let rows = if filter.archived { old } else { on_sale };
        let back = filter.href(filter.archived);
        let tabs = [(false, "On sale", counts.0), (true, "Archived", counts.1)]
            .map(|(archived, text, count)| {
                let (href, here) = (filter.href(archived), filter.archived == archived);
                view! { <Tab href here count=count>{text}</Tab> }
            })
            .collect_view();
        let question = rows
            .iter()
            .find(|plan| manage && !plan.used && plan.id.to_string() == asked)
            .map(|plan| view! { <AskedDelete plan=Doomed::of(plan) delete back=back.clone()/> });
        let list = if rows.is_empty() {
            view! { <Nothing filter=filter.clone() manage/> }.into_any()
        } else {
            view! { <Rows rows several manage delete again/> }.into_any()
        };
        view! {
            <Tabs label="Plans">{tabs}</Tabs>
            {any.then(move || view! { <Filters filter page=page.get_value()/> })}
            {question}
            <Card>{list}</Card>
        }
    };
    view! { <Page title="Plans" lead trail=trail([Crumb::here("Plans")]) actions>{body}</Page> }
}

#[component]
fn Nothing(filter: PlanFilter, manage: bool) -> impl IntoView {
    if filter.narrows() {
        let all = PlanFilter { archived: filter.archived, ..PlanFilter::default() };
        return view! {
            <Empty icon="search" title="No plan is like that" text="None has this product type, currency and partner together.">
                <LinkButton href=all.href(all.archived)>"Show all"</LinkButton>
            </Empty>
        }
        .into_any();
    }
    if filter.archived {
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
fn Rows(
    rows: Vec<PlanRow>,
    several: bool,
    manage: bool,
    delete: Sending,
    again: Callback<()>,
) -> impl IntoView {
    let archive = Sending::to::<ArchivePlan>();
    settle(archive, again, "Done");
    let problem = move || {
        archive.error().map(|error| {
            let text = error.message().to_owned();
            view! { <div class="body"><Callout tone=Tone::Bad title="The plan is as it was">{text}</Callout></div> }
        })
    };
    let kept = manage && rows.iter().any(|plan| plan.used);
    let (open, doomed) = (RwSignal::new(false), RwSignal::new(Doomed::default()));
    let body = rows
        .into_iter()
        .map(|plan| {
            let terms = plan.terms;
            let (free, entra) = (terms.kind != PlanKind::Standard, terms.product.has_entra());
            let features = format!("{}?plan={}", paths::FEATURES, plan.id);
            let buttons = manage.then(|| {
                let delete = (!plan.used).then(|| view! { <Delete plan=Doomed::of(&plan) open doomed/> });
                view! { <span class="row end"><Archive plan=plan.clone() archive/>{delete}</span> }
            });
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
                    {manage.then(|| view! { <td class="right fit">{buttons}</td> })}
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
                    {manage.then(|| view! { <th scope="col"><span class="aloud">"Archive or delete"</span></th> })}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
        {kept
            .then(|| {
                view! { <footer>"An archived plan is not offered any more. Organizations that are on it stay on it, at its price. A plan that an organization is or was on cannot be deleted: histories and bills name it."</footer> }
            })}
        {manage.then(|| view! { <DeleteDialog open doomed delete/> })}
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
