//! Making and changing users.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{User, World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes("user-created", "A new user is answered 201 with its id", USER_POST, USER, run!(created)),
    Probe::writes(
        "user-without-password-refused",
        "A user cannot be made without `passwordProfile`: 400",
        USER_POST,
        USER,
        run!(no_password),
    ),
    Probe::writes(
        "patch-answers-nothing",
        "A PATCH is answered 204 without a body, and leaves alone what it does not name",
        USER_UPDATE,
        USER,
        run!(patched),
    ),
    Probe::writes("patch-null-clears", "null clears a text", USER_UPDATE, USER, run!(null_clears)),
    Probe::writes(
        "patch-empty-list-clears",
        "An empty list clears `otherMails` and `businessPhones`; lists are replaced whole",
        USER_UPDATE,
        USER,
        run!(empty_list),
    ),
    Probe::writes(
        "patch-complex-merges",
        "Of a complex value, what a PATCH does not name stays",
        USER_UPDATE,
        USER,
        run!(complex_merges),
    )
    .inferred(),
    Probe::writes(
        "patch-read-only-refused",
        "A read-only property refuses the whole PATCH: 400 `Request_BadRequest`, and nothing is changed",
        USER_UPDATE,
        USER,
        run!(read_only),
    ),
    Probe::writes(
        "patch-required-stays",
        "`displayName` cannot be cleared: 400 `Request_BadRequest`",
        USER_RESOURCE,
        USER,
        run!(required),
    ),
    Probe::writes(
        "patch-too-long-refused",
        "A `givenName` of more than 64 characters is refused: 400 `Request_BadRequest`",
        USER_RESOURCE,
        USER,
        run!(too_long),
    ),
    Probe::writes(
        "patch-trims-names",
        "A space at the end of `displayName` is not kept",
        TRIMMED,
        USER,
        run!(trims),
    )
    .reported(),
    Probe::writes(
        "usage-location-stays",
        "`usageLocation` cannot be cleared: 400",
        USER_RESOURCE,
        USER,
        run!(location_stays),
    ),
    Probe::writes(
        "one-business-phone",
        "`businessPhones` holds one number at most: two are refused with 400",
        USER_RESOURCE,
        USER,
        run!(one_phone),
    ),
    Probe::writes(
        "mail-brings-proxy-address",
        "Setting `mail` puts it among `proxyAddresses`, which cannot be written: 400",
        USER_RESOURCE,
        USER,
        run!(mail_brings_proxy),
    ),
    Probe::writes(
        "upn-taken",
        "A principal name that is taken is refused: 400, with `ObjectConflict` at `userPrincipalName` in `details`",
        USER_UPDATE,
        USER,
        run!(upn_taken),
    )
    .reported(),
    Probe::writes(
        "upn-of-foreign-domain",
        "A principal name in a domain that is not verified is refused: 400 `Request_BadRequest`",
        USER_POST,
        USER,
        run!(foreign_domain),
    ),
    Probe::writes(
        "user-by-name",
        "A user is found by its principal name as by its id",
        USER_GET,
        USER,
        run!(by_name),
    ),
    Probe::writes(
        "role-group-protects-members",
        "Who is a member of a group for roles can be disabled or enabled only by an app that is a Global or Privileged Authentication Administrator: 403 otherwise",
        SENSITIVE,
        &[WRITE_USERS, WRITE_GROUPS, WRITE_ROLES, READ_APPS, READ_TENANT],
        run!(protected),
    ),
    Probe::reads(
        "leave-date-needs-permission",
        "`employeeLeaveDateTime` is refused with 403 to an app without `User-LifeCycleInfo.*`",
        USER_RESOURCE,
        &[READ_USERS],
        run!(leave_date),
    )
    .without(&["User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"])
    .inferred(),
    Probe::reads(
        "sign-in-activity-needs-permission",
        "`signInActivity` is refused with 403 to an app without `AuditLog.Read.All`",
        USER_RESOURCE,
        &[READ_USERS],
        run!(sign_in_activity),
    )
    .without(&["AuditLog.Read.All"]),
    Probe::reads(
        "security-attributes-need-permission",
        "`customSecurityAttributes` is refused with 403 to an app without `CustomSecAttributeAssignment.*`",
        USER_RESOURCE,
        &[READ_USERS],
        run!(security_attributes),
    )
    .without(&["CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All"])
    .inferred(),
];

