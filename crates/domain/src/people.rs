//! People with roles, and what the pages about them are given.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{OrgRole, PartnerRole};
use crate::view::Instant;

/// A role, at a partner or in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Partner(PartnerRole),
    Organization(OrgRole),
}

impl Role {
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Role::Partner(role) => role.slug(),
            Role::Organization(role) => role.slug(),
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Role::Partner(role) => role.label(),
            Role::Organization(role) => role.label(),
        }
    }

    /// What somebody in it may do, for whoever chooses one.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Role::Partner(role) => match role {
                PartnerRole::Owner => "Everything, and opens the Entra products to partners below.",
                PartnerRole::SuperAdmin => "Everything but what only the Owner does.",
                PartnerRole::Admin => {
                    "Looks after organizations and people. Makes no plans, deletes and transfers nothing."
                }
                PartnerRole::Finance => "Plans, prices, seats and bills. Sees nothing of a directory.",
                PartnerRole::Support => "Helps in customers’ portals, without restores. Sees no prices.",
                PartnerRole::ReadOnly => "Sees what is there and changes nothing.",
            },
            Role::Organization(role) => match role {
                OrgRole::FullAdmin => "Everything, and decides whether the provider may visit.",
                OrgRole::ItAdmin => "Connects tenants, restores, and manages people below.",
                OrgRole::RestoreOperator => "Backs up and restores.",
                OrgRole::Viewer => "Sees what is there and changes nothing.",
            },
        }
    }
}

/// Somebody with a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The account.
    pub id: Uuid,
    pub name: String,
    pub email: String,
    /// The slug of the role.
    pub role: String,
    pub role_label: String,
    /// Whether sign-in in this role is switched off.
    pub is_off: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// When the role was last used.
    pub seen: Option<Instant>,
    pub is_me: bool,
    /// Whether whoever looks may change the role, switch sign-in off, or take the role away.
    pub may_change: bool,
}

/// Somebody who was invited and has not come yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub role_label: String,
    pub invited_by: String,
    /// Until when the link is good.
    pub until: Instant,
    pub is_expired: bool,
    pub may_change: bool,
}

/// A role that may be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOption {
    pub slug: String,
    pub label: String,
    pub explanation: String,
}

/// The people of a partner or an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// The partner's or organization's name.
    pub place: String,
    /// What forms send along to say whose people: empty for one's own.
    pub at: String,
    /// Of a partner, not of an organization.
    pub is_partner: bool,
    pub people: Vec<PersonRow>,
    pub invitations: Vec<InvitationRow>,
    /// The roles that whoever looks may give, highest first.
    pub roles: Vec<RoleOption>,
    /// Whether whoever looks is the Owner here, and can hand that over.
    pub may_hand_over: bool,
    /// Whether whoever looks may take a lost second factor away.
    pub may_reset: bool,
    /// Whether an invitation can go by mail.
    pub sends_mail: bool,
}

/// What whoever invited somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub name: String,
    pub email: String,
    /// The path of the link, shown once; none where a mail brings it.
    pub link: Option<String>,
    /// The link is good once, until then.
    pub until: Instant,
    /// A link that was made before works no more.
    pub replaces: bool,
}

/// A partner of a branch, in a list that reads as a tree: each after the one above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerRow {
    pub id: Uuid,
    pub number: i64,
    pub name: String,
    /// Steps below the top of the list.
    pub depth: u16,
    pub entra: bool,
    /// Its own, those that are erased left out.
    pub organizations: i64,
    pub seats: i64,
    /// The same with everything below it.
    pub organizations_below: i64,
    pub seats_below: i64,
    /// Whether nobody is its Owner yet.
    pub is_ownerless: bool,
}

/// The branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnersPage {
    pub rows: Vec<PartnerRow>,
    /// Whether the link of a new partner's Owner can go by mail.
    pub sends_mail: bool,
}

/// A partner, on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerView {
    pub row: PartnerRow,
    /// The partner above, if that lies in the branch of whoever looks.
    pub parent: Option<(Uuid, String)>,
    pub support_email: Option<String>,
    pub email_portal: Option<String>,
    pub created: Instant,
    pub is_own: bool,
    /// Whether whoever looks may change its name and addresses.
    pub may_edit: bool,
    /// Whether whoever looks may open and close the Entra products to it.
    pub may_open_entra: bool,
    /// Whether whoever looks may close it; why it cannot be closed now.
    pub may_close: bool,
    pub keeps_open: Option<String>,
}

/// What the maker of a partner is told: what became of the link for its Owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerCreated {
    pub id: Uuid,
    pub name: String,
    pub owner: Invited,
}

/// Something that a visitor did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitDeed {
    pub at: Instant,
    /// The event's name in the audit log.
    pub event: String,
    pub detail: String,
}

/// A visit, as the customer reads of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerVisit {
    pub visitor: String,
    pub partner: String,
    pub reason: String,
    pub began: Instant,
    pub until: Instant,
    pub is_running: bool,
    pub deeds: Vec<VisitDeed>,
}

/// Visits to an organization, for its own people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitsPage {
    /// Since when visits are forbidden.
    pub forbidden_since: Option<Instant>,
    /// Whether whoever looks may forbid and allow them.
    pub may_decide: bool,
    pub visits: Vec<CustomerVisit>,
}
