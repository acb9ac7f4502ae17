//! What the granted permissions let a capture read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::legacy;
use crate::descriptor::{self, DESCRIPTORS, Descriptor};
use crate::permission::{Granted, READ_HIDDEN};
use crate::{Kind, LinkKind};

/// What one capture reads of a tenant, kind by kind. A kind that is not there is not captured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureProfile {
    pub kinds: BTreeMap<Kind, KindProfile>,
    /// Made by a version that did not read when role assignments end.
    #[serde(skip)]
    pub without_periods: bool,
}

/// What one capture reads of a kind. A delta cursor is good for as long as this stays the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindProfile {
    /// The attributes that are read, by Graph's names.
    pub attributes: BTreeSet<String>,
    /// The relations that are read of objects of this kind, as their source.
    pub relations: BTreeSet<LinkKind>,
    /// Whether members of groups and units with hidden membership are read; always false for kinds without.
    pub hidden_members: bool,
}

impl CaptureProfile {
    /// What an app that holds these permissions reads.
    #[must_use]
    pub fn of(granted: &Granted) -> CaptureProfile {
        let kinds = DESCRIPTORS.into_iter().filter_map(|d| Some((d.kind, KindProfile::of(d, granted)?)));
        CaptureProfile { kinds: kinds.collect(), without_periods: false }
    }

    /// The profile as it is kept with a snapshot.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A profile that was kept with a snapshot, in today's form or in that of earlier versions; none when it
    /// cannot be read.
    #[must_use]
    pub fn from_text(text: &str) -> Option<CaptureProfile> {
        if text.starts_with('{') { serde_json::from_str(text).ok() } else { legacy::profile(text) }
    }

    #[must_use]
    pub fn kind(&self, kind: Kind) -> Option<&KindProfile> {
        self.kinds.get(&kind)
    }

    /// Whether an attribute of objects of a kind is read.
    #[must_use]
    pub fn has_attribute(&self, kind: Kind, name: &str) -> bool {
        self.kind(kind).is_some_and(|k| k.attributes.contains(name))
    }

    /// Whether a relation is read; `hidden` says whether the source hides its members.
    #[must_use]
    pub fn has_relation(&self, relation: LinkKind, hidden: bool) -> bool {
        self.has_relation_of(descriptor::owner(relation), relation, hidden)
    }

    /// Whether a relation of sources of one kind is read, where several kinds have it.
    #[must_use]
    pub fn has_relation_of(&self, source: Kind, relation: LinkKind, hidden: bool) -> bool {
        self.kind(source).is_some_and(|k| {
            k.relations.contains(&relation) && (k.hidden_members || !hidden || !relation.can_be_hidden())
        })
    }
}

impl KindProfile {
    /// What is read of a kind; none when the permissions do not show it at all.
    fn of(d: &Descriptor, granted: &Granted) -> Option<KindProfile> {
        let full = d.read.met_by(granted);
        if !full && !d.read_basic.is_some_and(|basic| basic.met_by(granted)) {
            return None;
        }
        let attributes = d.attributes.iter().filter(|a| full || a.basic).map(|a| a.name.to_owned());
        let relations = d.links.iter().filter(|l| l.read.met_by(granted)).map(|l| l.kind);
        let relations: BTreeSet<LinkKind> = relations.collect();
        let hides = relations.iter().any(|r| r.can_be_hidden());
        Some(KindProfile {
            attributes: attributes.collect(),
            hidden_members: hides && READ_HIDDEN.met_by(granted),
            relations,
        })
    }

    /// The text under which a cursor of the kind is kept.
    #[must_use]
    pub fn cursor_text(&self, kind: Kind) -> String {
        format!("{}:{}", kind.slug(), serde_json::to_string(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(granted: &[&str]) -> CaptureProfile {
        CaptureProfile::of(&granted.iter().copied().collect())
    }

    #[test]
    fn a_permission_that_a_capture_does_not_use_changes_nothing() {
        let asked = ["User.Read.All", "Group.Read.All", "RoleManagement.Read.Directory"];
        let more = [&asked[..], &["AuditLog.Read.All", "User.ReadWrite.All", "Mail.Read"]].concat();
        assert_eq!(of(&asked), of(&more));
    }

    #[test]
    fn hidden_members_concern_only_the_kinds_that_hide_them() {
        let asked = ["User.Read.All", "Group.Read.All", "AdministrativeUnit.Read.All"];
        let (without, with) = (of(&asked), of(&[&asked[..], &["Member.Read.Hidden"]].concat()));
        assert_eq!(without.kind(Kind::User), with.kind(Kind::User));
        assert_ne!(without.kind(Kind::Group), with.kind(Kind::Group));
        assert!(
            !without.has_relation(LinkKind::Member, true) && without.has_relation(LinkKind::Member, false)
        );
        assert!(with.has_relation(LinkKind::UnitMember, true));
        assert!(without.has_relation(LinkKind::Owner, false));
    }

    #[test]
    fn the_basic_profile_is_less_than_the_full_one() {
        let basic = of(&["User.ReadBasic.All"]);
        assert!(
            basic.has_attribute(Kind::User, "displayName") && !basic.has_attribute(Kind::User, "jobTitle")
        );
        assert!(!basic.has_relation(LinkKind::Manager, false));
        assert!(of(&["Group.Read.All"]).kind(Kind::User).is_none());
    }

    #[test]
    fn a_profile_survives_its_text() {
        let profile = of(&["User.Read.All", "Group.Read.All"]);
        assert_eq!(CaptureProfile::from_text(&profile.to_text()), Some(profile));
    }
}
