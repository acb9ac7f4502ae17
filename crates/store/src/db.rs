//! How the database is opened.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::{MasterKey, Result};

/// Readers beside the one SQLite writer.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 12;

/// SQLite has one writer and several readers; PostgreSQL one pool for both.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    master: Arc<MasterKey>,
}

/// A transaction, with the key at hand that seals what is written in it. Dropped, it is taken back.
#[derive(Debug)]
pub(crate) struct Tx {
    tx: DatabaseTransaction,
    master: Arc<MasterKey>,
}

impl Tx {
    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    pub(crate) async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }
}

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.tx.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.tx.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.tx.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.tx.query_all_raw(statement).await
    }
}

/// Which of the two databases this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Sqlite,
    Postgres,
}

impl Db {
    pub(crate) async fn connect(url: &str, master: Arc<MasterKey>) -> Result<Db> {
        if url.starts_with("sqlite:") {
            let write = Database::connect(sqlite(url, 1, false)).await?;
            let read = Database::connect(sqlite(url, SQLITE_READERS, true)).await?;
            Ok(Db { read, write, master })
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(POSTGRES_CONNECTIONS)
                .acquire_timeout(Duration::from_secs(10))
                .sqlx_logging(false);
            let write = Database::connect(options).await?;
            Ok(Db { read: write.clone(), write, master })
        }
    }

    pub(crate) fn schema(&self) -> Schema {
        match self.write.get_database_backend() {
            DbBackend::Postgres => Schema::Postgres,
            _ => Schema::Sqlite,
        }
    }

    /// For queries only: on SQLite a write through it fails.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For single statements that write.
    pub(crate) fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// A transaction that will write. On SQLite it takes the write lock at once, since a later upgrade
    /// would fail without waiting. Nothing slow may happen inside it.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let tx = self
            .write
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        Ok(Tx { tx, master: self.master.clone() })
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.read.close().await?;
        self.write.close().await?;
        Ok(())
    }
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            use sqlx_sqlite_options::*;
            // The waiting time comes before the journal mode: two connections that open at once would
            // otherwise collide on it.
            let o = o
                .busy_timeout(Duration::from_secs(20))
                .journal_mode(JournalMode::Wal)
                .synchronous(Synchronous::Normal)
                .foreign_keys(true)
                .pragma("cache_size", if read_only { "-4000" } else { "-48000" })
                .pragma("temp_store", "memory")
                .pragma("secure_delete", "on")
                // A first capture would otherwise copy the same pages into the file again and again.
                .pragma("wal_autocheckpoint", "4000");
            if read_only {
                o.read_only(true)
            } else {
                o.create_if_missing(true).optimize_on_close(true, None)
            }
        });
    options
}

/// sqlx's names, which sea-orm hands on.
mod sqlx_sqlite_options {
    pub(super) use sea_orm::sqlx::sqlite::{
        SqliteJournalMode as JournalMode, SqliteSynchronous as Synchronous,
    };
}
