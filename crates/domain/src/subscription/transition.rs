//! How a subscription passes from one state to another, and what a dialog says before it does.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::state::State;

/// How long a deletion can be undone, in days, unless the installation says otherwise.
pub const GRACE_DAYS: u16 = 30;

/// What a person can do to a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    Suspend,
    Resume,
    Unsubscribe,
    Delete,
    /// Takes a deletion back while the grace period lasts.
    UndoDelete,
}

/// The time between a deletion and the erasure. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grace {
    pub deleted_at: DateTime<Utc>,
    /// Length in days. Zero erases at the next chance.
    pub days: u16,
    /// The state to which an undo returns.
    pub before: State,
}

impl Grace {
    /// The first instant at which the data may be erased.
    #[must_use]
    pub fn ends_at(self) -> DateTime<Utc> {
        self.deleted_at
            .checked_add_signed(TimeDelta::days(i64::from(self.days)))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    #[must_use]
    pub fn is_over(self, now: DateTime<Utc>) -> bool {
        now >= self.ends_at()
    }

    /// Days left to undo in, a begun day counted whole; 0 when it is over.
    #[must_use]
    pub fn days_left(self, now: DateTime<Utc>) -> i64 {
        let left = (self.ends_at() - now).num_seconds().max(0);
        (left + 86_399) / 86_400
    }
}

/// Why a move is refused. Each message is fit to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TransitionError {
    #[error("This organization is already {}. Nothing was changed.", .0.slug())]
    Already(State),
    #[error(
        "This organization is deleted, and only the deletion can be undone. Nothing was changed. Undo the deletion \
         first, then choose another state."
    )]
    Deleted,
    #[error("This organization is not deleted, so there is no deletion to undo. Nothing was changed.")]
    NotDeleted,
    #[error(
        "The time to undo this deletion is over, and the data is being erased or is gone. Create a new organization \
         to start again."
    )]
    GraceOver,
}

impl Move {
    pub const ALL: [Move; 5] =
        [Move::Suspend, Move::Resume, Move::Unsubscribe, Move::Delete, Move::UndoDelete];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Move::Suspend => "suspend",
            Move::Resume => "resume",
            Move::Unsubscribe => "unsubscribe",
            Move::Delete => "delete",
            Move::UndoDelete => "undo-delete",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Move> {
        Move::ALL.into_iter().find(|m| m.slug() == slug)
    }

