//! Whether what was not seen is gone. Losing sight of an object is no deletion: an id that is missing is
//! looked for in the recycle bin and then asked for directly, before it counts as gone.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::capture::{Gap, GapReason, ReadScope};
use domain::descriptor::{self, Descriptor};
use domain::{Kind, LinkKind};
use graph::Meaning;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use store::history::{LinkKey, Num};
use uuid::Uuid;

use super::canon::{Flat, Values};
use super::{Capture, SUSPICIOUS};
use crate::{Error, Result};

/// Ids that one `getByIds` takes.
const IDS: usize = 1_000;

/// An object in the recycle bin.
struct Binned {
    deleted_at: i64,
    values: Values,
}

#[derive(Deserialize)]
struct Found {
    id: Uuid,
}

#[derive(Deserialize)]
struct Answer {
    value: Vec<Found>,
}

impl Capture {
    /// Reads the bins and decides about every object that was not seen, or was said to be gone.
    pub(super) async fn settle_objects(&mut self) -> Result<()> {
        for d in descriptor::DESCRIPTORS {
            if self.lacks(ReadScope::Objects(d.kind)) {
                continue;
            }
            let bin = match d.bin {
                Some(bin) => self.read_bin(d, bin).await?,
                None => Some(HashMap::new()),
            };
            self.settle_kind(d, bin).await?;
        }
        self.writer.flush().await?;
        Ok(())
    }

    /// What lies in a bin; none when it may not be read.
    async fn read_bin(&mut self, d: &'static Descriptor, bin: &str) -> Result<Option<HashMap<Num, Binned>>> {
        let path = format!("{bin}?$top=999&$select={},deletedDateTime", d.list_select());
        let items = match self.client.pages::<Box<RawValue>>(&path).all().await {
            Ok(items) => items,
            Err(error) => {
                self.unreadable(ReadScope::RecycleBin(d.kind), error)?;
                return Ok(None);
            }
        };
        let mut out = HashMap::with_capacity(items.len());
        for item in items {
            let Ok(flat) = Flat::parse(item.get()) else { continue };
            let Some(id) = flat.text("id").and_then(|t| t.parse::<Uuid>().ok()) else { continue };
            let deleted_at = flat
                .text("deletedDateTime")
                .and_then(|t| t.parse::<DateTime<Utc>>().ok())
                .map_or(self.now_ms, |t| t.timestamp_millis());
            let layout = self.layout(d.kind)?;
            let mut values = layout.read(&flat);
            layout.strip_prefix(&mut values, "userPrincipalName", &id.simple().to_string());
            out.insert(self.writer.number(id, d.kind, None), Binned { deleted_at, values });
        }
        Ok(Some(out))
    }

    async fn settle_kind(&mut self, d: &'static Descriptor, bin: Option<HashMap<Num, Binned>>) -> Result<()> {
        let bin_read = bin.is_some();
        let mut bin = bin.unwrap_or_default();
        let said_gone: Vec<Uuid> = self.removed.remove(&d.kind).unwrap_or_default().into_iter().collect();
        let seen = self.wholly.get(&d.kind);
        let mut unseen = HashSet::new();
        let mut live = 0;
        for (num, known) in self.writer.objects().iter() {
            if known.kind != d.kind || known.version.is_none() || bin.contains_key(&num) {
                continue;
            }
            if known.in_bin {
                // In the bin before and not now: purged, or brought back and not shown yet.
                if bin_read {
                    unseen.insert(num);
                }
            } else {
                live += 1;
                if seen.is_some_and(|s| !s.contains(&num)) {
                    unseen.insert(num);
                }
            }
        }
        for id in said_gone {
            // One that was also said to be there is asked for.
            let Some(num) = self.writer.objects().num(id) else { continue };
            let known = self.writer.objects().get(num).is_some_and(|k| k.version.is_some());
            if known && !bin.contains_key(&num) {
                unseen.insert(num);
            }
        }

        self.bury(d, &mut bin).await?;
        if unseen.is_empty() {
            return Ok(());
        }
        let candidates = unseen.len();
        let gone = self.confirm_gone(d, unseen).await?;
        if candidates - gone.len() > live / SUSPICIOUS + 10 {
            // Graph's list left out so many that it has elsewhere: something is wrong with what we see.
            let objects = i64::try_from(candidates - gone.len()).unwrap_or(i64::MAX);
            self.gaps.push(Gap::some(ReadScope::Objects(d.kind), GapReason::Unconfirmed, objects));
        }
        if bin_read || d.bin.is_none() {
            self.writer.end(&gone).await?;
        }
        Ok(())
    }

