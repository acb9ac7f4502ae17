//! PATCH, POST, $ref, licences, and what refuses them.

use serde_json::{Value, json};

use crate::support::{World, refused};

#[tokio::test]
async fn patching_a_user() {
    let w = World::new().await;
    let id = w.plain_users().remove(0);
    let path = format!("/users/{id}");
    w.patch(&path, json!({"jobTitle": "Pilot", "city": null, "businessPhones": ["+47 1"], "onPremisesExtensionAttributes": {"extensionAttribute3": "x"}})).await.expect(204);
    let user = w
        .get(&format!("{path}?$select=jobTitle,city,businessPhones,onPremisesExtensionAttributes"))
        .await
        .expect(200)
        .body;
    assert_eq!(
        (&user["jobTitle"], &user["city"], &user["businessPhones"]),
        (&json!("Pilot"), &Value::Null, &json!(["+47 1"]))
    );
    assert_eq!(user["onPremisesExtensionAttributes"]["extensionAttribute3"], "x");
    for (body, why) in [
        (json!({"createdDateTime": "2020-01-01T00:00:00Z"}), "read-only"),
        (json!({"proxyAddresses": ["SMTP:a@contoso.example"]}), "read-only"),
        (json!({"nonsense": 1}), "Invalid property"),
        (json!({"displayName": null}), "Invalid value"),
        (json!({"displayName": 5}), "Invalid value"),
        (json!({"givenName": "x".repeat(65)}), "Invalid value"),
        (json!({"usageLocation": "Norway"}), "Invalid value"),
        (json!({"businessPhones": ["1", "2"]}), "Invalid value"),
        (json!({"userPrincipalName": "a@elsewhere.example"}), "domain"),
    ] {
        let answer = w.patch(&path, body).await;
        refused(&answer, 400, "Request_BadRequest");
        assert!(answer.text.contains(why), "{why}: {}", answer.text);
    }
    let other = w.plain_users()[1].clone();
    let taken = w.get(&format!("/users/{other}?$select=userPrincipalName,mailNickname")).await.body;
    let conflict = w.patch(&path, json!({"userPrincipalName": taken["userPrincipalName"]})).await;
    refused(&conflict, 400, "Request_BadRequest");
    assert_eq!(conflict.body["error"]["details"][0]["code"], "ObjectConflict");
    assert_eq!(conflict.body["error"]["details"][0]["target"], "userPrincipalName");
    // A mail address brings its proxy address; somebody else's is refused.
    w.patch(&path, json!({"mail": "pilot@contoso.example"})).await.expect(204);
    let proxies = w.get(&format!("{path}?$select=proxyAddresses")).await.body["proxyAddresses"].clone();
    assert_eq!(proxies[0], "SMTP:pilot@contoso.example");
    let clash = w.patch(&format!("/users/{other}"), json!({"mail": "pilot@contoso.example"})).await;
    assert_eq!(clash.body["error"]["details"][0]["target"], "proxyAddresses");
}

#[tokio::test]
async fn synchronised_objects_are_mastered_elsewhere() {
    let w = World::new().await;
    let user = w.users(|u| u["onPremisesSyncEnabled"] == true).remove(0);
    let refusal = w.patch(&format!("/users/{user}"), json!({"department": "X"})).await;
    refused(&refusal, 400, "Request_BadRequest");
    assert!(refusal.text.contains("on-premises mastered"));
    w.patch(&format!("/users/{user}"), json!({"usageLocation": "NO", "otherMails": ["a@mail.example"]}))
        .await
        .expect(204);
    let group = w.groups(|g| g["onPremisesSyncEnabled"] == true).remove(0);
    refused(
        &w.patch(&format!("/groups/{group}"), json!({"description": "x"})).await,
        400,
        "Request_BadRequest",
    );
    refused(
        &w.post(&format!("/groups/{group}/members/$ref"), w.reference(&user)).await,
        400,
        "Request_BadRequest",
    );
}

