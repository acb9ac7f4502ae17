//! What comes back with an object that is restored from the recycle bin.

use graph::Method;
use serde_json::{Value, json};

use super::bin::{binned, deleted};
use super::managers::{manage, managed};
use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "restored-has-its-id",
        "A restore is answered 200 with the object, under the id that it had",
        BIN_RESTORE,
        USER,
        run!(its_id),
    ),
    Probe::writes(
        "restored-keeps-properties",
        "A restored user has the properties that it had",
        RECOVER,
        USER,
        run!(properties),
    ),
    Probe::writes(
        "restored-keeps-membership",
        "A restored user is a member of its groups again",
        RECOVER,
        GROUP,
        run!(membership),
    ),
    Probe::writes(
        "restored-keeps-manager",
        "A restored user has its manager again",
        RECOVER,
        USER,
        run!(manager),
    )
    .inferred(),
    Probe::writes(
        "restored-keeps-reports",
        "A restored manager has its reports again",
        RECOVER,
        USER,
        run!(reports),
    )
    .inferred(),
    Probe::writes(
        "restored-group-keeps-links",
        "A restored group has its members and owners again",
        RECOVER,
        GROUP,
        run!(group_links),
    ),
    Probe::writes(
        "restored-unit-keeps-members",
        "A restored unit has its members again",
        BIN_RESTORE,
        UNIT,
        run!(unit_members),
    )
    .inferred(),
    Probe::writes(
        "restored-keeps-role",
        "A restored user holds its directory roles again",
        RECOVER,
        ROLE,
        run!(role),
    )
    .inferred(),
    Probe::writes(
        "restore-unknown-404",
        "What is not in the bin cannot be restored: 404",
        BIN_RESTORE,
        USER,
        run!(unknown),
    ),
    Probe::writes(
        "restore-name-taken",
        "Where somebody else has the principal name, a restore is refused with 400 or 409",
        BIN_RESTORE,
        USER,
        run!(name_taken),
    )
    .inferred(),
    Probe::writes(
        "restore-under-new-name",
        "With `newUserPrincipalName` it is restored all the same",
        BIN_RESTORE,
        USER,
        run!(new_name),
    ),
];

async fn restore(w: &World<'_>, id: &str) -> Result<Answer, Stop> {
    binned(w, id).await?;
    w.steady(Method::Post, &format!("/directory/deletedItems/{id}/restore"), Some(json!({}))).await
}

/// Deletes something and brings it back.
async fn there_and_back(w: &World<'_>, path: &str) -> Result<(), Stop> {
    w.delete(path).await?.expect(204).map_err(Stop::preparing)?;
    let id = path.rsplit('/').next().unwrap_or_default();
    restore(w, id).await?.expect(200).map_err(Stop::preparing)?;
    let found = w.settle(&format!("{path}?$select=id"), "what was restored", |a| a.status == 200).await;
    found.map(drop)
}

async fn its_id(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    let answer = restore(w, &user.id).await?.expect(200)?;
    hold(answer.text_of("id") == user.id, || "the id is another, or missing".to_owned())?;
    let path = format!("/users/{}?$select=id", user.id);
    let (_, after) = w.settle(&path, "the restored user", |answer| answer.status == 200).await?;
    Ok(format!("found {}", shown(after)))
}

async fn properties(w: &World<'_>) -> Verdict {
    let user = w.user_with(json!({"jobTitle": "Pilot", "usageLocation": "NO"})).await?;
    there_and_back(w, &format!("/users/{}", user.id)).await?;
    let path = format!("/users/{}?$select=id,userPrincipalName,jobTitle,usageLocation", user.id);
    let same = |answer: &Answer| {
        answer.text_of("userPrincipalName") == user.upn
            && answer.text_of("jobTitle") == "Pilot"
            && answer.text_of("usageLocation") == "NO"
    };
    let (_, after) = w.settle(&path, "what it had", same).await?;
    Ok(shown(after))
}

async fn membership(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    let members = format!("/groups/{group}/members?$select=id");
    w.lists(&members, &[&user.id], &[]).await?;
    there_and_back(w, &format!("/users/{}", user.id)).await?;
    Ok(shown(w.lists(&members, &[&user.id], &[]).await?))
}

async fn manager(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    manage(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    there_and_back(w, &format!("/users/{}", users[0].id)).await?;
    managed(w, &users[0], &users[1]).await
}

async fn reports(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    manage(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    there_and_back(w, &format!("/users/{}", users[1].id)).await?;
    managed(w, &users[0], &users[1]).await
}

async fn group_links(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let group = w
        .group_with(json!({
            "members@odata.bind": w.bind([users[0].id.as_str()]),
            "owners@odata.bind": w.bind([users[1].id.as_str()]),
        }))
        .await?;
    there_and_back(w, &format!("/groups/{group}")).await?;
    let after = w.lists(&format!("/groups/{group}/members?$select=id"), &[&users[0].id], &[]).await?;
    w.lists(&format!("/groups/{group}/owners?$select=id"), &[&users[1].id], &[]).await?;
    Ok(shown(after))
}

async fn unit_members(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_of(&[&user.id]).await?;
    there_and_back(w, &format!("/directory/administrativeUnits/{unit}")).await?;
    let path = format!("/directory/administrativeUnits/{unit}/members?$select=id");
    Ok(shown(w.lists(&path, &[&user.id], &[]).await?))
}

async fn role(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    super::roles::assign(w, &user.id, "/").await?.expect(201).map_err(Stop::preparing)?;
    there_and_back(w, &format!("/users/{}", user.id)).await?;
    let path = format!("/roleManagement/directory/roleAssignments?$filter=principalId eq '{}'", user.id);
    let held = |answer: &Answer| answer.items().len() == 1;
    let (_, after) = w.settle(&path, "the assignment", held).await?;
    Ok(shown(after))
}

async fn unknown(w: &World<'_>) -> Verdict {
    let path = format!("/directory/deletedItems/{}/restore", w.nobody());
    w.post(&path, json!({})).await?.expect(404)?;
    agreed()
}

/// A user in the bin, and another who has its principal name now.
async fn replaced(w: &World<'_>) -> Result<String, Stop> {
    let user = deleted(w).await?;
    binned(w, &user.id).await?;
    let (mut body, _) = w.user_body().await?;
    body["userPrincipalName"] = Value::from(user.upn);
    let twin = w.post("/users", body).await?.expect(201).map_err(Stop::preparing)?;
    w.adopt("/users", &twin);
    Ok(user.id)
}

async fn name_taken(w: &World<'_>) -> Verdict {
    let id = replaced(w).await?;
    let answer = restore(w, &id).await?.one_of(&[400, 409])?;
    Ok(format!("with {} {}", answer.status, answer.code()))
}

async fn new_name(w: &World<'_>) -> Verdict {
    let id = replaced(w).await?;
    let upn = format!("{}@{}", w.name(), w.domain().await?);
    let body = json!({"newUserPrincipalName": upn, "autoReconcileProxyConflict": true});
    let path = format!("/directory/deletedItems/{id}/restore");
    w.steady(Method::Post, &path, Some(body)).await?.expect(200)?;
    let path = format!("/users/{id}?$select=id,userPrincipalName");
    let named = |answer: &Answer| answer.text_of("userPrincipalName") == upn;
    let (_, after) = w.settle(&path, "the new name", named).await?;
    Ok(shown(after))
}
