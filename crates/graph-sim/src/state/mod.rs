//! The simulated directory: objects, links, roles, licences, and what changed when.
//!
//! Everything is numbered: an object is its place in one table, links are sorted lists of numbers,
//! and each kind has a change log whose positions are what delta tokens hold.

pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod dynamic;
pub(crate) mod export;
pub(crate) mod hash;
pub(crate) mod history;
pub(crate) mod licences;
pub(crate) mod life;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod net;
pub(crate) mod roles;

use std::collections::{BTreeSet, HashMap};

use rand_pcg::Pcg64Mcg;
use uuid::Uuid;

use crate::record::{PropId, Record};
use crate::schema::{self, Schema};
use audit::{Actor, AuditRow};
use hash::FastHash;
use history::{Entry, Fact};
use licences::{Licence, Sku};
use log::{Change, What};
use roles::{Assignment, Eligibility, Planned};

/// Number of an object: its place in the table.
pub(crate) type Oid = u32;
/// No object.
pub(crate) const NONE: Oid = u32::MAX;
/// How long the recycle bin keeps an object.
pub(crate) const BIN_SECS: i64 = 30 * 86_400;

/// The kinds of objects that live in the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Kind {
    User,
    Group,
    Unit,
    Role,
    RoleDef,
    Sp,
    Device,
    /// An organizational contact: somebody outside, known by a mail address.
    Contact,
}

impl Kind {
    pub(crate) const ALL: [Kind; 8] = [
        Kind::User,
        Kind::Group,
        Kind::Unit,
        Kind::Role,
        Kind::RoleDef,
        Kind::Sp,
        Kind::Device,
        Kind::Contact,
    ];
    pub(crate) const COUNT: usize = Self::ALL.len();

    pub(crate) fn schema(self) -> &'static Schema {
        match self {
            Kind::User => &schema::user::SCHEMA,
            Kind::Group => &schema::group::SCHEMA,
            Kind::Unit => &schema::unit::SCHEMA,
            Kind::Role => &schema::role::SCHEMA,
            Kind::RoleDef => &schema::roledef::SCHEMA,
            Kind::Sp => &schema::sp::SCHEMA,
            Kind::Device => &schema::device::SCHEMA,
            Kind::Contact => &schema::contact::SCHEMA,
        }
    }

    /// The property that names an object to people.
    pub(crate) fn name_prop(self) -> PropId {
        match self {
            Kind::User => schema::user::DISPLAY_NAME,
            Kind::Group => schema::group::DISPLAY_NAME,
            Kind::Unit => schema::unit::DISPLAY_NAME,
            Kind::Role => schema::role::DISPLAY_NAME,
            Kind::RoleDef => schema::roledef::DISPLAY_NAME,
            Kind::Sp => schema::sp::DISPLAY_NAME,
            Kind::Device => schema::device::DISPLAY_NAME,
            Kind::Contact => schema::contact::DISPLAY_NAME,
        }
    }
}

/// Where an object is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Life {
    Live,
    /// In the recycle bin.
    Bin,
    Purged,
}

/// One object.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) id: Uuid,
    pub(crate) rec: Record,
    pub(crate) kind: Kind,
    pub(crate) life: Life,
    pub(crate) manager: Oid,
    pub(crate) deleted_at: i64,
    /// Groups, units and directory roles that hold this object as a member.
    pub(crate) up: Vec<Oid>,
    pub(crate) out: Option<Box<Out>>,
}

/// The links that few objects have.
#[derive(Clone, Default)]
pub(crate) struct Out {
    pub(crate) members: Vec<Oid>,
    pub(crate) owners: Vec<Oid>,
    /// The inverse of `manager`.
    pub(crate) reports: Vec<Oid>,
    /// The inverse of `owners`.
    pub(crate) owns: Vec<Oid>,
}

/// What identifies the tenant and the application that reads it.
#[derive(Clone)]
pub(crate) struct Info {
    pub(crate) tenant_id: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) client_secret: String,
    /// The organization's name.
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) initial_domain: String,
}

