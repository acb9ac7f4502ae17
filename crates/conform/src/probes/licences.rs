//! Licences. Assigning one takes a free one of a product that the tenant has, for the moment of the probe.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, have, hold};
use crate::world::{User, World, shown};

const LICENSED: &[&[&str]] = &[WRITE_LICENCES, READ_SKUS, WRITE_USERS, READ_TENANT];

const GROUP_LICENSED: &[&[&str]] = &[WRITE_LICENCES, READ_SKUS, WRITE_GROUPS, WRITE_USERS, READ_TENANT];

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "products-listed",
        "`/subscribedSkus` names `skuId` and `skuPartNumber` of every product, on one page",
        SKUS,
        &[READ_SKUS],
        run!(listed),
    ),
    Probe::writes(
        "licence-without-location-refused",
        "A user without `usageLocation` gets no licence: 400",
        USER_LICENCE,
        LICENSED,
        run!(no_location),
    ),
    Probe::writes(
        "licence-of-unknown-product-refused",
        "A product that the tenant does not have is refused: 400",
        USER_LICENCE,
        LICENSED,
        run!(unknown_product),
    ),
    Probe::writes(
        "licence-assigned",
        "`assignLicense` is answered 200 with the user",
        USER_LICENCE,
        LICENSED,
        run!(assigned),
    ),
    Probe::writes(
        "licence-direct-has-no-group",
        "A licence that was assigned directly has null as `assignedByGroup` in `licenseAssignmentStates`",
        USER_RESOURCE,
        LICENSED,
        run!(direct),
    ),
    Probe::writes(
        "licence-disabled-plans",
        "The disabled plans of a licence are kept and told",
        USER_LICENCE,
        LICENSED,
        run!(disabled_plans),
    ),
    Probe::writes(
        "licence-removed",
        "It is removed by `removeLicenses`; removing it once more is refused with 400",
        USER_LICENCE,
        LICENSED,
        run!(removed),
    ),
    Probe::writes(
        "licence-both-lists-needed",
        "`assignLicense` needs both lists: 400 without one",
        USER_LICENCE,
        LICENSED,
        run!(both_lists),
    ),
    Probe::writes(
        "licence-of-a-group-names-it",
        "A licence that comes with a group names it as `assignedByGroup`, and goes with the group's licence",
        GROUP_LICENCE,
        GROUP_LICENSED,
        run!(names_group),
    ),
    Probe::writes(
        "licence-of-a-group-stays",
        "A licence that comes with a group cannot be removed from the user: 400",
        GROUP_LICENCE,
        GROUP_LICENSED,
        run!(group_stays),
    ),
    Probe::writes(
        "restored-keeps-licence",
        "A restored user has its licence again",
        RECOVER,
        LICENSED,
        run!(restored),
    ),
];

async fn listed(w: &World<'_>) -> Verdict {
    let page = w.get("/subscribedSkus?$select=skuId,skuPartNumber").await?.expect(200)?;
    hold(!page.names("@odata.nextLink"), || "there is a next page".to_owned())?;
    let named = page.items().iter().all(|sku| sku["skuId"].is_string() && sku["skuPartNumber"].is_string());
    hold(named, || "a product lacks a name".to_owned())?;
    Ok(format!("{} products", page.items().len()))
}

/// A product of which one is free, that takes no other.
async fn free(w: &World<'_>) -> Result<Value, Stop> {
    let page = w.get("/subscribedSkus").await?.expect(200).map_err(Stop::preparing)?;
    let count = |value: &Value| value.as_i64().unwrap_or_default();
    let free = page.items().iter().filter(|sku| {
        sku["capabilityStatus"] == "Enabled"
            && sku["appliesTo"] == "User"
            && count(&sku["prepaidUnits"]["enabled"]) > count(&sku["consumedUnits"])
    });
    // One with several plans tells more.
    let best = free.max_by_key(|sku| sku["servicePlans"].as_array().map_or(0, Vec::len)).cloned();
    have(best, "no product has a free licence")
}

async fn user(w: &World<'_>) -> Result<User, Stop> {
    w.user_with(json!({"usageLocation": "NO"})).await
}

async fn assign(w: &World<'_>, user: &User, sku: &Value, disabled: &[Value]) -> Result<Answer, Stop> {
    let add = json!([{"skuId": sku["skuId"], "disabledPlans": disabled}]);
    let body = json!({"addLicenses": add, "removeLicenses": []});
    w.post(&format!("/users/{}/assignLicense", user.id), body).await
}

async fn take(w: &World<'_>, user: &User, sku: &Value) -> Result<Answer, Stop> {
    let body = json!({"addLicenses": [], "removeLicenses": [sku["skuId"]]});
    w.post(&format!("/users/{}/assignLicense", user.id), body).await
}

