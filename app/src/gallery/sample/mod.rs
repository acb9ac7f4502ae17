//! A made-up tenant, for looking at pages without a server.

mod changes;
mod partner;
mod restores;

pub use changes::{change, changes};
pub use partner::{
    audit, created, invitation, memberships, options, organization, organizations, partner_session, plans,
};
pub use restores::{restore, steps};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Kind, LinkKind,
    access::Action,
    capture::{Coverage, Gap, GapReason, ReadScope},
    change::{ObjectRef, Shown, Sort},
    connection::ProofKind,
    descriptor::Obstacle,
    permission::NEEDS,
    view::*,
};
use uuid::Uuid;

pub const TENANT: &str = "00000000-0000-0000-0000-00000000000a";

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

fn ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

fn own(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

pub fn user(number: u128) -> ObjectRef {
    ObjectRef { kind: Kind::User, id: Uuid::from_u128(0x7c1e_2d9a_5f0b_4a86_9d5e_1b2f_3c4d_0000 + number) }
}

fn of(kind: Kind, number: u128) -> ObjectRef {
    ObjectRef { kind, ..user(number) }
}

pub fn session() -> SessionView {
    let tenant = |id: u128, name: &str, domain: &str| TenantLink {
        id: Uuid::from_u128(id),
        name: name.into(),
        domain: domain.into(),
    };
    SessionView {
        name: "Ana Ruiz".into(),
        email: "ana@northwind.example".into(),
        organization: "Northwind MSP".into(),
        role: "Full Admin".into(),
        may: vec![Action::See, Action::BackUp, Action::Restore, Action::Connect],
        off: vec![],
        tenants: vec![
            tenant(0xa, "Contoso Ltd", "contoso.onmicrosoft.com"),
            tenant(0xb, "Fabrikam GmbH", "fabrikam.onmicrosoft.com"),
        ],
        visit: None,
        consent: true,
        has_others: false,
        brand: domain::brand::BrandView::default(),
    }
}

pub fn visit() -> VisitView {
    VisitView {
        partner: "Northwind MSP".into(),
        reason: "Ticket 4711: restore Maya’s groups".into(),
        until: ago(-47),
    }
}

pub fn snapshots() -> Vec<SnapshotRow> {
    let changes = [
        (3, 162, 49),
        (1, 5, 0),
        (0, 0, 0),
        (2, 9, 0),
        (0, 2, 0),
        (14, 38, 3),
        (0, 12, 1),
        (4, 71, 2),
        (1, 22, 0),
        (0, 8, 0),
    ];
    changes
        .into_iter()
        .enumerate()
        .map(|(at, (created, updated, deleted))| SnapshotRow {
            seq: 2914 - at as i64,
            trigger: [
                Trigger::Person,
                Trigger::Schedule,
                Trigger::Schedule,
                Trigger::Live,
                Trigger::BeforeRestore,
            ][at % 5],
            full: at == 5,
            at: ago(2 + 60 * at as i64),
            took_ms: 830 + 410 * at as i64,
            completeness: if at == 3 { Completeness::Partial } else { Completeness::Complete },
            gaps: if at == 3 {
                vec![Gap::whole(ReadScope::Objects(Kind::AdministrativeUnit), GapReason::Unsupported)]
            } else {
                vec![]
            },
            created,
            updated,
            deleted,
            objects: 12_482,
            links: 38_117,
        })
        .collect()
}

pub fn permissions(restores: bool) -> Vec<PermissionRow> {
    NEEDS
        .iter()
        .map(|need| PermissionRow {
            permission: need.permission.least().into(),
            why: need.why.into(),
            without: need.without.into(),
            restore: need.restore,
            essential: need.essential,
            granted_by: match (need.restore, need.permission.0) {
                (true, _) if !restores => None,
                (_, [least, ..]) => Some((*least).into()),
                _ => None,
            },
        })
        .collect()
}

pub fn connection(restores: bool) -> ConnectionView {
    ConnectionView {
        directory: TENANT.into(),
        client_id: "5f0b4a86-9d5e-4b2f-8c4d-a93f7c1e2d9a".into(),
        cloud: "global".into(),
        proof: ProofKind::Secret,
        expires: Some(ago(-60 * 24 * 200)),
        signs_in: true,
        problem: None,
        tested_at: Some(ago(4)),
        permissions: permissions(restores),
    }
}

pub fn overview() -> Overview {
    let recent = snapshots();
    Overview {
        tenant: session().tenants.remove(0),
        counts: vec![
            (Kind::User, 12_014),
            (Kind::Group, 386),
            (Kind::Role, 72),
            (Kind::AdministrativeUnit, 10),
        ],
        coverage: vec![
            (Kind::User, Coverage::Complete),
            (Kind::Group, Coverage::Complete),
            (Kind::Role, Coverage::Complete),
            (Kind::AdministrativeUnit, Coverage::Complete),
        ],
        links: 38_117,
        last: recent.first().cloned(),
        next_at: Some(ago(-13)),
        every_min: 60,
        snapshots: 2914,
        since: Some(ago(413 * 1440)),
        recent,
        running: None,
        failed: None,
        connection: connection(false),
    }
}

pub fn job() -> JobView {
    JobView {
        id: Uuid::from_u128(9),
        state: JobState::Running,
        phase: "Reading groups and their members".into(),
        done: 7_204,
        total: 12_482,
        problem: None,
        snapshot: None,
    }
}

const PEOPLE: [(&str, &str); 6] = [
    ("Maya Okafor", "maya@contoso.com"),
    ("Jürgen Böhm", "jurgen@contoso.com"),
    ("Yuki Tanaka", "yuki@contoso.com"),
    ("Amara Sesay", "amara@contoso.com"),
    ("Linh Nguyễn", "linh.nguyen.with-a-long-address@subsidiary.contoso.com"),
    ("Ólafur Jónsson", "olafur@contoso.com"),
];

pub fn browse() -> BrowsePage {
    let marks: [&[&str]; 6] = [&[], &["disabled"], &["guest"], &["synced"], &[], &["disabled", "synced"]];
    BrowsePage {
        at: 2914,
        captured_at: ago(2),
        kind: Kind::User,
        counts: overview().counts,
        rows: PEOPLE
            .into_iter()
            .zip(marks)
            .enumerate()
            .map(|(at, ((name, detail), marks))| BrowseRow {
                object: user(at as u128),
                name: name.into(),
                detail: detail.into(),
                deleted: at == 1,
                marks: own(marks),
            })
            .collect(),
        next: Some("x".into()),
    }
}

pub fn object() -> ObjectView {
    let attribute = |label: &str, lines: &[&str], obstacle, volatile| AttributeView {
        name: label.into(),
        label: label.into(),
        value: Shown(own(lines)),
        obstacle,
        volatile,
    };
    let link = |kind: Kind, at: u128, name: &str, detail: &str| LinkRow {
        other: of(kind, at),
        name: name.into(),
        detail: detail.into(),
        deleted: at == 22,
    };
    ObjectView {
        object: user(0),
        at: 2914,
        captured_at: ago(2),
        name: "Maya Okafor".into(),
        detail: "maya@contoso.com".into(),
        marks: own(&["synced"]),
        deleted_until: None,
        not_seen: vec![],
        attributes: vec![
            attribute("Display name", &["Maya Okafor"], None, false),
            attribute("Principal name", &["maya@contoso.com"], None, false),
            attribute("Account enabled", &["Yes"], None, false),
            attribute("Job title", &["Head of Treasury"], None, false),
            attribute("Department", &["Finance"], None, false),
            attribute("Office", &[], None, false),
            attribute("Business phones", &["+234 1 270 0000"], None, false),
            attribute(
                "Proxy addresses",
                &["SMTP:maya@contoso.com", "smtp:m.okafor@contoso.com"],
                Some(Obstacle::Exchange),
                false,
            ),
            attribute("Last password change", &["3 Nov 2026, 08:12 UTC"], Some(Obstacle::ReadOnly), true),
        ],
        links: vec![
            LinkGroup {
                kind: LinkKind::Manager,
                from_source: true,
                total: 1,
                rows: vec![link(Kind::User, 2, "Yuki Tanaka", "yuki@contoso.com")],
            },
            LinkGroup {
                kind: LinkKind::Member,
                from_source: false,
                total: 41,
                rows: vec![
                    link(Kind::Group, 20, "Finance", "Security group"),
                    link(Kind::Group, 21, "Payroll Approvers", "Security group, can hold roles"),
                    link(Kind::Group, 22, "Treasury EMEA", "Microsoft 365 group"),
                ],
            },
            LinkGroup {
                kind: LinkKind::Licence,
                from_source: true,
                total: 1,
                rows: vec![link(Kind::Licence, 30, "Microsoft 365 E5", "assigned directly")],
            },
        ],
        history: vec![
            HistoryRow {
                seq: 2914,
                at: ago(2),
                sort: Sort::Updated,
                changed: own(&["Job title", "Account enabled"]),
            },
            HistoryRow { seq: 2871, at: ago(60 * 50), sort: Sort::Updated, changed: own(&["Department"]) },
            HistoryRow { seq: 1, at: ago(413 * 1440), sort: Sort::Created, changed: vec![] },
        ],
    }
}
