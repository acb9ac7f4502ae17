//! What goes into the audit log.

use store::audit::Entry;
use store::scope::{Actor, PartnerActor};

use crate::session::Who;
use crate::{Portal, Result};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    SignIn,
    SignInFailed,
    /// Too many sign-ins failed; no more are looked at for a while.
    SignInClosed,
    SignOut,
    TenantConnected,
    CredentialsReplaced,
    ConsentLinkMade,
    ConsentLinkRevoked,
    BackupAsked,
    JobCancelled,
    RestorePlanned,
    StepConfirmed,
    RestoreStarted,
    RestorePaused,
    RestoreResumed,
    RestoreCancelled,
    RestoreUndone,
    InvitationAccepted,
    PlanCreated,
    PlanArchived,
    PlanOffered,
    PlanDeleted,
    OrganizationCreated,
    OrganizationEdited,
    SignInLinkMade,
    MailServerChanged,
    MailRetried,
    NotificationsChanged,
    BrandChanged,
    OrganizationSuspended,
    OrganizationResumed,
    OrganizationUnsubscribed,
    OrganizationDeleted,
    DeletionUndone,
    PlanChanged,
    SeatsChanged,
    VisitBegan,
    VisitEnded,
    FeaturesChanged,
    TokenCreated,
    TokenRevoked,
    VisitsForbidden,
    VisitsAllowed,
    PersonInvited,
    InvitationRenewed,
    InvitationRevoked,
    RoleChanged,
    LoginSwitchedOff,
    LoginSwitchedOn,
    PersonRemoved,
    OwnershipHandedOver,
    PartnerCreated,
    PartnerEdited,
    EntraOpened,
    EntraClosed,
    PartnerClosed,
    TransferCodeMade,
    TransferProposed,
    TransferWithdrawn,
    TransferDeclined,
    OrganizationGiven,
    OrganizationReceived,
    SecondFactorFailed,
    SecondFactorSetUp,
    SecondFactorRemoved,
    SecondFactorReset,
    SecondFactorAsked,
    SecondFactorNotAsked,
    RecoveryCodeUsed,
    RecoveryCodesReplaced,
    AccountRenamed,
    PasswordChanged,
    PasswordReset,
    SessionsEnded,
    PasswordLinkMade,
    EmailChangeBegun,
    EmailChangeAgreed,
    EmailChangeWithdrawn,
    MicrosoftLinked,
    MicrosoftUnlinked,
}

