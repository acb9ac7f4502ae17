//! What a capture could not read, and how complete that leaves a snapshot.

use serde::{Deserialize, Serialize};

use super::legacy;
use crate::descriptor;
use crate::permission;
use crate::{Kind, LinkKind};

/// A part of a tenant that a capture reads by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadScope {
    /// The objects of a kind, with everything that is read of them.
    Objects(Kind),
    /// Attributes of a kind beyond the basic ones.
    Attributes(Kind),
    /// The objects of a kind in the recycle bin.
    RecycleBin(Kind),
    /// Links of a kind.
    Relation(LinkKind),
    /// Members of groups or units whose membership is hidden.
    HiddenMembers(LinkKind),
    /// Which role assignments are permanent, time-bound or activated.
    AssignmentTypes,
    /// Names of licenses; snapshots of earlier versions name it.
    LicenseNames,
}

impl ReadScope {
    /// Whether nothing that a comparison looks at is lost without it.
    #[must_use]
    pub const fn is_cosmetic(self) -> bool {
        matches!(self, ReadScope::LicenseNames)
    }

    /// The scope, as a person reads it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            ReadScope::Objects(kind) => kind.plural().to_owned(),
            ReadScope::Attributes(kind) => format!("Attributes of {}", kind.plural().to_lowercase()),
            ReadScope::RecycleBin(kind) => format!("{} in the recycle bin", kind.plural()),
            ReadScope::Relation(relation) => match relation {
                LinkKind::Member => "Group members",
                LinkKind::Owner => "Group owners",
                LinkKind::Manager => "Managers",
                LinkKind::RoleAssignment => "Role assignments",
                LinkKind::ActivatedRole => "Activated role assignments",
                LinkKind::UnitMember => "Members of administrative units",
                LinkKind::Licence => "License assignments",
                LinkKind::GroupLicense => "Licenses assigned to groups",
            }
            .to_owned(),
            ReadScope::HiddenMembers(LinkKind::UnitMember) => {
                "Members of administrative units with hidden membership".to_owned()
            }
            ReadScope::HiddenMembers(_) => "Members of groups with hidden membership".to_owned(),
            ReadScope::AssignmentTypes => "Which role assignments are temporary".to_owned(),
            ReadScope::LicenseNames => "Names of licenses".to_owned(),
        }
    }

    /// The least permission that shows it.
    #[must_use]
    pub fn permission(self) -> Option<&'static str> {
        let needed = match self {
            ReadScope::Objects(kind) | ReadScope::Attributes(kind) | ReadScope::RecycleBin(kind) => {
                descriptor::of(kind).map(|d| d.read)
            }
            ReadScope::Relation(relation) => descriptor::link(relation).map(|l| l.read),
            ReadScope::HiddenMembers(_) => Some(permission::READ_HIDDEN),
            ReadScope::AssignmentTypes => Some(permission::READ_ROLE_INSTANCES),
            ReadScope::LicenseNames => Some(permission::READ_LICENCES),
        };
        needed.map(permission::AnyOf::least)
    }

    /// The kind of object that it is about.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            ReadScope::Objects(kind) | ReadScope::Attributes(kind) | ReadScope::RecycleBin(kind) => kind,
            ReadScope::Relation(relation) | ReadScope::HiddenMembers(relation) => descriptor::owner(relation),
            ReadScope::AssignmentTypes => Kind::Role,
            ReadScope::LicenseNames => Kind::Licence,
        }
    }
}

/// Why a part could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// The app does not hold this permission (the least that suffices).
    PermissionMissing { permission: String },
    /// The tenant has no license for it.
    LicenseMissing,
    /// The tenant's cloud does not offer it.
    Unsupported,
    /// It failed after all retries, with this HTTP status (0: no answer) and error code.
    Failed { status: u16, code: String },
    /// Neither live nor in the recycle bin, which is not proof enough yet that it is gone.
    NotFound,
    /// The answer took much away, and no other road confirmed that.
    Unconfirmed,
    /// An earlier version did not keep the reason.
    Unknown,
}

/// A part that a capture could not read. What was known of it is carried forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub scope: ReadScope,
    pub reason: GapReason,
    /// How many objects it is about; none: the whole scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objects: Option<i64>,
}

impl Gap {
    /// A scope of which nothing was read.
    #[must_use]
    pub const fn whole(scope: ReadScope, reason: GapReason) -> Gap {
        Gap { scope, reason, objects: None }
    }

    /// A scope of which some objects were not read.
    #[must_use]
    pub const fn some(scope: ReadScope, reason: GapReason, objects: i64) -> Gap {
        Gap { scope, reason, objects: Some(objects) }
    }

    /// Gaps as they are kept with a snapshot.
    #[must_use]
    pub fn to_text(gaps: &[Gap]) -> String {
        serde_json::to_string(gaps).unwrap_or_default()
    }

    /// Gaps that were kept with a snapshot, in today's form or in that of earlier versions; none when they cannot
    /// be read.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Vec<Gap>> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Gap(Gap),
            Name(String),
        }
        let kept: Vec<Kept> = serde_json::from_str(text).ok()?;
        let gap = |kept| match kept {
            Kept::Gap(gap) => gap,
            Kept::Name(name) => legacy::gap(&name),
        };
        Some(kept.into_iter().map(gap).collect())
    }
}

