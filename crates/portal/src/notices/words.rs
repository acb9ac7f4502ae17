//! What notices say.

use chrono::{DateTime, Utc};
use domain::audit::Detail;
use domain::notice::{Pace, Topic, What};
use store::notices::Notice;

/// Lines of a mail; what is more is counted.
const LINES: usize = 60;

/// A notice with the name of whom it is about, where that must be said.
pub(super) struct Said {
    pub(super) notice: Notice,
    pub(super) about: Option<String>,
    /// Whether the reader sees what a subscription's change says of plans and seats.
    pub(super) in_detail: bool,
}

/// A mail in words.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) lines: Vec<String>,
}

/// What somebody is told of `all`, of which there is one at least. `where_to_choose` closes it.
pub(super) fn words(pace: Pace, all: &[Said], where_to_choose: &str) -> Words {
    let subject = match (pace, all) {
        (Pace::Daily, _) => format!("Your day: {}", count(all.len())),
        (Pace::Weekly, _) => format!("Your week: {}", count(all.len())),
        (_, [one]) => match one.about.as_ref().or(one.notice.tenant.as_ref()) {
            Some(about) => format!("{}: {about}", title(one.notice.what)),
            None => title(one.notice.what).to_owned(),
        },
        (_, [first, rest @ ..]) if rest.iter().all(|said| said.notice.what == first.notice.what) => {
            format!("{} ({} times)", title(first.notice.what), all.len())
        }
        _ => count(all.len()),
    };
    let mut lines = Vec::new();
    // By topic, in their order; what has none is told to an organization's people, who need no headings.
    let headed = all.len() > 1 && all.iter().all(|said| said.notice.what.topic().is_some());
    let groups = Topic::ALL.into_iter().map(Some).chain([None]);
    let mut told = 0;
    for group in groups {
        let of_group: Vec<&Said> = match (headed, group) {
            (true, Some(topic)) => {
                all.iter().filter(|said| said.notice.what.topic() == Some(topic)).collect()
            }
            (true, None) => Vec::new(),
            (false, None) => all.iter().collect(),
            (false, Some(_)) => Vec::new(),
        };
        if of_group.is_empty() || told == LINES {
            continue;
        }
        if let Some(topic) = group {
            lines.push(format!("{} ({})", topic.label(), of_group.len()));
        }
        for said in of_group.iter().take(LINES - told) {
            lines.push(line(said));
            told += 1;
        }
    }
    if all.len() > told {
        lines.push(format!("And {} more.", all.len() - told));
    }
    lines.push(where_to_choose.to_owned());
    Words { subject, lines }
}

fn count(notices: usize) -> String {
    if notices == 1 { "1 notice".to_owned() } else { format!("{notices} notices") }
}

fn line(said: &Said) -> String {
    let mut text = sentence(said);
    match &said.about {
        Some(about) => text.insert_str(0, &format!("{about}: ")),
        None => {
            // An address stays as it is written.
            let is_address = text.split(' ').next().is_some_and(|word| word.contains('@'));
            if let Some(first) = text.get_mut(..1).filter(|_| !is_address) {
                first.make_ascii_uppercase();
            }
        }
    }
    format!("{} ({} UTC)", text.trim_end_matches('.'), said.notice.at.format("%-d %B, %H:%M"))
}

/// What it is called in a subject.
const fn title(what: What) -> &'static str {
    match what {
        What::BackupFailed => "Backup failed",
        What::BackupLate => "Backup late",
        What::RestoreEnded => "Restore finished",
        What::CredentialEnds => "Credential ends",
        What::PermissionMissing => "Permission missing",
        What::ConnectionFails => "Connection fails",
        What::SeatsShort => "Seats short",
        What::SeatsAdded => "Seats adjusted",
        What::OrganizationCreated => "Customer created",
        What::OrganizationSuspended => "Suspended",
        What::OrganizationResumed => "Resumed",
        What::OrganizationUnsubscribed => "Unsubscribed",
        What::OrganizationDeleted => "Deleted",
        What::DeletionUndone => "Deletion undone",
        What::OrganizationGiven => "Customer given away",
        What::OrganizationReceived => "Customer received",
        What::PlanChanged => "Plan changed",
        What::SeatsChanged => "Seats changed",
        What::SignInClosed => "Sign-in closed",
        What::PersonJoined => "New user",
        What::OwnershipHandedOver => "Ownership handed over",
        What::VisitsForbidden => "Visits forbidden",
        What::VisitsAllowed => "Visits allowed",
        What::VisitBegan => "Visit",
        What::BillReady => "Bill",
    }
}

