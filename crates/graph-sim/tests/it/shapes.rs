//! Shapes of Microsoft's documented examples: user-list, user-get, group-list, group-list-members,
//! user-list-manager, directory-deleteditems-list, paging, errors.

use serde_json::json;

use crate::support::{World, refused};

#[tokio::test]
async fn user_list_has_the_default_properties() {
    let w = World::new().await;
    let page = w.get("/users").await.expect(200);
    assert_eq!(page.body["@odata.context"], format!("{}/v1.0/$metadata#users", w.sim.base()));
    assert_eq!(page.values().len(), 100);
    let mut names: Vec<&str> = page.values()[0].as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "businessPhones",
            "displayName",
            "givenName",
            "id",
            "jobTitle",
            "mail",
            "mobilePhone",
            "officeLocation",
            "preferredLanguage",
            "surname",
            "userPrincipalName"
        ]
    );
    for name in ["request-id", "client-request-id", "x-ms-ags-diagnostic", "x-ms-resource-unit", "date"] {
        assert!(page.header(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn paging_reaches_everybody_once() {
    let w = World::new().await;
    let all = w.all("/users?$select=id&$top=17").await;
    let mut ids: Vec<_> = all.iter().map(|u| u["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    let mut truth = w.users(|_| true);
    truth.sort_unstable();
    assert_eq!(ids, truth);
    let page = w.get("/users?$select=id&$top=17").await;
    let next = page.body["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with(w.sim.base()) && next.contains("$skiptoken=") && next.contains("$select=id"));
    refused(&w.get("/users?$top=1000").await, 400, "Request_BadRequest");
    refused(&w.get("/users?$skip=5").await, 400, "Request_UnsupportedQuery");
    refused(&w.get("/users?$skiptoken=nonsense").await, 400, "Directory_ExpiredPageToken");
}

#[tokio::test]
async fn selection_keeps_nulls_in_lists() {
    let w = World::new().await;
    let page = w.get("/users?$select=id,faxNumber,otherMails,assignedLicenses&$top=999").await.expect(200);
    assert!(
        page.body["@odata.context"]
            .as_str()
            .unwrap()
            .ends_with("#users(id,faxNumber,otherMails,assignedLicenses)")
    );
    assert!(
        page.values()
            .iter()
            .any(|u| u["faxNumber"].is_null() && u.as_object().unwrap().contains_key("faxNumber"))
    );
    assert!(page.values().iter().all(|u| u["otherMails"].is_array() && u["assignedLicenses"].is_array()));
    refused(&w.get("/users?$select=id,nonsense").await, 400, "BadRequest");
    assert_eq!(w.get("/users?$select=aboutMe").await.status, 501);
}

#[tokio::test]
async fn one_user_by_id_and_by_name() {
    let w = World::new().await;
    let id = w.users(|u| u["userPrincipalName"] == "eve.marchetti@contoso.example").remove(0);
    let user = w.get(&format!("/users/{id}")).await.expect(200);
    assert_eq!(user.body["@odata.context"], format!("{}/v1.0/$metadata#users/$entity", w.sim.base()));
    assert_eq!(user.body["displayName"], "Eve Marchetti");
    assert_eq!(w.get("/users/eve.marchetti@contoso.example").await.expect(200).body["id"], *id);
    assert_eq!(w.get(&format!("/users('{id}')?$select=id")).await.expect(200).body["id"], *id);
    refused(&w.get("/users/00000000-0000-0000-0000-000000000001").await, 404, "Request_ResourceNotFound");
    let manager = w.get(&format!("/users/{id}/manager")).await.expect(200);
    assert_eq!(manager.body["@odata.type"], "#microsoft.graph.user");
    let chief = manager.body["id"].as_str().unwrap();
    refused(&w.get(&format!("/users/{chief}/manager")).await, 404, "Request_ResourceNotFound");
    let expanded = w.get(&format!("/users/{id}?$select=id&$expand=manager($select=id)")).await.expect(200);
    assert_eq!(expanded.body["manager"]["id"], *chief);
    let reports = w.all(&format!("/users/{chief}/directReports?$select=id")).await;
    assert!(reports.iter().any(|r| r["id"] == *id));
}

#[tokio::test]
async fn members_carry_their_type() {
    let w = World::new().await;
    let truth = w.sim.export();
    for (group, members) in truth["members"].as_object().unwrap() {
        let listed = match w.get(&format!("/groups/{group}/members?$select=id&$top=999")).await {
            answer if answer.status == 404 => continue,
            answer => answer.expect(200),
        };
        for m in listed.values() {
            assert!(m["@odata.type"].as_str().unwrap().starts_with("#microsoft.graph."));
            assert_eq!(m.as_object().unwrap().len(), 2);
            assert!(members.as_array().unwrap().contains(&m["id"]));
        }
    }
}

#[tokio::test]
async fn filters_search_count_and_order() {
    let w = World::new().await;
    let hit = w
        .get("/users?$filter=startswith(displayName,'Eve') and accountEnabled eq true&$select=displayName")
        .await
        .expect(200);
    assert_eq!(hit.values(), [json!({"displayName": "Eve Marchetti"})]);
    let unified = w
        .get("/groups?$filter=groupTypes/any(c:c eq 'Unified')&$select=groupTypes&$top=999")
        .await
        .expect(200);
    assert!(
        !unified.values().is_empty()
            && unified.values().iter().all(|g| g["groupTypes"] == json!(["Unified"]))
    );
    refused(&w.get("/users/$count").await, 400, "Request_UnsupportedQuery");
    let count = w.eventual("/users/$count").await.expect(200);
    assert_eq!(count.text, w.users(|_| true).len().to_string());
    refused(&w.get("/users?$filter=department ne 'IT'").await, 400, "Request_UnsupportedQuery");
    let others = w.eventual("/users?$filter=department ne 'IT'&$count=true&$top=5").await.expect(200);
    assert!(others.body["@odata.count"].as_u64().unwrap() > 20);
    assert!(w.get("/users?$count=true").await.expect(200).body["@odata.count"].is_null());
    refused(&w.get("/users?$search=\"displayName:eve\"").await, 400, "Request_UnsupportedQuery");
    let found = w.eventual("/users?$search=\"displayName:march\"&$select=displayName").await.expect(200);
    assert_eq!(found.values(), [json!({"displayName": "Eve Marchetti"})]);
    let ordered = w.all("/users?$orderby=displayName&$select=displayName&$top=50").await;
    let names: Vec<String> =
        ordered.iter().map(|u| u["displayName"].as_str().unwrap().to_lowercase()).collect();
    assert!(names.is_sorted());
    let ids = w.users(|_| true);
    let some =
        w.get(&format!("/users?$filter=id in ('{}','{}')&$select=id", ids[3], ids[4])).await.expect(200);
    assert_eq!(some.values().len(), 2);
}

#[tokio::test]
async fn unknown_paths_are_errors() {
    let w = World::new().await;
    for path in ["/nothing", "/users/x/y/z", "/groups/delta/x", "/"] {
        refused(&w.get(path).await, 404, "ResourceNotFound");
    }
    assert_eq!(w.get(&format!("{}/beta/users", w.sim.base())).await.status, 404);
    assert_eq!(w.delete("/users").await.status, 405);
    let own = w.call("GET", "/users?$top=1", &[("client-request-id", "my-id")], None).await;
    assert_eq!(own.header("client-request-id"), Some("my-id"));
}

#[tokio::test]
async fn tenant_and_products() {
    let w = World::new().await;
    let org = w.get("/organization").await.expect(200);
    assert_eq!(org.values().len(), 1);
    assert_eq!(org.values()[0]["id"], w.sim.tenant_id());
    assert_eq!(org.values()[0]["verifiedDomains"][0]["name"], "contoso.example");
    assert_eq!(w.get("/domains").await.expect(200).values().len(), 2);
    let skus = w.get("/subscribedSkus").await.expect(200);
    assert!(
        skus.values()
            .iter()
            .any(|s| s["skuPartNumber"] == "SPE_E3" && s["consumedUnits"].as_u64().unwrap() > 5)
    );
    let details =
        w.users(|u| u["licenseAssignmentStates"].as_array().is_some_and(|l| !l.is_empty())).remove(0);
    assert!(!w.get(&format!("/users/{details}/licenseDetails")).await.expect(200).values().is_empty());
    let by_ids = w
        .post(
            "/directoryObjects/getByIds",
            json!({"ids": [details, "00000000-0000-0000-0000-000000000001"], "types": ["user"]}),
        )
        .await
        .expect(200);
    assert_eq!(by_ids.values().len(), 1);
    assert_eq!(by_ids.values()[0]["@odata.type"], "#microsoft.graph.user");
}
