//! What a step needs beyond being possible: permissions of the app, and the directory roles that Entra
//! asks for where administrators or restricted units are concerned.

use std::collections::HashSet;

use domain::change::ObjectRef;
use domain::descriptor::{self, Restorable};
use domain::permission::{self, AnyOf, Granted};
use domain::{Kind, LinkKind, flags};
use store::Store;
use store::history::{Num, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::step::Deed;
use crate::Result;

/// Role templates whose holders may act on every administrator.
/// Source: Microsoft Entra built-in roles, sensitive actions.
const OVER_ADMINISTRATORS: [Uuid; 2] = [
    Uuid::from_u128(0x7be4_4c8a_adaf_4e2a_84d6_ab26_49e0_8a13),
    Uuid::from_u128(0x62e9_0394_69f5_4237_9190_0121_7714_5e10),
];

/// Who and what is guarded beyond permissions, at a snapshot.
pub(crate) struct Guarded {
    administrators: HashSet<Num>,
    restricted: HashSet<Num>,
    /// Whether the app may act on administrators, as far as could be found out.
    app_over_administrators: bool,
}

impl Guarded {
    pub(crate) async fn at(
        store: &Store,
        tenant: TenantScope,
        seq: i64,
        app_roles: &[Uuid],
    ) -> Result<Guarded> {
        let mut administrators = HashSet::new();
        for kind in [LinkKind::RoleAssignment, LinkKind::ActivatedRole] {
            administrators.extend(store.links_at(tenant, kind, seq).await?.into_iter().map(|l| l.key.target));
        }
        let groups = store.flagged(tenant, Kind::Group, flags::ROLE_ASSIGNABLE, seq).await?;
        for kind in [LinkKind::Member, LinkKind::Owner] {
            let links = store.links_from(tenant, kind, &groups, seq).await?;
            administrators.extend(links.into_iter().map(|l| l.key.target));
        }
        let units = store.flagged(tenant, Kind::AdministrativeUnit, flags::RESTRICTED, seq).await?;
        let restricted = store
            .links_from(tenant, LinkKind::UnitMember, &units, seq)
            .await?
            .into_iter()
            .map(|l| l.key.target)
            .collect();
        let app_over_administrators = app_roles.iter().any(|r| OVER_ADMINISTRATORS.contains(r));
        Ok(Guarded { administrators, restricted, app_over_administrators })
    }

    /// What to know about a step before it runs.
    pub(crate) fn warning(&self, deed: &Deed, object: ObjectRef, num: Num, name: &str) -> Option<String> {
        if self.restricted.contains(&num) && !matches!(deed, Deed::Link(l) if l.kind == LinkKind::UnitMember)
        {
            return Some(format!(
                "{name} is in a restricted management unit: Entra also asks the app for a directory role over that unit."
            ));
        }
        let sensitive = match deed {
            Deed::Undelete => object.kind == Kind::User,
            Deed::Set { name, .. } => {
                object.kind == Kind::User
                    && descriptor::of(Kind::User)
                        .and_then(|d| d.attribute(name))
                        .is_some_and(|a| a.restorable == Restorable::Sensitive)
            }
            Deed::Link(_) => false,
        };
        (sensitive && self.administrators.contains(&num) && !self.app_over_administrators).then(|| {
            format!(
                "{name} is an administrator: besides the permission, Entra asks the app to hold the role Privileged Authentication Administrator."
            )
        })
    }
}

/// The permissions any of which a step needs.
pub(crate) fn permissions(deed: &Deed, object: ObjectRef, version: Option<&Version>) -> AnyOf {
    let Some(d) = descriptor::of(object.kind) else { return AnyOf(&[]) };
    let holds_roles = version.is_some_and(|v| v.flags & flags::ROLE_ASSIGNABLE != 0);
    if holds_roles && object.kind == Kind::Group {
        return permission::WRITE_ROLES;
    }
    match deed {
        Deed::Undelete => d.restore,
        Deed::Set { name, .. } => match d.attribute(name).map(|a| a.restorable) {
            Some(Restorable::Separate(any)) => any,
            _ if name == "accountEnabled" => permission::ENABLE_USERS,
            _ => d.write,
        },
        Deed::Link(l) => descriptor::link(l.kind).map_or(d.write, |s| s.write),
    }
}

/// Whether the app holds one of them.
pub(crate) fn held(permissions: &[String], granted: &Granted) -> bool {
    permissions.is_empty() || permissions.iter().any(|p| granted.has(p))
}
