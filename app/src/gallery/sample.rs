//! A made-up tenant, for looking at pages without a server.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Kind, LinkKind,
    access::Action,
    change::{AttributeChange, Choice, LinkChange, LinkFate, ObjectRef, Shown, Sort},
    descriptor::Obstacle,
    permission::NEEDS,
    plan::{Outcome, RestoreState, RestoreView, Stage, StepView, Tally, Unrestorable},
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
        tenants: vec![
            tenant(0xa, "Contoso Ltd", "contoso.onmicrosoft.com"),
            tenant(0xb, "Fabrikam GmbH", "fabrikam.onmicrosoft.com"),
        ],
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
            missing: if at == 3 { own(&["Administrative units"]) } else { vec![] },
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
        healthy: true,
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

fn change_row(object: ObjectRef, name: &str, detail: &str, sort: Sort, counts: (i64, i64, i64)) -> ChangeRow {
    let (attributes, links_added, links_removed) = counts;
    ChangeRow {
        object,
        name: name.into(),
        detail: detail.into(),
        sort,
        attributes,
        links_added,
        links_removed,
    }
}

pub fn changes() -> ComparePage {
    let mut points = snapshots();
    let tally = |kind, created, updated, deleted| KindTally { kind, created, updated, deleted, restored: 0 };
    ComparePage {
        to: points.remove(0),
        from: points.remove(0),
        tallies: vec![tally(Kind::User, 1, 40, 3), tally(Kind::Group, 0, 6, 0), tally(Kind::Role, 0, 1, 0)],
        shown: 51,
        rows: vec![
            change_row(user(0), "Maya Okafor", "Finance · maya@contoso.com", Sort::Updated, (3, 0, 2)),
            change_row(user(1), "Jürgen Böhm", "Finance · jurgen@contoso.com", Sort::Deleted, (0, 0, 0)),
            change_row(user(2), "Yuki Tanaka", "Payroll · yuki@contoso.com", Sort::Updated, (1, 0, 0)),
            change_row(user(3), "Amara Sesay", "Legal · amara@contoso.com", Sort::Updated, (2, 0, 0)),
            change_row(user(4), "svc-sync-02", "svc-sync-02@contoso.com", Sort::Created, (0, 0, 0)),
            change_row(of(Kind::Group, 20), "Finance", "Security group", Sort::Updated, (0, 0, 24)),
            change_row(
                of(Kind::Group, 21),
                "Payroll Approvers",
                "Security group, can hold roles",
                Sort::Updated,
                (0, 2, 0),
            ),
            change_row(of(Kind::Role, 30), "Global Administrator", "Built-in", Sort::Updated, (0, 1, 0)),
        ],
        next: Some("x".into()),
        not_compared: vec![],
    }
}

pub fn change() -> ObjectChange {
    let attribute = |name: &str, label: &str, old: &[&str], new: &[&str], obstacle| AttributeChange {
        name: name.into(),
        label: label.into(),
        old: Shown(own(old)),
        new: Shown(own(new)),
        obstacle,
    };
    let member = |at: u128, name: &str| {
        let other = of(Kind::Group, at);
        LinkChange {
            choice: Choice::Link {
                kind: LinkKind::Member,
                source: other.id,
                target: user(0).id,
                discriminator: String::new(),
            },
            kind: LinkKind::Member,
            from_source: false,
            fate: LinkFate::Removed,
            other,
            other_name: name.into(),
            detail: String::new(),
            obstacle: None,
        }
    };
    ObjectChange {
        row: changes().rows.remove(0),
        attributes: vec![
            attribute("accountEnabled", "Account enabled", &["Yes"], &["No"], None),
            attribute("jobTitle", "Job title", &["Head of Treasury"], &[], None),
            attribute(
                "proxyAddresses",
                "Proxy addresses",
                &["SMTP:maya@contoso.com", "smtp:m.okafor@contoso.com"],
                &["SMTP:maya@contoso.com"],
                Some(Obstacle::Exchange),
            ),
        ],
        links: vec![member(20, "Finance"), member(21, "Payroll Approvers")],
        obstacle: None,
        by: own(&["Eve Marchetti"]),
    }
}

fn tally(total: i64, restored: i64, state: RestoreState) -> Tally {
    match state {
        RestoreState::Planned => Tally { pending: total, ..Tally::default() },
        state if state.is_over() => {
            Tally { restored: total - 2, already_so: 1, conflict: 1, ..Tally::default() }
        }
        _ => {
            let written = (total - restored).min(2);
            Tally { restored, written, pending: total - restored - written, ..Tally::default() }
        }
    }
}

pub fn restore(state: RestoreState) -> RestoreView {
    let stage = |stage, total, restored| (stage, tally(total, restored, state));
    let running = !matches!(state, RestoreState::Planned);
    RestoreView {
        number: 118,
        state,
        to: 2913,
        seen_at: 2914,
        asked_by: "Ana Ruiz".into(),
        planned_at: ago(5),
        started_at: running.then(|| ago(1)),
        ended_at: state.is_over().then(now),
        tally: tally(57, 38, state),
        writes: 39,
        estimate_s: 3,
        stages: vec![
            stage(Stage::Undelete, 3, 3),
            stage(Stage::Attributes, 13, 13),
            stage(Stage::Members, 40, 22),
        ],
        problem: None,
        missing_permissions: if running { vec![] } else { own(&["RoleManagement.ReadWrite.Directory"]) },
        before_image: running.then_some(2916),
        unrestorable: vec![Unrestorable {
            object: user(0),
            object_name: "Maya Okafor".into(),
            what: "Proxy addresses".into(),
            obstacle: Obstacle::Exchange,
        }],
        needs_confirmation: i64::from(!running),
    }
}

pub fn steps(state: RestoreState) -> Vec<StepView> {
    let step = |number, stage, name: &str, what: &str, now: &[&str], value: &[&str]| StepView {
        number,
        stage,
        object: user(number as u128),
        object_name: name.into(),
        what: what.into(),
        value: own(value),
        now: own(now),
        permission: "User.ReadWrite.All".into(),
        granted: true,
        warning: None,
        needs_confirmation: false,
        confirmed: false,
        outcome: if state == RestoreState::Planned { Outcome::Pending } else { Outcome::Restored },
        note: None,
    };
    let mut steps = vec![
        step(1, Stage::Undelete, "Jürgen Böhm", "Deleted user", &["In the recycle bin"], &["Active"]),
        step(2, Stage::Attributes, "Maya Okafor", "Account enabled", &["No"], &["Yes"]),
        step(3, Stage::Attributes, "Maya Okafor", "Job title", &[], &["Head of Treasury"]),
        step(4, Stage::Members, "Finance", "Member Maya Okafor", &[], &["Member"]),
        step(5, Stage::Members, "Finance", "Member Yuki Tanaka", &[], &["Member"]),
        step(6, Stage::Roles, "Global Administrator", "Assigned to svc-sync-02", &["Assigned"], &[]),
    ];
    if let Some(last) = steps.last_mut() {
        last.granted = false;
        last.permission = "RoleManagement.ReadWrite.Directory".into();
        last.needs_confirmation = true;
        last.warning = Some("It may have been a temporary assignment; confirm that it should go.".into());
    }
    if state.is_over() {
        steps[4].outcome = Outcome::AlreadySo;
        steps[5].outcome = Outcome::Conflict;
        steps[5].note = Some("Changed by Tom Idris at 15:50; what is there now was kept.".into());
    }
    steps
}
