//! Application permissions of Microsoft Graph, and those that the simulated app holds unless told
//! otherwise.

/// One application permission, as Graph's own service principal declares it.
pub(crate) struct AppRole {
    pub(crate) name: &'static str,
    pub(crate) id: &'static str,
    /// What a consent page says.
    pub(crate) says: &'static str,
    /// Granted from the start: what the product's permissions page asks for, and no more.
    pub(crate) granted: bool,
}

const fn role(name: &'static str, id: &'static str, says: &'static str) -> AppRole {
    AppRole { name, id, says, granted: false }
}

const fn granted(name: &'static str, id: &'static str, says: &'static str) -> AppRole {
    AppRole { name, id, says, granted: true }
}

/// The permissions that this service knows, with Microsoft's ids.
pub(crate) static APP_ROLES: &[AppRole] = &[
    granted(
        "AdministrativeUnit.Read.All",
        "134fd756-38ce-4afd-ba33-e9623dbe66c2",
        "Read all administrative units",
    ),
    granted(
        "AdministrativeUnit.ReadWrite.All",
        "5eb59dd3-1da2-4329-8733-9dabdc435916",
        "Read and write all administrative units",
    ),
    role(
        "AppRoleAssignment.ReadWrite.All",
        "06b708a9-e830-4db3-a914-8e69da51d44f",
        "Manage app permission grants and app role assignments",
    ),
    granted("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Read all applications"),
    role(
        "Application.ReadWrite.All",
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        "Read and write all applications",
    ),
    granted("AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da", "Read all audit log data"),
    role(
        "CustomSecAttributeAssignment.Read.All",
        "3b37c5a4-1226-493d-bec3-5d6c6b866f3f",
        "Read custom security attribute assignments",
    ),
    role(
        "CustomSecAttributeAssignment.ReadWrite.All",
        "de89b5e4-5b8f-48eb-8925-29c2b33bd8bd",
        "Read and write custom security attribute assignments",
    ),
    role(
        "CustomSecAttributeDefinition.Read.All",
        "b185aa14-d8d2-42c1-a685-0f5596613624",
        "Read custom security attribute definitions",
    ),
    role(
        "DelegatedPermissionGrant.Read.All",
        "81b4724a-58aa-41c1-8a55-84ef97466587",
        "Read all delegated permission grants",
    ),
    role(
        "DelegatedPermissionGrant.ReadWrite.All",
        "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
        "Manage all delegated permission grants",
    ),
    granted("Device.Read.All", "7438b122-aefc-4978-80ed-43db9fcc7715", "Read all devices"),
    role("Device.ReadWrite.All", "1138cb37-bd11-4084-a2b7-9f71582aeddb", "Read and write devices"),
    role("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Read directory data"),
    role("Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Read and write directory data"),
    role("Domain.Read.All", "dbb9058a-0e50-45d7-ae91-66909b5d4664", "Read domains"),
    role("Domain.ReadWrite.All", "7e05723c-0bb0-42da-be95-ae9f08a6e53c", "Read and write domains"),
    role("EntraBackup.Read.All", "56eda3c5-3834-4815-bd41-6f8fa1295247", "Read Preview jobs and snapshots"),
    role(
        "Group-OnPremisesSyncBehavior.ReadWrite.All",
        "2d9bd318-b883-40be-9df7-63ec4fcdc424",
        "Read and update the on-premises sync behavior of groups",
    ),
    role("Group.Create", "bf7b1a76-6e77-406b-b258-bf5c7720e98f", "Create groups"),
    granted("Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b", "Read all groups"),
    // Microsoft's permission tables name the two ReadBasic permissions for groups; no list of app roles
    // seen so far has their ids, so these are the simulator's own.
    role(
        "Group.ReadBasic.All",
        "00000000-0000-4000-8000-00000000a001",
        "Read basic information of all groups",
    ),
    granted("Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09", "Read and write all groups"),
    role("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6", "Read all group memberships"),
    granted(
        "GroupMember.ReadBasic.All",
        "00000000-0000-4000-8000-00000000a002",
        "Read basic information of all group memberships",
    ),
    granted(
        "GroupMember.ReadWrite.All",
        "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
        "Read and write all group memberships",
    ),
    role("GroupSettings.Read.All", "f3c4f514-c65a-43f5-bfce-1735872258dd", "Read all group settings"),
    granted(
        "LicenseAssignment.Read.All",
        "e2f98668-2877-4f38-a2f4-8202e0717aa1",
        "Read all license assignments.",
    ),
    granted(
        "LicenseAssignment.ReadWrite.All",
        "5facf0c1-8979-4e95-abcf-ff3d079771c0",
        "Manage all license assignments",
    ),
    granted("Member.Read.Hidden", "658aa5d8-239f-45c4-aa12-864f4fc7e490", "Read all hidden memberships"),
    granted("OrgContact.Read.All", "e1a88a34-94c4-4418-be12-c87b00e26bea", "Read organizational contacts"),
    role("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", "Read organization information"),
    role(
        "Organization.ReadWrite.All",
        "292d869f-3427-49a8-9dab-8c70152b74e9",
        "Read and write organization information",
    ),
    role("Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68", "Read your organization's policies"),
    role(
        "Policy.Read.AuthenticationMethod",
        "8e3bc81b-d2f3-4b7b-838c-32c88218d2f0",
        "Read authentication method policies",
    ),
    role(
        "Policy.Read.ConditionalAccess",
        "37730810-e9ba-4e46-b07e-8ca78d182097",
        "Read your organization's conditional access policies",
    ),
    role(
        "Policy.ReadWrite.AuthenticationMethod",
        "29c18626-4985-4dcd-85c0-193eef327366",
        "Read and write all authentication method policies",
    ),
    role(
        "Policy.ReadWrite.Authorization",
        "fb221be6-99f2-473f-bd32-01c6a0e9ca3b",
        "Read and write your organization's authorization policy",
    ),
    role(
        "Policy.ReadWrite.ConditionalAccess",
        "01c0a623-fc9b-48e9-b794-0756f8e8f067",
        "Read and write your organization's conditional access policies",
    ),
    role(
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        "edb419d6-7edc-42a3-9345-509bfdf5d87c",
        "Read eligibility schedules for access to Azure AD groups",
    ),
    granted(
        "RoleAssignmentSchedule.Read.Directory",
        "d5fe8ce8-684c-4c83-a52c-46e882ce4be1",
        "Read all active role assignments and role schedules for your company's directory",
    ),
    role(
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
        "Read, update, and delete all policies for privileged role assignments of your company's directory",
    ),
    role(
        "RoleEligibilitySchedule.Read.Directory",
        "ff278e11-4a33-4d0c-83d2-d01dc58929a5",
        "Read all eligible role assignments and role schedules for your company's directory",
    ),
    role(
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "fee28b28-e1f3-4841-818e-2704dc62245f",
        "Read, update, and delete all eligible role assignments and schedules for your company's directory",
    ),
    role(
        "RoleManagement.Read.All",
        "c7fbd983-d9aa-4fa7-84b8-17382c103bc4",
        "Read role management data for all RBAC providers",
    ),
    granted(
        "RoleManagement.Read.Directory",
        "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
        "Read all directory RBAC settings",
    ),
    granted(
        "RoleManagement.ReadWrite.Directory",
        "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
        "Read and write all directory RBAC settings",
    ),
    role(
        "User-LifeCycleInfo.Read.All",
        "8556a004-db57-4d7a-8b82-97a13428e96f",
        "Read all users' lifecycle information",
    ),
    role(
        "User-LifeCycleInfo.ReadWrite.All",
        "925f1248-0f97-47b9-8ec8-538c54e01325",
        "Read and write all users' lifecycle information",
    ),
    role(
        "User-Mail.ReadWrite.All",
        "280d0935-0796-47d1-8d26-273470a3f17a",
        "Read and write all secondary mail addresses for users",
    ),
    role(
        "User-OnPremisesSyncBehavior.ReadWrite.All",
        "a94a502d-0281-4d15-8cd2-682ac9362c4c",
        "Read and update the on-premises sync behavior of users",
    ),
    role(
        "User-PasswordProfile.ReadWrite.All",
        "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
        "Read and write all password profiles and reset user passwords",
    ),
    role(
        "User-Phone.ReadWrite.All",
        "86ceff06-c822-49ff-989a-d912845ffe69",
        "Read and write all user mobile phone and business phones",
    ),
    role("User.DeleteRestore.All", "eccc023d-eccf-4e7b-9683-8813ab36cecc", "Delete and restore all users"),
    role(
        "User.EnableDisableAccount.All",
        "3011c876-62b7-4ada-afa2-506cbbecc68c",
        "Enable and disable user accounts",
    ),
    role("User.ManageIdentities.All", "c529cfca-c91b-489c-af2b-d92990b66ce6", "Manage all users' identities"),
    granted("User.Read.All", "df021288-bdef-4463-88db-98f22de89214", "Read all users' full profiles"),
    role("User.ReadBasic.All", "97235f07-e226-4f63-ace3-39588e11d3a1", "Read all users' basic profiles"),
    granted(
        "User.ReadWrite.All",
        "741f803b-c850-494e-b5df-cde7c675a1ca",
        "Read and write all users' full profiles",
    ),
    role(
        "User.RevokeSessions.All",
        "77f3a031-c388-4f99-b373-dc68676a979e",
        "Revoke all sign in sessions for a user",
    ),
    role(
        "UserAuthenticationMethod.Read.All",
        "38d9df27-64da-44fd-b7c5-a6fbac20248f",
        "Read all users' authentication methods",
    ),
    role(
        "UserAuthenticationMethod.ReadWrite.All",
        "50483e42-d915-4231-9639-7fdb7fd190e5",
        "Read and write all users' authentication methods ",
    ),
];

/// A permission by its name or its id.
pub(crate) fn find(name_or_id: &str) -> Option<&'static AppRole> {
    APP_ROLES.iter().find(|r| r.name == name_or_id || r.id.eq_ignore_ascii_case(name_or_id))
}

/// The names of what is granted from the start.
pub(crate) fn defaults() -> impl Iterator<Item = &'static str> {
    APP_ROLES.iter().filter(|r| r.granted).map(|r| r.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_known_by_its_name_and_by_its_id() {
        for (name, id) in [
            ("User-LifeCycleInfo.Read.All", "8556a004-db57-4d7a-8b82-97a13428e96f"),
            ("User-LifeCycleInfo.ReadWrite.All", "925f1248-0f97-47b9-8ec8-538c54e01325"),
        ] {
            assert_eq!(find(name).map(|r| r.id), Some(id));
            assert_eq!(find(id).map(|r| r.name), Some(name));
        }
        assert!(!defaults().any(|name| name.starts_with("Directory.")), "nothing that opens every kind");
        for pair in APP_ROLES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
    }
}
