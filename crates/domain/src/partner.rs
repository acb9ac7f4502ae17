//! What the Partner Portal's pages are given: plain data, ready to show.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::PartnerAction;
use crate::account::EmailChangeView;
use crate::bill::ChangeCost;
use crate::brand::BrandView;
use crate::connection::{ConsentLinkRow, ProofKind};
use crate::country::Country;
use crate::price_plan::PlanTerms;
use crate::seats::{AutoLicense, ProtectionRule};
use crate::subscription::{Move, PlanChange, Refusal, State};
use crate::view::{Instant, PermissionRow};

/// Who is signed in at a partner, and what the frame around its pages shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerSessionView {
    pub name: String,
    pub email: String,
    pub partner: String,
    pub role: String,
    pub may: Vec<PartnerAction>,
    /// Whether there are partners below.
    pub has_branch: bool,
    /// Whether this person has other roles to change to.
    pub has_others: bool,
    /// How the portal looks.
    pub brand: BrandView,
}

/// One role of a person, to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipView {
    /// The partner or organization.
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub is_partner: bool,
}

/// The most characters of a name, or of another line that somebody writes.
pub const LINE: usize = 120;

/// A partner to choose: one's own or one below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerOption {
    pub id: Uuid,
    pub name: String,
    /// Whether it may sell the Entra products.
    pub entra: bool,
    /// Whom to ask for what is not enabled: the partner above it.
    pub support_email: Option<String>,
    /// It is the reader's own.
    pub is_own: bool,
    /// The reader's own is the one right above it, whose Owner enables things for it.
    pub is_right_below: bool,
}

impl PartnerOption {
    /// Why it sells nothing with Entra, and whom to ask: never the reader themselves.
    #[must_use]
    pub fn no_entra(&self) -> String {
        let refused = format!("The Entra products are not enabled for {}.", self.name);
        match (&self.support_email, self.is_own, self.is_right_below) {
            (_, _, true) => {
                format!("{refused} An Owner of your partner enables them, on its page under Partners.")
            }
            (Some(email), _, _) => format!("{refused} Ask {email}."),
            (None, true, _) => {
                format!("{refused} Ask the partner above you, or whoever runs this installation.")
            }
            (None, false, _) => format!("{refused} Ask the partner right above it."),
        }
    }
}

/// A plan in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    pub id: Uuid,
    pub name: String,
    pub terms: PlanTerms,
    pub partner: String,
    pub partner_id: Uuid,
    /// How many organizations are on it.
    pub organizations: i64,
    /// Whether an organization is or ever was on it: then histories and bills name it, and it is kept.
    pub used: bool,
    pub archived: bool,
}

/// The list of plans and what its form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlansPage {
    pub plans: Vec<PlanRow>,
    pub partners: Vec<PartnerOption>,
}

/// How an organization's backups stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Its plan has no Entra portal.
    NoEntra,
    /// Nothing is connected yet.
    NotConnected,
    /// Waiting for the first backup.
    Waiting,
    Protected,
    /// The newest snapshot of a tenant is not complete.
    Partly,
    /// A backup is overdue, or the last one failed.
    Late,
    /// Backups were stopped by the subscription's state.
    Stopped,
}

impl Health {
    pub const ALL: [Health; 7] = [
        Health::Late,
        Health::Partly,
        Health::NotConnected,
        Health::Waiting,
        Health::Protected,
        Health::NoEntra,
        Health::Stopped,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Health::NoEntra => "no-entra",
            Health::NotConnected => "not-connected",
            Health::Waiting => "waiting",
            Health::Protected => "protected",
            Health::Partly => "partly",
            Health::Late => "late",
            Health::Stopped => "stopped",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Health> {
        Health::ALL.into_iter().find(|h| h.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Health::NoEntra => "No Entra plan",
            Health::NotConnected => "Nothing connected",
            Health::Waiting => "First backup to come",
            Health::Protected => "Protected",
            Health::Partly => "Partly covered",
            Health::Late => "Backup late",
            Health::Stopped => "Backups stopped",
        }
    }
}

/// How an organization's connections stand; of several, the one that needs somebody most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialStatus {
    None,
    Connected,
    /// A secret or certificate ends soon.
    Expiring,
    /// A permission that backups use is missing.
    PermissionMissing,
    /// Sign-in to the tenant fails.
    Failing,
}

impl CredentialStatus {
    pub const ALL: [CredentialStatus; 5] = [
        CredentialStatus::Failing,
        CredentialStatus::PermissionMissing,
        CredentialStatus::Expiring,
        CredentialStatus::Connected,
        CredentialStatus::None,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            CredentialStatus::None => "none",
            CredentialStatus::Connected => "connected",
            CredentialStatus::Expiring => "expiring",
            CredentialStatus::PermissionMissing => "permission-missing",
            CredentialStatus::Failing => "failing",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<CredentialStatus> {
        CredentialStatus::ALL.into_iter().find(|c| c.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            CredentialStatus::None => "Not connected",
            CredentialStatus::Connected => "Connected",
            CredentialStatus::Expiring => "Ends soon",
            CredentialStatus::PermissionMissing => "Permission missing",
            CredentialStatus::Failing => "Sign-in fails",
        }
    }
}

/// An organization's plan, as a cell of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCell {
    pub id: Uuid,
    pub name: String,
    pub terms: PlanTerms,
    /// Who takes a seat.
    pub rule: ProtectionRule,
}

