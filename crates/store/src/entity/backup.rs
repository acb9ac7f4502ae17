//! Tenants and what a backup keeps; see the migration for the meaning of the columns.

pub(crate) mod installation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "installation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub master_check: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod tenant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenant")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub public_id: Uuid,
        pub organization_id: Uuid,
        pub directory_id: Uuid,
        pub name: String,
        pub domain: String,
        pub every_min: i64,
        pub next_at: Option<i64>,
        pub full_every_min: i64,
        pub last_full_at: Option<i64>,
        pub published_seq: i64,
        pub restores: i64,
        /// Users of the newest snapshot that take a seat.
        pub protected: i64,
        /// By which rule they were counted.
        pub rule: String,
        /// When the newest snapshot was finished.
        pub last_backup_at: Option<i64>,
        /// Whether it saw everything.
        pub complete: i16,
        /// Whether the last capture that ended failed.
        pub failed: i16,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod tenant_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenant_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub purpose: i32,
        pub wrapped: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod connection {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "connection")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        pub cloud: String,
        pub client_id: String,
        pub proof: String,
        pub secret: Vec<u8>,
        pub expires_at: Option<i64>,
        pub granted: String,
        /// Whether a permission that backups use is missing.
        pub lacks: i16,
        pub healthy: i16,
        pub problem: Option<String>,
        pub tested_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod object {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "object")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub num: i64,
        pub kind: i16,
        pub entra_id: Uuid,
        pub name: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod version {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub object: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_seq: i64,
        pub to_seq: i64,
        pub kind: i16,
        pub deleted_at: Option<i64>,
        pub name: String,
        pub detail: String,
        pub sort: String,
        pub flags: i32,
        pub digest: Vec<u8>,
        pub changed: Option<String>,
        pub profile: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod body {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "body")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub object: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_seq: i64,
        pub sealed: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod word {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "word")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub object: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_seq: i64,
        pub to_seq: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod link {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub target: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub disc: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_seq: i64,
        pub to_seq: i64,
        pub details: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod seen_link {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seen_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub target: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub disc: String,
        pub details: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod unseen {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unseen")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub object: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub aspect: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_seq: i64,
        pub to_seq: i64,
        pub since: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod snapshot {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "snapshot")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub reason: String,
        pub is_full: i16,
        pub started_at: i64,
        pub took_ms: i64,
        pub completeness: String,
        pub missing: String,
        pub created: i64,
        pub updated: i64,
        pub deleted: i64,
        pub counts: String,
        /// Users that take a seat.
        pub protected: i64,
        pub links: i64,
        pub profile: i32,
        pub requests: i64,
        pub units: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod profile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "profile")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub content: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod delta_cursor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delta_cursor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: i16,
        pub profile: i32,
        pub sealed: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod restore {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "restore")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub state: String,
        pub to_seq: i64,
        pub seen_seq: i64,
        pub asked_by: String,
        pub planned_at: i64,
        pub started_at: Option<i64>,
        pub ended_at: Option<i64>,
        pub before_seq: Option<i64>,
        pub problem: Option<String>,
        pub writes: i64,
        pub unrestorable: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod restore_step {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "restore_step")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub restore: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub stage: i16,
        pub sealed: Vec<u8>,
        pub needs_confirmation: i16,
        pub confirmed: i16,
        pub outcome: String,
        pub note: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod restore_write {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "restore_write")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub restore: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub epoch: i64,
        pub steps: String,
        pub state: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod job {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "job")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant: i64,
        pub what: String,
        pub payload: String,
        pub state: String,
        pub run_at: i64,
        pub attempts: i32,
        pub epoch: i64,
        pub lease_until: Option<i64>,
        pub cancel_asked: i16,
        pub phase: String,
        pub done: i64,
        pub total: i64,
        pub problem: Option<String>,
        pub snapshot: Option<i64>,
        pub asked_by: String,
        pub created_at: i64,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