/// The whole directory.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) info: Info,
    /// The simulated time of the request that is being served.
    pub(crate) now: i64,
    pub(crate) actor: Actor,
    pub(crate) objects: Vec<Object>,
    ids: HashMap<Uuid, Oid, FastHash>,
    /// Names that must be unique among live objects, hashed with what they are.
    keys: HashMap<u64, Oid, FastHash>,
    pub(crate) sets: [Vec<Oid>; Kind::COUNT],
    pub(crate) logs: [Vec<Change>; Kind::COUNT],
    pub(crate) bin: BTreeSet<(i64, Oid)>,
    pub(crate) assignments: Vec<Assignment>,
    /// Assignments that begin later.
    pub(crate) planned: Vec<Planned>,
    pub(crate) eligibilities: Vec<Eligibility>,
    pub(crate) licences: HashMap<Oid, Vec<Licence>>,
    pub(crate) skus: Vec<Sku>,
    /// Groups and administrative units whose members follow a rule.
    pub(crate) dynamic: Vec<Oid>,
    pub(crate) audit: Vec<AuditRow>,
    pub(crate) org: Record,
    pub(crate) domains: Vec<Record>,
    /// The application's own service principal; none where nobody let it in.
    pub(crate) app_sp: Oid,
    pub(crate) permissions: BTreeSet<String>,
    pub(crate) rng: Pcg64Mcg,
    pub(crate) assignment_counter: u32,
    /// Seeding writes no history.
    pub(crate) recording: bool,
    /// Delta tokens of an earlier epoch are void: with 410 when `delta_gone`, else with 400.
    pub(crate) delta_epoch: u32,
    pub(crate) delta_gone: bool,
    /// The cloud has a recycle bin for custom roles.
    pub(crate) role_bin: bool,
    /// Delta tells the links of what comes back from the recycle bin.
    pub(crate) undelete_tells_links: bool,
    /// What was done to the directory, in order.
    pub(crate) history: Vec<Entry>,
}

