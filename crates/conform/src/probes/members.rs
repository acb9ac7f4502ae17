//! Members and owners of groups.

use graph::Method;
use serde_json::json;

use crate::answer::{Answer, find, ids};
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{World, shown};

/// A group with a service principal in it.
const PRINCIPAL: &[&[&str]] = &[WRITE_GROUPS, READ_APPS, WRITE_APPS];

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes("member-added", "`POST /groups/{id}/members/$ref` is answered 204", GROUP_ADD, GROUP, run!(added)),
    Probe::writes(
        "member-twice-400",
        "Adding who is a member already: 400 `Request_BadRequest`, \"One or more added object references already exist\"",
        GROUP_ADD,
        GROUP,
        run!(twice),
    )
    .reported(),
    Probe::writes("member-unknown-404", "Adding an id that nothing has: 404 `Request_ResourceNotFound`", GROUP_ADD, &[WRITE_GROUPS], run!(unknown)),
    Probe::writes(
        "member-removed",
        "`DELETE /groups/{id}/members/{id}/$ref` is answered 204, and the member still exists",
        GROUP_REMOVE,
        GROUP,
        run!(removed),
    ),
    Probe::writes(
        "member-not-there-404",
        "Removing who is no member: 404 `Request_ResourceNotFound`",
        GROUP_REMOVE,
        GROUP,
        run!(not_there),
    )
    .inferred(),
    Probe::writes(
        "bind-twenty",
        "One PATCH of a group binds twenty members: 204",
        GROUP_ADD,
        GROUP,
        run!(bind_twenty),
    ),
    Probe::writes("bind-21-refused", "One PATCH of a group with 21 members is refused with 400", GROUP_ADD, GROUP, run!(bind_21)),
    Probe::writes(
        "bind-all-or-nothing",
        "A member who is there already fails the whole PATCH: 400, and nobody is added",
        GROUP_ADD,
        GROUP,
        run!(all_or_nothing),
    )
    .reported(),
    Probe::writes(
        "group-created-with-members",
        "A group is made with members and owners in one request",
        GROUP_POST,
        GROUP,
        run!(made_with_members),
    ),
    Probe::writes(
        "owner-twice-400",
        "Adding who is an owner already: 400 `Request_BadRequest`",
        GROUP_ADD_OWNER,
        GROUP,
        run!(owner_twice),
    )
    .reported(),
    Probe::writes(
        "last-owner-stays",
        "The last owner of a group cannot be removed: 400",
        GROUP_REMOVE_OWNER,
        GROUP,
        run!(last_owner),
    ),
    Probe::writes(
        "member-of-from-own-end",
        "A user's `memberOf` names the group that lists it as a member",
        USER_MEMBER_OF,
        &[WRITE_GROUPS, WRITE_USERS, READ_TENANT, READ_MEMBER_OF],
        run!(own_end),
    ),
    Probe::writes(
        "members-leave-service-principals-out",
        "v1.0 leaves service principals out of a group's member list",
        GROUP_MEMBERS,
        PRINCIPAL,
        run!(principals_out),
    ),
    Probe::writes(
        "expanded-members-name-service-principals",
        "`GET /groups/{id}?$expand=members` names them: Microsoft's own way round",
        GROUP_MEMBERS,
        PRINCIPAL,
        run!(principals_expanded),
    ),
    Probe::writes(
        "service-principal-member-of",
        "A service principal's `memberOf` names the group that does not list it",
        PRINCIPAL_MEMBER_OF,
        PRINCIPAL,
        run!(principal_member_of),
    ),
    Probe::reads(
        "members-limited-information",
        "Members of a type that the app may not read are listed with type and id, and null for whatever else is selected",
        LIMITED,
        &[READ_GROUPS],
        run!(limited),
    )
    .without(&[
        "User.Read.All",
        "User.ReadBasic.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ]),
    Probe::writes(
        "role-group-not-nested",
        "A group cannot be a member of a group that roles can be assigned to: 400",
        GROUP_ROLES,
        &[WRITE_GROUPS, WRITE_ROLES],
        run!(not_nested),
    ),
];

fn members(group: &str) -> String {
    format!("/groups/{group}/members?$select=id&$top=999")
}

async fn added(w: &World<'_>) -> Verdict {
    let (user, group) = (w.user().await?, w.group().await?);
    let path = format!("/groups/{group}/members/$ref");
    w.steady(Method::Post, &path, Some(w.reference(&user.id))).await?.expect(204)?;
    Ok(format!("listed {}", shown(w.lists(&members(&group), &[&user.id], &[]).await?)))
}

async fn twice(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    w.lists(&members(&group), &[&user.id], &[]).await?;
    let answer = w.post(&format!("/groups/{group}/members/$ref"), w.reference(&user.id)).await?;
    let answer = answer.refused(400, "Request_BadRequest")?;
    let says = answer.message().starts_with("One or more added object references already exist");
    hold(says, || "its sentence begins otherwise".to_owned())?;
    agreed()
}

async fn unknown(w: &World<'_>) -> Verdict {
    let group = w.group().await?;
    let body = w.reference(&w.nobody());
    let answer = w.post(&format!("/groups/{group}/members/$ref"), body).await?;
    answer.refused(404, "Request_ResourceNotFound")?;
    agreed()
}

async fn removed(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    w.lists(&members(&group), &[&user.id], &[]).await?;
    w.delete(&format!("/groups/{group}/members/{}/$ref", user.id)).await?.expect(204)?;
    let after = w.lists(&members(&group), &[], &[&user.id]).await?;
    w.get(&format!("/users/{}?$select=id", user.id)).await?.expect(200)?;
    Ok(format!("gone from the list {}", shown(after)))
}

async fn not_there(w: &World<'_>) -> Verdict {
    let (user, group) = (w.user().await?, w.group().await?);
    let answer = w.delete(&format!("/groups/{group}/members/{}/$ref", user.id)).await?;
    answer.refused(404, "Request_ResourceNotFound")?;
    agreed()
}

async fn bind_twenty(w: &World<'_>) -> Verdict {
    let users = w.users(20).await?;
    let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    let group = w.group().await?;
    let body = json!({ "members@odata.bind": w.bind(ids.iter().copied()) });
    w.steady(Method::Patch, &format!("/groups/{group}"), Some(body)).await?.expect(204)?;
    Ok(format!("listed {}", shown(w.lists(&members(&group), &ids, &[]).await?)))
}

async fn bind_21(w: &World<'_>) -> Verdict {
    let users = w.users(21).await?;
    let group = w.group().await?;
    let body = json!({ "members@odata.bind": w.bind(users.iter().map(|user| user.id.as_str())) });
    w.steady(Method::Patch, &format!("/groups/{group}"), Some(body)).await?.expect(400)?;
    agreed()
}

async fn all_or_nothing(w: &World<'_>) -> Verdict {
    let users = w.users(3).await?;
    let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    let group = w.group_of(&ids[..1]).await?;
    w.lists(&members(&group), &ids[..1], &[]).await?;
    let body = json!({ "members@odata.bind": w.bind(ids.iter().copied()) });
    w.steady(Method::Patch, &format!("/groups/{group}"), Some(body)).await?.expect(400)?;
    w.lists(&members(&group), &ids[..1], &ids[1..]).await?;
    agreed()
}

async fn made_with_members(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let group = w
        .group_with(json!({
            "members@odata.bind": w.bind([users[0].id.as_str()]),
            "owners@odata.bind": w.bind([users[1].id.as_str()]),
        }))
        .await?;
    w.lists(&members(&group), &[&users[0].id], &[&users[1].id]).await?;
    w.lists(&format!("/groups/{group}/owners?$select=id"), &[&users[1].id], &[]).await?;
    agreed()
}

async fn own(w: &World<'_>, group: &str, owner: &str) -> Result<(), Stop> {
    let path = format!("/groups/{group}/owners/$ref");
    let answer = w.steady(Method::Post, &path, Some(w.reference(owner))).await?;
    answer.expect(204).map_err(Stop::preparing)?;
    w.lists(&format!("/groups/{group}/owners?$select=id"), &[owner], &[]).await.map(drop)
}

async fn owner_twice(w: &World<'_>) -> Verdict {
    let (user, group) = (w.user().await?, w.group().await?);
    own(w, &group, &user.id).await?;
    let answer = w.post(&format!("/groups/{group}/owners/$ref"), w.reference(&user.id)).await?;
    answer.refused(400, "Request_BadRequest")?;
    agreed()
}

async fn last_owner(w: &World<'_>) -> Verdict {
    let (user, group) = (w.user().await?, w.group().await?);
    own(w, &group, &user.id).await?;
    let owners = w.get(&format!("/groups/{group}/owners?$select=id")).await?.expect(200)?;
    if owners.items().len() != 1 {
        return Err(Stop::NotTried("the group has a further owner".to_owned()));
    }
    w.delete(&format!("/groups/{group}/owners/{}/$ref", user.id)).await?.expect(400)?;
    agreed()
}

async fn own_end(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    Ok(shown(w.lists(&format!("/users/{}/memberOf?$select=id", user.id), &[&group], &[]).await?))
}

/// With a user beside the service principal: once that one is listed, the other would be.
async fn principals_out(w: &World<'_>) -> Verdict {
    let (principal, inner) = (w.principal().await?, w.group().await?);
    let group = w.group_of(&[&principal, &inner]).await?;
    w.lists(&members(&group), &[&inner], &[]).await?;
    let list = w.get(&members(&group)).await?.expect(200)?;
    let listed = find(list.items(), &principal).is_some();
    hold(!listed, || {
        format!("{} members are listed, the service principal among them", ids(list.items()).len())
    })?;
    agreed()
}

async fn principals_expanded(w: &World<'_>) -> Verdict {
    let principal = w.principal().await?;
    let group = w.group_of(&[&principal]).await?;
    let path = format!("/groups/{group}?$select=id&$expand=members($select=id)");
    let named = |answer: &Answer| {
        answer.body["members"].as_array().is_some_and(|members| find(members, &principal).is_some())
    };
    let (_, after) = w.settle(&path, "the service principal", named).await?;
    Ok(shown(after))
}

async fn principal_member_of(w: &World<'_>) -> Verdict {
    let principal = w.principal().await?;
    let group = w.group_of(&[&principal]).await?;
    let path = format!("/servicePrincipals/{principal}/memberOf?$select=id");
    Ok(shown(w.lists(&path, &[&group], &[]).await?))
}

async fn limited(w: &World<'_>) -> Verdict {
    let groups = w.get("/groups?$top=50&$select=id").await?.expect(200).map_err(Stop::preparing)?;
    for group in ids(groups.items()) {
        let path = format!("/groups/{group}/members?$select=id,displayName&$top=50");
        let page = w.get(&path).await?;
        let Some(user) = page.items().iter().find(|m| m["@odata.type"] == "#microsoft.graph.user") else {
            continue;
        };
        hold(user["id"].is_string(), || "a user has no id".to_owned())?;
        let told = user.get("displayName");
        hold(told.is_some_and(serde_json::Value::is_null), || match told {
            Some(_) => "a user's name is shown".to_owned(),
            None => "the property is left out".to_owned(),
        })?;
        return agreed();
    }
    Err(Stop::NotTried("no group among fifty has a user as a member".to_owned()))
}

async fn not_nested(w: &World<'_>) -> Verdict {
    let inner = w.group().await?;
    let group = w.group_with(json!({"isAssignableToRole": true})).await?;
    let path = format!("/groups/{group}/members/$ref");
    w.steady(Method::Post, &path, Some(w.reference(&inner))).await?.expect(400)?;
    agreed()
}
