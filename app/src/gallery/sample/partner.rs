//! A made-up partner with its customers.

use super::ago;
use domain::audit::{AuditEntryView, AuditPage, Detail};
use domain::{
    access::{PartnerAction, PartnerRole},
    connection::ProofKind,
    country::Country,
    money::Currency,
    partner::*,
    price_plan::{Periodicity, PlanKind, PlanTerms},
    product::ProductType,
    seats::AutoLicense,
    subscription::{Move, PlanChange, State, plan_change},
};
use uuid::Uuid;

pub fn partner_session(role: PartnerRole) -> PartnerSessionView {
    PartnerSessionView {
        name: "Ana Ruiz".into(),
        email: "ana@northwind.example".into(),
        partner: "Northwind MSP".into(),
        role: role.label().into(),
        may: PartnerAction::ALL.into_iter().filter(|what| role.may(*what)).collect(),
        has_branch: true,
        has_others: true,
        brand: domain::brand::BrandView::default(),
    }
}

pub fn memberships() -> Vec<MembershipView> {
    let role = |id, name: &str, role: &str, is_partner| MembershipView {
        id: Uuid::from_u128(id),
        name: name.into(),
        role: role.into(),
        is_partner,
    };
    vec![
        role(1, "Northwind MSP", "Owner", true),
        role(2, "Contoso Ltd", "Full Admin", false),
        role(3, "Tailspin Toys and Sons International Holding", "Viewer", false),
    ]
}

pub fn invitation() -> InvitationView {
    InvitationView {
        name: "Maya Okafor".into(),
        email: "maya@contoso.com".into(),
        to: "Contoso Ltd".into(),
        role: "Full Admin".into(),
        is_known: false,
    }
}

fn partners() -> Vec<PartnerOption> {
    let partner = |id, name: &str, entra| PartnerOption {
        is_own: id == 1,
        is_right_below: id != 1,
        id: Uuid::from_u128(id),
        name: name.into(),
        entra,
        support_email: Some("support@northwind.example".into()),
    };
    vec![partner(1, "Northwind MSP", true), partner(2, "Northwind Benelux", false)]
}

fn plan(id: u128, name: &str, product: ProductType, currency: &str, price_minor: i64) -> Option<PlanCell> {
    let currency = Currency::from_code(currency)?;
    let terms = PlanTerms {
        product,
        currency,
        price_minor,
        periodicity: Periodicity::Monthly,
        kind: PlanKind::Standard,
    };
    Some(PlanCell {
        id: Uuid::from_u128(id),
        name: name.into(),
        terms,
        rule: domain::seats::ProtectionRule::default(),
    })
}

