//! What a page says of objects and their links.

use std::collections::{HashMap, HashSet};

use domain::Kind;
use domain::descriptor;
use serde_json::value::RawValue;
use store::history::{NewVersion, Num, body_place};
use store::seal::Digest;
use uuid::Uuid;

use super::canon::{Flat, Values};
use super::facts::Facts;
use super::fetch::Mode;
use super::{BATCH, Capture, Removal, attributes};
use crate::{Error, Result};

/// One item of a page.
struct Item<'a> {
    num: Num,
    id: Uuid,
    flat: Flat<'a>,
    /// Whether it names any attribute; slices of a large group name only links.
    says: bool,
}

impl Capture {
    pub(super) async fn apply(&mut self, kind: Kind, mode: Mode, items: &[Box<RawValue>]) -> Result<()> {
        let d = descriptor::of(kind).ok_or(Error::NotFound)?;
        let items = self.items(kind, mode, items)?;
        let before = self.values_before(kind, mode, &items).await?;
        // Values by object as of this page; Graph may repeat an object within a page.
        let mut page: HashMap<Num, Values> = HashMap::new();
        let mut order = Vec::new();
        for item in items {
            self.apply_links(d, mode, &item.flat, item.id, item.num).await?;
            if !item.says {
                continue;
            }
            let layout = self.layout(kind)?;
            let known = page.get(&item.num).or_else(|| before.get(&item.num));
            let values = match (mode, known) {
                (Mode::Change, Some(known)) => layout.laid_over(known, &item.flat),
                (Mode::First, Some(known))
                    if page.contains_key(&item.num) || self.was_seen(kind, item.num) =>
                {
                    layout.laid_over(known, &item.flat)
                }
                (_, known) => self.whole(kind, &item.flat, known)?,
            };
            if page.insert(item.num, values).is_none() {
                order.push(item.num);
            }
        }
        if let Some(seen) = self.wholly.get_mut(&kind) {
            seen.extend(&order);
        }
        let mut later = Vec::new();
        for num in order {
            let Some(values) = page.remove(&num) else { continue };
            self.note_hidden(kind, num, &values);
            later.extend(self.offer(kind, num, values, None, before.get(&num))?);
        }
        self.write_changed(kind, later).await?;
        if self.writer.waiting() >= BATCH {
            self.writer.spill().await?;
        }
        Ok(())
    }