fn sentence(said: &Said) -> String {
    let Notice { what, tenant, note, entry, at, .. } = &said.notice;
    let tenant = tenant.as_deref().unwrap_or("a tenant");
    // A visitor stands in the log with partner and customer behind the name.
    let by = entry.as_ref().map_or("somebody", |e| e.actor.split(" (").next().unwrap_or_default());
    let detail = entry.as_ref().and_then(|e| e.detail.as_ref()).map(Detail::to_string);
    let detail = detail.filter(|detail| said.in_detail && !detail.is_empty());
    let with_detail = |text: &str| match &detail {
        Some(detail) => format!("{text} {}.", detail.trim_end_matches('.')),
        None => text.to_owned(),
    };
    match what {
        What::BackupFailed => after(&format!("the backup of {tenant} failed."), note),
        What::BackupLate => format!("the backup of {tenant} is late; it was due on {}.", time(note)),
        What::RestoreEnded => match note.split_once(' ') {
            Some((number, "done")) => format!("restore {number} of {tenant} is finished. Its page lists every step."),
            Some((number, _)) => format!("restore {number} of {tenant} stopped with an error. Its page says where."),
            None => format!("a restore of {tenant} has ended."),
        },
        What::CredentialEnds => {
            let ends = instant(note);
            let verb = if ends.is_some_and(|ends| ends <= *at) { "ended" } else { "ends" };
            format!("the credential for {tenant} {verb} on {}; without a new one its backups stop.", time(note))
        }
        What::PermissionMissing => {
            format!("permissions are missing in {tenant}, and its backups leave something out.")
        }
        What::ConnectionFails => after(&format!("signing in to {tenant} fails, and with it its backups."), note),
        What::SeatsShort => {
            format!("more users than seats: {note} seats are in use. Backups go on, and the bill counts them.")
        }
        What::SeatsAdded => with_detail("the seats were adjusted by auto license or at the renewal."),
        What::OrganizationCreated => format!("created by {by}."),
        What::OrganizationSuspended => "suspended: nobody can sign in, and backups go on.".to_owned(),
        What::OrganizationResumed => "resumed: sign-in and backups are on again.".to_owned(),
        What::OrganizationUnsubscribed => "unsubscribed: sign-in is off and backups have stopped.".to_owned(),
        What::OrganizationDeleted => {
            "deleted: sign-in is off, backups have stopped, and all data are erased in 30 days unless that is undone."
                .to_owned()
        }
        What::DeletionUndone => "the deletion was undone.".to_owned(),
        What::OrganizationGiven => "transferred to another partner.".to_owned(),
        What::OrganizationReceived => "received from another partner.".to_owned(),
        What::PlanChanged => with_detail("the plan was changed."),
        What::SeatsChanged => with_detail("the seats were changed."),
        What::SignInClosed => format!("sign-in of {by} was closed for a while after too many wrong passwords."),
        What::PersonJoined => format!("{by} took up a role."),
        What::OwnershipHandedOver => with_detail(&format!("{by} handed the ownership over.")),
        What::VisitsForbidden => format!("{by} forbade visits; nobody can enter the portal to help."),
        What::VisitsAllowed => format!("{by} allowed visits again."),
        What::VisitBegan => {
            "somebody of your provider entered your portal. Who, and why, stands under Visits.".to_owned()
        }
        What::BillReady => format!("the bill is complete. {note}."),
    }
}

/// A sentence, and what somebody else said, after it.
fn after(sentence: &str, words: &str) -> String {
    if words.is_empty() { sentence.to_owned() } else { format!("{sentence} {words}") }
}

fn instant(note: &str) -> Option<DateTime<Utc>> {
    note.parse().ok()
}

fn time(note: &str) -> String {
    instant(note).map(|at| at.format("%-d %B %Y, %H:%M UTC").to_string()).unwrap_or_default()
}
