//! How the portal says things.

use crate::ui::{Tone, grouped, plural};
use domain::{
    Kind,
    capture::{Gap, GapReason, NotCompared, ReadScope},
    change::Sort,
    connection::ConnectionState,
    plan::{Outcome, RestoreState},
    view::{Completeness, ConnectionView, NotSeen, SnapshotRow},
};

pub const fn connection(state: ConnectionState) -> Tone {
    match state {
        ConnectionState::Healthy => Tone::Good,
        ConnectionState::Limited => Tone::Warn,
        ConnectionState::ActionRequired => Tone::Bad,
    }
}

/// What a test of a connection comes to.
pub const fn tested(now: &ConnectionView) -> (Tone, &'static str) {
    if now.signs_in { (Tone::Good, "Signed in") } else { (Tone::Bad, "Connection error") }
}

/// What a connection that signs in lacks for backups, as a notice; none where it lacks nothing.
pub fn lacking(connection: &ConnectionView) -> Option<(Tone, String, String)> {
    let rows: Vec<_> = connection.lacking().collect();
    if !connection.signs_in || rows.is_empty() {
        return None;
    }
    let said: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.permission, row.without)).collect();
    let title = match rows.len() {
        1 => "A permission is missing".to_owned(),
        count => format!("{count} permissions are missing"),
    };
    let text = format!("{} Add them to the app registration, and grant admin consent.", said.join(" "));
    Some((Tone::Warn, title, if rows.len() == 1 { text.replace("Add them", "Add it") } else { text }))
}

/// `2,014 users`, `1 administrative unit`.
pub fn counted(kind: Kind, count: i64) -> String {
    if count == 1 {
        format!("1 {}", kind.singular())
    } else {
        format!("{} {}", grouped(count), kind.plural().to_ascii_lowercase())
    }
}

pub fn number(seq: i64) -> String {
    format!("#{}", grouped(seq))
}

/// `every 15 minutes`, `every hour`, `every day`.
pub fn every(minutes: i64) -> String {
    match minutes {
        ..=0 => "no schedule".to_owned(),
        60 => "every hour".to_owned(),
        1440 => "every day".to_owned(),
        10_080 => "every week".to_owned(),
        m if m % 1440 == 0 => format!("every {} days", m / 1440),
        m if m % 60 == 0 => format!("every {} hours", m / 60),
        m => format!("every {m} minutes"),
    }
}

/// `0.8 s`, `2 min 05 s`.
pub fn took(ms: i64) -> String {
    match ms {
        ..=999 => format!("{} ms", ms.max(0)),
        1_000..=59_999 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} min {:02} s", ms / 60_000, ms % 60_000 / 1000),
    }
}

/// `about 3 s`, `about 4 min`.
pub fn about(seconds: i64) -> String {
    match seconds {
        ..=1 => "about a second".to_owned(),
        2..=90 => format!("about {seconds} s"),
        91..=5_400 => format!("about {} min", (seconds + 30) / 60),
        _ => format!("about {} h", (seconds + 1800) / 3600),
    }
}

pub fn completeness(snapshot: &SnapshotRow) -> (Tone, &'static str) {
    match snapshot.completeness {
        Completeness::Complete => (Tone::Good, "complete"),
        Completeness::Partial => (Tone::Warn, "partial"),
        Completeness::Suspicious => (Tone::Bad, "suspicious"),
    }
}

pub fn sort(sort: Sort) -> (Tone, &'static str) {
    match sort {
        Sort::Created => (Tone::Good, "created"),
        Sort::Updated => (Tone::Plain, "changed"),
        Sort::Deleted => (Tone::Bad, "deleted"),
        Sort::PermanentlyDeleted => (Tone::Bad, "permanently deleted"),
        Sort::Restored => (Tone::Info, "brought back"),
    }
}

pub fn outcome(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Restored => Tone::Good,
        Outcome::Written => Tone::Accent,
        Outcome::Conflict | Outcome::Skipped => Tone::Warn,
        Outcome::Failed => Tone::Bad,
        Outcome::Pending | Outcome::AlreadySo => Tone::Plain,
    }
}

