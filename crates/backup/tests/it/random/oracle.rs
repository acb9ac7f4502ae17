//! What a comparison must say and what it may say, from the simulator's record and Microsoft's documentation alone.

use std::collections::{BTreeMap, BTreeSet};

use domain::capture::{NotCompared, ReadScope};
use domain::change::{LinkChange, LinkFate, ObjectRef, Sort};
use domain::{Kind, LinkKind};
use graph_sim::Sim;
use serde_json::Value;
use uuid::Uuid;

use super::scene::Moment;
use crate::world::tidy;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Created, deleted, restored or purged.
    Life {
        object: ObjectRef,
        sort: Sort,
    },
    Attribute {
        object: ObjectRef,
        name: String,
    },
    /// A link, on the page of one of its ends.
    Link {
        page: Uuid,
        kind: LinkKind,
        source: Uuid,
        target: Uuid,
        at: String,
        fate: Fate,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Added,
    Removed,
    Altered,
}

/// A link as a comparison tells it.
pub fn link_of(page: ObjectRef, link: &LinkChange) -> Option<Item> {
    let domain::change::Choice::Link { kind, source, target, discriminator } = &link.choice else {
        return None;
    };
    let fate = match link.fate {
        LinkFate::Added => Fate::Added,
        LinkFate::Removed => Fate::Removed,
        LinkFate::Altered => Fate::Altered,
    };
    let at = discriminator.clone();
    Some(Item::Link { page: page.id, kind: *kind, source: *source, target: *target, at, fate })
}

/// Attributes that a person or a rule changes. Source: the Graph resources `user`, `group`, `unifiedRoleDefinition`
/// and `administrativeUnit`; left out are times that the service writes (last sync, last password change, renewed).
const ATTRIBUTES: &[(Kind, &[&str])] = &[
    (
        Kind::User,
        &[
            "displayName",
            "userPrincipalName",
            "accountEnabled",
            "givenName",
            "surname",
            "jobTitle",
            "department",
            "companyName",
            "officeLocation",
            "employeeId",
            "employeeType",
            "employeeHireDate",
            "employeeOrgData",
            "mail",
            "mailNickname",
            "otherMails",
            "proxyAddresses",
            "businessPhones",
            "mobilePhone",
            "faxNumber",
            "streetAddress",
            "city",
            "state",
            "postalCode",
            "country",
            "usageLocation",
            "preferredLanguage",
            "preferredDataLocation",
            "userType",
            "ageGroup",
            "consentProvidedForMinor",
            "passwordPolicies",
            "identities",
            "onPremisesExtensionAttributes",
            "onPremisesImmutableId",
            "onPremisesSyncEnabled",
            "externalUserState",
        ],
    ),
    (
        Kind::Group,
        &[
            "displayName",
            "description",
            "mailNickname",
            "mail",
            "proxyAddresses",
            "securityEnabled",
            "mailEnabled",
            "groupTypes",
            "visibility",
            "membershipRule",
            "membershipRuleProcessingState",
            "classification",
            "preferredLanguage",
            "preferredDataLocation",
            "theme",
            "isAssignableToRole",
            "onPremisesSyncEnabled",
        ],
    ),
    (Kind::Role, &["displayName", "description", "isEnabled", "rolePermissions", "version"]),
    (
        Kind::AdministrativeUnit,
        &[
            "displayName",
            "description",
            "visibility",
            "membershipType",
            "membershipRule",
            "membershipRuleProcessingState",
            "isMemberManagementRestricted",
        ],
    ),
];

/// What User.ReadBasic.All shows. Source: "Microsoft Graph permissions reference".
const BASIC: &[&str] = &["displayName", "givenName", "surname", "mail", "userPrincipalName"];
/// Follows from the administrative units that an object is in; delta need not tell it.
const FOLLOWS: &str = "isManagementRestricted";

const SETS: &[(Kind, &str)] = &[
    (Kind::User, "users"),
    (Kind::Group, "groups"),
    (Kind::Role, "roleDefinitions"),
    (Kind::AdministrativeUnit, "administrativeUnits"),
    (Kind::ServicePrincipal, "servicePrincipals"),
    (Kind::Device, "devices"),
    (Kind::Contact, "contacts"),
];

fn id(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

type Key = (LinkKind, Uuid, Uuid, String);

/// What a link carries: disabled plans, or when an assignment ends.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Carried {
    text: String,
    until: Option<String>,
}

