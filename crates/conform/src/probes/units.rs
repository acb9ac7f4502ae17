//! Administrative units.

use graph::Method;
use serde_json::json;

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Verdict, agreed};
use crate::world::{World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "unit-changed",
        "A unit's description is changed and cleared with 204",
        UNIT_RESOURCE,
        &[WRITE_UNITS],
        run!(changed),
    ),
    Probe::writes(
        "unit-member-added",
        "A unit's member is added with 204, and is listed",
        UNIT_ADD,
        UNIT,
        run!(added),
    ),
    Probe::writes(
        "unit-takes-groups",
        "A group can be a member of a unit, and its members are not",
        UNIT_ADD,
        &[WRITE_UNITS, WRITE_GROUPS, WRITE_USERS, READ_TENANT],
        run!(takes_groups),
    ),
    Probe::writes(
        "unit-member-twice-400",
        "Adding who is a member already: 400 `Request_BadRequest`",
        UNIT_ADD,
        UNIT,
        run!(twice),
    )
    .inferred(),
    Probe::writes(
        "unit-member-removed",
        "A unit's member is removed with 204",
        UNIT_REMOVE,
        UNIT,
        run!(removed),
    ),
    Probe::writes(
        "unit-member-not-there-404",
        "Removing who is no member: 404",
        UNIT_REMOVE,
        UNIT,
        run!(not_there),
    )
    .inferred(),
    Probe::writes(
        "unit-restriction-is-fixed",
        "`isMemberManagementRestricted` cannot be changed after creation: 400",
        UNIT_RESOURCE,
        &[WRITE_UNITS],
        run!(restriction_fixed),
    ),
];

fn path(unit: &str) -> String {
    format!("/directory/administrativeUnits/{unit}")
}

fn members(unit: &str) -> String {
    format!("{}/members?$select=id&$top=999", path(unit))
}

async fn changed(w: &World<'_>) -> Verdict {
    let unit = w.unit_with(json!({})).await?;
    w.patch(&path(&unit), json!({"description": "For a probe"})).await?.expect(204)?;
    let select = format!("{}?$select=id,description", path(&unit));
    let says = |answer: &Answer| answer.text_of("description") == "For a probe";
    let (_, after) = w.settle(&select, "the description", says).await?;
    w.patch(&path(&unit), json!({"description": null})).await?.expect(204)?;
    w.settle(&select, "that it is cleared", |a| a.status == 200 && a.body["description"].is_null()).await?;
    Ok(shown(after))
}

async fn added(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_with(json!({})).await?;
    let reference = format!("{}/members/$ref", path(&unit));
    w.steady(Method::Post, &reference, Some(w.reference(&user.id))).await?.expect(204)?;
    Ok(shown(w.lists(&members(&unit), &[&user.id], &[]).await?))
}

async fn takes_groups(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let group = w.group_of(&[&user.id]).await?;
    let unit = w.unit_of(&[&group]).await?;
    Ok(shown(w.lists(&members(&unit), &[&group], &[&user.id]).await?))
}

async fn twice(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_of(&[&user.id]).await?;
    w.lists(&members(&unit), &[&user.id], &[]).await?;
    let answer = w.post(&format!("{}/members/$ref", path(&unit)), w.reference(&user.id)).await?;
    answer.refused(400, "Request_BadRequest")?;
    agreed()
}

async fn removed(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_of(&[&user.id]).await?;
    w.lists(&members(&unit), &[&user.id], &[]).await?;
    w.delete(&format!("{}/members/{}/$ref", path(&unit), user.id)).await?.expect(204)?;
    Ok(shown(w.lists(&members(&unit), &[], &[&user.id]).await?))
}

async fn not_there(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let unit = w.unit_with(json!({})).await?;
    w.delete(&format!("{}/members/{}/$ref", path(&unit), user.id)).await?.expect(404)?;
    agreed()
}

async fn restriction_fixed(w: &World<'_>) -> Verdict {
    let unit = w.unit_with(json!({})).await?;
    let body = json!({"isMemberManagementRestricted": true});
    w.patch(&path(&unit), body).await?.expect(400)?;
    agreed()
}
