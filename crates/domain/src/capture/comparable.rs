//! What two points in time can both show. Only that can be compared: what one of them did not see is no change.

use serde::{Deserialize, Serialize};

use super::{CaptureProfile, Gap, GapReason, ReadScope};
use crate::descriptor;
use crate::{Kind, LinkKind};

/// What one snapshot shows: what its permissions let it read, without what failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub profile: CaptureProfile,
    pub gaps: Vec<Gap>,
}

impl View {
    /// Whether a whole scope was not read.
    fn lacks(&self, scope: ReadScope) -> bool {
        self.gaps.iter().any(|g| g.scope == scope && g.objects.is_none())
    }

    fn shows_kind(&self, kind: Kind) -> bool {
        self.profile.kind(kind).is_some() && !self.lacks(ReadScope::Objects(kind))
    }

    fn shows_attribute(&self, kind: Kind, name: &str) -> bool {
        self.shows_kind(kind)
            && self.profile.has_attribute(kind, name)
            && (!self.lacks(ReadScope::Attributes(kind))
                || descriptor::of(kind).and_then(|d| d.attribute(name)).is_some_and(|a| a.basic))
    }

    fn shows_relation(&self, source: Kind, relation: LinkKind, hidden: bool) -> bool {
        // Role assignments are read by themselves; all other links come with their source.
        self.profile.has_relation_of(source, relation, hidden)
            && (source == Kind::Role || !self.lacks(ReadScope::Objects(source)))
            && !self.lacks(ReadScope::Relation(relation))
            && !(hidden && self.lacks(ReadScope::HiddenMembers(relation)))
    }

    fn shows_assignment_types(&self) -> bool {
        self.shows_relation(Kind::Role, LinkKind::ActivatedRole, false)
            && !self.lacks(ReadScope::AssignmentTypes)
    }

    /// Why a whole scope was not read.
    fn reason(&self, scope: ReadScope) -> Option<GapReason> {
        self.gaps.iter().find(|g| g.scope == scope && g.objects.is_none()).map(|g| g.reason.clone())
    }

    /// How much of a kind was seen.
    #[must_use]
    pub fn coverage(&self, kind: Kind) -> Coverage {
        let gap = self.reason(ReadScope::Objects(kind));
        if self.profile.kind(kind).is_none() || gap.as_ref().is_some_and(|g| g.permission().is_some()) {
            return Coverage::PermissionMissing;
        }
        let whole = Comparable::between(self.clone(), self.clone());
        let is_gap = |g: &Gap| g.scope.kind() == kind && !g.scope.is_cosmetic();
        if self.gaps.iter().any(is_gap) || whole.whole_scopes().iter().any(|s| s.kind() == kind) {
            return Coverage::Partial;
        }
        Coverage::Complete
    }
}

/// How much of a kind a snapshot saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    Complete,
    /// Some part of it could not be read.
    Partial,
    /// The app may not read it at all.
    PermissionMissing,
}

/// A part that could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCompared {
    pub scope: ReadScope,
    /// How many objects it is about; none: the whole scope.
    pub objects: Option<i64>,
    /// Why, as far as it was recorded.
    pub reason: Option<GapReason>,
}

/// What two points can both show.
#[derive(Clone, Debug)]
pub struct Comparable {
    from: View,
    to: View,
}

impl Comparable {
    #[must_use]
    pub const fn between(from: View, to: View) -> Comparable {
        Comparable { from, to }
    }

