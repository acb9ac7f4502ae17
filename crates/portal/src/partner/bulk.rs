//! One thing done to several customers: what would happen to each, and what did.

use domain::bulk::{Bulk, BulkDone, BulkQuestion, BulkResult, BulkRow, MOST};
use domain::subscription::Move;
use store::audit::Entry;
use store::organizations::Organization;
use store::scope::{OrgScope, PartnerActor};
use uuid::Uuid;

use super::organizations::grace;
use super::{health, require};
use crate::{Error, Event, Portal, Result};

/// A customer to back up, for the engine.
#[derive(Clone, Debug)]
pub struct ToBackUp {
    pub id: Uuid,
    pub name: String,
    pub number: String,
    /// Where its tenants are, or why there is nothing to back up.
    pub place: Result<OrgScope, String>,
}

impl Portal {
    /// What would happen to each of the chosen customers.
    ///
    /// # Errors
    /// [`Error::Refused`] when none or too many are chosen; [`Error::Forbidden`].
    pub async fn bulk_question(
        &self,
        actor: &PartnerActor,
        what: Bulk,
        chosen: &[Uuid],
    ) -> Result<BulkQuestion> {
        require(actor, what.needs())?;
        let found = self.chosen(actor, chosen).await?;
        let unknown = distinct(chosen).len() - found.len();
        let mut rows = Vec::with_capacity(found.len());
        for org in found {
            let obstacle = match what.as_move() {
                Some(to) => to.apply(org.state, grace(&org), self.now()).err().map(|why| why.to_string()),
                None => self.backup_obstacle(&org).await?,
            };
            rows.push(BulkRow { id: org.id, name: org.name, number: org.number, obstacle });
        }
        Ok(BulkQuestion { what, rows, unknown: i64::try_from(unknown).unwrap_or(i64::MAX) })
    }

    /// Suspends or resumes each of the chosen customers. One that cannot be does not keep the others from it.
    ///
    /// # Errors
    /// [`Error::Refused`] when none or too many are chosen; [`Error::Forbidden`]; when the database fails.
    pub async fn bulk_move(&self, actor: &PartnerActor, what: Bulk, chosen: &[Uuid]) -> Result<BulkDone> {
        require(actor, what.needs())?;
        let Some(to) = what.as_move() else {
            return Err(Error::Refused(
                "This is not a change of a subscription. Nothing was changed.".into(),
            ));
        };
        let mut results = Vec::new();
        for org in self.chosen(actor, chosen).await? {
            let outcome = match self.move_organization(actor, org.id, to, "").await {
                Ok(()) => Ok(done(to).to_owned()),
                Err(Error::Store(error)) => return Err(error.into()),
                Err(why) => Err(why.to_string()),
            };
            results.push(BulkResult { id: org.id, name: org.name, number: org.number, outcome });
        }
        Ok(BulkDone { what, results })
    }

    /// The chosen customers with where to back them up, or why not. The engine does it; [`Portal::backup_asked`] records
    /// it.
    ///
    /// # Errors
    /// [`Error::Refused`] when none or too many are chosen; [`Error::Forbidden`].
    pub async fn to_back_up(&self, actor: &PartnerActor, chosen: &[Uuid]) -> Result<Vec<ToBackUp>> {
        require(actor, Bulk::BackUp.needs())?;
        let mut out = Vec::new();
        for org in self.chosen(actor, chosen).await? {
            let place = match self.backup_obstacle(&org).await? {
                Some(why) => Err(why),
                None => Ok(org.scope()),
            };
            out.push(ToBackUp { id: org.id, name: org.name, number: org.number, place });
        }
        Ok(out)
    }

    /// Records that a customer's backup was asked for.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn backup_asked(&self, actor: &PartnerActor, of: OrgScope, detail: &str) -> Result<()> {
        let object = of.organization().to_string();
        let entry = Entry {
            actor: &actor.email,
            event: Event::BackupAsked.slug(),
            object: &object,
            detail,
            address: &actor.address,
        };
        Ok(self.store.append_audit(of, &entry, self.now()).await?)
    }

    /// The chosen ones that the actor has, each once, in the order of their names.
    async fn chosen(&self, actor: &PartnerActor, chosen: &[Uuid]) -> Result<Vec<Organization>> {
        let ids = distinct(chosen);
        if ids.is_empty() {
            return Err(Error::Refused("Choose at least one organization from the list.".to_owned()));
        }
        if ids.len() > MOST {
            return Err(Error::Refused(format!(
                "At most {MOST} organizations are done at once. Nothing was changed; choose fewer."
            )));
        }
        Ok(self.store.organizations_of(actor.scope(), &ids).await?)
    }

    async fn backup_obstacle(&self, org: &Organization) -> Result<Option<String>> {
        if let Err(why) = health::entra_door(org) {
            return Ok(Some(why));
        }
        let is_connected = !self.store.tenants(org.scope()).await?.is_empty();
        Ok((!is_connected).then(|| "Nothing is connected yet, so there is nothing to back up.".to_owned()))
    }
}

fn distinct(ids: &[Uuid]) -> Vec<Uuid> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    ids
}

const fn done(what: Move) -> &'static str {
    match what {
        Move::Suspend => "Suspended: sign-in is off, backups go on.",
        _ => "Resumed: sign-in is on, backups run.",
    }
}
