//! What people are told of by mail, and how soon.

use chrono::{Datelike, Days, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::access::{OrgRole, PartnerAction, PartnerRole};
use crate::view::Instant;

/// The hour at which digests are made, UTC.
pub const DIGEST_HOUR: u32 = 7;

/// Whether that role is told of anything in its organization: whoever can do something about it.
#[must_use]
pub const fn hears(role: OrgRole) -> bool {
    matches!(role, OrgRole::FullAdmin | OrgRole::ItAdmin)
}

/// What a partner's user chooses about, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    Backups,
    Connections,
    Security,
    Seats,
    Subscriptions,
    Bills,
}

impl Topic {
    pub const ALL: [Topic; 6] = [
        Topic::Backups,
        Topic::Connections,
        Topic::Security,
        Topic::Seats,
        Topic::Subscriptions,
        Topic::Bills,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Topic::Backups => "backups",
            Topic::Connections => "connections",
            Topic::Security => "security",
            Topic::Seats => "seats",
            Topic::Subscriptions => "subscriptions",
            Topic::Bills => "bills",
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Topic::Backups => "Backups",
            Topic::Connections => "Connections",
            Topic::Security => "Security",
            Topic::Seats => "Seats",
            Topic::Subscriptions => "Subscriptions",
            Topic::Bills => "Bills",
        }
    }

    /// What belongs to it, for whoever chooses.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Topic::Backups => "A backup failed or is late.",
            Topic::Connections => {
                "A credential ends soon, a permission is missing, or signing in to a tenant fails."
            }
            Topic::Security => {
                "Sign-in was closed after wrong passwords, somebody took up a role, an ownership went over, or visits were forbidden."
            }
            Topic::Seats => "More users than seats, or seats added by auto license.",
            Topic::Subscriptions => {
                "A customer was created, suspended, resumed, ended or transferred, or its plan or seats changed."
            }
            Topic::Bills => "The bill of a month is complete.",
        }
    }

    /// The right without which nobody is told.
    #[must_use]
    pub const fn needs(self) -> PartnerAction {
        match self {
            Topic::Backups | Topic::Connections => PartnerAction::SeeHealth,
            Topic::Security => PartnerAction::SeeAudit,
            Topic::Seats | Topic::Bills => PartnerAction::SeeMoney,
            Topic::Subscriptions => PartnerAction::SeeOrganizations,
        }
    }
}

/// How soon somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    AtOnce,
    Daily,
    Weekly,
    Never,
}

impl Pace {
    pub const ALL: [Pace; 4] = [Pace::AtOnce, Pace::Daily, Pace::Weekly, Pace::Never];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Pace::AtOnce => "at-once",
            Pace::Daily => "daily",
            Pace::Weekly => "weekly",
            Pace::Never => "never",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Pace> {
        Pace::ALL.into_iter().find(|p| p.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Pace::AtOnce => "At once",
            Pace::Daily => "Once a day",
            Pace::Weekly => "Once a week",
            Pace::Never => "Never",
        }
    }

    /// When something noted at `now` is told; what is told at once waits for `gather`, so that what happens together
    /// comes in one mail. None where it is not told.
    #[must_use]
    pub fn due(self, now: Instant, gather: TimeDelta) -> Option<Instant> {
        let today = now.date_naive();
        let digest = |days: u64| {
            let time = NaiveTime::from_hms_opt(DIGEST_HOUR, 0, 0)?;
            Some(today.checked_add_days(Days::new(days))?.and_time(time).and_utc())
        };
        match self {
            Pace::AtOnce => Some(now + gather),
            Pace::Daily => digest(0).filter(|at| *at > now).or_else(|| digest(1)),
            Pace::Weekly => {
                let to_monday = u64::from((7 - today.weekday().num_days_from_monday()) % 7);
                digest(to_monday).filter(|at| *at > now).or_else(|| digest(to_monday + 7))
            }
            Pace::Never => None,
        }
    }
}

/// A partner user's choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// One for each topic; what was never chosen is as the role has it.
    pub paces: Vec<(Topic, Pace)>,
    /// Whether customers of the partners below count as well.
    pub below: bool,
}

impl Choices {
    /// What one of that role is told who chose nothing.
    #[must_use]
    pub fn of_role(role: PartnerRole) -> Choices {
        use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
        let pace = |topic| match (role, topic) {
            (ReadOnly, _) => Pace::Never,
            (Owner | SuperAdmin | Admin, Topic::Security) => Pace::AtOnce,
            (Owner | SuperAdmin, Topic::Backups | Topic::Connections) => Pace::Daily,
            (Admin | Support, Topic::Backups | Topic::Connections) => Pace::AtOnce,
            (Owner | SuperAdmin | Admin | Finance, Topic::Seats) => Pace::Daily,
            (Owner | SuperAdmin, Topic::Subscriptions) => Pace::Weekly,
            (Admin | Finance, Topic::Subscriptions) => Pace::Daily,
            (Owner | Finance, Topic::Bills) => Pace::AtOnce,
            _ => Pace::Never,
        };
        Choices { paces: Topic::ALL.map(|topic| (topic, pace(topic))).to_vec(), below: false }
    }