impl Tenant {
    pub(crate) fn new(info: Info, rng: Pcg64Mcg, now: i64, expected: usize) -> Self {
        Self {
            info,
            now,
            actor: Actor::Directory,
            objects: Vec::with_capacity(expected),
            ids: HashMap::with_capacity_and_hasher(expected, FastHash),
            keys: HashMap::with_capacity_and_hasher(expected * 3, FastHash),
            sets: Default::default(),
            logs: Default::default(),
            bin: BTreeSet::new(),
            assignments: Vec::new(),
            planned: Vec::new(),
            eligibilities: Vec::new(),
            licences: HashMap::new(),
            skus: Vec::new(),
            dynamic: Vec::new(),
            audit: Vec::new(),
            org: Record::default(),
            domains: Vec::new(),
            app_sp: NONE,
            permissions: BTreeSet::new(),
            rng,
            assignment_counter: 0,
            recording: false,
            delta_epoch: 0,
            delta_gone: true,
            role_bin: true,
            undelete_tells_links: false,
            history: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn object(&self, oid: Oid) -> &Object {
        &self.objects[oid as usize]
    }

    #[inline]
    pub(crate) fn object_mut(&mut self, oid: Oid) -> &mut Object {
        &mut self.objects[oid as usize]
    }

    pub(crate) fn is_live(&self, oid: Oid) -> bool {
        oid != NONE && self.object(oid).life == Life::Live
    }

    /// An object by id, whatever its life.
    pub(crate) fn by_id(&self, id: &str) -> Option<Oid> {
        // Only the 36-character form is an id in Graph.
        let id = Some(id).filter(|id| id.len() == 36)?;
        self.ids.get(&Uuid::try_parse(id).ok()?).copied().filter(|oid| self.object(*oid).life != Life::Purged)
    }

    /// A live object of a kind, by id.
    pub(crate) fn live(&self, kind: Kind, id: &str) -> Option<Oid> {
        self.by_id(id).filter(|oid| self.object(*oid).kind == kind && self.is_live(*oid))
    }

    /// A live user by id or by principal name.
    pub(crate) fn user(&self, id_or_upn: &str) -> Option<Oid> {
        self.live(Kind::User, id_or_upn).or_else(|| self.by_key("upn", id_or_upn))
    }

    pub(crate) fn by_key(&self, what: &str, value: &str) -> Option<Oid> {
        self.keys.get(&hash::key(what, value)).copied()
    }

    pub(crate) fn name(&self, oid: Oid) -> String {
        let object = self.object(oid);
        object.rec.str(object.kind.name_prop()).unwrap_or_default().into_owned()
    }

    pub(crate) fn id(&self, oid: Oid) -> String {
        self.object(oid).id.to_string()
    }

    /// A fresh id, from the seeded generator so that the same calls give the same ids.
    pub(crate) fn fresh_id(&mut self) -> Uuid {
        hash::uuid(&mut self.rng)
    }

    /// Adds an object that is live from now on.
    pub(crate) fn add(&mut self, kind: Kind, id: Uuid, rec: Record) -> Oid {
        let oid = self.objects.len() as Oid;
        for key in keys_of(kind, &rec) {
            self.keys.insert(key, oid);
        }
        let written = self.recording.then(|| rec.clone());
        self.objects.push(Object {
            id,
            rec,
            kind,
            life: Life::Live,
            manager: NONE,
            deleted_at: 0,
            up: Vec::new(),
            out: None,
        });
        self.ids.insert(id, oid);
        self.sets[kind as usize].push(oid);
        if let Some(rec) = written {
            self.remember(oid, Fact::Created(rec));
        }
        self.note(oid, What::Life);
        oid
    }

    /// Writes properties and remembers which; the caller has checked that it may.
    pub(crate) fn set_props(&mut self, oid: Oid, changes: &[(PropId, Option<Vec<u8>>)]) {
        let object = &mut self.objects[oid as usize];
        let before = keys_of(object.kind, &object.rec);
        let mut mask = 0u128;
        let mut facts = Vec::new();
        for (prop, value) in changes {
            if object.rec.raw(*prop) != value.as_deref() {
                if self.recording {
                    let text = |raw: Option<&[u8]>| raw.map(Box::from);
                    facts.push(Fact::Set(*prop, text(object.rec.raw(*prop)), text(value.as_deref())));
                }
                object.rec.set(*prop, value.as_deref());
                mask |= 1 << prop;
            }
        }
        if mask == 0 {
            return;
        }
        if object.life == Life::Live {
            for key in before {
                self.keys.remove(&key);
            }
            for key in keys_of(object.kind, &object.rec) {
                self.keys.insert(key, oid);
            }
        }
        for fact in facts {
            self.remember(oid, fact);
        }
        self.note(oid, What::Props(mask));
    }

    /// Gives up an object's unique names, or takes them (again).
    pub(crate) fn hold_keys(&mut self, oid: Oid, hold: bool) {
        let object = &self.objects[oid as usize];
        for key in keys_of(object.kind, &object.rec) {
            if hold {
                self.keys.insert(key, oid);
            } else if self.keys.get(&key) == Some(&oid) {
                self.keys.remove(&key);
            }
        }
    }

    /// The unique names of `rec` that another object already has.
    pub(crate) fn conflicts(&self, kind: Kind, rec: &Record, own: Oid) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = named_keys(kind, rec)
            .into_iter()
            .filter(|(_, key)| self.keys.get(key).is_some_and(|holder| *holder != own))
            .map(|(what, _)| what)
            .collect();
        found.dedup();
        found
    }

    pub(crate) fn note(&mut self, oid: Oid, what: What) {
        if self.recording {
            let kind = self.object(oid).kind;
            self.logs[kind as usize].push(Change { oid, what });
        }
    }
}

fn keys_of(kind: Kind, rec: &Record) -> Vec<u64> {
    named_keys(kind, rec).into_iter().map(|(_, key)| key).collect()
}

/// What must be unique in the tenant, with the property that a conflict names.
fn named_keys(kind: Kind, rec: &Record) -> Vec<(&'static str, u64)> {
    use schema::{group, user};
    let mut keys = Vec::with_capacity(4);
    let one = |keys: &mut Vec<_>, what, space: &str, prop| {
        if let Some(value) = rec.str(prop) {
            keys.push((what, hash::key(space, &value)));
        }
    };
    let proxies = |keys: &mut Vec<_>, prop| {
        let text = rec.raw(prop).and_then(|raw| std::str::from_utf8(raw).ok()).unwrap_or_default();
        // Addresses have no quotes and no escapes, so that every other piece is one.
        for proxy in text.split('"').skip(1).step_by(2) {
            keys.push(("proxyAddresses", hash::key("proxy", proxy.get(5..).unwrap_or(proxy))));
        }
    };
    match kind {
        Kind::User => {
            one(&mut keys, "userPrincipalName", "upn", user::UPN);
            one(&mut keys, "mailNickname", "user-nickname", user::MAIL_NICKNAME);
            proxies(&mut keys, user::PROXIES);
        }
        Kind::Group => {
            // Only groups with a mailbox compete for a nickname.
            if rec.is_true(group::MAIL_ENABLED) {
                one(&mut keys, "mailNickname", "group-nickname", group::MAIL_NICKNAME);
            }
            one(&mut keys, "uniqueName", "unique-name", group::UNIQUE_NAME);
            proxies(&mut keys, group::PROXIES);
        }
        Kind::Unit | Kind::Device | Kind::Contact => {}
        Kind::Role | Kind::RoleDef => {
            one(
                &mut keys,
                "templateId",
                if kind == Kind::Role { "role" } else { "roledef" },
                match kind {
                    Kind::Role => schema::role::TEMPLATE,
                    _ => schema::roledef::TEMPLATE,
                },
            );
        }
        Kind::Sp => one(&mut keys, "appId", "app", schema::sp::APP_ID),
    }
    keys
}
