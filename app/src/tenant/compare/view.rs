//! The comparison as one sees it.

use super::{
    Choices, Compared,
    list::{ChangeList, address},
    live::ReadLive,
    server::Plan,
};
use crate::{
    error::AppError,
    frame::{Page, may},
    tenant::{browse::PointPicker, overview::server::CompareLive, paths, snapshots::tenant_name, words},
    ui::{
        Badge, Bar, Button, Callout, Card, Chip, Chips, Crumb, Empty, Icon, LinkButton, Look, Pager, Size,
        Tone, grouped, plural,
    },
};
use domain::{
    access::Action,
    change::{ObjectRef, Sort},
    view::{ComparePage as Changes, KindTally, SnapshotRow},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::components::Form;

/// What the address asks for, apart from the two points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub kind: String,
    pub sort: String,
    pub words: String,
    pub after: Option<String>,
}

#[component]
pub fn CompareView(
    tenant: String,
    points: Vec<SnapshotRow>,
    compared: Compared,
    asked: Asked,
    opened: Signal<Option<ObjectRef>>,
    /// Shows the open object.
    #[prop(into)]
    pane: ViewFn,
) -> impl IntoView {
    let trail = vec![Crumb::link(tenant_name(&tenant), paths::overview(&tenant)), Crumb::here("Compare")];
    let lead = match &compared {
        Compared::TooFew => "Two points in time, and everything that differs between them.".to_owned(),
        Compared::Live { .. } => "With the tenant as it is now.".to_owned(),
        Compared::Changes(page) => {
            let total = page.tallies.iter().map(KindTally::total).sum();
            let differ = if total == 1 { "differs" } else { "differ" };
            format!(
                "{} {differ} between the two points. Choose what should return to how it was.",
                plural(total, "object", "objects")
            )
        }
    };
    let body = match compared {
        Compared::TooFew => {
            let href = paths::overview(&tenant);
            view! {
                <Card>
                    <Empty
                        icon="git-compare"
                        title="Comparing needs two points"
                        text="As soon as there are two snapshots, or one and the tenant as it is now, this page shows every attribute and every link that differs, and lets you put back as little or as much as you choose."
                    >
                        <LinkButton href>"To the overview"</LinkButton>
                    </Empty>
                </Card>
            }
                .into_any()
        }
        Compared::Live { from, job } => {
            view! {
                <Points tenant=tenant.clone() points from to=None/>
                <div class="stack"><ReadLive tenant from job/></div>
            }
                .into_any()
        }
        Compared::Changes(page) => {
            view! {
                <Points tenant=tenant.clone() points from=page.from.seq to=Some(page.to.seq)/>
                <Filters tenant=tenant.clone() page=(*page).clone() asked=asked.clone()/>
                {(!page.not_compared.is_empty())
                    .then(|| {
                        let text = format!("{}.", page.not_compared.join("; "));
                        view! { <div class="stack gap"><Callout tone=Tone::Warn title="Not compared">{text}</Callout></div> }
                    })}
                <Chooser tenant page=*page asked opened pane/>
            }
                .into_any()
        }
    };
    view! { <Page title="Compare" lead=move || lead trail>{body}</Page> }
}

/// From which point to which.
#[component]
fn Points(
    tenant: String,
    points: Vec<SnapshotRow>,
    from: i64,
    #[prop(optional_no_strip)] to: Option<i64>,
) -> impl IntoView {
    let read = ServerAction::<CompareLive>::new();
    let action = format!("/t/{tenant}/compare");
    view! {
        <div class="card points">
            <Form method="get" action=action attr:class="pair">
                <PointPicker name="from" label="From" points=points.clone() chosen=Some(from)/>
                <Icon name="arrow-right"/>
                <PointPicker name="to" label="To" points chosen=to live=true live_chosen=to.is_none()/>
                <span class="scriptless"><Button>"Compare"</Button></span>
            </Form>
            <ActionForm action=read>
                <input type="hidden" name="tenant" value=tenant/>
                <input type="hidden" name="from" value=from.to_string()/>
                <Button icon="radio" busy=read.pending()>"Read again"</Button>
            </ActionForm>
        </div>
    }
}

