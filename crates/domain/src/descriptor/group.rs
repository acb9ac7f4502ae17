use super::{Attribute, Descriptor, LinkSpec, Obstacle, Restorable, Route, Type};
use crate::kind::{Kind, LinkKind};
use crate::permission as p;

/// Source: Graph `group` resource. Delta brings members and owners, and unlike the members list it does
/// not leave service principals out.
pub(super) const GROUP: Descriptor = Descriptor {
    kind: Kind::Group,
    collection: "/groups",
    route: Route::Delta,
    bin: Some("/directory/deletedItems/microsoft.graph.group"),
    bin_is_dated: true,
    bin_items: super::DELETED_ITEMS,
    odata_type: "#microsoft.graph.group",
    read: p::READ_GROUPS,
    read_basic: None,
    write: p::WRITE_GROUPS,
    restore: p::RESTORE_GROUPS,
    attributes: &[
        Attribute::text("displayName", "Display name").required(),
        Attribute::text("description", "Description"),
        Attribute::text("mailNickname", "Mail nickname").required(),
        Attribute::fixed("mail", "E-mail", Type::Text, Obstacle::Exchange),
        Attribute::fixed("proxyAddresses", "Proxy addresses", Type::Set, Obstacle::Exchange),
        Attribute::new("securityEnabled", "Security enabled", Type::Flag, Restorable::Write).required(),
        Attribute::fixed("mailEnabled", "Mail enabled", Type::Flag, Obstacle::CreateOnly),
        // Only the DynamicMembership entry can change; the restore planner sees to that.
        Attribute::new("groupTypes", "Group types", Type::Set, Restorable::Write),
        Attribute::text("visibility", "Visibility").required(),
        Attribute::text("membershipRule", "Membership rule"),
        Attribute::text("membershipRuleProcessingState", "Rule processing"),
        Attribute::text("classification", "Classification"),
        Attribute::text("preferredLanguage", "Preferred language"),
        Attribute::text("preferredDataLocation", "Preferred data location"),
        Attribute::text("theme", "Theme"),
        Attribute::fixed("isAssignableToRole", "Can hold roles", Type::Flag, Obstacle::CreateOnly),
        Attribute::fixed("onPremisesSyncEnabled", "Synced from on-premises", Type::Flag, Obstacle::ReadOnly),
        Attribute::fixed("onPremisesSamAccountName", "SAM account name", Type::Text, Obstacle::Synced),
        Attribute::fixed("onPremisesLastSyncDateTime", "Last sync", Type::Time, Obstacle::ReadOnly)
            .volatile(),
        Attribute::fixed("createdDateTime", "Created", Type::Time, Obstacle::ReadOnly),
        Attribute::fixed("renewedDateTime", "Renewed", Type::Time, Obstacle::ReadOnly).volatile(),
        Attribute::fixed("securityIdentifier", "Security identifier", Type::Text, Obstacle::ReadOnly),
    ],
    links: &[
        LinkSpec { kind: LinkKind::Member, read: p::READ_GROUPS, write: p::WRITE_MEMBERS },
        LinkSpec { kind: LinkKind::Owner, read: p::READ_GROUPS, write: p::WRITE_GROUPS },
        LinkSpec { kind: LinkKind::GroupLicense, read: p::READ_GROUPS, write: p::WRITE_LICENCES },
    ],
};
