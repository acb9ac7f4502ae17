//! Which differences of links can be changes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::capture::Comparable;
use domain::change::LinkFate;
use domain::link::LinkDetails;
use domain::{Kind, LinkKind, Seq};
use store::Store;
use store::history::{Difference, LinkDifference, LinkKey, Num, UnseenAt, Version};
use store::scope::TenantScope;

use super::difference::kind_of_source;
use crate::Result;
use crate::look::body;

/// Bodies unsealed at a time.
pub(super) const BODIES: usize = 500;

/// What became of a link.
pub(crate) fn fate(link: &LinkDifference) -> LinkFate {
    match (&link.old, &link.new) {
        (None, _) => LinkFate::Added,
        (Some(_), None) => LinkFate::Removed,
        (Some(_), Some(_)) => LinkFate::Altered,
    }
}

/// The details that a link had on one side of a difference.
pub(crate) fn details(side: Option<&Option<String>>) -> Option<LinkDetails> {
    LinkDetails::of(side?.as_deref())
}

/// What decides about the links of one comparison.
pub(super) struct LinkRules<'a> {
    both: &'a Comparable,
    unseen: &'a UnseenAt,
    /// When the two points had been read: the earlier side of a difference, and the later one.
    ended: [DateTime<Utc>; 2],
    /// Sources that hide their members at one of the points.
    hidden: HashSet<Num>,
    kinds: HashMap<Num, Kind>,
    /// Activated assignments at each point, where the two cannot tell all assignments apart.
    activated: [HashSet<(Num, Num, String)>; 2],
}

impl<'a> LinkRules<'a> {
    pub(super) async fn of(
        store: &Store,
        tenant: TenantScope,
        points: [(Seq, DateTime<Utc>); 2],
        both: &'a Comparable,
        unseen: &'a UnseenAt,
        raw: &Difference,
        steady: &HashMap<Num, Version>,
    ) -> Result<LinkRules<'a>> {
        let versions = |num: Num| match raw.objects.get(&num) {
            Some(o) => [o.old.as_ref(), o.new.as_ref()],
            None => [steady.get(&num), None],
        };
        let kinds = raw
            .links
            .iter()
            .map(|l| l.key.source)
            .filter_map(|n| Some((n, versions(n).into_iter().flatten().next()?.kind)))
            .collect();
        let may_hide: HashSet<Num> =
            raw.links.iter().filter(|l| is_hidden_masked(both, l.key.kind)).map(|l| l.key.source).collect();
        let asked: Vec<&Version> = may_hide.into_iter().flat_map(versions).flatten().collect();
        let mut hidden = HashSet::new();
        for chunk in asked.chunks(BODIES) {
            let values = body::values(store, tenant, chunk).await?;
            let hiding = chunk.iter().zip(values).filter(|(v, values)| body::hides_members(v.kind, values));
            hidden.extend(hiding.map(|(v, _)| v.num));
        }
        let mut activated = [HashSet::new(), HashSet::new()];
        if !both.assignment_types() {
            let roles: HashSet<Num> = raw
                .links
                .iter()
                .filter(|l| l.key.kind == LinkKind::RoleAssignment)
                .map(|l| l.key.source)
                .collect();
            let roles: Vec<Num> = roles.into_iter().collect();
            for (side, (seq, _)) in activated.iter_mut().zip(points) {
                let links = store.links_from(tenant, LinkKind::ActivatedRole, &roles, seq).await?;
                side.extend(links.into_iter().map(|l| triple(&l.key)));
            }
        }
        Ok(LinkRules { both, unseen, ended: points.map(|(_, ended)| ended), hidden, kinds, activated })
    }

    /// Whether both points show such a link, and somebody made the difference.
    pub(super) fn can_be_change(&self, link: &LinkDifference) -> bool {
        let key = &link.key;
        let source = self.kinds.get(&key.source).copied();
        let source = source.unwrap_or_else(|| kind_of_source(key.kind, None));
        key.kind.is_change()
            && !is_inherited(key)
            && self.both.relation_of(source, key.kind, self.hidden.contains(&key.source))
            && !self.ran_out(link)
            && !self.is_only_surer(link)
    }

    /// An end whose links of that kind were not seen at one of the points.
    pub(super) fn unseen_end(&self, link: &LinkDifference) -> Option<Num> {
        [link.key.source, link.key.target].into_iter().find(|n| self.unseen.links(*n, link.key.kind))
    }

    /// Whether a time-bound assignment is missing at a point only because its end lies before it.
    fn ran_out(&self, link: &LinkDifference) -> bool {
        let (there, absent) = match (&link.old, &link.new) {
            (Some(_), None) => (&link.old, self.ended[1]),
            (None, Some(_)) => (&link.new, self.ended[0]),
            _ => return false,
        };
        let until = details(there.as_ref()).and_then(|d| d.until());
        link.key.kind == LinkKind::RoleAssignment && until.is_some_and(|until| until <= absent)
    }

    /// Whether only what is known of an assignment has changed: if it is permanent, time-bound or activated.
    fn is_only_surer(&self, link: &LinkDifference) -> bool {
        if link.key.kind != LinkKind::RoleAssignment {
            return false;
        }
        let (old, new) = (details(link.old.as_ref()), details(link.new.as_ref()));
        match fate(link) {
            LinkFate::Altered => {
                [&old, &new].into_iter().any(|d| *d == Some(LinkDetails::Unsure))
                    || !self.both.assignment_periods()
            }
            LinkFate::Added => self.activated[0].contains(&triple(&link.key)),
            LinkFate::Removed => self.activated[1].contains(&triple(&link.key)),
        }
    }
}

/// A license that a user has from a group: it follows from the group's license and from the membership.
fn is_inherited(key: &LinkKey) -> bool {
    key.kind == LinkKind::Licence && !key.disc.is_empty()
}

/// Whether links of a kind are compared, but not those of sources that hide their members.
fn is_hidden_masked(both: &Comparable, kind: LinkKind) -> bool {
    kind.can_be_hidden() && both.relation(kind, false) && !both.relation(kind, true)
}

fn triple(key: &LinkKey) -> (Num, Num, String) {
    (key.source, key.target, key.disc.clone())
}
