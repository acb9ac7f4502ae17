//! Pieces that several pages of the portal share.

use super::{paths, words};
use crate::ui::{Badge, Delta, Dot, RowLink, Table, Time, Tone, Who};
use domain::{
    Kind,
    capture::NotCompared,
    view::{PermissionRow, SnapshotRow},
};
use leptos::prelude::*;

/// An object beside its mark: people by initials, the rest by the icon of their kind.
#[component]
pub fn ObjectWho(
    kind: Kind,
    #[prop(into)] name: String,
    #[prop(optional, into)] detail: String,
) -> impl IntoView {
    view! { <Who name detail icon=words::icon(kind) round=true/> }
}

/// Short facts as badges. What keeps someone out is louder than what merely describes.
#[component]
pub fn Marks(marks: Vec<String>, #[prop(optional)] deleted: bool) -> impl IntoView {
    let tone = |mark: &str| match mark {
        "disabled" | "restricted" => Tone::Warn,
        "guest" => Tone::Info,
        "can hold roles" => Tone::Accent,
        _ => Tone::Plain,
    };
    view! {
        <span class="row">
            {deleted.then(|| view! { <Badge tone=Tone::Bad>"in the recycle bin"</Badge> })}
            {marks.into_iter().map(|mark| view! { <Badge tone=tone(&mark)>{mark}</Badge> }).collect_view()}
        </span>
    }
}

/// Parts that were not read or not compared: each with how many objects it is about, and why.
#[component]
pub fn Missing(parts: Vec<NotCompared>) -> impl IntoView {
    let rows = parts
        .iter()
        .map(|one| {
            let (what, why) = words::part(one);
            view! { <li><b>{what}</b> {(!why.is_empty()).then(|| view! { <span class="muted block">{why}</span> })}</li> }
        })
        .collect_view();
    view! { <ul class="missing" aria-label="Missing parts">{rows}</ul> }
}

/// Snapshots, newest first. Each leads to what changed since the one before it.
#[component]
pub fn SnapshotTable(
    #[prop(into)] tenant: String,
    rows: Vec<SnapshotRow>,
    /// With boxes for choosing two of them, inside a form that compares.
    #[prop(optional)]
    choose: bool,
    /// For a narrow place: the state only where it is not what it should be.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let newest = rows.first().map(|row| row.seq);
    let second = rows.get(1).map(|row| row.seq);
    let body = rows
        .into_iter()
        .map(|row| {
            let seq = row.seq;
            let (tone, said) = words::completeness(&row);
            let missing = words::gaps(&row.gaps);
            let at = paths::with_query(&format!("/t/{tenant}/browse"), &[("at", &seq.to_string())]);
            let compare = (seq > 1).then(|| paths::compare(&tenant, seq - 1, seq));
            let pick = |name: &'static str, label: &'static str, checked: bool| {
                view! {
                    <input
                        type="radio"
                        class="box"
                        name=name
                        value=seq.to_string()
                        checked=checked
                        aria-label=format!("{label} snapshot {seq}")
                    />
                }
            };
            view! {
                <tr>
                    {choose
                        .then(|| {
                            view! {
                                <td class="fit">{pick("from", "From", second == Some(seq))}</td>
                                <td class="fit">{pick("to", "To", newest == Some(seq))}</td>
                            }
                        })}
                    <td class="num nowrap">
                        <RowLink href=at>{words::number(seq)}</RowLink>
                        {(brief && tone != Tone::Good).then(|| view! { " " <Badge tone>{said}</Badge> })}
                    </td>
                    <td class="muted wide">
                        {row.trigger.label()}
                        {row.full.then_some(", full")}
                    </td>
                    <td class="when"><Time at=row.at/></td>
                    <td><Delta created=row.created updated=row.updated deleted=row.deleted/></td>
                    {(!brief)
                        .then(|| {
                            let state = view! { <Dot tone>{said}</Dot> };
                            let state = if missing.is_empty() {
                                state.into_any()
                            } else {
                                // Above the link that covers the row.
                                view! { <details class="above"><summary>{state}</summary><Missing parts=missing/></details> }
                                    .into_any()
                            };
                            view! { <td class="wide">{state}</td> }
                        })}
                    <td class="num muted right wide nowrap">{words::took(row.took_ms)}</td>
                    <td class=if choose { "right fit wide" } else { "right fit" }>{compare.map(|href| view! { <a class="link above" href=href>"Compare"</a> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Snapshots">
            <thead>
                <tr>
                    {choose
                        .then(|| {
                            view! {
                                <th scope="col" class="fit">"From"</th>
                                <th scope="col" class="fit">"To"</th>
                            }
                        })}
                    <th scope="col">"Snapshot"</th>
                    <th scope="col" class="wide">"Made by"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Added, changed, removed"</th>
                    {(!brief).then(|| view! { <th scope="col" class="wide">"State"</th> })}
                    <th scope="col" class="right wide">"Took"</th>
                    <th scope="col" class:wide=choose><span class="aloud">"Compare with the one before"</span></th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}

/// What a connection may do, permission by permission.
#[component]
pub fn Permissions(rows: Vec<PermissionRow>) -> impl IntoView {
    let body = rows
        .into_iter()
        .map(|row| {
            // What only restores lack is no alarm.
            let state = match (&row.granted_by, row.essential) {
                (None, _) if row.restore => view! { <Badge>"not granted"</Badge> }.into_any(),
                (Some(by), _) if *by == row.permission => view! { <Badge tone=Tone::Good>"granted"</Badge> }.into_any(),
                (Some(by), _) => {
                    let by = by.clone();
                    view! { <Badge tone=Tone::Good>"granted"</Badge> <small class="muted">"by " <span class="mono">{by}</span></small> }.into_any()
                }
                (None, true) => view! { <Badge tone=Tone::Bad>"missing"</Badge> }.into_any(),
                (None, false) => view! { <Badge tone=Tone::Warn>"missing"</Badge> }.into_any(),
            };
            view! {
                <tr>
                    <td>
                        <span class="mono">{row.permission}</span>
                        <small class="muted block">{row.why}</small>
                    </td>
                    <td class="muted wide nowrap">{if row.restore { "Restore" } else { "Backup" }}</td>
                    <td class="right"><span class="row tight">{state}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Permissions">
            <thead>
                <tr>
                    <th scope="col">"Permission"</th>
                    <th scope="col" class="wide">"For"</th>
                    <th scope="col" class="right">"State"</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}