fn cells() -> Vec<PlanCell> {
    use ProductType::{Archiver, ArchiverEntra, Backup, BackupEntra};
    [
        plan(11, "Backup Entra", BackupEntra, "EUR", 420),
        plan(12, "Archiver Entra", ArchiverEntra, "EUR", 590),
        plan(13, "Backup", Backup, "EUR", 280),
        plan(14, "Archiver", Archiver, "EUR", 390),
        plan(15, "Archiver Entra, dollars", ArchiverEntra, "USD", 640),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub fn plans() -> PlansPage {
    let row = |(at, cell): (usize, PlanCell)| PlanRow {
        id: cell.id,
        name: cell.name,
        terms: PlanTerms { kind: if at == 3 { PlanKind::Trial } else { PlanKind::Standard }, ..cell.terms },
        partner: partners().swap_remove(at % 2).name,
        partner_id: partners().swap_remove(at % 2).id,
        used: at != 3,
        organizations: [21, 9, 6, 0, 2].get(at).copied().unwrap_or_default(),
        archived: at == 4,
    };
    PlansPage { plans: cells().into_iter().enumerate().map(row).collect(), partners: partners() }
}

pub fn options() -> OrganizationOptions {
    let owner = |at: usize| Uuid::from_u128(if at == 2 { 2 } else { 1 });
    OrganizationOptions {
        data_location: Some("Frankfurt, Germany".into()),
        partners: partners(),
        plans: cells().into_iter().enumerate().map(|(at, cell)| (owner(at), cell)).collect(),
        offers_mail: true,
    }
}

pub fn created() -> OrganizationCreated {
    OrganizationCreated {
        id: Uuid::from_u128(17),
        name: "Contoso Ltd".into(),
        email: "maya@contoso.com".into(),
        link: Some("/invite/9kq2Vb7Yt0mZr4wX1sLpEo8HcUdJ6nGa".into()),
        until: ago(-7 * 1440),
    }
}

pub fn organizations() -> OrganizationsPage {
    use {CredentialStatus as C, Health as H};
    let rows = [
        ("Contoso Ltd", 17, 0, H::Late, Some(2880), 2_014, 2_200, C::Failing),
        ("Fabrikam GmbH", 22, 1, H::Protected, Some(11), 812, 850, C::Connected),
        ("Adventure Works", 31, 0, H::Partly, Some(24), 143, 150, C::PermissionMissing),
        ("Tailspin Toys", 35, 2, H::NoEntra, None, 58, 60, C::None),
        ("Woodgrove Bank", 40, 1, H::Protected, Some(4), 9_640, 9_700, C::Connected),
        ("Litware Inc", 44, 0, H::NotConnected, None, 0, 320, C::None),
        (
            "Proseware, the long name of a company that sells prose",
            51,
            0,
            H::Waiting,
            None,
            77,
            100,
            C::Connected,
        ),
        ("Humongous Insurance", 58, 1, H::Protected, Some(1), 4_120, 4_200, C::Connected),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, number, plan, health, last, used, seats, credential)| OrganizationRow {
            id: Uuid::from_u128(number),
            number: format!("100482-{number}"),
            name: name.into(),
            email: "maya@contoso.com".into(),
            partner: "Northwind MSP".into(),
            plan: cells().into_iter().nth(plan),
            state: State::Active,
            standing: Some(Standing {
                health,
                last_backup: last.map(ago),
                next_backup: last.map(|_| ago(-36)),
                credential,
                lacking: if credential == CredentialStatus::PermissionMissing {
                    vec!["Member.Read.Hidden".into()]
                } else {
                    vec![]
                },
            }),
            seats_used: used,
            seats,
        })
        .collect();
    OrganizationsPage {
        rows,
        counts: State::ALL.into_iter().zip([38, 2, 1, 4]).collect(),
        next: Some("x".into()),
        plans: cells().into_iter().map(|cell| (cell.id, cell.name)).collect(),
        partners: partners(),
    }
}

pub fn organization(state: State) -> Option<OrganizationView> {
    let mut row = organizations().rows.into_iter().next()?;
    row.state = state;
    let terms = row.plan.as_ref()?.terms;
    let choices = cells()
        .into_iter()
        .skip(1)
        .map(|plan| PlanChoice { verdict: plan_change(&terms, &plan.terms), cost: None, plan })
        .collect::<Vec<_>>();
    debug_assert!(choices.iter().any(|choice| choice.verdict == Ok(PlanChange::Upgrade)));
    let event = |minutes, what: &str| SubscriptionEvent {
        at: ago(minutes),
        actor: "ana@northwind.example".into(),
        what: what.into(),
        held: Some((2_200, terms)),
    };
    Some(OrganizationView {
        first_name: "Maya".into(),
        last_name: "Okafor".into(),
        country: Country::from_code("DE"),
        auto_license: AutoLicense { on: true, cap: Some(60) },
        created: ago(413 * 1440),
        erased_at: (state == State::Deleted).then(|| ago(-23 * 1440)),
        seats_next: Some((2_100, ago(-9 * 1440))),
        shortage: None,
        rule: domain::seats::ProtectionRule::default(),
        door: (state != State::Active).then(|| "Sign-in is off for this organization. Resume it first.".into()),
        email_portal: Some("https://mail.lighthouse.example".into()),
        moves: Move::from_state(state).to_vec(),
        choices,
        history: vec![
            event(50, "Seats: 2000 → 2200"),
            event(90 * 1440, "Plan: Backup → Backup Entra"),
            event(413 * 1440, "Created on Backup with 1800 seats"),
        ],
        credentials: vec![
            CredentialRow {
                id: Uuid::from_u128(0xa),
                directory: super::TENANT.into(),
                client_id: "5f0b4a86-9d5e-4b2f-8c4d-a93f7c1e2d9a".into(),
                cloud: "global".into(),
                proof: ProofKind::Secret,
                expires: Some(ago(60 * 24 * 4)),
                permissions: super::permissions(true),
                tenant: "Contoso Ltd".into(),
                domain: "contoso.onmicrosoft.com".into(),
                status: CredentialStatus::Failing,
                problem: Some("Entra refused the client secret: it ended on 20 November. Renew it in their portal, under Connection.".into()),
                tested: Some(ago(4)),
                last_backup: Some(ago(2880)),
                next_backup: None,
            },
            CredentialRow {
                id: Uuid::from_u128(0xb),
                directory: super::TENANT.into(),
                client_id: "5f0b4a86-9d5e-4b2f-8c4d-a93f7c1e2d9a".into(),
                cloud: "global".into(),
                proof: ProofKind::Certificate,
                expires: Some(ago(-60 * 24 * 12)),
                permissions: super::permissions(false),
                tenant: "Contoso Labs".into(),
                domain: "labs.contoso.com".into(),
                status: CredentialStatus::PermissionMissing,
                problem: None,
                tested: Some(ago(64)),
                last_backup: Some(ago(31)),
                next_backup: Some(ago(-29)),
            },
        ],
        consent: Some(vec![]),
        visits: vec![VisitRow {
            visitor: "tom@northwind.example".into(),
            reason: "Ticket 4711: restore Maya’s groups".into(),
            began: ago(300),
            until: ago(240),
        }],
        taken_up: TakenUp::LinkUntil(ago(-5 * 1440)),
        sends_mail: true,
        email_change: None,
        row,
    })
}

pub fn audit() -> AuditPage {
    let entry = |number, event: &str, detail: Detail, object: &str| AuditEntryView {
        number,
        at: ago(600 - number),
        actor: "ana@northwind.example".into(),
        event: event.into(),
        organization: None,
        object: object.into(),
        detail,
        address: "203.0.113.7".into(),
        names: Default::default(),
    };
    AuditPage {
        entries: vec![
            entry(412, "visit-began", Detail::note("Ticket 4711"), "00000000-0000-0000-0000-000000000011"),
            entry(
                411,
                "seats-changed",
                Detail::note("from 1 Dec 2026 on").change("Seats", 2200, 2000).change(
                    "Auto license",
                    "Off",
                    "On",
                ),
                "00000000-0000-0000-0000-000000000011",
            ),
            entry(
                410,
                "plan-created",
                Detail::note("Archiver Entra, dollars: Archiver Entra, $6.40 a seat, monthly"),
                "",
            ),
            entry(409, "sign-in", Detail::default(), ""),
        ],
        next: Some(409),
        partners: partners(),
    }
}