    /// Takes a page apart: what is gone is noted, what is there has its number.
    fn items<'a>(&mut self, kind: Kind, mode: Mode, items: &'a [Box<RawValue>]) -> Result<Vec<Item<'a>>> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let flat = Flat::parse(item.get()).map_err(|_| bad_item(kind))?;
            let id: Uuid = flat.text("id").and_then(|t| t.parse().ok()).ok_or_else(|| bad_item(kind))?;
            if let Some(removed) = flat.get("@removed") {
                self.removed.entry(kind).or_default().insert(id, Removal::of(removed));
                continue;
            }
            let num = self.writer.number(id, kind, None);
            let known = self.writer.objects().get(num);
            if let Some(known) = known.filter(|k| k.version.is_some())
                && known.in_bin
            {
                self.direct.insert(num, (kind, id));
            }
            let says = self.layout(kind)?.says(&flat);
            if mode == Mode::Change {
                self.alive.insert(id);
            } else if !says {
                self.bare.entry(kind).or_default().insert(num);
            }
            out.push(Item { num, id, flat, says });
        }
        Ok(out)
    }

    fn was_seen(&self, kind: Kind, num: Num) -> bool {
        self.wholly.get(&kind).is_some_and(|seen| seen.contains(&num))
    }

    /// The values of an answer that holds all that the permissions show: the rest is as it was.
    pub(super) fn whole(&self, kind: Kind, flat: &Flat<'_>, known: Option<&Values>) -> Result<Values> {
        let layout = self.layout(kind)?;
        let mut values = layout.read(flat);
        if let (Some(known), Some(own)) = (known, self.profile.kind(kind)) {
            layout.keep(&mut values, known, |name| !own.attributes.contains(name));
        }
        Ok(values)
    }

    /// Whether the permissions show less than all attributes of a kind.
    pub(super) fn is_partial(&self, kind: Kind) -> bool {
        let (Some(d), Some(own)) = (descriptor::of(kind), self.profile.kind(kind)) else { return true };
        d.attributes.iter().any(|a| !own.attributes.contains(a.name))
    }

    /// The values that objects of a page had before it, where they are laid over those.
    async fn values_before(
        &mut self,
        kind: Kind,
        mode: Mode,
        items: &[Item<'_>],
    ) -> Result<HashMap<Num, Values>> {
        let all = mode == Mode::Change || self.is_partial(kind);
        let nums: Vec<Num> = items
            .iter()
            .filter(|i| i.says && (all || (mode == Mode::First && self.was_seen(kind, i.num))))
            .map(|i| i.num)
            .collect();
        self.load_values(kind, &nums).await
    }

    /// The newest values of some objects, those written by this capture included.
    pub(super) async fn load_values(&mut self, kind: Kind, nums: &[Num]) -> Result<HashMap<Num, Values>> {
        let at = |num: &Num| {
            let (_, from) = self.writer.objects().get(*num)?.version?;
            Some((*num, i64::from(from)))
        };
        let wanted = nums.iter().filter_map(at).collect();
        self.load_versions(kind, wanted).await
    }

    /// The values that some objects had in the last published snapshot.
    pub(super) async fn published_values(
        &mut self,
        kind: Kind,
        nums: &[Num],
    ) -> Result<HashMap<Num, Values>> {
        let at = |num: &Num| {
            let (_, from) = self.writer.objects().get(*num)?.version?;
            let from = i64::from(from);
            let published = if from == self.writer.seq() { *self.published.get(num)? } else { from };
            Some((*num, published))
        };
        let wanted = nums.iter().filter_map(at).collect();
        self.load_versions(kind, wanted).await
    }

    async fn load_versions(&mut self, kind: Kind, wanted: Vec<(Num, i64)>) -> Result<HashMap<Num, Values>> {
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        self.writer.flush().await?;
        let mut wanted: Vec<(Kind, Num, i64)> = wanted.into_iter().map(|(n, from)| (kind, n, from)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let bodies = self.writer.bodies(&self.keys, &wanted).await?;
        let layout = self.layout(kind)?;
        wanted
            .iter()
            .zip(bodies)
            .map(|((_, num, _), body)| {
                let values = layout.load(&body).map_err(|_| store::Error::Inconsistent("body"))?;
                Ok((*num, values))
            })
            .collect()
    }

    /// Compares an object with what is known of it. A new object is written at once; one that differs and
    /// whose old values are not at hand is returned, to be written with others.
    pub(super) fn offer(
        &mut self,
        kind: Kind,
        num: Num,
        values: Values,
        deleted_at: Option<i64>,
        old: Option<&Values>,
    ) -> Result<Option<Changed>> {
        let layout = self.layout(kind)?;
        let stable = layout.stable(&values);
        let digest = self.digest(kind, &stable, deleted_at);
        let known = self.writer.objects().get(num).and_then(|k| k.version);
        match (known, old) {
            (Some((same, _)), _) if same == digest => Ok(None),
            // What was written by this capture is compared with what is published.
            (Some((_, from)), _)
                if i64::from(from) == self.writer.seq() && self.published.contains_key(&num) =>
            {
                Ok(Some(Changed { num, values, deleted_at }))
            }
            (Some((_, from)), None) if i64::from(from) < self.writer.seq() => {
                Ok(Some(Changed { num, values, deleted_at }))
            }
            _ => {
                self.put(kind, num, values, stable, digest, deleted_at, old)?;
                Ok(None)
            }
        }
    }

    /// Writes objects that differ, with the names of the attributes that do.
    pub(super) async fn write_changed(&mut self, kind: Kind, changed: Vec<Changed>) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let nums: Vec<Num> = changed.iter().map(|c| c.num).collect();
        let old = self.published_values(kind, &nums).await?;
        for c in changed {
            let stable = self.layout(kind)?.stable(&c.values);
            let digest = self.digest(kind, &stable, c.deleted_at);
            self.put(kind, c.num, c.values, stable, digest, c.deleted_at, old.get(&c.num))?;
        }
        Ok(())
    }

    fn put(
        &mut self,
        kind: Kind,
        num: Num,
        values: Values,
        stable: String,
        digest: Digest,
        deleted_at: Option<i64>,
        old: Option<&Values>,
    ) -> Result<()> {
        let layout = self.layout(kind)?;
        let facts = Facts::of(kind, layout, &values);
        let changed = old.map(|o| layout.changed(o, &values)).unwrap_or_default();
        let replaces =
            self.writer.objects().get(num).and_then(|k| k.version).map(|(_, from)| i64::from(from));
        // What this capture wrote before may have had yet another name.
        let renamed = replaces == Some(self.writer.seq())
            || old.is_some_and(|o| {
                let before = Facts::of(kind, layout, o);
                before.name != facts.name || before.detail != facts.detail
            });
        let lost: Vec<&'static str> = match old {
            Some(old) if deleted_at.is_none() => layout.emptied(old, &values),
            _ => Vec::new(),
        };
        let stripped = old.is_some_and(|old| attributes::is_stripped(layout.held(old), lost.len()));
        let body = layout.body(stable, &values);
        let sealed = self.sealer.seal(body_place(kind, num), body.as_bytes())?;
        for name in lost {
            self.emptied.entry((kind, name)).or_default().insert(num);
        }
        if stripped {
            self.stripped.entry(kind).or_default().insert(num);
        }
        if let Some(from) = replaces.filter(|from| *from < self.writer.seq()) {
            self.published.insert(num, from);
        }
        self.writer.put(NewVersion {
            num,
            kind,
            deleted_at,
            name: facts.name,
            detail: facts.detail,
            flags: facts.flags,
            digest,
            changed,
            sealed: Some(sealed),
            replaces,
            renamed,
        });
        Ok(())
    }

    fn digest(&self, kind: Kind, stable: &str, deleted_at: Option<i64>) -> Digest {
        let state = deleted_at.map(i64::to_le_bytes).unwrap_or_default();
        self.keys.digest(&[&kind.code().to_le_bytes(), stable.as_bytes(), &state])
    }

    /// Writes objects as an answer that holds all of them says.
    pub(super) async fn take(&mut self, kind: Kind, answers: &[(Num, Box<RawValue>)]) -> Result<()> {
        let nums: Vec<Num> = answers.iter().map(|(num, _)| *num).collect();
        let before = self.load_values(kind, &nums).await?;
        let mut later = Vec::new();
        let mut seen = HashSet::new();
        for (num, answer) in answers {
            let flat = Flat::parse(answer.get()).map_err(|_| bad_item(kind))?;
            let values = self.whole(kind, &flat, before.get(num))?;
            self.note_hidden(kind, *num, &values);
            later.extend(self.offer(kind, *num, values, None, before.get(num))?);
            seen.insert(*num);
        }
        self.write_changed(kind, later).await?;
        if let Some(all) = self.wholly.get_mut(&kind) {
            all.extend(seen);
        }
        Ok(())
    }

    fn note_hidden(&mut self, kind: Kind, num: Num, values: &Values) {
        let hides = self.profile.kind(kind).is_some_and(|own| !own.hidden_members)
            && self.layouts.get(&kind).is_some_and(|layout| layout.hides_members(values));
        if hides {
            self.hidden.insert(num);
        } else {
            self.hidden.remove(&num);
        }
    }
}

/// An object that differs from what is known of it.
pub(super) struct Changed {
    num: Num,
    values: Values,
    deleted_at: Option<i64>,
}

pub(super) fn bad_item(kind: Kind) -> Error {
    Error::Refused(format!(
        "Microsoft Graph sent a {} that Holdfast cannot read. Every earlier snapshot is untouched; try again later.",
        kind.singular()
    ))
}
