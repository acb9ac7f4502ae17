//! `$expand=manager($select=id),members`.

use super::query::split_outside;
use crate::reply::{GraphError, Result};

/// One relation to bring along.
#[derive(Debug)]
pub(crate) struct Expand {
    pub(crate) nav: String,
    pub(crate) select: Option<Vec<String>>,
}

pub(crate) fn parse(text: Option<&str>, allowed: &[&str]) -> Result<Vec<Expand>> {
    split_outside(text.unwrap_or_default(), ',')
        .into_iter()
        .map(|part| {
            let (nav, options) =
                part.split_once('(').map_or((part, ""), |(n, o)| (n, o.trim_end_matches(')')));
            if !allowed.contains(&nav) {
                return Err(GraphError::new(
                    400,
                    "BadRequest",
                    format!(
                        "Parsing OData Select and Expand failed: Could not find a property named '{nav}'."
                    ),
                ));
            }
            let select = split_outside(options, ';').into_iter().find_map(|o| {
                let names = o.strip_prefix("$select=")?;
                Some(names.split(',').map(|n| n.trim().to_owned()).collect())
            });
            Ok(Expand { nav: nav.to_owned(), select })
        })
        .collect()
}
