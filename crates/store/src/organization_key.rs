//! Each organization has a key of its own for what the audit log says about it. When the organization is erased, so is
//! the key: the log stays whole, and what it told of people and settings is noise.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::Tx;
use crate::entity::organization_key;
use crate::seal::{TextKey, new_text_key, text_key};
use crate::{MasterKey, Result, Store};

fn context(organization: Uuid) -> Vec<u8> {
    format!("holdfast organization key {organization}").into_bytes()
}

/// Makes the key of a new organization.
pub(crate) async fn create_in(tx: &Tx, organization: Uuid) -> Result<()> {
    let wrapped = new_text_key(tx.master(), &context(organization))?;
    organization_key::Entity::insert(organization_key::ActiveModel {
        organization_id: Set(organization),
        wrapped: Set(wrapped),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// The key; none where the organization was erased.
pub(crate) async fn key_in<C: ConnectionTrait>(
    db: &C,
    master: &MasterKey,
    organization: Uuid,
) -> Result<Option<TextKey>> {
    let row = organization_key::Entity::find_by_id(organization).one(db).await?;
    row.map(|row| text_key(master, &context(organization), &row.wrapped)).transpose()
}

impl Store {
    /// The keys of those of the organizations that still have one.
    pub(crate) async fn organization_keys(&self, of: Vec<Uuid>) -> Result<HashMap<Uuid, TextKey>> {
        let rows = organization_key::Entity::find()
            .filter(organization_key::Column::OrganizationId.is_in(of))
            .all(self.db().read())
            .await?;
        rows.into_iter()
            .map(|row| {
                let key = text_key(self.master(), &context(row.organization_id), &row.wrapped)?;
                Ok((row.organization_id, key))
            })
            .collect()
    }
}
