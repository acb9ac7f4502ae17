//! Many rows in one statement.
//!
//! A first capture writes more than a million rows. Building a query tree for each of them, and saying in every row
//! what is the same in all, took longer than the database did; so these statements are text that is made once, with
//! the shared values once.

use sea_orm::{ConnectionTrait, Statement, Value};

use crate::Result;
use crate::db::Schema;
use crate::dialect::insert_rows;

/// An `INSERT` of many rows into one table.
pub(super) struct Bulk {
    schema: Schema,
    table: &'static str,
    /// Columns that are the same in every row (all of them numbers), with their values.
    shared: Vec<(&'static str, i64)>,
    /// The other columns, with the type that each has on PostgreSQL.
    own: &'static [(&'static str, &'static str)],
    /// What to do where the row is there already.
    conflict: &'static str,
    /// The text of a statement of so many rows.
    made: Option<(usize, String)>,
}

impl Bulk {
    pub(super) fn new(
        schema: Schema,
        table: &'static str,
        shared: Vec<(&'static str, i64)>,
        own: &'static [(&'static str, &'static str)],
        conflict: &'static str,
    ) -> Bulk {
        Bulk { schema, table, shared, own, conflict, made: None }
    }

    /// Writes rows, given as the values of their own columns one after the other; returns how many were new.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) async fn insert<C: ConnectionTrait>(&mut self, db: &C, own: Vec<Value>) -> Result<i64> {
        let rows = own.len() / self.own.len();
        if rows == 0 {
            return Ok(0);
        }
        let sql = match self.made.take() {
            Some((same, sql)) if same == rows => sql,
            _ => {
                let shared: Vec<&str> = self.shared.iter().map(|(name, _)| *name).collect();
                insert_rows(self.schema, self.table, &shared, self.own, rows, self.conflict)
            }
        };
        let values = self.shared.iter().map(|(_, value)| Value::from(*value)).chain(own);
        let statement = Statement::from_sql_and_values(db.get_database_backend(), &sql, values);
        let done = db.execute_raw(statement).await?;
        self.made = Some((rows, sql));
        Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
    }
}
