//! What an actor may reach. These types can only be made here and in the repositories, for rows that
//! belong to the actor; holding one is the proof.

use chrono::{DateTime, Utc};
use domain::access::{Action, OrgRole, PartnerAction, PartnerRole, Visitor};
use domain::feature::{Feature, FeatureSet};
use uuid::Uuid;

/// A partner's rows and those of the partners below it: organizations, plans, audit logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerScope {
    partner: Uuid,
}

impl PartnerScope {
    pub(crate) const fn new(partner: Uuid) -> PartnerScope {
        PartnerScope { partner }
    }

    #[must_use]
    pub const fn partner(self) -> Uuid {
        self.partner
    }
}

/// One organization's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrgScope {
    organization: Uuid,
    partner: Uuid,
}

impl OrgScope {
    pub(crate) const fn new(organization: Uuid, partner: Uuid) -> OrgScope {
        OrgScope { organization, partner }
    }

    #[must_use]
    pub const fn organization(self) -> Uuid {
        self.organization
    }

    #[must_use]
    pub const fn partner(self) -> Uuid {
        self.partner
    }

    /// The partner that it belongs to: whose audit log its events go into, and who speaks to its people.
    pub(crate) const fn of_partner(self) -> PartnerScope {
        PartnerScope::new(self.partner)
    }
}

/// Why an actor may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The role does not include it.
    Role,
    /// The token may only read.
    Token,
    /// It is switched off for the organization.
    Off(Feature),
}

/// What a token allows beside reading; never more than the role of its maker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub id: Uuid,
    /// What its maker called it.
    pub name: String,
    pub back_up: bool,
}

impl Grant {
    /// The table, in an organization.
    #[must_use]
    pub const fn may(&self, what: Action) -> bool {
        match what {
            Action::See => true,
            Action::BackUp => self.back_up,
            _ => false,
        }
    }

    /// The table, at a partner.
    #[must_use]
    pub const fn partner_may(&self, what: PartnerAction) -> bool {
        match what {
            PartnerAction::SeeOrganizations | PartnerAction::SeeHealth | PartnerAction::SeeMoney => true,
            PartnerAction::BackUp => self.back_up,
            _ => false,
        }
    }
}

/// In whose name people are spoken to: a partner's, or that of whichever partner an organization belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Partner(PartnerScope),
    /// The mail is about that organization, and goes when it is erased.
    Organization(OrgScope),
}

impl Sender {
    /// Whose looks it has.
    #[must_use]
    pub const fn partner(self) -> PartnerScope {
        match self {
            Sender::Partner(scope) => scope,
            Sender::Organization(scope) => scope.of_partner(),
        }
    }

    pub(crate) const fn organization(self) -> Option<Uuid> {
        match self {
            Sender::Partner(_) => None,
            Sender::Organization(scope) => Some(scope.organization()),
        }
    }
}

/// A person with a role at a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerActor {
    pub account: Uuid,
    pub name: String,
    pub email: String,
    pub partner_name: String,
    pub role: PartnerRole,
    /// Where the request came from; for the audit log.
    pub address: String,
    /// Set where a token asks, which this person made.
    pub token: Option<Grant>,
    /// Whether they proved themselves by a second factor, too.
    pub proved_twice: bool,
    scope: PartnerScope,
}

impl PartnerActor {
    pub(crate) const fn new(
        account: Uuid,
        name: String,
        email: String,
        partner_name: String,
        role: PartnerRole,
        scope: PartnerScope,
    ) -> PartnerActor {
        PartnerActor {
            account,
            name,
            email,
            partner_name,
            role,
            address: String::new(),
            token: None,
            proved_twice: false,
            scope,
        }
    }

    /// The same, by a token.
    pub(crate) fn with_token(mut self, grant: Grant) -> PartnerActor {
        self.token = Some(grant);
        self
    }

    /// The same, known by one proof or by two.
    #[must_use]
    pub fn proved(mut self, twice: bool) -> PartnerActor {
        self.proved_twice = twice;
        self
    }

    /// The same, asking from that address.
    #[must_use]
    pub fn from_address(mut self, address: &str) -> PartnerActor {
        address.clone_into(&mut self.address);
        self
    }

    #[must_use]
    pub const fn scope(&self) -> PartnerScope {
        self.scope
    }