/// The directory at a moment, and how much of it the permissions of that moment show.
struct Side<'a> {
    moment: &'a Moment,
    live: BTreeMap<Uuid, Kind>,
    binned: BTreeSet<Uuid>,
    hidden: BTreeSet<Uuid>,
    links: BTreeMap<Key, Carried>,
    /// Eligible roles in use.
    activated: BTreeSet<(Uuid, Uuid, String)>,
}

impl<'a> Side<'a> {
    fn of(moment: &'a Moment) -> Side<'a> {
        let export = &moment.export;
        let mut live = BTreeMap::new();
        let (mut binned, mut hidden) = (BTreeSet::new(), BTreeSet::new());
        for (kind, name) in SETS {
            for o in export[name].as_array().into_iter().flatten() {
                live.insert(id(&o["id"]), *kind);
                if o["visibility"] == "HiddenMembership" {
                    hidden.insert(id(&o["id"]));
                }
            }
            binned.extend(export["deleted"][name].as_array().into_iter().flatten().map(|o| id(&o["id"])));
        }
        let mut side =
            Side { moment, live, binned, hidden, links: BTreeMap::new(), activated: BTreeSet::new() };
        side.read_links();
        side
    }

    fn read_links(&mut self) {
        let export = &self.moment.export;
        let plain = Carried { text: String::new(), until: None };
        for (kind, name) in
            [(LinkKind::Member, "members"), (LinkKind::Owner, "owners"), (LinkKind::UnitMember, "auMembers")]
        {
            for (source, targets) in export[name].as_object().unwrap() {
                for target in targets.as_array().unwrap() {
                    let key = (kind, source.parse().unwrap(), id(target), String::new());
                    self.links.insert(key, plain.clone());
                }
            }
        }
        for (user, manager) in export["manager"].as_object().unwrap() {
            let key = (LinkKind::Manager, user.parse().unwrap(), id(manager), String::new());
            self.links.insert(key, plain.clone());
        }
        for a in export["roleAssignments"].as_array().unwrap() {
            let (role, principal) = (id(&a["roleDefinitionId"]), id(&a["principalId"]));
            let scope = a["directoryScopeId"].as_str().unwrap().to_owned();
            if a["activated"] == true {
                self.activated.insert((role, principal, scope));
                continue;
            }
            let until = a["endDateTime"].as_str().map(str::to_owned);
            let carried = Carried { text: until.clone().unwrap_or_default(), until };
            self.links.insert((LinkKind::RoleAssignment, role, principal, scope), carried);
        }
        for (kind, name) in [(LinkKind::Licence, "licences"), (LinkKind::GroupLicense, "groupLicences")] {
            for (holder, licenses) in export[name].as_object().unwrap() {
                // What a user has from a group follows from the group's license and the membership.
                let direct = licenses.as_array().unwrap().iter().filter(|l| l["assignedByGroup"].is_null());
                for l in direct {
                    let plans = l["disabledPlans"].as_array().into_iter().flatten().filter_map(Value::as_str);
                    let plans: BTreeSet<&str> = plans.collect();
                    let text = plans.into_iter().collect::<Vec<_>>().join(",");
                    let key = (kind, holder.parse().unwrap(), id(&l["skuId"]), String::new());
                    self.links.insert(key, Carried { text, until: None });
                }
            }
        }
        // Graph shows no links of what lies in the recycle bin.
        let binned = &self.binned;
        let in_bin = |at: &str| binned.iter().any(|id| at.ends_with(&id.to_string()));
        self.links.retain(|(_, source, target, at), _| {
            !binned.contains(source) && !binned.contains(target) && !in_bin(at)
        });
    }

    fn may(&self, any: &[&str]) -> bool {
        any.iter().any(|p| self.moment.granted.contains(*p))
    }

    /// Source: the permissions tables of the list calls.
    fn shows_kind(&self, kind: Kind) -> bool {
        match kind {
            Kind::User => self.may(&["User.Read.All", "User.ReadBasic.All", "Directory.Read.All"]),
            Kind::Group => self.may(&["Group.Read.All", "Directory.Read.All"]),
            Kind::Role => self.may(&["RoleManagement.Read.Directory", "Directory.Read.All"]),
            Kind::AdministrativeUnit => self.may(&["AdministrativeUnit.Read.All", "Directory.Read.All"]),
            _ => false,
        }
    }

    fn shows_attribute(&self, kind: Kind, name: &str) -> bool {
        let full = kind != Kind::User || self.may(&["User.Read.All", "Directory.Read.All"]);
        self.shows_kind(kind) && (full || BASIC.contains(&name))
    }

    fn shows_links(&self, kind: LinkKind, hidden: bool) -> bool {
        let hidden = !hidden || self.may(&["Member.Read.Hidden"]);
        match kind {
            LinkKind::Member => self.shows_kind(Kind::Group) && hidden,
            LinkKind::Owner | LinkKind::GroupLicense => self.shows_kind(Kind::Group),
            LinkKind::UnitMember => self.shows_kind(Kind::AdministrativeUnit) && hidden,
            LinkKind::Manager | LinkKind::Licence => self.shows_attribute(Kind::User, "jobTitle"),
            LinkKind::RoleAssignment => self.shows_kind(Kind::Role),
            LinkKind::ActivatedRole => false,
        }
    }

    /// Whether activated, time-bound and permanent assignments can be told apart.
    fn tells_types(&self) -> bool {
        self.may(&["RoleAssignmentSchedule.Read.Directory", "RoleManagement.Read.Directory"])
    }
}

pub struct Expected {
    /// What is to be said, unless it is named as not compared.
    pub required: BTreeSet<Item>,
    /// What may be said.
    allowed: BTreeSet<Item>,
    /// Objects that were purged.
    pub purged: i64,
    kinds: BTreeMap<Uuid, Kind>,
    timed: BTreeSet<(Uuid, Uuid, String)>,
}

impl Expected {
    pub fn between(sim: &Sim, from: &Moment, to: &Moment) -> Expected {
        let changes = sim.changes(from.position, to.position);
        let (a, b) = (Side::of(from), Side::of(to));
        let mut expected = Expected {
            required: BTreeSet::new(),
            allowed: BTreeSet::new(),
            purged: 0,
            kinds: a.live.iter().chain(&b.live).map(|(id, kind)| (*id, *kind)).collect(),
            timed: BTreeSet::new(),
        };
        for change in changes["objects"].as_array().unwrap() {
            expected.object(change, &a, &b);
        }
        let keys: BTreeSet<&Key> = a.links.keys().chain(b.links.keys()).collect();
        for key in keys {
            expected.link(key, &a, &b);
        }
        expected.uncertain_roles(&a, &b);
        expected
    }

