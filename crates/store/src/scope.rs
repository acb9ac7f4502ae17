//! What an actor may reach. These types can only be made here and in the repositories, for rows that
//! belong to the actor; holding one is the proof.

use chrono::{DateTime, Utc};
use domain::access::{Action, OrgRole, PartnerAction, PartnerRole, Visitor};
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

    /// The audit log that the organization's events go into.
    pub(crate) const fn of_partner(self) -> PartnerScope {
        PartnerScope::new(self.partner)
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
        PartnerActor { account, name, email, partner_name, role, address: String::new(), scope }
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
    pub const fn may(&self, what: PartnerAction) -> bool {
        self.role.may(what)
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
    /// None for the organization's own people.
    pub visit: Option<Visit>,
    scope: OrgScope,
}

impl Actor {
    pub(crate) const fn new(
        account: Uuid,
        name: String,
        email: String,
        organization_name: String,
        role: OrgRole,
        scope: OrgScope,
    ) -> Actor {
        Actor { account, name, email, organization_name, role, address: String::new(), visit: None, scope }
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

    #[must_use]
    pub fn may(&self, what: Action) -> bool {
        match &self.visit {
            Some(visit) => visit.rights.may(what),
            None => self.role.may(what),
        }
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