#[tokio::test]
async fn creating_users_and_groups() {
    let w = World::new().await;
    let body = json!({"accountEnabled": true, "displayName": "New Person", "mailNickname": "new.person", "userPrincipalName": "new.person@contoso.example", "passwordProfile": {"password": "Quite-Long-1", "forceChangePasswordNextSignIn": true}});
    let created = w.post("/users", body.clone()).await.expect(201);
    let id = created.body["id"].as_str().unwrap().to_owned();
    assert!(created.header("location").unwrap().ends_with(&id));
    assert!(created.body["@odata.context"].as_str().unwrap().ends_with("#users/$entity"));
    refused(&w.post("/users", body).await, 400, "Request_BadRequest");
    refused(&w.post("/users", json!({"displayName": "x"})).await, 400, "Request_BadRequest");
    let group = w
        .post("/groups", json!({"displayName": "New", "mailEnabled": false, "mailNickname": "new", "securityEnabled": true, "groupTypes": [], "members@odata.bind": [format!("{}/v1.0/directoryObjects/{id}", w.sim.base())], "owners@odata.bind": [format!("{}/v1.0/users/{id}", w.sim.base())]}))
        .await
        .expect(201);
    let gid = group.body["id"].as_str().unwrap();
    assert_eq!(w.all(&format!("/groups/{gid}/members?$select=id")).await.len(), 1);
    refused(&w.delete(&format!("/groups/{gid}/owners/{id}/$ref")).await, 400, "Request_BadRequest");
    let m365 = w.post("/groups", json!({"displayName": "Team", "mailEnabled": true, "mailNickname": "team.x", "securityEnabled": false, "groupTypes": ["Unified"]})).await.expect(201);
    assert_eq!(m365.body["mail"], "team.x@contoso.example");
    for bad in [
        json!({"displayName": "x", "mailEnabled": true, "mailNickname": "y1", "securityEnabled": true}),
        json!({"displayName": "x", "mailEnabled": false, "mailNickname": "y2", "securityEnabled": false}),
        json!({"displayName": "x", "mailEnabled": false, "mailNickname": "y3", "securityEnabled": true, "groupTypes": ["DynamicMembership"]}),
        json!({"displayName": "x", "mailEnabled": true, "mailNickname": "team.x", "securityEnabled": false, "groupTypes": ["Unified"]}),
    ] {
        refused(&w.post("/groups", bad).await, 400, "Request_BadRequest");
    }
}

#[tokio::test]
async fn members_one_by_one_and_twenty_at_once() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    let members = w.sim.export()["members"][&group].as_array().unwrap().clone();
    let free: Vec<String> = w.plain_users().into_iter().filter(|u| !members.contains(&json!(u))).collect();
    let path = format!("/groups/{group}/members/$ref");
    w.post(&path, w.reference(&free[0])).await.expect(204);
    refused(&w.post(&path, w.reference(&free[0])).await, 400, "Request_BadRequest");
    refused(
        &w.post(&path, w.reference("00000000-0000-0000-0000-000000000001")).await,
        404,
        "Request_ResourceNotFound",
    );
    let bind = |ids: &[String]| json!({"members@odata.bind": ids.iter().map(|i| format!("{}/v1.0/directoryObjects/{i}", w.sim.base())).collect::<Vec<_>>()});
    let size = || w.sim.export()["members"][&group].as_array().unwrap().len();
    let before = size();
    // One duplicate fails all.
    refused(&w.patch(&format!("/groups/{group}"), bind(&free[..5])).await, 400, "Request_BadRequest");
    assert_eq!(size(), before);
    w.patch(&format!("/groups/{group}"), bind(&free[1..21])).await.expect(204);
    assert_eq!(size(), before + 20);
    refused(&w.patch(&format!("/groups/{group}"), bind(&free[21..42])).await, 400, "Request_BadRequest");
    w.delete(&format!("/groups/{group}/members/{}/$ref", free[0])).await.expect(204);
    refused(
        &w.delete(&format!("/groups/{group}/members/{}/$ref", free[0])).await,
        404,
        "Request_ResourceNotFound",
    );
    // Without /$ref there is no such path: it must never reach the user.
    assert_eq!(w.delete(&format!("/groups/{group}/members/{}", free[1])).await.status, 404);
}

#[tokio::test]
async fn kinds_of_groups_refuse_what_they_do_not_have() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let dynamic = w.groups(|g| g["groupTypes"] == json!(["DynamicMembership"])).remove(0);
    refused(
        &w.post(&format!("/groups/{dynamic}/members/$ref"), w.reference(&user)).await,
        400,
        "Request_BadRequest",
    );
    let exchange = w.groups(|g| g["mailEnabled"] == true && g["groupTypes"] == json!([])).remove(0);
    refused(
        &w.patch(&format!("/groups/{exchange}"), json!({"description": "x"})).await,
        400,
        "Request_BadRequest",
    );
    let unified = w
        .groups(|g| g["groupTypes"] == json!(["Unified"]) && g["visibility"] != "HiddenMembership")
        .remove(0);
    let security = w.plain_groups().remove(0);
    refused(
        &w.post(&format!("/groups/{unified}/members/$ref"), w.reference(&security)).await,
        400,
        "Request_BadRequest",
    );
    refused(
        &w.post(&format!("/groups/{security}/members/$ref"), w.reference(&unified)).await,
        400,
        "Request_BadRequest",
    );
    // v1.0 does not list service principals; delta does.
    let sp = w.get("/servicePrincipals?$top=1").await.values()[0]["id"].as_str().unwrap().to_owned();
    w.post(&format!("/groups/{security}/members/$ref"), w.reference(&sp)).await.expect(204);
    assert!(w.all(&format!("/groups/{security}/members")).await.iter().all(|m| m["id"] != *sp));
    let (items, _) = w.round("/groups/delta?$select=members").await;
    assert!(items.iter().any(|g| g["id"] == *security && g["members@delta"].to_string().contains(&sp)));
}

