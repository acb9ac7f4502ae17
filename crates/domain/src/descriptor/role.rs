use super::{Attribute, Descriptor, LinkSpec, Obstacle, Restorable, Route, Type};
use crate::kind::{Kind, LinkKind};
use crate::permission as p;

/// Source: Graph `unifiedRoleDefinition` and `unifiedRoleAssignment`; neither has delta. Built-in roles
/// are kept for reference: Microsoft changes them.
pub(super) const ROLE: Descriptor = Descriptor {
    kind: Kind::Role,
    collection: "/roleManagement/directory/roleDefinitions",
    route: Route::List,
    // Custom roles only, and only in the global cloud.
    // Source: <https://learn.microsoft.com/graph/api/rbacapplication-list-deleteditems>.
    bin: Some("/roleManagement/directory/deletedItems/roleDefinitions"),
    // Source: Graph v1.0 schema, `unifiedRoleDefinition`, which has no `deletedDateTime`.
    bin_is_dated: false,
    bin_items: "/roleManagement/directory/deletedItems/roleDefinitions",
    odata_type: "#microsoft.graph.unifiedRoleDefinition",
    read: p::READ_ROLES,
    read_basic: None,
    write: p::WRITE_ROLES,
    restore: p::WRITE_ROLES,
    attributes: &[
        Attribute::text("displayName", "Display name").cloud().required(),
        Attribute::text("description", "Description").cloud(),
        Attribute::fixed("isBuiltIn", "Built in", Type::Flag, Obstacle::ReadOnly),
        Attribute::new("isEnabled", "Enabled", Type::Flag, Restorable::Write).cloud().required(),
        Attribute::new("rolePermissions", "Permissions", Type::Set, Restorable::Write).cloud().required(),
        Attribute::fixed("templateId", "Template", Type::Text, Obstacle::CreateOnly),
        Attribute::text("version", "Version").cloud(),
    ],
    links: &[
        LinkSpec { kind: LinkKind::RoleAssignment, read: p::READ_ROLES, write: p::WRITE_ROLES },
        LinkSpec { kind: LinkKind::ActivatedRole, read: p::READ_ROLE_INSTANCES, write: p::WRITE_ROLES },
    ],
};
