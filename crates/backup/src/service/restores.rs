//! Restores, as pages ask for them.

use domain::Seq;
use domain::access::Action;
use domain::change::Selection;
use domain::plan::{RestoreRow, RestoreView, StepView};
use store::scope::Actor;
use uuid::Uuid;

use super::Backup;
use super::engine as restore;
use crate::Result;

/// Restores in a list.
const LISTED: u64 = 100;

impl Backup {
    /// Makes a plan that puts chosen differences between two snapshots back to how they were at `from`.
    /// Nothing runs yet. Returns its number.
    ///
    /// # Errors
    /// When the role does not allow it, a snapshot is not there, or nothing was chosen.
    pub async fn plan(
        &self,
        actor: &Actor,
        tenant: Uuid,
        from: Seq,
        to: Seq,
        chosen: &Selection,
    ) -> Result<i64> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::plan(self, scope, &actor.email, from, to, chosen).await
    }

    /// The tenant's restores, the newest first.
    ///
    /// # Errors
    /// When the tenant is not the actor's or the database fails.
    pub async fn restores(&self, actor: &Actor, tenant: Uuid) -> Result<Vec<RestoreRow>> {
        let scope = self.open(actor, tenant, Action::See).await?;
        Ok(self.store().restores(scope, LISTED).await?)
    }

    /// A restore and where it stands.
    ///
    /// # Errors
    /// When the tenant or the restore is not there, or the database fails.
    pub async fn restore(&self, actor: &Actor, tenant: Uuid, number: i64) -> Result<RestoreView> {
        let scope = self.open(actor, tenant, Action::See).await?;
        restore::view(self, scope, number).await
    }

    /// Steps of a restore after step `after`, 200 at a time; they are counted from 1.
    ///
    /// # Errors
    /// When the tenant or the restore is not there, or the database fails.
    pub async fn steps(&self, actor: &Actor, tenant: Uuid, number: i64, after: i32) -> Result<Vec<StepView>> {
        let scope = self.open(actor, tenant, Action::See).await?;
        restore::steps(self, scope, number, after).await
    }

    /// Confirms a step that runs only if it is, or takes that back.
    ///
    /// # Errors
    /// When the role does not allow it, or the restore has begun.
    pub async fn confirm_step(
        &self,
        actor: &Actor,
        tenant: Uuid,
        number: i64,
        step: i32,
        yes: bool,
    ) -> Result<()> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::confirm(self, scope, number, step, yes).await
    }

    /// Starts a planned restore.
    ///
    /// # Errors
    /// When the role does not allow it, or the restore is not one that can start.
    pub async fn start_restore(&self, actor: &Actor, tenant: Uuid, number: i64) -> Result<()> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::start(self, scope, &actor.email, number).await
    }

    /// Asks a running restore to pause after the writes in flight.
    ///
    /// # Errors
    /// When the role does not allow it, or the restore does not run.
    pub async fn pause_restore(&self, actor: &Actor, tenant: Uuid, number: i64) -> Result<()> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::pause(self, scope, number).await
    }

    /// Lets a paused restore go on.
    ///
    /// # Errors
    /// When the role does not allow it, or the restore is not paused.
    pub async fn resume_restore(&self, actor: &Actor, tenant: Uuid, number: i64) -> Result<()> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::start(self, scope, &actor.email, number).await
    }

    /// Stops a restore, or discards a plan; what was done stays and is listed.
    ///
    /// # Errors
    /// When the role does not allow it, or the restore is over.
    pub async fn cancel_restore(&self, actor: &Actor, tenant: Uuid, number: i64) -> Result<()> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::cancel(self, scope, number).await
    }

    /// Makes a plan that takes a restore back, from its before-image. Returns the new plan's number.
    ///
    /// # Errors
    /// When the role does not allow it, or the restore wrote nothing.
    pub async fn undo_restore(&self, actor: &Actor, tenant: Uuid, number: i64) -> Result<i64> {
        let scope = self.open(actor, tenant, Action::Restore).await?;
        restore::undo(self, scope, &actor.email, number).await
    }
}