fn path(user: &User) -> String {
    format!("/users/{}", user.id)
}

async fn change(w: &World<'_>, user: &User, body: Value) -> Result<Answer, Stop> {
    w.patch(&path(user), body).await
}

/// Waits until a property reads as it was written.
async fn reads(w: &World<'_>, user: &User, name: &str, value: Value) -> Verdict {
    let path = format!("{}?$select=id,{name}", path(user));
    let (_, after) = w.settle(&path, "the value", |answer| answer.body[name] == value).await?;
    Ok(shown(after))
}

async fn created(w: &World<'_>) -> Verdict {
    let (body, upn) = w.user_body().await?;
    let answer = w.post("/users", body).await?.expect(201)?;
    let id = w.adopt("/users", &answer);
    hold(!id.is_empty(), || "there is no id".to_owned())?;
    hold(answer.text_of("userPrincipalName") == upn, || "the principal name is another".to_owned())?;
    let found = |answer: &Answer| answer.status == 200;
    let (_, after) = w.settle(&format!("/users/{id}?$select=id"), "the new user", found).await?;
    Ok(format!("found by its id {}", shown(after)))
}

async fn no_password(w: &World<'_>) -> Verdict {
    let (mut body, _) = w.user_body().await?;
    body["passwordProfile"] = Value::Null;
    let answer = w.post("/users", body).await?;
    w.adopt("/users", &answer);
    answer.expect(400)?;
    agreed()
}

async fn patched(w: &World<'_>) -> Verdict {
    let user = w.user_with(json!({"department": "Flying"})).await?;
    let answer = change(w, &user, json!({"jobTitle": "Pilot"})).await?.expect(204)?;
    hold(answer.text.is_empty(), || "there is a body".to_owned())?;
    let note = reads(w, &user, "jobTitle", json!("Pilot")).await?;
    reads(w, &user, "department", json!("Flying")).await?;
    Ok(format!("read back {note}"))
}

async fn null_clears(w: &World<'_>) -> Verdict {
    let user = w.user_with(json!({"jobTitle": "Pilot"})).await?;
    change(w, &user, json!({"jobTitle": null})).await?.expect(204)?;
    reads(w, &user, "jobTitle", Value::Null).await
}

async fn empty_list(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    for (name, value) in
        [("otherMails", json!(["someone@example.com"])), ("businessPhones", json!(["+47 1"]))]
    {
        change(w, &user, json!({ name: value })).await?.expect(204)?;
        reads(w, &user, name, value).await?;
        change(w, &user, json!({ name: [] })).await?.expect(204)?;
        reads(w, &user, name, json!([])).await?;
    }
    agreed()
}

async fn complex_merges(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    for body in [json!({"extensionAttribute1": "one"}), json!({"extensionAttribute2": "two"})] {
        change(w, &user, json!({ "onPremisesExtensionAttributes": body })).await?.expect(204)?;
    }
    let path = format!("{}?$select=id,onPremisesExtensionAttributes", path(&user));
    let kept = |answer: &Answer| {
        let value = &answer.body["onPremisesExtensionAttributes"];
        value["extensionAttribute1"] == "one" && value["extensionAttribute2"] == "two"
    };
    w.settle(&path, "both attributes", kept).await?;
    let clear = json!({"onPremisesExtensionAttributes": {"extensionAttribute1": null}});
    change(w, &user, clear).await?.expect(204)?;
    let one = |answer: &Answer| {
        let value = &answer.body["onPremisesExtensionAttributes"];
        value["extensionAttribute1"].is_null() && value["extensionAttribute2"] == "two"
    };
    let (_, after) = w.settle(&path, "one attribute cleared and one kept", one).await?;
    Ok(shown(after))
}

async fn read_only(w: &World<'_>) -> Verdict {
    let user = w.user_with(json!({"jobTitle": "Pilot"})).await?;
    let body = json!({"jobTitle": "Captain", "createdDateTime": "2020-01-01T00:00:00Z"});
    change(w, &user, body).await?.refused(400, "Request_BadRequest")?;
    reads(w, &user, "jobTitle", json!("Pilot")).await
}