impl Event {
    /// The name in the log.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Event::SignIn => "sign-in",
            Event::SignInFailed => "sign-in-failed",
            Event::SignInClosed => "sign-in-closed",
            Event::SignOut => "sign-out",
            Event::TenantConnected => "tenant-connected",
            Event::CredentialsReplaced => "credentials-replaced",
            Event::ConsentLinkMade => "consent-link-made",
            Event::ConsentLinkRevoked => "consent-link-revoked",
            Event::BackupAsked => "backup-asked",
            Event::JobCancelled => "job-cancelled",
            Event::RestorePlanned => "restore-planned",
            Event::StepConfirmed => "step-confirmed",
            Event::RestoreStarted => "restore-started",
            Event::RestorePaused => "restore-paused",
            Event::RestoreResumed => "restore-resumed",
            Event::RestoreCancelled => "restore-cancelled",
            Event::RestoreUndone => "restore-undone",
            Event::InvitationAccepted => "invitation-accepted",
            Event::PlanCreated => "plan-created",
            Event::PlanArchived => "plan-archived",
            Event::PlanOffered => "plan-offered",
            Event::PlanDeleted => "plan-deleted",
            Event::OrganizationCreated => "organization-created",
            Event::OrganizationEdited => "organization-edited",
            Event::SignInLinkMade => "sign-in-link-made",
            Event::MailServerChanged => "mail-server-changed",
            Event::MailRetried => "mail-retried",
            Event::NotificationsChanged => "notifications-changed",
            Event::BrandChanged => "brand-changed",
            Event::OrganizationSuspended => "organization-suspended",
            Event::OrganizationResumed => "organization-resumed",
            Event::OrganizationUnsubscribed => "organization-unsubscribed",
            Event::OrganizationDeleted => "organization-deleted",
            Event::DeletionUndone => "deletion-undone",
            Event::PlanChanged => "plan-changed",
            Event::SeatsChanged => "seats-changed",
            Event::VisitBegan => "visit-began",
            Event::VisitEnded => "visit-ended",
            Event::FeaturesChanged => "features-changed",
            Event::TokenCreated => "token-created",
            Event::TokenRevoked => "token-revoked",
            Event::VisitsForbidden => "visits-forbidden",
            Event::VisitsAllowed => "visits-allowed",
            Event::PersonInvited => "person-invited",
            Event::InvitationRenewed => "invitation-renewed",
            Event::InvitationRevoked => "invitation-revoked",
            Event::RoleChanged => "role-changed",
            Event::LoginSwitchedOff => "login-switched-off",
            Event::LoginSwitchedOn => "login-switched-on",
            Event::PersonRemoved => "person-removed",
            Event::OwnershipHandedOver => "ownership-handed-over",
            Event::PartnerCreated => "partner-created",
            Event::PartnerEdited => "partner-edited",
            Event::EntraOpened => "entra-opened",
            Event::EntraClosed => "entra-closed",
            Event::PartnerClosed => "partner-closed",
            Event::TransferCodeMade => "transfer-code-made",
            Event::TransferProposed => "transfer-proposed",
            Event::TransferWithdrawn => "transfer-withdrawn",
            Event::TransferDeclined => "transfer-declined",
            Event::OrganizationGiven => "organization-given",
            Event::OrganizationReceived => "organization-received",
            Event::SecondFactorFailed => "second-factor-failed",
            Event::SecondFactorSetUp => "second-factor-set-up",
            Event::SecondFactorRemoved => "second-factor-removed",
            Event::SecondFactorReset => "second-factor-reset",
            Event::SecondFactorAsked => "second-factor-asked",
            Event::SecondFactorNotAsked => "second-factor-not-asked",
            Event::RecoveryCodeUsed => "recovery-code-used",
            Event::RecoveryCodesReplaced => "recovery-codes-replaced",
            Event::AccountRenamed => "account-renamed",
            Event::PasswordChanged => "password-changed",
            Event::PasswordReset => "password-reset",
            Event::SessionsEnded => "sessions-ended",
            Event::PasswordLinkMade => "password-link-made",
            Event::EmailChangeBegun => "email-change-begun",
            Event::EmailChangeAgreed => "email-change-agreed",
            Event::EmailChangeWithdrawn => "email-change-withdrawn",
            Event::MicrosoftLinked => "microsoft-linked",
            Event::MicrosoftUnlinked => "microsoft-unlinked",
        }
    }
}

/// No text of a stranger takes more room than this.
const LONGEST: usize = 320;

impl Portal {
    /// Records what the actor did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn audit(&self, actor: &Actor, event: Event, object: &str, detail: &str) -> Result<()> {
        let (object, detail) = (clean(object), clean(detail));
        let who = actor.signature();
        let entry = Entry {
            actor: &who,
            event: event.slug(),
            object: &object,
            detail: &detail,
            address: &actor.address,
        };
        Ok(self.store.append_audit(actor.scope(), &entry, self.now()).await?)
    }

    /// Records what a partner's user did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) async fn audit_partner(&self, actor: &PartnerActor, event: Event) -> Result<()> {
        let entry = Entry {
            actor: &actor.email,
            event: event.slug(),
            object: "",
            detail: "",
            address: &actor.address,
        };
        Ok(self.store.append_partner_audit(actor.scope(), &entry, self.now()).await?)
    }

    /// Records what somebody did who is not signed in: in the chain of the account's partner, or, where
    /// there is no such account, of the installation's.
    pub(crate) async fn audit_stranger(
        &self,
        known_as: Option<&Who>,
        email: &str,
        event: Event,
        address: &str,
    ) -> Result<()> {
        // Customers' people by id: the log outlives them.
        let actor = match known_as {
            Some(Who::Organization(actor)) => actor.account.to_string(),
            Some(Who::Partner(_)) => clean(email),
            None => match self.store.account_by_email(email).await? {
                Some(account) => account.id.to_string(),
                // It may be a customer's, who is erased some day; this log never is.
                None => format!("unknown {}", self.store.mark(email)),
            },
        };
        let entry = Entry { actor: &actor, event: event.slug(), object: "", detail: "", address };
        match known_as {
            Some(Who::Organization(actor)) => {
                self.store.append_audit(actor.scope(), &entry, self.now()).await?
            }
            Some(Who::Partner(actor)) => {
                self.store.append_partner_audit(actor.scope(), &entry, self.now()).await?;
            }
            None => {
                if let Some(root) = self.store.root_partner().await? {
                    self.store.append_partner_audit(root, &entry, self.now()).await?;
                }
            }
        }
        Ok(())
    }
}

/// One line of bounded length, whatever was typed.
pub(crate) fn clean(text: &str) -> String {
    text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
