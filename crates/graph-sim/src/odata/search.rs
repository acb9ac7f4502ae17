//! `$search="displayName:video" AND "mail:adele"`: words of a property that begin with the text.

use crate::reply::{GraphError, Result};
use crate::schema::Schema;
use crate::state::{Oid, Tenant};

/// Alternatives of conjunctions.
pub(crate) struct Search(Vec<Vec<(u8, String)>>);

impl Search {
    pub(crate) fn parse(schema: &Schema, text: &str) -> Result<Self> {
        let wrong =
            || GraphError::bad("Syntax error: the search clause must be of the form \"property:value\".");
        let mut any = Vec::new();
        for alternative in text.split(" OR ") {
            let mut all = Vec::new();
            for clause in alternative.split(" AND ") {
                let clause =
                    clause.trim().strip_prefix('"').and_then(|c| c.strip_suffix('"')).ok_or_else(wrong)?;
                let (name, value) = clause.split_once(':').ok_or_else(wrong)?;
                let prop = schema.find(name.trim()).ok_or_else(|| {
                    GraphError::unsupported(format!(
                        "The property '{name}' is not supported in a search clause."
                    ))
                })?;
                all.push((prop, value.trim().to_lowercase()));
            }
            any.push(all);
        }
        Ok(Self(any))
    }

    pub(crate) fn matches(&self, t: &Tenant, oid: Oid) -> bool {
        let rec = &t.object(oid).rec;
        let hit = |prop: u8, value: &str| {
            let text =
                rec.raw(prop).map(|raw| String::from_utf8_lossy(raw).to_lowercase()).unwrap_or_default();
            text.trim_matches('"').starts_with(value)
                || text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(value))
        };
        self.0.iter().any(|all| all.iter().all(|(prop, value)| hit(*prop, value)))
    }
}
