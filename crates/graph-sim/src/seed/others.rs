//! Members and owners that are neither users nor groups: devices, contacts, service principals.
//!
//! Their ids come from the tenant's own generator, so that the rest of a seed's directory is what it
//! would be without them.

use serde_json::json;

use super::people::EPOCH;
use crate::record::Builder;
use crate::schema::{contact, device, group, unit};
use crate::state::log::Rel;
use crate::state::{Kind, Oid, Tenant};

const DAY: i64 = 86_400;

/// Name, system, version, maker, model.
const DEVICES: [(&str, &str, &str, &str, &str); 5] = [
    ("OSL-LT-0114", "Windows", "10.0.26100.4349", "Lenovo", "ThinkPad T14s Gen 6"),
    ("OSL-LT-0207", "Windows", "10.0.26100.4349", "Dell Inc.", "Latitude 7450"),
    ("BER-MB-0031", "MacMDM", "15.5", "Apple", "MacBook Pro"),
    ("Kiosk Reception", "Windows", "10.0.22631.5472", "HP", "Elite Mini 800"),
    ("Shared Tablet 4", "iPad", "18.5", "Apple", "iPad Air"),
];

/// Given name, family name, company, address.
const CONTACTS: [(&str, &str, &str, &str); 4] = [
    ("Astrid", "Nygaard", "Fjordline Freight", "astrid.nygaard@fjordline.example"),
    ("Pavel", "Horák", "Horák & Syn", "pavel@horak.example"),
    ("Amina", "Diallo", "Northwind Audit", "amina.diallo@northwind.example"),
    ("Service", "Desk", "Lamna Hosting", "support@lamna.example"),
];

pub(super) fn seed(t: &mut Tenant) {
    let devices: Vec<Oid> = DEVICES.iter().enumerate().map(|(n, facts)| add_device(t, n, facts)).collect();
    let contacts: Vec<Oid> = CONTACTS.iter().map(|facts| add_contact(t, facts)).collect();
    let plain = |t: &Tenant, g: Oid| {
        let rec = &t.object(g).rec;
        t.is_live(g)
            && !rec.is_true(group::MAIL_ENABLED)
            && !rec.is_true(group::OP_SYNC)
            && !rec.is_true(group::ROLE_ASSIGNABLE)
            && !t.is_dynamic(g)
            && t.licences_of(g).is_empty()
    };
    // The largest ones: what tests pick by hand is small.
    let mut groups: Vec<Oid> =
        t.sets[Kind::Group as usize].iter().copied().filter(|g| plain(t, *g)).collect();
    groups.sort_by_key(|g| std::cmp::Reverse(t.links(Rel::Members, *g).len()));
    let services: Vec<Oid> =
        t.sets[Kind::Sp as usize].iter().copied().filter(|sp| *sp != t.app_sp).rev().take(2).collect();
    if let Some(group) = groups.first() {
        for member in devices[..2].iter().chain(&contacts[..1]).chain(&services[..1]) {
            t.link(Rel::Members, *group, *member);
        }
    }
    if let Some(group) = groups.get(1) {
        t.link(Rel::Members, *group, devices[2]);
        // Beside its people: the only owner of a group could not be removed.
        t.link(Rel::Owners, *group, services[0]);
    }
    let exchange = t.sets[Kind::Group as usize].iter().copied().find(|g| {
        let rec = &t.object(*g).rec;
        t.is_live(*g) && rec.is_true(group::MAIL_ENABLED) && rec.strs(group::GROUP_TYPES).is_empty()
    });
    if let Some(list) = exchange {
        for member in &contacts[1..3] {
            t.link(Rel::Members, list, *member);
        }
    }
    let open = t.sets[Kind::Unit as usize]
        .iter()
        .copied()
        .find(|u| t.is_live(*u) && !t.object(*u).rec.is_true(unit::RESTRICTED) && !t.is_dynamic(*u));
    if let Some(unit) = open {
        t.link(Rel::Members, unit, devices[3]);
    }
}

fn add_device(
    t: &mut Tenant,
    n: usize,
    (name, system, version, maker, model): &(&str, &str, &str, &str, &str),
) -> Oid {
    let own = t.fresh_id().to_string();
    let since = EPOCH - (n as i64 * 37 + 12) * DAY;
    let mut b = Builder::default();
    b.bool(device::ENABLED, true).date(device::LAST_SIGN_IN, EPOCH - n as i64 * 3600);
    b.str(device::DEVICE_ID, &own).str(device::DISPLAY_NAME, name);
    b.bool(device::COMPLIANT, n != 3).bool(device::MANAGED, true);
    b.str(device::MANUFACTURER, maker).str(device::MODEL, model);
    b.str(device::SYSTEM, system).str(device::SYSTEM_VERSION, version);
    b.strs(device::PHYSICAL_IDS, &[format!("[GID]:g:{own}")]).str(device::PROFILE, "RegisteredDevice");
    b.date(device::REGISTERED, since).strs::<&str>(device::LABELS, &[]).str(device::TRUST, "AzureAd");
    let (rec, id) = (b.finish(), t.fresh_id());
    t.add(Kind::Device, id, rec)
}

fn add_contact(t: &mut Tenant, (given, family, company, address): &(&str, &str, &str, &str)) -> Oid {
    let mut b = Builder::default();
    let office = json!([{
        "city": null, "countryOrRegion": null, "officeLocation": null, "postalCode": null, "state": null,
        "street": null,
    }]);
    b.raw(contact::ADDRESSES, office.to_string().as_bytes()).str(contact::COMPANY_NAME, company);
    b.str(contact::DISPLAY_NAME, &format!("{given} {family} ({company})")).str(contact::GIVEN_NAME, given);
    b.str(contact::MAIL, address).str(contact::MAIL_NICKNAME, address.split('@').next().unwrap_or_default());
    b.raw(contact::PHONES, b"[]").strs(contact::PROXIES, &[format!("SMTP:{address}")]);
    b.str(contact::SURNAME, family);
    let (rec, id) = (b.finish(), t.fresh_id());
    t.add(Kind::Contact, id, rec)
}
