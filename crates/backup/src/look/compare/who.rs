//! Who made a change, from the directory's own audit log. A help, not a promise: the log comes late, keeps
//! thirty days at most, and may not be readable.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use domain::permission::READ_AUDIT;
use serde::Deserialize;
use store::scope::TenantScope;
use uuid::Uuid;

use crate::{Backup, Result};

/// A page waits no longer for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// What a later capture sees may be logged a little after it.
const LATE: TimeDelta = TimeDelta::hours(1);

#[derive(Deserialize)]
struct Log {
    value: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    activity_date_time: DateTime<Utc>,
    initiated_by: Option<Initiator>,
}

#[derive(Deserialize)]
struct Initiator {
    user: Option<Named>,
    app: Option<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    display_name: Option<String>,
    user_principal_name: Option<String>,
}

/// Who did something to the object between the two times, the latest first. Empty whenever that cannot be
/// said.
pub(super) async fn made(
    backup: &Backup,
    tenant: TenantScope,
    id: Uuid,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<String> {
    // The log may count in whole seconds.
    let (from, to) = (from.min(to).trunc_subsecs(0), from.max(to) + LATE);
    match tokio::time::timeout(PATIENCE, read(backup, tenant, id, from, to)).await {
        Ok(Ok(entries)) => names(entries, from, to),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the audit log could not be read");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}

async fn read(
    backup: &Backup,
    tenant: TenantScope,
    id: Uuid,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Entry>> {
    let connection = backup.store().connection(tenant).await?;
    if !READ_AUDIT.met_by(&connection.granted) {
        return Ok(Vec::new());
    }
    let at = |t: DateTime<Utc>| t.to_rfc3339_opts(SecondsFormat::Secs, true);
    let path = format!(
        "/auditLogs/directoryAudits?$filter=activityDateTime ge {} and activityDateTime le {} and targetResources/any(t:t/id eq '{id}')&$top=20",
        at(from),
        at(to)
    );
    Ok(backup.client(&connection)?.get::<Log>(&path).await?.value)
}

fn names(mut entries: Vec<Entry>, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<String> {
    entries.sort_by_key(|e| std::cmp::Reverse(e.activity_date_time));
    let mut out: Vec<String> = Vec::new();
    for entry in entries.into_iter().filter(|e| (from..=to).contains(&e.activity_date_time)) {
        if let Some(name) = entry.initiated_by.and_then(name)
            && !out.contains(&name)
        {
            out.push(name);
        }
    }
    out
}

fn name(by: Initiator) -> Option<String> {
    let said = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    if let Some(user) = by.user {
        return match (said(user.display_name), said(user.user_principal_name)) {
            (Some(name), Some(upn)) if name != upn => Some(format!("{name} ({upn})")),
            (name, upn) => upn.or(name),
        };
    }
    said(by.app?.display_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(json: &str) -> Vec<Entry> {
        serde_json::from_str::<Log>(json).unwrap().value
    }

    #[test]
    fn people_and_apps_are_named_once_the_latest_first() {
        let log = entries(
            r#"{"value":[
            {"activityDateTime":"2026-05-07T09:00:00Z","initiatedBy":{"user":{"displayName":"Maya","userPrincipalName":"maya@c.example"},"app":null}},
            {"activityDateTime":"2026-05-07T10:00:00Z","initiatedBy":{"app":{"displayName":"HR sync"}}},
            {"activityDateTime":"2026-05-07T09:30:00Z","initiatedBy":{"user":{"displayName":"Maya","userPrincipalName":"maya@c.example"}}},
            {"activityDateTime":"2026-05-09T09:30:00Z","initiatedBy":{"user":{"userPrincipalName":"late@c.example"}}}]}"#,
        );
        let at = |t: &str| t.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(
            names(log, at("2026-05-07T00:00:00Z"), at("2026-05-08T00:00:00Z")),
            ["HR sync", "Maya (maya@c.example)"]
        );
    }
}
