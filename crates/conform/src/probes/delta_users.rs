//! Delta: what is told of objects that are made, changed, deleted and brought back.

use graph::Method;
use serde_json::{Value, json};

use crate::answer::find;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, hold};
use crate::world::{User, World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "delta-tells-new",
        "A new user is told with the selected properties that it has",
        USER_DELTA,
        USER,
        run!(tells_new),
    ),
    Probe::writes(
        "delta-leaves-unset-out",
        "A new user's properties that were never set are left out, not told as null",
        DELTA,
        USER,
        run!(leaves_unset_out),
    ),
    Probe::writes(
        "delta-tells-selected-only",
        "A change outside `$select` is not told",
        USER_DELTA,
        USER,
        run!(selected_only),
    ),
    Probe::writes(
        "delta-tells-cleared-as-null",
        "A property that was cleared is told as null",
        DELTA,
        USER,
        run!(cleared),
    ),
    Probe::writes(
        "delta-tells-whole-object",
        "A changed user comes with its other selected properties, changed or not",
        USER_DELTA,
        USER,
        run!(whole_object),
    ),
    Probe::writes(
        "delta-minimal",
        "With `Prefer: return=minimal` only what changed is told",
        USER_DELTA,
        USER,
        run!(minimal),
    ),
    Probe::writes(
        "delta-deleted-is-changed",
        "A deleted user is told as `@removed` with the reason `changed`: it lies in the recycle bin",
        USER_DELTA,
        USER,
        run!(deleted),
    ),
    Probe::writes(
        "delta-purged-is-deleted",
        "A user ended for good is told as `@removed` with the reason `deleted`",
        USER_DELTA,
        USER,
        run!(purged),
    ),
    Probe::writes(
        "delta-restored-is-an-object",
        "A user brought back is told as an object, without `@removed`",
        USER_DELTA,
        USER,
        run!(restored),
    ),
    Probe::writes(
        "delta-first-round-tells-bin",
        "A first round may tell what lies in the recycle bin, and then only as `@removed`",
        DELTA,
        USER,
        run!(first_round),
    ),
    Probe::writes(
        "delta-of-groups-deleted",
        "A deleted security group is told as `@removed` with the reason `changed`",
        GROUP_DELTA,
        &[WRITE_GROUPS],
        run!(group_deleted),
    ),
    Probe::writes(
        "delta-of-units-changed",
        "A unit's changed description is told",
        UNIT_DELTA,
        &[WRITE_UNITS],
        run!(unit_changed),
    ),
];

const PATH: &str = "/users/delta?$select=displayName,jobTitle,department";

fn last<'a>(items: &'a [Value], id: &str) -> Option<&'a Value> {
    items.iter().rev().find(|item| item["id"] == id)
}

async fn tells_new(w: &World<'_>) -> Verdict {
    let cursor = w.cursor(PATH).await?;
    let user = w.user_with(json!({"jobTitle": "Pilot"})).await?;
    let news = w.news(&cursor, &[], "the new user", |items| find(items, &user.id).is_some()).await?;
    let told = last(&news.items, &user.id).cloned().unwrap_or_default();
    hold(told["jobTitle"] == "Pilot" && told["displayName"].is_string(), || {
        "a property that was set is missing".to_owned()
    })?;
    Ok(shown(news.after))
}

async fn leaves_unset_out(w: &World<'_>) -> Verdict {
    let cursor = w.cursor(PATH).await?;
    let user = w.user_with(json!({"jobTitle": "Pilot"})).await?;
    let news = w.news(&cursor, &[], "the new user", |items| find(items, &user.id).is_some()).await?;
    let told = last(&news.items, &user.id).cloned().unwrap_or_default();
    hold(told.get("department").is_none(), || "an unset property was told".to_owned())?;
    Ok(shown(news.after))
}

/// Another change after the one that must not show: once it is told, the first would have been.
async fn selected_only(w: &World<'_>) -> Verdict {
    let cursor = w.cursor(PATH).await?;
    let users = w.users(2).await?;
    let cursor = after_making(w, cursor, &[&users[0].id, &users[1].id]).await?;
    change(w, &users[0].id, json!({"city": "Elsewhere"})).await?;
    change(w, &users[1].id, json!({"jobTitle": "Pilot"})).await?;
    let news = w
        .news(&cursor, &[], "the change of a selected property", |items| {
            last(items, &users[1].id).is_some_and(|user| user["jobTitle"] == "Pilot")
        })
        .await?;
    hold(find(&news.items, &users[0].id).is_none(), || "the other change was told, too".to_owned())?;
    Ok(shown(news.after))
}

async fn cleared(w: &World<'_>) -> Verdict {
    let (user, cursor) = known(w, json!({"jobTitle": "Pilot"})).await?;
    change(w, &user.id, json!({"jobTitle": null})).await?;
    let news = w.news(&cursor, &[], "the cleared property", |items| find(items, &user.id).is_some()).await?;
    let told = last(&news.items, &user.id).and_then(|user| user.get("jobTitle"));
    let came = told.map_or("nothing".to_owned(), Value::to_string);
    hold(told.is_some_and(Value::is_null), || format!("it was told as {came}"))?;
    Ok(shown(news.after))
}