async fn required(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    change(w, &user, json!({"displayName": null})).await?.refused(400, "Request_BadRequest")?;
    agreed()
}

async fn too_long(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    change(w, &user, json!({"givenName": "x".repeat(65)})).await?.refused(400, "Request_BadRequest")?;
    agreed()
}

async fn trims(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let name = w.name();
    change(w, &user, json!({ "displayName": format!("{name} ") })).await?.expect(204)?;
    reads(w, &user, "displayName", json!(name)).await
}

async fn location_stays(w: &World<'_>) -> Verdict {
    let user = w.user_with(json!({"usageLocation": "NO"})).await?;
    change(w, &user, json!({"usageLocation": null})).await?.expect(400)?;
    agreed()
}

async fn one_phone(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    change(w, &user, json!({"businessPhones": ["+47 1", "+47 2"]})).await?.expect(400)?;
    agreed()
}

async fn mail_brings_proxy(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let mail = format!("{}@{}", w.name(), w.domain().await?);
    change(w, &user, json!({ "mail": mail })).await?.expect(204)?;
    let path = format!("{}?$select=id,proxyAddresses", path(&user));
    let primary = format!("SMTP:{mail}");
    let there = |answer: &Answer| {
        let list = answer.body["proxyAddresses"].as_array();
        list.into_iter().flatten().any(|address| address == &primary)
    };
    let (_, after) = w.settle(&path, "the proxy address", there).await?;
    change(w, &user, json!({ "proxyAddresses": [primary] })).await?.expect(400)?;
    Ok(shown(after))
}

async fn upn_taken(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let answer = change(w, &users[0], json!({"userPrincipalName": users[1].upn})).await?.expect(400)?;
    hold(answer.details("ObjectConflict", "userPrincipalName"), || answer.came())?;
    agreed()
}

async fn foreign_domain(w: &World<'_>) -> Verdict {
    let (mut body, _) = w.user_body().await?;
    body["userPrincipalName"] = json!(format!("{}@holdfast-conform.invalid", w.name()));
    let answer = w.post("/users", body).await?;
    w.adopt("/users", &answer);
    answer.refused(400, "Request_BadRequest")?;
    agreed()
}

async fn by_name(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let found = w.get(&format!("/users/{}?$select=id", user.upn)).await?.expect(200)?;
    hold(found.text_of("id") == user.id, || "another user was found".to_owned())?;
    agreed()
}

/// The roles that outrank every other.
const ABOVE_ALL: [&str; 2] = ["62e90394-69f5-4237-9190-012177145e10", "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"];

async fn protected(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_with(json!({"isAssignableToRole": true})).await?;
    w.join(&group, &user.id).await?;
    w.lists(&format!("/groups/{group}/members?$select=id"), &[&user.id], &[]).await?;
    let ranks: &[bool] = if w.lab().is_some() { &[false, true] } else { &[true] };
    for outrank in ranks {
        if let Some(lab) = w.lab() {
            lab.outrank(*outrank).await?;
        }
        let path = "/roleManagement/directory/roleAssignments?$filter=principalId eq";
        let mine = w.get(&format!("{path} '{}'", w.principal().await?)).await?.expect(200)?;
        let above = mine.items().iter().any(|a| {
            a["directoryScopeId"] == "/" && ABOVE_ALL.iter().any(|role| a["roleDefinitionId"] == *role)
        });
        let answer = change(w, &user, json!({"accountEnabled": false})).await?;
        answer.expect(if above { 204 } else { 403 })?;
    }
    agreed()
}

async fn leave_date(w: &World<'_>) -> Verdict {
    w.get("/users?$top=1&$select=id,employeeLeaveDateTime").await?.expect(403)?;
    agreed()
}

async fn sign_in_activity(w: &World<'_>) -> Verdict {
    w.get("/users?$top=1&$select=id,signInActivity").await?.expect(403)?;
    agreed()
}

async fn security_attributes(w: &World<'_>) -> Verdict {
    w.get("/users?$top=1&$select=id,customSecurityAttributes").await?.expect(403)?;
    agreed()
}
