//! Plans, seats and states of a customer's subscription.

use chrono::{DateTime, NaiveTime, Utc};
use domain::access::PartnerAction;
use domain::audit::Detail;
use domain::bill::ChangeCost;
use domain::billing::{BillingError, Cycle, Holding, cycle_of, preview};
use domain::price_plan::{Periodicity, PlanTerms};
use domain::seats::{SeatChange, Supply, at_renewal, seat_change};
use domain::subscription::{GRACE_DAYS, Move, State, plan_change};
use store::audit::Entry;
use store::organizations::Organization;
use store::scope::PartnerActor;
use store::subscriptions::Becomes;
use uuid::Uuid;

use super::organizations::{auto_license, grace, seats};
use super::{entry, require};
use crate::sweep::Troubles;
use crate::{Error, Event, Portal, Result};

/// What a move asks of a role.
pub(super) const fn needs(what: Move) -> PartnerAction {
    match what {
        Move::Suspend | Move::Resume | Move::Unsubscribe => PartnerAction::ManageOrganizations,
        Move::Delete | Move::UndoDelete => PartnerAction::DeleteOrganizations,
    }
}

impl Portal {
    /// Suspends, resumes, unsubscribes or deletes an organization, or takes a deletion back. `typed` is the
    /// organization's name, where the move asks for it.
    ///
    /// # Errors
    /// [`Error::Refused`] when it cannot be done in its state; [`Error::Invalid`] when the name is not the one.
    pub async fn move_organization(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        what: Move,
        typed: &str,
    ) -> Result<()> {
        require(actor, needs(what))?;
        let org = self.customer(actor, id).await?;
        if what.needs_typed_name() && typed.trim() != org.name {
            let message =
                format!("Type the organization's name, {}, to delete it. Nothing was changed.", org.name);
            return Err(Error::invalid("typed", message));
        }
        let now = self.now();
        let to = what.apply(org.state, grace(&org), now).map_err(|why| Error::Refused(why.to_string()))?;
        let before = (to == State::Deleted).then_some(org.state);
        let event = match what {
            Move::Suspend => Event::OrganizationSuspended,
            Move::Resume => Event::OrganizationResumed,
            Move::Unsubscribe => Event::OrganizationUnsubscribed,
            Move::Delete => Event::OrganizationDeleted,
            Move::UndoDelete => Event::DeletionUndone,
        };
        let detail = Detail::default().change("State", org.state.label(), to.label());
        self.change(actor, &org, Becomes::State { to, before }, &detail, event).await
    }

    /// Changes an organization's plan.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason why the plan cannot follow the one in use.
    pub async fn change_plan(&self, actor: &PartnerActor, id: Uuid, plan: Uuid) -> Result<()> {
        require(actor, PartnerAction::ManageSubscriptions)?;
        let org = self.customer(actor, id).await?;
        let current = org.plan.as_ref().ok_or_else(|| {
            Error::Refused("The installation's own organization has no plan. Nothing was changed.".to_owned())
        })?;
        let on_sale = self.store.plans_for(org.scope()).await?;
        let next = on_sale.into_iter().find(|p| p.id == plan).ok_or(Error::NotFound)?;
        plan_change(&current.terms, &next.terms).map_err(|why| Error::Refused(why.to_string()))?;
        let detail = Detail::default().change("Plan", &current.name, &next.name);
        // Another period begins another time, and fewer seats are agreed for the end of a period.
        let fewer = match org.seats_next {
            Some(_) if next.terms.periodicity != current.terms.periodicity => {
                Some(self.end_of_first(next.terms.periodicity)?)
            }
            _ => None,
        };
        self.change(actor, &org, Becomes::Plan(next.id, fewer), &detail, Event::PlanChanged).await?;
        if next.rule != current.rule {
            self.store.recount_protected(org.scope()).await?;
        }
        Ok(())
    }

