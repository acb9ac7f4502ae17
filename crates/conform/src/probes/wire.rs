//! Errors, headers and throttling.

use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::World;

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "unknown-user-404",
        "An id that nothing has is answered 404 `Request_ResourceNotFound`",
        ERRORS,
        &[READ_USERS],
        run!(unknown_user),
    ),
    Probe::reads(
        "unknown-object-404",
        "So is one in `/groups`, `/directory/administrativeUnits` and `/directoryObjects`",
        ERRORS,
        &[READ_GROUPS, READ_UNITS, READ_ANY],
        run!(unknown_objects),
    ),
    Probe::reads(
        "error-names-request",
        "An error's `innerError` holds `date`, `request-id` and `client-request-id`",
        ERRORS,
        &[READ_USERS],
        run!(error_names_request),
    ),
    Probe::reads(
        "request-id-echoed",
        "An answer carries `request-id`, and `client-request-id` as it was sent",
        CALLING,
        &[READ_TENANT],
        run!(echoed),
    ),
    Probe::reads(
        "resource-units-told",
        "A read of the directory says in `x-ms-resource-unit` what it cost",
        LIMITS,
        &[READ_USERS],
        run!(units_told),
    ),
    Probe::reads(
        "select-makes-cheaper",
        "`$select` takes a resource unit off the cost of listing users, which is two",
        LIMITS,
        &[READ_USERS],
        run!(cheaper),
    ),
    Probe::reads(
        "unknown-property-400",
        "A property that does not exist cannot be selected: 400",
        PARAMETERS,
        &[READ_USERS],
        run!(unknown_property),
    ),
    Probe::reads(
        "unknown-segment-4xx",
        "A path that does not exist is refused, not answered with nothing",
        ERRORS,
        &[READ_USERS],
        run!(unknown_segment),
    ),
    Probe::reads(
        "every-answer-has-request-id",
        "Every answer of the run carried `request-id`",
        CALLING,
        &[],
        run!(always_request_id),
    )
    .watches(),
    Probe::reads(
        "throttled-says-when",
        "A 429 says in `Retry-After` when to come back",
        THROTTLING,
        &[READ_TENANT],
        run!(throttled),
    )
    .watches(),
];

async fn unknown_user(w: &World<'_>) -> Verdict {
    w.get(&format!("/users/{}", w.nobody())).await?.refused(404, "Request_ResourceNotFound")?;
    agreed()
}

async fn unknown_objects(w: &World<'_>) -> Verdict {
    for collection in ["/groups", "/directory/administrativeUnits", "/directoryObjects"] {
        w.get(&format!("{collection}/{}", w.nobody())).await?.refused(404, "Request_ResourceNotFound")?;
    }
    agreed()
}

async fn error_names_request(w: &World<'_>) -> Verdict {
    let answer = w.get(&format!("/users/{}", w.nobody())).await?.expect(404)?;
    let inner = &answer.body["error"]["innerError"];
    for name in ["date", "request-id", "client-request-id"] {
        hold(inner[name].is_string(), || format!("innerError has no `{name}`"))?;
    }
    agreed()
}

async fn echoed(w: &World<'_>) -> Verdict {
    let id = w.nobody();
    let answer = w.get_with("/organization?$select=id", &[("client-request-id", &id)]).await?.expect(200)?;
    hold(answer.header("request-id").is_some(), || "there is no request-id".to_owned())?;
    let echoed = answer.header("client-request-id") == Some(id.as_str());
    hold(echoed, || "client-request-id is not the one that was sent".to_owned())?;
    agreed()
}

async fn units_told(w: &World<'_>) -> Verdict {
    let answer = w.get("/users?$top=1&$select=id").await?.expect(200)?;
    let told = answer.header("x-ms-resource-unit").and_then(|text| text.trim().parse::<u32>().ok());
    hold(told.is_some(), || "there is no x-ms-resource-unit".to_owned())?;
    agreed()
}

async fn cheaper(w: &World<'_>) -> Verdict {
    let mut told = Vec::new();
    for path in ["/users?$top=100", "/users?$top=100&$select=id"] {
        let answer = w.get(path).await?.expect(200)?;
        told.push(answer.header("x-ms-resource-unit").unwrap_or("nothing").to_owned());
    }
    hold(told == ["2", "1"], || format!("without and with $select it cost {}", told.join(" and ")))?;
    agreed()
}

async fn unknown_property(w: &World<'_>) -> Verdict {
    w.get("/users?$top=1&$select=id,noSuchPropertyAtAll").await?.expect(400)?;
    agreed()
}

async fn unknown_segment(w: &World<'_>) -> Verdict {
    w.get("/noSuchCollectionAtAll").await?.one_of(&[400, 404])?;
    agreed()
}

async fn always_request_id(w: &World<'_>) -> Verdict {
    let tally = w.tally();
    hold(tally.without_request_id == 0, || {
        format!("{} of {} answers had none", tally.without_request_id, tally.requests)
    })?;
    Ok(format!("{} answers", tally.requests))
}

async fn throttled(w: &World<'_>) -> Verdict {
    if let Some(lab) = w.lab() {
        lab.throttle("/organization").await?;
        w.get_once("/organization?$select=id", true).await?.expect(429)?;
    }
    let tally = w.tally();
    if tally.throttled == 0 {
        return Err(Stop::NotTried("nothing was throttled".to_owned()));
    }
    hold(tally.throttled_without_wait == 0, || {
        format!("{} of {} had no Retry-After", tally.throttled_without_wait, tally.throttled)
    })?;
    agreed()
}
