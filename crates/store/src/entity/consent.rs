//! Links that ask for consent; see the migration for the meaning of the columns.

pub(crate) mod consent_link {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "consent_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub token_hash: Vec<u8>,
        pub organization_id: Uuid,
        pub made_by: String,
        pub sent_to: Option<String>,
        pub created_at: i64,
        pub expires_at: i64,
        pub ended_at: Option<i64>,
        pub used_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
