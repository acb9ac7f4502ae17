//! A made-up comparison.

use super::{of, own, snapshots, user};
use domain::{
    Kind, LinkKind,
    author::{AuditLog, Author, Authored, Authors, Authorship, Part},
    capture::{GapReason, NotCompared, ReadScope},
    change::{AttributeChange, Choice, LinkChange, LinkFate, ObjectRef, Shown, Sort},
    descriptor::Obstacle,
    view::*,
};

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
    let tally = |kind, created, updated, deleted| KindTally {
        kind,
        created,
        updated,
        deleted,
        permanently_deleted: 0,
        restored: 0,
    };
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
        not_compared: vec![NotCompared {
            scope: ReadScope::HiddenMembers(LinkKind::Member),
            objects: None,
            reason: Some(GapReason::PermissionMissing { permission: "Member.Read.Hidden".into() }),
        }],
        authors: Authors { log: AuditLog::NotYetComplete, of: vec![(user(0), authors())] },
    }
}

fn authors() -> Vec<Authorship> {
    let at = snapshots().remove(0).at;
    let eve =
        Author::Person { name: "Eve Marchetti".into(), principal_name: "eve.marchetti@contoso.com".into() };
    let made = |author, activity: &str, times, part| Authorship {
        author,
        activity: activity.into(),
        at,
        times,
        parts: vec![part],
    };
    vec![
        made(eve, "Update user", 1, Part::Attribute("jobTitle".into())),
        made(
            Author::Holdfast { restore: Some(4) },
            "Remove member from group",
            2,
            Part::Links(LinkKind::Member),
        ),
    ]
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
        by: Authored { log: AuditLog::NotYetComplete, by: authors() },
    }
}
