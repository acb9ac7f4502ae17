//! The schema, step by step. A step that has been released is never edited; it only gets successors.

mod m0001_portal;
mod m0002_backup;
mod m0003_mail;
mod m0004_account;
mod m0005_people;
mod m0006_money;
mod m0007_api;
mod m0008_consent;
mod m0009_sealed_log;
mod m0011_brand;
mod m0012_notices;
mod m0013_rule;
mod m0014_plan_use;
mod m0015_people;
mod m0016_forget;
mod m0017_unseen;
mod m0018_lacks;

use sea_orm::ConnectionTrait;
use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait};

use crate::db::{Db, Schema};
use crate::{Result, dialect};

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(Step { name: "m0001_portal", statements: m0001_portal::UP }),
            Box::new(Step { name: "m0002_backup", statements: m0002_backup::UP }),
            Box::new(Step { name: "m0003_mail", statements: m0003_mail::UP }),
            Box::new(Step { name: "m0004_account", statements: m0004_account::UP }),
            Box::new(Step { name: "m0005_people", statements: m0005_people::UP }),
            Box::new(Step { name: "m0006_money", statements: m0006_money::UP }),
            Box::new(Step { name: "m0007_api", statements: m0007_api::UP }),
            Box::new(Step { name: "m0008_consent", statements: m0008_consent::UP }),
            Box::new(Step { name: "m0009_sealed_log", statements: m0009_sealed_log::UP }),
            Box::new(Step { name: "m0011_brand", statements: m0011_brand::UP }),
            Box::new(Step { name: "m0012_notices", statements: m0012_notices::UP }),
            Box::new(Step { name: "m0013_rule", statements: m0013_rule::UP }),
            Box::new(Step { name: "m0014_plan_use", statements: m0014_plan_use::UP }),
            Box::new(Step { name: "m0015_people", statements: m0015_people::UP }),
            Box::new(Step { name: "m0016_forget", statements: m0016_forget::UP }),
            Box::new(Step { name: "m0017_unseen", statements: m0017_unseen::UP }),
            Box::new(Step { name: "m0018_lacks", statements: m0018_lacks::UP }),
        ]
    }
}

/// Brings the database to the newest schema.
pub(crate) async fn run(db: &Db) -> Result<()> {
    Ok(Migrator::up(db.write(), None).await?)
}

/// A step is a list of statements, written once for both databases.
struct Step {
    name: &'static str,
    statements: &'static [&'static str],
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = match manager.get_database_backend() {
            sea_orm::DbBackend::Postgres => Schema::Postgres,
            _ => Schema::Sqlite,
        };
        for template in self.statements {
            manager.get_connection().execute_unprepared(&dialect::ddl(schema, template)).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
