//! From chosen changes to ordered steps.

use std::collections::{HashMap, HashSet};

use domain::change::{Choice, ObjectRef, Selection, Sort};
use domain::descriptor::{self, Obstacle};
use domain::link::LinkDetails;
use domain::permission::Granted;
use domain::plan::{Outcome, Stage, Unrestorable};
use domain::{Kind, LinkKind, Seq};
use store::Store;
use store::history::{Identity, LinkDifference, Num, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::rights::{self, Guarded};
use super::step::{Content, Deed, LinkDeed, Step};
use crate::capture::canon::Values;
use crate::look::body;
use crate::look::compare::{self, Change, Changes};
use crate::{Result, obstacle, shown};

/// A plan before it is kept.
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) unrestorable: Vec<Unrestorable>,
}

/// What a plan is made from.
pub(crate) struct Wish<'a> {
    /// The snapshot whose values come back.
    pub(crate) to: Seq,
    /// The snapshot that shows the damage.
    pub(crate) seen: Seq,
    pub(crate) selection: &'a Selection,
    pub(crate) granted: &'a Granted,
    /// Directory roles that the app itself holds.
    pub(crate) app_roles: &'a [Uuid],
}

struct Planner<'a> {
    wish: Wish<'a>,
    changes: &'a Changes,
    /// The changed objects that a selection of everything takes in.
    passing: HashSet<Num>,
    identities: HashMap<Num, Identity>,
    /// The objects at both ends of what differs, as they are at `seen`.
    now: HashMap<Num, Version>,
    before: HashMap<Num, Version>,
    guarded: Guarded,
    chosen: HashSet<Choice>,
    /// Groups and units for which this plan changes who decides their members: people or a rule.
    turning: HashSet<Num>,
    steps: Vec<Step>,
    unrestorable: Vec<Unrestorable>,
}

/// Makes the plan.
pub(crate) async fn make(store: &Store, tenant: TenantScope, wish: Wish<'_>) -> Result<Plan> {
    // What is a change is decided where pages ask, too.
    let changes = Changes::between(store, tenant, wish.to, wish.seen).await?;
    let mut nums: HashSet<Num> = changes.difference.objects.keys().copied().collect();
    nums.extend(changes.difference.links.iter().flat_map(|l| [l.key.source, l.key.target]));
    let all: Vec<Num> = nums.iter().copied().collect();
    let planner = Planner {
        identities: store.identities(tenant, &nums, wish.seen.max(wish.to)).await?,
        now: store.versions_at(tenant, &all, wish.seen).await?,
        before: store.versions_at(tenant, &all, wish.to).await?,
        guarded: Guarded::at(store, tenant, wish.seen, wish.app_roles).await?,
        chosen: match wish.selection {
            Selection::Chosen(choices) => choices.iter().cloned().collect(),
            Selection::Everything(_) => HashSet::new(),
        },
        passing: match wish.selection {
            Selection::Chosen(_) => HashSet::new(),
            Selection::Everything(filter) => {
                changes.filtered(filter).into_iter().map(|(v, _)| v.num).collect()
            }
        },
        turning: HashSet::new(),
        steps: Vec::new(),
        unrestorable: Vec::new(),
        changes: &changes,
        wish,
    };
    planner.run(store, tenant).await
}

