//! Administrators, role-assignable groups and restricted units are protected.

use graph_sim::Options;
use serde_json::json;

use crate::support::{World, refused};

async fn world(roles: &[&str]) -> World {
    let options = Options {
        users: 120,
        groups: 40,
        directory_roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        ..Options::default()
    };
    World::with(options).await
}

/// Users by what they hold.
struct Targets {
    plain: String,
    reader: String,
    helpdesk: String,
    authentication: String,
    global: String,
    in_group: String,
    custom: String,
}

fn targets(w: &World) -> Targets {
    let users = w.plain_users();
    let assign = |user: &String, role: &str| {
        let (status, body) = w.sim.apply(
            "POST",
            "/roleManagement/directory/roleAssignments",
            Some(json!({"principalId": user, "roleDefinitionId": role, "directoryScopeId": "/"})),
        );
        assert_eq!(status, 201, "{body}");
        user.clone()
    };
    let custom = w.sim.export()["roleDefinitions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["isBuiltIn"] == false)
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let group = w.groups(|g| g["isAssignableToRole"] == true).remove(2);
    w.sim.apply("POST", &format!("/groups/{group}/members/$ref"), Some(w.reference(&users[5])));
    Targets {
        plain: users[0].clone(),
        reader: assign(&users[1], "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"),
        helpdesk: assign(&users[2], "729827e3-9c14-49f7-bb1b-9608f156bbb8"),
        authentication: assign(&users[3], "c4e39bd9-1100-46d3-8c65-fb160da0071f"),
        global: assign(&users[4], "62e90394-69f5-4237-9190-012177145e10"),
        in_group: users[5].clone(),
        custom: assign(&users[6], &custom),
    }
}

#[tokio::test]
async fn the_matrix() {
    let matrix = [
        (&[][..], [true, true, false, false, false, false, true]),
        (&["Authentication Administrator"], [true, true, false, true, false, false, true]),
        (&["User Administrator"], [true, true, true, false, false, false, true]),
        (&["Privileged Authentication Administrator"], [true; 7]),
        (&["Global Administrator"], [true; 7]),
    ];
    for (roles, allowed) in matrix {
        let w = world(roles).await;
        let t = targets(&w);
        let all = [&t.plain, &t.reader, &t.helpdesk, &t.authentication, &t.global, &t.in_group, &t.custom];
        for (target, allowed) in all.into_iter().zip(allowed) {
            let path = format!("/users/{target}");
            // What is not sensitive needs no role.
            w.patch(&path, json!({"jobTitle": "x"})).await.expect(204);
            for body in [
                json!({"accountEnabled": false}),
                json!({"mobilePhone": "+47 1"}),
                json!({"otherMails": ["a@b.example"]}),
            ] {
                let answer = w.patch(&path, body).await;
                if allowed {
                    answer.expect(204);
                } else {
                    refused(&answer, 403, "Authorization_RequestDenied");
                }
            }
            let answer = w.delete(&path).await;
            if allowed {
                answer.expect(204);
                w.post(&format!("/directory/deletedItems/{target}/restore"), json!({})).await.expect(200);
            } else {
                refused(&answer, 403, "Authorization_RequestDenied");
            }
        }
    }
}

#[tokio::test]
async fn eligible_administrators_count_and_passwords_need_a_role() {
    let w = world(&[]).await;
    let eligible = w.sim.export()["roleEligibilities"][3]["principalId"].as_str().unwrap().to_owned();
    refused(
        &w.patch(&format!("/users/{eligible}"), json!({"accountEnabled": false})).await,
        403,
        "Authorization_RequestDenied",
    );
    let plain = w.plain_users().remove(0);
    let password = json!({"passwordProfile": {"password": "Quite-Long-1"}});
    refused(&w.patch(&format!("/users/{plain}"), password.clone()).await, 403, "Authorization_RequestDenied");
    w.sim.grant_directory_role("User Administrator", "/").unwrap();
    w.patch(&format!("/users/{plain}"), password).await.expect(204);
}

#[tokio::test]
async fn role_assignable_groups_need_role_management() {
    let w = world(&[]).await;
    let group = w.groups(|g| g["isAssignableToRole"] == true).remove(0);
    let user = w.plain_users().remove(0);
    w.post(&format!("/groups/{group}/members/$ref"), w.reference(&user)).await.expect(204);
    w.grant(&[], &["RoleManagement.ReadWrite.Directory"]).await;
    for answer in [
        w.delete(&format!("/groups/{group}/members/{user}/$ref")).await,
        w.post(&format!("/groups/{group}/owners/$ref"), w.reference(&user)).await,
        w.delete(&format!("/groups/{group}")).await,
        w.post("/groups", json!({"displayName": "x", "mailEnabled": false, "mailNickname": "ra", "securityEnabled": true, "isAssignableToRole": true})).await,
    ] {
        refused(&answer, 403, "Authorization_RequestDenied");
    }
}

#[tokio::test]
async fn restricted_units_shut_permissions_out() {
    let w = world(&["Global Administrator"]).await;
    let truth = w.sim.export();
    let unit = truth["administrativeUnits"]
        .as_array()
        .unwrap()
        .iter()
        .find(|u| u["isMemberManagementRestricted"] == true)
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let member = truth["auMembers"][&unit][0].as_str().unwrap().to_owned();
    let user = truth["users"].as_array().unwrap().iter().find(|u| u["id"] == *member).unwrap();
    assert_eq!(user["isManagementRestricted"], true);
    let path = format!("/users/{member}");
    for answer in [w.patch(&path, json!({"jobTitle": "x"})).await, w.delete(&path).await] {
        refused(&answer, 403, "Authorization_RequestDenied");
    }
    w.sim.grant_directory_role("User Administrator", &format!("/administrativeUnits/{unit}")).unwrap();
    w.patch(&path, json!({"jobTitle": "x"})).await.expect(204);
}