#[tokio::test]
async fn dynamic_groups_follow_their_rule() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let rule = "(user.department -eq \"Flying\") and (user.city -eq \"Bodø\")";
    let group = w.post("/groups", json!({"displayName": "Pilots", "mailEnabled": false, "mailNickname": "pilots", "securityEnabled": true, "groupTypes": ["DynamicMembership"], "membershipRule": rule})).await.expect(201);
    let members = format!("/groups/{}/members?$select=id", group.body["id"].as_str().unwrap());
    assert!(w.all(&members).await.is_empty());
    w.patch(&format!("/users/{user}"), json!({"department": "Flying", "city": "Bodø"})).await.expect(204);
    assert_eq!(w.all(&members).await.len(), 1);
    w.patch(&format!("/users/{user}"), json!({"city": "Oslo"})).await.expect(204);
    assert!(w.all(&members).await.is_empty());
}

#[tokio::test]
async fn managers() {
    let w = World::new().await;
    let users = w.plain_users();
    let path = format!("/users/{}/manager/$ref", users[0]);
    w.call("PUT", &path, &[], Some(w.reference(&users[1]))).await.expect(204);
    assert_eq!(
        w.get(&format!("/users/{}/manager?$select=id", users[0])).await.expect(200).body["id"],
        *users[1]
    );
    w.delete(&format!("/users/{}", users[1])).await.expect(204);
    refused(&w.get(&format!("/users/{}/manager", users[0])).await, 404, "Request_ResourceNotFound");
    w.post(&format!("/directory/deletedItems/{}/restore", users[1]), json!({})).await.expect(200);
    w.get(&format!("/users/{}/manager", users[0])).await.expect(200);
    w.delete(&path).await.expect(204);
    refused(&w.delete(&path).await, 404, "Request_ResourceNotFound");
}

#[tokio::test]
async fn licences_direct_and_inherited() {
    let w = World::new().await;
    let truth = w.sim.export();
    let sku = |part: &str| {
        truth["subscribedSkus"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["skuPartNumber"] == part)
            .unwrap()
            .clone()
    };
    let (pbi, visio) = (sku("POWER_BI_PRO"), sku("VISIOCLIENT"));
    let inherited: Vec<String> = truth["groupLicences"].as_object().unwrap().keys().cloned().collect();
    let plain: Vec<String> = w.plain_users().into_iter().filter(|u| truth["licences"][u].is_null()).collect();
    let id = &plain[0];
    let path = format!("/users/{id}/assignLicense");
    w.patch(&format!("/users/{id}"), json!({"usageLocation": "NO"})).await.expect(204);
    let body = json!({"addLicenses": [{"skuId": pbi["skuId"], "disabledPlans": [pbi["servicePlans"][0]]}], "removeLicenses": []});
    let user = w.post(&path, body).await.expect(200);
    assert_eq!(user.body["id"], **id);
    let states = w.get(&format!("/users/{id}?$select=assignedLicenses,licenseAssignmentStates")).await.body;
    assert_eq!(
        states["assignedLicenses"],
        json!([{"disabledPlans": [pbi["servicePlans"][0]], "skuId": pbi["skuId"]}])
    );
    assert_eq!(states["licenseAssignmentStates"][0]["assignedByGroup"], Value::Null);
    w.post(&path, json!({"addLicenses": [], "removeLicenses": [pbi["skuId"]]})).await.expect(200);
    refused(
        &w.post(&path, json!({"addLicenses": [], "removeLicenses": [pbi["skuId"]]})).await,
        400,
        "Request_BadRequest",
    );
    refused(&w.post(&path, json!({"addLicenses": [{"skuId": "00000000-0000-0000-0000-000000000001", "disabledPlans": []}], "removeLicenses": []})).await, 400, "Request_BadRequest");
    // Five were bought, three are in use.
    for (n, user) in plain[1..4].iter().enumerate() {
        let add =
            json!({"addLicenses": [{"skuId": visio["skuId"], "disabledPlans": []}], "removeLicenses": []});
        let answer = w.post(&format!("/users/{user}/assignLicense"), add).await;
        assert_eq!(answer.status, if n < 2 { 200 } else { 400 }, "{}", answer.text);
    }
    // Who joins a licensed group inherits; who leaves loses.
    let group = &inherited[0];
    let joins = plain
        .iter()
        .rev()
        .find(|u| !truth["members"][group].as_array().unwrap().contains(&json!(u)))
        .unwrap();
    w.post(&format!("/groups/{group}/members/$ref"), w.reference(joins)).await.expect(204);
    let states = w.get(&format!("/users/{joins}?$select=licenseAssignmentStates")).await.body["licenseAssignmentStates"].clone();
    assert_eq!(states[0]["assignedByGroup"], **group);
    let remove = json!({"addLicenses": [], "removeLicenses": [states[0]["skuId"]]});
    let refusal = w.post(&format!("/users/{joins}/assignLicense"), remove).await;
    assert!(refusal.status == 400 && refusal.text.contains("inherited"));
    w.delete(&format!("/groups/{group}/members/{joins}/$ref")).await.expect(204);
    assert_eq!(
        w.get(&format!("/users/{joins}?$select=licenseAssignmentStates")).await.body["licenseAssignmentStates"],
        json!([])
    );
    let guest = w.users(|u| u["userType"] == "Guest").remove(0);
    let add = json!({"addLicenses": [{"skuId": pbi["skuId"], "disabledPlans": []}], "removeLicenses": []});
    let refusal = w.post(&format!("/users/{guest}/assignLicense"), add).await;
    assert!(refusal.text.contains("invalid usage location"), "{}", refusal.text);
}