impl Planner<'_> {
    async fn run(mut self, store: &Store, tenant: TenantScope) -> Result<Plan> {
        let changes = self.changes;
        let mut objects: Vec<(Num, &Change)> =
            changes.difference.objects.iter().map(|(n, c)| (*n, c)).collect();
        objects.retain(|(num, _)| self.wants_part_of(*num));
        objects.sort_by(|(a, _), (b, _)| self.name(*a).cmp(self.name(*b)).then(a.cmp(b)));
        let bodies = bodies(store, tenant, &objects).await?;
        for (num, change) in &objects {
            self.object(*num, change, bodies.get(num));
        }
        let mut links: Vec<&LinkDifference> = changes.difference.links.iter().collect();
        links.retain(|l| self.wants_link(l));
        links.sort_by(|a, b| {
            (self.name(a.key.source), self.name(a.key.target), &a.key).cmp(&(
                self.name(b.key.source),
                self.name(b.key.target),
                &b.key,
            ))
        });
        let managed: HashSet<Num> = links
            .iter()
            .filter(|l| l.key.kind == LinkKind::Manager && l.old.is_some())
            .map(|l| l.key.source)
            .collect();
        let newcomers: HashMap<Num, Num> = links
            .iter()
            .filter(|l| l.key.kind == LinkKind::Manager && l.new.is_some())
            .map(|l| (l.key.source, l.key.target))
            .collect();
        for l in links {
            // Setting the old manager removes the new one.
            if l.key.kind == LinkKind::Manager && l.old.is_none() && managed.contains(&l.key.source) {
                continue;
            }
            self.link(l, newcomers.get(&l.key.source).copied());
        }
        self.steps.sort_by_key(|s| s.stage);
        for (step, n) in self.steps.iter_mut().zip(1..) {
            step.number = n;
        }
        Ok(Plan { steps: self.steps, unrestorable: self.unrestorable })
    }

    fn name(&self, num: Num) -> &str {
        self.identities.get(&num).map_or("", |i| i.name.as_str())
    }

    fn object_ref(&self, num: Num) -> Option<ObjectRef> {
        self.identities.get(&num).map(|i| ObjectRef { kind: i.kind, id: i.id })
    }

    /// Whether all of an object's changes are wanted.
    fn wants_object(&self, num: Num) -> bool {
        match self.wish.selection {
            Selection::Chosen(_) => {
                self.object_ref(num).is_some_and(|o| self.chosen.contains(&Choice::Object(o)))
            }
            Selection::Everything(_) => self.passing.contains(&num),
        }
    }

    fn wants_part_of(&self, num: Num) -> bool {
        if self.wants_object(num) {
            return true;
        }
        let Some(object) = self.object_ref(num) else { return false };
        self.chosen.iter().any(|c| matches!(c, Choice::Attribute(o, _) if *o == object))
    }

    fn wants_link(&self, l: &LinkDifference) -> bool {
        if self.wants_object(l.key.source) || self.wants_object(l.key.target) {
            return true;
        }
        let (Some(source), Some(target)) = (self.object_ref(l.key.source), self.object_ref(l.key.target))
        else {
            return false;
        };
        let over = l.key.disc.strip_prefix("/administrativeUnits/").and_then(|id| id.parse().ok());
        if let Some(id) = over
            && self.chosen.contains(&Choice::Object(ObjectRef { kind: Kind::AdministrativeUnit, id }))
        {
            return true;
        }
        if l.key.kind == LinkKind::Manager {
            // A user has one manager: who takes the new one away wants the old one back.
            return self.chosen.iter().any(
                |c| matches!(c, Choice::Link { kind: LinkKind::Manager, source: s, .. } if *s == source.id),
            );
        }
        self.chosen.contains(&Choice::Link {
            kind: l.key.kind,
            source: source.id,
            target: target.id,
            discriminator: l.key.disc.clone(),
        })
    }

    fn cannot(&mut self, num: Num, what: &str, obstacle: Obstacle) {
        if let Some(object) = self.object_ref(num) {
            self.unrestorable.push(Unrestorable {
                object,
                object_name: self.name(num).to_owned(),
                what: what.to_owned(),
                obstacle,
            });
        }
    }

    fn step(
        &mut self,
        stage: Stage,
        num: Num,
        what: String,
        deed: Deed,
        value: Vec<String>,
        now: Vec<String>,
    ) -> Option<&mut Step> {
        let object = self.object_ref(num)?;
        let name = self.name(num).to_owned();
        let permissions: Vec<String> = rights::permissions(&deed, object, self.now.get(&num))
            .0
            .iter()
            .map(|p| (*p).to_owned())
            .collect();
        let content = Content {
            object,
            warning: self.guarded.warning(&deed, object, num, &name),
            granted: rights::held(&permissions, self.wish.granted),
            object_name: name,
            what,
            deed,
            value,
            now,
            permissions,
        };
        self.steps.push(Step {
            number: 0,
            stage,
            content,
            needs_confirmation: false,
            confirmed: false,
            outcome: Outcome::Pending,
            note: None,
        });
        self.steps.last_mut()
    }

    fn object(&mut self, num: Num, change: &Change, bodies: Option<&(Values, Values)>) {
        let whole = self.wants_object(num);
        let explicit = matches!(self.wish.selection, Selection::Chosen(_));
        match change.sort {
            Sort::Deleted if whole => {
                let kind = self.identities.get(&num).map_or(Kind::Other, |i| i.kind);
                if descriptor::of(kind).is_some_and(|d| d.bin.is_some()) {
                    self.step(
                        Stage::Undelete,
                        num,
                        format!("Deleted {}", kind.singular()),
                        Deed::Undelete,
                        vec!["Active".to_owned()],
                        vec!["In the recycle bin".to_owned()],
                    );
                } else {
                    self.cannot(num, "Deleted", Obstacle::Purged);
                }
            }
            Sort::PermanentlyDeleted if whole => self.cannot(num, "Permanently deleted", Obstacle::Purged),
            Sort::Created | Sort::Restored => {
                if whole && explicit {
                    self.cannot(num, "Created", Obstacle::CreatedSince);
                }
                return;
            }
            Sort::Deleted | Sort::PermanentlyDeleted | Sort::Updated => {}
        }
        let (Some((before, now)), Some((old, new))) = (bodies, change.versions()) else { return };
        let (Some(object), Some(layout)) = (self.object_ref(num), body::layout(new.kind)) else { return };
        let both = &self.changes.difference.both;
        for a in compare::attributes::differing((old, new), (before, now), object.id, both) {
            let (was, is) = (layout.raw(before, a.name), layout.raw(now, a.name));
            if !whole && !self.chosen.contains(&Choice::Attribute(object, a.name.to_owned())) {
                continue;
            }
            match obstacle::of_value(a, layout, now, was) {
                Some(why) => self.cannot(num, a.label, why),
                None => {
                    let (was, is) = (was.map(str::to_owned), is.map(str::to_owned));
                    if obstacle::decides_members(a.name) {
                        self.turning.insert(num);
                    }
                    self.step(
                        Stage::Attributes,
                        num,
                        a.label.to_owned(),
                        Deed::Set { name: a.name.to_owned(), to: was.clone(), seen: is.clone() },
                        shown::raw(a, was.as_deref()).0,
                        shown::raw(a, is.as_deref()).0,
                    );
                }
            }
        }
    }

    fn link(&mut self, l: &LinkDifference, newcomer: Option<Num>) {
        let (source, target) = (l.key.source, l.key.target);
        let add = l.old.is_some();
        let there_before = |num: Num| self.before.get(&num).is_some_and(Version::is_live);
        let captured = |num: Num| self.identities.get(&num).is_some_and(|i| descriptor::of(i.kind).is_some());
        // Links of what was created since, or is gone, belong to that object's own change.
        if !add && !there_before(source) {
            return;
        }
        let what = format!("{} {}", obstacle::link_noun(l.key.kind), self.name(target));
        if add && [source, target].iter().any(|n| captured(*n) && !self.now.contains_key(n)) {
            self.cannot(source, &what, Obstacle::Purged);
            return;
        }
        // What counts is who decides the members once the attributes are back.
        let then = if self.turning.contains(&source) { &self.before } else { &self.now };
        let ruled = obstacle::is_ruled(then.get(&source));
        if let Some(why) = obstacle::of_link(l, self.now.get(&source), ruled) {
            self.cannot(source, &what, why);
            return;
        }
        let Some(other) = self.object_ref(target) else { return };
        let seen = newcomer.and_then(|n| self.object_ref(n)).map(|o| o.id);
        let deed = Deed::Link(LinkDeed {
            kind: l.key.kind,
            other,
            disc: l.key.disc.clone(),
            details: match l.key.kind {
                LinkKind::Licence | LinkKind::GroupLicense => l.old.clone().flatten(),
                _ => None,
            },
            add,
            seen,
        });
        let stage = match l.key.kind {
            LinkKind::Member | LinkKind::UnitMember => Stage::Members,
            LinkKind::Owner | LinkKind::Manager => Stage::Relations,
            LinkKind::RoleAssignment | LinkKind::ActivatedRole => Stage::Roles,
            LinkKind::Licence | LinkKind::GroupLicense => Stage::Licences,
        };
        let (present, absent) = (vec!["Yes".to_owned()], vec!["No".to_owned()]);
        let altered = l.old.is_some() && l.new.is_some();
        let (value, now) = match (add, altered) {
            (true, true) => (vec!["As it was".to_owned()], vec!["Other options".to_owned()]),
            (true, false) => (present, absent),
            (false, _) => (absent, present),
        };
        let explicit = matches!(self.wish.selection, Selection::Chosen(_));
        let unsure = [&l.old, &l.new]
            .into_iter()
            .any(|side| compare::details(side.as_ref()) == Some(LinkDetails::Unsure));
        let is_role = l.key.kind == LinkKind::RoleAssignment;
        if let Some(step) = self.step(stage, source, what, deed, value, now) {
            if is_role && unsure {
                step.needs_confirmation = true;
                step.content.warning = Some(
                    "It could not be read whether this assignment was standing or an eligible role in use. Confirm it only if it was standing."
                        .to_owned(),
                );
            } else if is_role && !add && !explicit {
                step.needs_confirmation = true;
                step.content.warning = Some(
                    "Granted since. Taking it away is final; the snapshot before the restore keeps a record of it."
                        .to_owned(),
                );
            }
        }
    }
}

/// The values of the objects' two versions, where they have two that differ.
async fn bodies(
    store: &Store,
    tenant: TenantScope,
    objects: &[(Num, &Change)],
) -> Result<HashMap<Num, (Values, Values)>> {
    let pairs: Vec<(Num, [&Version; 2])> = objects
        .iter()
        .filter_map(|(num, change)| change.versions().map(|(old, new)| (*num, [old, new])))
        .collect();
    let wanted: Vec<&Version> = pairs.iter().flat_map(|(_, versions)| *versions).collect();
    let mut values = body::values(store, tenant, &wanted).await?.into_iter();
    Ok(pairs.iter().filter_map(|(num, _)| Some((*num, values.next().zip(values.next())?))).collect())
}
