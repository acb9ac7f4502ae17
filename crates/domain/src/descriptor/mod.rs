//! Kinds are data: one descriptor a kind says where it is read, what is read, what each part needs and
//! what can be put back. Capture, compare, search, restore and the permissions page read the same
//! descriptors; adding a kind is adding a descriptor.
//!
//! Source: Microsoft Graph v1.0 schema and reference (August 2026).

mod group;
mod role;
mod unit;
mod user;

use crate::capture::KindProfile;
use crate::kind::{Kind, LinkKind};
use crate::permission::AnyOf;

/// Rises when a descriptor changes in a way that makes versions read under the old one incomparable.
pub const DESCRIPTOR_VERSION: i32 = 1;

/// How a complete first state of a kind is read at the least cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Ask for a delta cursor, read the list, then read that delta once.
    CursorThenList,
    /// Read delta from an empty token: it brings the links along.
    Delta,
    /// The list every time: small, or without delta.
    List,
}

/// The shape of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Flag,
    Time,
    /// A collection without order.
    Set,
    /// A complex value.
    Complex,
}

/// Why a value cannot be put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// Entra computes it.
    ReadOnly,
    /// Fixed when the object is made.
    CreateOnly,
    /// Exchange Online owns it.
    Exchange,
    /// Mastered in the on-premises directory.
    Synced,
    /// Members follow from a rule.
    DynamicMembership,
    /// Microsoft maintains built-in roles.
    BuiltIn,
    /// The licence comes from a group; put the membership back instead.
    Inherited,
    /// An eligible role in use for a while.
    Temporary,
    /// A role assignment that ends by itself.
    TimeBound,
    /// The object is gone from the recycle bin.
    Purged,
    /// A created object is never removed as part of a restore.
    CreatedSince,
    /// One of the two snapshots did not read it.
    NotCaptured,
    /// It had no value then, and Entra does not accept an empty one.
    Required,
}

impl Obstacle {
    /// What to tell a person: why, and where to go instead.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Obstacle::ReadOnly => "Entra computes this value; it cannot be written.",
            Obstacle::CreateOnly => "Entra fixes this value when the object is made.",
            Obstacle::Exchange => "Managed by Exchange Online; change it in the Exchange admin centre.",
            Obstacle::Synced => "Synced from the on-premises directory; recover it there.",
            Obstacle::DynamicMembership => {
                "Members follow from the group's rule; restore the rule or the attributes it reads."
            }
            Obstacle::BuiltIn => "Microsoft maintains built-in roles.",
            Obstacle::Inherited => "This licence comes from a group; restore the membership instead.",
            Obstacle::Temporary => "An eligible role in use for a while; it is never made permanent.",
            Obstacle::TimeBound => {
                "This assignment is time-bound; assign it again in Privileged Identity Management with its end."
            }
            Obstacle::Purged => {
                "Deleted for good: no longer in Entra's recycle bin, so it cannot be brought back as it was."
            }
            Obstacle::CreatedSince => {
                "Created since. What was created is not deleted; remove it in Entra if it should go."
            }
            Obstacle::NotCaptured => "Not read in one of the two snapshots, so there is nothing to compare.",
            Obstacle::Required => {
                "It had no value then, and Entra does not accept an empty one; set the value you want in Entra."
            }
        }
    }
}

/// How an attribute is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restorable {
    /// One PATCH with others of its class.
    Write,
    /// Like `Write`, but for administrators Graph also asks for a directory role.
    Sensitive,
    /// A PATCH of its own, with its own permission.
    Separate(AnyOf),
    Never(Obstacle),
}

/// One attribute of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Graph's name for it.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    pub shape: Type,
    pub restorable: Restorable,
    /// Read-only in the cloud while the object is synced from on-premises.
    pub mastered: bool,
    /// Changes by itself: shown "as of", never a change, not asked of delta.
    pub volatile: bool,
    /// An empty value cannot be written.
    pub required: bool,
    /// Part of the basic profile, which lesser permissions show as well.
    pub basic: bool,
}

impl Attribute {
    const fn new(name: &'static str, label: &'static str, shape: Type, restorable: Restorable) -> Attribute {
        Attribute {
            name,
            label,
            shape,
            restorable,
            mastered: true,
            volatile: false,
            required: false,
            basic: false,
        }
    }
    const fn text(name: &'static str, label: &'static str) -> Attribute {
        Attribute::new(name, label, Type::Text, Restorable::Write)
    }
    const fn fixed(name: &'static str, label: &'static str, shape: Type, why: Obstacle) -> Attribute {
        Attribute::new(name, label, shape, Restorable::Never(why))
    }
    const fn cloud(mut self) -> Attribute {
        self.mastered = false;
        self
    }
    const fn volatile(mut self) -> Attribute {
        self.volatile = true;
        self
    }
    const fn required(mut self) -> Attribute {
        self.required = true;
        self
    }
    const fn basic(mut self) -> Attribute {
        self.basic = true;
        self
    }
}

