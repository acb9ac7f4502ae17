//! Whether what was not seen is gone. Losing sight of an object is no deletion: what delta says of it decides, the recycle
//! bin confirms, and an object that neither shows is asked for by its id. Gone is what delta calls deleted for good, what
//! is absent everywhere after the day on which the bin lets go of it, and what is absent everywhere in two captures an
//! hour apart.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::Kind;
use domain::capture::{Gap, ReadScope};
use domain::descriptor::{self, Descriptor};
use serde_json::value::RawValue;
use store::history::{Aspect, Num};
use uuid::Uuid;

use super::ask::Asked;
use super::bin::{Bin, Binned};
use super::canon::Flat;
use super::{Capture, Removal, gaps, is_much};
use crate::Result;

/// Objects of a kind that are asked for by id at most; more of them are kept as they were.
const MOST: usize = 2_000;
/// Days that an object lies in the recycle bin.
/// Source: <https://learn.microsoft.com/graph/api/resources/directory>, `deletedItems`.
const BIN_DAYS: i64 = 30;
/// Between two captures that both miss an object before it counts as gone.
const APART: TimeDelta = TimeDelta::hours(1);

/// Objects that earlier captures missed, and since when.
type Missed = HashMap<Num, DateTime<Utc>>;

/// What is to be found out about objects of a kind.
#[derive(Default)]
struct Doubts {
    /// Deleted: delta says so, and no other answer speaks against it.
    soft: Vec<Num>,
    /// Deleted for good.
    gone: Vec<Num>,
    /// Asked for where live objects are, then in the bin.
    ask_live: HashSet<Num>,
    /// Asked for in the bin, then where live objects are.
    ask_bin: HashSet<Num>,
    /// Named by a list without any attribute.
    bare: HashSet<Num>,
}

impl Capture {
    /// Reads the bins and decides about every object that was not seen, or was said to be gone.
    pub(super) async fn settle_objects(&mut self) -> Result<()> {
        let unseen = self.writer.unseen().await?.into_iter();
        let missed: Missed =
            unseen.filter(|u| u.aspect == Aspect::Existence).map(|u| (u.num, u.since)).collect();
        for d in descriptor::DESCRIPTORS {
            if self.profile.kind(d.kind).is_none() || self.lacks(ReadScope::Objects(d.kind)) {
                continue;
            }
            let bin = self.read_bin(d).await?;
            self.settle_kind(d, bin, &missed).await?;
        }
        self.writer.flush().await?;
        Ok(())
    }

