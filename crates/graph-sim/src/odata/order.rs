//! `$orderby`.

use crate::reply::{GraphError, Result};
use crate::schema::{Schema, Ty};
use crate::state::{Oid, Tenant};

/// A property to sort by.
pub(crate) struct Order {
    prop: u8,
    descending: bool,
}

impl Order {
    pub(crate) fn parse(schema: &Schema, text: &str) -> Result<Self> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let descending = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(GraphError::bad("Invalid $orderby query option value.")),
        };
        let prop = schema
            .find(name)
            .filter(|p| matches!(schema.props[*p as usize].ty, Ty::Str | Ty::Date))
            .ok_or_else(|| GraphError::unsupported(format!("Unsupported sort property '{name}'.")))?;
        Ok(Self { prop, descending })
    }

    pub(crate) fn sort(&self, t: &Tenant, oids: &mut [Oid]) {
        oids.sort_by_cached_key(|oid| {
            let object = t.object(*oid);
            if self.prop == 1 && object.deleted_at != 0 {
                return format!("{:020}", object.deleted_at);
            }
            object.rec.str(self.prop).unwrap_or_default().to_lowercase()
        });
        if self.descending {
            oids.reverse();
        }
    }
}
