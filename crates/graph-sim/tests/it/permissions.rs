//! What the application may do follows what it was granted.

use graph_sim::Options;
use serde_json::{Value, json};

use crate::support::{World, refused};

#[tokio::test]
async fn every_path_has_its_permission() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let group = w.plain_groups().remove(0);
    w.hold(&[]).await;
    for path in [
        "/users".to_owned(),
        "/users/delta".to_owned(),
        format!("/users/{user}"),
        "/groups".to_owned(),
        "/groups/delta".to_owned(),
        format!("/groups/{group}/members"),
        format!("/groups/{group}/owners"),
        "/directoryRoles".to_owned(),
        "/roleManagement/directory/roleDefinitions".to_owned(),
        "/roleManagement/directory/roleAssignments".to_owned(),
        "/roleManagement/directory/roleAssignmentScheduleInstances".to_owned(),
        "/roleManagement/directory/roleEligibilitySchedules".to_owned(),
        "/directory/administrativeUnits".to_owned(),
        "/directory/deletedItems/microsoft.graph.user".to_owned(),
        "/organization".to_owned(),
        "/subscribedSkus".to_owned(),
        "/auditLogs/directoryAudits".to_owned(),
    ] {
        refused(&w.get(&path).await, 403, "Authorization_RequestDenied");
    }
    w.hold(&["User.Read.All"]).await;
    w.get("/users").await.expect(200);
    w.get("/directory/deletedItems/microsoft.graph.user").await.expect(200);
    refused(
        &w.get("/directory/deletedItems/microsoft.graph.group").await,
        403,
        "Authorization_RequestDenied",
    );
    refused(&w.get("/users?$select=employeeLeaveDateTime").await, 403, "Authorization_RequestDenied");
    refused(
        &w.patch(&format!("/users/{user}"), json!({"city": "x"})).await,
        403,
        "Authorization_RequestDenied",
    );
    w.grant(&["User.EnableDisableAccount.All"], &[]).await;
    w.patch(&format!("/users/{user}"), json!({"accountEnabled": false})).await.expect(204);
    refused(
        &w.patch(&format!("/users/{user}"), json!({"city": "x"})).await,
        403,
        "Authorization_RequestDenied",
    );
    // Reading everything is not deleting: Directory.ReadWrite.All cannot.
    w.hold(&["Directory.ReadWrite.All"]).await;
    w.patch(&format!("/users/{user}"), json!({"city": "x"})).await.expect(204);
    refused(&w.delete(&format!("/users/{user}")).await, 403, "Authorization_RequestDenied");
    refused(&w.delete(&format!("/groups/{group}")).await, 403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn members_of_unreadable_types_show_only_their_id() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    w.hold(&["GroupMember.Read.All"]).await;
    let page =
        w.get(&format!("/groups/{group}/members?$select=id,displayName,accountEnabled")).await.expect(200);
    let users: Vec<&Value> =
        page.values().iter().filter(|m| m["@odata.type"] == "#microsoft.graph.user").collect();
    assert!(!users.is_empty());
    for user in users {
        assert!(user["id"].is_string());
        let map = user.as_object().unwrap();
        assert!(
            map.contains_key("displayName")
                && map["displayName"].is_null()
                && map["accountEnabled"].is_null()
        );
    }
}

#[tokio::test]
async fn hidden_membership_is_missing_without_its_own_permission() {
    let w = World::new().await;
    let group = w.groups(|g| g["visibility"] == "HiddenMembership").remove(0);
    let path = format!("/groups/{group}/members");
    let listed = w.get(&path).await.expect(200);
    let member = listed.values().iter().find(|m| m["@odata.type"] == "#microsoft.graph.user").unwrap();
    let above = format!("/users/{}/memberOf", member["id"].as_str().unwrap());
    let within = async || w.all(&above).await.iter().any(|c| c["id"] == *group);
    assert!(within().await);

    w.grant(&[], &["Member.Read.Hidden"]).await;
    assert!(w.get(&path).await.expect(200).values().is_empty(), "nothing is refused");
    assert!(!within().await);
    let (items, _) = w.round("/groups/delta?$select=members").await;
    assert!(items.iter().any(|g| g["id"] == *group), "the group itself shows");
    assert!(items.iter().filter(|g| g["id"] == *group).all(|g| g["members@delta"].is_null()));
}