    /// Whether objects of a kind can be compared.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> bool {
        self.from.shows_kind(kind) && self.to.shows_kind(kind)
    }

    /// Whether an attribute can be compared.
    #[must_use]
    pub fn attribute(&self, kind: Kind, name: &str) -> bool {
        self.from.shows_attribute(kind, name) && self.to.shows_attribute(kind, name)
    }

    /// Whether all attributes of a kind that today's descriptor knows can be compared.
    #[must_use]
    pub fn all_attributes(&self, kind: Kind) -> bool {
        descriptor::of(kind)
            .is_some_and(|d| d.attributes.iter().all(|a| a.volatile || self.attribute(kind, a.name)))
    }

    /// Whether links can be compared; `hidden` says whether their source hides its members.
    #[must_use]
    pub fn relation(&self, relation: LinkKind, hidden: bool) -> bool {
        self.relation_of(descriptor::owner(relation), relation, hidden)
    }

    /// Whether links of sources of one kind can be compared, where several kinds have the relation.
    #[must_use]
    pub fn relation_of(&self, source: Kind, relation: LinkKind, hidden: bool) -> bool {
        self.from.shows_relation(source, relation, hidden) && self.to.shows_relation(source, relation, hidden)
    }

    /// Whether what lies in the recycle bin can be compared.
    #[must_use]
    pub fn recycle_bin(&self, kind: Kind) -> bool {
        !self.from.lacks(ReadScope::RecycleBin(kind)) && !self.to.lacks(ReadScope::RecycleBin(kind))
    }

    /// Whether permanent, time-bound and activated role assignments can be told apart at both.
    #[must_use]
    pub fn assignment_types(&self) -> bool {
        self.from.shows_assignment_types() && self.to.shows_assignment_types()
    }

    /// Whether both show when time-bound role assignments end.
    #[must_use]
    pub fn assignment_periods(&self) -> bool {
        self.assignment_types() && !self.from.profile.without_periods && !self.to.profile.without_periods
    }

    /// Everything that cannot be compared: whole scopes in the order of the kinds, then parts of others.
    #[must_use]
    pub fn not_compared(&self) -> Vec<NotCompared> {
        let whole = self.whole_scopes();
        let mut out: Vec<NotCompared> = whole
            .iter()
            .map(|scope| NotCompared { scope: *scope, objects: None, reason: self.reason(*scope) })
            .collect();
        for gap in self.from.gaps.iter().chain(&self.to.gaps) {
            let Some(objects) = gap.objects else { continue };
            if gap.scope.is_cosmetic() || whole.contains(&gap.scope) {
                continue;
            }
            match out.iter_mut().find(|n| n.scope == gap.scope) {
                Some(known) => known.objects = known.objects.max(Some(objects)),
                None => out.push(NotCompared {
                    scope: gap.scope,
                    objects: Some(objects),
                    reason: Some(gap.reason.clone()),
                }),
            }
        }
        out
    }

    /// Why a scope cannot be compared: what a capture met, else the permission that one of the two lacked.
    fn reason(&self, scope: ReadScope) -> Option<GapReason> {
        self.from.reason(scope).or_else(|| self.to.reason(scope)).or_else(|| {
            let permission = scope.permission()?.to_owned();
            Some(GapReason::PermissionMissing { permission })
        })
    }

    fn whole_scopes(&self) -> Vec<ReadScope> {
        let mut out = Vec::new();
        for d in descriptor::DESCRIPTORS {
            if !self.kind(d.kind) {
                out.push(ReadScope::Objects(d.kind));
            } else {
                if !self.all_attributes(d.kind) {
                    out.push(ReadScope::Attributes(d.kind));
                }
                if d.bin.is_some() && !self.recycle_bin(d.kind) {
                    out.push(ReadScope::RecycleBin(d.kind));
                }
            }
            for link in d.links.iter().filter(|l| l.kind.is_change()) {
                let scope = ReadScope::Relation(link.kind);
                if !self.relation_of(d.kind, link.kind, false) {
                    if (d.kind == Kind::Role || self.kind(d.kind)) && !out.contains(&scope) {
                        out.push(scope);
                    }
                } else if link.kind.can_be_hidden() && !self.relation_of(d.kind, link.kind, true) {
                    out.push(ReadScope::HiddenMembers(link.kind));
                }
            }
            if d.kind == Kind::Role
                && self.relation(LinkKind::RoleAssignment, false)
                && !self.assignment_types()
            {
                out.push(ReadScope::AssignmentTypes);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(granted: &[&str], gaps: Vec<Gap>) -> View {
        View { profile: CaptureProfile::of(&granted.iter().copied().collect()), gaps }
    }

    fn scopes(both: &Comparable) -> Vec<ReadScope> {
        both.not_compared().into_iter().map(|n| n.scope).collect()
    }

    const ALL: &[&str] = &[
        "User.Read.All",
        "Group.Read.All",
        "RoleManagement.Read.Directory",
        "AdministrativeUnit.Read.All",
        "Member.Read.Hidden",
    ];

    #[test]
    fn two_complete_points_can_be_compared_throughout() {
        let both = Comparable::between(view(ALL, vec![]), view(ALL, vec![]));
        assert_eq!(scopes(&both), []);
    }

    #[test]
    fn hidden_members_that_one_point_could_not_see_are_not_compared() {
        let both = Comparable::between(view(&ALL[..4], vec![]), view(ALL, vec![]));
        assert!(both.relation(LinkKind::Member, false) && !both.relation(LinkKind::Member, true));
        assert!(both.relation(LinkKind::Owner, true), "owners are never hidden");
        assert_eq!(
            scopes(&both),
            [ReadScope::HiddenMembers(LinkKind::Member), ReadScope::HiddenMembers(LinkKind::UnitMember)]
        );
        let reason = both.not_compared().remove(0).reason;
        assert_eq!(reason, Some(GapReason::PermissionMissing { permission: "Member.Read.Hidden".into() }));
    }

    #[test]
    fn attributes_beyond_the_basic_profile_are_not_compared() {
        let basic = [&["User.ReadBasic.All"], &ALL[1..]].concat();
        let both = Comparable::between(view(ALL, vec![]), view(&basic, vec![]));
        assert!(both.attribute(Kind::User, "displayName") && !both.attribute(Kind::User, "jobTitle"));
        assert!(!both.relation(LinkKind::Manager, false));
        assert!(both.all_attributes(Kind::Group));
    }

    #[test]
    fn what_failed_at_one_point_is_not_compared() {
        let failed = |scope| {
            let gap = Gap::whole(scope, GapReason::Failed { status: 500, code: String::new() });
            Comparable::between(view(ALL, vec![]), view(ALL, vec![gap]))
        };
        let users = failed(ReadScope::Objects(Kind::User));
        assert!(!users.kind(Kind::User) && !users.relation(LinkKind::Manager, false));
        assert!(users.relation(LinkKind::Member, false));
        let roles = failed(ReadScope::Objects(Kind::Role));
        assert!(!roles.kind(Kind::Role) && roles.relation(LinkKind::RoleAssignment, false));
        assert!(!failed(ReadScope::Relation(LinkKind::Owner)).relation(LinkKind::Owner, false));
        let some = Gap::some(ReadScope::Relation(LinkKind::Licence), GapReason::Unconfirmed, 2);
        let both = Comparable::between(view(ALL, vec![some]), view(ALL, vec![]));
        assert!(both.relation(LinkKind::Licence, false), "single objects are noted by themselves");
    }

    #[test]
    fn parts_that_a_capture_did_not_see_are_named_with_their_number() {
        let some = |n| {
            let scope = ReadScope::Relation(LinkKind::Licence);
            view(ALL, vec![Gap::some(scope, GapReason::Failed { status: 500, code: String::new() }, n)])
        };
        let both = Comparable::between(some(3), some(5));
        let named = both.not_compared();
        assert_eq!((named.len(), named[0].objects), (1, Some(5)));
        let bin = Gap::whole(ReadScope::RecycleBin(Kind::User), GapReason::Unknown);
        let both = Comparable::between(view(ALL, vec![bin]), view(ALL, vec![]));
        assert_eq!(scopes(&both), [ReadScope::RecycleBin(Kind::User)]);
        assert!(!both.recycle_bin(Kind::User) && both.recycle_bin(Kind::Group) && both.kind(Kind::User));
    }

    #[test]
    fn coverage_follows_what_was_seen() {
        let complete = view(ALL, vec![]);
        assert_eq!(complete.coverage(Kind::Group), Coverage::Complete);
        let without_hidden = view(&ALL[..4], vec![]);
        assert_eq!(without_hidden.coverage(Kind::Group), Coverage::Partial);
        assert_eq!(without_hidden.coverage(Kind::User), Coverage::Complete);
        assert_eq!(view(&ALL[..2], vec![]).coverage(Kind::Role), Coverage::PermissionMissing);
        let names = Gap::whole(ReadScope::LicenseNames, GapReason::Unknown);
        assert_eq!(view(ALL, vec![names]).coverage(Kind::User), Coverage::Complete);
        let basic = [&["User.ReadBasic.All"], &ALL[1..]].concat();
        assert_eq!(view(&basic, vec![]).coverage(Kind::User), Coverage::Partial);
    }

    #[test]
    fn an_earlier_version_did_not_read_when_assignments_end() {
        let now = view(ALL, vec![]);
        let earlier = View {
            profile: CaptureProfile { without_periods: true, ..now.profile.clone() },
            gaps: Vec::new(),
        };
        assert!(Comparable::between(now.clone(), now.clone()).assignment_periods());
        let both = Comparable::between(earlier, now);
        assert!(both.assignment_types() && !both.assignment_periods());
    }
}
