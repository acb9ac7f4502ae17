//! Hidden members: of Microsoft 365 groups and of administrative units.

use serde_json::json;

use crate::answer::{Answer, find};
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{World, shown};

const HIDE: &[&str] = READ_HIDDEN;

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "hidden-members-with-permission",
        "An app with `Member.Read.Hidden` lists the members of a group with hidden membership",
        GROUP_MEMBERS,
        &[WRITE_GROUPS, WRITE_USERS, READ_TENANT, READ_HIDDEN],
        run!(with_permission),
    ),
    Probe::writes(
        "hidden-members-unseen",
        "An app without it sees none of them: they are left out, or the list is refused",
        GROUP_MEMBERS,
        GROUP,
        run!(unseen),
    )
    .without(HIDE),
    Probe::writes(
        "hidden-group-not-in-member-of",
        "Nor does a member's `memberOf` name the group to it: the group is left out without a word",
        HIDDEN,
        &[WRITE_GROUPS, WRITE_USERS, READ_TENANT, READ_MEMBER_OF],
        run!(not_in_member_of),
    )
    .without(HIDE)
    .reported(),
    Probe::writes(
        "hidden-members-not-in-delta",
        "Nor does delta tell it any member of the group, or that it told none",
        HIDDEN,
        GROUP,
        run!(not_in_delta),
    )
    .without(HIDE)
    .reported(),
    Probe::writes(
        "hidden-only-at-creation",
        "A group's membership can be hidden only when it is made: 400",
        GROUP_RESOURCE,
        &[WRITE_GROUPS],
        run!(at_creation),
    ),
    Probe::writes(
        "hidden-unit-members-unseen",
        "An app without `Member.Read.Hidden` does not see the members of a unit with hidden membership",
        UNIT_MEMBERS,
        UNIT,
        run!(unit_unseen),
    )
    .without(HIDE),
    Probe::writes(
        "hidden-unit-members-with-permission",
        "An app with it does",
        UNIT_MEMBERS,
        &[WRITE_UNITS, WRITE_USERS, READ_TENANT, READ_HIDDEN],
        run!(unit_with_permission),
    ),
];

/// A Microsoft 365 group with hidden membership and one member.
async fn group(w: &World<'_>, member: &str) -> Result<String, Stop> {
    w.group_with(json!({
        "groupTypes": ["Unified"], "mailEnabled": true, "securityEnabled": false,
        "visibility": "HiddenMembership", "members@odata.bind": w.bind([member]),
    }))
    .await
}

async fn unit(w: &World<'_>, member: &str) -> Result<String, Stop> {
    let unit = w.unit_with(json!({"visibility": "HiddenMembership"})).await?;
    let path = format!("/directory/administrativeUnits/{unit}/members/$ref");
    let added = w.steady(graph::Method::Post, &path, Some(w.reference(member))).await?;
    added.expect(204).map_err(Stop::preparing)?;
    Ok(unit)
}

async fn with_permission(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = group(w, &user.id).await?;
    w.lists(&format!("/groups/{group}/members?$select=id"), &[&user.id], &[]).await?;
    agreed()
}

/// Nothing of the members is seen, be it by a refusal or by an empty list.
fn nothing_seen(answer: &Answer) -> Verdict {
    let hidden = answer.status == 403 || (answer.status == 200 && answer.items().is_empty());
    hold(hidden, || format!("{}, {} members", answer.came(), answer.items().len()))?;
    Ok(format!("answered {}", answer.status))
}

async fn unseen(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = group(w, &user.id).await?;
    nothing_seen(&w.get(&format!("/groups/{group}/members?$select=id")).await?)
}

/// With a second group that is not hidden: once that one is named, the other would be.
async fn not_in_member_of(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let hidden = group(w, &user.id).await?;
    let open = w.group_of(&[&user.id]).await?;
    let path = format!("/users/{}/memberOf?$select=id", user.id);
    let (page, after) = w.settle(&path, "the other group", |p| find(p.items(), &open).is_some()).await?;
    hold(find(page.items(), &hidden).is_none(), || "the hidden group is named".to_owned())?;
    Ok(shown(after))
}

async fn not_in_delta(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = group(w, &user.id).await?;
    let path = format!("/groups/delta?$select=id,members&$filter=id eq '{group}'");
    let (items, _) = w.round(&path).await?;
    hold(!items.is_empty(), || "the group itself was not told".to_owned())?;
    let told = items.iter().any(|item| item["members@delta"].as_array().is_some_and(|m| !m.is_empty()));
    hold(!told, || "members were told".to_owned())?;
    agreed()
}

async fn at_creation(w: &World<'_>) -> Verdict {
    let group = w.group().await?;
    let body = json!({"visibility": "HiddenMembership"});
    w.patch(&format!("/groups/{group}"), body).await?.expect(400)?;
    agreed()
}

async fn unit_unseen(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = unit(w, &user.id).await?;
    let answer = w.get(&format!("/directory/administrativeUnits/{unit}/members?$select=id")).await?;
    nothing_seen(&answer)
}

async fn unit_with_permission(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = unit(w, &user.id).await?;
    let path = format!("/directory/administrativeUnits/{unit}/members?$select=id");
    w.lists(&path, &[&user.id], &[]).await?;
    agreed()
}
