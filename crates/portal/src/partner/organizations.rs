//! Customers: the list, one of them, a new one.

use chrono::Duration;
use domain::access::{Action, OrgRole, PartnerAction};
use domain::country::Country;
use domain::fold;
use domain::partner::{
    OrganizationCreated, OrganizationFilter, OrganizationOptions, OrganizationRow, OrganizationView,
    OrganizationsPage, PlanChoice, TakenUp,
};
use domain::price_plan::PlanTerms;
use domain::seats::{AutoLicense, SeatRefusal, seats_typed};
use domain::subscription::{GRACE_DAYS, Grace, Move, State, plan_change};
use store::email_changes::Subject;
use store::invitations::{NewInvitation, Place};
use store::organizations::{Details, Organization};
use store::scope::{Actor, PartnerActor, Sender};
use store::token::NewLink;
use uuid::Uuid;

use super::{csv, entry, health, require};
use crate::mail::Message;
use crate::{Error, Event, Portal, Result, rules};

/// Rows of a page.
const PAGE: usize = 50;
/// How long the first link into a portal is good, in days.
pub(crate) const LINK_DAYS: i64 = 7;
/// Rows that are read at a time for a file.
const BLOCK: usize = 1_000;

/// A customer as it was typed.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub country: String,
    pub partner: String,
    pub plan: String,
    pub name: String,
    pub seats: String,
    pub auto_license: bool,
    /// The most seats that it may bring the subscription to, as it was typed; empty sets no limit.
    pub auto_license_cap: String,
    /// Whether the link is to be sent by mail; it is shown where it is not, or cannot be.
    pub send_email: bool,
}

/// Without what the actor's role does not see: pages hide it, and nobody is sent it.
fn seen_by(actor: &PartnerActor, mut row: OrganizationRow) -> OrganizationRow {
    if !actor.may(PartnerAction::SeeMoney)
        && let Some(plan) = &mut row.plan
    {
        plan.terms.price_minor = 0;
    }
    if !actor.may(PartnerAction::SeeHealth) {
        row.standing = None;
    }
    row
}

