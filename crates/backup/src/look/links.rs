//! What is said of a link beside its two ends.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::link::LinkDetails;
use domain::{LinkKind, Seq};
use store::Store;
use store::history::LinkKey;
use store::scope::TenantScope;
use uuid::Uuid;

use crate::Result;
use crate::look::compare;

/// Names of the objects that links mention beside their ends: scopes of assignments, groups that licences
/// come from.
#[derive(Debug, Default)]
pub(crate) struct Mentioned(HashMap<Uuid, String>);

impl Mentioned {
    /// Looks up what these links mention, by the names at `seq`.
    pub(crate) async fn look_up<'a>(
        store: &Store,
        tenant: TenantScope,
        links: impl Iterator<Item = &'a LinkKey>,
        seq: Seq,
    ) -> Result<Mentioned> {
        let ids: HashSet<Uuid> = links.filter_map(|k| mentioned(k.kind, &k.disc)).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let nums = store.numbers_of(tenant, &ids).await?.into_iter().map(|i| i.num).collect();
        let named = store.identities(tenant, &nums, seq).await?;
        Ok(Mentioned(named.into_values().map(|i| (i.id, i.name)).collect()))
    }

    fn name(&self, id: Uuid) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// The object that a discriminator names.
fn mentioned(kind: LinkKind, disc: &str) -> Option<Uuid> {
    match kind {
        LinkKind::RoleAssignment | LinkKind::ActivatedRole => disc.rsplit('/').next()?.parse().ok(),
        LinkKind::Licence => disc.parse().ok(),
        _ => None,
    }
}

/// Scope of an assignment, source of a licence; empty where there is nothing to say.
pub(crate) fn label(
    kind: LinkKind,
    disc: &str,
    details: Option<&Option<String>>,
    names: &Mentioned,
) -> String {
    match kind {
        LinkKind::RoleAssignment | LinkKind::ActivatedRole => {
            let scope = scope(disc, names);
            match compare::details(details) {
                Some(LinkDetails::Unsure) => format!("{scope}, may be temporary"),
                Some(LinkDetails::Period { from, until }) => format!("{scope}{}", period(from, until)),
                Some(LinkDetails::DisabledPlans(_)) | None => scope,
            }
        }
        LinkKind::Licence | LinkKind::GroupLicense => {
            let source = match mentioned(kind, disc) {
                Some(group) => format!("From group {}", names.name(group)),
                None => "Direct".to_owned(),
            };
            let plans = match compare::details(details) {
                Some(LinkDetails::DisabledPlans(plans)) => plans.len(),
                _ => 0,
            };
            match plans {
                0 => source,
                1 => format!("{source}, 1 service off"),
                n => format!("{source}, {n} services off"),
            }
        }
        _ => String::new(),
    }
}

/// When a time-bound assignment begins and ends, after its scope.
fn period(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> String {
    let time = |t: DateTime<Utc>| t.format("%Y-%m-%d %H:%M UTC");
    match (from, until) {
        (Some(from), Some(until)) => format!(", active from {} until {}", time(from), time(until)),
        (None, Some(until)) => format!(", active until {}", time(until)),
        (Some(from), None) => format!(", active from {}", time(from)),
        (None, None) => String::new(),
    }
}

fn scope(scope: &str, names: &Mentioned) -> String {
    if scope.is_empty() || scope == "/" {
        return "Whole tenant".to_owned();
    }
    let id = scope.rsplit('/').next().and_then(|s| s.parse().ok());
    match id {
        Some(id) if scope.starts_with("/administrativeUnits/") => {
            format!("Administrative unit {}", names.name(id))
        }
        Some(id) => format!("Only {}", names.name(id)),
        None => format!("Only {}", scope.trim_start_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_and_sources_in_words() {
        let id = Uuid::from_u128(7);
        let names = Mentioned([(id, "Norway".to_owned())].into_iter().collect());
        let of = |kind, disc: &str, details: Option<&str>| {
            label(kind, disc, Some(&details.map(str::to_owned)), &names)
        };
        let role = |disc: &str, details| of(LinkKind::RoleAssignment, disc, details);
        assert_eq!(role("/", None), "Whole tenant");
        assert_eq!(role("/", Some("unsure")), "Whole tenant, may be temporary");
        assert_eq!(
            role("/", Some("period:2026-05-01T09:00:00Z/2026-05-08T09:00:00Z")),
            "Whole tenant, active from 2026-05-01 09:00 UTC until 2026-05-08 09:00 UTC"
        );
        assert_eq!(
            role("/", Some("period:/2026-05-08T09:00:00Z")),
            "Whole tenant, active until 2026-05-08 09:00 UTC"
        );
        assert_eq!(role(&format!("/administrativeUnits/{id}"), None), "Administrative unit Norway");
        assert_eq!(role(&format!("/{id}"), None), "Only Norway");
        assert_eq!(role("/AccessPackageCatalog/x", None), "Only AccessPackageCatalog/x");
        let licence = |disc: &str, details| of(LinkKind::Licence, disc, details);
        assert_eq!(licence("", None), "Direct");
        assert_eq!(
            licence(&id.to_string(), Some(&format!("{id},{id}"))),
            "From group Norway, 2 services off"
        );
        assert_eq!(of(LinkKind::Member, "", None), "");
    }
}