    /// Changes how many seats there are: more at once, fewer at the renewal; and whether seats are added as users
    /// appear.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the number cannot be.
    pub async fn change_seats(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        typed: &str,
        on: bool,
        cap: &str,
    ) -> Result<()> {
        require(actor, PartnerAction::ManageSubscriptions)?;
        let org = self.customer(actor, id).await?;
        let wanted = seats(typed)?;
        let auto_license = auto_license(on, cap)?;
        let change = seat_change(self.supply(&org).await?, count(wanted))
            .map_err(|why| Error::invalid("seats", why.to_string()))?;
        let day = |at: DateTime<Utc>| at.format("%-d %b %Y");
        let (now, next, detail) = match change {
            SeatChange::Same => match org.seats_next {
                None => (org.seats, None, Detail::note("seats as before")),
                Some((fewer, at)) => {
                    let agreed = format!("{fewer} from {} on", day(at));
                    (org.seats, None, Detail::default().change("Seats agreed", agreed, "none"))
                }
            },
            SeatChange::AtRenewal { to, .. } if org.seats_next.is_some_and(|(n, _)| n == i64::from(to)) => {
                (org.seats, org.seats_next, Detail::note("seats as agreed"))
            }
            SeatChange::Now { from, to } => {
                (i64::from(to), None, Detail::default().change("Seats", from, to))
            }
            SeatChange::AtRenewal { from, to } => {
                let at = self.renewal(actor, &org).await?;
                let detail = Detail::note(format!("from {} on", day(at))).change("Seats", from, to);
                (org.seats, Some((i64::from(to), at)), detail)
            }
        };
        let detail = detail.change("Auto license", org.auto_license, auto_license);
        let becomes = Becomes::Seats { now, next, auto_license };
        self.change(actor, &org, becomes, &detail, Event::SeatsChanged).await
    }

    /// What a change of plan would cost.
    ///
    /// # Errors
    /// As [`Portal::change_plan`].
    pub(super) fn cost_of_plan(
        &self,
        cycle: Cycle,
        org: &Organization,
        next: &PlanTerms,
    ) -> Result<Option<ChangeCost>> {
        let Some(now) = org.plan.as_ref().filter(|_| org.state.is_billed()) else { return Ok(None) };
        let seats = count(org.seats);
        let (old, new) = (Holding { terms: now.terms, seats }, Holding { terms: *next, seats });
        Ok(Some(cost(cycle, self.now(), &old, &new)?))
    }

    /// What a number of seats would cost, as it was typed; none where nothing is billed.
    ///
    /// # Errors
    /// As [`Portal::change_seats`]; nothing is changed.
    pub async fn cost_of_seats(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        typed: &str,
    ) -> Result<Option<ChangeCost>> {
        require(actor, PartnerAction::ManageSubscriptions)?;
        require(actor, PartnerAction::SeeMoney)?;
        let org = self.customer(actor, id).await?;
        let wanted = count(seats(typed)?);
        seat_change(self.supply(&org).await?, wanted)
            .map_err(|why| Error::invalid("seats", why.to_string()))?;
        let Some(plan) = org.plan.as_ref().filter(|_| org.state.is_billed()) else { return Ok(None) };
        let held = |seats| Holding { terms: plan.terms, seats };
        let cycle = self.cycle(actor, &org).await?;
        Ok(Some(cost(cycle, self.now(), &held(count(org.seats)), &held(wanted))?))
    }

    /// When the subscription's periods begin.
    pub(super) async fn cycle(&self, actor: &PartnerActor, org: &Organization) -> Result<Cycle> {
        let today = self.now().date_naive();
        let ledgers =
            self.store.ledgers(actor.scope(), Some(org.id), today.succ_opt().unwrap_or(today)).await?;
        let periodicity = org.plan.as_ref().map_or(Periodicity::Monthly, |plan| plan.terms.periodicity);
        let begun = ledgers.first().and_then(|ledger| cycle_of(&ledger.history));
        Ok(begun.unwrap_or(Cycle { anchor: org.created_at.date_naive(), periodicity }))
    }

    /// When the first period ends of a subscription that begins today.
    pub(super) fn end_of_first(&self, periodicity: Periodicity) -> Result<DateTime<Utc>> {
        let today = self.now().date_naive();
        let period = Cycle { anchor: today, periodicity }.period_at(today).map_err(refused)?;
        Ok(period.end().and_time(NaiveTime::MIN).and_utc())
    }

    /// When the next period of the subscription begins.
    async fn renewal(&self, actor: &PartnerActor, org: &Organization) -> Result<DateTime<Utc>> {
        let period = self.cycle(actor, org).await?.period_at(self.now().date_naive()).map_err(refused)?;
        Ok(period.end().and_time(NaiveTime::MIN).and_utc())
    }