    /// How soon one of that role is told; never of what the role may not see, whatever was chosen.
    #[must_use]
    pub fn pace(&self, role: PartnerRole, topic: Topic) -> Pace {
        if !role.may(topic.needs()) {
            return Pace::Never;
        }
        self.paces.iter().find(|(t, _)| *t == topic).map_or(Pace::Never, |(_, pace)| *pace)
    }
}

/// What an organization switches on and off for its own people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrgTopic {
    Backups,
    Connection,
    Restores,
    Visits,
    Subscription,
}

impl OrgTopic {
    pub const ALL: [OrgTopic; 5] = [
        OrgTopic::Backups,
        OrgTopic::Connection,
        OrgTopic::Restores,
        OrgTopic::Visits,
        OrgTopic::Subscription,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            OrgTopic::Backups => "backups",
            OrgTopic::Connection => "connection",
            OrgTopic::Restores => "restores",
            OrgTopic::Visits => "visits",
            OrgTopic::Subscription => "subscription",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<OrgTopic> {
        OrgTopic::ALL.into_iter().find(|t| t.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            OrgTopic::Backups => "A backup failed or is late",
            OrgTopic::Connection => "A connection needs attention",
            OrgTopic::Restores => "A restore finished",
            OrgTopic::Visits => "A visit began",
            OrgTopic::Subscription => "The subscription changed",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            OrgTopic::Backups => "What hindered it, and that it is two hours over its time.",
            OrgTopic::Connection => "Its credential ends soon, a permission is missing, or signing in fails.",
            OrgTopic::Restores => "When one that was started has ended, well or not.",
            OrgTopic::Visits => "Somebody of your provider entered your portal.",
            OrgTopic::Subscription => {
                "Another plan, other seats, or sign-in or backups were switched off or on."
            }
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    BackupFailed,
    BackupLate,
    RestoreEnded,
    CredentialEnds,
    PermissionMissing,
    ConnectionFails,
    SeatsShort,
    SeatsAdded,
    OrganizationCreated,
    OrganizationSuspended,
    OrganizationResumed,
    OrganizationUnsubscribed,
    OrganizationDeleted,
    DeletionUndone,
    OrganizationGiven,
    OrganizationReceived,
    PlanChanged,
    SeatsChanged,
    SignInClosed,
    PersonJoined,
    OwnershipHandedOver,
    VisitsForbidden,
    VisitsAllowed,
    VisitBegan,
    BillReady,
}

impl What {
    pub const ALL: [What; 25] = [
        What::BackupFailed,
        What::BackupLate,
        What::RestoreEnded,
        What::CredentialEnds,
        What::PermissionMissing,
        What::ConnectionFails,
        What::SeatsShort,
        What::SeatsAdded,
        What::OrganizationCreated,
        What::OrganizationSuspended,
        What::OrganizationResumed,
        What::OrganizationUnsubscribed,
        What::OrganizationDeleted,
        What::DeletionUndone,
        What::OrganizationGiven,
        What::OrganizationReceived,
        What::PlanChanged,
        What::SeatsChanged,
        What::SignInClosed,
        What::PersonJoined,
        What::OwnershipHandedOver,
        What::VisitsForbidden,
        What::VisitsAllowed,
        What::VisitBegan,
        What::BillReady,
    ];

    /// Its name; where the audit log has an event of it, that one.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            What::BackupFailed => "backup-failed",
            What::BackupLate => "backup-late",
            What::RestoreEnded => "restore-ended",
            What::CredentialEnds => "credential-ends",
            What::PermissionMissing => "permission-missing",
            What::ConnectionFails => "connection-fails",
            What::SeatsShort => "seats-short",
            What::SeatsAdded => "seats-added",
            What::OrganizationCreated => "organization-created",
            What::OrganizationSuspended => "organization-suspended",
            What::OrganizationResumed => "organization-resumed",
            What::OrganizationUnsubscribed => "organization-unsubscribed",
            What::OrganizationDeleted => "organization-deleted",
            What::DeletionUndone => "deletion-undone",
            What::OrganizationGiven => "organization-given",
            What::OrganizationReceived => "organization-received",
            What::PlanChanged => "plan-changed",
            What::SeatsChanged => "seats-changed",
            What::SignInClosed => "sign-in-closed",
            What::PersonJoined => "invitation-accepted",
            What::OwnershipHandedOver => "ownership-handed-over",
            What::VisitsForbidden => "visits-forbidden",
            What::VisitsAllowed => "visits-allowed",
            What::VisitBegan => "visit-began",
            What::BillReady => "bill-ready",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<What> {
        What::ALL.into_iter().find(|w| w.slug() == slug)
    }

    /// What an entry of the audit log means to people who want to know; none for most.
    #[must_use]
    pub fn of_entry(event: &str, actor: &str) -> Option<What> {
        match What::from_slug(event)? {
            // What the system does to seats is auto license and what was agreed for the renewal.
            What::SeatsChanged if actor == "system" => Some(What::SeatsAdded),
            what => Some(what),
        }
    }

    /// None for what a partner does not choose about.
    #[must_use]
    pub const fn topic(self) -> Option<Topic> {
        Some(match self {
            What::BackupFailed | What::BackupLate => Topic::Backups,
            What::CredentialEnds | What::PermissionMissing | What::ConnectionFails => Topic::Connections,
            What::SeatsShort | What::SeatsAdded => Topic::Seats,
            What::OrganizationCreated
            | What::OrganizationSuspended
            | What::OrganizationResumed
            | What::OrganizationUnsubscribed
            | What::OrganizationDeleted
            | What::DeletionUndone
            | What::OrganizationGiven
            | What::OrganizationReceived
            | What::PlanChanged
            | What::SeatsChanged => Topic::Subscriptions,
            What::SignInClosed
            | What::PersonJoined
            | What::OwnershipHandedOver
            | What::VisitsForbidden
            | What::VisitsAllowed => Topic::Security,
            What::BillReady => Topic::Bills,
            What::RestoreEnded | What::VisitBegan => return None,
        })
    }

    /// None for what an organization's people are not told of.
    #[must_use]
    pub const fn org_topic(self) -> Option<OrgTopic> {
        Some(match self {
            What::BackupFailed | What::BackupLate => OrgTopic::Backups,
            What::CredentialEnds | What::PermissionMissing | What::ConnectionFails => OrgTopic::Connection,
            What::RestoreEnded => OrgTopic::Restores,
            What::VisitBegan => OrgTopic::Visits,
            What::OrganizationSuspended
            | What::OrganizationResumed
            | What::OrganizationUnsubscribed
            | What::OrganizationDeleted
            | What::DeletionUndone
            | What::PlanChanged
            | What::SeatsChanged
            | What::SeatsAdded => OrgTopic::Subscription,
            _ => return None,
        })
    }
}

/// The page on which a partner's user chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticesPage {
    /// Where the mails go.
    pub email: String,
    /// Whether there is a server that mail goes through.
    pub sends: bool,
    /// Of what the person may see.
    pub choices: Choices,
    /// Whether there are partners below.
    pub has_branch: bool,
    pub preview: Option<NoticePreview>,
}

/// A mail, as it would be said now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticePreview {
    pub subject: String,
    pub lines: Vec<String>,
    pub button: String,
}

/// The page on which an organization chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgNoticesPage {
    pub topics: Vec<(OrgTopic, bool)>,
    pub may_change: bool,
    pub sends: bool,
    /// Who is told.
    pub readers: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00Z").parse().unwrap_or_default()
    }

    #[test]
    fn digests_come_at_seven() {
        let gather = TimeDelta::minutes(2);
        let due = |pace: Pace, now| pace.due(at(now), gather);
        // A Wednesday.
        assert_eq!(due(Pace::AtOnce, "2026-05-13T12:00"), Some(at("2026-05-13T12:02")));
        assert_eq!(due(Pace::Daily, "2026-05-13T06:59"), Some(at("2026-05-13T07:00")));
        assert_eq!(due(Pace::Daily, "2026-05-13T07:00"), Some(at("2026-05-14T07:00")));
        assert_eq!(due(Pace::Weekly, "2026-05-13T07:00"), Some(at("2026-05-18T07:00")));
        assert_eq!(due(Pace::Weekly, "2026-05-18T06:59"), Some(at("2026-05-18T07:00")));
        assert_eq!(due(Pace::Weekly, "2026-05-18T07:00"), Some(at("2026-05-25T07:00")));
        assert_eq!(due(Pace::Never, "2026-05-13T12:00"), None);
    }

    /// Written out apart from the tables above: what each role can ever be told of.
    #[test]
    fn nobody_is_told_what_their_role_may_not_see() {
        use Topic::{Backups, Bills, Connections, Seats, Security, Subscriptions};
        let all = Choices { paces: Topic::ALL.map(|t| (t, Pace::AtOnce)).to_vec(), below: false };
        for (role, expected) in [
            (PartnerRole::Owner, vec![Backups, Connections, Security, Seats, Subscriptions, Bills]),
            (PartnerRole::SuperAdmin, vec![Backups, Connections, Security, Seats, Subscriptions, Bills]),
            (PartnerRole::Admin, vec![Backups, Connections, Security, Seats, Subscriptions, Bills]),
            (PartnerRole::Finance, vec![Seats, Subscriptions, Bills]),
            (PartnerRole::Support, vec![Backups, Connections, Subscriptions]),
            (PartnerRole::ReadOnly, vec![Backups, Connections, Security, Seats, Subscriptions, Bills]),
        ] {
            let told: Vec<_> = Topic::ALL.into_iter().filter(|t| all.pace(role, *t) != Pace::Never).collect();
            assert_eq!(told, expected, "{role:?}");
            let own = Choices::of_role(role);
            assert!(own.paces.iter().all(|(t, p)| *p == Pace::Never || role.may(t.needs())), "{role:?}");
        }
    }

    #[test]
    fn whatever_happens_is_told_to_somebody() {
        for what in What::ALL {
            assert_eq!(What::from_slug(what.slug()), Some(what));
            assert!(what.topic().is_some() || what.org_topic().is_some(), "{what:?}");
        }
    }
}
