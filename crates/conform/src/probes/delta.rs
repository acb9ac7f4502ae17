//! Delta: how a walk begins, what it takes, how it ends.

use serde_json::json;

use crate::answer::ids;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, have, hold};
use crate::world::World;

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "delta-first-page",
        "A delta's page holds objects and either `@odata.nextLink` or `@odata.deltaLink`, never both",
        DELTA,
        &[READ_USERS, READ_GROUPS],
        run!(first_page),
    ),
    Probe::reads(
        "delta-links-carry-state",
        "Its links carry `$skiptoken` or `$deltatoken`, and are followed as they came",
        DELTA,
        &[READ_USERS],
        run!(links_carry_state),
    ),
    Probe::reads(
        "delta-latest-is-empty",
        "`$deltatoken=latest` gives no objects and a delta link at once, for users, groups and units",
        DELTA,
        &[READ_USERS, READ_GROUPS, READ_UNITS],
        run!(latest),
    ),
    Probe::reads(
        "delta-unchanged-is-empty",
        "A cursor after which nothing of its own changed tells nothing, and gives a new cursor",
        DELTA,
        &[READ_UNITS],
        run!(unchanged),
    ),
    Probe::reads(
        "delta-refuses-order",
        "`$orderby` is refused with delta of users",
        DELTA_USERS,
        &[READ_USERS],
        run!(refuses_order),
    ),
    Probe::reads(
        "delta-broken-token",
        "A delta token that is none is refused with 4xx, other than 401, 403 and 429",
        DELTA,
        &[READ_USERS],
        run!(broken_token),
    ),
    Probe::reads(
        "delta-reset-410",
        "A cursor that the service has reset is answered 410 with a `Location` that begins anew",
        DELTA,
        &[READ_UNITS],
        run!(reset),
    ),
    Probe::writes(
        "delta-of-named-ids",
        "A delta with `$filter=id eq '…' or id eq '…'` tells of these alone",
        USER_DELTA,
        USER,
        run!(named_ids),
    ),
    Probe::reads(
        "delta-of-51-ids-refused",
        "More than 50 ids are refused",
        USER_DELTA,
        &[READ_USERS],
        run!(too_many_ids),
    ),
    Probe::reads(
        "delta-of-roles",
        "`/directoryRoles/delta` begins like the others",
        ROLE_DELTA,
        &[READ_ROLES],
        run!(of_roles),
    ),
];

async fn first_page(w: &World<'_>) -> Verdict {
    for path in ["/users/delta?$select=id", "/groups/delta?$select=id"] {
        let page = w.get(path).await?.expect(200)?;
        hold(page.body["value"].is_array(), || format!("{path} has no value"))?;
        let (next, cursor) = (page.names("@odata.nextLink"), page.names("@odata.deltaLink"));
        hold(next != cursor, || format!("{path}: next link {next}, delta link {cursor}"))?;
    }
    agreed()
}

async fn links_carry_state(w: &World<'_>) -> Verdict {
    let page = w.get("/users/delta?$select=id").await?.expect(200)?;
    let (next, cursor) = (page.text_of("@odata.nextLink"), page.text_of("@odata.deltaLink"));
    let carries = next.contains("skiptoken=") || cursor.contains("deltatoken=");
    hold(carries, || "the link has no token".to_owned())?;
    w.get(if next.is_empty() { cursor } else { next }).await?.expect(200)?;
    agreed()
}

async fn latest(w: &World<'_>) -> Verdict {
    for collection in ["/users", "/groups", "/directory/administrativeUnits"] {
        let page = w.get(&format!("{collection}/delta?$select=id&$deltatoken=latest")).await?.expect(200)?;
        hold(page.items().is_empty(), || format!("{collection} told {} objects", page.items().len()))?;
        hold(page.names("@odata.deltaLink"), || format!("{collection} gave no delta link"))?;
    }
    agreed()
}

async fn unchanged(w: &World<'_>) -> Verdict {
    let path = "/directory/administrativeUnits/delta?$select=id,displayName";
    let cursor = w.cursor(path).await?;
    let (items, next) = w.round(&cursor).await?;
    hold(items.is_empty(), || format!("{} units were told", items.len()))?;
    hold(!next.is_empty(), || "there is no new cursor".to_owned())?;
    agreed()
}

async fn refuses_order(w: &World<'_>) -> Verdict {
    w.get("/users/delta?$select=id&$orderby=displayName").await?.expect(400)?;
    agreed()
}

async fn broken_token(w: &World<'_>) -> Verdict {
    let answer = w.get("/users/delta?$deltatoken=not-a-token").await?;
    let fits = (400..500).contains(&answer.status) && ![401, 403, 429].contains(&answer.status);
    hold(fits, || answer.came())?;
    Ok(format!("with {} {}", answer.status, answer.code()))
}

async fn reset(w: &World<'_>) -> Verdict {
    let lab = w.only_lab()?;
    let cursor = w.cursor("/directory/administrativeUnits/delta?$select=id,displayName").await?;
    lab.reset_delta().await?;
    let answer = w.get(&cursor).await?.expect(410)?;
    let location = have(answer.header("location"), "nothing to follow");
    let location = location.map_err(|_| Stop::Differs("there is no Location".to_owned()))?;
    let (items, _) = w.round(location).await?;
    hold(!items.is_empty(), || "the new beginning tells nothing".to_owned())?;
    agreed()
}

async fn named_ids(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let path = format!(
        "/users/delta?$select=id,displayName&$filter=id eq '{}' or id eq '{}'",
        users[0].id, users[1].id
    );
    let (items, _) = w.round(&path).await?;
    let mut told = ids(&items);
    told.sort_unstable();
    told.dedup();
    let mut wanted = [users[0].id.as_str(), users[1].id.as_str()];
    wanted.sort_unstable();
    hold(told == wanted, || format!("{} objects were told, two were named", told.len()))?;
    agreed()
}

async fn too_many_ids(w: &World<'_>) -> Verdict {
    let clauses: Vec<String> = (0..51).map(|_| format!("id eq '{}'", w.nobody())).collect();
    let path = format!("/users/delta?$select=id&$filter={}", clauses.join(" or "));
    w.get(&path).await?.expect(400)?;
    agreed()
}

async fn of_roles(w: &World<'_>) -> Verdict {
    let (items, cursor) = w.round("/directoryRoles/delta?$select=id,roleTemplateId").await?;
    let templates =
        items.iter().filter(|r| r["@removed"].is_null()).all(|r| r["roleTemplateId"] != json!(null));
    hold(templates, || "a role has no roleTemplateId".to_owned())?;
    hold(!items.is_empty(), || "no role was told".to_owned())?;
    if cursor.is_empty() {
        return Err(Stop::Differs("there is no cursor".to_owned()));
    }
    agreed()
}