fn claims(w: &World) -> Value {
    use base64::Engine;
    let part = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(w.token().split('.').nth(1).unwrap())
        .unwrap();
    serde_json::from_slice(&part).unwrap()
}

#[tokio::test]
async fn a_token_carries_what_was_granted_when_it_was_issued() {
    let w = World::new().await;
    w.hold(&["User.Read.All"]).await;
    assert_eq!(claims(&w)["roles"], json!(["User.Read.All"]));
    refused(&w.get("/groups").await, 403, "Authorization_RequestDenied");

    w.sim.permissions_for_new_tokens(&["Group.Read.All"], &["User.Read.All"]);
    refused(&w.get("/groups").await, 403, "Authorization_RequestDenied");
    w.get("/users").await.expect(200);
    w.sign_in().await;
    assert_eq!(claims(&w)["roles"], json!(["Group.Read.All"]));
    w.get("/groups").await.expect(200);
    refused(&w.get("/users").await, 403, "Authorization_RequestDenied");

    // Unless a test wants that, a change makes older tokens void, and the client asks for a new one.
    w.sim.permissions(&["User.Read.All"], &[]);
    refused(&w.get("/groups").await, 401, "InvalidAuthenticationToken");
    w.hold(&[]).await;
    assert!(claims(&w)["roles"].is_null(), "a token without roles is a token all the same");
}

/// The least of each need on the product's permissions page (crates/domain/src/permission.rs).
#[tokio::test]
async fn an_application_begins_with_what_the_product_asks_for() {
    let w = World::as_asked_for(Options { users: 120, groups: 40, ..Options::default() }).await;
    assert_eq!(
        w.sim.granted(),
        [
            "AdministrativeUnit.Read.All",
            "AdministrativeUnit.ReadWrite.All",
            "Application.Read.All",
            "AuditLog.Read.All",
            "Device.Read.All",
            "Group.Read.All",
            "Group.ReadWrite.All",
            "GroupMember.ReadBasic.All",
            "GroupMember.ReadWrite.All",
            "LicenseAssignment.Read.All",
            "LicenseAssignment.ReadWrite.All",
            "Member.Read.Hidden",
            "OrgContact.Read.All",
            "RoleAssignmentSchedule.Read.Directory",
            "RoleManagement.Read.Directory",
            "RoleManagement.ReadWrite.Directory",
            "User.Read.All",
            "User.ReadWrite.All",
        ]
    );
    let user = w.plain_users().remove(0);
    for path in [
        "/users/delta?$select=displayName,manager".to_owned(),
        "/groups/delta?$select=displayName,members,owners".to_owned(),
        "/directory/administrativeUnits/delta".to_owned(),
        "/directory/deletedItems/microsoft.graph.user".to_owned(),
        "/directory/deletedItems/microsoft.graph.group".to_owned(),
        "/directory/deletedItems/microsoft.graph.administrativeUnit".to_owned(),
        "/roleManagement/directory/roleDefinitions".to_owned(),
        "/roleManagement/directory/roleAssignments".to_owned(),
        "/roleManagement/directory/roleAssignmentScheduleInstances".to_owned(),
        "/subscribedSkus".to_owned(),
        "/organization".to_owned(),
        "/auditLogs/directoryAudits".to_owned(),
        format!("/users/{user}/memberOf"),
        format!("/users/{user}/ownedObjects"),
    ] {
        w.get(&path).await.expect(200);
    }
    // What takes Directory.Read.All or a permission of its own does not open.
    refused(
        &w.post("/directoryObjects/getByIds", json!({"ids": [user]})).await,
        403,
        "Authorization_RequestDenied",
    );
    for path in [
        format!("/directoryObjects/{user}"),
        format!("/users/{user}?$select=employeeLeaveDateTime"),
        "/domains".to_owned(),
    ] {
        refused(&w.get(&path).await, 403, "Authorization_RequestDenied");
    }
}

