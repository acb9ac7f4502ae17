//! Groups of every kind, their members and owners, administrative units.

use rand::Rng;
use rand::seq::index::sample;
use rand_pcg::Pcg64Mcg;

use super::names::{CULTURES, DEPARTMENTS, TOPICS};
use super::people::EPOCH;
use crate::record::{Builder, Record};
use crate::schema::{self, group::*};
use crate::state::log::Rel;
use crate::state::{Kind, Oid, Tenant, hash};

const DAY: i64 = 86_400;

/// The kinds of groups an administrator meets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Security,
    Microsoft365,
    Hidden,
    RoleAssignable,
    Dynamic,
    MailSecurity,
    Distribution,
    Synced,
}

fn sort_of(n: usize, dynamic: usize) -> Sort {
    match n {
        0..=2 => Sort::RoleAssignable,
        3 => Sort::Hidden,
        _ if n < 4 + dynamic => Sort::Dynamic,
        _ => match n % 20 {
            0..=4 => Sort::Microsoft365,
            5 => Sort::MailSecurity,
            6 => Sort::Distribution,
            7 => Sort::Synced,
            _ => Sort::Security,
        },
    }
}

/// Adds `count` groups with `members` members each; 0 means sizes as they come in life.
pub(super) fn seed(t: &mut Tenant, rng: &mut Pcg64Mcg, count: usize, members: usize) {
    let users: Vec<Oid> = t.sets[Kind::User as usize].clone();
    let employees: Vec<Oid> = users
        .iter()
        .copied()
        .filter(|u| t.object(*u).rec.str(schema::user::USER_TYPE).as_deref() == Some("Member"))
        .collect();
    let dynamic = (count / 10).min(12);
    let mut nestable: Vec<Oid> = Vec::new();
    for n in 0..count {
        let sort = sort_of(n, dynamic);
        let rec = record(t, rng, n, sort);
        let id = hash::uuid(rng);
        let oid = t.add(Kind::Group, id, rec);
        if sort == Sort::Dynamic {
            t.dynamic_rebuild(oid);
            continue;
        }
        let pool = if matches!(sort, Sort::RoleAssignable) { &employees } else { &users };
        let wanted = match members {
            0 if sort == Sort::RoleAssignable => 3,
            // One large group, so that its members come in slices.
            0 if n == 8 => 1200.min(users.len() / 2),
            0 => 1 + (rng.random_range(0.0..1.0f64).powi(3) * 60.0) as usize,
            exact => exact,
        };
        let mut left = wanted.min(pool.len());
        if sort == Sort::Security && n % 7 == 0 && left > 1 && !nestable.is_empty() {
            let inner = nestable[rng.random_range(0..nestable.len())];
            left -= usize::from(t.link(Rel::Members, oid, inner));
        }
        if sort == Sort::Security && n % 13 == 0 && left > 1 {
            let sps = t.sets[Kind::Sp as usize].clone();
            let sp = sps[rng.random_range(0..sps.len())];
            left -= usize::from(t.link(Rel::Members, oid, sp));
        }
        for at in sample(rng, pool.len(), left) {
            t.link(Rel::Members, oid, pool[at]);
        }
        if !matches!(sort, Sort::Synced | Sort::Distribution | Sort::MailSecurity) {
            for _ in 0..rng.random_range(1..=2) {
                let owner = employees[rng.random_range(0..employees.len())];
                t.link(Rel::Owners, oid, owner);
            }
        }
        if sort == Sort::Security {
            nestable.push(oid);
        }
    }
}

