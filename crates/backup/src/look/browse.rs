use std::collections::HashSet;

use domain::change::ObjectRef;
use domain::view::{BrowsePage, BrowseRow};
use domain::{Kind, Seq, flags, fold};
use store::Store;
use store::history::{BrowseAt, Num, Version};
use store::scope::TenantScope;

use super::snapshot_or_newest;
use crate::{Error, Result};

/// Objects a page.
const PAGE: usize = 50;

/// What to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowseQuery {
    /// None: the newest snapshot.
    pub at: Option<Seq>,
    pub kind: Kind,
    /// Free words; each must begin a word of the object's name or detail.
    pub words: String,
    /// [`BrowsePage::next`] of the page before.
    pub after: Option<String>,
}

impl BrowseQuery {
    /// Whether it searches, rather than turning pages.
    pub(crate) fn searches(&self) -> bool {
        !self.words.trim().is_empty()
    }
}

pub(crate) async fn browse(store: &Store, tenant: TenantScope, query: &BrowseQuery) -> Result<BrowsePage> {
    if !Kind::CAPTURED.contains(&query.kind) {
        return Err(Error::NotFound);
    }
    let snapshot = snapshot_or_newest(store, tenant, query.at).await?;
    let mut versions = store
        .browse(
            tenant,
            BrowseAt {
                seq: snapshot.seq,
                kind: query.kind,
                words: &query.words,
                after: query.after.as_deref().map(place).transpose()?,
                limit: PAGE as u64 + 1,
            },
        )
        .await?;
    let more = versions.len() > PAGE;
    versions.truncate(PAGE);
    let next = versions.last().filter(|_| more).map(cursor);
    let nums: HashSet<Num> = versions.iter().map(|v| v.num).collect();
    let identities = store.identities(tenant, &nums, snapshot.seq).await?;
    let rows = versions.into_iter().filter_map(|v| Some(row(identities.get(&v.num)?.id, v))).collect();
    Ok(BrowsePage {
        at: snapshot.seq,
        captured_at: snapshot.at,
        kind: query.kind,
        counts: store.counts(tenant, snapshot.seq).await?.0,
        rows,
        next,
    })
}

fn row(id: uuid::Uuid, v: Version) -> BrowseRow {
    BrowseRow {
        object: ObjectRef { kind: v.kind, id },
        deleted: !v.is_live(),
        marks: flags::labels(v.flags),
        detail: detail(&v),
        name: name(&v, id),
    }
}

/// What an object is called; one without a name is called by its id.
pub(super) fn name(v: &Version, id: uuid::Uuid) -> String {
    if v.name.is_empty() { id.to_string() } else { v.name.clone() }
}

/// The line below an object's name.
pub(super) fn detail(v: &Version) -> String {
    if !v.detail.is_empty() || v.kind != Kind::Group {
        return v.detail.clone();
    }
    match v.flags {
        f if f & flags::MICROSOFT_365 != 0 => "Microsoft 365 group",
        f if f & flags::MAIL_ONLY != 0 => "Mail-enabled group",
        _ => "Security group",
    }
    .to_owned()
}

/// Where a page ends: the object's number and the text that it is sorted by.
fn cursor(last: &Version) -> String {
    format!("{}~{}", last.num, fold::fold(&last.name))
}

fn place(cursor: &str) -> Result<(String, Num)> {
    let parsed = cursor.split_once('~').and_then(|(num, sort)| Some((sort.to_owned(), num.parse().ok()?)));
    parsed.ok_or_else(|| Error::invalid("after", "This page of the list does not exist. Begin at the first."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        assert_eq!(place("12~maya ~okafor").unwrap(), ("maya ~okafor".to_owned(), 12));
        assert_eq!(place("12~").unwrap(), (String::new(), 12));
        assert!(matches!(place("x"), Err(Error::Invalid { field: "after", .. })));
    }
}
