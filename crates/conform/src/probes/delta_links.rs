//! Delta: what is told of members and managers.

use std::collections::HashSet;

use graph::Method;
use serde_json::{Value, json};

use crate::answer::find;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, hold};
use crate::world::{World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "delta-member-added",
        "A new member is told in `members@delta` with `@odata.type` and `id`",
        GROUP_DELTA,
        GROUP,
        run!(member_added),
    ),
    Probe::writes(
        "delta-member-removed",
        "A member that was taken out is told there as `@removed` with the reason `deleted`",
        GROUP_DELTA,
        GROUP,
        run!(member_removed),
    ),
    Probe::writes(
        "delta-members-in-slices",
        "Over all its slices a first round tells every member once",
        DELTA_GROUPS,
        GROUP,
        run!(in_slices),
    ),
    Probe::writes(
        "delta-members-unselected",
        "Without `members` in `$select`, members are not told",
        GROUP_DELTA,
        GROUP,
        run!(unselected),
    ),
    Probe::writes(
        "delta-members-service-principals",
        "`members@delta` tells service principals, which the member list leaves out",
        GROUP_MEMBERS,
        &[WRITE_GROUPS, READ_APPS, WRITE_APPS],
        run!(service_principals),
    )
    .inferred(),
    Probe::writes(
        "delta-owner-added",
        "A new owner is told in `owners@delta`",
        GROUP_DELTA,
        GROUP,
        run!(owner_added),
    ),
    Probe::writes(
        "delta-deleted-member-silent",
        "Deleting a member is the user's news, not its group's: no removal is told before the user is ended for good",
        DELTA_GROUPS,
        GROUP,
        run!(deleted_member),
    ),
    Probe::writes(
        "delta-manager",
        "A user's new manager is told in `manager@delta`",
        DELTA_USERS,
        USER,
        run!(manager),
    ),
    Probe::writes(
        "delta-unit-member",
        "A unit's new member is told in `members@delta`",
        UNIT_DELTA,
        UNIT,
        run!(unit_member),
    ),
    Probe::writes(
        "delta-restored-group",
        "A group that came back is told as an object to a cursor from before; its members may come with it or not",
        GROUP_DELTA,
        GROUP,
        run!(restored),
    )
    .inferred(),
    Probe::writes(
        "delta-restored-member",
        "Of a member that came back its group's delta never says that it is gone; it may tell it anew or be silent",
        DELTA_GROUPS,
        GROUP,
        run!(restored_member),
    )
    .inferred(),
    Probe::writes(
        "delta-restored-group-by-id",
        "Of a group that came back, a new delta limited to its id tells the members",
        GROUP_DELTA,
        GROUP,
        run!(restored_group),
    )
    .inferred(),
];

const PATH: &str = "/groups/delta?$select=displayName,members";

/// What a delta told of one object's links under a name.
fn links<'a>(items: &'a [Value], id: &str, name: &str) -> Vec<&'a Value> {
    items
        .iter()
        .filter(|item| item["id"] == id)
        .flat_map(|item| item[name].as_array().into_iter().flatten())
        .collect()
}

fn told<'a>(items: &'a [Value], id: &str, name: &str, target: &str) -> Option<&'a Value> {
    links(items, id, name).into_iter().rev().find(|link| link["id"] == target)
}

fn typed(link: Option<&Value>, kind: &str) -> Result<(), Stop> {
    let came = link.map_or("nothing".to_owned(), |link| link["@odata.type"].to_string());
    hold(link.is_some_and(|link| link["@odata.type"] == kind), || format!("its type was {came}"))
}

async fn member_added(w: &World<'_>) -> Verdict {
    let (user, group) = (w.user().await?, w.group().await?);
    let cursor = w.cursor(PATH).await?;
    w.join(&group, &user.id).await?;
    let added = |items: &[Value]| told(items, &group, "members@delta", &user.id).is_some();
    let news = w.news(&cursor, &[], "the new member", added).await?;
    typed(told(&news.items, &group, "members@delta", &user.id), "#microsoft.graph.user")?;
    Ok(shown(news.after))
}

