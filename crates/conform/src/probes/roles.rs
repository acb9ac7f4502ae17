//! Role definitions and assignments.

use std::collections::HashSet;

use graph::Method;
use serde_json::{Value, json};

use crate::answer::{Answer, find};
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{World, shown};

/// Directory Readers: a role that opens nothing which every member may not see.
const HARMLESS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const ASSIGNMENTS: &str = "/roleManagement/directory/roleAssignments";
const DEFINITIONS: &str = "/roleManagement/directory/roleDefinitions";

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "built-in-roles-have-template-ids",
        "A built-in role's id is its template's, the same in every tenant",
        ROLE_DEFINITIONS,
        &[READ_ROLES],
        run!(template_ids),
    ),
    Probe::reads(
        "role-assignments-name-ends",
        "A role assignment names `id`, `principalId`, `roleDefinitionId` and `directoryScopeId`",
        ROLE_ASSIGNMENTS,
        &[READ_ROLES],
        run!(name_ends),
    ),
    Probe::reads(
        "role-instances-name-origin",
        "A schedule instance has `assignmentType` `Assigned` or `Activated`, and every assignment of the whole directory has an instance",
        ROLE_INSTANCES,
        &[READ_ACTIVE, READ_ROLES],
        run!(name_origin),
    ),
    Probe::reads(
        "role-eligibilities-listed",
        "Eligibilities are listed with principal, role, scope and `scheduleInfo`",
        ROLE_ELIGIBLE,
        &[READ_ELIGIBLE],
        run!(eligibilities),
    ),
    Probe::writes(
        "role-assigned",
        "A role is assigned with 201, and found by its id and by `$filter=principalId eq '…'`",
        ROLE_ASSIGN,
        ROLE,
        run!(assigned),
    ),
    Probe::writes(
        "role-assigned-twice-refused",
        "The same assignment again is refused with 400 or 409",
        ROLE_ASSIGN,
        ROLE,
        run!(twice),
    )
    .reported(),
    Probe::writes(
        "role-assignment-immutable",
        "An assignment cannot be changed: PATCH is refused",
        ROLE_ASSIGNMENT,
        ROLE,
        run!(immutable),
    ),
    Probe::writes(
        "role-unassigned",
        "Deleting an assignment is answered 204, and it is gone",
        ROLE_UNASSIGN,
        ROLE,
        run!(unassigned),
    ),
    Probe::writes(
        "role-assignment-unknown-404",
        "Assigning to an id that nothing has is refused with 400 or 404",
        ROLE_ASSIGN,
        &[WRITE_ROLES],
        run!(unknown),
    )
    .inferred(),
    Probe::writes(
        "role-for-plain-group-refused",
        "A group that is not made for roles cannot hold one: 400",
        GROUP_ROLES,
        &[WRITE_ROLES, WRITE_GROUPS],
        run!(plain_group),
    ),
    Probe::writes(
        "role-in-a-unit",
        "A role assigned in the scope of a unit is one of the unit's `scopedRoleMembers`",
        UNIT_SCOPED,
        &[WRITE_ROLES, WRITE_UNITS, WRITE_USERS, READ_TENANT],
        run!(in_a_unit),
    )
    .inferred(),
    Probe::writes(
        "custom-role-changed",
        "A custom role is made with 201 and changed with 204",
        ROLE_UPDATE,
        &[WRITE_ROLES],
        run!(custom_changed),
    ),
    Probe::writes(
        "custom-role-needs-permissions",
        "A custom role without `rolePermissions` is refused: 400",
        ROLE_CREATE,
        &[WRITE_ROLES],
        run!(needs_permissions),
    ),
];

/// Assigns the harmless role.
pub(super) async fn assign(w: &World<'_>, principal: &str, scope: &str) -> Result<Answer, Stop> {
    let role = if scope == "/" { HARMLESS } else { UNIT_ROLE };
    let body = json!({"principalId": principal, "roleDefinitionId": role, "directoryScopeId": scope});
    let answer = w.steady(Method::Post, ASSIGNMENTS, Some(body)).await?;
    w.adopt(ASSIGNMENTS, &answer);
    Ok(answer)
}

/// Groups Administrator, which can be held in a unit. It is given to a disabled user of the probe's own, in a
/// unit of the probe's own.
const UNIT_ROLE: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";

async fn template_ids(w: &World<'_>) -> Verdict {
    let roles = w.all(DEFINITIONS).await?;
    let built_in: Vec<&Value> = roles.iter().filter(|role| role["isBuiltIn"] == true).collect();
    hold(find(&roles, GLOBAL).is_some(), || "Global Administrator is not there".to_owned())?;
    let other = built_in.iter().filter(|role| role["id"] != role["templateId"]).count();
    hold(other == 0, || format!("{other} of {} have another id", built_in.len()))?;
    Ok(format!("{} built-in roles", built_in.len()))
}

async fn name_ends(w: &World<'_>) -> Verdict {
    let all = w.all(ASSIGNMENTS).await?;
    for name in ["id", "principalId", "roleDefinitionId", "directoryScopeId"] {
        let lacking = all.iter().filter(|assignment| !assignment[name].is_string()).count();
        hold(lacking == 0, || format!("{lacking} of {} have no {name}", all.len()))?;
    }
    Ok(format!("{} assignments", all.len()))
}

