//! What programs ask for besides: lists to watch by, and a backup that is asked for once however often the request is
//! sent.

use domain::access::Action;
use domain::view::{JobRecord, Trigger};
use store::jobs::Work;
use store::scope::Actor;
use store::tenants::TenantHealth;
use uuid::Uuid;

use super::{Backup, allow};
use crate::{Error, Result};

/// A key is a name of the caller's own making, not a document.
const LONGEST_KEY: usize = 200;

/// A backup that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub job: Uuid,
    /// Whether the same request was made before, under the same key.
    pub again: bool,
}

impl Backup {
    /// How the tenants of the actor's organization stand, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn standing(&self, actor: &Actor) -> Result<Vec<TenantHealth>> {
        allow(actor, Action::See)?;
        Ok(self.store().tenant_health(actor.scope()).await?)
    }

    /// A job, as a list has it.
    ///
    /// # Errors
    /// When the tenant or the job is not there, or the database fails.
    pub async fn job_record(&self, actor: &Actor, tenant: Uuid, id: Uuid) -> Result<JobRecord> {
        let scope = self.open(actor, tenant, Action::See).await?;
        self.store().job_record(scope, id).await?.ok_or(Error::NotFound)
    }

    /// Jobs that were asked for before `before`, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the tenant is not the actor's or the database fails.
    pub async fn job_records(
        &self,
        actor: &Actor,
        tenant: Uuid,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<JobRecord>> {
        let scope = self.open(actor, tenant, Action::See).await?;
        Ok(self.store().job_records(scope, before, limit).await?)
    }

    /// Asks for a capture now, which reads everything anew where it is to be `full`. Under the same key a token gets the same job, even when it is over; without a key, the
    /// job that waits or runs.
    ///
    /// # Errors
    /// When the role does not allow it, the key cannot be used or was used for another tenant, or the database fails.
    pub async fn back_up_once(
        &self,
        actor: &Actor,
        tenant: Uuid,
        full: bool,
        key: Option<&str>,
    ) -> Result<Asked> {
        let scope = self.open(actor, tenant, Action::BackUp).await?;
        let keyed = match (key, &actor.token) {
            (Some(key), Some(token)) => {
                let fits =
                    (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
                if !fits {
                    let message = "Use 1 to 200 letters, digits and signs without spaces as the key.";
                    return Err(Error::invalid("Idempotency-Key", message));
                }
                Some((token.id, key))
            }
            _ => None,
        };
        if let Some((token, key)) = keyed
            && let Some((job, same)) = self.store().keyed_request(token, key, scope).await?
        {
            if !same {
                let message = "This key was used for another tenant. Nothing was started; choose a new key.";
                return Err(Error::invalid("Idempotency-Key", message));
            }
            return Ok(Asked { job, again: true });
        }
        let job = self.enqueue(scope, &Work::Capture { reason: Trigger::Person, full }, &actor.email).await?;
        if let Some((token, key)) = keyed {
            self.store().keep_request(token, key, scope, job, self.now()).await?;
        }
        Ok(Asked { job, again: false })
    }
}
