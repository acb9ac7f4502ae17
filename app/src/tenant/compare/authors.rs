//! Who made a change, what they did and when; or why that cannot be said.

use crate::{
    tenant::paths,
    ui::{Time, plural},
};
use domain::{
    author::{AuditLog, Author, Authored, Authorship},
    view::Instant,
};
use leptos::prelude::*;

/// Of the open object.
#[component]
pub fn ChangedBy(tenant: String, by: Authored) -> impl IntoView {
    let Authored { log, by } = by;
    let nobody = by.is_empty();
    let people = by.into_iter().map(|by| view! { <li><Deed tenant=tenant.clone() by/></li> }).collect_view();
    view! {
        <div class="by">
            {match (nobody, log) {
                (false, _) => view! { <ul aria-label="Changed by">{people}</ul> }.into_any(),
                (true, AuditLog::Read) => {
                    "Microsoft's audit log does not say who made this change.".into_any()
                }
                (true, _) => ().into_any(),
            }}
            <Shortcoming log/>
        </div>
    }
}

/// What one of them did, and when.
#[component]
fn Deed(tenant: String, by: Authorship) -> impl IntoView {
    let Authorship { author, activity, at, times, .. } = by;
    let address = author.address().to_owned();
    let who = match author {
        Author::Holdfast { restore: Some(number) } => {
            let href = paths::restore(&tenant, number);
            view! { <b>"Holdfast"</b> ", " <a class="link" href=href>{format!("restore {number}")}</a> }
                .into_any()
        }
        other => view! { <b>{other.name().to_owned()}</b> }.into_any(),
    };
    view! {
        {who}
        {(!address.is_empty()).then(|| view! { <span class="muted">{format!(" ({address})")}</span> })}
        {format!(": {activity}")}
        {(times > 1).then(|| format!(", {}, the last time", plural(times, "time", "times")))}
        ", "
        <Time at/>
    }
}

/// Why the list of names may be incomplete.
#[component]
pub fn Shortcoming(log: AuditLog) -> impl IntoView {
    let since = match log {
        AuditLog::Expired { since } => Some(since),
        _ => None,
    };
    let before = |since: Instant| view! { " It says nothing of before " <Time at=since/> "." };
    log.shortcoming().map(|why| view! { <p class="muted">{why}{since.map(before)}</p> })
}

/// Who changed an object, in the few words that a row has room for.
pub fn brief(by: &[Authorship]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for by in by {
        if !names.contains(&by.author.name()) {
            names.push(by.author.name());
        }
    }
    let (first, others) = names.split_first()?;
    Some(match others.len() {
        0 => format!("by {first}"),
        1 => format!("by {first} and {}", others[0]),
        more => format!("by {first} and {}", plural(more as i64, "other", "others")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_one_or_two_and_counts_the_others() {
        let by = |name: &str| Authorship {
            author: Author::App { name: name.into() },
            activity: "Update user".into(),
            at: Instant::UNIX_EPOCH,
            times: 1,
            parts: Vec::new(),
        };
        let said = |names: &[&str]| brief(&names.iter().map(|name| by(name)).collect::<Vec<_>>());
        assert_eq!(said(&[]), None);
        assert_eq!(said(&["Eve", "Eve"]).as_deref(), Some("by Eve"));
        assert_eq!(said(&["Eve", "Bob"]).as_deref(), Some("by Eve and Bob"));
        assert_eq!(said(&["Eve", "Bob", "Ann"]).as_deref(), Some("by Eve and 2 others"));
    }
}
