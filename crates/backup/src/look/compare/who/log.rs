//! Reading the directory's audit log for the time between two reads: one question for a whole page, kept for a while,
//! so that opening one object after the other does not ask again.
//!
//! Microsoft allows five requests in ten seconds to an app in a tenant here ("Microsoft Graph service-specific
//! throttling limits", identity reports).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use domain::author::AuditLog;
use domain::permission::READ_AUDIT;
use graph::Meaning;
use serde_json::Value;
use store::restores::Ran;
use store::scope::TenantScope;
use store::tenants::Connection;
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use super::activity;
use super::entry::{By, Entry, Raw};
use crate::{Backup, Result};

/// Entries a request.
const TOP: usize = 999;
/// Requests a question.
const REQUESTS: usize = 4;
/// A page waits no longer for it, however often it asks; it is read to its end all the same, for the next look.
const PATIENCE: Duration = Duration::from_secs(2);
/// Reading it is given up then.
const GIVEN_UP: Duration = Duration::from_secs(40);
/// By then everything is logged: Microsoft named five minutes for 99 of 100 entries ("Azure AD reporting latencies").
const LATE: TimeDelta = TimeDelta::minutes(15);
/// How long it keeps entries, with and without a premium license. Source: "Microsoft Entra data retention".
const KEPT: [TimeDelta; 2] = [TimeDelta::days(30), TimeDelta::days(7)];
/// Answers that are kept.
const ANSWERS: usize = 8;

/// The time between two reads: from when the earlier began to when the later ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
}

/// What the log says of a time.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) state: AuditLog,
    /// Those that make a change, the latest first.
    pub(super) entries: Vec<Entry>,
    own: Own,
}

/// What this product's own writes are known by.
#[derive(Debug, Default)]
struct Own {
    client_id: String,
    principal: Option<Uuid>,
    /// The restores of that time.
    ran: Vec<Ran>,
}

impl Log {
    fn without(state: AuditLog) -> Log {
        Log { state, entries: Vec::new(), own: Own::default() }
    }

    /// Whether the connection's own app did it. The log often leaves an app's client id out and names its service
    /// principal alone.
    pub(super) fn is_own(&self, by: &By) -> bool {
        self.own.did(by)
    }

    /// The restore that was under way then. Microsoft's clock and this one may differ by a little.
    pub(super) fn restore_at(&self, at: DateTime<Utc>) -> Option<i64> {
        const APART: TimeDelta = TimeDelta::minutes(1);
        let mut under_way: Vec<&Ran> = self
            .own
            .ran
            .iter()
            .filter(|r| r.from - APART <= at && r.to.is_none_or(|to| at <= to + APART))
            .collect();
        // One that paused may span others; of those, the one that began last was the one that wrote.
        under_way.sort_by_key(|r| (r.from.trunc_subsecs(0) <= at, r.from));
        under_way.last().map(|r| r.number)
    }

    /// How long an answer is good for.
    fn good_for(&self) -> Duration {
        match self.state {
            AuditLog::Read | AuditLog::Expired { .. } | AuditLog::TooLong => Duration::from_secs(10 * 60),
            AuditLog::NotYetComplete => Duration::from_secs(20),
            AuditLog::NoPermission | AuditLog::Failed => Duration::from_secs(2),
        }
    }
}

impl Own {
    fn did(&self, by: &By) -> bool {
        match by {
            By::Person { .. } => false,
            By::App { app_id, .. } if !app_id.is_empty() => app_id.eq_ignore_ascii_case(&self.client_id),
            By::App { principal, .. } => principal.is_some() && *principal == self.principal,
        }
    }
}

type Answer = watch::Receiver<Option<Arc<Log>>>;

/// What was asked lately, by tenant and time.
#[derive(Debug, Default)]
pub(crate) struct Logs(Mutex<Vec<(Uuid, Span, Instant, Answer)>>);

impl Logs {
    /// The answer to a question: the one that is there or on its way, or the one that `ask` begins.
    /// Also says when it was asked.
    fn answer(&self, tenant: Uuid, span: Span, ask: impl FnOnce() -> Answer) -> (Instant, Answer) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(_, _, asked, answer)| match &*answer.borrow() {
            Some(log) => asked.elapsed() < log.good_for(),
            None => asked.elapsed() < GIVEN_UP,
        });
        if let Some((_, _, asked, answer)) = all.iter().find(|(t, s, ..)| *t == tenant && *s == span) {
            return (*asked, answer.clone());
        }
        if all.len() >= ANSWERS {
            all.remove(0);
        }
        let (asked, answer) = (Instant::now(), ask());
        all.push((tenant, span, asked, answer.clone()));
        (asked, answer)
    }
}

/// What the log says of that time, as far as it can be had soon.
pub(super) async fn read(backup: &Backup, tenant: TenantScope, span: Span) -> Result<Arc<Log>> {
    let connection = backup.store().connection(tenant).await?;
    if !READ_AUDIT.met_by(&connection.granted) {
        return Ok(Arc::new(Log::without(AuditLog::NoPermission)));
    }
    let since = backup.now() - KEPT[0];
    if span.to < since {
        return Ok(Arc::new(Log::without(AuditLog::Expired { since })));
    }
    let (asked, mut answer) = backup.audit_logs().answer(tenant.public_id(), span, || {
        let (told, answer) = watch::channel(None);
        let backup = backup.clone();
        tokio::spawn(async move {
            let asked = tokio::time::timeout(GIVEN_UP, ask(&backup, tenant, connection, span)).await;
            let log = match asked {
                Ok(Ok(log)) => log,
                Ok(Err(error)) => {
                    tracing::debug!(%error, "the audit log could not be read");
                    Log::without(reason(&error))
                }
                Err(_) => Log::without(AuditLog::Failed),
            };
            told.send_replace(Some(Arc::new(log)));
        });
        answer
    });
    let told = tokio::time::timeout_at(asked + PATIENCE, answer.wait_for(Option::is_some)).await;
    let log = told.ok().and_then(std::result::Result::ok).and_then(|log| log.clone());
    Ok(log.unwrap_or_else(|| Arc::new(Log::without(AuditLog::Failed))))
}