    /// Whether an item may be said.
    pub fn allows(&self, item: &Item, not_compared: &[NotCompared]) -> bool {
        self.required.contains(item) || self.allowed.contains(item) || {
            // Where the recycle bin could not be read, nobody knows in which way something went.
            let Item::Life { object, sort } = item else { return false };
            let no_bin = not_compared.iter().any(|n| n.scope == ReadScope::RecycleBin(object.kind));
            sort.is_deletion()
                && no_bin
                && [Sort::Deleted, Sort::PermanentlyDeleted]
                    .into_iter()
                    .any(|sort| self.required.contains(&Item::Life { object: *object, sort }))
        }
    }

    pub fn kind(&self, id: Uuid) -> Option<Kind> {
        self.kinds.get(&id).copied()
    }

    pub fn is_timed(&self, item: &Item) -> bool {
        matches!(item, Item::Link { kind: LinkKind::RoleAssignment, source, target, at, .. }
            if self.timed.contains(&(*source, *target, at.clone())))
    }

    fn object(&mut self, change: &Value, a: &Side<'_>, b: &Side<'_>) {
        let kind = match change["kind"].as_str().unwrap() {
            "user" => Kind::User,
            "group" => Kind::Group,
            "unifiedRoleDefinition" => Kind::Role,
            "administrativeUnit" => Kind::AdministrativeUnit,
            _ => return,
        };
        let object = ObjectRef { kind, id: id(&change["id"]) };
        self.kinds.insert(object.id, kind);
        let life = &change["life"];
        if life["after"] == "purged" {
            self.purged += 1;
        }
        if !(a.shows_kind(kind) && b.shows_kind(kind)) {
            return;
        }
        match (life["before"].as_str(), life["after"].as_str()) {
            (Some("absent"), Some("live")) => self.life(object, Sort::Created),
            (Some("deleted"), Some("live")) => self.life(object, Sort::Restored),
            (Some("live"), Some("deleted")) => self.life(object, Sort::Deleted),
            (Some("live" | "deleted"), Some("purged")) => self.life(object, Sort::PermanentlyDeleted),
            _ => {}
        }
        if !(a.live.contains_key(&object.id) && b.live.contains_key(&object.id)) {
            return;
        }
        let names = ATTRIBUTES.iter().find(|(k, _)| *k == kind).map_or(&[][..], |(_, names)| names);
        for (name, values) in change["properties"].as_object().into_iter().flatten() {
            let differs = tidy(&values["before"]) != tidy(&values["after"]);
            let shown = a.shows_attribute(kind, name) && b.shows_attribute(kind, name);
            if differs && shown && names.contains(&name.as_str()) {
                self.required.insert(Item::Attribute { object, name: name.clone() });
                // The principal name is one of the identities, which need not be written for it.
                if name == "userPrincipalName" {
                    self.allowed.insert(Item::Attribute { object, name: "identities".to_owned() });
                }
            }
        }
    }