async fn member_removed(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    let cursor = w.cursor(PATH).await?;
    let path = format!("/groups/{group}/members/{}/$ref", user.id);
    w.steady(Method::Delete, &path, None).await?.expect(204)?;
    let removed = |items: &[Value]| {
        told(items, &group, "members@delta", &user.id)
            .is_some_and(|link| link["@removed"]["reason"] == "deleted")
    };
    let news = w.news(&cursor, &[], "the removed member", removed).await?;
    Ok(shown(news.after))
}

async fn in_slices(w: &World<'_>) -> Verdict {
    let users = w.users(60).await?;
    let members: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    let group = w.group().await?;
    for chunk in members.chunks(20) {
        let body = json!({ "members@odata.bind": w.bind(chunk.iter().copied()) });
        let bound = w.steady(Method::Patch, &format!("/groups/{group}"), Some(body)).await?;
        bound.expect(204).map_err(Stop::preparing)?;
    }
    w.lists(&format!("/groups/{group}/members?$select=id"), &members, &[]).await?;
    let path = format!("/groups/delta?$select=id,members&$filter=id eq '{group}'");
    let (items, _) = w.round(&path).await?;
    let links = links(&items, &group, "members@delta");
    let unique: HashSet<String> = links.iter().map(|link| link["id"].to_string()).collect();
    hold(unique.len() == 60, || format!("60 members, {} were told", unique.len()))?;
    Ok(format!("in {} slices", items.len()))
}

async fn unselected(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    let path = format!("/groups/delta?$select=id,displayName&$filter=id eq '{group}'");
    let (items, _) = w.round(&path).await?;
    hold(find(&items, &group).is_some(), || "the group was not told".to_owned())?;
    hold(links(&items, &group, "members@delta").is_empty(), || "members were told".to_owned())?;
    Ok(String::new())
}

async fn service_principals(w: &World<'_>) -> Verdict {
    let principal = w.principal().await?;
    let group = w.group_of(&[&principal]).await?;
    let path = format!("/groups/delta?$select=id,members&$filter=id eq '{group}'");
    let (items, _) = w.round(&path).await?;
    typed(told(&items, &group, "members@delta", &principal), "#microsoft.graph.servicePrincipal")?;
    Ok(String::new())
}

async fn owner_added(w: &World<'_>) -> Verdict {
    let (user, group) = (w.user().await?, w.group().await?);
    let cursor = w.cursor("/groups/delta?$select=displayName,owners").await?;
    let path = format!("/groups/{group}/owners/$ref");
    let added = w.steady(Method::Post, &path, Some(w.reference(&user.id))).await?;
    added.expect(204).map_err(Stop::preparing)?;
    let owned = |items: &[Value]| told(items, &group, "owners@delta", &user.id).is_some();
    let news = w.news(&cursor, &[], "the new owner", owned).await?;
    Ok(shown(news.after))
}

/// A second change of the group comes after the deletion: once it is told, a removal would have been.
async fn deleted_member(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let group = w.group_of(&[&users[0].id]).await?;
    let cursor = w.cursor(PATH).await?;
    w.delete(&format!("/users/{}", users[0].id)).await?.expect(204)?;
    w.join(&group, &users[1].id).await?;
    let other = |items: &[Value]| told(items, &group, "members@delta", &users[1].id).is_some();
    let news = w.news(&cursor, &[], "a later member", other).await?;
    let removal = told(&news.items, &group, "members@delta", &users[0].id)
        .is_some_and(|link| !link["@removed"].is_null());
    hold(!removal, || "the deleted member was told as removed".to_owned())?;
    let bin = format!("/directory/deletedItems/{}", users[0].id);
    w.steady(Method::Delete, &bin, None).await?.expect(204)?;
    Ok(shown(news.after))
}