/// How much of the tenant a snapshot saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    Complete,
    /// Some part could not be read; it is named and carried forward as not seen.
    Partial,
    /// An answer took much away that nothing confirmed; it is carried forward as it was.
    Suspicious,
}

impl GapReason {
    /// The word for it in the API.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            GapReason::PermissionMissing { .. } => "permission-missing",
            GapReason::LicenseMissing => "license-missing",
            GapReason::Unsupported => "unsupported",
            GapReason::Failed { .. } => "failed",
            GapReason::NotFound => "not-found",
            GapReason::Unconfirmed => "unconfirmed",
            GapReason::Unknown => "unknown",
        }
    }

    /// The permission that the app lacks.
    #[must_use]
    pub fn permission(&self) -> Option<&str> {
        match self {
            GapReason::PermissionMissing { permission } => Some(permission),
            _ => None,
        }
    }

    /// Why it could not be read, and what to do, as a person reads it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            GapReason::PermissionMissing { permission } => {
                format!("The app lacks the permission {permission}. Grant it, and the next backup reads it.")
            }
            GapReason::LicenseMissing => "The tenant has no license for it.".to_owned(),
            GapReason::Unsupported => "Microsoft does not offer it in this cloud.".to_owned(),
            GapReason::Failed { status: 0, .. } => {
                "Microsoft Graph did not answer. The next backup reads it again.".to_owned()
            }
            GapReason::Failed { status, code } if code.is_empty() => {
                format!("Microsoft Graph answered with status {status}. The next backup reads it again.")
            }
            GapReason::Failed { status, code } => {
                format!(
                    "Microsoft Graph answered with status {status} ({code}). The next backup reads it again."
                )
            }
            GapReason::NotFound => {
                "Neither live nor in the recycle bin, which is not yet proof that it is gone. It is kept as it was last \
                 seen until a later backup confirms it."
                    .to_owned()
            }
            GapReason::Unconfirmed => {
                "Much of it was missing from the answer, and nothing confirmed that. It is kept as it was last seen."
                    .to_owned()
            }
            GapReason::Unknown => "The reason was not recorded.".to_owned(),
        }
    }
}

impl ReadScope {
    /// The word for it in the API: the part, then the kind or relation.
    #[must_use]
    pub fn slug(self) -> String {
        match self {
            ReadScope::Objects(kind) => format!("objects/{}", kind.slug()),
            ReadScope::Attributes(kind) => format!("attributes/{}", kind.slug()),
            ReadScope::RecycleBin(kind) => format!("recycle-bin/{}", kind.slug()),
            ReadScope::Relation(relation) => format!("relation/{}", relation.slug()),
            ReadScope::HiddenMembers(relation) => format!("hidden-members/{}", relation.slug()),
            ReadScope::AssignmentTypes => "assignment-types".to_owned(),
            ReadScope::LicenseNames => "license-names".to_owned(),
        }
    }
}

impl Completeness {
    /// How complete these gaps leave a snapshot.
    #[must_use]
    pub fn of(gaps: &[Gap]) -> Completeness {
        let mut out = Completeness::Complete;
        for gap in gaps.iter().filter(|g| !g.scope.is_cosmetic()) {
            if gap.reason == GapReason::Unconfirmed {
                return Completeness::Suspicious;
            }
            out = Completeness::Partial;
        }
        out
    }

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Completeness::Complete => "complete",
            Completeness::Partial => "partial",
            Completeness::Suspicious => "suspicious",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Completeness {
        match slug {
            "complete" => Completeness::Complete,
            "suspicious" => Completeness::Suspicious,
            _ => Completeness::Partial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_survive_their_text_and_those_of_earlier_versions_are_understood() {
        let gaps = [
            Gap::whole(
                ReadScope::HiddenMembers(LinkKind::Member),
                GapReason::PermissionMissing { permission: "Member.Read.Hidden".into() },
            ),
            Gap::some(
                ReadScope::Relation(LinkKind::Licence),
                GapReason::Failed { status: 500, code: "UnknownError".into() },
                3,
            ),
        ];
        assert_eq!(Gap::from_text(&Gap::to_text(&gaps)).unwrap(), gaps);
        let old = Gap::from_text(r#"["users","deleted-groups"]"#).unwrap();
        assert_eq!(old[1].scope, ReadScope::RecycleBin(Kind::Group));
        assert_eq!(Gap::from_text("[]"), Some(Vec::new()));
    }

    #[test]
    fn what_nobody_confirmed_is_worse_than_what_nobody_read() {
        let partial = Gap::whole(ReadScope::Objects(Kind::Role), GapReason::LicenseMissing);
        let odd = Gap::some(ReadScope::Objects(Kind::User), GapReason::Unconfirmed, 40);
        assert_eq!(Completeness::of(&[]), Completeness::Complete);
        assert_eq!(Completeness::of(std::slice::from_ref(&partial)), Completeness::Partial);
        assert_eq!(Completeness::of(&[partial, odd]), Completeness::Suspicious);
        let names = Gap::whole(ReadScope::LicenseNames, GapReason::Unknown);
        assert_eq!(Completeness::of(&[names]), Completeness::Complete);
    }
}
