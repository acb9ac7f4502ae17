//! The database: entities, migrations, repositories and sealing, on SQLite and on PostgreSQL. The only
//! crate that names sea-orm.
//!
//! A repository method takes the actor's scope ([`scope::OrgScope`], [`scope::TenantScope`]); a scope can
//! only be had from this crate, for rows that the actor may see, so that another customer's row cannot
//! be asked for.

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod brands;
pub mod consent;
mod db;
mod dialect;
pub mod email_changes;
mod entity;
mod error;
pub mod features;
#[cfg(feature = "bench")]
mod fill;
pub mod history;
pub mod invitations;
pub mod jobs;
mod leases;
pub mod mail_servers;
pub mod microsoft;
mod migration;
pub mod notices;
mod organization_key;
pub mod organizations;
pub mod outbox;
pub mod overview;
pub mod partners;
pub mod passwords;
pub mod people;
mod personal;
pub mod plans;
mod purge;
pub mod restores;
pub mod scope;
pub mod seal;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod standing;
pub mod sub_partners;
pub mod subscriptions;
pub mod tenants;
mod time;
pub mod token;
pub mod tokens;
pub mod transfers;
pub mod usage;
pub mod visits;

use std::sync::Arc;

pub use db::{Db, Schema};
pub use error::Error;
pub use seal::MasterKey;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An open database and the key that unlocks its secrets. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    master: Arc<MasterKey>,
    /// What a job writes is refused once another worker has the job.
    lease: Option<Arc<jobs::Lease>>,
}

impl Store {
    /// Opens the database at `url` (`sqlite://path` or `postgresql://…`), brings its schema up to date
    /// and checks that `master` is the key it was sealed with.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated, or was sealed with another master key.
    pub async fn open(url: &str, master: MasterKey) -> Result<Store> {
        let master = Arc::new(master);
        let db = Db::connect(url, master.clone()).await?;
        migration::run(&db).await?;
        let store = Store { db, master, lease: None };
        seal::check_master(&store).await?;
        Ok(store)
    }

    /// The handles of the database itself, for repositories of this crate.
    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.read().ping().await?)
    }

    /// Bytes by table (indexes included), the largest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn size_by_table(&self) -> Result<Vec<(String, i64)>> {
        dialect::size_by_table(&self.db).await
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    ///
    /// # Errors
    /// When a connection cannot be closed properly.
    pub async fn close(self) -> Result<()> {
        self.db.close().await
    }
}
