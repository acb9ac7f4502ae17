use super::{Attribute, Descriptor, LinkSpec, Obstacle, Restorable, Route, Type};
use crate::kind::{Kind, LinkKind};
use crate::permission as p;

/// Source: Graph `administrativeUnit` resource.
pub(super) const UNIT: Descriptor = Descriptor {
    kind: Kind::AdministrativeUnit,
    collection: "/directory/administrativeUnits",
    route: Route::Delta,
    bin: Some("/directory/deletedItems/microsoft.graph.administrativeUnit"),
    bin_is_dated: true,
    bin_items: super::DELETED_ITEMS,
    odata_type: "#microsoft.graph.administrativeUnit",
    read: p::READ_UNITS,
    read_basic: None,
    write: p::WRITE_UNITS,
    restore: p::WRITE_UNITS,
    attributes: &[
        Attribute::text("displayName", "Display name").cloud().required(),
        Attribute::text("description", "Description").cloud(),
        Attribute::text("visibility", "Visibility").cloud(),
        Attribute::text("membershipType", "Membership type").cloud(),
        Attribute::text("membershipRule", "Membership rule").cloud(),
        Attribute::text("membershipRuleProcessingState", "Rule processing").cloud(),
        Attribute::new(
            "isMemberManagementRestricted",
            "Restricted management",
            Type::Flag,
            Restorable::Never(Obstacle::CreateOnly),
        ),
    ],
    links: &[LinkSpec { kind: LinkKind::UnitMember, read: p::READ_UNITS, write: p::WRITE_UNITS }],
};