impl Portal {
    /// A page of the organizations in the actor's branch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organizations(
        &self,
        actor: &PartnerActor,
        filter: &OrganizationFilter,
        after: Option<&str>,
    ) -> Result<OrganizationsPage> {
        require(actor, PartnerAction::SeeOrganizations)?;
        let (rows, next) = self.organization_rows(actor, filter, after, PAGE).await?;
        let plans = self.store.plans_on_sale(actor.scope()).await?;
        Ok(OrganizationsPage {
            rows,
            counts: self.store.count_organizations(actor.scope()).await?,
            next,
            plans: plans.into_iter().map(|(_, plan)| (plan.id, plan.name)).collect(),
            partners: self.store.branch(actor.scope()).await?,
        })
    }

    /// The same rows as a file: comma-separated, one organization a line.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organizations_csv(
        &self,
        actor: &PartnerActor,
        filter: &OrganizationFilter,
    ) -> Result<String> {
        require(actor, PartnerAction::SeeOrganizations)?;
        let (mut rows, mut next) = self.organization_rows(actor, filter, None, BLOCK).await?;
        while let Some(after) = next {
            let (more, then) = self.organization_rows(actor, filter, Some(&after), BLOCK).await?;
            rows.extend(more);
            next = then;
        }
        let money = actor.may(PartnerAction::SeeMoney);
        let standing = actor.may(PartnerAction::SeeHealth);
        let mut head = vec!["Number", "Name", "E-mail", "Partner", "State"];
        if standing {
            head.extend(["Health", "Last backup", "Next backup"]);
        }
        head.push("Plan");
        if money {
            head.extend(["Price a seat", "Currency", "Periodicity"]);
        }
        head.extend(["Seats used", "Seats"]);
        if standing {
            head.push("Credential");
        }
        let mut file = csv::File::new(&head);
        for r in rows {
            let mut cells = vec![r.number, r.name, r.email, r.partner, r.state.slug().to_owned()];
            if let Some(s) = &r.standing {
                cells.push(s.health.label().to_owned());
                cells.extend([s.last_backup, s.next_backup].map(|at| at.map(csv::time).unwrap_or_default()));
            }
            cells.push(r.plan.as_ref().map(|p| p.name.clone()).unwrap_or_default());
            if money {
                cells.extend(match &r.plan {
                    Some(p) => [
                        p.terms.price().plain(),
                        p.terms.currency.code().to_owned(),
                        p.terms.periodicity.slug().to_owned(),
                    ],
                    None => Default::default(),
                });
            }
            cells.extend([r.seats_used.to_string(), r.seats.to_string()]);
            if let Some(s) = &r.standing {
                cells.push(s.credential.label().to_owned());
            }
            file.line(&cells);
        }
        Ok(file.text())
    }

    async fn organization_rows(
        &self,
        actor: &PartnerActor,
        filter: &OrganizationFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<OrganizationRow>, Option<String>)> {
        let place = after.and_then(place_of);
        let from = place.as_ref().map(|(sort, id)| (sort.as_str(), *id));
        let now = self.now();
        let mut filter = filter.clone();
        if !actor.may(PartnerAction::SeeHealth) {
            (filter.health, filter.credential) = (None, None);
        }
        // One more than is shown says whether there are more.
        let mut page = self.store.organizations(actor.scope(), &filter, from, limit as u64 + 1, now).await?;
        let is_more = page.len() > limit;
        page.truncate(limit);
        let last = page.last().filter(|_| is_more);
        let next = last.map(|org| format!("{} {}", org.id, fold::fold(&org.name)));
        let mut tenants = self.store.health_of(page.iter().map(Organization::scope)).await?;
        let row = |org: Organization| {
            let of = tenants.remove(&org.id).unwrap_or_default();
            seen_by(actor, health::row(org, &of, now))
        };
        Ok((page.into_iter().map(row).collect(), next))
    }

    /// What the form for a new organization offers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organization_options(&self, actor: &PartnerActor) -> Result<OrganizationOptions> {
        require(actor, PartnerAction::ManageOrganizations)?;
        Ok(OrganizationOptions {
            partners: self.store.branch(actor.scope()).await?,
            plans: self.store.plans_on_sale(actor.scope()).await?,
            data_location: self.installation.data_location.clone(),
            offers_mail: self.store.offers_sign_in_mail(actor.scope()).await?
                && self.sends_mail(Sender::Partner(actor.scope())).await?,
        })
    }

    /// Creates an organization, and the link with which its first Full Admin takes up the portal.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Forbidden`].
    pub async fn create_organization(
        &self,
        actor: &PartnerActor,
        new: NewOrganization,
    ) -> Result<OrganizationCreated> {
        require(actor, PartnerAction::ManageOrganizations)?;
        let first_name = rules::line("first_name", "the first name", &new.first_name)?;
        let last_name = rules::line("last_name", "the last name", &new.last_name)?;
        let email = rules::email(&new.email)?;
        let country = country(&new.country)?;
        let (scope, _) = self.partner_of_branch(actor, &new.partner).await?;
        let no_plan = || Error::invalid("plan", "Choose a plan of this partner from the list.");
        let plan: Uuid = new.plan.parse().map_err(|_| no_plan())?;
        let on_sale = self.store.plans_on_sale(scope).await?;
        let plan = on_sale
            .into_iter()
            .find(|(owner, p)| *owner == scope.partner() && p.id == plan)
            .map(|(_, p)| p)
            .ok_or_else(no_plan)?;
        let name = rules::line("name", "the organization's name", &new.name)?;
        let seats = seats(&new.seats)?;
        // The log outlives the customer: it says which one by id, not by name.
        let detail = format!("{}, {seats} seats", plan.name);
        let entry = entry(actor, Event::OrganizationCreated, "", &detail);
        let sold = store::organizations::NewOrganization {
            name: name.clone(),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            email: email.clone(),
            country,
            plan: plan.id,
            seats,
            auto_license: auto_license(new.auto_license, &new.auto_license_cap)?,
        };
        let person = format!("{first_name} {last_name}");
        let sender = new.send_email.then_some(Sender::Partner(scope));
        let (first, link) = self.first_link(sender, &name, &person, &email).await?;
        let until = first.until;
        let organization = match self.store.sell_organization(scope, sold, first, &entry, self.now()).await {
            Err(store::Error::Taken(_)) => return Err(self.email_taken(actor, &email).await?),
            other => other?,
        };
        Ok(OrganizationCreated { id: organization.organization(), name, email, link, until })
    }

    /// A new link into an organization's portal, with the mail that brings it or, where none does, its path.
    async fn first_link(
        &self,
        sender: Option<Sender>,
        organization: &str,
        person: &str,
        email: &str,
    ) -> Result<(NewLink, Option<String>)> {
        let link = self.fresh_link("/invite/", Duration::days(LINK_DAYS));
        let message = Message::SignInLink { organization, link: &link.path, until: link.until };
        let mail = match sender {
            Some(sender) => self.mail(sender, person, email, &message, Some(link.until)).await?,
            None => None,
        };
        Ok(link.sent_by(mail))
    }

    /// Makes a new link for an organization's contact, who has not taken up the portal yet; the one before ends. It
    /// goes by mail, or is answered.
    ///
    /// # Errors
    /// [`Error::Refused`] when the contact is in already, or sign-in is off; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn renew_link(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        by_mail: bool,
    ) -> Result<OrganizationCreated> {
        require(actor, PartnerAction::ManageOrganizations)?;
        let org = self.customer(actor, id).await?;
        let scope = org.scope();
        let email = org.email.ok_or(Error::NotFound)?;
        if org.state != State::Active {
            let message =
                "Sign-in is switched off for this organization. Resume it first. Nothing was changed.";
            return Err(Error::Refused(message.to_owned()));
        }
        if self.store.taken_up(scope, &email).await?.0 {
            let message =
                "They have chosen a password already, and sign in with that. Nothing was changed.".to_owned();
            return Err(Error::Refused(message));
        }
        let person = format!("{} {}", org.first_name, org.last_name);
        let sender = by_mail.then_some(Sender::Organization(scope));
        let (first, link) = self.first_link(sender, &org.name, &person, &email).await?;
        let until = first.until;
        let object = id.to_string();
        let detail = if link.is_none() { "by mail" } else { "shown" };
        let entry = entry(actor, Event::SignInLinkMade, &object, detail);
        let invitation = NewInvitation {
            place: Place::Organization(scope, OrgRole::FullAdmin),
            name: &person,
            email: &email,
            by: &actor.email,
        };
        self.store.invite(first, &invitation, &entry, self.now()).await?;
        Ok(OrganizationCreated { id, name: org.name, email, link, until })
    }

    /// Within one's own branch, who has the e-mail is said; beyond it, only that it cannot be used.
    pub(crate) async fn email_taken(&self, actor: &PartnerActor, email: &str) -> Result<Error> {
        if let Some(org) = self.store.organization_of_email(actor.scope(), email).await? {
            let message = format!(
                "The organization {} ({}) has this e-mail already. Each organization needs its own.",
                org.name, org.number
            );
            return Ok(Error::invalid("email", message));
        }
        Ok(Error::invalid("email", "This e-mail cannot be used. Enter another one."))
    }

    /// Everything about one organization.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well.
    pub async fn organization(&self, actor: &PartnerActor, id: Uuid) -> Result<OrganizationView> {
        require(actor, PartnerAction::SeeOrganizations)?;
        let org = self.customer(actor, id).await?;
        let scope = org.scope();
        let tenants = self.store.tenant_health(scope).await?;
        let choices = match (&org.plan, actor.may(PartnerAction::SeeMoney)) {
            (Some(plan), true) => self.choices(actor, &org, &plan.terms, plan.id).await?,
            _ => Vec::new(),
        };
        let used = tenants.iter().map(|t| t.tenant.protected).sum();
        let billed = org.plan.as_ref().is_some_and(|plan| plan.terms.kind.is_billed());
        let shortage = org
            .plan
            .as_ref()
            .and_then(|_| super::subscription::supplied(&org, used).warning(billed, org.auto_license));
        let mut history = self.store.subscription_history(scope).await?;
        if !actor.may(PartnerAction::SeeMoney) {
            history.iter_mut().for_each(|event| event.held = None);
        }
        let taken_up = match &org.email {
            Some(email) => match self.store.taken_up(scope, email).await? {
                (true, _) => TakenUp::Yes,
                (false, Some(until)) if until > self.now() => TakenUp::LinkUntil(until),
                (false, _) => TakenUp::NoLink,
            },
            None => TakenUp::Yes,
        };
        let moves = Move::from_state(org.state).iter().copied();
        let moves = moves.filter(|m| actor.may(super::subscription::needs(*m))).collect();
        Ok(OrganizationView {
            first_name: org.first_name.clone(),
            last_name: org.last_name.clone(),
            country: org.country,
            auto_license: org.auto_license,
            created: org.created_at,
            erased_at: grace(&org).map(Grace::ends_at),
            seats_next: org.seats_next,
            shortage,
            rule: org.plan.as_ref().map(|plan| plan.rule).unwrap_or_default(),
            door: health::entra_door(&org).err(),
            email_portal: self.store.email_portal(scope).await?,
            moves,
            choices,
            history,
            visits: self.store.visits(scope).await?,
            taken_up,
            sends_mail: self.sends_mail(Sender::Organization(scope)).await?,
            email_change: self.email_change_view(Subject::Organization(scope)).await?,
            row: seen_by(actor, health::row(org, &tenants, self.now())),
            credentials: if actor.may(PartnerAction::SeeHealth) {
                health::credentials(tenants, self.now())
            } else {
                Vec::new()
            },
            consent: self.listed_consent_links(actor, scope).await?,
        })
    }

    /// How the actor's own organization stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn own_organization(&self, actor: &Actor) -> Result<OrganizationRow> {
        actor.check(Action::See)?;
        let org = self.store.organization_of(actor.scope()).await?.ok_or(Error::NotFound)?;
        let tenants = self.store.tenant_health(actor.scope()).await?;
        Ok(health::row(org, &tenants, self.now()))
    }

    async fn choices(
        &self,
        actor: &PartnerActor,
        org: &Organization,
        now: &PlanTerms,
        current: Uuid,
    ) -> Result<Vec<PlanChoice>> {
        let on_sale = self.store.plans_for(org.scope()).await?;
        let cycle = self.cycle(actor, org).await?;
        let mut choices = Vec::with_capacity(on_sale.len());
        for plan in on_sale.into_iter().filter(|plan| plan.id != current) {
            let verdict = plan_change(now, &plan.terms);
            let cost = match verdict {
                Ok(_) => self.cost_of_plan(cycle, org, &plan.terms)?,
                Err(_) => None,
            };
            choices.push(PlanChoice { plan, verdict, cost });
        }
        Ok(choices)
    }

    /// Changes an organization's details.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn edit_organization(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        first_name: &str,
        last_name: &str,
        name: &str,
        country: &str,
    ) -> Result<()> {
        require(actor, PartnerAction::ManageOrganizations)?;
        let org = self.customer(actor, id).await?;
        let details = Details {
            first_name: rules::line("first_name", "the first name", first_name)?,
            last_name: rules::line("last_name", "the last name", last_name)?,
            name: rules::line("name", "the organization's name", name)?,
            country: self::country(country)?,
        };
        let object = id.to_string();
        let entry = entry(actor, Event::OrganizationEdited, &object, "");
        Ok(self.store.edit_organization(org.scope(), details, &entry, self.now()).await?)
    }
}