fn reason(error: &crate::Error) -> AuditLog {
    match error {
        crate::Error::Graph(e) if *e.meaning() == Meaning::PermissionMissing => AuditLog::NoPermission,
        _ => AuditLog::Failed,
    }
}

async fn ask(backup: &Backup, tenant: TenantScope, connection: Connection, span: Span) -> Result<Log> {
    let client = backup.client(&connection)?;
    let now = backup.now();
    // The log may count in whole seconds, and the filter does.
    let asked = Span { from: span.from.max(now - KEPT[0]).trunc_subsecs(0), to: span.to };
    let at = |t: DateTime<Utc>| t.to_rfc3339_opts(SecondsFormat::Secs, true);
    let path = format!(
        "/auditLogs/directoryAudits?$filter=activityDateTime ge {} and activityDateTime le {}&$top={TOP}",
        at(asked.from),
        at(asked.to + TimeDelta::seconds(1))
    );
    let mut pages = client.pages::<Value>(&path);
    let mut entries = Vec::new();
    let mut oldest: Option<DateTime<Utc>> = None;
    let mut requests = 0;
    let mut more = true;
    while more && requests < REQUESTS {
        let Some(page) = pages.next().await? else { break };
        requests += 1;
        more = page.next_link.is_some();
        // One that says something unheard of does not hide the others.
        for raw in page.items.into_iter().filter_map(|item| serde_json::from_value::<Raw>(item).ok()) {
            let at = raw.activity_date_time;
            oldest = Some(oldest.map_or(at, |o| o.min(at)));
            let entry = Entry::read(raw).filter(|e| asked.from <= e.at && e.at <= asked.to);
            entries.extend(entry.filter(|e| activity::deed(&e.activity).is_some()));
        }
    }
    entries.sort_by_key(|e| std::cmp::Reverse(e.at));
    let own = Own {
        principal: client.principal().await?,
        ran: backup.store().restores_between(tenant, span.from, span.to).await?,
        client_id: connection.client_id,
    };
    Ok(Log { state: state(span, now, oldest, more), entries, own })
}

/// How far the log could be asked.
fn state(span: Span, now: DateTime<Utc>, oldest: Option<DateTime<Utc>>, more: bool) -> AuditLog {
    let [premium, free] = KEPT.map(|kept| now - kept);
    if more {
        AuditLog::TooLong
    } else if span.from < premium {
        AuditLog::Expired { since: premium }
    } else if span.from < free && oldest.is_none_or(|oldest| oldest >= free) {
        // Without a premium license there is no more than that.
        AuditLog::Expired { since: free }
    } else if now - span.to < LATE {
        AuditLog::NotYetComplete
    } else {
        AuditLog::Read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> DateTime<Utc> {
        "2026-05-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(day)
    }

    #[test]
    fn how_far_the_log_goes_is_said() {
        let span = |from, to| Span { from: day(from), to: day(to) };
        let now = day(100);
        assert_eq!(state(span(98, 99), now, None, false), AuditLog::Read);
        assert_eq!(state(span(98, 99), now, None, true), AuditLog::TooLong);
        assert_eq!(state(span(98, 100), now, None, false), AuditLog::NotYetComplete);
        assert_eq!(state(span(80, 99), now, Some(day(82)), false), AuditLog::Read);
        assert_eq!(state(span(80, 99), now, Some(day(94)), false), AuditLog::Expired { since: day(93) });
        assert_eq!(state(span(60, 99), now, Some(day(72)), false), AuditLog::Expired { since: day(70) });
    }

    #[test]
    fn own_writes_are_known_by_client_id_or_service_principal() {
        let principal = Some(Uuid::from_u128(5));
        let own = Own { client_id: "AB-1".to_owned(), principal, ran: Vec::new() };
        let app =
            |app_id: &str, principal| By::App { name: "X".to_owned(), app_id: app_id.to_owned(), principal };
        assert!(own.did(&app("ab-1", None)) && own.did(&app("", principal)));
        assert!(!own.did(&app("other", principal)) && !own.did(&app("", None)));
        assert!(!Own::default().did(&app("", None)));
        let person = By::Person { name: "X".to_owned(), principal_name: String::new() };
        assert!(!own.did(&person));
    }

    #[test]
    fn the_restore_that_wrote_is_the_one_under_way() {
        let ran = |number, from: i64, to: Option<i64>| Ran { number, from: day(from), to: to.map(day) };
        let own =
            Own { ran: vec![ran(1, 1, Some(9)), ran(2, 3, Some(4)), ran(3, 20, None)], ..Own::default() };
        let log = Log { own, ..Log::without(AuditLog::Read) };
        assert_eq!(
            [2, 3, 5, 12, 30].map(|d| log.restore_at(day(d))),
            [Some(1), Some(2), Some(1), None, Some(3)]
        );
        assert_eq!(log.restore_at(day(20) - TimeDelta::milliseconds(400)), Some(3));
    }
}
