//! Links read from the object itself. Graph hides the links of what lies in the recycle bin and need not say that they are
//! back, so that those of an object that came back are read anew: from its own end where the permissions allow that,
//! otherwise from the side of every group and unit that a kept snapshot shows.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::capture::{Gap, ReadScope};
use domain::permission::READ_MEMBER_OF;
use domain::{Kind, LinkKind};
use serde_json::value::RawValue;
use store::history::{Aspect, Link, Num};
use uuid::Uuid;

use super::ask::Asked;
use super::canon::Flat;
use super::{Capture, containers, gaps, links};
use crate::Result;

impl Capture {
    /// What an earlier capture could not see of live objects is asked for again.
    pub(super) async fn ask_again_for_unseen(&mut self) -> Result<()> {
        let unseen = self.writer.unseen().await?;
        let live = |num: Num| self.writer.objects().get(num).filter(|k| k.version.is_some() && !k.in_bin);
        let open: Vec<(Num, Kind, Aspect)> = unseen
            .into_iter()
            .filter_map(|u| Some((u.num, live(u.num)?.kind, u.aspect)))
            .filter(|(_, kind, _)| !self.lacks(ReadScope::Objects(*kind)))
            .collect();
        let ids: HashMap<Num, Uuid> = self.ids(open.iter().map(|(num, ..)| *num)).into_iter().collect();
        for (num, kind, aspect) in open {
            let Some(id) = ids.get(&num) else { continue };
            match aspect {
                Aspect::Existence => {}
                Aspect::Relation(LinkKind::Licence) => {
                    self.licences.insert(num, *id);
                }
                Aspect::Links | Aspect::Relation(_) => {
                    self.direct.insert(num, (kind, *id));
                }
            }
        }
        Ok(())
    }

    pub(super) async fn read_links_directly(&mut self) -> Result<()> {
        let all = std::mem::take(&mut self.direct);
        let live =
            |num: Num| self.writer.objects().get(num).is_some_and(|k| k.version.is_some() && !k.in_bin);
        let mut by_kind: BTreeMap<Kind, Vec<(Num, Uuid)>> = BTreeMap::new();
        for (num, (kind, id)) in all {
            if live(num) && self.profile.kind(kind).is_some() && !self.lacks(ReadScope::Objects(kind)) {
                by_kind.entry(kind).or_default().push((num, id));
            }
        }
        if by_kind.is_empty() {
            return Ok(());
        }
        self.writer.flush().await?;
        let mut failed: HashSet<Num> = HashSet::new();
        for (kind, objects) in &by_kind {
            match kind {
                Kind::User => failed.extend(self.read_people(objects).await?),
                Kind::Group | Kind::AdministrativeUnit => failed.extend(self.read_own(*kind, objects).await?),
                _ => {}
            }
        }
        let ends: Vec<(Num, Uuid)> = by_kind
            .iter()
            .filter(|(kind, _)| matches!(kind, Kind::User | Kind::Group))
            .flat_map(|(_, objects)| objects.clone())
            .collect();
        failed.extend(self.read_memberships(&ends).await?);
        let (unseen, seen): (Vec<Num>, Vec<Num>) =
            by_kind.values().flatten().map(|(num, _)| *num).partition(|num| failed.contains(num));
        self.writer.note_seen(&seen, Aspect::Links).await?;
        for relation in [
            LinkKind::Member,
            LinkKind::Owner,
            LinkKind::UnitMember,
            LinkKind::Manager,
            LinkKind::GroupLicense,
        ] {
            self.writer.note_seen(&seen, Aspect::Relation(relation)).await?;
        }
        Ok(self.writer.note_unseen(&unseen, Aspect::Links, self.started_at).await?)
    }

