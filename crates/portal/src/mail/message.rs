//! Everything that is ever said by mail, in one place.

use chrono::{DateTime, Utc};

use super::letter::Letter;

/// What a mail says. Links are paths of ours.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// The link with which an organization's first Full Admin takes up the portal.
    SignInLink { organization: &'a str, link: &'a str, until: DateTime<Utc> },
    /// An invitation to a role at an organization or a partner.
    Invitation { by: &'a str, place: &'a str, role: &'a str, link: &'a str, until: DateTime<Utc> },
    /// To whoever forgot their password.
    PasswordLink { link: &'a str, until: DateTime<Utc> },
    /// The password was changed; in case it was not the person.
    PasswordChanged,
    /// To the address that is to be the new one.
    NewEmail {
        new: &'a str,
        /// Whose it is, where it is an organization's.
        organization: Option<&'a str>,
        /// Whether the address that was used so far is asked as well.
        asks_both: bool,
        link: &'a str,
        until: DateTime<Utc>,
    },
    /// To the address that was used so far.
    OldEmail { new: &'a str, organization: Option<&'a str>, link: &'a str, until: DateTime<Utc> },
    /// To a customer's administrator, who lets Holdfast into the tenant.
    ConsentLink { organization: &'a str, by: &'a str, link: &'a str, until: DateTime<Utc> },
    /// Something happened that the person wants to know of: a subject, sentences, and where to look.
    Notice { subject: &'a str, lines: &'a [String], button: &'a str, link: &'a str },
    /// Shows that mail arrives.
    Test { by: &'a str },
}

/// What a mail of that name in the outbox is about.
pub(super) fn about(kind: &str) -> &'static str {
    match kind {
        "sign-in-link" => "Link to sign in with",
        "invitation" => "Invitation",
        "password-link" => "Forgotten password",
        "password-changed" => "Password changed",
        "e-mail-change" => "Change of e-mail",
        "consent-link" => "Link to consent with",
        "notification" => "Notification",
        _ => "Test",
    }
}

/// Whether whoever reads a mail of that name can take an account over with it.
pub(super) fn opens_account(kind: &str) -> bool {
    matches!(kind, "password-link" | "e-mail-change")
}

impl Message<'_> {
    /// The name in the outbox.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Message::SignInLink { .. } => "sign-in-link",
            Message::Invitation { .. } => "invitation",
            Message::PasswordLink { .. } => "password-link",
            Message::PasswordChanged => "password-changed",
            Message::NewEmail { .. } | Message::OldEmail { .. } => "e-mail-change",
            Message::ConsentLink { .. } => "consent-link",
            Message::Notice { .. } => "notification",
            Message::Test { .. } => "test",
        }
    }

    /// What it says, in the name of `brand`.
    pub(crate) fn letter(&self, base: &str, brand: &str) -> Letter {
        let at = |path: &str| format!("{base}{path}");
        let button = |text: &str, path: &str| Some((text.to_owned(), at(path)));
        match *self {
            Message::SignInLink { organization, link, until } => Letter {
                subject: format!("Your sign-in to {brand} for {organization}"),
                lines: vec![
                    format!("{organization} is set up for backups of Microsoft Entra ID, and you are its Full Admin."),
                    "Follow the link and choose a password. Then you can connect your tenant.".to_owned(),
                ],
                button: button("Choose a password", link),
                small: vec![once(until)],
            },
            Message::Invitation { by, place, role, link, until } => Letter {
                subject: format!("{by} invites you to {place}"),
                lines: vec![format!("{by} invites you to {place} as {role}. Follow the link to take it up.")],
                button: button("Take it up", link),
                small: vec![once(until), "If you do not know what this is about, do nothing.".to_owned()],
            },
            Message::PasswordLink { link, until } => Letter {
                subject: "Choose a new password".to_owned(),
                lines: vec![
                    "Somebody, we hope you, asked for a new password. Follow the link to choose it.".to_owned(),
                ],
                button: button("Choose a new password", link),
                small: vec![
                    once(until),
                    "If it was not you, do nothing: the password stays as it is.".to_owned(),
                ],
            },
            Message::PasswordChanged => Letter {
                subject: "Your password was changed".to_owned(),
                lines: vec![
                    "The password of your account was changed, and you were signed out everywhere else."
                        .to_owned(),
                    "If it was not you, choose a new one now and tell your administrator.".to_owned(),
                ],
                button: button("Sign in", "/signin"),
                small: vec![],
            },
            Message::NewEmail { new, organization, asks_both, link, until } => Letter {
                subject: "Confirm your new e-mail".to_owned(),
                lines: vec![format!(
                    "{new} is to be the e-mail that you sign in with{}. Follow the link to agree.",
                    of(organization)
                )],
                button: button("Confirm", link),
                small: std::iter::once(once(until))
                    .chain(asks_both.then(|| {
                        "The change is made when the e-mail used so far has agreed as well.".to_owned()
                    }))
                    .collect(),
            },
            Message::OldEmail { new, organization, link, until } => Letter {
                subject: "Your e-mail is to be changed".to_owned(),
                lines: vec![
                    format!(
                        "The e-mail that you sign in with{} is to become {new}. Follow the link to agree.",
                        of(organization)
                    ),
                    "If you did not ask for this, do not follow it: nothing changes then. Tell your administrator."
                        .to_owned(),
                ],
                button: button("Look at it", link),
                small: vec![once(until)],
            },
            Message::ConsentLink { organization, by, link, until } => Letter {
                subject: format!("Connect the tenant of {organization}"),
                lines: vec![
                    format!(
                        "{by} asks you, as an administrator of Microsoft Entra ID, to let {brand} into the tenant of \
                         {organization} for its backups."
                    ),
                    "The link shows what will be permitted, and why, before anything is.".to_owned(),
                ],
                button: button("See what is asked", link),
                small: vec![once(until), "It can be used for this organization only.".to_owned()],
            },
            Message::Notice { subject, lines, button: text, link } => Letter {
                subject: subject.to_owned(),
                lines: lines.to_vec(),
                button: button(text, link),
                small: vec![],
            },
            Message::Test { by } => Letter {
                subject: format!("Mail from {brand} arrives"),
                lines: vec![format!("{by} tried whether mail from {brand} arrives. It does.")],
                button: None,
                small: vec![],
            },
        }
    }
}

/// Where it is signed in to, where that is an organization.
fn of(organization: Option<&str>) -> String {
    organization.map(|name| format!(" for {name}")).unwrap_or_default()
}

fn once(until: DateTime<Utc>) -> String {
    format!("The link works once, until {} UTC.", until.format("%-d %B %Y, %H:%M"))
}
