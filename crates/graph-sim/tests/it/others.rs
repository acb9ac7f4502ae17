//! Devices, contacts and service principals: there, read by id, members and owners.

use serde_json::{Value, json};

use crate::support::{World, refused};

/// Groups that hold a link to one of these objects.
fn holders(truth: &Value, relation: &str, ids: &[String]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (group, ends) in truth[relation].as_object().unwrap() {
        for end in ends.as_array().unwrap().iter().filter_map(Value::as_str) {
            if ids.iter().any(|id| id == end) {
                found.push((group.clone(), end.to_owned()));
            }
        }
    }
    found
}

fn ids(truth: &Value, list: &str) -> Vec<String> {
    truth[list].as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_is_read_with_its_own_permission() {
    let w = World::new().await;
    let truth = w.sim.export();
    for (list, path, permission, kind) in [
        ("devices", "/devices", "Device.Read.All", "device"),
        ("contacts", "/contacts", "OrgContact.Read.All", "orgContact"),
        ("servicePrincipals", "/servicePrincipals", "Application.Read.All", "servicePrincipal"),
    ] {
        let all = ids(&truth, list);
        assert!(all.len() >= 4, "{list}");
        let (group, member) = holders(&truth, "members", &all).remove(0);
        w.hold(&[permission]).await;
        let shown = w.get(&format!("{path}/{member}")).await.expect(200).body;
        assert!(shown["id"] == *member && shown["displayName"].is_string(), "{shown}");
        let above = w.all(&format!("{path}/{member}/memberOf?$select=id,displayName")).await;
        let found = above.iter().find(|g| g["id"] == *group).unwrap();
        // Of a group nothing but its id without a permission for groups; a contact's memberOf counts as one.
        assert_eq!(found["@odata.type"], "#microsoft.graph.group");
        assert!(found["displayName"].is_null());
        refused(&w.get("/groups").await, 403, "Authorization_RequestDenied");

        // The other way round: a member of a kind that may not be read is type and id.
        w.hold(&["Group.Read.All"]).await;
        refused(&w.get(&format!("{path}/{member}")).await, 403, "Authorization_RequestDenied");
        let listed = w.all(&format!("/groups/{group}/members?$select=id,displayName")).await;
        let found = listed.iter().find(|m| m["id"] == *member);
        if list == "servicePrincipals" {
            assert!(found.is_none(), "v1.0 leaves them out");
            continue;
        }
        let found = found.unwrap();
        assert_eq!(found["@odata.type"], format!("#microsoft.graph.{kind}"));
        assert!(found["displayName"].is_null());
    }
}

#[tokio::test]
async fn delta_names_them_as_members_and_owners() {
    let w = World::new().await;
    let truth = w.sim.export();
    let (items, _) = w.round("/groups/delta?$select=members,owners").await;
    let told = |relation: &str, group: &str, id: &str| -> String {
        let mine = items.iter().filter(|g| g["id"] == *group);
        let links = mine.flat_map(|g| g[format!("{relation}@delta")].as_array().cloned().unwrap_or_default());
        links.filter(|l| l["id"] == *id).map(|l| l["@odata.type"].as_str().unwrap().to_owned()).collect()
    };
    for (list, kind) in
        [("devices", "device"), ("contacts", "orgContact"), ("servicePrincipals", "servicePrincipal")]
    {
        for (group, member) in holders(&truth, "members", &ids(&truth, list)) {
            if truth["groups"].as_array().unwrap().iter().any(|g| g["id"] == *group) {
                assert!(told("members", &group, &member).starts_with(&format!("#microsoft.graph.{kind}")));
            }
        }
    }
    let (group, owner) = holders(&truth, "owners", &ids(&truth, "servicePrincipals")).remove(0);
    assert_eq!(told("owners", &group, &owner), "#microsoft.graph.servicePrincipal");
    let owned = w.all(&format!("/servicePrincipals/{owner}/ownedObjects?$select=id")).await;
    assert!(owned.iter().any(|g| g["id"] == *group));
    let owners = w.all(&format!("/groups/{group}/owners?$select=id")).await;
    assert!(owners.iter().any(|o| o["id"] == *owner), "owners are listed whatever they are");
    // A device in a unit.
    let units = &truth["auMembers"];
    let devices = ids(&truth, "devices");
    assert!(devices.iter().any(|d| units.to_string().contains(d)));
}

#[tokio::test]
async fn adding_one_takes_the_permission_of_its_kind() {
    let w = World::new().await;
    let truth = w.sim.export();
    let group = w.plain_groups().remove(0);
    for (list, permission) in [
        ("devices", "Device.ReadWrite.All"),
        ("contacts", "OrgContact.Read.All"),
        ("servicePrincipals", "Application.ReadWrite.All"),
    ] {
        let free =
            ids(&truth, list).into_iter().find(|id| !truth["members"][&group].to_string().contains(id));
        let member = free.unwrap();
        let path = format!("/groups/{group}/members/$ref");
        w.hold(&["GroupMember.ReadWrite.All"]).await;
        refused(&w.post(&path, w.reference(&member)).await, 403, "Authorization_RequestDenied");
        w.hold(&["GroupMember.ReadWrite.All", permission]).await;
        w.post(&path, w.reference(&member)).await.expect(204);
        w.hold(&["GroupMember.ReadWrite.All"]).await;
        w.delete(&format!("/groups/{group}/members/{member}/$ref")).await.expect(204);
    }
}

#[tokio::test]
async fn a_device_is_gone_at_once_and_a_service_principal_is_not() {
    let w = World::new().await;
    let truth = w.sim.export();
    let (group, device) = holders(&truth, "members", &ids(&truth, "devices")).remove(0);
    let (_, link) = w.round("/groups/delta?$select=members").await;
    w.delete(&format!("/devices/{device}")).await.expect(204);
    refused(&w.get(&format!("/directory/deletedItems/{device}")).await, 404, "Request_ResourceNotFound");
    let (items, link) = w.round(&link).await;
    let news = items.iter().find(|g| g["id"] == *group).unwrap();
    assert_eq!(news["members@delta"][0]["@removed"]["reason"], "deleted");

    let (group, sp) = holders(&truth, "members", &ids(&truth, "servicePrincipals")).remove(0);
    w.delete(&format!("/servicePrincipals/{sp}")).await.expect(204);
    refused(&w.get(&format!("/servicePrincipals/{sp}")).await, 404, "Request_ResourceNotFound");
    let bin = w.all("/directory/deletedItems/microsoft.graph.servicePrincipal").await;
    assert!(bin.len() == 1 && bin[0]["id"] == *sp && bin[0]["deletedDateTime"].is_string());
    assert!(w.all("/directory/deletedItems/microsoft.graph.application").await.is_empty());
    w.post(&format!("/directory/deletedItems/{sp}/restore"), json!({})).await.expect(200);
    assert!(w.sim.export()["members"][&group].to_string().contains(&sp));
    assert!(w.round(&link).await.0.is_empty());

    // Graph does not write contacts; who masters them does.
    let contact = ids(&truth, "contacts").remove(0);
    assert_eq!(w.delete(&format!("/contacts/{contact}")).await.status, 405);
    assert_eq!(w.sim.apply("DELETE", &format!("/contacts/{contact}"), None).0, 204);
    refused(&w.get(&format!("/contacts/{contact}")).await, 404, "Request_ResourceNotFound");
}
