use sea_orm::{DbErr, SqlErr};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Database(DbErr),
    /// A value that must be unique is taken.
    #[error("the value is already taken: {0}")]
    Taken(String),
    /// A sealed value could not be opened: another key, or the bytes were altered.
    #[error("a sealed value of {0} could not be opened: it was altered, or sealed with another key")]
    Seal(&'static str),
    /// `HOLDFAST_MASTER_KEY` or the key file is not the one this database was sealed with.
    #[error(
        "the master key does not fit this database; use the key it was created with (HOLDFAST_MASTER_KEY or the key file)"
    )]
    WrongMasterKey,
    /// The master key is not 32 bytes in base64.
    #[error("the master key must be 32 bytes in base64")]
    MalformedMasterKey,
    /// Somebody else holds the lease now; what this worker was doing must stop.
    #[error("the job's lease was lost to another worker")]
    LeaseLost,
    /// A row holds something that the product never writes.
    #[error("unexpected data in {0}")]
    Inconsistent(&'static str),
    /// The partner is closed: nothing is created below it.
    #[error("the partner is closed")]
    PartnerClosed,
    /// The organization's backups have stopped, because its subscription has ended.
    #[error("the organization's backups have stopped")]
    Stopped,
    /// Something that had to wait for others waited in vain.
    #[error("{0}")]
    Busy(&'static str),
}

impl From<DbErr> for Error {
    fn from(e: DbErr) -> Self {
        match e.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) => Error::Taken(what),
            _ => Error::Database(e),
        }
    }
}