fn record(t: &Tenant, rng: &mut Pcg64Mcg, n: usize, sort: Sort) -> Record {
    let topic = TOPICS[rng.random_range(0..TOPICS.len())];
    let culture = &CULTURES[n % CULTURES.len()];
    let city = culture.cities[0].0;
    let department = DEPARTMENTS[n % DEPARTMENTS.len()].0;
    let name = match sort {
        Sort::RoleAssignable => {
            ["Tier 0 Operators", "Helpdesk Operators", "Identity Reviewers"][n % 3].to_owned()
        }
        Sort::Hidden => "Works Council Confidential".to_owned(),
        Sort::Dynamic => format!("DYN {department} {city}"),
        Sort::Microsoft365 if n < 20 + 4 => format!("{topic} Team {n}"),
        Sort::Microsoft365 => format!("{topic} {city} {n}"),
        Sort::MailSecurity => format!("MSG {topic} {n}"),
        Sort::Distribution => format!("All {city} – {topic} {n}"),
        Sort::Synced => format!("CORP-{}-{n}", topic.replace(' ', "")),
        Sort::Security => format!("SEC {department} {topic} {n}"),
    };
    let nickname = format!("g{n}-{}", topic.to_lowercase().replace([' ', '&'], "-"));
    let mail = matches!(sort, Sort::Microsoft365 | Sort::Hidden | Sort::MailSecurity | Sort::Distribution);
    let address = format!("{nickname}@{}", t.info.domain);
    let created = EPOCH - rng.random_range(20..2000) * DAY - rng.random_range(0..DAY);
    let mut b = Builder::with_capacity(1024);
    if matches!(sort, Sort::Microsoft365) && n.is_multiple_of(3) {
        b.str(CLASSIFICATION, ["General", "Confidential"][n % 2]);
    }
    b.date(CREATED, created);
    if n % 4 != 3 {
        b.str(DESCRIPTION, &format!("{topic} in {city}; owner department: {department}"));
    }
    b.str(DISPLAY_NAME, &name);
    let types: &[&str] = match sort {
        Sort::Microsoft365 | Sort::Hidden => &["Unified"],
        Sort::Dynamic => &["DynamicMembership"],
        _ => &[],
    };
    b.strs(GROUP_TYPES, types);
    if sort == Sort::RoleAssignable {
        b.bool(ROLE_ASSIGNABLE, true);
    }
    if mail {
        b.str(MAIL, &address);
    }
    b.bool(MAIL_ENABLED, mail).str(MAIL_NICKNAME, &nickname);
    if sort == Sort::Dynamic {
        b.str(RULE, &format!("(user.department -eq \"{department}\") and (user.city -eq \"{city}\")"));
        b.str(RULE_STATE, "On");
    }
    if sort == Sort::Synced {
        b.str(OP_DOMAIN, "corp.contoso.example").date(OP_LAST_SYNC, EPOCH - 900).str(OP_NETBIOS, "CORP");
        b.str(OP_SAM, &name).str(OP_SID, &format!("S-1-5-21-3623811015-3361044348-30300820-{}", 900_000 + n));
        b.bool(OP_SYNC, true);
    }
    if sort == Sort::Microsoft365 && n.is_multiple_of(4) {
        b.str(PREFERRED_LANGUAGE, culture.language);
    }
    if mail {
        b.strs(PROXIES, &[format!("SMTP:{address}")]);
    }
    b.date(RENEWED, created);
    if sort == Sort::Microsoft365 && n.is_multiple_of(2) {
        b.strs(PROVISIONING, &["Team"]);
    }
    b.bool(SECURITY_ENABLED, !matches!(sort, Sort::Microsoft365 | Sort::Hidden | Sort::Distribution));
    if sort == Sort::Microsoft365 && n.is_multiple_of(5) {
        b.str(THEME, "Teal");
    }
    match sort {
        Sort::Microsoft365 => b.str(VISIBILITY, ["Public", "Private"][n % 2]),
        Sort::Hidden => b.str(VISIBILITY, "HiddenMembership"),
        Sort::RoleAssignable => b.str(VISIBILITY, "Private"),
        _ => &mut b,
    };
    b.finish()
}

/// Adds administrative units by country, and one that restricts who manages its members.
pub(super) fn units(t: &mut Tenant, rng: &mut Pcg64Mcg) {
    let users = t.sets[Kind::User as usize].clone();
    let groups = t.sets[Kind::Group as usize].clone();
    let regional = (users.len() / 100).clamp(4, CULTURES.len());
    for culture in &CULTURES[..regional] {
        let mut b = Builder::default();
        b.str(schema::unit::DESCRIPTION, &format!("People and groups managed from {}", culture.cities[0].0));
        b.str(schema::unit::DISPLAY_NAME, &format!("{} Operations", culture.country));
        let (rec, id) = (b.finish(), hash::uuid(rng));
        let unit = t.add(Kind::Unit, id, rec);
        let local = users
            .iter()
            .copied()
            .filter(|u| t.object(*u).rec.str(schema::user::USAGE_LOCATION).as_deref() == Some(culture.code));
        for member in local.take(400).collect::<Vec<_>>() {
            t.link(Rel::Members, unit, member);
        }
        for at in sample(rng, groups.len(), 2.min(groups.len())) {
            t.link(Rel::Members, unit, groups[at]);
        }
    }
    let mut b = Builder::default();
    b.str(schema::unit::DESCRIPTION, "Accounts that only their own administrators may touch");
    b.str(schema::unit::DISPLAY_NAME, "Executive Protection").bool(schema::unit::RESTRICTED, true);
    b.str(schema::unit::VISIBILITY, "HiddenMembership");
    let (rec, id) = (b.finish(), hash::uuid(rng));
    let unit = t.add(Kind::Unit, id, rec);
    // The chief's assistants; the accounts that tests and incidents touch stay outside.
    for &member in users.iter().skip(3).take(3) {
        t.link(Rel::Members, unit, member);
    }
}

/// Adds administrative units whose members follow a rule. Their ids come from the tenant's own
/// generator, so that the rest of a seed's directory is what it would be without them.
pub(super) fn dynamic_units(t: &mut Tenant) {
    for (name, rule) in [
        ("Legal Department", "(user.department -eq \"Legal\")"),
        (
            "Finance Contractors",
            "(user.department -eq \"Finance\") and (user.employeeType -eq \"Contractor\")",
        ),
    ] {
        let mut b = Builder::default();
        b.str(schema::unit::DESCRIPTION, "Follows the employee directory");
        b.str(schema::unit::DISPLAY_NAME, name);
        b.str(schema::unit::RULE, rule).str(schema::unit::RULE_STATE, "On");
        b.str(schema::unit::MEMBERSHIP_TYPE, "Dynamic");
        let (rec, id) = (b.finish(), t.fresh_id());
        let unit = t.add(Kind::Unit, id, rec);
        t.dynamic_rebuild(unit);
    }
}
