//! What a page says of objects and their links.

use std::collections::HashMap;

use domain::descriptor::{self, Descriptor, delta_property};
use domain::{Kind, LinkKind};
use serde_json::value::RawValue;
use store::history::{NewVersion, Num, body_place};
use store::seal::Digest;
use uuid::Uuid;

use super::canon::{Flat, Values};
use super::facts::Facts;
use super::fetch::Mode;
use super::{BATCH, Capture, links};
use crate::{Error, Result};

impl Capture {
    pub(super) async fn apply(&mut self, kind: Kind, mode: Mode, items: &[Box<RawValue>]) -> Result<()> {
        let descriptor = descriptor::of(kind).ok_or(Error::NotFound)?;
        let before =
            if mode == Mode::Change { self.values_before(kind, items).await? } else { HashMap::new() };
        let mut later = Vec::new();
        for item in items {
            let flat = Flat::parse(item.get()).map_err(|_| bad_item(kind))?;
            let id: Uuid = flat.text("id").and_then(|t| t.parse().ok()).ok_or_else(|| bad_item(kind))?;
            if flat.get("@removed").is_some() {
                self.removed.entry(kind).or_default().insert(id);
                continue;
            }
            let num = self.writer.number(id, kind, None);
            if mode == Mode::Change {
                self.alive.insert(id);
                if self.writer.objects().get(num).is_some_and(|k| k.in_bin) {
                    self.returned.entry(kind).or_default().push(id);
                }
            }
            if let Some(seen) = self.wholly.get_mut(&kind) {
                seen.insert(num);
            }
            let layout = self.layout(kind)?;
            let values = match before.get(&num) {
                Some(old) => {
                    let mut values = old.clone();
                    layout.merge(&mut values, &flat);
                    values
                }
                None => layout.read(&flat),
            };
            self.apply_links(descriptor, mode, &flat, id, num).await?;
            if let Some(stale) = self.offer(kind, num, values, None, before.get(&num))? {
                later.push(stale);
            }
        }
        self.write_changed(kind, later).await?;
        if self.writer.waiting() >= BATCH {
            self.writer.spill().await?;
        }
        Ok(())
    }

    /// The values that the objects of a delta page had before it.
    async fn values_before(&mut self, kind: Kind, items: &[Box<RawValue>]) -> Result<HashMap<Num, Values>> {
        let mut nums = Vec::new();
        for item in items {
            let flat = Flat::parse(item.get()).map_err(|_| bad_item(kind))?;
            let id = flat.text("id").and_then(|t| t.parse().ok());
            nums.extend(id.and_then(|id| self.writer.objects().num(id)));
        }
        self.load_values(kind, &nums).await
    }

    /// The newest values of some objects, those written by this capture included.
    pub(super) async fn load_values(&mut self, kind: Kind, nums: &[Num]) -> Result<HashMap<Num, Values>> {
        self.writer.flush().await?;
        let mut wanted: Vec<(Kind, Num, i64)> = nums
            .iter()
            .filter_map(|num| {
                let (_, from) = self.writer.objects().get(*num)?.version?;
                Some((kind, *num, i64::from(from)))
            })
            .collect();
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
            (Some(_), None) => Ok(Some(Changed { num, values, deleted_at })),
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
        let old = self.load_values(kind, &nums).await?;
        for c in changed {
            let old = old.get(&c.num).ok_or(store::Error::Inconsistent("version"))?;
            self.offer(kind, c.num, c.values, c.deleted_at, Some(old))?;
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
        let renamed = old.is_some_and(|o| {
            let before = Facts::of(kind, layout, o);
            before.name != facts.name || before.detail != facts.detail
        });
        let body = layout.body(stable, &values);
        let sealed = self.sealer.seal(body_place(kind, num), body.as_bytes())?;
        let replaces =
            self.writer.objects().get(num).and_then(|k| k.version).map(|(_, from)| i64::from(from));
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

    async fn apply_links(
        &mut self,
        descriptor: &'static Descriptor,
        mode: Mode,
        flat: &Flat<'_>,
        id: Uuid,
        num: Num,
    ) -> Result<()> {
        if mode == Mode::List {
            if descriptor.kind == Kind::User {
                let manager = links::expanded_manager(flat, num, &mut self.writer);
                let licences = links::licences(flat, num, &mut self.writer).unwrap_or_default();
                for link in manager.into_iter().chain(licences) {
                    self.see(link).await?;
                }
            }
            return Ok(());
        }
        if descriptor.kind == Kind::User {
            self.licences.insert(num, id);
        }
        for spec in descriptor.links {
            let Some(property) = delta_property(spec.kind) else { continue };
            let seen = links::from_delta(flat, property, spec.kind, num, &mut self.writer);
            if spec.kind == LinkKind::Manager {
                // One at most: the one that is there replaces any other.
                if !seen.is_empty() {
                    let there = seen.into_iter().find(|s| !s.removed).map(|s| s.link);
                    let slot = self.managers.entry(num).or_default();
                    if there.is_some() || slot.is_none() {
                        *slot = there;
                    }
                }
                continue;
            }
            for s in seen {
                if spec.kind == LinkKind::Member && mode == Mode::Change {
                    // Who enters or leaves a group may gain or lose a licence that comes from it.
                    let target = s.link.key.target;
                    if self.writer.objects().get(target).is_some_and(|k| k.kind == Kind::User) {
                        self.licences.insert(target, s.id);
                    }
                }
                if mode == Mode::First && !s.removed {
                    self.see(s.link).await?;
                    continue;
                }
                let news = self.link_changes.entry(s.link.key.clone()).or_default();
                news.gone |= s.removed;
                if !s.removed {
                    news.there = Some(s.link);
                } else if mode == Mode::First && news.there.is_none() {
                    // Slices come in any order; whether another one named it as there is looked up.
                    news.there = Some(s.link);
                }
            }
        }
        Ok(())
    }
}

/// An object that differs from what is known of it.
pub(super) struct Changed {
    num: Num,
    values: Values,
    deleted_at: Option<i64>,
}

fn bad_item(kind: Kind) -> Error {
    Error::Refused(format!(
        "Microsoft Graph sent a {} that Holdfast cannot read. Every earlier snapshot is untouched; try again later.",
        kind.singular()
    ))
}
