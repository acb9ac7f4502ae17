//! The tenant itself, its domains and service principals, and its audit log.

use chrono::{Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "organization-is-one",
        "`/organization` is a list of one, with the tenant's id and `verifiedDomains`, one of them initial",
        ORGANIZATION,
        &[READ_TENANT],
        run!(is_one),
    ),
    Probe::reads(
        "domains-listed",
        "`/domains` lists the verified domains by their names as ids",
        DOMAINS,
        &[READ_DOMAINS],
        run!(domains),
    ),
    Probe::reads(
        "service-principal-by-app",
        "`$filter=appId eq '…'` finds the app's own service principal",
        PRINCIPALS,
        &[READ_APPS],
        run!(by_app),
    ),
    Probe::reads(
        "audit-by-time",
        "The audit log is filtered by `activityDateTime ge … and activityDateTime le …` with `$top`",
        AUDIT,
        &[READ_AUDIT],
        run!(by_time),
    ),
    Probe::reads(
        "audit-names-initiator",
        "An entry names `activityDisplayName`, `activityDateTime`, `targetResources`, and in `initiatedBy` a user or an app",
        AUDIT,
        &[READ_AUDIT],
        run!(names_initiator),
    ),
    Probe::writes(
        "audit-tells-own-change",
        "An app's change of a user is an entry with the app as its initiator and the user among its targets",
        AUDIT,
        &[READ_AUDIT, WRITE_USERS, READ_TENANT],
        run!(own_change),
    ),
    Probe::writes(
        "audit-by-target",
        "The audit log is filtered by `targetResources/any(t:t/id eq '…')`",
        AUDIT,
        &[READ_AUDIT, WRITE_USERS, READ_TENANT],
        run!(by_target),
    ),
];

async fn is_one(w: &World<'_>) -> Verdict {
    let page = w.get("/organization?$select=id,displayName,verifiedDomains").await?.expect(200)?;
    hold(page.items().len() == 1, || format!("a list of {}", page.items().len()))?;
    let domains = page.items()[0]["verifiedDomains"].as_array().cloned().unwrap_or_default();
    let initial = domains.iter().filter(|domain| domain["isInitial"] == true).count();
    hold(initial == 1, || format!("{initial} of {} domains are initial", domains.len()))?;
    agreed()
}

async fn domains(w: &World<'_>) -> Verdict {
    let page = w.get("/domains?$select=id,isVerified,isInitial").await?.expect(200)?;
    hold(!page.items().is_empty(), || "there is none".to_owned())?;
    let named = page.items().iter().all(|domain| domain["id"].as_str().is_some_and(|id| id.contains('.')));
    hold(named, || "an id is no name".to_owned())?;
    agreed()
}

async fn by_app(w: &World<'_>) -> Verdict {
    w.principal().await?;
    agreed()
}

fn between() -> String {
    let at = |time: chrono::DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let now = Utc::now();
    format!(
        "activityDateTime ge {} and activityDateTime le {}",
        at(now - Duration::days(2)),
        at(now + Duration::minutes(5))
    )
}

async fn by_time(w: &World<'_>) -> Verdict {
    let path = format!("/auditLogs/directoryAudits?$filter={}&$top=20", between());
    let page = w.get(&path).await?.expect(200)?;
    hold(page.items().len() <= 20, || format!("{} on a page", page.items().len()))?;
    Ok(format!("{} entries", page.items().len()))
}

async fn names_initiator(w: &World<'_>) -> Verdict {
    let page = w.get("/auditLogs/directoryAudits?$top=20").await?.expect(200)?;
    if page.items().is_empty() {
        return Err(Stop::NotTried("the log is empty".to_owned()));
    }
    for entry in page.items() {
        for name in ["activityDisplayName", "activityDateTime"] {
            hold(entry[name].is_string(), || format!("an entry has no {name}"))?;
        }
        hold(entry["targetResources"].is_array(), || "an entry has no targetResources".to_owned())?;
        let by = &entry["initiatedBy"];
        hold(by["user"].is_object() || by["app"].is_object(), || "an entry has no initiator".to_owned())?;
    }
    agreed()
}

fn about<'a>(page: &'a Answer, id: &str) -> Vec<&'a Value> {
    let names = |entry: &&Value| {
        entry["targetResources"].as_array().into_iter().flatten().any(|target| target["id"] == id)
    };
    page.items().iter().filter(names).collect()
}

/// Entries take their time, longer than anything else: what did not come is not a difference.
async fn entry(w: &World<'_>, path: &str, id: &str) -> Result<(Answer, String), Stop> {
    match w.settle(path, "the entry", |page| page.status != 200 || !about(page, id).is_empty()).await {
        Ok((page, after)) => Ok((page.expect(200)?, shown(after))),
        Err(Stop::Differs(_)) => {
            let waited = w.graph().patience().as_secs();
            Err(Stop::NotTried(format!("no entry came within {waited} s; --patience waits longer")))
        }
        Err(other) => Err(other),
    }
}

async fn own_change(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    w.patch(&format!("/users/{}", user.id), json!({"jobTitle": "Pilot"})).await?.expect(204)?;
    let path = format!("/auditLogs/directoryAudits?$filter={}&$top=999", between());
    let (page, note) = entry(w, &path, &user.id).await?;
    let apps = about(&page, &user.id).iter().all(|entry| entry["initiatedBy"]["app"].is_object());
    hold(apps, || "an entry has another initiator".to_owned())?;
    Ok(note)
}

async fn by_target(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let filter = format!("{} and targetResources/any(t:t/id eq '{}')", between(), user.id);
    let path = format!("/auditLogs/directoryAudits?$filter={filter}&$top=20");
    let (page, note) = entry(w, &path, &user.id).await?;
    let others = page.items().len() - about(&page, &user.id).len();
    hold(others == 0, || format!("{others} entries are about others"))?;
    Ok(note)
}
