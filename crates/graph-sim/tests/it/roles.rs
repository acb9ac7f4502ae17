//! Role definitions, assignments, schedules, eligibilities, scoped members.

use serde_json::json;

use crate::support::{World, refused};

const RM: &str = "/roleManagement/directory";

#[tokio::test]
async fn activated_assignments_are_told_from_standing_ones() {
    let w = World::new().await;
    let truth = w.sim.export();
    let activated: Vec<_> = truth["roleAssignments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| a["activated"] == true)
        .cloned()
        .collect();
    assert_eq!(activated.len(), 2);
    let listed = w.all(&format!("{RM}/roleAssignments?$expand=principal($select=id)")).await;
    assert_eq!(listed.len(), truth["roleAssignments"].as_array().unwrap().len());
    assert!(listed.iter().all(|a| a["principal"]["id"] == a["principalId"]));
    let instances = w.all(&format!("{RM}/roleAssignmentScheduleInstances")).await;
    for a in truth["roleAssignments"].as_array().unwrap() {
        let i = instances.iter().find(|i| i["roleAssignmentOriginId"] == a["id"]).unwrap();
        assert_eq!(i["assignmentType"], if a["activated"] == true { "Activated" } else { "Assigned" });
    }
    assert_eq!(w.all(&format!("{RM}/roleEligibilitySchedules")).await.len(), 6);
    assert_eq!(w.all(&format!("{RM}/roleEligibilityScheduleInstances")).await.len(), 6);
    let principal = activated[0]["principalId"].as_str().unwrap();
    assert_eq!(w.all(&format!("{RM}/roleAssignments?$filter=principalId eq '{principal}'")).await.len(), 1);
    w.sim.advance(9 * 3600);
    w.sign_in().await;
    let left = w.all(&format!("{RM}/roleAssignments")).await;
    assert_eq!(left.len(), listed.len() - 2);
}

#[tokio::test]
async fn assignments_are_made_and_ended() {
    let w = World::new().await;
    let users = w.plain_users();
    let truth = w.sim.export();
    let unit = truth["administrativeUnits"][0]["id"].as_str().unwrap();
    let reader = "5d6b6bb7-de71-4623-b4af-96380a352509";
    for scope in ["/".to_owned(), format!("/administrativeUnits/{unit}")] {
        let body = json!({"principalId": users[0], "roleDefinitionId": reader, "directoryScopeId": scope});
        let made = w.post(&format!("{RM}/roleAssignments"), body.clone()).await.expect(201);
        let refusal = w.post(&format!("{RM}/roleAssignments"), body.clone()).await;
        assert!(refusal.status == 400 && refusal.text.contains("already exists"));
        let id = made.body["id"].as_str().unwrap();
        w.get(&format!("{RM}/roleAssignments/{id}")).await.expect(200);
        assert_eq!(w.patch(&format!("{RM}/roleAssignments/{id}"), body.clone()).await.status, 405);
        w.delete(&format!("{RM}/roleAssignments/{id}")).await.expect(204);
        let again = w.post(&format!("{RM}/roleAssignments"), body).await.expect(201);
        assert_ne!(again.body["id"], *id, "the id is new");
    }
    assert!(!w.all(&format!("/directory/administrativeUnits/{unit}/scopedRoleMembers")).await.is_empty());
    let group = w.plain_groups().remove(0);
    let body = json!({"principalId": group, "roleDefinitionId": reader, "directoryScopeId": "/"});
    refused(&w.post(&format!("{RM}/roleAssignments"), body).await, 400, "Request_BadRequest");
    // The legacy roles show the same.
    let roles = w.get("/directoryRoles").await.expect(200);
    let role = roles.values().iter().find(|r| r["roleTemplateId"] == reader).unwrap()["id"].as_str().unwrap();
    assert!(
        w.all(&format!("/directoryRoles/{role}/members?$select=id"))
            .await
            .iter()
            .any(|m| m["id"] == *users[0])
    );
    w.get(&format!("/directoryRoles/roleTemplateId={reader}")).await.expect(200);
    assert!(w.get("/directoryRoleTemplates").await.expect(200).values().len() >= 60);
    // An assignment of somebody in the bin is hidden, and comes back.
    let count = w.all(&format!("{RM}/roleAssignments")).await.len();
    w.delete(&format!("/users/{}", users[0])).await.expect(204);
    assert_eq!(w.all(&format!("{RM}/roleAssignments")).await.len(), count - 2);
    w.post(&format!("/directory/deletedItems/{}/restore", users[0]), json!({})).await.expect(200);
    assert_eq!(w.all(&format!("{RM}/roleAssignments")).await.len(), count);
}

#[tokio::test]
async fn definitions_are_real_and_custom_ones_writable() {
    let w = World::new().await;
    let all = w.all(&format!("{RM}/roleDefinitions")).await;
    assert!(all.iter().filter(|r| r["isBuiltIn"] == true).count() >= 60);
    let admin = all.iter().find(|r| r["displayName"] == "Global Administrator").unwrap();
    assert_eq!(
        (&admin["id"], &admin["templateId"]),
        (&json!("62e90394-69f5-4237-9190-012177145e10"), &json!("62e90394-69f5-4237-9190-012177145e10"))
    );
    refused(
        &w.patch(
            &format!("{RM}/roleDefinitions/{}", admin["id"].as_str().unwrap()),
            json!({"description": "x"}),
        )
        .await,
        400,
        "Request_BadRequest",
    );
    let custom = all.iter().find(|r| r["isBuiltIn"] == false).unwrap()["id"].as_str().unwrap();
    w.patch(&format!("{RM}/roleDefinitions/{custom}"), json!({"description": "new", "isEnabled": false}))
        .await
        .expect(204);
    assert_eq!(w.get(&format!("{RM}/roleDefinitions/{custom}")).await.body["isEnabled"], false);
    let filtered = w.all(&format!("{RM}/roleDefinitions?$filter=isBuiltIn eq false")).await;
    assert_eq!(filtered.len(), 3);
}

#[tokio::test]
async fn requests_make_people_eligible() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let path = format!("{RM}/roleEligibilityScheduleRequests");
    let body = |action: &str, dry: bool| json!({"action": action, "principalId": user, "roleDefinitionId": "194ae4cb-b126-40b2-bd5b-6091b380977d", "directoryScopeId": "/", "justification": "test", "isValidationOnly": dry, "scheduleInfo": {"startDateTime": "2026-05-01T00:00:00Z", "expiration": {"type": "afterDuration", "duration": "P365D"}}});
    w.post(&path, body("adminAssign", true)).await.expect(201);
    assert_eq!(w.all(&format!("{RM}/roleEligibilitySchedules")).await.len(), 6);
    let made = w.post(&path, body("adminAssign", false)).await.expect(201);
    assert_eq!(made.body["status"], "Provisioned");
    refused(&w.post(&path, body("adminAssign", false)).await, 400, "RoleAssignmentExists");
    let mut late = body("adminUpdate", false);
    late["scheduleInfo"]["expiration"] =
        json!({"type": "afterDateTime", "endDateTime": "2020-01-01T00:00:00Z"});
    refused(&w.post(&path, late).await, 400, "RoleAssignmentRequestPolicyValidationFailed");
    let mut silent = body("adminUpdate", false);
    silent["justification"] = json!("");
    refused(&w.post(&path, silent).await, 400, "RoleAssignmentRequestPolicyValidationFailed");
    assert_eq!(w.post(&path, body("adminRemove", false)).await.expect(201).body["status"], "Revoked");
    let active = json!({"action": "adminAssign", "principalId": user, "roleDefinitionId": "5d6b6bb7-de71-4623-b4af-96380a352509", "directoryScopeId": "/", "justification": "x", "scheduleInfo": {"expiration": {"type": "noExpiration"}}});
    w.post(&format!("{RM}/roleAssignmentScheduleRequests"), active).await.expect(201);
    assert!(w.sim.export()["roleAssignments"].to_string().contains(&user));
}

