//! The kinds of objects and links that a directory is made of.

use serde::{Deserialize, Serialize};

/// What an object is. The first four are captured; the others are only ever the far end of a link and
/// are kept as stubs (kind, id and name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    User,
    Group,
    Role,
    AdministrativeUnit,
    ServicePrincipal,
    Device,
    Contact,
    Licence,
    Other,
}

impl Kind {
    /// The kinds that a capture reads, in the order in which pages show them.
    pub const CAPTURED: [Kind; 4] = [Kind::User, Kind::Group, Kind::Role, Kind::AdministrativeUnit];

    /// The number that stands for the kind in the database. Never reused, never changed.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Kind::User => 1,
            Kind::Group => 2,
            Kind::Role => 3,
            Kind::AdministrativeUnit => 4,
            Kind::ServicePrincipal => 20,
            Kind::Device => 21,
            Kind::Contact => 22,
            Kind::Licence => 23,
            Kind::Other => 99,
        }
    }

    /// The kind that a database number stands for; an unknown number is `Other`.
    #[must_use]
    pub const fn from_code(code: i16) -> Kind {
        match code {
            1 => Kind::User,
            2 => Kind::Group,
            3 => Kind::Role,
            4 => Kind::AdministrativeUnit,
            20 => Kind::ServicePrincipal,
            21 => Kind::Device,
            22 => Kind::Contact,
            23 => Kind::Licence,
            _ => Kind::Other,
        }
    }

    /// The word for it in addresses and queries.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Role => "role",
            Kind::AdministrativeUnit => "administrative-unit",
            Kind::ServicePrincipal => "service-principal",
            Kind::Device => "device",
            Kind::Contact => "contact",
            Kind::Licence => "licence",
            Kind::Other => "other",
        }
    }

    /// The kind that `slug` names.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Kind> {
        [
            Kind::User,
            Kind::Group,
            Kind::Role,
            Kind::AdministrativeUnit,
            Kind::ServicePrincipal,
            Kind::Device,
            Kind::Contact,
            Kind::Licence,
            Kind::Other,
        ]
        .into_iter()
        .find(|k| k.slug() == slug)
    }

    /// The kind that an `@odata.type` annotation names.
    #[must_use]
    pub fn from_odata(odata_type: &str) -> Kind {
        match odata_type.trim_start_matches('#') {
            "microsoft.graph.user" => Kind::User,
            "microsoft.graph.group" => Kind::Group,
            "microsoft.graph.unifiedRoleDefinition" | "microsoft.graph.directoryRole" => Kind::Role,
            "microsoft.graph.administrativeUnit" => Kind::AdministrativeUnit,
            "microsoft.graph.servicePrincipal" => Kind::ServicePrincipal,
            "microsoft.graph.device" => Kind::Device,
            "microsoft.graph.orgContact" => Kind::Contact,
            _ => Kind::Other,
        }
    }

    /// One of them, as a person says it.
    #[must_use]
    pub const fn singular(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Role => "role",
            Kind::AdministrativeUnit => "administrative unit",
            Kind::ServicePrincipal => "service principal",
            Kind::Device => "device",
            Kind::Contact => "contact",
            Kind::Licence => "licence",
            Kind::Other => "object",
        }
    }

    /// Several of them, as a heading.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Kind::User => "Users",
            Kind::Group => "Groups",
            Kind::Role => "Roles",
            Kind::AdministrativeUnit => "Administrative units",
            Kind::ServicePrincipal => "Service principals",
            Kind::Device => "Devices",
            Kind::Contact => "Contacts",
            Kind::Licence => "Licences",
            Kind::Other => "Other objects",
        }
    }
}

/// A typed edge between two objects. The source is the object on which Graph writes the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// group → member
    Member,
    /// group → owner
    Owner,
    /// user → manager
    Manager,
    /// role → principal, told apart by scope; standing assignments only
    RoleAssignment,
    /// role → principal, told apart by scope; an eligible role in use for a while. Shown, but never a
    /// change and never restored.
    ActivatedRole,
    /// administrative unit → member
    UnitMember,
    /// user → license, told apart by where it comes from (empty: assigned directly)
    Licence,
    /// group → license, assigned to the group for its members
    GroupLicense,
}

impl LinkKind {
    pub const ALL: [LinkKind; 8] = [
        LinkKind::Member,
        LinkKind::Owner,
        LinkKind::Manager,
        LinkKind::RoleAssignment,
        LinkKind::ActivatedRole,
        LinkKind::UnitMember,
        LinkKind::Licence,
        LinkKind::GroupLicense,
    ];

    /// The number that stands for the link kind in the database. Never reused, never changed.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            LinkKind::Member => 1,
            LinkKind::Owner => 2,
            LinkKind::Manager => 3,
            LinkKind::RoleAssignment => 4,
            LinkKind::ActivatedRole => 5,
            LinkKind::UnitMember => 6,
            LinkKind::Licence => 7,
            LinkKind::GroupLicense => 8,
        }
    }

    #[must_use]
    pub fn from_code(code: i16) -> Option<LinkKind> {
        LinkKind::ALL.into_iter().find(|k| k.code() == code)
    }

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            LinkKind::Member => "member",
            LinkKind::Owner => "owner",
            LinkKind::Manager => "manager",
            LinkKind::RoleAssignment => "role-assignment",
            LinkKind::ActivatedRole => "activated-role",
            LinkKind::UnitMember => "unit-member",
            LinkKind::Licence => "licence",
            LinkKind::GroupLicense => "group-license",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<LinkKind> {
        LinkKind::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// What the page of the source calls the far ends.
    #[must_use]
    pub const fn from_source(self) -> &'static str {
        match self {
            LinkKind::Member | LinkKind::UnitMember => "Members",
            LinkKind::Owner => "Owners",
            LinkKind::Manager => "Manager",
            LinkKind::RoleAssignment => "Assigned to",
            LinkKind::ActivatedRole => "In use by (temporary)",
            LinkKind::Licence => "Licences",
            LinkKind::GroupLicense => "Licenses of members",
        }
    }

    /// What the page of the target calls the far ends.
    #[must_use]
    pub const fn from_target(self) -> &'static str {
        match self {
            LinkKind::Member => "Member of",
            LinkKind::Owner => "Owner of",
            LinkKind::Manager => "Direct reports",
            LinkKind::RoleAssignment => "Roles",
            LinkKind::ActivatedRole => "Roles in use (temporary)",
            LinkKind::UnitMember => "Administrative units",
            LinkKind::Licence => "Held by",
            LinkKind::GroupLicense => "Assigned to groups",
        }
    }

    /// Whether a source can hide these links from apps that lack Member.Read.Hidden.
    #[must_use]
    pub const fn can_be_hidden(self) -> bool {
        matches!(self, LinkKind::Member | LinkKind::UnitMember)
    }

    /// Whether a difference in such links is a change that somebody made.
    #[must_use]
    pub const fn is_change(self) -> bool {
        !matches!(self, LinkKind::ActivatedRole)
    }
}