    fn life(&mut self, object: ObjectRef, sort: Sort) {
        self.required.insert(Item::Life { object, sort });
    }

    fn link(&mut self, key: &Key, a: &Side<'_>, b: &Side<'_>) {
        let (kind, source, target, at) = key;
        let (before, after) = (a.links.get(key), b.links.get(key));
        let fate = match (before, after) {
            (None, Some(_)) => Fate::Added,
            (Some(_), None) => Fate::Removed,
            (Some(x), Some(y)) if x != y => Fate::Altered,
            _ => return,
        };
        if *kind == LinkKind::UnitMember || *kind == LinkKind::Member {
            // Restricted management follows from units.
            for end in [source, target] {
                if let Some(known @ (Kind::User | Kind::Group)) = self.kind(*end) {
                    let object = ObjectRef { kind: known, id: *end };
                    self.allowed.insert(Item::Attribute { object, name: FOLLOWS.to_owned() });
                }
            }
        }
        let hidden = a.hidden.contains(source) || b.hidden.contains(source);
        if !(a.shows_links(*kind, hidden) && b.shows_links(*kind, hidden)) {
            return;
        }
        let until = |side: Option<&Carried>| side.and_then(|c| c.until.clone());
        // What ended by itself is nobody's change.
        let now = chrono::DateTime::from_timestamp(b.moment.at, 0).unwrap();
        let ended =
            until(before).is_some_and(|end| end.parse::<chrono::DateTime<chrono::Utc>>().unwrap() <= now);
        if fate == Fate::Removed && ended {
            return;
        }
        if until(before).or(until(after)).is_some() {
            self.timed.insert((*source, *target, at.clone()));
        }
        let types = a.tells_types() && b.tells_types();
        let triple = (*source, *target, at.clone());
        let active = a.activated.contains(&triple) || b.activated.contains(&triple);
        let unsure = *kind == LinkKind::RoleAssignment && (active || (!types && fate == Fate::Altered));
        let kinds = &self.kinds;
        let captured = |end: &Uuid| kinds.get(end).copied().filter(|kind| Kind::CAPTURED.contains(kind));
        let scope_turned = [a, b].iter().any(|side| {
            at.rsplit('/')
                .next()
                .and_then(|id| id.parse().ok())
                .is_some_and(|id: Uuid| !side.live.contains_key(&id))
        });
        for (page, other) in [(source, target), (target, source)] {
            if !captured(page).is_some_and(|kind| a.shows_kind(kind) && b.shows_kind(kind)) {
                continue;
            }
            let item = Item::Link {
                page: *page,
                kind: *kind,
                source: *source,
                target: *target,
                at: at.clone(),
                fate,
            };
            let steady = |end: &Uuid| {
                !kinds.contains_key(end) || (a.live.contains_key(end) && b.live.contains_key(end))
            };
            // Whether an object that is not captured at both moments was there, nobody knows.
            let known =
                |end: &Uuid| captured(end).is_none_or(|kind| a.shows_kind(kind) && b.shows_kind(kind));
            let new = fate == Fate::Added && !a.live.contains_key(page) && !a.binned.contains(page);
            if !unsure && !scope_turned && steady(other) && known(other) && (steady(page) || new) {
                self.required.insert(item);
            } else if !steady(page) || !known(other) || unsure || scope_turned {
                // The coming or going of the other end is told there.
                self.allowed.insert(item);
            }
        }
    }

    /// Without the types of assignments at one of the moments, a role in use may look assigned.
    fn uncertain_roles(&mut self, a: &Side<'_>, b: &Side<'_>) {
        if a.tells_types() && b.tells_types() {
            return;
        }
        for (role, principal, scope) in a.activated.union(&b.activated) {
            for page in [role, principal] {
                for fate in [Fate::Added, Fate::Removed, Fate::Altered] {
                    let (kind, source, target) = (LinkKind::RoleAssignment, *role, *principal);
                    self.allowed.insert(Item::Link {
                        page: *page,
                        kind,
                        source,
                        target,
                        at: scope.clone(),
                        fate,
                    });
                }
            }
        }
    }
}
