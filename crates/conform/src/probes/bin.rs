//! The recycle bin: what lies in it, and how it looks.

use graph::Method;
use serde_json::json;

use crate::answer::{Answer, find};
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{User, World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "deleted-is-404",
        "A deleted user is not found among users: 404",
        USER_DELETE,
        USER,
        run!(not_found),
    ),
    Probe::writes(
        "bin-lists-deleted",
        "It is listed in `/directory/deletedItems/microsoft.graph.user` with `deletedDateTime`",
        BIN_LIST,
        USER,
        run!(listed),
    ),
    Probe::writes(
        "bin-by-id",
        "It is found by its id in `/directory/deletedItems`",
        BIN_GET,
        USER,
        run!(by_id),
    ),
    Probe::writes(
        "bin-name-prefixed",
        "In the bin its principal name begins with its id without hyphens",
        BIN_LIST,
        USER,
        run!(prefixed),
    ),
    Probe::reads(
        "bin-unknown-404",
        "An id that nothing has is not in the bin: 404 `Request_ResourceNotFound`",
        BIN_GET,
        &[READ_USERS],
        run!(unknown),
    ),
    Probe::writes("bin-live-404", "Nor is an object that lives: 404", BIN_GET, USER, run!(live)),
    Probe::writes(
        "bin-not-in-get-by-ids",
        "`getByIds` leaves out what lies in the bin",
        GET_BY_IDS,
        &[READ_ANY, WRITE_USERS, READ_TENANT],
        run!(not_by_ids),
    )
    .inferred(),
    Probe::writes(
        "bin-hides-membership",
        "A deleted user vanishes from its groups' member lists",
        RECOVER,
        GROUP,
        run!(hides_membership),
    ),
    Probe::writes(
        "bin-takes-security-groups",
        "A deleted security group lies in the bin",
        BIN_LIST,
        &[WRITE_GROUPS],
        run!(takes_groups),
    ),
    Probe::writes(
        "bin-takes-units",
        "A deleted administrative unit lies in the bin",
        BIN_LIST,
        &[WRITE_UNITS],
        run!(takes_units),
    ),
    Probe::writes(
        "bin-emptied-for-good",
        "What is deleted from the bin is gone: 204, then 404",
        BIN_DELETE,
        USER,
        run!(emptied),
    ),
    Probe::writes(
        "bin-keeps-units",
        "A deleted administrative unit cannot be ended early: 4xx",
        BIN_DELETE,
        &[WRITE_UNITS],
        run!(keeps_units),
    ),
    Probe::writes(
        "bin-of-roles",
        "A deleted custom role lies in `/roleManagement/directory/deletedItems/roleDefinitions`, and can be restored",
        ROLE_RESTORE,
        &[WRITE_ROLES],
        run!(of_roles),
    ),
];

const USERS: &str =
    "/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime&$top=999";

/// A user in the bin.
pub(super) async fn deleted(w: &World<'_>) -> Result<User, Stop> {
    let user = w.user().await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204).map_err(Stop::preparing)?;
    Ok(user)
}

/// Waits until something is found in the bin.
pub(super) async fn binned(w: &World<'_>, id: &str) -> Result<(Answer, String), Stop> {
    let path = format!("/directory/deletedItems/{id}");
    let (answer, after) = w.settle(&path, "what was deleted", |answer| answer.status == 200).await?;
    Ok((answer, shown(after)))
}

async fn not_found(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    let path = format!("/users/{}?$select=id", user.id);
    let (_, after) = w.settle(&path, "that it is gone", |answer| answer.status == 404).await?;
    Ok(shown(after))
}

async fn listed(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    let (_, after) = w
        .settle(USERS, "the deleted user", |page| {
            find(page.items(), &user.id).is_some_and(|item| item["deletedDateTime"].is_string())
        })
        .await?;
    Ok(shown(after))
}

async fn by_id(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    let (answer, note) = binned(w, &user.id).await?;
    hold(answer.body["@odata.type"] == "#microsoft.graph.user", || {
        "it has another type, or none".to_owned()
    })?;
    Ok(note)
}

async fn prefixed(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    let (page, _) =
        w.settle(USERS, "the deleted user", |page| find(page.items(), &user.id).is_some()).await?;
    let name = find(page.items(), &user.id).map(|item| item["userPrincipalName"].clone()).unwrap_or_default();
    let expected = format!("{}{}", user.id.replace('-', ""), user.upn);
    let plain = name == user.upn;
    hold(name == expected, || {
        if plain { "it has the name that it had" } else { "it has another name" }.to_owned()
    })?;
    agreed()
}

async fn unknown(w: &World<'_>) -> Verdict {
    let path = format!("/directory/deletedItems/{}", w.nobody());
    w.get(&path).await?.refused(404, "Request_ResourceNotFound")?;
    agreed()
}

async fn live(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    w.get(&format!("/directory/deletedItems/{}", user.id)).await?.expect(404)?;
    agreed()
}

async fn not_by_ids(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    binned(w, &user.id).await?;
    let body = json!({"ids": [user.id], "types": ["user"]});
    let answer = w.ask("/directoryObjects/getByIds?$select=id", body).await?.expect(200)?;
    hold(answer.items().is_empty(), || "it was given".to_owned())?;
    agreed()
}

async fn hides_membership(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    let members = format!("/groups/{group}/members?$select=id");
    w.lists(&members, &[&user.id], &[]).await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204)?;
    Ok(shown(w.lists(&members, &[], &[&user.id]).await?))
}

async fn takes_groups(w: &World<'_>) -> Verdict {
    let group = w.group().await?;
    w.delete(&format!("/groups/{group}")).await?.expect(204)?;
    let list = "/directory/deletedItems/microsoft.graph.group?$select=id&$top=999";
    Ok(shown(w.lists(list, &[&group], &[]).await?))
}

async fn takes_units(w: &World<'_>) -> Verdict {
    let unit = w.unit_with(json!({})).await?;
    w.delete(&format!("/directory/administrativeUnits/{unit}")).await?.expect(204)?;
    let list = "/directory/deletedItems/microsoft.graph.administrativeUnit?$select=id&$top=999";
    Ok(shown(w.lists(list, &[&unit], &[]).await?))
}

async fn emptied(w: &World<'_>) -> Verdict {
    let user = deleted(w).await?;
    let path = format!("/directory/deletedItems/{}", user.id);
    w.steady(Method::Delete, &path, None).await?.expect(204)?;
    let (_, after) = w.settle(&path, "that it is gone", |answer| answer.status == 404).await?;
    Ok(shown(after))
}

async fn keeps_units(w: &World<'_>) -> Verdict {
    let unit = w.unit_with(json!({})).await?;
    w.delete(&format!("/directory/administrativeUnits/{unit}")).await?.expect(204)?;
    binned(w, &unit).await?;
    let answer = w.delete(&format!("/directory/deletedItems/{unit}")).await?;
    hold((400..500).contains(&answer.status), || answer.came())?;
    Ok(format!("with {}", answer.status))
}

async fn of_roles(w: &World<'_>) -> Verdict {
    let role = w.role().await?;
    let live = format!("/roleManagement/directory/roleDefinitions/{role}");
    w.delete(&live).await?.expect(204)?;
    let list = "/roleManagement/directory/deletedItems/roleDefinitions";
    let after = w.lists(list, &[&role], &[]).await?;
    w.steady(Method::Post, &format!("{list}/{role}/restore"), Some(json!({}))).await?.expect(200)?;
    w.settle(&live, "the restored role", |answer| answer.status == 200).await?;
    Ok(shown(after))
}