async fn whole_object(w: &World<'_>) -> Verdict {
    let (user, cursor) = known(w, json!({"department": "Flying"})).await?;
    change(w, &user.id, json!({"jobTitle": "Pilot"})).await?;
    let news = w.news(&cursor, &[], "the change", |items| find(items, &user.id).is_some()).await?;
    let told = last(&news.items, &user.id).cloned().unwrap_or_default();
    hold(told["department"] == "Flying", || "what did not change is missing".to_owned())?;
    Ok(shown(news.after))
}

async fn minimal(w: &World<'_>) -> Verdict {
    let (user, cursor) = known(w, json!({"department": "Flying"})).await?;
    change(w, &user.id, json!({"jobTitle": "Pilot"})).await?;
    let prefer = [("Prefer", "return=minimal")];
    let news = w.news(&cursor, &prefer, "the change", |items| find(items, &user.id).is_some()).await?;
    let told = last(&news.items, &user.id).cloned().unwrap_or_default();
    hold(told["jobTitle"] == "Pilot", || "what changed is missing".to_owned())?;
    hold(told.get("department").is_none(), || "what did not change was told, too".to_owned())?;
    Ok(shown(news.after))
}

async fn deleted(w: &World<'_>) -> Verdict {
    let (user, cursor) = known(w, json!({})).await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204)?;
    reason(w, &cursor, &user.id, "changed").await
}

async fn purged(w: &World<'_>) -> Verdict {
    let (user, cursor) = known(w, json!({})).await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204)?;
    w.steady(Method::Delete, &format!("/directory/deletedItems/{}", user.id), None).await?.expect(204)?;
    reason(w, &cursor, &user.id, "deleted").await
}

async fn restored(w: &World<'_>) -> Verdict {
    let (user, cursor) = known(w, json!({})).await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204)?;
    let gone = |items: &[Value]| last(items, &user.id).is_some_and(|user| !user["@removed"].is_null());
    let cursor = w.news(&cursor, &[], "the deletion", gone).await.map_err(Stop::preparing)?.cursor;
    let path = format!("/directory/deletedItems/{}/restore", user.id);
    w.steady(Method::Post, &path, Some(json!({}))).await?.expect(200)?;
    let back = |items: &[Value]| last(items, &user.id).is_some_and(|user| user["@removed"].is_null());
    let news = w.news(&cursor, &[], "the user as an object", back).await?;
    Ok(shown(news.after))
}

async fn first_round(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204)?;
    let path = format!("/users/delta?$select=id,displayName&$filter=id eq '{}'", user.id);
    let (items, _) = w.round(&path).await?;
    let told = find(&items, &user.id);
    let removed = told.is_none_or(|user| user["@removed"]["reason"] == "changed");
    hold(removed, || "a deleted user was told as an object".to_owned())?;
    Ok(if told.is_some() { "it was told" } else { "it was not told" }.to_owned())
}

async fn group_deleted(w: &World<'_>) -> Verdict {
    let group = w.group().await?;
    let cursor = w.cursor("/groups/delta?$select=id,displayName").await?;
    w.delete(&format!("/groups/{group}")).await?.expect(204)?;
    reason(w, &cursor, &group, "changed").await
}

async fn unit_changed(w: &World<'_>) -> Verdict {
    let unit = w.unit_with(json!({})).await?;
    let cursor = w.cursor("/directory/administrativeUnits/delta?$select=displayName,description").await?;
    let body = json!({"description": "For a probe"});
    w.patch(&format!("/directory/administrativeUnits/{unit}"), body).await?.expect(204)?;
    let told = |items: &[Value]| last(items, &unit).is_some_and(|u| u["description"] == "For a probe");
    let news = w.news(&cursor, &[], "the description", told).await?;
    Ok(shown(news.after))
}

async fn change(w: &World<'_>, user: &str, body: Value) -> Result<(), Stop> {
    w.patch(&format!("/users/{user}"), body).await?.expect(204).map(drop).map_err(Stop::preparing)
}

/// A user whose making was told already, and a cursor after that: what comes next is of the change.
async fn known(w: &World<'_>, more: Value) -> Result<(User, String), Stop> {
    let cursor = w.cursor(PATH).await?;
    let user = w.user_with(more).await?;
    let cursor = after_making(w, cursor, &[&user.id]).await?;
    Ok((user, cursor))
}

async fn after_making(w: &World<'_>, cursor: String, users: &[&str]) -> Result<String, Stop> {
    let all = |items: &[Value]| users.iter().all(|id| find(items, id).is_some());
    let news = w.news(&cursor, &[], "what was made", all).await.map_err(Stop::preparing)?;
    let mut cursor = news.cursor;
    // What was just made may be told once or twice more.
    for _ in 0..10 {
        let (items, next) = w.round(&cursor).await?;
        cursor = next;
        if users.iter().all(|id| find(&items, id).is_none()) {
            break;
        }
    }
    Ok(cursor)
}

/// Waits until an object is told as gone for a reason.
async fn reason(w: &World<'_>, cursor: &str, id: &str, expected: &str) -> Verdict {
    let gone = |items: &[Value]| last(items, id).is_some_and(|item| item["@removed"]["reason"] == expected);
    let what = format!("`@removed` with the reason {expected}");
    let news = w.news(cursor, &[], &what, gone).await?;
    Ok(shown(news.after))
}