    /// Managers, reports and licences of users. Returns those of whom something could not be read.
    async fn read_people(&mut self, users: &[(Num, Uuid)]) -> Result<Vec<Num>> {
        let mut failed = Vec::new();
        if self.profile.has_relation(LinkKind::Licence, false) {
            self.licences.extend(users.iter().copied());
        }
        if !self.profile.has_relation(LinkKind::Manager, false) {
            return Ok(failed);
        }
        let managers =
            self.ask_each(users, |id| format!("/users/{id}?$select=id&$expand=manager($select=id)")).await?;
        for (num, _, answer) in managers {
            match answer {
                Asked::There(user) => {
                    let Ok(flat) = Flat::parse(user.get()) else { continue };
                    let manager = links::expanded_manager(&flat, num, &mut self.writer);
                    self.managers.insert(num, manager);
                }
                Asked::Absent => failed.push(num),
                Asked::Failed(error) => {
                    self.unread_links(LinkKind::Manager, &error)?;
                    failed.push(num);
                }
            }
        }
        let reports =
            self.read_lists(users, |id| format!("/users/{id}/directReports?$top=999&$select=id")).await?;
        for (num, ends) in reports {
            match ends {
                Some(Ok(ends)) => {
                    let found: HashSet<Num> =
                        ends.iter().map(|e| self.writer.number(e.id, Kind::User, None)).collect();
                    let open = self.writer.open_links_to(LinkKind::Manager, &[num]).await?;
                    let close = open
                        .iter()
                        .filter(|l| !found.contains(&l.key.source))
                        .map(|l| l.key.clone())
                        .collect();
                    let there =
                        found.iter().map(|report| links::link(LinkKind::Manager, *report, num)).collect();
                    self.change(LinkKind::Manager, there, close).await?;
                }
                None => failed.push(num),
                Some(Err(error)) => {
                    self.unread_links(LinkKind::Manager, &error)?;
                    failed.push(num);
                }
            }
        }
        Ok(failed)
    }

    /// Members and owners of groups and units. Returns those of which something could not be read.
    async fn read_own(&mut self, kind: Kind, objects: &[(Num, Uuid)]) -> Result<Vec<Num>> {
        let mut failed = Vec::new();
        let nums: Vec<Num> = objects.iter().map(|(num, _)| *num).collect();
        let own = self.profile.kind(kind).map(|own| own.relations.clone()).unwrap_or_default();
        let by_delta = self.delta_links(kind, objects).await?.unwrap_or_default();
        for relation in [LinkKind::Member, LinkKind::Owner, LinkKind::UnitMember] {
            if !own.contains(&relation) || domain::descriptor::owner(relation) != kind {
                continue;
            }
            let (mut found, errors) = self.list_links(relation, &nums).await?;
            for (num, error) in errors {
                self.unread_links(relation, &error)?;
                failed.push(num);
            }
            // Delta names service principals, which the lists leave out.
            for (num, more) in by_delta.get(&relation).into_iter().flatten() {
                if let Some(all) = found.get_mut(num) {
                    all.extend(
                        more.iter()
                            .filter(|l| !all.iter().any(|a| a.key == l.key))
                            .cloned()
                            .collect::<Vec<_>>(),
                    );
                }
            }
            found.retain(|num, _| !(relation.can_be_hidden() && self.hidden.contains(num)));
            self.replace_links(relation, found).await?;
        }
        Ok(failed)
    }