#[component]
fn Filters(tenant: String, page: Changes, asked: Asked) -> impl IntoView {
    let (from, to) = (page.from.seq, page.to.seq);
    let href = |change: &dyn Fn(&mut Asked)| {
        let mut other = Asked { after: None, ..asked.clone() };
        change(&mut other);
        address(&tenant, from, to, &other).href(None)
    };
    let kinds = page
        .tallies
        .iter()
        .copied()
        .filter(|tally| tally.total() > 0)
        .map(|tally| {
            let slug = tally.kind.slug();
            let on = asked.kind == slug;
            let href = href(&|other| other.kind = if on { String::new() } else { slug.to_owned() });
            view! { <Chip href on count=tally.total() removable=on>{tally.kind.plural()}</Chip> }
        })
        .collect_view();
    let sorts = Sort::ALL
        .into_iter()
        .filter_map(|sort| {
            let count: i64 = page.tallies.iter().map(|tally| of_sort(tally, sort)).sum();
            let on = asked.sort == sort.slug();
            if count == 0 && !on {
                return None;
            }
            let href = href(&|other| other.sort = if on { String::new() } else { sort.slug().to_owned() });
            let said = words::sort(sort).1;
            Some(view! { <Chip href on count removable=on><span class="capital">{said}</span></Chip> })
        })
        .collect_view();
    let shown = grouped(page.shown);
    let total: i64 = page.tallies.iter().map(KindTally::total).sum();
    view! {
        <div class="filters">
            <Chips label="Filters">{kinds}<span class="bar-between"></span>{sorts}</Chips>
            <Form method="get" action=format!("/t/{tenant}/compare") attr:class="end row">
                <input type="hidden" name="from" value=from.to_string()/>
                <input type="hidden" name="to" value=to.to_string()/>
                <input type="hidden" name="kind" value=asked.kind.clone()/>
                <input type="hidden" name="sort" value=asked.sort.clone()/>
                <span class="find">
                    <Icon name="search" size=Size::Small/>
                    <input type="search" name="q" value=asked.words.clone() placeholder="Filter by name" aria-label="Filter by name"/>
                </span>
            </Form>
            <span class="muted nowrap">"Showing " <b class="num">{shown}</b> " of " <span class="num">{grouped(total)}</span></span>
        </div>
    }
}

fn of_sort(tally: &KindTally, sort: Sort) -> i64 {
    match sort {
        Sort::Created => tally.created,
        Sort::Updated => tally.updated,
        Sort::Deleted => tally.deleted,
        Sort::Restored => tally.restored,
    }
}

