//! How the portal says things.

use crate::ui::Tone;
use domain::{
    partner::{CredentialStatus, Health},
    subscription::{Move, State},
};

pub fn health(health: Health) -> Tone {
    match health {
        Health::Protected => Tone::Good,
        Health::Partly | Health::NotConnected => Tone::Warn,
        Health::Late => Tone::Bad,
        Health::Waiting => Tone::Accent,
        Health::NoEntra | Health::Stopped => Tone::Plain,
    }
}

pub fn credential(status: CredentialStatus) -> Tone {
    match status {
        CredentialStatus::Connected => Tone::Good,
        CredentialStatus::PermissionMissing | CredentialStatus::Expiring => Tone::Warn,
        CredentialStatus::Failing => Tone::Bad,
        CredentialStatus::None => Tone::Plain,
    }
}

pub fn state(state: State) -> Tone {
    match state {
        State::Active => Tone::Good,
        State::Suspended => Tone::Warn,
        State::Unsubscribed => Tone::Plain,
        State::Deleted => Tone::Bad,
    }
}

/// What a person is told once it is done.
pub fn moved(what: Move) -> &'static str {
    match what {
        Move::Suspend => "Suspended",
        Move::Resume => "Resumed",
        Move::Unsubscribe => "Unsubscribed",
        Move::Delete => "Deleted",
        Move::UndoDelete => "Deletion undone",
    }
}

/// `organization-created` as `Organization created`.
pub fn event(slug: &str) -> String {
    let mut words = slug.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::event;

    #[test]
    fn events_read_as_words() {
        assert_eq!(event("organization-created"), "Organization created");
        assert_eq!((event(""), event("ö")), (String::new(), "ö".to_owned()));
    }
}
