//! The repositories, each on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod attempts;
mod audit;
mod erasure;
mod jobs;
mod killed;
mod partners;
mod sessions;
mod setup;

use chrono::{DateTime, Duration, Utc};
use store::{MasterKey, Store};

/// An open, empty store; its database lives as long as this does.
struct Fresh {
    store: Store,
    database: testbed::Database,
}

/// One of each database, with its name for messages.
async fn stores() -> Vec<Fresh> {
    let mut stores = Vec::new();
    for database in testbed::databases() {
        let store = Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap();
        stores.push(Fresh { store, database });
    }
    stores
}

/// A fixed moment, and minutes after it.
fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_780_000_000_123).unwrap() + Duration::minutes(minutes)
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_again_with_its_own_key_only() {
    for Fresh { store, database } in stores().await {
        store.ping().await.unwrap();
        store.close().await.unwrap();
        Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap().close().await.unwrap();
        let other = Store::open(&database.url, MasterKey::from_bytes([8; 32])).await;
        assert!(matches!(other, Err(store::Error::WrongMasterKey)), "{}", database.name);
    }
}
