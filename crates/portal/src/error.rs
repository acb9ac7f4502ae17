use chrono::{DateTime, Utc};

/// Why something was not done, in words for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Wrong e-mail or wrong password; which one is not said.
    #[error("The e-mail or the password is not right. Check both and try again.")]
    WrongCredentials,
    /// Too many attempts.
    #[error(
        "Too many sign-ins failed. Sign-in opens again in {} (at {} UTC).", wait(.until, .now), .until.format("%H:%M")
    )]
    Closed { until: DateTime<Utc>, now: DateTime<Utc> },
    /// The account is a member of no organization (any more).
    #[error(
        "Your account has no role, or sign-in is switched off for its organization. Ask a Full Admin of yours, or \
         your provider."
    )]
    NoRole,
    /// The actor's role does not include it.
    #[error("Your role does not allow this. Ask somebody whose role does.")]
    Forbidden,
    /// It is switched off for the organization.
    #[error("{}", .0.refusal())]
    Off(domain::feature::Feature),
    /// It does not exist, or not for this actor.
    #[error("There is nothing here. It was removed, or the address is mistyped.")]
    NotFound,
    /// It cannot be done as things stand; nothing was changed.
    #[error("{0}")]
    Refused(String),
    /// The invitation is unknown, spent or expired.
    #[error(
        "This link is not valid any more: it was used, or its time has passed. Ask whoever sent it for a new one, or \
         sign in if you have chosen a password already."
    )]
    InvitationSpent,
    /// The set-up link is unknown, spent or expired.
    #[error(
        "This set-up link is not valid any more: it was used, or its hour has passed. If Holdfast is set up already, \
         sign in; if not, start `holdfast serve` again for a new link."
    )]
    LinkSpent,
    /// It took too long, or was done already.
    #[error("This took too long, or was done already. Begin again.")]
    Stale,
    /// A link out of a mail is unknown, spent or expired.
    #[error(
        "This link is not valid any more: it was used, withdrawn, or its time has passed. Ask for a new one."
    )]
    MailLinkSpent,
    /// Microsoft's sign-in led nowhere.
    #[error("{}", .0.message())]
    Microsoft(domain::account::MicrosoftProblem),
    /// What was entered cannot be used.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    #[error("A password could not be hashed. Nothing was changed; try again in a moment.")]
    Hashing,
    #[error("The database failed. Nothing was lost; try again in a moment.")]
    Store(#[source] store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::PartnerClosed => Error::Refused(
                "This partner was closed a moment ago, so nothing can come below it. Nothing was changed. Choose \
                 another partner."
                    .to_owned(),
            ),
            other => Error::Store(other),
        }
    }
}

impl From<store::scope::Denied> for Error {
    fn from(denied: store::scope::Denied) -> Self {
        match denied {
            // No token comes to what is decided here.
            store::scope::Denied::Role | store::scope::Denied::Token => Error::Forbidden,
            store::scope::Denied::Off(feature) => Error::Off(feature),
        }
    }
}

impl Error {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Error {
        Error::Invalid { field, message: message.into() }
    }
}

/// A waiting time in words, rounded up.
fn wait(until: &DateTime<Utc>, now: &DateTime<Utc>) -> String {
    match ((*until - *now).num_seconds().max(0) + 59) / 60 {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_when_sign_in_opens_again() {
        let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let closed =
            |seconds| Error::Closed { until: now + chrono::Duration::seconds(seconds), now }.to_string();
        assert!(closed(5).contains("opens again in a minute (at "), "{}", closed(5));
        assert!(closed(61).contains("in 2 minutes"));
        assert!(closed(900).contains("in 15 minutes"));
    }
}