    /// What time brings: fewer seats where they were agreed, and the erasure of what was deleted long enough ago. Where
    /// one organization's turn fails, those of the others come all the same.
    pub(crate) async fn sweep_subscriptions(&self, troubles: &mut Troubles) {
        let now = self.now();
        let due = troubles.note("renewals", self.store.renewals_due(now).await);
        for org in due.unwrap_or_default() {
            troubles.note(&format!("the renewal of {}", org.id), self.renew_seats(&org).await);
        }
        let growing = troubles.note("auto license", self.store.auto_licensed().await);
        for org in growing.unwrap_or_default() {
            troubles.note(&format!("the auto license of {}", org.id), self.grow_seats(&org).await);
        }
        let days = troubles.note("recording what was used", self.store.record_usage(now).await);
        if let Some(days) = days.filter(|days| *days > 0) {
            tracing::info!(days, "recorded what was used");
        }
        let before = now - chrono::Duration::days(i64::from(GRACE_DAYS));
        troubles.note("people who left", self.store.erase_who_left(before).await);
        let over = troubles.note("erasures", self.store.organizations_to_erase(before).await);
        for scope in over.unwrap_or_default() {
            let id = scope.organization();
            let done = self.store.erase_organization(scope, before, now).await;
            if troubles.note(&format!("the erasure of {id}"), done) == Some(true) {
                tracing::info!(organization = %id, "erased");
            }
        }
        troubles.note("making the files forget", self.store.forget_erased().await);
    }

    async fn renew_seats(&self, org: &Organization) -> Result<()> {
        let Some((wanted, due)) = org.seats_next else { return Ok(()) };
        let seats = at_renewal(self.supply(org).await?, count(wanted));
        let detail = Detail::note("at the renewal").change("Seats", org.seats, seats);
        // On the day that was agreed, also when nothing ran on it.
        self.set_seats(org, seats, None, &detail, due).await
    }

    async fn grow_seats(&self, org: &Organization) -> Result<()> {
        let growth = org.auto_license.grow(self.supply(org).await?);
        match (growth.seats(), growth.detail()) {
            (Some(seats), Some(detail)) => {
                self.set_seats(org, seats, org.seats_next, &detail, self.now()).await
            }
            _ => Ok(()),
        }
    }

    /// Seats bought, and in use: enabled members in the newest snapshots.
    async fn supply(&self, org: &Organization) -> Result<Supply> {
        let used = self.store.tenant_health(org.scope()).await?.iter().map(|t| t.tenant.protected).sum();
        Ok(supplied(org, used))
    }

    /// The system's own change of seats. Where somebody has changed the subscription meanwhile, the next sweep looks anew.
    async fn set_seats(
        &self,
        org: &Organization,
        seats: u32,
        next: Option<(i64, DateTime<Utc>)>,
        detail: &Detail,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let object = org.id.to_string();
        let entry = Entry {
            actor: "system",
            event: Event::SeatsChanged.slug(),
            object: &object,
            detail: "",
            address: "",
        };
        let becomes = Becomes::Seats { now: i64::from(seats), next, auto_license: org.auto_license };
        self.store.change_subscription(org, becomes, detail, &entry, at).await?;
        Ok(())
    }

    async fn change(
        &self,
        actor: &PartnerActor,
        org: &Organization,
        becomes: Becomes,
        detail: &Detail,
        event: Event,
    ) -> Result<()> {
        let object = org.id.to_string();
        // The log outlives the customer: it says which one by id, not by name.
        let entry = entry(actor, event, &object, "");
        let done = self.store.change_subscription(org, becomes, detail, &entry, self.now()).await?;
        if done {
            Ok(())
        } else {
            Err(Error::Refused(
                "Somebody else changed this organization a moment ago. Nothing of yours was changed; look again."
                    .to_owned(),
            ))
        }
    }
}

fn cost(cycle: Cycle, now: DateTime<Utc>, old: &Holding, new: &Holding) -> Result<ChangeCost> {
    let preview = preview(cycle, now.date_naive(), old, new).map_err(refused)?;
    Ok(ChangeCost { preview, period: new.terms.periodicity.noun().to_owned() })
}

fn refused(why: BillingError) -> Error {
    Error::Refused(why.to_string())
}

/// Seats bought, and so many in use.
pub(super) fn supplied(org: &Organization, used: i64) -> Supply {
    Supply { bought: count(org.seats), used: count(used) }
}

/// Seats as the rules count them.
fn count(seats: i64) -> u32 {
    u32::try_from(seats).unwrap_or(u32::MAX)
}