    async fn settle_kind(&mut self, d: &'static Descriptor, bin: Bin, missed: &Missed) -> Result<()> {
        let doubts = self.doubts(d.kind, &bin);
        let Doubts { soft, mut gone, ask_live, ask_bin, bare } = doubts;
        self.delete_softly(d, &soft).await?;
        let live = self.live(d.kind);
        let (mut missing, mut found, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        let mut buried: HashMap<Num, Binned> = HashMap::new();

        // Live first: a list or a cursor left it out.
        let asked = self.ids(ask_live.iter().chain(&bare).copied());
        if asked.len() > MOST {
            unknown.extend(asked.iter().skip(MOST).map(|(num, _)| *num));
            self.unconfirmed(ReadScope::Objects(d.kind), asked.len() - MOST, true);
        }
        let select = self.select(d);
        let live_place = |id: Uuid| format!("{}/{id}?$select={select}", d.collection);
        let binned = self.bin_select(d);
        let bin_place = |id: Uuid| format!("{}/{id}?$select={binned}", d.bin_items);
        let mut next = Vec::new();
        for (num, id, answer) in self.ask_each(&asked[..asked.len().min(MOST)], live_place).await? {
            match answer {
                Asked::There(item) => found.push((num, item)),
                Asked::Absent => next.push((num, id)),
                Asked::Failed(error) => {
                    self.unread(d.kind, &error)?;
                    unknown.push(num);
                }
            }
        }
        // Then in the bin.
        let absent: HashSet<Num> = next.iter().map(|(num, _)| *num).collect();
        next.extend(self.ids(ask_bin.iter().copied()));
        let mut last = Vec::new();
        match &bin {
            Bin::None => {
                for (num, id) in next {
                    if absent.contains(&num) { missing.push(num) } else { last.push((num, id)) }
                }
            }
            Bin::Unread => unknown.extend(next.iter().map(|(num, _)| *num)),
            Bin::Read(all) => {
                // What is not live and is listed there lies there.
                let unlisted: Vec<(Num, Uuid)> = next
                    .into_iter()
                    .filter(|(num, _)| !(absent.contains(num) && all.contains_key(num)))
                    .collect();
                for (num, id, answer) in self.ask_each(&unlisted, bin_place).await? {
                    match answer {
                        Asked::There(item) => {
                            let flat = Flat::parse(item.get()).map_err(|_| super::apply::bad_item(d.kind))?;
                            buried.insert(num, self.binned(d, num, id, &flat).await?);
                        }
                        Asked::Absent if absent.contains(&num) => missing.push(num),
                        Asked::Absent => last.push((num, id)),
                        Asked::Failed(error) => {
                            let scope = ReadScope::RecycleBin(d.kind);
                            let reason = gaps::reason(scope, &error)?;
                            self.gap(Gap::some(scope, reason, 1));
                            if absent.contains(&num) {
                                unknown.push(num);
                            }
                        }
                    }
                }
            }
        }
        // No longer in the bin: permanently deleted, or restored and not yet visible.
        for (num, _, answer) in self.ask_each(&last, live_place).await? {
            match answer {
                Asked::There(item) => found.push((num, item)),
                Asked::Absent => missing.push(num),
                Asked::Failed(error) => {
                    self.unread(d.kind, &error)?;
                    unknown.push(num);
                }
            }
        }

        if let Bin::Read(all) = bin {
            let settled: HashSet<Num> =
                found.iter().map(|(num, _)| num).chain(&missing).chain(&gone).copied().collect();
            let listed =
                all.into_iter().filter(|(num, _)| !settled.contains(num) && !buried.contains_key(num));
            buried.extend(listed.collect::<Vec<_>>());
        }
        self.bring_back(d.kind, found, &bare).await?;
        let seen: Vec<Num> = buried.keys().copied().filter(|num| missed.contains_key(num)).collect();
        self.bury(d, buried).await?;
        self.writer.note_seen(&seen, Aspect::Existence).await?;

        // Absent everywhere.
        let limit = (self.started_at - TimeDelta::days(BIN_DAYS)).timestamp_millis();
        let ends: HashSet<Num> = self.writer.deleted_before(&missing, limit).await?.into_iter().collect();
        let (over, doubtful): (Vec<Num>, Vec<Num>) = missing.into_iter().partition(|num| {
            let since_long = missed.get(num).is_some_and(|since| self.started_at - *since >= APART);
            since_long || ends.contains(num) || self.said_gone.contains(num)
        });
        gone.extend(over);
        self.finish(&gone).await?;
        if !doubtful.is_empty() {
            let much = is_much(doubtful.len(), live);
            self.unconfirmed(ReadScope::Objects(d.kind), doubtful.len(), much);
        }
        unknown.extend(doubtful);
        unknown.retain(|num| self.writer.objects().get(*num).is_some_and(|k| k.version.is_some()));
        self.keep_all_links(d.kind, &unknown).await?;
        Ok(self.writer.note_unseen(&unknown, Aspect::Existence, self.started_at).await?)
    }

    /// Lays together what delta, lists and the bin say of each object that is known.
    fn doubts(&mut self, kind: Kind, bin: &Bin) -> Doubts {
        let mut out = Doubts::default();
        let removed = self.removed.remove(&kind).unwrap_or_default();
        let removed: HashMap<Num, Removal> =
            removed.iter().filter_map(|(id, how)| Some((self.writer.objects().num(*id)?, *how))).collect();
        self.said_gone = removed.iter().filter(|(_, how)| **how == Removal::Final).map(|(n, _)| *n).collect();
        let seen = self.wholly.get(&kind);
        let bare = self.bare.remove(&kind).unwrap_or_default();
        let alive: HashSet<Num> = self.alive.iter().filter_map(|id| self.writer.objects().num(*id)).collect();
        for (num, known) in self.writer.objects().iter() {
            if known.kind != kind {
                continue;
            }
            let was_seen = alive.contains(&num) || seen.is_some_and(|s| s.contains(&num));
            let listed = bin.holds(num);
            if known.version.is_none() {
                if bare.contains(&num) && !listed && seen.is_some_and(|s| !s.contains(&num)) {
                    out.bare.insert(num);
                }
                if listed && was_seen {
                    out.ask_live.insert(num);
                }
                continue;
            }
            let said = removed.get(&num);
            if was_seen && (said.is_some() || listed) {
                // One answer says it is there, another that it is not.
                out.ask_live.insert(num);
            } else if was_seen {
                // It is there.
            } else if let Some(how) = said {
                match (how, listed) {
                    (_, true) if *how == Removal::Soft => {}
                    (Removal::Soft, _) if !known.in_bin && !matches!(bin, Bin::None) => out.soft.push(num),
                    (Removal::Final, false) => out.gone.push(num),
                    _ => {
                        out.ask_bin.insert(num);
                    }
                }
            } else if known.in_bin {
                if !listed && matches!(bin, Bin::Read(_) | Bin::None) {
                    out.ask_bin.insert(num);
                }
            } else if seen.is_some_and(|s| !s.contains(&num)) {
                if bare.contains(&num) {
                    out.bare.insert(num);
                } else if !listed {
                    out.ask_live.insert(num);
                }
            } else if listed && seen.is_none() {
                // The bin alone overrules nothing.
                out.ask_live.insert(num);
            }
        }
        out
    }

    /// Objects that delta calls deleted, and that the bin does not list yet.
    async fn delete_softly(&mut self, d: &'static Descriptor, nums: &[Num]) -> Result<()> {
        let values = self.load_values(d.kind, nums).await?;
        let binned =
            values.into_iter().map(|(num, values)| (num, Binned { deleted_at: Some(self.now_ms), values }));
        let binned = binned.collect();
        self.bury(d, binned).await
    }

    /// Objects that lists left out, and that live. Their links were left out with them, and hold on.
    async fn bring_back(
        &mut self,
        kind: Kind,
        found: Vec<(Num, Box<RawValue>)>,
        bare: &HashSet<Num>,
    ) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let ids: HashMap<Num, Uuid> = self.ids(found.iter().map(|(num, _)| *num)).into_iter().collect();
        let (mut back, mut left_out) = (Vec::new(), Vec::new());
        for (num, _) in &found {
            match self.writer.objects().get(*num) {
                Some(known) if known.version.is_some() && !known.in_bin => left_out.push(*num),
                _ => back.push(*num),
            }
        }
        self.take(kind, &found).await?;
        let whole = self.wholly.contains_key(&kind);
        left_out.retain(|num| whole && !bare.contains(num));
        self.keep_all_links(kind, &left_out).await?;
        for num in back {
            if let Some(id) = ids.get(&num) {
                self.direct.insert(num, (kind, *id));
            }
        }
        let nums: Vec<Num> = found.iter().map(|(num, _)| *num).collect();
        Ok(self.writer.note_seen(&nums, Aspect::Existence).await?)
    }

    /// Ends objects that are gone for good.
    async fn finish(&mut self, gone: &[Num]) -> Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        for num in gone {
            self.direct.remove(num);
            self.licences.remove(num);
            self.managers.remove(num);
        }
        self.writer.end(gone).await?;
        Ok(self.writer.forget_unseen(gone).await?)
    }

    /// An object could not be asked for.
    fn unread(&mut self, kind: Kind, error: &graph::Error) -> Result<()> {
        let scope = ReadScope::Objects(kind);
        let reason = gaps::reason(scope, error)?;
        self.gap(Gap::some(scope, reason, 1));
        Ok(())
    }
}