/// One kind of link that a kind is the source of.
#[derive(Clone, Copy, Debug)]
pub struct LinkSpec {
    pub kind: LinkKind,
    pub read: AnyOf,
    pub write: AnyOf,
}

/// Everything Holdfast knows about a kind.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    pub kind: Kind,
    /// The collection, below `/v1.0`.
    pub collection: &'static str,
    pub route: Route,
    /// Where soft-deleted ones are listed; none where Graph has no bin for the kind.
    pub bin: Option<&'static str>,
    /// Whether Graph says when an object was put there.
    pub bin_is_dated: bool,
    /// The collection in which a soft-deleted one is found by its id.
    pub bin_items: &'static str,
    /// Graph's name for the type.
    pub odata_type: &'static str,
    pub attributes: &'static [Attribute],
    pub links: &'static [LinkSpec],
    /// What reading every attribute needs.
    pub read: AnyOf,
    /// What reading the basic attributes needs, where Graph offers that; all others come as null then.
    pub read_basic: Option<AnyOf>,
    pub write: AnyOf,
    /// What bringing one back from the bin needs.
    pub restore: AnyOf,
}

impl Descriptor {
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The `$select` of a list, of the bin, or of a single object: what a profile shows of the kind.
    #[must_use]
    pub fn list_select(&self, own: &KindProfile) -> String {
        let mut select = self.select(own, |_| true);
        if own.relations.contains(&LinkKind::Licence) {
            // Tells licences assigned directly from those that come from a group.
            select.push_str(",licenseAssignmentStates");
        }
        if own.relations.contains(&LinkKind::GroupLicense) {
            select.push_str(",assignedLicenses");
        }
        select
    }

    /// The `$select` of a delta: without what changes by itself, with the links that delta brings.
    #[must_use]
    pub fn delta_select(&self, own: &KindProfile) -> String {
        let mut select = self.select(own, |a| !a.volatile);
        for property in self
            .links
            .iter()
            .filter(|l| own.relations.contains(&l.kind))
            .filter_map(|l| delta_property(l.kind))
        {
            select.push(',');
            select.push_str(property);
        }
        if own.relations.contains(&LinkKind::GroupLicense) || own.relations.contains(&LinkKind::Licence) {
            // Of users it names those whose licences change; where these come from is then read directly.
            select.push_str(",assignedLicenses");
        }
        select
    }

    fn select(&self, own: &KindProfile, with: impl Fn(&Attribute) -> bool) -> String {
        let mut select = String::from("id");
        for a in self.attributes.iter().filter(|a| own.attributes.contains(a.name) && with(a)) {
            select.push(',');
            select.push_str(a.name);
        }
        select
    }

    #[must_use]
    pub fn link(&self, kind: LinkKind) -> Option<&'static LinkSpec> {
        self.links.iter().find(|l| l.kind == kind)
    }
}

/// The navigation property by which delta brings a link, as in `members@delta`.
#[must_use]
pub const fn delta_property(kind: LinkKind) -> Option<&'static str> {
    match kind {
        LinkKind::Member | LinkKind::UnitMember => Some("members"),
        LinkKind::Owner => Some("owners"),
        LinkKind::Manager => Some("manager"),
        LinkKind::RoleAssignment | LinkKind::ActivatedRole | LinkKind::Licence | LinkKind::GroupLicense => {
            None
        }
    }
}

/// Where most kinds are found in the recycle bin by their id.
const DELETED_ITEMS: &str = "/directory/deletedItems";

/// The descriptors of all captured kinds.
pub const DESCRIPTORS: [&Descriptor; 4] = [&user::USER, &group::GROUP, &role::ROLE, &unit::UNIT];

/// The descriptor of a captured kind.
#[must_use]
pub fn of(kind: Kind) -> Option<&'static Descriptor> {
    DESCRIPTORS.into_iter().find(|d| d.kind == kind)
}

/// The kind whose objects are the sources of links of `kind`.
#[must_use]
pub fn owner(kind: LinkKind) -> Kind {
    DESCRIPTORS.into_iter().find(|d| d.link(kind).is_some()).map_or(Kind::Other, |d| d.kind)
}

/// The link descriptor of `kind`, wherever it starts.
#[must_use]
pub fn link(kind: LinkKind) -> Option<&'static LinkSpec> {
    DESCRIPTORS.into_iter().find_map(|d| d.link(kind))
}