#[tokio::test]
async fn memberships_seen_from_below_take_a_permission_of_groups() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    let member = w.sim.export()["members"][&group][0].as_str().unwrap().to_owned();
    let path = format!("/users/{member}/memberOf");
    // Reading users is not enough, and neither is reading groups.
    for not_enough in [["User.Read.All", "Group.Read.All"], ["User.Read.All", "GroupMember.Read.All"]] {
        w.hold(&not_enough).await;
        refused(&w.get(&path).await, 403, "Authorization_RequestDenied");
    }
    w.hold(&["GroupMember.ReadBasic.All"]).await;
    let seen = w.all(&format!("{path}?$select=id,displayName")).await;
    let found = seen.iter().find(|c| c["id"] == *group).unwrap();
    assert_eq!(found["@odata.type"], "#microsoft.graph.group");
    assert!(found["displayName"].is_null(), "type and id, no more");
    w.hold(&["GroupMember.ReadBasic.All", "Group.Read.All"]).await;
    let seen = w.all(&format!("{path}?$select=id,displayName")).await;
    assert!(seen.iter().find(|c| c["id"] == *group).unwrap()["displayName"].is_string());
    // Reports and what somebody owns are the user's own.
    w.hold(&["User.Read.All"]).await;
    for relation in ["ownedObjects", "directReports", "manager"] {
        let answer = w.get(&format!("/users/{member}/{relation}")).await;
        assert!(answer.status == 200 || answer.status == 404, "{relation}: {}", answer.text);
    }
    w.hold(&["User.ReadBasic.All"]).await;
    for relation in ["ownedObjects", "directReports", "manager"] {
        refused(&w.get(&format!("/users/{member}/{relation}")).await, 403, "Authorization_RequestDenied");
    }
}

#[tokio::test]
async fn the_basic_profile_leaves_the_rest_null() {
    let w = World::new().await;
    let user = w.users(|u| u["department"].is_string() && u["businessPhones"] != json!([])).remove(0);
    w.hold(&["User.ReadBasic.All"]).await;
    let path = format!("/users/{user}?$select=id,displayName,department,accountEnabled,assignedLicenses");
    let shown = w.get(&path).await.expect(200).body;
    assert!(shown["displayName"].is_string() && shown["id"] == *user);
    for name in ["department", "accountEnabled", "assignedLicenses"] {
        assert!(shown.as_object().unwrap().contains_key(name) && shown[name].is_null(), "{name}: {shown}");
    }
    refused(&w.get("/users/delta").await, 403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn a_leave_date_takes_its_own_permissions() {
    let w = World::new().await;
    assert!(!w.users(|u| u["employeeLeaveDateTime"].is_string()).is_empty(), "some people are leaving");
    let user = w.plain_users().remove(0);
    let group = w.plain_groups().remove(0);
    let path = format!("/users/{user}");
    let leave = |at: Value| json!({"employeeLeaveDateTime": at});
    w.patch(&path, leave(json!("2027-03-31T23:59:59Z"))).await.expect(204);
    let reads = [
        format!("{path}?$select=id,employeeLeaveDateTime"),
        "/users?$select=employeeLeaveDateTime".to_owned(),
        "/users/delta?$select=employeeLeaveDateTime".to_owned(),
        format!("/groups/{group}/members?$select=employeeLeaveDateTime"),
        "/users?$select=id&$expand=manager($select=employeeLeaveDateTime)".to_owned(),
    ];
    let shown = w.get(&reads[0]).await.expect(200).body;
    assert_eq!(shown["employeeLeaveDateTime"], "2027-03-31T23:59:59Z");
    assert!(w.get(&path).await.body["employeeLeaveDateTime"].is_null(), "only when selected");

    w.grant(&[], &["User-LifeCycleInfo.ReadWrite.All"]).await;
    for read in &reads {
        w.get(read).await.expect(200);
    }
    refused(&w.patch(&path, leave(Value::Null)).await, 403, "Authorization_RequestDenied");

    w.grant(&[], &["User-LifeCycleInfo.Read.All"]).await;
    for read in &reads {
        refused(&w.get(read).await, 403, "Authorization_RequestDenied");
    }
    w.get(&path).await.expect(200);

    w.grant(&["User-LifeCycleInfo.ReadWrite.All"], &[]).await;
    w.get(&reads[0]).await.expect(200);
    w.patch(&path, leave(Value::Null)).await.expect(204);
}
