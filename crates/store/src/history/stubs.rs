//! Objects that are never captured themselves: service principals, devices, contacts, licenses. They are kept by
//! kind, id and name, as the far ends of links.

use domain::Kind;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Num;
use super::write::Writer;
use crate::Result;
use crate::entity::object;

/// An object that is known by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stub {
    pub num: Num,
    pub kind: Kind,
    pub id: Uuid,
}

impl Writer {
    /// Objects of these kinds, the lowest numbers first, at most `limit`; with `unnamed`, only those whose name was
    /// never asked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stubs(&self, kinds: &[Kind], unnamed: bool, limit: u64) -> Result<Vec<Stub>> {
        let mut query = object::Entity::find()
            .filter(object::Column::Tenant.eq(self.tenant.id()))
            .filter(object::Column::Kind.is_in(kinds.iter().map(|k| k.code())));
        if unnamed {
            query = query.filter(object::Column::Name.is_null());
        }
        let rows = query.order_by_asc(object::Column::Num).limit(limit).all(self.store.db().read()).await?;
        let stub = |m: object::Model| Stub { num: m.num, kind: Kind::from_code(m.kind), id: m.entra_id };
        Ok(rows.into_iter().map(stub).collect())
    }

    /// Keeps what an object is and is called. An empty name says that Graph gives none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn name_stub(&mut self, num: Num, kind: Kind, name: &str) -> Result<()> {
        let tx = self.store.begin_held().await?;
        object::Entity::update_many()
            .filter(object::Column::Tenant.eq(self.tenant.id()))
            .filter(object::Column::Num.eq(num))
            .col_expr(object::Column::Kind, Expr::value(kind.code()))
            .col_expr(object::Column::Name, Expr::value(name))
            .exec(&tx)
            .await?;
        tx.commit().await
    }
}
