//! What is taken back: rows of a capture that never published, and rows that never held.

use domain::LinkKind;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::db::{Schema, Tx};
use crate::dialect::statement;
use crate::entity::seen_link;
use crate::scope::TenantScope;
use crate::{Result, Store};

/// Removes rows that begin and end at `seq`.
pub(super) async fn drop_empty(store: &Store, tenant: TenantScope, seq: i64) -> Result<()> {
    let (schema, id) = (store.db().schema(), tenant.id());
    let tx = store.begin_held().await?;
    let bodies = "DELETE FROM body WHERE tenant = ? AND (object, from_seq) IN (SELECT object, from_seq FROM version \
                  WHERE tenant = ? AND from_seq > 1 AND from_seq = ? AND to_seq = ?)";
    tx.execute_raw(statement(schema, bodies, [id.into(), id.into(), seq.into(), seq.into()])).await?;
    for table in ["version", "link", "word"] {
        let sql =
            format!("DELETE FROM {table} WHERE tenant = ? AND from_seq = ? AND to_seq = ? AND from_seq > 1");
        tx.execute_raw(statement(schema, &sql, [id.into(), seq.into(), seq.into()])).await?;
    }
    tx.commit().await
}

/// Undoes what a capture that never published has written.
pub(super) async fn roll_back(store: &Store, tenant: TenantScope, published: i64) -> Result<()> {
    let (schema, id) = (store.db().schema(), tenant.id());
    let tx = store.begin_held().await?;
    seen_link::Entity::delete_many().filter(seen_link::Column::Tenant.eq(id)).exec(&tx).await?;
    if published == 0 {
        for table in ["version", "body", "word", "link", "unseen", "object"] {
            let sql = format!("DELETE FROM {table} WHERE tenant = ?");
            tx.execute_raw(statement(schema, &sql, [id.into()])).await?;
        }
    } else {
        for sql in [
            "DELETE FROM unseen WHERE tenant = ? AND from_seq > ?",
            "UPDATE unseen SET to_seq = 2147483647 WHERE tenant = ? AND to_seq < 2147483647 AND to_seq > ?",
        ] {
            tx.execute_raw(statement(schema, sql, [id.into(), published.into()])).await?;
        }
        // The conditions of the partial indexes come last; see `Store::difference`.
        let bodies = "DELETE FROM body WHERE tenant = ? AND (object, from_seq) IN (SELECT object, from_seq FROM version \
                      WHERE tenant = ? AND from_seq > ? AND from_seq > 1)";
        tx.execute_raw(statement(schema, bodies, [id.into(), id.into(), published.into()])).await?;
        for table in ["version", "word", "link"] {
            let sql = format!("DELETE FROM {table} WHERE tenant = ? AND from_seq > ? AND from_seq > 1");
            tx.execute_raw(statement(schema, &sql, [id.into(), published.into()])).await?;
            let sql = format!(
                "UPDATE {table} SET to_seq = 2147483647 WHERE tenant = ? AND to_seq < 2147483647 AND to_seq > ?"
            );
            tx.execute_raw(statement(schema, &sql, [id.into(), published.into()])).await?;
        }
        forget_objects(&tx, schema, id).await?;
    }
    tx.commit().await
}

/// Removes the objects with numbers above every one that is still in use: those that the capture was the first to
/// mention, as far as it came. They are written in the order of their ids, so a capture that was killed meanwhile has
/// left some numbers out; the next one gives them anew.
///
/// Every part of the question is the end of an index.
async fn forget_objects(tx: &Tx, schema: Schema, tenant: i64) -> Result<()> {
    let mut used = vec![
        "SELECT MAX(object) AS num FROM version WHERE tenant = ?".to_owned(),
        "SELECT MAX(object) FROM unseen WHERE tenant = ?".to_owned(),
        "SELECT MAX(target) FROM link WHERE tenant = ?".to_owned(),
    ];
    let of_kind =
        |kind: LinkKind| format!("SELECT MAX(source) FROM link WHERE tenant = ? AND kind = {}", kind.code());
    used.extend(LinkKind::ALL.map(of_kind));
    let sql = format!(
        "DELETE FROM object WHERE tenant = ? AND num > (SELECT COALESCE(MAX(num), 0) FROM ({}) used)",
        used.join(" UNION ALL ")
    );
    let values = vec![tenant.into(); used.len() + 1];
    tx.execute_raw(statement(schema, &sql, values)).await?;
    Ok(())
}
