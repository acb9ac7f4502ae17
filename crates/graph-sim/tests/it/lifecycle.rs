//! Soft delete, restore, purge, and the thirty days between.

use graph_sim::Options;
use serde_json::json;

use crate::support::{World, refused};

#[tokio::test]
async fn a_user_goes_and_comes_back_whole() {
    let w = World::new().await;
    let id = w.plain_users().remove(0);
    let before = w.sim.export();
    w.delete(&format!("/users/{id}")).await.expect(204);
    refused(&w.get(&format!("/users/{id}")).await, 404, "Request_ResourceNotFound");
    let bin = w.all("/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime").await;
    let item = bin.iter().find(|u| u["id"] == *id).unwrap();
    assert!(item["deletedDateTime"].is_string());
    assert!(
        w.get(&format!("/directory/deletedItems/{id}")).await.expect(200).body["deletedDateTime"].is_string()
    );
    let back = w.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await.expect(200);
    assert_eq!(back.body["id"], *id);
    assert_eq!(w.sim.export(), before);

    w.delete(&format!("/users/{id}")).await.expect(204);
    w.sim.advance(29 * 86_400);
    w.sign_in().await;
    w.get(&format!("/directory/deletedItems/{id}")).await.expect(200);
    w.sim.advance(2 * 86_400);
    w.sign_in().await;
    refused(&w.get(&format!("/directory/deletedItems/{id}")).await, 404, "Request_ResourceNotFound");
    refused(
        &w.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await,
        404,
        "Request_ResourceNotFound",
    );
    assert!(!w.sim.export().to_string().contains(&id));
}

#[tokio::test]
async fn a_taken_name_stands_in_the_way() {
    let w = World::new().await;
    let id = w.plain_users().remove(0);
    let user = w.get(&format!("/users/{id}?$select=userPrincipalName,mailNickname,mail")).await.body;
    w.delete(&format!("/users/{id}")).await.expect(204);
    let twin = json!({"accountEnabled": true, "displayName": "Twin", "mailNickname": user["mailNickname"], "userPrincipalName": user["userPrincipalName"], "mail": user["mail"], "passwordProfile": {"password": "Quite-Long-1"}});
    w.post("/users", twin).await.expect(201);
    let path = format!("/directory/deletedItems/{id}/restore");
    let refusal = w.post(&path, json!({})).await;
    refused(&refusal, 400, "Request_BadRequest");
    assert_eq!(refusal.body["error"]["details"][0]["code"], "ObjectConflict");
    let body =
        json!({"newUserPrincipalName": "back.again@contoso.example", "autoReconcileProxyConflict": true});
    let back = w.post(&path, body).await.expect(200);
    assert_eq!(back.body["userPrincipalName"], "back.again@contoso.example");
}

#[tokio::test]
async fn groups_units_and_role_definitions_have_a_bin() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    let unit = w.sim.export()["administrativeUnits"][0]["id"].as_str().unwrap().to_owned();
    let before = w.sim.export();
    for (path, id) in [("/groups", &group), ("/directory/administrativeUnits", &unit)] {
        w.delete(&format!("{path}/{id}")).await.expect(204);
        refused(&w.get(&format!("{path}/{id}")).await, 404, "Request_ResourceNotFound");
        w.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await.expect(200);
        w.get(&format!("{path}/{id}")).await.expect(200);
    }
    assert_eq!(w.sim.export(), before);
    w.delete(&format!("/directory/administrativeUnits/{unit}")).await.expect(204);
    refused(&w.delete(&format!("/directory/deletedItems/{unit}")).await, 400, "Request_BadRequest");
    let role = w.post("/roleManagement/directory/roleDefinitions", json!({"displayName": "Temp", "isEnabled": true, "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/groups/standard/read"]}]})).await.expect(201);
    let role = role.body["id"].as_str().unwrap();
    w.delete(&format!("/roleManagement/directory/roleDefinitions/{role}")).await.expect(204);
    w.post(&format!("/roleManagement/directory/deletedItems/roleDefinitions/{role}/restore"), json!({}))
        .await
        .expect(200);
    w.get(&format!("/roleManagement/directory/roleDefinitions/{role}")).await.expect(200);
}

const ROLES: &str = "/roleManagement/directory/roleDefinitions";
const ROLE_BIN: &str = "/roleManagement/directory/deletedItems/roleDefinitions";

async fn custom_role(w: &World, name: &str) -> String {
    let permissions = json!([{"allowedResourceActions": ["microsoft.directory/groups/standard/read"]}]);
    let body = json!({"displayName": name, "isEnabled": true, "rolePermissions": permissions});
    w.post(ROLES, body).await.expect(201).body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_custom_role_goes_into_a_bin_of_its_own() {
    let w = World::new().await;
    let (kept, purged) = (custom_role(&w, "Kept").await, custom_role(&w, "Purged").await);
    for role in [&kept, &purged] {
        w.delete(&format!("{ROLES}/{role}")).await.expect(204);
        refused(&w.get(&format!("{ROLES}/{role}")).await, 404, "Request_ResourceNotFound");
        refused(&w.get(&format!("/directory/deletedItems/{role}")).await, 404, "Request_ResourceNotFound");
        let found = w.get(&format!("{ROLE_BIN}/{role}")).await.expect(200).body;
        assert_eq!((&found["id"], &found["isBuiltIn"]), (&json!(role), &json!(false)));
    }
    assert_eq!(w.all(ROLE_BIN).await.len(), 2);
    w.delete(&format!("{ROLE_BIN}/{purged}")).await.expect(204);
    refused(
        &w.post(&format!("{ROLE_BIN}/{purged}/restore"), json!({})).await,
        404,
        "Request_ResourceNotFound",
    );
    let back = w.post(&format!("{ROLE_BIN}/{kept}/restore"), json!({})).await.expect(200).body;
    assert_eq!((&back["id"], &back["displayName"]), (&json!(kept), &json!("Kept")));
    w.get(&format!("{ROLES}/{kept}")).await.expect(200);
    assert!(w.all(ROLE_BIN).await.is_empty());

    // Reading the bin takes a permission for roles, not one for the directory.
    w.hold(&["Directory.Read.All"]).await;
    w.get(ROLES).await.expect(200);
    refused(&w.get(ROLE_BIN).await, 403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn elsewhere_a_custom_role_is_gone_at_once() {
    let w = World::with(Options { role_bin: false, ..Options::default() }).await;
    let role = custom_role(&w, "Gone").await;
    w.delete(&format!("{ROLES}/{role}")).await.expect(204);
    refused(&w.get(ROLE_BIN).await, 404, "ResourceNotFound");
    refused(&w.post(&format!("{ROLE_BIN}/{role}/restore"), json!({})).await, 404, "ResourceNotFound");
    assert!(!w.sim.export().to_string().contains(&role));
    assert_eq!(w.control("POST", "cloud", Some(json!({"roleBin": true}))).await["roleBin"], true);
    assert!(w.all(ROLE_BIN).await.is_empty());
}
