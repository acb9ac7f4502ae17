//! An organization goes from one partner to another, when both want it.

use chrono::Duration;
use domain::access::PartnerAction;
use domain::price_plan::PlanTerms;
use domain::subscription::{State, plan_change};
use domain::transfer::{
    DAYS, TransferCode, TransferOffer, TransferPlan, TransferPreview, TransferState, TransfersPage,
};
use store::organizations::Organization;
use store::scope::{PartnerActor, PartnerScope};
use store::token::TokenHash;
use store::transfers::{NewTransfer, Transfer};
use uuid::Uuid;

use super::{entry, require};
use crate::{Error, Event, Portal, Result, random_token, rules};

/// The longest note to the receiving partner.
const NOTE: usize = 500;
/// What a code begins with, so that it is known for what it is.
const PREFIX: &str = "hft-";

/// A proposal as it was typed: a partner of one's branch, or the code of any other.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub partner: String,
    pub code: String,
    pub note: String,
    /// The organization's name.
    pub confirmed: String,
}

impl Portal {
    /// The proposals to the actor's partner, and those from its branch.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn transfers(&self, actor: &PartnerActor) -> Result<TransfersPage> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        Ok(TransfersPage {
            incoming: self.store.incoming_transfers(actor.scope(), self.now()).await?,
            outgoing: self.store.outgoing_transfers(actor.scope(), self.now()).await?,
            may_decide: true,
        })
    }

    /// A code by which another partner finds this one, once.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn create_transfer_code(&self, actor: &PartnerActor) -> Result<TransferCode> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        let code = format!("{PREFIX}{}", random_token());
        let until = self.now() + Duration::days(DAYS);
        let object = actor.scope().partner().to_string();
        let entry = entry(actor, Event::TransferCodeMade, &object, "");
        let hash = TokenHash::of(&code);
        self.store.create_transfer_code(actor.scope(), hash, until, &entry, self.now()).await?;
        Ok(TransferCode { code, until })
    }

    /// What the giver sees before proposing.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well; [`Error::Forbidden`].
    pub async fn transfer_offer(&self, actor: &PartnerActor, id: Uuid) -> Result<TransferOffer> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        let org = self.customer(actor, id).await?;
        let branch = self.store.branch(actor.scope()).await?;
        let owner = org.scope().partner();
        Ok(TransferOffer {
            organization: id,
            partners: branch.into_iter().filter(|p| p.id != owner).map(|p| (p.id, p.name)).collect(),
            open: self.store.open_transfer(org.scope(), self.now()).await?,
            obstacle: obstacle(&org),
            name: org.name,
        })
    }

    /// Proposes an organization to another partner.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Refused`] where it cannot be transferred, or is
    /// proposed already.
    pub async fn propose_transfer(&self, actor: &PartnerActor, id: Uuid, new: &Proposal) -> Result<()> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        let org = self.customer(actor, id).await?;
        if let Some(why) = obstacle(&org) {
            return Err(Error::Refused(why));
        }
        let (to, name, code) = self.receiver(actor, new).await?;
        if to.partner() == org.scope().partner() {
            return Err(Error::invalid(
                "partner",
                "The organization is this partner’s already. Choose another one.",
            ));
        }
        let note = match new.note.trim() {
            "" => String::new(),
            note if note.chars().count() > NOTE => {
                return Err(Error::invalid("note", format!("Use at most {NOTE} characters.")));
            }
            note => rules::lines("note", note)?,
        };
        if new.confirmed.trim() != org.name {
            let message =
                format!("Type the organization’s name, {}, to propose it. Nothing was changed.", org.name);
            return Err(Error::invalid("confirmed", message));
        }
        let now = self.now();
        let (object, detail) = (id.to_string(), format!("to {name}"));
        let entry = entry(actor, Event::TransferProposed, &object, &detail);
        let proposal = NewTransfer { to, note: &note, until: now + Duration::days(DAYS) };
        match self.store.propose_transfer(org.scope(), proposal, code, &entry, now).await {
            Err(store::Error::Taken(_)) => Err(Error::Refused(
                "This organization is proposed to a partner already. Nothing was changed. Withdraw that first."
                    .to_owned(),
            )),
            other => Ok(other.map(drop)?),
        }
    }

    /// Takes a proposal of the branch back.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not wait any more; [`Error::Forbidden`].
    pub async fn withdraw_transfer(&self, actor: &PartnerActor, id: Uuid) -> Result<()> {
        self.end_transfer(actor, id, TransferState::Withdrawn, Event::TransferWithdrawn).await
    }

    /// Says no to a proposal.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not wait any more; [`Error::Forbidden`].
    pub async fn decline_transfer(&self, actor: &PartnerActor, id: Uuid) -> Result<()> {
        self.end_transfer(actor, id, TransferState::Declined, Event::TransferDeclined).await
    }

    /// What the receiver sees before answering.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what was not proposed to the actor's partner, or does not wait any more.
    pub async fn transfer_preview(&self, actor: &PartnerActor, id: Uuid) -> Result<TransferPreview> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        let transfer = self.offered(actor, id).await?;
        let org = &transfer.organization;
        let used: i64 = self.store.tenant_health(org.scope()).await?.iter().map(|t| t.tenant.protected).sum();
        let own = actor.scope().partner();
        let on_sale = self.store.plans_on_sale(actor.scope()).await?;
        let plans = on_sale
            .into_iter()
            .filter(|(owner, _)| *owner == own)
            .map(|(_, plan)| TransferPlan {
                refusal: org.plan.as_ref().and_then(|now| follows(&now.terms, &plan.terms).err()),
                cost: u32::try_from(org.seats).ok().and_then(|n| plan.terms.billed_price().times(n).ok()),
                plan,
            })
            .collect();
        Ok(TransferPreview {
            plans,
            country: org.country.map(|country| country.name().to_owned()),
            product: org.plan.as_ref().map(|plan| plan.terms.product),
            state: org.state.label().to_owned(),
            seats: org.seats,
            seats_used: used,
            tenants: transfer.tenants,
            note: transfer.note,
            row: transfer.row,
        })
    }

    /// Takes the organization over, onto a plan of the actor's partner.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the plan; [`Error::Refused`] when things changed meanwhile.
    pub async fn accept_transfer(&self, actor: &PartnerActor, id: Uuid, plan: &str) -> Result<Uuid> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        let transfer = self.offered(actor, id).await?;
        let org = &transfer.organization;
        if let Some(why) = obstacle(org) {
            return Err(Error::Refused(why));
        }
        let no_plan = || Error::invalid("plan", "Choose one of your plans from the list.");
        let plan: Uuid = plan.parse().map_err(|_| no_plan())?;
        let own = actor.scope().partner();
        let on_sale = self.store.plans_on_sale(actor.scope()).await?;
        let found = on_sale.into_iter().find(|(owner, p)| *owner == own && p.id == plan);
        let (_, plan) = found.ok_or_else(no_plan)?;
        if let Some(now) = &org.plan {
            follows(&now.terms, &plan.terms).map_err(|why| Error::invalid("plan", why.to_string()))?;
        }
        let object = org.id.to_string();
        let (to, from) = (format!("to {}", transfer.row.to), format!("from {}", transfer.row.from));
        let given = entry(actor, Event::OrganizationGiven, &object, &to);
        let received = entry(actor, Event::OrganizationReceived, &object, &from);
        // A period of its own begins with the new partner.
        let fewer = org.seats_next.map(|_| self.end_of_first(plan.terms.periodicity)).transpose()?;
        let done =
            self.store.accept_transfer(&transfer, plan.id, fewer, &given, &received, self.now()).await?;
        if done {
            if let Some(moved) = self.store.organization_below(actor.scope(), org.id).await? {
                self.store.recount_protected(moved.scope()).await?;
            }
            Ok(org.id)
        } else {
            Err(Error::Refused(
                "The organization or the proposal changed a moment ago. Nothing was changed by you; look again."
                    .to_owned(),
            ))
        }
    }

    async fn end_transfer(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        becomes: TransferState,
        event: Event,
    ) -> Result<()> {
        require(actor, PartnerAction::DeleteOrganizations)?;
        let entry = entry(actor, event, "", "");
        let done = self.store.end_transfer(actor.scope(), id, becomes, &entry, self.now()).await?;
        if done { Ok(()) } else { Err(self.settled(actor, id).await?) }
    }

    /// Why a proposal cannot be answered: whoever reads of it in a list is told how it ended; for everybody else there is
    /// none.
    async fn settled(&self, actor: &PartnerActor, id: Uuid) -> Result<Error> {
        let both = self.transfers(actor).await?;
        let Some(row) = both.incoming.iter().chain(&both.outgoing).find(|row| row.id == id) else {
            return Ok(Error::NotFound);
        };
        Ok(match row.state {
            // It waits, but for somebody else's answer.
            TransferState::Proposed => Error::NotFound,
            state => Error::Refused(format!(
                "This proposal does not wait for an answer any more: {}. Nothing was changed now; see Transfers.",
                state.label().to_lowercase()
            )),
        })
    }

    async fn offered(&self, actor: &PartnerActor, id: Uuid) -> Result<Transfer> {
        match self.store.transfer_to(actor.scope(), id, self.now()).await? {
            Some(transfer) => Ok(transfer),
            None => Err(self.settled(actor, id).await?),
        }
    }

    /// To whom: by code, or of the branch.
    async fn receiver(
        &self,
        actor: &PartnerActor,
        new: &Proposal,
    ) -> Result<(PartnerScope, String, Option<TokenHash>)> {
        let typed = new.code.trim();
        if typed.is_empty() {
            if new.partner.is_empty() {
                return Err(Error::invalid(
                    "partner",
                    "Choose a partner of yours, or enter the code that another one gave you.",
                ));
            }
            let (scope, option) = self.partner_of_branch(actor, &new.partner).await?;
            return Ok((scope, option.name, None));
        }
        let code = TokenHash::of(typed);
        let found = self.store.partner_of_code(code, self.now()).await?;
        let (scope, name) = found.ok_or_else(|| {
            Error::invalid(
                "code",
                "This code is not good: it is mistyped, was used, or its time has passed. Ask the other partner for a \
                 new one.",
            )
        })?;
        Ok((scope, name, Some(code)))
    }
}

/// A plan of another partner may follow as one of one's own may, but that another partner may bill in another currency.
fn follows(now: &PlanTerms, next: &PlanTerms) -> std::result::Result<(), domain::subscription::Refusal> {
    plan_change(&PlanTerms { currency: next.currency, ..*now }, next).map(drop)
}

/// Why an organization cannot go to another partner.
fn obstacle(org: &Organization) -> Option<String> {
    if org.plan.is_none() {
        return Some("The installation’s own organization has no plan and stays where it is.".to_owned());
    }
    if org.state == State::Deleted {
        return Some("The organization is deleted. Undo that before you transfer it.".to_owned());
    }
    None
}
