//! How an organization stands, from how its tenants stand.

use chrono::{DateTime, Utc};
use domain::connection::ends_soon;
use domain::partner::{CredentialRow, CredentialStatus, Health, OrganizationRow, Standing};
use domain::permission;
use domain::subscription::{BackupEffect, State};
use store::organizations::Organization;
use store::standing::LATE;
use store::tenants::TenantHealth;

/// The row of a list.
pub(super) fn row(org: Organization, tenants: &[TenantHealth], now: DateTime<Utc>) -> OrganizationRow {
    OrganizationRow {
        standing: Some(Standing {
            health: health(&org, tenants, now),
            credential: tenants
                .iter()
                .map(|t| credential(t, now))
                .min_by_key(rank)
                .unwrap_or(CredentialStatus::None),
            lacking: lacking(tenants),
            last_backup: tenants.iter().filter_map(|t| t.last_backup).max(),
            next_backup: tenants.iter().filter_map(|t| t.tenant.next_at).min(),
        }),
        seats_used: tenants.iter().map(|t| t.tenant.protected).sum(),
        id: org.id,
        number: org.number,
        name: org.name,
        email: org.email.unwrap_or_default(),
        partner: org.partner,
        plan: org.plan,
        state: org.state,
        seats: org.seats,
    }
}

/// The credentials of an organization, tenant by tenant.
pub(super) fn credentials(tenants: Vec<TenantHealth>, now: DateTime<Utc>) -> Vec<CredentialRow> {
    tenants
        .into_iter()
        .map(|t| CredentialRow {
            id: t.tenant.link.id,
            status: credential(&t, now),
            permissions: permission::rows(&t.granted),
            directory: t.tenant.directory.to_string(),
            client_id: t.client_id,
            cloud: t.cloud,
            proof: t.proof,
            expires: t.expires_at,
            problem: t.problem,
            tested: t.tested_at,
            last_backup: t.last_backup,
            next_backup: t.tenant.next_at,
            tenant: t.tenant.link.name,
            domain: t.tenant.link.domain,
        })
        .collect()
}

fn health(org: &Organization, tenants: &[TenantHealth], now: DateTime<Utc>) -> Health {
    if org.state.effects().backups == BackupEffect::Stop {
        return Health::Stopped;
    }
    if org.plan.as_ref().is_some_and(|plan| !plan.terms.product.has_entra()) {
        return Health::NoEntra;
    }
    // `store::standing` says the same for a filter.
    let late = |t: &TenantHealth| t.failed || t.tenant.next_at.is_some_and(|due| due + LATE < now);
    match tenants {
        [] => Health::NotConnected,
        all if all.iter().any(late) => Health::Late,
        all if all.iter().any(|t| t.last_backup.is_none()) => Health::Waiting,
        all if all.iter().any(|t| !t.complete || t.lacks) => Health::Partly,
        _ => Health::Protected,
    }
}

fn credential(t: &TenantHealth, now: DateTime<Utc>) -> CredentialStatus {
    if !t.healthy {
        CredentialStatus::Failing
    } else if t.lacks {
        CredentialStatus::PermissionMissing
    } else if t.expires_at.is_some_and(|ends| ends_soon(ends, now)) {
        CredentialStatus::Expiring
    } else {
        CredentialStatus::Connected
    }
}

/// What the connections lack, by name, each once.
fn lacking(tenants: &[TenantHealth]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for need in tenants.iter().filter(|t| t.lacks).flat_map(|t| permission::lacking(&t.granted)) {
        let name = need.permission.least();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The one that needs somebody most comes first.
fn rank(status: &CredentialStatus) -> usize {
    CredentialStatus::ALL.iter().position(|s| s == status).unwrap_or(usize::MAX)
}

/// Whether the organization has an Entra portal that its partner can enter; else why not.
pub(super) fn entra_door(org: &Organization) -> Result<(), String> {
    match &org.plan {
        Some(plan) if !plan.terms.product.has_entra() => Err(format!(
            "The plan “{}” has no Entra portal. Change to a plan with Entra to open it.",
            plan.name
        )),
        _ if matches!(org.state, State::Unsubscribed | State::Deleted) => {
            Err("Backups are stopped and the portal is closed. Resume the subscription to open it."
                .to_owned())
        }
        _ => match org.visits_off_since {
            Some(since) => Err(format!(
                "The customer has forbidden visits since {}. One of their Full Admins can allow them again, under Visits \
                 in their portal.",
                since.format("%-d %b %Y")
            )),
            None => Ok(()),
        },
    }
}
