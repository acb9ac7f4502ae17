//! Groups and administrative units whose members follow a rule.

use serde_json::{Value, json};

use crate::support::{World, refused};

const UNITS: &str = "/directory/administrativeUnits";

impl World {
    /// Ids of the members of a group or unit, as its listing shows them.
    async fn members(&self, path: &str) -> Vec<String> {
        let members = self.all(&format!("{path}/members?$select=id")).await;
        members.iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect()
    }

    /// An assigned unit without restrictions, with members of its own.
    fn assigned_unit(&self) -> String {
        let truth = self.sim.export();
        let units = truth["administrativeUnits"].as_array().unwrap();
        let plain = |u: &&Value| {
            u["membershipType"].is_null()
                && u["isMemberManagementRestricted"].is_null()
                && !truth["auMembers"][u["id"].as_str().unwrap()].as_array().unwrap().is_empty()
        };
        format!("{UNITS}/{}", units.iter().find(plain).unwrap()["id"].as_str().unwrap())
    }
}

#[tokio::test]
async fn the_tenant_has_units_that_follow_their_rule() {
    let w = World::new().await;
    let units = w.all(UNITS).await;
    let dynamic: Vec<&Value> = units.iter().filter(|u| u["membershipType"] == "Dynamic").collect();
    assert_eq!(dynamic.len(), 2);
    let legal = dynamic.iter().find(|u| u["displayName"] == "Legal Department").unwrap();
    assert_eq!(legal["membershipRule"], "(user.department -eq \"Legal\")");
    assert_eq!(legal["membershipRuleProcessingState"], "On");
    let mut members = w.members(&format!("{UNITS}/{}", legal["id"].as_str().unwrap())).await;
    let mut expected = w.users(|u| u["department"] == "Legal");
    assert!(!expected.is_empty());
    members.sort();
    expected.sort();
    assert_eq!(members, expected);
}

#[tokio::test]
async fn a_dynamic_unit_follows_people_and_its_rule() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let body = json!({"displayName": "Pilots", "membershipType": "Dynamic", "membershipRule": "(user.department -eq \"Flying\")"});
    let unit = w.post(UNITS, body).await.expect(201).body;
    assert_eq!(unit["membershipRuleProcessingState"], "On");
    let path = format!("{UNITS}/{}", unit["id"].as_str().unwrap());
    assert!(w.members(&path).await.is_empty());
    let (_, link) = w.round(&format!("{UNITS}/delta?$select=members,membershipRule")).await;

    w.patch(&format!("/users/{user}"), json!({"department": "Flying"})).await.expect(204);
    assert_eq!(w.members(&path).await, [user.as_str()]);
    let (items, link) = w.round(&link).await;
    let news = items.iter().find(|u| u["id"] == unit["id"]).unwrap();
    assert_eq!(news["members@delta"][0]["id"], *user);

    // Paused, it follows nobody; at work again, it catches up.
    w.patch(&path, json!({"membershipRuleProcessingState": "Paused"})).await.expect(204);
    w.patch(&format!("/users/{user}"), json!({"department": "Sailing"})).await.expect(204);
    assert_eq!(w.members(&path).await, [user.as_str()]);
    w.patch(&path, json!({"membershipRuleProcessingState": "On"})).await.expect(204);
    assert!(w.members(&path).await.is_empty());

    w.patch(&path, json!({"membershipRule": "(user.department -eq \"Sailing\")"})).await.expect(204);
    assert_eq!(w.members(&path).await, [user.as_str()]);
    let (items, _) = w.round(&link).await;
    let news = items.iter().find(|u| u["id"] == unit["id"]).unwrap();
    assert_eq!(news["membershipRule"], "(user.department -eq \"Sailing\")");
}

#[tokio::test]
async fn members_of_a_dynamic_unit_are_the_rules_alone() {
    let w = World::new().await;
    let units = w.all(UNITS).await;
    let legal = units.iter().find(|u| u["displayName"] == "Legal Department").unwrap();
    let path = format!("{UNITS}/{}", legal["id"].as_str().unwrap());
    let member = w.members(&path).await.remove(0);
    let other = w.users(|u| u["department"] == "Sales").remove(0);
    let add = w.post(&format!("{path}/members/$ref"), w.reference(&other)).await;
    refused(&add, 400, "Request_BadRequest");
    assert!(add.text.contains("dynamic"), "{}", add.text);
    refused(&w.delete(&format!("{path}/members/{member}/$ref")).await, 400, "Request_BadRequest");
}

#[tokio::test]
async fn a_unit_goes_from_assigned_to_dynamic_and_back() {
    let w = World::new().await;
    let path = w.assigned_unit();
    let assigned = w.members(&path).await;
    for bad in [
        json!({"membershipType": "Sometimes"}),
        json!({"membershipType": "Dynamic"}),
        json!({"membershipRuleProcessingState": "Later"}),
    ] {
        refused(&w.patch(&path, bad).await, 400, "Request_BadRequest");
    }
    let dynamic = json!({"membershipType": "Dynamic", "membershipRule": "(user.department -eq \"Legal\")", "membershipRuleProcessingState": "On"});
    w.patch(&path, dynamic).await.expect(204);
    let mut members = w.members(&path).await;
    let mut legal = w.users(|u| u["department"] == "Legal");
    members.sort();
    legal.sort();
    assert_eq!(members, legal, "what was assigned is gone");

    let back = json!({"membershipType": null, "membershipRule": null, "membershipRuleProcessingState": null});
    w.patch(&path, back).await.expect(204);
    assert_eq!(w.members(&path).await.len(), legal.len(), "the members of that moment stay");
    for member in &legal {
        w.delete(&format!("{path}/members/{member}/$ref")).await.expect(204);
    }
    for member in &assigned {
        w.post(&format!("{path}/members/$ref"), w.reference(member)).await.expect(204);
    }
    assert_eq!(w.members(&path).await, assigned);
    assert_eq!(w.get(&path).await.body["membershipType"], Value::Null);
}

#[tokio::test]
async fn a_group_goes_from_static_to_dynamic_and_back() {
    let w = World::new().await;
    let id = w.plain_groups().remove(0);
    let path = format!("/groups/{id}");
    let before = w.members(&path).await;
    let dynamic = json!({"groupTypes": ["DynamicMembership"], "membershipRule": "(user.department -eq \"Legal\")", "membershipRuleProcessingState": "On"});
    w.patch(&path, dynamic.clone()).await.expect(204);
    let legal = w.members(&path).await;
    assert_eq!(legal.len(), w.users(|u| u["department"] == "Legal").len());

    let back = json!({"groupTypes": [], "membershipRule": null, "membershipRuleProcessingState": null});
    w.patch(&path, back).await.expect(204);
    assert_eq!(w.members(&path).await, legal, "the members of that moment stay");
    w.delete(&format!("{path}/members/{}/$ref", legal[0])).await.expect(204);
    for member in before.iter().filter(|m| !legal.contains(m)) {
        w.post(&format!("{path}/members/$ref"), w.reference(member)).await.expect(204);
    }

    w.patch(&path, dynamic).await.expect(204);
    assert_eq!(w.members(&path).await, legal, "the rule works them out again");
}
