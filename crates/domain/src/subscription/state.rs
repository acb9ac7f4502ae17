//! The states of a subscription and what each means for sign-in, backups and data.

use serde::{Deserialize, Serialize};

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Active,
    Suspended,
    Unsubscribed,
    Deleted,
}

/// Whether the organization's people may sign in. Tokens and open pages follow at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoginEffect {
    On,
    Off,
}

/// Whether captures run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackupEffect {
    Run,
    /// None starts, and a running one is cancelled.
    Stop,
}

/// What becomes of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataEffect {
    Kept,
    /// Kept until the grace period ends, then gone for good.
    ErasedAfterGrace,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    pub login: LoginEffect,
    pub backups: BackupEffect,
    pub data: DataEffect,
}

impl State {
    /// In the order of the tabs.
    pub const ALL: [State; 4] = [State::Active, State::Suspended, State::Unsubscribed, State::Deleted];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Suspended => "suspended",
            State::Unsubscribed => "unsubscribed",
            State::Deleted => "deleted",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            State::Active => "Active",
            State::Suspended => "Suspended",
            State::Unsubscribed => "Unsubscribed",
            State::Deleted => "Deleted",
        }
    }

    /// The table: what the state means.
    #[must_use]
    pub const fn effects(self) -> Effects {
        let (login, backups, data) = match self {
            State::Active => (LoginEffect::On, BackupEffect::Run, DataEffect::Kept),
            State::Suspended => (LoginEffect::Off, BackupEffect::Run, DataEffect::Kept),
            State::Unsubscribed => (LoginEffect::Off, BackupEffect::Stop, DataEffect::Kept),
            State::Deleted => (LoginEffect::Off, BackupEffect::Stop, DataEffect::ErasedAfterGrace),
        };
        Effects { login, backups, data }
    }

    #[must_use]
    pub const fn login_allowed(self) -> bool {
        matches!(self.effects().login, LoginEffect::On)
    }

    #[must_use]
    pub const fn backups_run(self) -> bool {
        matches!(self.effects().backups, BackupEffect::Run)
    }

    /// Whether days in this state are billed: while backups run, seats are used.
    #[must_use]
    pub const fn is_billed(self) -> bool {
        self.backups_run()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_means_what_it_says() {
        use {BackupEffect as B, DataEffect as D, LoginEffect as L};
        for (state, slug, login, backups, data) in [
            (State::Active, "active", L::On, B::Run, D::Kept),
            (State::Suspended, "suspended", L::Off, B::Run, D::Kept),
            (State::Unsubscribed, "unsubscribed", L::Off, B::Stop, D::Kept),
            (State::Deleted, "deleted", L::Off, B::Stop, D::ErasedAfterGrace),
        ] {
            assert_eq!(state.effects(), Effects { login, backups, data }, "{slug}");
            assert_eq!(state.slug(), slug);
            assert_eq!(State::from_slug(slug), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{slug}\""));
        }
        assert_eq!(State::from_slug("paused"), None);
    }
}