/// The list, the open object, and the bar with what is chosen: one form, so that it works before any script does.
#[component]
fn Chooser(
    tenant: String,
    page: Changes,
    asked: Asked,
    opened: Signal<Option<ObjectRef>>,
    pane: ViewFn,
) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let choose = may(Action::Restore);
    let (from, to) = (page.from.seq, page.to.seq);
    if page.rows.is_empty() {
        let nothing = page.tallies.iter().all(|tally| tally.total() == 0);
        let clear = address(&tenant, from, to, &Asked::default()).href(None);
        return view! {
            <Card>
                {if nothing {
                    view! { <Empty icon="check" title="Nothing differs" text="Every object, attribute and link is the same at both points."/> }.into_any()
                } else {
                    view! {
                        <Empty icon="list-filter" title="Nothing matches the filter" text="There are differences, but none that the filter shows.">
                            <LinkButton href=clear>"Show all"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }}
            </Card>
        }
            .into_any();
    }
    let plan = ServerAction::<Plan>::new();
    let wanted = {
        let (tenant, asked) = (tenant.clone(), asked.clone());
        move || {
            let chosen = choices.0.get_untracked();
            let Asked { kind, sort, words, .. } = asked.clone();
            let (everything, chosen) = (chosen.everything, chosen.list());
            Plan { tenant: tenant.clone(), from, to, chosen, everything, kind, sort, words }
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        plan.dispatch(wanted());
    };
    let href = {
        let (tenant, asked) = (tenant.clone(), asked.clone());
        move |object| address(&tenant, from, to, &asked).href(Some(object))
    };
    let back = address(&tenant, from, to, &asked).href(None);
    let first = asked
        .after
        .is_some()
        .then(|| address(&tenant, from, to, &Asked { after: None, ..asked.clone() }).href(None));
    let next = page
        .next
        .clone()
        .map(|after| address(&tenant, from, to, &Asked { after: Some(after), ..asked.clone() }).href(None));
    let shown = format!("{} of {}", grouped(page.rows.len() as i64), grouped(page.shown));
    let paged = first.is_some() || next.is_some();
    let bar = choose.then(|| view! { <ChosenBar page=page.clone() plan/> });
    view! {
        <form action=Plan::url() method="post" on:submit=submit>
            <input type="hidden" name="tenant" value=tenant.clone()/>
            <input type="hidden" name="from" value=from.to_string()/>
            <input type="hidden" name="to" value=to.to_string()/>
            <section class="card split" class:opened=move || opened.get().is_some()>
                <div class="left">
                    <ChangeList rows=page.rows tallies=page.tallies href opened choose/>
                    {paged.then(|| view! { <Pager shown first next/> })}
                </div>
                <div class="pane">
                    <a class="link back" href=back>"All changes"</a>
                    {pane.run()}
                </div>
            </section>
            <Refusal plan/>
            {bar}
        </form>
    }
    .into_any()
}

#[component]
fn Refusal(plan: ServerAction<Plan>) -> impl IntoView {
    let refused = move || match plan.value().get() {
        Some(Err(error)) => Some::<AppError>(error),
        _ => None,
    };
    move || {
        refused().map(|error| {
            let text = error.message().to_owned();
            view! { <div class="stack above-bar"><Callout tone=Tone::Bad title="No plan was made">{text}</Callout></div> }
        })
    }
}

#[component]
fn ChosenBar(page: Changes, plan: ServerAction<Plan>) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let many = page.next.is_some() || page.shown > page.rows.len() as i64;
    let shown = page.shown;
    let keys: Vec<String> = page
        .rows
        .iter()
        .filter(|row| row.sort != Sort::Created)
        .map(|row| domain::change::Choice::Object(row.object).to_string())
        .collect();
    let all = move |_| {
        choices.0.update(|chosen| {
            if many {
                *chosen = Default::default();
                chosen.everything = true;
            } else {
                keys.iter().for_each(|key| chosen.set_whole(key, true));
            }
        });
    };
    let none = move || choices.0.with(|chosen| chosen.is_empty());
    let said = move || {
        let (everything, (whole, parts)) = choices.0.with(|chosen| (chosen.everything, chosen.counts()));
        match (everything, whole, parts) {
            (true, ..) => format!("Everything shown is chosen: {}", plural(shown, "object", "objects")),
            (_, 0, 0) => "Nothing is chosen".to_owned(),
            (_, whole, 0) => format!("{} chosen", plural(whole, "object", "objects")),
            (_, 0, parts) => format!("{} chosen", plural(parts, "change", "changes")),
            (_, whole, parts) => {
                format!(
                    "{} and {} chosen",
                    plural(whole, "object", "objects"),
                    plural(parts, "change", "changes")
                )
            }
        }
    };
    let created = page.tallies.iter().map(|tally| tally.created).sum::<i64>();
    // Before a script runs the button has to work: what is ticked goes with the form.
    let scripted = RwSignal::new(false);
    Effect::new(move || scripted.set(true));
    view! {
        <Bar
            label="What is chosen"
            actions=move || {
                view! {
                    <Button kind="button" look=Look::Quiet disabled=Signal::derive(none) on:click=move |_| choices.clear()>
                        "Clear"
                    </Button>
                    <Button look=Look::Primary disabled=Signal::derive(move || scripted.get() && none()) busy=plan.pending()>
                        "Review the plan"
                    </Button>
                }
            }
        >
            <b role="status">{said}</b>
            <button type="button" class="link plain" on:click=all>"Choose everything shown"</button>
            {(created > 0)
                .then(|| view! { <Badge>{format!("{} created since will stay", grouped(created))}</Badge> })}
        </Bar>
    }
}
