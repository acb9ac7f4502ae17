//! A page of objects as one sees it.

use super::Asked;
use crate::{
    frame::{Page, is_on},
    tenant::{
        parts::{Marks, ObjectWho},
        paths,
        snapshots::tenant_name,
        words,
    },
    ui::{
        Button, Card, Crumb, Empty, Icon, LinkButton, Pager, RowLink, Size, Tab, Table, Tabs, Time, moment,
        plural, submit_form,
    },
    wire::GetForm,
};
use domain::{
    Seq,
    feature::Feature,
    view::{BrowsePage, BrowseRow, SnapshotRow},
};
use leptos::prelude::*;

#[component]
pub fn BrowseView(tenant: String, page: BrowsePage, points: Vec<SnapshotRow>, asked: Asked) -> impl IntoView {
    let name = tenant_name(&tenant);
    let trail = vec![Crumb::link(name, paths::overview(&tenant)), Crumb::here("Browse")];
    let newest = points.first().is_none_or(|point| point.seq == page.at);
    let (at, captured) = (page.at, page.captured_at);
    let lead = move || {
        view! {
            {if newest { "As of the newest snapshot, " } else { "As of snapshot " }}
            {(!newest).then(|| format!("{}, ", words::number(at)))}
            <Time at=captured/>
            "."
        }
    };
    let kind = page.kind;
    let tabs = page
        .counts
        .iter()
        .copied()
        .map(|(of, count)| {
            let other =
                Asked { kind: of.slug().into(), words: asked.words.clone(), at: asked.at, after: None };
            let href = other.href(&tenant, None, None);
            view! { <Tab href here=of == kind count>{of.plural()}</Tab> }
        })
        .collect_view();
    let base = format!("/t/{tenant}/browse");
    let shown = plural(page.rows.len() as i64, "row", "rows");
    let first = asked.after.is_some().then(|| asked.href(&tenant, None, None));
    let next = page.next.as_deref().map(|after| asked.href(&tenant, None, Some(after)));
    let body = if page.rows.is_empty() {
        view! { <Nothing tenant=tenant.clone() asked=asked.clone() kind=kind.plural().to_ascii_lowercase()/> }
            .into_any()
    } else {
        view! { <Rows tenant=tenant.clone() rows=page.rows at=asked.at/> }.into_any()
    };
    view! {
        <Page title="Browse" lead trail>
            <Tabs label="Kinds">{tabs}</Tabs>
            <GetForm class="filters" search="This list" action=base>
                <input type="hidden" name="kind" value=kind.slug()/>
                {is_on(Feature::Search)
                    .then(|| {
                        view! {
                            <span class="find">
                                <Icon name="search" size=Size::Small/>
                                <input type="search" name="q" value=asked.words.clone() placeholder="Name or e-mail" aria-label="Search by name"/>
                            </span>
                        }
                    })}
                <PointPicker name="at" label="Snapshot" points chosen=Some(page.at) newest=true/>
                <Button>"Show"</Button>
            </GetForm>
            <Card>
                {body}
                <Pager shown first next/>
            </Card>
        </Page>
    }
}

#[component]
fn Rows(tenant: String, rows: Vec<BrowseRow>, at: Option<Seq>) -> impl IntoView {
    let body = rows
        .into_iter()
        .map(|row| {
            let href = paths::object(&tenant, row.object, at);
            view! {
                <tr>
                    <td><RowLink href><ObjectWho kind=row.object.kind name=row.name detail=row.detail/></RowLink></td>
                    <td class="right"><Marks marks=row.marks deleted=row.deleted/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Objects" class="roomy">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col" class="right">"Marks"</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}

#[component]
fn Nothing(tenant: String, asked: Asked, kind: String) -> impl IntoView {
    if asked.words.is_empty() {
        return view! {
            <Empty
                icon="circle-dashed"
                title=format!("No {kind} in this snapshot")
                text="Either the tenant has none, or they could not be read; the overview says which."
            />
        }
        .into_any();
    }
    let all = Asked { words: String::new(), after: None, ..asked.clone() }.href(&tenant, None, None);
    view! {
        <Empty
            icon="search"
            title=format!("No {kind} called “{}”", asked.words)
            text="Search looks at the beginnings of words in names, sign-in names and addresses. Someone who was deleted is in an earlier snapshot: choose one above."
        >
            <LinkButton href=all>"Show all"</LinkButton>
        </Empty>
    }
        .into_any()
}

/// Chooses a point in time. With a script, choosing is enough; without one, the form's button does it.
#[component]
pub fn PointPicker(
    name: &'static str,
    #[prop(into)] label: String,
    points: Vec<SnapshotRow>,
    #[prop(optional_no_strip)] chosen: Option<Seq>,
    /// The first one reads "newest", and leaves the address open for newer ones.
    #[prop(optional)]
    newest: bool,
    /// Offers the tenant as it is now.
    #[prop(optional)]
    live: bool,
    /// The tenant as it is now is what is chosen.
    #[prop(optional)]
    live_chosen: bool,
) -> impl IntoView {
    // One that is older than the list still has to be there to be shown as chosen.
    let older = chosen.filter(|seq| points.iter().all(|point| point.seq != *seq));
    let options = points
        .into_iter()
        .enumerate()
        .map(|(index, point)| {
            let value = if newest && index == 0 { String::new() } else { point.seq.to_string() };
            let first = if newest && index == 0 { "Newest, " } else { "" };
            let (number, when) = (words::number(point.seq), moment(point.at));
            let text = move || format!("{first}{number} · {}", when.get());
            view! { <option value=value selected=!live_chosen && chosen == Some(point.seq)>{text}</option> }
        })
        .collect_view();
    view! {
        <select class="input point" name=name aria-label=label on:change=submit_form>
            {live.then(|| view! { <option value="live" selected=live_chosen>"Live: as it is now"</option> })}
            {options}
            {older.map(|seq| view! { <option value=seq.to_string() selected=!live_chosen>{words::number(seq)}</option> })}
        </select>
    }
}