    /// What the button says.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Move::Suspend => "Suspend",
            Move::Resume => "Resume",
            Move::Unsubscribe => "Unsubscribe",
            Move::Delete => "Delete",
            Move::UndoDelete => "Undo deletion",
        }
    }

    /// Whether the organization's name must be typed to confirm.
    #[must_use]
    pub const fn needs_typed_name(self) -> bool {
        matches!(self, Move::Delete)
    }

    /// The moves that lead out of a state, in the order in which a menu shows them. Whether a grace period is
    /// over is not known here; `apply` asks.
    #[must_use]
    pub fn from_state(state: State) -> &'static [Move] {
        match state {
            State::Active => &[Move::Suspend, Move::Unsubscribe, Move::Delete],
            State::Suspended => &[Move::Resume, Move::Unsubscribe, Move::Delete],
            // Backups do not come back halfway: first everything, then a suspension.
            State::Unsubscribed => &[Move::Resume, Move::Delete],
            State::Deleted => &[Move::UndoDelete],
        }
    }

    /// The state after the move.
    ///
    /// `grace` is that of a deleted subscription; without it an undo counts as too late.
    ///
    /// # Errors
    /// `Already`, `Deleted`, `NotDeleted`, `GraceOver`.
    pub fn apply(
        self,
        state: State,
        grace: Option<Grace>,
        now: DateTime<Utc>,
    ) -> Result<State, TransitionError> {
        match (self, state) {
            (Move::UndoDelete, State::Deleted) => match grace {
                Some(grace) if !grace.is_over(now) => Ok(grace.before),
                _ => Err(TransitionError::GraceOver),
            },
            (Move::UndoDelete, _) => Err(TransitionError::NotDeleted),
            (Move::Delete, State::Deleted) => Err(TransitionError::Already(State::Deleted)),
            (_, State::Deleted) => Err(TransitionError::Deleted),
            (Move::Suspend, State::Active) => Ok(State::Suspended),
            // Already without sign-in, and suspending would start backups that somebody stopped.
            (Move::Suspend, other) => Err(TransitionError::Already(other)),
            (Move::Resume, State::Active) => Err(TransitionError::Already(State::Active)),
            (Move::Resume, State::Suspended | State::Unsubscribed) => Ok(State::Active),
            (Move::Unsubscribe, State::Unsubscribed) => Err(TransitionError::Already(State::Unsubscribed)),
            (Move::Unsubscribe, State::Active | State::Suspended) => Ok(State::Unsubscribed),
            (Move::Delete, State::Active | State::Suspended | State::Unsubscribed) => Ok(State::Deleted),
        }
    }

    /// What a dialog says, one sentence or two for each thing that people ask about.
    #[must_use]
    pub fn notice(self, grace_days: u16) -> Notice {
        let (login, backups, data) = match self {
            Move::Suspend => (
                "Nobody of this organization can sign in. Open sessions end and API tokens stop working at once.",
                "Backups go on as scheduled, and seats are billed.".to_owned(),
                "All data is kept.".to_owned(),
            ),
            Move::Resume => (
                "The organization’s people can sign in again.",
                "Backups run as scheduled, and seats are billed.".to_owned(),
                "All data is kept.".to_owned(),
            ),
            Move::Unsubscribe => (
                "Nobody of this organization can sign in. Open sessions end and API tokens stop working at once.",
                "Backups stop. A running backup is cancelled. Seats are not billed from today (UTC) on."
                    .to_owned(),
                "All data is kept. You can resume the subscription at any time.".to_owned(),
            ),
            Move::Delete => (
                "Nobody of this organization can sign in. Open sessions end and API tokens stop working at once.",
                "Backups stop. A running backup is cancelled. Seats are not billed from today (UTC) on."
                    .to_owned(),
                erased_after(grace_days),
            ),
            Move::UndoDelete => (
                "Sign-in is again as it was before the deletion.",
                "Backups and billing are again as they were before the deletion.".to_owned(),
                "Nothing is erased. All data is kept.".to_owned(),
            ),
        };
        Notice { login: login.to_owned(), backups, data }
    }
}

fn erased_after(grace_days: u16) -> String {
    match grace_days {
        0 => "All data is erased for good, right away. This cannot be undone.".to_owned(),
        1 => "All data is erased for good after 1 day. Until then you can undo the deletion.".to_owned(),
        n => format!("All data is erased for good after {n} days. Until then you can undo the deletion."),
    }
}