    /// The groups and units that objects are in, and the groups that they own. Returns those of which something could
    /// not be read.
    async fn read_memberships(&mut self, objects: &[(Num, Uuid)]) -> Result<Vec<Num>> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        if !READ_MEMBER_OF.met_by(&self.granted) {
            return self.read_from_containers(objects).await;
        }
        let users: Vec<(Num, Uuid)> = self.of_kind(objects, Kind::User);
        let groups: Vec<(Num, Uuid)> = self.of_kind(objects, Kind::Group);
        let mut lists =
            self.read_lists(&users, |id| format!("/users/{id}/memberOf?$top=999&$select=id")).await?;
        lists.extend(
            self.read_lists(&groups, |id| format!("/groups/{id}/memberOf?$top=999&$select=id")).await?,
        );
        let owned =
            self.read_lists(&users, |id| format!("/users/{id}/ownedObjects?$top=999&$select=id")).await?;
        let mut again = HashSet::new();
        for (num, ends) in lists {
            match ends {
                Some(Ok(ends)) => {
                    self.set_sources(LinkKind::Member, num, &ends, Kind::Group).await?;
                    self.set_sources(LinkKind::UnitMember, num, &ends, Kind::AdministrativeUnit).await?;
                }
                None | Some(Err(_)) => {
                    again.insert(num);
                }
            }
        }
        for (num, ends) in owned {
            match ends {
                Some(Ok(ends)) => self.set_sources(LinkKind::Owner, num, &ends, Kind::Group).await?,
                None | Some(Err(_)) => {
                    again.insert(num);
                }
            }
        }
        let rest: Vec<(Num, Uuid)> = objects.iter().filter(|(num, _)| again.contains(num)).copied().collect();
        self.read_from_containers(&rest).await
    }

    fn of_kind(&self, objects: &[(Num, Uuid)], kind: Kind) -> Vec<(Num, Uuid)> {
        let is = |num: Num| self.writer.objects().get(num).is_some_and(|k| k.kind == kind);
        objects.iter().filter(|(num, _)| is(*num)).copied().collect()
    }

    /// The links of one kind to an object are exactly those from these sources, but for sources that hide theirs.
    async fn set_sources(
        &mut self,
        kind: LinkKind,
        num: Num,
        ends: &[links::End],
        source: Kind,
    ) -> Result<()> {
        if !self.profile.has_relation(kind, false) || self.lacks(ReadScope::Objects(source)) {
            return Ok(());
        }
        let found: HashSet<Num> = ends
            .iter()
            .filter(|e| e.kind() == source)
            .map(|e| self.writer.number(e.id, source, None))
            .collect();
        self.writer.flush().await?;
        let open = self.writer.open_links_to(kind, &[num]).await?;
        let lost: Vec<Link> = open.into_iter().filter(|l| !found.contains(&l.key.source)).collect();
        let kept = self.hiding(kind, lost.iter().map(|l| l.key.source).collect()).await?;
        let binned = |num: Num| self.writer.objects().get(num).is_some_and(|k| k.in_bin);
        let close = lost
            .iter()
            .filter(|l| !kept.contains(&l.key.source) && !binned(l.key.source))
            .map(|l| l.key.clone())
            .collect();
        let there = found.iter().map(|from| links::link(kind, *from, num)).collect();
        self.change(kind, there, close).await
    }

    /// Of some sources, those whose links of a kind this app may not see.
    async fn hiding(&mut self, kind: LinkKind, sources: Vec<Num>) -> Result<HashSet<Num>> {
        if !kind.can_be_hidden() || self.profile.has_relation(kind, true) {
            return Ok(HashSet::new());
        }
        let owner = domain::descriptor::owner(kind);
        let values = self.load_values(owner, &sources).await?;
        let layout = self.layout(owner)?;
        Ok(values.iter().filter(|(_, values)| layout.hides_members(values)).map(|(num, _)| *num).collect())
    }

    /// Memberships read from the side of every group and unit that ever had the object.
    async fn read_from_containers(&mut self, objects: &[(Num, Uuid)]) -> Result<Vec<Num>> {
        let nums: Vec<Num> = objects.iter().map(|(num, _)| *num).collect();
        let mut failed: HashSet<Num> = HashSet::new();
        if nums.is_empty() {
            return Ok(Vec::new());
        }
        for relation in [LinkKind::Member, LinkKind::Owner, LinkKind::UnitMember] {
            let owner = domain::descriptor::owner(relation);
            if !self.profile.has_relation(relation, false) || self.lacks(ReadScope::Objects(owner)) {
                continue;
            }
            let live =
                |num: &Num| self.writer.objects().get(*num).is_some_and(|k| k.version.is_some() && !k.in_bin);
            let mut sources: Vec<Num> = self.writer.sources_ever(relation, &nums).await?;
            sources.retain(live);
            let hiding = self.hiding(relation, sources.clone()).await?;
            if !hiding.is_empty() {
                // Whether they are in those again cannot be seen.
                failed.extend(&nums);
            }
            sources.retain(|num| !hiding.contains(num));
            let (found, errors) = self.list_links(relation, &sources).await?;
            for (_, error) in errors {
                if !containers::is_absent(&error) {
                    self.unread_links(relation, &error)?;
                    failed.extend(&nums);
                }
            }
            self.replace_links(relation, found).await?;
        }
        Ok(failed.into_iter().collect())
    }

    /// Links could not be read from their own end.
    pub(super) fn unread_links(&mut self, relation: LinkKind, error: &graph::Error) -> Result<()> {
        let scope = ReadScope::Relation(relation);
        let reason = gaps::reason(scope, error)?;
        self.gap(Gap::some(scope, reason, 1));
        Ok(())
    }

    /// What groups hold, by an answer that names it.
    pub(super) async fn settle_group_licenses(&mut self) -> Result<()> {
        let wanted = std::mem::take(&mut self.group_licenses).into_iter().collect();
        self.replace_links(LinkKind::GroupLicense, wanted).await
    }

    /// Reads a property of some objects that says their links.
    pub(super) async fn read_property(
        &mut self,
        objects: &[(Num, Uuid)],
        place: impl Fn(Uuid) -> String,
    ) -> Result<Vec<(Num, Result<Box<RawValue>, graph::Error>)>> {
        let answers = self.ask_each(objects, place).await?;
        let said = answers.into_iter().filter_map(|(num, _, answer)| match answer {
            Asked::There(item) => Some((num, Ok(item))),
            Asked::Failed(error) => Some((num, Err(error))),
            Asked::Absent => None,
        });
        Ok(said.collect())
    }
}
