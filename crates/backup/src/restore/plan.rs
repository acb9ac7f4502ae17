//! From chosen changes to ordered steps.

use std::collections::{HashMap, HashSet};

use domain::capture::Comparable;
use domain::change::{Choice, Filter, ObjectRef, Selection, Sort};
use domain::descriptor::{self, Obstacle};
use domain::permission::Granted;
use domain::plan::{Outcome, Stage, Unrestorable};
use domain::{Kind, LinkKind, Seq, fold};
use store::Store;
use store::history::{Difference, Identity, LinkDifference, Num, ObjectDifference, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::rights::{self, Guarded};
use super::step::{Content, Deed, LinkDeed, Step};
use crate::capture::canon::{Layout, Values};
use crate::capture::is_unsure;
use crate::{Error, Result, obstacle, shown};

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
    difference: Difference,
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
    // What one of the two did not read is no change, and nothing follows from it.
    let both =
        Comparable::between(store.view_at(tenant, wish.to).await?, store.view_at(tenant, wish.seen).await?);
    let mut difference = store.difference(tenant, wish.to, wish.seen).await?;
    difference.links.retain(|l| both.relation(l.key.kind, false));
    difference.objects.retain(|_, o| o.new.as_ref().or(o.old.as_ref()).is_none_or(|v| both.kind(v.kind)));
    let mut nums: HashSet<Num> = difference.objects.keys().copied().collect();
    nums.extend(difference.links.iter().flat_map(|l| [l.key.source, l.key.target]));
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
        turning: HashSet::new(),
        steps: Vec::new(),
        unrestorable: Vec::new(),
        difference,
        wish,
    };
    planner.run(store, tenant).await
}

impl Planner<'_> {
    async fn run(mut self, store: &Store, tenant: TenantScope) -> Result<Plan> {
        let mut objects: Vec<ObjectDifference> = self.difference.objects.values().cloned().collect();
        objects.retain(|o| self.wants_part_of(o.num));
        objects.sort_by(|a, b| self.name(a.num).cmp(self.name(b.num)).then(a.num.cmp(&b.num)));
        let bodies = self.bodies(store, tenant, &objects).await?;
        for o in &objects {
            self.object(o, &bodies);
        }
        let mut links = std::mem::take(&mut self.difference.links);
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
        for l in &links {
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

    async fn bodies(
        &self,
        store: &Store,
        tenant: TenantScope,
        objects: &[ObjectDifference],
    ) -> Result<HashMap<(Num, bool), Values>> {
        let keys = store.keys(tenant).await?;
        let mut wanted = Vec::new();
        let mut sides = Vec::new();
        for o in objects {
            if let (Some(old), Some(new)) = (&o.old, &o.new) {
                wanted.push((old.kind, old.num, old.from_seq));
                sides.push((old.num, false));
                wanted.push((new.kind, new.num, new.from_seq));
                sides.push((new.num, true));
            }
        }
        let mut layouts: HashMap<Kind, Layout> = HashMap::new();
        let mut out = HashMap::new();
        for (((kind, _, _), side), body) in
            wanted.iter().zip(sides).zip(store.bodies(tenant, &keys, &wanted).await?)
        {
            let d = descriptor::of(*kind).ok_or(Error::NotFound)?;
            let layout = layouts.entry(*kind).or_insert_with(|| Layout::of(d));
            out.insert(side, layout.load(&body).map_err(|_| store::Error::Inconsistent("body"))?);
        }
        Ok(out)
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
            Selection::Everything(filter) => self.passes(filter, num),
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

    fn passes(&self, filter: &Filter, num: Num) -> bool {
        let Some(identity) = self.identities.get(&num) else { return false };
        let sort = self.difference.objects.get(&num).map_or(Some(Sort::Updated), ObjectDifference::sort);
        let detail = self.now.get(&num).or_else(|| self.before.get(&num)).map_or("", |v| v.detail.as_str());
        let words = fold::words(&format!("{} {detail}", identity.name));
        filter.kind.is_none_or(|k| k == identity.kind)
            && filter.sort.is_none_or(|s| Some(s) == sort)
            && fold::words(&filter.words).iter().all(|w| words.iter().any(|have| have.starts_with(w)))
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

    fn object(&mut self, o: &ObjectDifference, bodies: &HashMap<(Num, bool), Values>) {
        let whole = self.wants_object(o.num);
        let explicit = matches!(self.wish.selection, Selection::Chosen(_));
        match o.sort() {
            Some(Sort::Deleted) if whole => {
                let kind = self.identities.get(&o.num).map_or(Kind::Other, |i| i.kind);
                if o.new.is_some() && descriptor::of(kind).is_some_and(|d| d.bin.is_some()) {
                    self.step(
                        Stage::Undelete,
                        o.num,
                        format!("Deleted {}", kind.singular()),
                        Deed::Undelete,
                        vec!["Active".to_owned()],
                        vec!["In the recycle bin".to_owned()],
                    );
                } else {
                    self.cannot(o.num, "Deleted", Obstacle::Purged);
                }
            }
            Some(Sort::Created | Sort::Restored) => {
                if whole && explicit {
                    self.cannot(o.num, "Created", Obstacle::CreatedSince);
                }
                return;
            }
            _ => {}
        }
        let (Some(old), Some(new)) = (bodies.get(&(o.num, false)), bodies.get(&(o.num, true))) else {
            return;
        };
        let Some(object) = self.object_ref(o.num) else { return };
        let Some(d) = descriptor::of(object.kind) else { return };
        let layout = Layout::of(d);
        for a in d.attributes.iter().filter(|a| !a.volatile) {
            let (was, is) = (layout.raw(old, a.name), layout.raw(new, a.name));
            let wanted = whole || self.chosen.contains(&Choice::Attribute(object, a.name.to_owned()));
            if was == is || !wanted {
                continue;
            }
            match obstacle::of_value(a, &layout, new, was) {
                Some(why) => self.cannot(o.num, a.label, why),
                None => {
                    let (was, is) = (was.map(str::to_owned), is.map(str::to_owned));
                    if obstacle::decides_members(a.name) {
                        self.turning.insert(o.num);
                    }
                    self.step(
                        Stage::Attributes,
                        o.num,
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
        if let Some(why) = obstacle::of_link(&l.key, self.now.get(&source), ruled) {
            self.cannot(source, &what, why);
            return;
        }
        let Some(other) = self.object_ref(target) else { return };
        let seen = newcomer.and_then(|n| self.object_ref(n)).map(|o| o.id);
        let deed = Deed::Link(LinkDeed {
            kind: l.key.kind,
            other,
            disc: l.key.disc.clone(),
            details: if l.key.kind == LinkKind::Licence { l.old.clone().flatten() } else { None },
            add,
            seen,
        });
        let stage = match l.key.kind {
            LinkKind::Member | LinkKind::UnitMember => Stage::Members,
            LinkKind::Owner | LinkKind::Manager => Stage::Relations,
            LinkKind::RoleAssignment | LinkKind::ActivatedRole => Stage::Roles,
            LinkKind::Licence => Stage::Licences,
        };
        let (present, absent) = (vec!["Yes".to_owned()], vec!["No".to_owned()]);
        let altered = l.old.is_some() && l.new.is_some();
        let (value, now) = match (add, altered) {
            (true, true) => (vec!["As it was".to_owned()], vec!["Other options".to_owned()]),
            (true, false) => (present, absent),
            (false, _) => (absent, present),
        };
        let explicit = matches!(self.wish.selection, Selection::Chosen(_));
        let unsure = is_unsure(l.old.as_ref()) || is_unsure(l.new.as_ref());
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
