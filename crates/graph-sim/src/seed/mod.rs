//! The default tenant: the same seed gives the same directory, to the last id.

mod catalog;
mod groups;
mod names;
mod others;
mod people;

use rand::seq::index::sample;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::json;
use uuid::Uuid;

use crate::options::Options;
use crate::record::Builder;
use crate::schema::{self, domain, org, roledef};
use crate::state::app::APP_NAME;
use crate::state::licences::{Licence, Sku};
use crate::state::roles::{Eligibility, Scope};
use crate::state::{Info, Kind, NONE, Oid, Tenant, hash};

const DAY: i64 = 86_400;

/// Builds the tenant that `options` describe, as of `now`.
pub(crate) fn tenant(options: &Options, now: i64) -> Tenant {
    let mut rng = Pcg64Mcg::seed_from_u64(options.seed);
    let info = Info {
        tenant_id: hash::uuid(&mut rng),
        client_id: hash::uuid(&mut rng),
        client_secret: secret(&mut rng),
        name: "Contoso Industries".to_owned(),
        domain: "contoso.example".to_owned(),
        initial_domain: "contoso.onmicrosoft.com".to_owned(),
    };
    let mut t = build(info, rng, options, now, true);
    t.permissions = crate::auth::permissions::defaults().map(str::to_owned).collect();
    t
}

/// Builds another organization's tenant, which has not let the application of `home` in.
pub(crate) fn neighbour(home: &Info, name: &str, domain: &str, options: &Options, now: i64) -> Tenant {
    let mut rng = Pcg64Mcg::seed_from_u64(options.seed);
    let info = Info {
        tenant_id: hash::uuid(&mut rng),
        name: name.to_owned(),
        domain: domain.to_owned(),
        initial_domain: format!("{}.onmicrosoft.com", domain.split('.').next().unwrap_or_default()),
        ..home.clone()
    };
    build(info, rng, options, now, false)
}

fn build(info: Info, mut rng: Pcg64Mcg, options: &Options, now: i64, installed: bool) -> Tenant {
    let own = Pcg64Mcg::seed_from_u64(options.seed ^ 0x5eed);
    let mut t = Tenant::new(info, own, now, options.users + options.groups + 256);
    describe(&mut t, options);
    services(&mut t, &mut rng, installed);
    role_definitions(&mut t, &mut rng);
    people::seed(&mut t, &mut rng, options.users);
    groups::seed(&mut t, &mut rng, options.groups, options.members);
    groups::units(&mut t, &mut rng);
    licences(&mut t, &mut rng);
    roles(&mut t, &mut rng, options, now);
    bin(&mut t, &mut rng, now);
    groups::dynamic_units(&mut t);
    others::seed(&mut t);
    t.now = now;
    t.role_bin = options.role_bin;
    t.undelete_tells_links = options.undelete_tells_links;
    t.recording = true;
    t
}

fn secret(rng: &mut Pcg64Mcg) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~.";
    (0..40).map(|_| ALPHABET[rng.random_range(0..ALPHABET.len())] as char).collect()
}

fn describe(t: &mut Tenant, options: &Options) {
    for (i, (id, part, plans)) in catalog::SKUS.iter().enumerate() {
        let users = options.users as u32;
        t.skus.push(Sku {
            id: Uuid::try_parse(id).unwrap_or_default(),
            part,
            enabled: [
                users + 50,
                users / 2 + 25,
                users / 4 + 25,
                users / 10 + 25,
                users / 10 + 25,
                10_000_000,
                5,
            ][i],
            consumed: 0,
            plans: plans.iter().map(|(id, name)| (Uuid::try_parse(id).unwrap_or_default(), *name)).collect(),
        });
    }
    let mut b = Builder::default();
    b.str(org::ID, &t.info.tenant_id.to_string()).strs(org::BUSINESS_PHONES, &["+47 2100 5500"]);
    b.str(org::CITY, "Oslo").str(org::COUNTRY_CODE, "NO").date(org::CREATED, people::EPOCH - 2600 * DAY);
    b.str(org::USAGE_LOCATION, "NO").str(org::DISPLAY_NAME, &t.info.name);
    let at_home = |local: &str| format!("{local}@{}", t.info.domain);
    b.strs(org::MARKETING, &[at_home("news")]).date(org::OP_LAST_SYNC, people::EPOCH - 900);
    b.bool(org::OP_SYNC, true).str(org::POSTAL_CODE, "0155").str(org::LANGUAGE, "en");
    let privacy = json!({
        "contactEmail": at_home("privacy"),
        "statementUrl": format!("https://{}/privacy", t.info.domain),
    });
    b.raw(org::PRIVACY, privacy.to_string().as_bytes());
    b.strs(org::SECURITY_MAILS, &[at_home("security")]).str(org::STREET, "Dronning Eufemias gate 30");
    b.strs(org::TECHNICAL, &[at_home("it")]).str(org::TENANT_TYPE, "AAD");
    let verified = |name: &str, initial: bool| {
        json!({
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": !initial,
            "isInitial": initial,
            "name": name,
            "type": "Managed",
        })
    };
    let domains = json!([verified(&t.info.domain, false), verified(&t.info.initial_domain, true)]);
    b.raw(org::DOMAINS, domains.to_string().as_bytes());
    t.org = b.finish();
    for (name, initial) in [(t.info.domain.clone(), false), (t.info.initial_domain.clone(), true)] {
        let mut b = Builder::default();
        b.str(domain::ID, &name).str(domain::AUTHENTICATION, "Managed").bool(domain::ADMIN_MANAGED, true);
        b.bool(domain::DEFAULT, !initial).bool(domain::INITIAL, initial).bool(domain::ROOT, true);
        b.bool(domain::VERIFIED, true)
            .raw(domain::NOTIFICATION_DAYS, b"14")
            .raw(domain::VALIDITY_DAYS, b"90");
        b.strs(domain::SERVICES, &["Email", "OfficeCommunicationsOnline"]);
        t.domains.push(b.finish());
    }
}

