//! Who may call what: the application permissions of each route.
//!
//! Unless a comment names another source, a list is the application column of Microsoft's own table
//! (microsoftgraph/microsoft-graph-devx-content, `permissions/new/permissions.json`, August 2026):
//! least privileged and higher ones alike, as far as this service knows the permission (see
//! `auth::permissions`). A permission that the table leaves out opens nothing, however high it sounds.
//! `…/$count`, `…/$ref` and `…/microsoft.graph.{type}` follow the path that they qualify.

use crate::call::Call;
use crate::schema::user;
use crate::state::Kind;

/// Permissions any one of which opens a route.
pub(crate) type Any = &'static [&'static str];

pub(crate) const USERS: Any = &[
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// What shows more of a user than the basic profile; also delta, managers, reports and owned objects.
pub(crate) const USERS_FULL: Any =
    &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const USER_MEMBER_OF: Any =
    &["GroupMember.ReadBasic.All", "Group.ReadBasic.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const USER_TRANSITIVE: Any = &[
    "User.Read.All",
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const LICENSE_DETAILS: Any = &[
    "LicenseAssignment.Read.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

pub(crate) const GROUPS: Any = &[
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const MEMBERS: Any = &[
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
];
pub(crate) const OWNERS: Any = &[
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
];
pub(crate) const GROUP_MEMBER_OF: Any = &[
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

pub(crate) const ROLES: Any = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const ROLE_DEFINITIONS: Any = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const DELETED_ROLE_DEFINITIONS: Any =
    &["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory"];
pub(crate) const ACTIVE: Any = &[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
];
pub(crate) const ELIGIBLE: Any = &[
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
];
/// The table has no row for the delta of units; administrativeunit-delta asks for what the list takes.
pub(crate) const UNITS: Any = &[
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

pub(crate) const SERVICE_PRINCIPALS: Any =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];
pub(crate) const SERVICE_PRINCIPAL: Any =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const DEVICES: Any =
    &["Device.Read.All", "Device.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// The table has no row for contacts: orgcontact-list and orgcontact-get.
pub(crate) const CONTACTS: Any = &["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// orgcontact-list-memberof.
pub(crate) const CONTACT_MEMBER_OF: Any =
    &["OrgContact.Read.All", "Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// Looking up any kind of object takes the permission for every kind.
pub(crate) const OBJECTS: Any = &["Directory.Read.All"];

pub(crate) const ORGANIZATIONS: Any = &[
    "User.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const ORGANIZATION: Any = &["User.Read.All"];
pub(crate) const DOMAINS: Any = &["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"];
pub(crate) const SKUS: Any = &[
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const AUDITS: Any = &["AuditLog.Read.All", "Directory.Read.All"];

pub(crate) const USER_WRITE: Any = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
/// The table's row, and two permissions for one property each that user-update names.
pub(crate) const USER_PATCH: Any = &[
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
    "User.EnableDisableAccount.All",
    "User-Phone.ReadWrite.All",
    "User-Mail.ReadWrite.All",
    "User-PasswordProfile.ReadWrite.All",
    "User.ManageIdentities.All",
    "User-LifeCycleInfo.ReadWrite.All",
    "CustomSecAttributeAssignment.ReadWrite.All",
];
pub(crate) const USER_DELETE: Any = &["User.DeleteRestore.All", "User.ReadWrite.All"];
pub(crate) const USER_LICENSES: Any =
    &["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];

pub(crate) const GROUP_CREATE: Any = &["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
pub(crate) const GROUP_WRITE: Any = &["Group.ReadWrite.All", "Directory.ReadWrite.All"];
/// The table has no row for adding members; group-post-members gives these for `members/$ref` and for
/// `PATCH /groups/{id}` with `members@odata.bind`, and one more by the kind of the member (see
/// `members::check_add`).
pub(crate) const MEMBERS_WRITE: Any =
    &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
pub(crate) const GROUP_DELETE: Any = &["Group.ReadWrite.All"];
pub(crate) const GROUP_LICENSES: Any =
    &["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

pub(crate) const ROLE_WRITE: Any = &["RoleManagement.ReadWrite.Directory"];
pub(crate) const ROLE_DEFINITION_WRITE: Any =
    &["RoleManagement.ReadWrite.Directory", "Directory.ReadWrite.All"];
pub(crate) const ACTIVE_WRITE: Any =
    &["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"];
pub(crate) const ELIGIBLE_WRITE: Any =
    &["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"];
/// The table's row for adding members also covers creating a group in the unit, and does not tell the
/// two apart; adding takes this one (administrativeunit-post-members).
pub(crate) const UNIT_WRITE: Any = &["AdministrativeUnit.ReadWrite.All"];
pub(crate) const SERVICE_PRINCIPAL_WRITE: Any = &["Application.ReadWrite.All", "Directory.ReadWrite.All"];
pub(crate) const DEVICE_WRITE: Any = &["Device.ReadWrite.All", "Directory.ReadWrite.All"];
pub(crate) const DEVICE_DELETE: Any = &["Device.ReadWrite.All"];
pub(crate) const ORGANIZATION_WRITE: Any = &["Organization.ReadWrite.All"];

/// The recycle bin. The table's row for restoring names the permissions of users only and does not tell
/// the kinds apart, and there is none for reading: the pages `directory-deleteditems-*` give for each kind
/// what reading and writing the live object takes. The handlers ask, because only they know the kind.
pub(crate) const BY_KIND: Any = &[];

/// What reads an object of a kind: live, in the recycle bin, or as the end of a link.
pub(crate) fn readers(kind: Kind) -> Any {
    match kind {
        Kind::User => USERS,
        Kind::Group => GROUPS,
        Kind::Unit => UNITS,
        Kind::Role => ROLES,
        Kind::RoleDef => ROLE_DEFINITIONS,
        Kind::Sp => SERVICE_PRINCIPAL,
        Kind::Device => DEVICES,
        Kind::Contact => CONTACTS,
    }
}

/// What lists the recycle bin of a kind (directory-deleteditems-list).
pub(crate) fn bin_readers(kind: Kind) -> Any {
    match kind {
        Kind::User => {
            &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]
        }
        Kind::Group => {
            &["Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]
        }
        Kind::Role | Kind::RoleDef => DELETED_ROLE_DEFINITIONS,
        other => readers(other),
    }
}

/// What restores from the recycle bin or deletes permanently (directory-deleteditems-restore, -delete).
pub(crate) fn bin_writers(kind: Kind) -> Any {
    match kind {
        Kind::User => USER_DELETE,
        Kind::Group => GROUP_DELETE,
        Kind::Unit => UNIT_WRITE,
        Kind::RoleDef | Kind::Role => ROLE_WRITE,
        Kind::Sp => &["Application.ReadWrite.All"],
        Kind::Device | Kind::Contact => &["Directory.ReadWrite.All"],
    }
}

/// How much of an object an answer shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sight {
    /// Everything that was selected.
    Full,
    /// The basic profile; everything else is empty.
    Basic,
    /// Type and id; everything else is null.
    Identity,
}

/// What the permissions of a call show of a kind. Beside the basic profile
/// (<https://learn.microsoft.com/graph/api/resources/users>) this is Microsoft's "limited information
/// returned for inaccessible member objects" (<https://learn.microsoft.com/graph/permissions-overview>).
pub(crate) fn sight(call: &Call, kind: Kind) -> Sight {
    if !call.can(readers(kind)) {
        Sight::Identity
    } else if kind == Kind::User && !call.can(USERS_FULL) {
        Sight::Basic
    } else {
        Sight::Full
    }
}

/// The properties of a user's basic profile, a bit each.
pub(crate) const BASIC_PROFILE: u128 = 1 << user::ID
    | 1 << user::DISPLAY_NAME
    | 1 << user::GIVEN_NAME
    | 1 << user::MAIL
    | 1 << user::SURNAME
    | 1 << user::UPN
    | 1 << user::SID;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use serde_json::Value;

    use crate::auth::permissions::APP_ROLES;
    use crate::routes::table;

    type Rows = BTreeMap<(String, String), BTreeSet<String>>;

    /// Microsoft's table, where it is at hand: method and path in lower case to permissions.
    fn microsoft() -> Option<Rows> {
        let shared = std::env::var_os("HOLDFAST_TEST_SHARED_DATA")
            .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
        let file = PathBuf::from(shared).join("graph-permissions.json");
        let Ok(text) = std::fs::read_to_string(&file) else {
            println!("skipped: {} is not here", file.display());
            return None;
        };
        let all: Value = serde_json::from_str(&text).unwrap();
        let mut rows = Rows::new();
        for (permission, facts) in all["permissions"].as_object().unwrap() {
            for set in facts["pathSets"].as_array().unwrap() {
                let has = |key: &str, value: &str| set[key].as_array().unwrap().iter().any(|v| v == value);
                if !has("schemeKeys", "Application") {
                    continue;
                }
                for method in set["methods"].as_array().unwrap() {
                    for path in set["paths"].as_object().unwrap().keys() {
                        let key = (method.as_str().unwrap().to_owned(), plain(path));
                        rows.entry(key).or_default().insert(permission.clone());
                    }
                }
            }
        }
        Some(rows)
    }

    /// A path without the names of its placeholders and without what qualifies it.
    fn plain(path: &str) -> String {
        let parts = path.split('/').filter(|part| {
            !matches!(*part, "$ref" | "$count" | "microsoft.graph.{type}") && !part.is_empty()
        });
        parts.fold(String::new(), |text, part| {
            let part = part.strip_prefix("microsoft.graph.").unwrap_or(part);
            text + "/" + &if part.starts_with('{') { "{id}".to_owned() } else { part.to_lowercase() }
        })
    }

    /// Where another source decides, and which: the comments above say why.
    const ELSEWHERE: &[(&str, &str)] = &[
        ("GET", "/directory/administrativeunits/delta"),
        ("GET", "/contacts"),
        ("GET", "/contacts/{id}"),
        ("GET", "/contacts/{id}/memberof"),
        ("POST", "/groups/{id}/members"),
        ("PATCH", "/groups/{id}"),
        ("PATCH", "/users/{id}"),
        ("POST", "/directory/administrativeunits/{id}/members"),
        ("GET", "/directory/deleteditems"),
        ("GET", "/directory/deleteditems/{id}"),
        ("POST", "/directory/deleteditems/{id}/restore"),
        ("DELETE", "/directory/deleteditems/{id}"),
    ];

    #[test]
    fn every_route_opens_for_exactly_the_permissions_that_microsoft_lists() {
        let Some(rows) = microsoft() else { return };
        let known: BTreeSet<&str> = APP_ROLES.iter().map(|role| role.name).collect();
        let mut wrong = Vec::new();
        for route in table::routes() {
            let key = (route.method.to_string(), plain(route.path));
            if ELSEWHERE.iter().any(|(method, path)| *method == key.0 && *path == key.1) {
                continue;
            }
            let ours: BTreeSet<&str> = route.any.iter().copied().collect();
            let theirs: BTreeSet<&str> = rows
                .get(&key)
                .map(|row| row.iter().map(String::as_str).filter(|p| known.contains(p)).collect())
                .unwrap_or_default();
            if ours != theirs {
                wrong.push(format!("{} {}: {ours:?}, Microsoft has {theirs:?}", route.method, route.path));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_exception_is_one_and_every_permission_is_known() {
        for (method, path) in ELSEWHERE {
            let found = table::routes().any(|r| r.method == *method && plain(r.path) == *path);
            assert!(found, "{method} {path}");
        }
        for route in table::routes() {
            for permission in route.any {
                assert!(APP_ROLES.iter().any(|r| r.name == *permission), "{permission}");
            }
        }
    }
}