async fn name_origin(w: &World<'_>) -> Verdict {
    let path = "/roleManagement/directory/roleAssignmentScheduleInstances?$select=assignmentType,roleAssignmentOriginId,principalId,roleDefinitionId,directoryScopeId";
    let instances = w.all(path).await?;
    let typed =
        instances.iter().all(|i| i["assignmentType"] == "Assigned" || i["assignmentType"] == "Activated");
    hold(typed, || "an instance has another type, or none".to_owned())?;
    let key = |a: &Value| format!("{} {} {}", a["principalId"], a["roleDefinitionId"], a["directoryScopeId"]);
    let known: HashSet<String> = instances.iter().map(key).collect();
    let assignments = w.all(ASSIGNMENTS).await?;
    let alone =
        assignments.iter().filter(|a| a["directoryScopeId"] == "/" && !known.contains(&key(a))).count();
    hold(alone == 0, || format!("{alone} of {} assignments have none", assignments.len()))?;
    let activated = instances.iter().filter(|i| i["assignmentType"] == "Activated").count();
    Ok(format!("{} instances, {activated} activated", instances.len()))
}

async fn eligibilities(w: &World<'_>) -> Verdict {
    let all = w.all("/roleManagement/directory/roleEligibilitySchedules").await?;
    for name in ["principalId", "roleDefinitionId", "directoryScopeId"] {
        hold(all.iter().all(|e| e[name].is_string()), || format!("one has no {name}"))?;
    }
    hold(all.iter().all(|e| e["scheduleInfo"].is_object()), || "one has no scheduleInfo".to_owned())?;
    Ok(format!("{} eligibilities", all.len()))
}

async fn assigned(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let id = assign(w, &user.id, "/").await?.expect(201)?.text_of("id").to_owned();
    let found = |answer: &Answer| answer.status == 200;
    let (_, after) = w.settle(&format!("{ASSIGNMENTS}/{id}"), "the assignment", found).await?;
    let path = format!("{ASSIGNMENTS}?$filter=principalId eq '{}'", user.id);
    w.lists(&path, &[&id], &[]).await?;
    Ok(shown(after))
}

async fn twice(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    assign(w, &user.id, "/").await?.expect(201).map_err(Stop::preparing)?;
    let answer = assign(w, &user.id, "/").await?.one_of(&[400, 409])?;
    Ok(format!("with {} {}", answer.status, answer.code()))
}

async fn immutable(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let made = assign(w, &user.id, "/").await?.expect(201).map_err(Stop::preparing)?;
    let path = format!("{ASSIGNMENTS}/{}", made.text_of("id"));
    let answer = w.patch(&path, json!({"directoryScopeId": "/"})).await?;
    hold((400..500).contains(&answer.status), || answer.came())?;
    Ok(format!("with {}", answer.status))
}

async fn unassigned(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let made = assign(w, &user.id, "/").await?.expect(201).map_err(Stop::preparing)?;
    let path = format!("{ASSIGNMENTS}/{}", made.text_of("id"));
    w.steady(Method::Delete, &path, None).await?.expect(204)?;
    let (_, after) = w.settle(&path, "that it is gone", |answer| answer.status == 404).await?;
    Ok(shown(after))
}

async fn unknown(w: &World<'_>) -> Verdict {
    let body = json!({"principalId": w.nobody(), "roleDefinitionId": HARMLESS, "directoryScopeId": "/"});
    let answer = w.post(ASSIGNMENTS, body).await?;
    w.adopt(ASSIGNMENTS, &answer);
    let answer = answer.one_of(&[400, 404])?;
    Ok(format!("with {}", answer.status))
}

async fn plain_group(w: &World<'_>) -> Verdict {
    let group = w.group().await?;
    assign(w, &group, "/").await?.expect(400)?;
    agreed()
}

async fn in_a_unit(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_with(json!({})).await?;
    let made = assign(w, &user.id, &format!("/administrativeUnits/{unit}")).await?;
    made.expect(201).map_err(Stop::preparing)?;
    let path = format!("/directory/administrativeUnits/{unit}/scopedRoleMembers");
    let holds = |page: &Answer| page.items().iter().any(|m| m["roleMemberInfo"]["id"] == user.id);
    let (_, after) = w.settle(&path, "who holds the role", holds).await?;
    Ok(shown(after))
}

async fn custom_changed(w: &World<'_>) -> Verdict {
    let role = w.role().await?;
    let path = format!("{DEFINITIONS}/{role}");
    w.patch(&path, json!({"description": "For a probe"})).await?.expect(204)?;
    let changed = |answer: &Answer| answer.text_of("description") == "For a probe";
    let (answer, after) = w.settle(&path, "the description", changed).await?;
    hold(answer.body["isBuiltIn"] == false, || "it is built in".to_owned())?;
    Ok(shown(after))
}

async fn needs_permissions(w: &World<'_>) -> Verdict {
    let answer = w.post(DEFINITIONS, json!({"displayName": w.name(), "isEnabled": true})).await?;
    w.adopt(DEFINITIONS, &answer);
    answer.expect(400)?;
    agreed()
}
