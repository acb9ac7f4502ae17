//! What the application may do follows what it was granted.

use serde_json::{Value, json};

use crate::support::{World, refused};

#[tokio::test]
async fn every_path_has_its_permission() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let group = w.plain_groups().remove(0);
    w.sim.set_permissions(&[]);
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
    w.sim.set_permissions(&["User.Read.All"]);
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
    w.sim.permissions(&["User.EnableDisableAccount.All"], &[]);
    w.patch(&format!("/users/{user}"), json!({"accountEnabled": false})).await.expect(204);
    refused(
        &w.patch(&format!("/users/{user}"), json!({"city": "x"})).await,
        403,
        "Authorization_RequestDenied",
    );
    // Reading everything is not deleting: Directory.ReadWrite.All cannot.
    w.sim.set_permissions(&["Directory.ReadWrite.All"]);
    w.patch(&format!("/users/{user}"), json!({"city": "x"})).await.expect(204);
    refused(&w.delete(&format!("/users/{user}")).await, 403, "Authorization_RequestDenied");
    refused(&w.delete(&format!("/groups/{group}")).await, 403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn members_of_unreadable_types_show_only_their_id() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    w.sim.set_permissions(&["GroupMember.Read.All"]);
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
async fn hidden_membership_takes_its_own_permission() {
    let w = World::new().await;
    let group = w.groups(|g| g["visibility"] == "HiddenMembership").remove(0);
    let path = format!("/groups/{group}/members");
    w.get(&path).await.expect(200);
    w.sim.permissions(&[], &["Member.Read.Hidden"]);
    refused(&w.get(&path).await, 403, "Authorization_RequestDenied");
    let (items, _) = w.round("/groups/delta?$select=members").await;
    assert!(items.iter().filter(|g| g["id"] == *group).all(|g| g["members@delta"].is_null()));
}

#[tokio::test]
async fn a_new_token_names_what_is_granted_now() {
    use base64::Engine;
    let mut w = World::new().await;
    let roles = |w: &World| -> Value {
        let part = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(w.token.split('.').nth(1).unwrap())
            .unwrap();
        serde_json::from_slice::<Value>(&part).unwrap()["roles"].clone()
    };
    w.sim.set_permissions(&["User.Read.All"]);
    assert!(roles(&w).as_array().unwrap().len() > 5);
    w.sim.advance(1);
    w.sign_in().await;
    assert_eq!(roles(&w), json!(["User.Read.All"]));
    w.sim.set_permissions(&[]);
    w.sim.advance(1);
    w.sign_in().await;
    assert!(roles(&w).is_null(), "a token without roles is a token all the same");
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

    w.sim.permissions(&[], &["User-LifeCycleInfo.ReadWrite.All"]);
    for read in &reads {
        w.get(read).await.expect(200);
    }
    refused(&w.patch(&path, leave(Value::Null)).await, 403, "Authorization_RequestDenied");

    w.sim.permissions(&[], &["User-LifeCycleInfo.Read.All"]);
    for read in &reads {
        refused(&w.get(read).await, 403, "Authorization_RequestDenied");
    }
    w.get(&path).await.expect(200);

    w.sim.permissions(&["User-LifeCycleInfo.ReadWrite.All"], &[]);
    w.get(&reads[0]).await.expect(200);
    w.patch(&path, leave(Value::Null)).await.expect(204);
}