/// What happens to sign-in, backups and data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub login: String,
    pub backups: String,
    pub data: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn grace() -> Grace {
        Grace { deleted_at: at("2026-03-01T10:00:00Z"), days: GRACE_DAYS, before: State::Suspended }
    }

    #[test]
    fn all_twenty_moves() {
        use TransitionError::{Already, Deleted, NotDeleted};
        let now = at("2026-03-02T00:00:00Z");
        for (what, from, expected) in [
            (Move::Suspend, State::Active, Ok(State::Suspended)),
            (Move::Suspend, State::Suspended, Err(Already(State::Suspended))),
            (Move::Suspend, State::Unsubscribed, Err(Already(State::Unsubscribed))),
            (Move::Suspend, State::Deleted, Err(Deleted)),
            (Move::Resume, State::Active, Err(Already(State::Active))),
            (Move::Resume, State::Suspended, Ok(State::Active)),
            (Move::Resume, State::Unsubscribed, Ok(State::Active)),
            (Move::Resume, State::Deleted, Err(Deleted)),
            (Move::Unsubscribe, State::Active, Ok(State::Unsubscribed)),
            (Move::Unsubscribe, State::Suspended, Ok(State::Unsubscribed)),
            (Move::Unsubscribe, State::Unsubscribed, Err(Already(State::Unsubscribed))),
            (Move::Unsubscribe, State::Deleted, Err(Deleted)),
            (Move::Delete, State::Active, Ok(State::Deleted)),
            (Move::Delete, State::Suspended, Ok(State::Deleted)),
            (Move::Delete, State::Unsubscribed, Ok(State::Deleted)),
            (Move::Delete, State::Deleted, Err(Already(State::Deleted))),
            (Move::UndoDelete, State::Active, Err(NotDeleted)),
            (Move::UndoDelete, State::Suspended, Err(NotDeleted)),
            (Move::UndoDelete, State::Unsubscribed, Err(NotDeleted)),
            (Move::UndoDelete, State::Deleted, Ok(State::Suspended)),
        ] {
            assert_eq!(what.apply(from, Some(grace()), now), expected, "{what:?} from {from:?}");
            // The menu shows what is allowed and nothing else.
            assert_eq!(Move::from_state(from).contains(&what), expected.is_ok(), "{what:?} from {from:?}");
        }
    }

    #[test]
    fn a_deletion_can_be_undone_until_the_last_second() {
        let undo = |now| Move::UndoDelete.apply(State::Deleted, Some(grace()), at(now));
        assert_eq!(undo("2026-03-31T09:59:59Z"), Ok(State::Suspended));
        assert_eq!(undo("2026-03-31T10:00:00Z"), Err(TransitionError::GraceOver));
        assert_eq!(
            Move::UndoDelete.apply(State::Deleted, None, at("2026-03-01T10:00:00Z")),
            Err(TransitionError::GraceOver)
        );
    }

    #[test]
    fn days_left_are_counted_down_to_none() {
        assert_eq!(grace().days_left(at("2026-03-01T10:00:00Z")), 30);
        assert_eq!(grace().days_left(at("2026-03-31T09:59:59Z")), 1);
        assert_eq!(grace().days_left(at("2026-03-31T10:00:00Z")), 0);
        assert_eq!(grace().days_left(at("2027-01-01T00:00:00Z")), 0);
    }

    #[test]
    fn a_dialog_says_what_the_table_says() {
        use crate::subscription::{BackupEffect, DataEffect, LoginEffect};
        for what in [Move::Suspend, Move::Resume, Move::Unsubscribe, Move::Delete] {
            let from = if what == Move::Resume { State::Suspended } else { State::Active };
            let to = what.apply(from, None, at("2026-03-01T00:00:00Z")).unwrap().effects();
            let says = what.notice(GRACE_DAYS);
            assert_eq!(says.login.contains("Nobody"), to.login == LoginEffect::Off, "{what:?}");
            assert_eq!(says.backups.contains("Backups stop"), to.backups == BackupEffect::Stop, "{what:?}");
            assert_eq!(says.data.contains("erased"), to.data == DataEffect::ErasedAfterGrace, "{what:?}");
        }
    }

    #[test]
    fn the_dialog_for_a_deletion_names_the_days() {
        let says = Move::Delete.notice(GRACE_DAYS);
        assert_eq!(
            says.data,
            "All data is erased for good after 30 days. Until then you can undo the deletion."
        );
        assert_eq!(
            Move::Delete.notice(1).data,
            "All data is erased for good after 1 day. Until then you can undo the deletion."
        );
        assert!(Move::Delete.notice(0).data.ends_with("This cannot be undone."));
        assert!(Move::Delete.needs_typed_name() && !Move::Suspend.needs_typed_name());
    }

    #[test]
    fn slugs_lead_back() {
        for what in Move::ALL {
            assert_eq!(Move::from_slug(what.slug()), Some(what));
            assert_eq!(serde_json::to_string(&what).unwrap(), format!("\"{}\"", what.slug()));
        }
    }
}