/// Waits for the state of a licence.
async fn state(w: &World<'_>, user: &User, sku: &Value, there: bool) -> Result<(Value, String), Stop> {
    let path = format!("/users/{}?$select=id,licenseAssignmentStates", user.id);
    let of = |answer: &Answer| {
        let states = answer.body["licenseAssignmentStates"].as_array().cloned().unwrap_or_default();
        states.into_iter().find(|state| state["skuId"] == sku["skuId"])
    };
    let (answer, after) = w
        .settle(&path, "the licence's state", |answer| answer.status == 200 && of(answer).is_some() == there)
        .await?;
    Ok((of(&answer).unwrap_or_default(), shown(after)))
}

async fn no_location(w: &World<'_>) -> Verdict {
    let (sku, user) = (free(w).await?, w.user().await?);
    assign(w, &user, &sku, &[]).await?.expect(400)?;
    agreed()
}

async fn unknown_product(w: &World<'_>) -> Verdict {
    let user = user(w).await?;
    assign(w, &user, &json!({ "skuId": w.nobody() }), &[]).await?.expect(400)?;
    agreed()
}

async fn assigned(w: &World<'_>) -> Verdict {
    let (sku, user) = (free(w).await?, user(w).await?);
    let answer = assign(w, &user, &sku, &[]).await?.expect(200)?;
    hold(answer.text_of("id") == user.id, || "the user did not come back".to_owned())?;
    agreed()
}

async fn direct(w: &World<'_>) -> Verdict {
    let (sku, user) = (free(w).await?, user(w).await?);
    assign(w, &user, &sku, &[]).await?.expect(200).map_err(Stop::preparing)?;
    let (state, note) = state(w, &user, &sku, true).await?;
    hold(state["assignedByGroup"].is_null(), || "it names a group".to_owned())?;
    Ok(note)
}

async fn disabled_plans(w: &World<'_>) -> Verdict {
    let (sku, user) = (free(w).await?, user(w).await?);
    let plans = sku["servicePlans"].as_array().cloned().unwrap_or_default();
    // A plan that others stand on cannot be switched off alone; the last of the list seldom is one.
    let plan =
        plans.iter().rev().find(|plan| plan["appliesTo"] == "User").map(|plan| plan["servicePlanId"].clone());
    let plan = have(plan, "the product has no plan")?;
    assign(w, &user, &sku, std::slice::from_ref(&plan)).await?.expect(200)?;
    let (state, note) = state(w, &user, &sku, true).await?;
    hold(state["disabledPlans"] == json!([plan]), || "other plans are disabled, or none".to_owned())?;
    Ok(note)
}

async fn removed(w: &World<'_>) -> Verdict {
    let (sku, user) = (free(w).await?, user(w).await?);
    assign(w, &user, &sku, &[]).await?.expect(200).map_err(Stop::preparing)?;
    state(w, &user, &sku, true).await?;
    take(w, &user, &sku).await?.expect(200)?;
    let (_, note) = state(w, &user, &sku, false).await?;
    take(w, &user, &sku).await?.expect(400)?;
    Ok(note)
}

async fn both_lists(w: &World<'_>) -> Verdict {
    let user = user(w).await?;
    let path = format!("/users/{}/assignLicense", user.id);
    w.post(&path, json!({"addLicenses": []})).await?.expect(400)?;
    agreed()
}

/// A licensed group with one member, what became of the member's licence, and what removing it directly got.
/// The group's licence is taken away again: a group that has one cannot be deleted.
async fn inherited(w: &World<'_>) -> Result<(String, Value, Answer, String), Stop> {
    let (sku, user) = (free(w).await?, user(w).await?);
    let group = w.group_of(&[&user.id]).await?;
    let path = format!("/groups/{group}/assignLicense");
    let add = json!({"addLicenses": [{"skuId": sku["skuId"], "disabledPlans": []}], "removeLicenses": []});
    w.post(&path, add).await?.one_of(&[200, 202]).map_err(Stop::preparing)?;
    let came = state(w, &user, &sku, true).await;
    let refusal = take(w, &user, &sku).await;
    let remove = json!({"addLicenses": [], "removeLicenses": [sku["skuId"]]});
    w.post(&path, remove).await?.one_of(&[200, 202])?;
    let (state_then, _) = came?;
    let (_, note) = state(w, &user, &sku, false).await?;
    Ok((group, state_then, refusal?, note))
}

async fn names_group(w: &World<'_>) -> Verdict {
    let (group, state, _, note) = inherited(w).await?;
    hold(state["assignedByGroup"] == group, || "it names no group, or another".to_owned())?;
    Ok(note)
}

async fn group_stays(w: &World<'_>) -> Verdict {
    let (_, _, refusal, _) = inherited(w).await?;
    refusal.expect(400)?;
    agreed()
}

async fn restored(w: &World<'_>) -> Verdict {
    let (sku, user) = (free(w).await?, user(w).await?);
    assign(w, &user, &sku, &[]).await?.expect(200).map_err(Stop::preparing)?;
    state(w, &user, &sku, true).await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204)?;
    super::bin::binned(w, &user.id).await?;
    let path = format!("/directory/deletedItems/{}/restore", user.id);
    w.steady(graph::Method::Post, &path, Some(json!({}))).await?.expect(200)?;
    let (_, note) = state(w, &user, &sku, true).await?;
    Ok(note)
}
