//! What two points in time can both show. Only that can be compared: what one of them did not see is no change.

use super::{CaptureProfile, Gap, ReadScope};
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

    fn shows_relation(&self, relation: LinkKind, hidden: bool) -> bool {
        // Role assignments are read by themselves; all other links come with their source.
        let owner = descriptor::owner(relation);
        self.profile.has_relation(relation, hidden)
            && (owner == Kind::Role || !self.lacks(ReadScope::Objects(owner)))
            && !self.lacks(ReadScope::Relation(relation))
            && !(hidden && self.lacks(ReadScope::HiddenMembers(relation)))
    }
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
        self.from.shows_relation(relation, hidden) && self.to.shows_relation(relation, hidden)
    }

    /// Every scope that cannot be compared, each once, in the order of the kinds.
    #[must_use]
    pub fn not_compared(&self) -> Vec<ReadScope> {
        let mut out = Vec::new();
        for d in descriptor::DESCRIPTORS {
            if !self.kind(d.kind) {
                out.push(ReadScope::Objects(d.kind));
            } else if !self.all_attributes(d.kind) {
                out.push(ReadScope::Attributes(d.kind));
            }
            for link in d.links.iter().filter(|l| l.kind.is_change()) {
                if !self.relation(link.kind, false) {
                    if d.kind == Kind::Role || self.kind(d.kind) {
                        out.push(ReadScope::Relation(link.kind));
                    }
                } else if link.kind.can_be_hidden() && !self.relation(link.kind, true) {
                    out.push(ReadScope::HiddenMembers(link.kind));
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::GapReason;

    fn view(granted: &[&str], gaps: Vec<Gap>) -> View {
        View { profile: CaptureProfile::of(&granted.iter().copied().collect()), gaps }
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
        assert_eq!(both.not_compared(), []);
    }

    #[test]
    fn hidden_members_that_one_point_could_not_see_are_not_compared() {
        let both = Comparable::between(view(&ALL[..4], vec![]), view(ALL, vec![]));
        assert!(both.relation(LinkKind::Member, false) && !both.relation(LinkKind::Member, true));
        assert!(both.relation(LinkKind::Owner, true), "owners are never hidden");
        assert_eq!(
            both.not_compared(),
            [ReadScope::HiddenMembers(LinkKind::Member), ReadScope::HiddenMembers(LinkKind::UnitMember)]
        );
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
}