fn services(t: &mut Tenant, rng: &mut Pcg64Mcg, installed: bool) {
    let own = t.info.client_id.to_string();
    let apps = [
        (own.as_str(), APP_NAME),
        ("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
        ("7f3c2d10-5a64-4b0e-9c1f-2f6d1f0a77aa", "Expense Reporting"),
        ("c2a9b1de-8f53-4f7b-a6f3-66f5f7b0c9b1", "Badge Printing Service"),
        ("1b6d7c55-02ab-4d6f-8f5e-3a9be1e0d2c4", "Data Warehouse Loader"),
    ];
    for (i, (app_id, name)) in apps.into_iter().enumerate().skip(usize::from(!installed)) {
        let (rec, id) = (t.service_principal(app_id, name), hash::uuid(rng));
        let oid = t.add(Kind::Sp, id, rec);
        if i == 0 {
            t.app_sp = oid;
        }
    }
}

fn role_definitions(t: &mut Tenant, rng: &mut Pcg64Mcg) {
    for (id, name) in catalog::ROLES {
        let mut b = Builder::default();
        let area = name.to_lowercase().replace(' ', "");
        b.str(roledef::DESCRIPTION, &format!("Microsoft's built-in role {name}."));
        b.str(roledef::DISPLAY_NAME, name).bool(roledef::BUILT_IN, true).bool(roledef::ENABLED, true);
        b.strs(roledef::SCOPES, &["/"]);
        b.with(roledef::PERMISSIONS, |out| {
            out.extend_from_slice(
                format!("[{{\"allowedResourceActions\":[\"microsoft.directory/{area}/allProperties/allTasks\"],\"condition\":null}}]")
                    .as_bytes(),
            );
        });
        b.str(roledef::TEMPLATE, id).str(roledef::VERSION, "1");
        let rec = b.finish();
        t.add(Kind::RoleDef, Uuid::try_parse(id).unwrap_or_default(), rec);
    }
    for (name, description, actions) in catalog::CUSTOM_ROLES {
        let id = hash::uuid(rng);
        let mut b = Builder::default();
        b.str(roledef::DESCRIPTION, description).str(roledef::DISPLAY_NAME, name);
        b.bool(roledef::BUILT_IN, false).bool(roledef::ENABLED, true).strs(roledef::SCOPES, &["/"]);
        let permissions = json!([{"allowedResourceActions": actions, "condition": null}]);
        b.raw(roledef::PERMISSIONS, permissions.to_string().as_bytes());
        b.str(roledef::TEMPLATE, &id.to_string()).str(roledef::VERSION, "1");
        let rec = b.finish();
        t.add(Kind::RoleDef, id, rec);
    }
}

fn licences(t: &mut Tenant, rng: &mut Pcg64Mcg) {
    t.now = people::EPOCH;
    let users = t.sets[Kind::User as usize].clone();
    for &user in &users {
        if t.object(user).rec.raw(schema::user::USAGE_LOCATION).is_none() {
            continue;
        }
        let dice: u32 = rng.random();
        let at = people::EPOCH - i64::from(dice >> 12) % (400 * DAY);
        let mut give = |sku, disabled| t.put_licence(user, Licence::direct(sku, disabled, at));
        match dice % 100 {
            0..=34 => give(0, if dice & 0x300 == 0 { 0b10_0001_0000 } else { 0 }),
            35..=49 => give(1, if dice & 0x300 == 0 { 0b1 << 12 } else { 0 }),
            50..=59 => give(2, 0),
            _ => {}
        }
        if dice.is_multiple_of(17) {
            give(5, 0);
        }
    }
    for &user in users.iter().take(3) {
        t.put_licence(user, Licence::direct(6, 0, people::EPOCH));
    }
    // Group-based licensing on a few static security groups.
    let groups: Vec<Oid> = t.sets[Kind::Group as usize]
        .iter()
        .copied()
        .filter(|g| {
            let rec = &t.object(*g).rec;
            rec.is_true(schema::group::SECURITY_ENABLED)
                && !rec.is_true(schema::group::MAIL_ENABLED)
                && !rec.is_true(schema::group::OP_SYNC)
                && !rec.is_true(schema::group::ROLE_ASSIGNABLE)
                && !t.is_dynamic(*g)
        })
        .take(3)
        .collect();
    for (i, group) in groups.into_iter().enumerate() {
        let (sku, disabled) = [(3, 0), (4, 0), (0, 0b10_0000_0000)][i];
        t.put_licence(group, Licence::direct(sku, disabled, people::EPOCH));
    }
}

fn roles(t: &mut Tenant, rng: &mut Pcg64Mcg, options: &Options, now: i64) {
    let users = t.sets[Kind::User as usize].clone();
    let admin = |n: usize| users.get(n.min(users.len() - 1)).copied().unwrap_or(NONE);
    let role = |t: &Tenant, name: &str| {
        t.sets[Kind::RoleDef as usize].iter().copied().find(|oid| t.name(*oid) == name).unwrap_or(NONE)
    };
    t.now = people::EPOCH;
    let standing = [
        (0, "Global Administrator"),
        (2, "Global Administrator"),
        (1, "User Administrator"),
        (1, "Groups Administrator"),
        (6, "Privileged Role Administrator"),
        (7, "Helpdesk Administrator"),
        (8, "Exchange Administrator"),
        (9, "Security Reader"),
        (9, "Reports Reader"),
        (10, "License Administrator"),
        (11, "Authentication Administrator"),
        (12, "Directory Readers"),
        (13, "Intune Administrator"),
        (14, "Group Steward"),
        (15, "Application Owner Reviewer"),
    ];
    for (n, name) in standing {
        give(t, admin(n), role(t, name), Scope::Tenant);
    }
    let groups = t.sets[Kind::Group as usize].clone();
    if let [tier0, helpdesk, ..] = groups[..] {
        give(t, tier0, role(t, "Conditional Access Administrator"), Scope::Tenant);
        give(t, helpdesk, role(t, "Helpdesk Administrator"), Scope::Tenant);
    }
    for (i, unit) in t.sets[Kind::Unit as usize].clone().into_iter().enumerate() {
        let name = ["User Administrator", "Helpdesk Administrator", "Groups Administrator"][i % 3];
        give(t, admin(16 + i), role(t, name), Scope::Unit(unit));
    }
    let app = t.app_sp;
    for template in options.directory_roles.iter().filter(|_| app != NONE) {
        if let Some(role) =
            t.role_definition(template).or_else(|| Some(role(t, template)).filter(|r| *r != NONE))
        {
            give(t, app, role, Scope::Tenant);
        }
    }
    let eligible = [
        (20, "Global Administrator"),
        (21, "Privileged Role Administrator"),
        (22, "Security Administrator"),
        (23, "User Administrator"),
        (24, "Exchange Administrator"),
        (25, "Conditional Access Administrator"),
    ];
    for (i, (n, name)) in eligible.into_iter().enumerate() {
        let end = (i % 2 == 0).then_some(now + 300 * DAY);
        let (principal, role, id) = (admin(n + 5), role(t, name), hash::uuid(rng));
        let start = people::EPOCH;
        t.eligibilities.push(Eligibility { id, principal, role, scope: Scope::Tenant, start, end });
        // Two of them are at work right now.
        if i < 2 && t.find_assignment(principal, role, Scope::Tenant).is_none() {
            t.now = now - 1800;
            t.assign(principal, role, Scope::Tenant, Some(now + 8 * 3600), true);
        }
    }
}

fn give(t: &mut Tenant, principal: Oid, role: Oid, scope: Scope) {
    if principal != NONE && role != NONE && t.find_assignment(principal, role, scope).is_none() {
        t.assign(principal, role, scope, None, false);
    }
}

/// Puts a few objects in the recycle bin, deleted over the last weeks.
fn bin(t: &mut Tenant, rng: &mut Pcg64Mcg, now: i64) {
    for (kind, few, first) in [(Kind::User, 12, 60), (Kind::Group, 3, 30), (Kind::Unit, 0, 0)] {
        let set = t.sets[kind as usize].clone();
        if set.len() < first + few * 4 || few == 0 {
            continue;
        }
        for at in sample(rng, set.len() - first, few) {
            let oid = set[first + at];
            if t.has_bin(oid) && !t.is_dynamic(oid) {
                t.now = now - rng.random_range(1..28) * DAY;
                t.delete(oid);
            }
        }
    }
}
