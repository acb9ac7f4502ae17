//! Making and changing groups.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Verdict, agreed, hold};
use crate::world::{World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "group-created",
        "A new security group is answered 201 with its id",
        GROUP_POST,
        &[WRITE_GROUPS],
        run!(created),
    ),
    Probe::writes(
        "group-mail-enabled-refused",
        "A group that Exchange masters (mail-enabled security) cannot be made: 400",
        GROUP_POST,
        &[WRITE_GROUPS],
        run!(exchange),
    ),
    Probe::writes(
        "group-type-is-fixed",
        "A security group cannot become a Microsoft 365 group: 400",
        GROUP_RESOURCE,
        &[WRITE_GROUPS],
        run!(type_fixed),
    )
    .inferred(),
    Probe::writes(
        "group-description-clears",
        "null clears a group's description; the PATCH is answered 204",
        GROUP_UPDATE,
        &[WRITE_GROUPS],
        run!(clears),
    ),
    Probe::writes(
        "group-goes-dynamic",
        "Turning a group dynamic drops its members, and turning it back keeps those that the rule found",
        GROUP_CHANGE_TYPE,
        GROUP,
        run!(goes_dynamic),
    ),
    Probe::writes(
        "group-dynamic-members-locked",
        "Members of a dynamic group cannot be added one by one: 400 or 403",
        GROUP_ADD,
        GROUP,
        run!(dynamic_locked),
    )
    .inferred(),
    Probe::writes(
        "group-for-roles-fixed",
        "`isAssignableToRole` cannot be changed after creation: 400",
        GROUP_ROLES,
        &[WRITE_GROUPS, WRITE_ROLES],
        run!(roles_fixed),
    ),
    Probe::writes(
        "group-for-roles-private",
        "A group that roles can be assigned to is `Private`",
        GROUP_RESOURCE,
        &[WRITE_GROUPS, WRITE_ROLES],
        run!(roles_private),
    ),
    Probe::writes(
        "group-for-roles-needs-role-permission",
        "`Group.ReadWrite.All` is not enough to make a group that roles can be assigned to: 403",
        GROUP_ROLES,
        &[WRITE_GROUPS],
        run!(roles_refused),
    )
    .without(&["RoleManagement.ReadWrite.Directory"]),
];

const RULE: &str = "(user.department -eq \"holdfast-conform\") and (user.city -eq \"Nowhere\")";

async fn created(w: &World<'_>) -> Verdict {
    let answer = w.post("/groups", w.group_body()).await?.expect(201)?;
    let id = w.adopt("/groups", &answer);
    hold(!id.is_empty(), || "there is no id".to_owned())?;
    let found = |answer: &Answer| answer.status == 200;
    let (_, after) = w.settle(&format!("/groups/{id}?$select=id"), "the new group", found).await?;
    Ok(format!("found by its id {}", shown(after)))
}

async fn exchange(w: &World<'_>) -> Verdict {
    let mut body = w.group_body();
    body["mailEnabled"] = json!(true);
    let answer = w.post("/groups", body).await?;
    w.adopt("/groups", &answer);
    answer.expect(400)?;
    agreed()
}

async fn type_fixed(w: &World<'_>) -> Verdict {
    let group = w.group().await?;
    w.patch(&format!("/groups/{group}"), json!({"groupTypes": ["Unified"]})).await?.expect(400)?;
    agreed()
}

async fn clears(w: &World<'_>) -> Verdict {
    let group = w.group_with(json!({"description": "For a probe"})).await?;
    w.patch(&format!("/groups/{group}"), json!({"description": null})).await?.expect(204)?;
    let path = format!("/groups/{group}?$select=id,description");
    let cleared = |answer: &Answer| answer.status == 200 && answer.body["description"].is_null();
    let (_, after) = w.settle(&path, "the cleared description", cleared).await?;
    Ok(shown(after))
}

async fn goes_dynamic(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    let members = format!("/groups/{group}/members?$select=id");
    w.lists(&members, &[&user.id], &[]).await?;
    let dynamic = json!({
        "groupTypes": ["DynamicMembership"], "membershipRule": RULE, "membershipRuleProcessingState": "On",
    });
    w.patch(&format!("/groups/{group}"), dynamic).await?.expect(204)?;
    let dropped = w.lists(&members, &[], &[&user.id]).await?;
    let found = json!({"department": "holdfast-conform", "city": "Nowhere"});
    w.patch(&format!("/users/{}", user.id), found).await?.expect(204)?;
    w.lists(&members, &[&user.id], &[]).await?;
    let back = json!({"groupTypes": [], "membershipRule": null, "membershipRuleProcessingState": null});
    w.patch(&format!("/groups/{group}"), back).await?.expect(204)?;
    let path = format!("/groups/{group}?$select=id,groupTypes");
    w.settle(&path, "that it is assigned again", |answer| answer.body["groupTypes"] == json!([])).await?;
    w.lists(&members, &[&user.id], &[]).await?;
    Ok(format!("members were dropped {}", shown(dropped)))
}

async fn dynamic_locked(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let dynamic = json!({"groupTypes": ["DynamicMembership"], "membershipRule": RULE, "membershipRuleProcessingState": "On"});
    let group = w.group_with(dynamic).await?;
    let answer = w.post(&format!("/groups/{group}/members/$ref"), w.reference(&user.id)).await?;
    answer.one_of(&[400, 403])?;
    agreed()
}

async fn roles_fixed(w: &World<'_>) -> Verdict {
    let group = w.group_with(json!({"isAssignableToRole": true})).await?;
    w.patch(&format!("/groups/{group}"), json!({"isAssignableToRole": false})).await?.expect(400)?;
    agreed()
}

async fn roles_private(w: &World<'_>) -> Verdict {
    let group = w.group_with(json!({"isAssignableToRole": true})).await?;
    let answer = w.get(&format!("/groups/{group}?$select=id,visibility")).await?.expect(200)?;
    let shown = answer.body["visibility"].to_string();
    hold(answer.body["visibility"] == "Private", || format!("it is {shown}"))?;
    agreed()
}

async fn roles_refused(w: &World<'_>) -> Verdict {
    let mut body: Value = w.group_body();
    body["isAssignableToRole"] = json!(true);
    let answer = w.post("/groups", body).await?;
    w.adopt("/groups", &answer);
    answer.refused(403, "Authorization_RequestDenied")?;
    agreed()
}