/// An organization in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRow {
    pub id: Uuid,
    /// What people call it by: partner and running number, "100482-17".
    pub number: String,
    pub name: String,
    pub email: String,
    pub partner: String,
    pub plan: Option<PlanCell>,
    pub state: State,
    /// None: the role does not see it.
    pub standing: Option<Standing>,
    pub seats_used: i64,
    pub seats: i64,
}

/// How the backups of an organization stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub health: Health,
    pub last_backup: Option<Instant>,
    pub next_backup: Option<Instant>,
    pub credential: CredentialStatus,
    /// The permissions that backups ask for and that a connection lacks, by name, each once.
    pub lacking: Vec<String>,
}

/// What a list of organizations is asked for; it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFilter {
    /// None: active ones.
    pub state: Option<State>,
    /// Part of a name, a number or an e-mail.
    pub words: String,
    pub plan: Option<Uuid>,
    pub partner: Option<Uuid>,
    pub credential: Option<CredentialStatus>,
    pub health: Option<Health>,
}

impl OrganizationFilter {
    /// As an address has it. What it says and cannot be, filters nothing.
    #[must_use]
    pub fn read(
        state: &str,
        words: String,
        plan: &str,
        partner: &str,
        credential: &str,
        health: &str,
    ) -> OrganizationFilter {
        OrganizationFilter {
            state: State::from_slug(state),
            words,
            plan: plan.parse().ok(),
            partner: partner.parse().ok(),
            credential: CredentialStatus::from_slug(credential),
            health: Health::from_slug(health),
        }
    }
}

/// A page of organizations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationsPage {
    pub rows: Vec<OrganizationRow>,
    /// How many there are in each state, whatever else is filtered.
    pub counts: Vec<(State, i64)>,
    /// Asks for the page after this one.
    pub next: Option<String>,
    pub plans: Vec<(Uuid, String)>,
    pub partners: Vec<PartnerOption>,
}

/// What the form for a new organization offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationOptions {
    pub partners: Vec<PartnerOption>,
    /// The plans of all these partners, with the partner each belongs to.
    pub plans: Vec<(Uuid, PlanCell)>,
    /// Where the installation keeps its data, as the operator says it.
    pub data_location: Option<String>,
    /// Whether the form offers to send the link by mail.
    pub offers_mail: bool,
}

/// A plan that a subscription may change to, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChoice {
    pub plan: PlanCell,
    pub verdict: Result<PlanChange, Refusal>,
    /// What it costs, where it may follow and something is billed.
    pub cost: Option<ChangeCost>,
}

/// Something that happened to a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionEvent {
    pub at: Instant,
    pub actor: String,
    /// "Plan changed from … to …".
    pub what: String,
    /// The seats, and the plan's terms, from then on; none where no plan was, and for those who see no money.
    pub held: Option<(i64, PlanTerms)>,
}

/// A partner's visit to a customer's portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRow {
    pub visitor: String,
    pub reason: String,
    pub began: Instant,
    pub until: Instant,
}

/// A tenant of an organization, for the credentials tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRow {
    pub id: Uuid,
    pub tenant: String,
    pub domain: String,
    pub directory: String,
    pub client_id: String,
    pub cloud: String,
    pub proof: ProofKind,
    /// When the secret or certificate ends, where that is known.
    pub expires: Option<Instant>,
    pub status: CredentialStatus,
    /// What a person can do about it.
    pub problem: Option<String>,
    pub permissions: Vec<PermissionRow>,
    pub tested: Option<Instant>,
    pub last_backup: Option<Instant>,
    pub next_backup: Option<Instant>,
}

/// Everything about one organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationView {
    pub row: OrganizationRow,
    pub first_name: String,
    pub last_name: String,
    pub country: Option<Country>,
    pub auto_license: AutoLicense,
    pub created: Instant,
    /// When everything will be erased, of a deleted one.
    pub erased_at: Option<Instant>,
    /// Fewer seats, from that time on.
    pub seats_next: Option<(i64, Instant)>,
    /// What to tell people when seats run short.
    pub shortage: Option<String>,
    /// Who takes a seat.
    pub rule: ProtectionRule,
    /// Why there is no Entra portal to enter; none where there is one.
    pub door: Option<String>,
    /// Where the mail products are signed in to; none where the partner has given no address.
    pub email_portal: Option<String>,
    /// What may be done to it now by the one who looks.
    pub moves: Vec<Move>,
    pub choices: Vec<PlanChoice>,
    pub history: Vec<SubscriptionEvent>,
    pub credentials: Vec<CredentialRow>,
    /// Links that ask an administrator of the customer for consent, newest first; none where the installation has no
    /// app of its own.
    pub consent: Option<Vec<ConsentLinkRow>>,
    pub visits: Vec<VisitRow>,
    /// Whether the contact has taken up the portal.
    pub taken_up: TakenUp,
    /// Whether a link can be sent by mail.
    pub sends_mail: bool,
    /// A change of the e-mail that waits for the addresses to agree.
    pub email_change: Option<EmailChangeView>,
}

/// What a new organization's maker is shown, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationCreated {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    /// The path of the link with which the customer chooses a password; good once, until `until`. None: it is on its
    /// way by mail.
    pub link: Option<String>,
    pub until: Instant,
}

/// Whether a customer's contact has taken up the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakenUp {
    Yes,
    /// Not yet; the link that they have is good until then.
    LinkUntil(Instant),
    /// Not yet, and no link is good.
    NoLink,
}

/// What somebody who was invited sees before choosing a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    pub name: String,
    pub email: String,
    /// The partner or organization.
    pub to: String,
    pub role: String,
    /// Whether the e-mail has an account, whose password is asked for then.
    pub is_known: bool,
}