    /// Objects in the bin, with the values they have there: they may have changed before they were deleted.
    async fn bury(&mut self, d: &'static Descriptor, bin: &mut HashMap<Num, Binned>) -> Result<()> {
        let nums: Vec<Num> = bin.keys().copied().collect();
        let before = self.load_values(d.kind, &nums).await?;
        for (num, binned) in bin.drain() {
            self.offer(d.kind, num, binned.values, Some(binned.deleted_at), before.get(&num))?;
        }
        self.writer.flush().await?;
        Ok(())
    }

    /// Of these objects, the ones that Graph no longer has. The others are read directly.
    async fn confirm_gone(&mut self, d: &'static Descriptor, unseen: HashSet<Num>) -> Result<Vec<Num>> {
        let ids = self.writer.objects().ids_of(&unseen);
        let mut alive: HashSet<Uuid> = HashSet::new();
        if d.kind == Kind::Role {
            for id in ids.values() {
                if self.exists(&format!("{}/{id}?$select=id", d.collection)).await? {
                    alive.insert(*id);
                }
            }
        } else {
            let all: Vec<Uuid> = ids.values().copied().collect();
            let short = d.odata_type.rsplit('.').next().unwrap_or_default();
            for chunk in all.chunks(IDS) {
                let body = json!({ "ids": chunk, "types": [short] });
                let found: Answer = self.client.ask("/directoryObjects/getByIds?$select=id", &body).await?;
                alive.extend(found.value.into_iter().map(|f| f.id));
            }
        }
        for (num, id) in &ids {
            if alive.contains(id) {
                self.read_directly(d, *num, *id).await?;
            }
        }
        Ok(ids.into_iter().filter(|(_, id)| !alive.contains(id)).map(|(num, _)| num).collect())
    }

    /// One object, by its id.
    async fn read_directly(&mut self, d: &'static Descriptor, num: Num, id: Uuid) -> Result<()> {
        let path = format!("{}/{id}?$select={}", d.collection, d.list_select());
        let item: Box<RawValue> = match self.client.get(&path).await {
            Ok(item) => item,
            Err(e) if matches!(e.meaning(), Meaning::NotFound) => return Ok(()),
            Err(e) => return Err(e.into()),
        };
        let flat = Flat::parse(item.get())
            .map_err(|_| Error::Refused("Microsoft Graph sent an object that cannot be read.".to_owned()))?;
        let values = self.layout(d.kind)?.read(&flat);
        let changed = self.offer(d.kind, num, values, None, None)?;
        self.write_changed(d.kind, changed.into_iter().collect()).await
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        match self.client.get::<serde_json::Value>(path).await {
            Ok(_) => Ok(true),
            Err(e) if matches!(e.meaning(), Meaning::NotFound) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    /// Whether Graph has a link that one read said to be both there and gone.
    pub(super) async fn is_there(&self, key: &LinkKey) -> Result<bool> {
        let ends = HashSet::from([key.source, key.target]);
        let ids = self.writer.objects().ids_of(&ends);
        let (Some(source), Some(target)) = (ids.get(&key.source), ids.get(&key.target)) else {
            return Ok(false);
        };
        let list = match key.kind {
            LinkKind::Member => format!("/groups/{source}/members?$top=999&$select=id"),
            LinkKind::Owner => format!("/groups/{source}/owners?$top=999&$select=id"),
            LinkKind::UnitMember => {
                format!("/directory/administrativeUnits/{source}/members?$top=999&$select=id")
            }
            _ => return Ok(true),
        };
        let mut pages = self.client.pages::<Found>(&list);
        loop {
            match pages.next().await {
                Ok(Some(page)) if page.items.iter().any(|f| f.id == *target) => return Ok(true),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(false),
                Err(e) if matches!(e.meaning(), Meaning::NotFound) => return Ok(false),
                Err(e) => return Err(e.into()),
            }
        }
    }
}