pub fn restore_state(state: RestoreState) -> (Tone, &'static str) {
    match state {
        RestoreState::Planned => (Tone::Info, "planned"),
        RestoreState::Waiting => (Tone::Warn, "waits for another"),
        RestoreState::Running => (Tone::Accent, "running"),
        RestoreState::Paused => (Tone::Warn, "paused"),
        RestoreState::Done => (Tone::Good, "done"),
        RestoreState::Cancelled => (Tone::Plain, "cancelled"),
        RestoreState::Failed => (Tone::Bad, "stopped"),
    }
}

/// The icon of a kind; people have their initials instead.
pub fn icon(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::User | Kind::Contact => None,
        Kind::Group => Some("users"),
        Kind::Role => Some("shield"),
        Kind::AdministrativeUnit => Some("boxes"),
        Kind::ServicePrincipal => Some("layers"),
        Kind::Device => Some("monitor"),
        Kind::Licence => Some("tag"),
        Kind::Other => Some("circle-dashed"),
    }
}

/// What a snapshot's capture could not read, in the form in which parts are shown.
pub fn gaps(gaps: &[Gap]) -> Vec<NotCompared> {
    let part =
        |gap: &Gap| NotCompared { scope: gap.scope, objects: gap.objects, reason: Some(gap.reason.clone()) };
    gaps.iter().map(part).collect()
}

/// A part that was not read or compared: what it is with how many objects of it, and why.
pub fn part(part: &NotCompared) -> (String, String) {
    let mut what = part.scope.label();
    if let Some(objects) = part.objects {
        what = format!("{what}: {}", plural(objects, "object", "objects"));
    }
    (what, part.reason.as_ref().map(GapReason::sentence).unwrap_or_default())
}

/// What of an object was not seen, as a sentence.
pub fn not_seen(what: NotSeen) -> String {
    match what {
        NotSeen::Existence => {
            "Whether it was still there: it was neither live nor in the recycle bin, which is no \
                               proof yet that it is gone."
                .to_owned()
        }
        NotSeen::Links => "Its links. They are shown as they were last seen.".to_owned(),
        NotSeen::Relation(relation) => {
            format!("{}. They are shown as they were last seen.", ReadScope::Relation(relation).label())
        }
        NotSeen::HiddenMembers => {
            let permission = domain::permission::READ_HIDDEN.least().to_owned();
            let why = GapReason::PermissionMissing { permission }.sentence();
            format!("Its members, which are hidden from the app. {why}")
        }
        NotSeen::Scope(scope) => match scope.permission() {
            Some(permission) => format!("{}. {permission} shows it.", scope.label()),
            None => format!("{}.", scope.label()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{about, counted, every, gaps, not_seen, part, took};
    use domain::{
        Kind, LinkKind,
        capture::{Gap, GapReason, NotCompared, ReadScope},
        view::NotSeen,
    };

    #[test]
    fn what_was_not_read_is_named_with_its_count_and_its_reason() {
        let failed = GapReason::Failed { status: 500, code: String::new() };
        let [some] = &gaps(&[Gap::some(ReadScope::Relation(LinkKind::Licence), failed, 3)])[..] else {
            panic!("one part")
        };
        let (what, why) = part(some);
        assert_eq!(what, "License assignments: 3 objects");
        assert!(why.contains("status 500"), "{why}");
        let whole = NotCompared { scope: ReadScope::RecycleBin(Kind::Group), objects: None, reason: None };
        assert_eq!(part(&whole), ("Groups in the recycle bin".to_owned(), String::new()));
    }

    #[test]
    fn hidden_members_name_the_permission_that_shows_them() {
        assert!(not_seen(NotSeen::HiddenMembers).contains("Member.Read.Hidden"));
    }

    #[test]
    fn amounts_read_well() {
        assert_eq!(counted(Kind::User, 2014), "2,014 users");
        assert_eq!(counted(Kind::AdministrativeUnit, 1), "1 administrative unit");
        assert_eq!(
            (every(15), every(60), every(2880)),
            ("every 15 minutes".into(), "every hour".into(), "every 2 days".into())
        );
        assert_eq!(
            (took(830), took(4_120), took(125_000)),
            ("830 ms".into(), "4.1 s".into(), "2 min 05 s".into())
        );
        assert_eq!(
            (about(0), about(31), about(200)),
            ("about a second".into(), "about 31 s".into(), "about 3 min".into())
        );
    }
}
