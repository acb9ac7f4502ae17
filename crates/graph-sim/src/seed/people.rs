//! Users: employees, guests, accounts from on-premises, a tree of managers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use super::names::{CULTURES, Culture, DEPARTMENTS, OFFICES, PARTNERS};
use crate::record::{Builder, Record};
use crate::schema::user::*;
use crate::state::{Kind, NONE, Oid, Tenant, hash};

/// Dates in the tenant's past are counted back from here, so that a seed always tells the same story.
pub(super) const EPOCH: i64 = 1_767_600_000;
const DAY: i64 = 86_400;
/// How many people report to one manager.
const SPAN: usize = 8;

fn pick<'a, T>(rng: &mut Pcg64Mcg, list: &'a [T]) -> &'a T {
    &list[rng.random_range(0..list.len())]
}

/// Adds `count` users. The first two are the chief and the administrator whom incidents blame.
pub(super) fn seed(t: &mut Tenant, rng: &mut Pcg64Mcg, count: usize) {
    let mut builder = Builder::with_capacity(2048);
    let mut employees: Vec<Oid> = Vec::with_capacity(count);
    for n in 0..count {
        let culture = if n < 2 { &CULTURES[0] } else { pick(rng, CULTURES) };
        let guest = n >= 12 && rng.random_ratio(6, 100);
        let rec =
            if guest { guest_record(t, rng, culture, n) } else { employee(t, rng, culture, n, &mut builder) };
        let id = hash::uuid(rng);
        let oid = t.add(Kind::User, id, rec);
        if !guest {
            let rank = employees.len();
            let manager = if rank == 0 { NONE } else { employees[(rank - 1) / SPAN] };
            t.set_manager(oid, manager);
            employees.push(oid);
        }
    }
}

fn names(
    rng: &mut Pcg64Mcg,
    culture: &Culture,
    n: usize,
) -> ((&'static str, String), (&'static str, String)) {
    match n {
        0 => (("Ingrid", "ingrid".into()), ("Halvorsen", "halvorsen".into())),
        1 => (("Eve", "eve".into()), ("Marchetti", "marchetti".into())),
        _ => {
            let (given, family) = (pick(rng, culture.given), pick(rng, culture.family));
            ((given.0, given.1.to_owned()), (family.0, family.1.to_owned()))
        }
    }
}