    #[must_use]
    pub fn may(&self, what: PartnerAction) -> bool {
        self.role.may(what) && self.token.as_ref().is_none_or(|token| token.partner_may(what))
    }
}

/// A partner's user who looks after a customer, in the customer's own portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: Uuid,
    /// The partner that the visitor comes from and returns to.
    pub partner: Uuid,
    pub partner_name: String,
    pub reason: String,
    pub until: DateTime<Utc>,
    /// What the visitor's role at the partner comes to here.
    pub rights: Visitor,
}

/// Who asks: a person with a role in one organization, or a visitor from its partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub account: Uuid,
    pub name: String,
    pub email: String,
    pub organization_name: String,
    pub role: OrgRole,
    /// Where the request came from; for the audit log.
    pub address: String,
    /// Whether they proved themselves by a second factor, too.
    pub proved_twice: bool,
    /// None for the organization's own people.
    pub visit: Option<Visit>,
    /// Set where a token asks, which this person made.
    pub token: Option<Grant>,
    /// What is switched on for the organization.
    features: FeatureSet,
    scope: OrgScope,
}

impl Actor {
    pub(crate) const fn new(
        account: Uuid,
        name: String,
        email: String,
        organization_name: String,
        role: OrgRole,
        features: FeatureSet,
        scope: OrgScope,
    ) -> Actor {
        Actor {
            account,
            name,
            email,
            organization_name,
            role,
            address: String::new(),
            proved_twice: false,
            visit: None,
            token: None,
            features,
            scope,
        }
    }

    /// The same, by a token.
    pub(crate) fn with_token(mut self, grant: Grant) -> Actor {
        self.token = Some(grant);
        self
    }

    /// The same, known by one proof or by two.
    #[must_use]
    pub fn proved(mut self, twice: bool) -> Actor {
        self.proved_twice = twice;
        self
    }

    /// The same, asking from that address.
    #[must_use]
    pub fn from_address(mut self, address: &str) -> Actor {
        address.clone_into(&mut self.address);
        self
    }

    /// The same, as a visitor.
    pub(crate) fn visiting(mut self, visit: Visit) -> Actor {
        self.visit = Some(visit);
        self
    }

    #[must_use]
    pub const fn scope(&self) -> OrgScope {
        self.scope
    }

    /// Whether the actor may do it now: by role, by token, and by what is switched on.
    #[must_use]
    pub fn may(&self, what: Action) -> bool {
        self.check(what).is_ok()
    }

    /// The same, with the reason.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn check(&self, what: Action) -> Result<(), Denied> {
        let by_role = match &self.visit {
            Some(visit) => visit.rights.may(what),
            None => self.role.may(what),
        };
        if !by_role {
            return Err(Denied::Role);
        }
        if self.token.as_ref().is_some_and(|token| !token.may(what)) {
            return Err(Denied::Token);
        }
        what.feature().map_or(Ok(()), |feature| self.check_feature(feature))
    }

    /// Whether a feature is on that is a way to see, and asks for no right of its own.
    ///
    /// # Errors
    /// [`Denied::Off`].
    pub const fn check_feature(&self, feature: Feature) -> Result<(), Denied> {
        if self.features.has(feature) { Ok(()) } else { Err(Denied::Off(feature)) }
    }

    /// How the audit log names whoever asks: a visitor acts on the customer's behalf, a token on its maker's. The
    /// customer and its people by id, because the log outlives them.
    #[must_use]
    pub fn signature(&self) -> String {
        let mut who = match self.visit {
            Some(_) => self.email.clone(),
            None => self.account.to_string(),
        };
        if let Some(token) = &self.token {
            who.push_str(&format!(" (token {})", token.id));
        }
        if let Some(visit) = &self.visit {
            let organization = self.scope.organization();
            who.push_str(&format!(" ({}), visiting {organization}", visit.partner_name));
        }
        who
    }
}

/// One tenant's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TenantScope {
    id: i64,
    public_id: Uuid,
}

impl TenantScope {
    pub(crate) const fn new(id: i64, public_id: Uuid) -> TenantScope {
        TenantScope { id, public_id }
    }

    pub(crate) const fn id(self) -> i64 {
        self.id
    }

    /// The tenant's name in addresses.
    #[must_use]
    pub const fn public_id(self) -> Uuid {
        self.public_id
    }
}
