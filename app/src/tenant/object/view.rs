//! An object's page as one sees it.

use crate::{
    frame::Page,
    tenant::{
        parts::{Marks, ObjectWho},
        paths,
        snapshots::tenant_name,
        words,
    },
    ui::{
        Avatar, Badge, Callout, Card, CopyButton, Crumb, Empty, Fact, Facts, LinkButton, Num, Time, Tone,
        Value, grouped, plural,
    },
};
use domain::{
    Seq,
    change::ObjectRef,
    view::{AttributeView, HistoryRow, LinkGroup, NotSeen, ObjectView},
};
use leptos::prelude::*;

#[component]
pub fn ObjectDetail(
    tenant: String,
    object: ObjectView,
    /// The snapshot in the address; none: the newest.
    #[prop(optional_no_strip)]
    at: Option<Seq>,
) -> impl IntoView {
    let of = object.object;
    let list = paths::with_query(
        &format!("/t/{tenant}/browse"),
        &[("kind", of.kind.slug()), ("at", &at.map(|at| at.to_string()).unwrap_or_default())],
    );
    let trail = vec![
        Crumb::link(tenant_name(&tenant), paths::overview(&tenant)),
        Crumb::link(of.kind.plural(), list),
        Crumb::here(object.name.clone()),
    ];
    let (seq, captured, marks, deleted) =
        (object.at, object.captured_at, object.marks.clone(), object.deleted_until);
    let (name, detail) = (object.name.clone(), object.detail.clone());
    let lead = {
        let id = of.id.to_string();
        move || {
            view! {
                <span class="row">
                    <Avatar name=name icon=words::icon(of.kind) round=true/>
                    {(!detail.is_empty()).then_some(detail)}
                    <span class="copied"><span class="mono faint small">{id.clone()}</span><CopyButton text=id what="object id"/></span>
                    <Marks marks deleted=deleted.is_some()/>
                </span>
            }
        }
    };
    view! {
        <Page title=object.name.clone() lead trail>
            <div class="stack">
                {deleted
                    .map(|until| {
                        view! {
                            <Callout tone=Tone::Warn title="In the recycle bin at that time">
                                "Entra keeps it until "
                                <Time at=until/>
                                ". Until then it comes back with its id, its licences and its sign-in methods."
                            </Callout>
                        }
                    })}
                {(!object.not_seen.is_empty()).then(|| view! { <Unseen what=object.not_seen/> })}
                <p class="muted small">"As of snapshot " {words::number(seq)} ", " <Time at=captured/> "."</p>
                <div class="two">
                    <div class="stack">
                        <Attributes rows=object.attributes/>
                    </div>
                    <div class="stack">
                        {object
                            .links
                            .into_iter()
                            .map(|group| view! { <Links tenant=tenant.clone() group at/> })
                            .collect_view()}
                        <History tenant=tenant.clone() of rows=object.history/>
                    </div>
                </div>
            </div>
        </Page>
    }
}

/// What the snapshot did not see of it: its absence below means nothing.
#[component]
fn Unseen(what: Vec<NotSeen>) -> impl IntoView {
    let rows = what.into_iter().map(|one| view! { <li>{words::not_seen(one)}</li> }).collect_view();
    view! {
        <Callout tone=Tone::Warn title="Not seen by this snapshot">
            <ul class="missing">{rows}</ul>
        </Callout>
    }
}

/// What has a value comes first; the rest is behind a fold, because "empty" fifty times hides what is there.
#[component]
fn Attributes(rows: Vec<AttributeView>) -> impl IntoView {
    let (empty, full): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.value.is_empty());
    let more = (!empty.is_empty()).then(|| {
        let title = plural(empty.len() as i64, "empty attribute", "empty attributes");
        view! {
            <details class="fold">
                <summary>{title}</summary>
                <Facts>{empty.into_iter().map(attribute).collect_view()}</Facts>
            </details>
        }
    });
    view! {
        <Card title="Attributes">
            <Facts>{full.into_iter().map(attribute).collect_view()}</Facts>
            {more}
        </Card>
    }
}

fn attribute(row: AttributeView) -> impl IntoView {
    let note = row.obstacle.map(|why| view! { <small class="muted block">{why.sentence()}</small> });
    view! {
        <Fact name=row.label>
            <Value lines=row.value.0/>
            {row.volatile.then(|| view! { " " <Badge>"as of then"</Badge> })}
            {note}
        </Fact>
    }
}

#[component]
fn Links(tenant: String, group: LinkGroup, #[prop(optional_no_strip)] at: Option<Seq>) -> impl IntoView {
    let title = if group.from_source { group.kind.from_source() } else { group.kind.from_target() };
    let total = group.total;
    let more = total - group.rows.len() as i64;
    let rows = group
        .rows
        .into_iter()
        .map(|row| {
            let href = paths::object(&tenant, row.other, at);
            view! {
                <li>
                    <a href=href><ObjectWho kind=row.other.kind name=row.name detail=row.detail/></a>
                    {row.deleted.then(|| view! { <Badge tone=Tone::Bad>"in the recycle bin"</Badge> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title end=move || view! { <span class="muted"><Num of=total/></span> }>
            <ul class="links">{rows}</ul>
            {(more > 0).then(|| view! { <footer>{format!("and {} more", grouped(more))}</footer> })}
        </Card>
    }
}

#[component]
fn History(tenant: String, of: ObjectRef, rows: Vec<HistoryRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Card title="History">
                <Empty icon="history" title="No change so far" text="When it changes, the snapshots in which it did appear here."/>
            </Card>
        }
            .into_any();
    }
    let items = rows
        .into_iter()
        .map(|row| {
            let (tone, said) = words::sort(row.sort);
            // What it was before is in the snapshot before.
            let compare = (row.seq > 1).then(|| {
                let page = paths::compare(&tenant, row.seq - 1, row.seq);
                paths::with_query(&page, &[("object", &of.to_string())])
            });
            let what = if row.changed.is_empty() { String::new() } else { row.changed.join(", ") };
            view! {
                <li>
                    <Badge tone>{said}</Badge>
                    <span class="what">
                        <Time at=row.at/>
                        <small class="muted block">{what}</small>
                    </span>
                    {compare.map(|href| view! { <LinkButton href small=true>"Compare"</LinkButton> })}
                </li>
            }
        })
        .collect_view();
    view! { <Card title="History"><ul class="history">{items}</ul></Card> }.into_any()
}
