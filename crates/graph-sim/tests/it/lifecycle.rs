//! Soft delete, restore, purge, and the thirty days between.

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