async fn manager(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let cursor = w.cursor("/users/delta?$select=displayName,manager").await?;
    let path = format!("/users/{}/manager/$ref", users[0].id);
    let set = w.steady(Method::Put, &path, Some(w.reference(&users[1].id))).await?;
    set.expect(204).map_err(Stop::preparing)?;
    let managed = |items: &[Value]| told(items, &users[0].id, "manager@delta", &users[1].id).is_some();
    let news = w.news(&cursor, &[], "the manager", managed).await?;
    Ok(shown(news.after))
}

async fn unit_member(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_with(json!({})).await?;
    let cursor = w.cursor("/directory/administrativeUnits/delta?$select=displayName,members").await?;
    let path = format!("/directory/administrativeUnits/{unit}/members/$ref");
    let added = w.steady(Method::Post, &path, Some(w.reference(&user.id))).await?;
    added.expect(204).map_err(Stop::preparing)?;
    let joined = |items: &[Value]| told(items, &unit, "members@delta", &user.id).is_some();
    let news = w.news(&cursor, &[], "the new member", joined).await?;
    typed(told(&news.items, &unit, "members@delta", &user.id), "#microsoft.graph.user")?;
    Ok(shown(news.after))
}

/// Deletes something and brings it back.
async fn there_and_back(w: &World<'_>, path: &str) -> Result<(), Stop> {
    w.delete(path).await?.expect(204).map_err(Stop::preparing)?;
    let id = path.rsplit('/').next().unwrap_or_default();
    let restore = format!("/directory/deletedItems/{id}/restore");
    let back = w.steady(Method::Post, &restore, Some(json!({}))).await?;
    back.expect(200).map(drop).map_err(Stop::preparing)
}

/// What a delta said of a link, for a note.
fn said(link: Option<&Value>) -> &'static str {
    if link.is_some() { "told" } else { "not told" }
}

async fn restored(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    w.lists(&format!("/groups/{group}/members?$select=id"), &[&user.id], &[]).await?;
    let cursor = w.cursor(PATH).await?;
    there_and_back(w, &format!("/groups/{group}")).await?;
    // Both may come in one round; then only that it is there again is told.
    let back = |items: &[Value]| {
        items.iter().rev().find(|item| item["id"] == group).is_some_and(|item| item["@removed"].is_null())
    };
    let news = w.news(&cursor, &[], "the group as an object", back).await?;
    let member = told(&news.items, &group, "members@delta", &user.id);
    Ok(format!("{}; its member was {}", shown(news.after), said(member)))
}

/// A later change of the group shows that what came before it was told, or never will be.
async fn restored_member(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let group = w.group_of(&[&users[0].id]).await?;
    w.lists(&format!("/groups/{group}/members?$select=id"), &[&users[0].id], &[]).await?;
    let cursor = w.cursor(PATH).await?;
    there_and_back(w, &format!("/users/{}", users[0].id)).await?;
    w.join(&group, &users[1].id).await?;
    let other = |items: &[Value]| told(items, &group, "members@delta", &users[1].id).is_some();
    let news = w.news(&cursor, &[], "a later member", other).await?;
    let link = told(&news.items, &group, "members@delta", &users[0].id);
    let gone = link.is_some_and(|link| !link["@removed"].is_null());
    hold(!gone, || "the member that came back was told as removed".to_owned())?;
    Ok(format!("the member was {}", said(link)))
}

async fn restored_group(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    there_and_back(w, &format!("/groups/{group}")).await?;
    let select = format!("/groups/delta?$select=id,members&$filter=id eq '{group}'");
    let (page, after) = w
        .settle(&select, "the group's member", |page| {
            told(page.items(), &group, "members@delta", &user.id).is_some()
        })
        .await?;
    hold(page.status == 200, || page.came())?;
    Ok(shown(after))
}