#[tokio::test]
async fn groups_hold_licences_that_their_members_inherit() {
    let w = World::new().await;
    let group = w.plain_groups().pop().unwrap();
    let truth = w.sim.export();
    let members = truth["members"][&group].as_array().unwrap().clone();
    let free = |u: &Value| u["assignedLicenses"] == json!([]) && members.contains(&u["id"]);
    let user = w.users(free).remove(0);
    let sku = truth["subscribedSkus"].as_array().unwrap().iter().find(|s| s["skuPartNumber"] == "SPE_E3");
    let sku = sku.unwrap()["skuId"].clone();
    let path = format!("/groups/{group}/assignLicense");
    let body = json!({"addLicenses": [{"skuId": sku, "disabledPlans": []}], "removeLicenses": []});
    let (_, groups) = w.round("/groups/delta?$select=displayName,assignedLicenses").await;
    let (_, users) = w.round("/users/delta?$select=displayName,assignedLicenses").await;
    w.post(&path, body).await.expect(202);

    let select = "$select=id,assignedLicenses,licenseProcessingState,hasMembersWithLicenseErrors";
    let shown = w.get(&format!("/groups/{group}?{select}")).await.expect(200).body;
    assert_eq!(shown["assignedLicenses"], json!([{"disabledPlans": [], "skuId": sku}]));
    assert_eq!(shown["hasMembersWithLicenseErrors"], false);
    let states = async || {
        let path = format!("/users/{user}?$select=assignedLicenses,licenseAssignmentStates");
        w.get(&path).await.expect(200).body
    };
    let held = states().await;
    assert_eq!(held["assignedLicenses"], json!([{"disabledPlans": [], "skuId": sku}]));
    assert_eq!(held["licenseAssignmentStates"][0]["assignedByGroup"], *group);
    assert!(w.round(&groups).await.0.iter().any(|g| g["id"] == *group));
    let (items, users) = w.round(&users).await;
    assert!(items.iter().any(|u| u["id"] == *user));

    // A license in an error state is assigned, and gives nothing.
    let error = json!({"user": user, "sku": "SPE_E3", "group": group, "error": "CountViolation"});
    w.control("POST", "license-errors", Some(error)).await;
    let broken = states().await;
    assert_eq!(broken["assignedLicenses"], json!([]));
    let state = &broken["licenseAssignmentStates"][0];
    assert_eq!((&state["state"], &state["error"]), (&json!("Error"), &json!("CountViolation")));
    assert_eq!(state["assignedByGroup"], *group);
    assert_eq!(w.get(&format!("/groups/{group}?{select}")).await.body["hasMembersWithLicenseErrors"], true);
    assert!(w.round(&users).await.0.iter().any(|u| u["id"] == *user));
    w.sim.license_error(&user, "SPE_E3", Some(&group), None).unwrap();
    assert_eq!(states().await["licenseAssignmentStates"][0]["state"], "Active");
    assert!(w.sim.license_error(&user, "SPE_E3", None, Some("CountViolation")).is_err(), "not a direct one");

    w.post(&path, json!({"addLicenses": [], "removeLicenses": [sku]})).await.expect(202);
    assert_eq!(states().await["licenseAssignmentStates"], json!([]));
}