#[tokio::test]
async fn a_role_for_a_time_begins_and_ends_on_the_clock() {
    let w = World::new().await;
    let users = w.plain_users();
    let reader = "5d6b6bb7-de71-4623-b4af-96380a352509";
    let now = w.sim.now();
    let instances = async |user: &str| {
        w.all(&format!("{RM}/roleAssignmentScheduleInstances?$filter=principalId eq '{user}'")).await
    };
    w.sim.assign_role(&users[0], "Security Reader", "/", None, Some(now + 600)).unwrap();
    let held = instances(&users[0]).await;
    assert_eq!(held.len(), 1);
    assert_eq!((&held[0]["assignmentType"], &held[0]["memberType"]), (&json!("Assigned"), &json!("Direct")));
    assert_eq!(held[0]["startDateTime"], "2026-05-28T20:26:40Z");
    assert_eq!(held[0]["endDateTime"], "2026-05-28T20:36:40Z");
    assert!(w.sim.assign_role(&users[0], reader, "/", None, None).is_err(), "it is assigned already");

    // One that begins later has a schedule, and no instance yet.
    let body = json!({
        "principal": users[1], "role": reader,
        "startDateTime": "2026-05-28T20:31:40Z", "endDateTime": "2026-05-28T20:46:40Z",
    });
    let planned = w.control("POST", "role-assignments", Some(body)).await;
    let schedule = planned["roleAssignmentScheduleId"].as_str().unwrap();
    let shown = w.get(&format!("{RM}/roleAssignmentSchedules/{schedule}")).await.expect(200).body;
    assert_eq!(shown["scheduleInfo"]["expiration"]["endDateTime"], "2026-05-28T20:46:40Z");
    assert!(instances(&users[1]).await.is_empty());
    assert_eq!(w.sim.export()["plannedRoleAssignments"].as_array().unwrap().len(), 1);

    w.sim.advance(300);
    let begun = instances(&users[1]).await;
    assert_eq!(
        (&begun[0]["startDateTime"], &begun[0]["roleAssignmentScheduleId"]),
        (&json!("2026-05-28T20:31:40Z"), &json!(schedule))
    );
    w.sim.advance(300);
    assert!(instances(&users[0]).await.is_empty(), "its end has come");
    let roles = w.get("/directoryRoles").await.expect(200);
    let role = roles.values().iter().find(|r| r["roleTemplateId"] == reader).unwrap()["id"].as_str().unwrap();
    let members = w.all(&format!("/directoryRoles/{role}/members?$select=id")).await;
    assert!(members.iter().all(|m| m["id"] != *users[0]) && members.iter().any(|m| m["id"] == *users[1]));
    // Time that jumps over both ends leaves nothing.
    w.sim.assign_role(&users[2], reader, "/", Some(w.sim.now() + 60), Some(w.sim.now() + 120)).unwrap();
    w.sim.advance(1800);
    assert!(instances(&users[1]).await.is_empty() && instances(&users[2]).await.is_empty());
}