fn employee(t: &Tenant, rng: &mut Pcg64Mcg, culture: &Culture, n: usize, b: &mut Builder) -> Record {
    let ((given, given_ascii), (family, family_ascii)) = names(rng, culture, n);
    let mut nickname = format!("{given_ascii}.{family_ascii}");
    if t.by_key("user-nickname", &nickname).is_some() {
        nickname.push_str(&n.to_string());
    }
    let upn = format!("{nickname}@{}", t.info.domain);
    let display =
        if culture.family_first { format!("{family} {given}") } else { format!("{given} {family}") };
    let (department, jobs) = match n {
        0 => DEPARTMENTS[15],
        1 => DEPARTMENTS[8],
        _ => *pick(rng, DEPARTMENTS),
    };
    let job = match n {
        0 => "Chief Executive Officer",
        1 => "Identity Engineer",
        _ => pick(rng, jobs),
    };
    let (city, state, street) = *pick(rng, culture.cities);
    let synced = n >= 12 && rng.random_ratio(10, 100);
    let enabled = n < 12 || !rng.random_ratio(5, 100);
    let dice: u64 = rng.random();
    let chance = |bit: u32, percent: u64| (dice >> bit) % 100 < percent;
    let created = EPOCH - rng.random_range(30..2400) * DAY - rng.random_range(0..DAY);
    let changed = created.max(EPOCH - rng.random_range(1..300) * DAY);
    let number = rng.random_range(1_000_000..9_999_999u32);

    if chance(0, 80) {
        b.with(BUSINESS_PHONES, |out| {
            out.extend_from_slice(format!("[\"{} {number}\"]", culture.dial).as_bytes())
        });
    }
    b.str(DISPLAY_NAME, &display).str(GIVEN_NAME, given).str(JOB_TITLE, job).str(MAIL, &upn);
    if chance(7, 60) {
        b.str(MOBILE_PHONE, &format!("{} 7{number}", culture.dial));
    }
    b.str(OFFICE_LOCATION, OFFICES[rng.random_range(0..OFFICES.len())]);
    if chance(14, 70) {
        b.str(PREFERRED_LANGUAGE, culture.language);
    }
    b.str(SURNAME, family).str(UPN, &upn).bool(ACCOUNT_ENABLED, enabled);
    if chance(21, 2) {
        b.str(AGE_GROUP, "NotAdult");
    }
    b.str(CITY, city).str(COMPANY_NAME, &t.info.name);
    if chance(21, 2) {
        b.str(CONSENT, "Granted");
    }
    b.str(COUNTRY, culture.country).date(CREATED, created).str(DEPARTMENT, department);
    b.with(HIRE_DATE, |out| crate::text::push_iso(out, (created - created.rem_euclid(DAY)) + 30 * DAY));
    b.with(EMPLOYEE_ID, |out| out.extend_from_slice(format!("\"{}\"", 100_000 + n).as_bytes()));
    if chance(28, 3) {
        b.date(LEAVE_DATE, EPOCH + 400 * DAY);
    }
    if chance(35, 70) {
        let cost = 1000 + number % 40;
        b.with(ORG_DATA, |out| {
            out.extend_from_slice(
                format!("{{\"costCenter\":\"CC-{cost}\",\"division\":\"{}\"}}", culture.code).as_bytes(),
            );
        });
    }
    b.str(EMPLOYEE_TYPE, if chance(42, 85) { "Employee" } else { "Contractor" });
    if chance(49, 4) {
        b.str(FAX, &format!("{} 5{number}", culture.dial));
    }
    b.date(PASSWORD_CHANGED, changed).str(MAIL_NICKNAME, &nickname);
    if synced {
        b.str(OP_DN, &format!("CN={display},OU={department},DC=corp,DC=contoso,DC=example"));
        b.str(OP_DOMAIN, "corp.contoso.example");
    }
    if chance(50, 25) {
        b.with(OP_EXTENSIONS, |out| {
            out.extend_from_slice(
                format!("{{\"extensionAttribute1\":\"Badge {}\"", number % 9000).as_bytes(),
            );
            if number % 3 == 0 {
                out.extend_from_slice(format!(",\"extensionAttribute7\":\"{}\"", culture.code).as_bytes());
            }
            out.push(b'}');
        });
    }
    if synced {
        b.str(OP_IMMUTABLE, &STANDARD.encode(rng.random::<u128>().to_le_bytes()));
        b.date(OP_LAST_SYNC, EPOCH - i64::from(number % 1800));
        b.str(OP_SAM, nickname.get(..20.min(nickname.len())).unwrap_or(&nickname));
        b.str(OP_SID, &format!("S-1-5-21-3623811015-3361044348-30300820-{}", 1100 + n));
        b.bool(OP_SYNC, true).str(OP_UPN, &upn);
    }
    if chance(56, 10) {
        b.with(OTHER_MAILS, |out| out.extend_from_slice(format!("[\"{nickname}@mail.example\"]").as_bytes()));
    }
    if chance(57, 3) {
        b.str(PASSWORD_POLICIES, "DisablePasswordExpiration");
    }
    b.with(POSTAL_CODE, |out| out.extend_from_slice(format!("\"{}\"", 10_000 + number % 89_999).as_bytes()));
    let initial = &t.info.initial_domain;
    b.with(PROXIES, |out| {
        out.extend_from_slice(format!("[\"SMTP:{upn}\",\"smtp:{nickname}@{initial}\"]").as_bytes());
    });
    b.date(SESSIONS_FROM, changed).str(STATE, state).str(STREET, street).str(USAGE_LOCATION, culture.code);
    b.str(USER_TYPE, "Member");
    b.finish()
}

fn guest_record(t: &Tenant, rng: &mut Pcg64Mcg, culture: &Culture, n: usize) -> Record {
    let ((given, given_ascii), (family, family_ascii)) = names(rng, culture, n);
    let partner = *pick(rng, PARTNERS);
    let local = format!("{given_ascii}.{family_ascii}{n}");
    let mail = format!("{local}@{partner}");
    let accepted = rng.random_ratio(80, 100);
    let created = EPOCH - rng.random_range(5..900) * DAY - rng.random_range(0..DAY);
    let mut b = Builder::with_capacity(1024);
    b.str(DISPLAY_NAME, &format!("{given} {family} ({})", partner.split('.').next().unwrap_or_default()));
    if accepted {
        b.str(GIVEN_NAME, given);
    }
    b.str(MAIL, &mail);
    if accepted {
        b.str(SURNAME, family);
    }
    b.str(UPN, &format!("{local}_{partner}#EXT#@{}", t.info.initial_domain));
    b.bool(ACCOUNT_ENABLED, true).date(CREATED, created).str(CREATION_TYPE, "Invitation");
    b.str(EXTERNAL_STATE, if accepted { "Accepted" } else { "PendingAcceptance" });
    b.date(EXTERNAL_CHANGE, created + if accepted { 2 * DAY } else { 0 });
    b.str(MAIL_NICKNAME, &format!("{local}_{partner}#EXT#"));
    b.strs(OTHER_MAILS, &[&mail]).strs(PROXIES, &[format!("SMTP:{mail}")]).date(SESSIONS_FROM, created);
    b.str(USER_TYPE, "Guest");
    b.finish()
}