/// The time between a deletion and the erasure, of a deleted organization.
pub(super) fn grace(org: &Organization) -> Option<Grace> {
    (org.state == State::Deleted).then(|| Grace {
        deleted_at: org.state_since,
        days: GRACE_DAYS,
        before: org.state_before.unwrap_or(State::Unsubscribed),
    })
}

pub(super) fn auto_license(on: bool, typed: &str) -> Result<AutoLicense> {
    let no = || Error::invalid("auto_license_cap", "Enter a whole number of seats, or nothing for no limit.");
    let cap = match typed.trim() {
        "" => None,
        cap => Some(seats_typed(cap).map_err(|why| match why {
            SeatRefusal::NotANumber => no(),
            other => Error::invalid("auto_license_cap", other.to_string()),
        })?),
    };
    Ok(AutoLicense { on, cap })
}

pub(super) fn seats(typed: &str) -> Result<i64> {
    seats_typed(typed).map(i64::from).map_err(|why| Error::invalid("seats", why.to_string()))
}

fn country(code: &str) -> Result<Country> {
    Country::from_code(code).ok_or_else(|| Error::invalid("country", "Choose a country from the list."))
}

/// Whether it is what a page of organizations says for where the next one begins.
#[must_use]
pub fn is_mark(after: &str) -> bool {
    place_of(after).is_some()
}

/// Where a page begins: an id, and the folded name before which it stands.
fn place_of(after: &str) -> Option<(String, Uuid)> {
    let (id, sort) = after.split_once(' ')?;
    Some((sort.to_owned(), id.parse().ok()?))
}
