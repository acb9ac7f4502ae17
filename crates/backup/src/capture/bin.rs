//! The recycle bins: what lies in them, and what is asked for there by its id.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::capture::ReadScope;
use domain::descriptor::{Descriptor, Route};
use graph::Meaning;
use serde_json::value::RawValue;
use store::history::{Aspect, Num};
use uuid::Uuid;

use super::Capture;
use super::canon::{Flat, Values};
use crate::Result;

/// An object in the recycle bin.
pub(super) struct Binned {
    /// Unix milliseconds, where Graph says.
    pub(super) deleted_at: Option<i64>,
    pub(super) values: Values,
}

/// What a bin says.
pub(super) enum Bin {
    /// What lies in it.
    Read(HashMap<Num, Binned>),
    /// It could not be read, so its contents are unknown.
    Unread,
    /// The kind has none in this cloud.
    None,
}

impl Bin {
    pub(super) fn holds(&self, num: Num) -> bool {
        matches!(self, Bin::Read(all) if all.contains_key(&num))
    }
}

impl Capture {
    /// What lies in the bin of a kind.
    pub(super) async fn read_bin(&mut self, d: &'static Descriptor) -> Result<Bin> {
        let Some(bin) = d.bin else { return Ok(Bin::None) };
        let top = if d.route == Route::List { "" } else { "$top=999&" };
        let path = format!("{bin}?{top}$select={}", self.bin_select(d));
        let items = match self.client.pages::<Box<RawValue>>(&path).all().await {
            Ok(items) => items,
            // Not every cloud has a bin for every kind.
            Err(e) if matches!(e.meaning(), Meaning::Unsupported | Meaning::NotFound) => {
                return Ok(Bin::None);
            }
            Err(error) => {
                self.unreadable(ReadScope::RecycleBin(d.kind), &error)?;
                return Ok(Bin::Unread);
            }
        };
        let mut out = HashMap::with_capacity(items.len());
        for item in items {
            let Ok(flat) = Flat::parse(item.get()) else { continue };
            let Some(id) = flat.text("id").and_then(|t| t.parse::<Uuid>().ok()) else { continue };
            let num = self.writer.number(id, d.kind, None);
            out.insert(num, self.binned(d, num, id, &flat).await?);
        }
        Ok(Bin::Read(out))
    }

    /// What is selected of an object in the bin.
    pub(super) fn bin_select(&self, d: &'static Descriptor) -> String {
        let dated = if d.bin_is_dated { ",deletedDateTime" } else { "" };
        format!("{}{dated}", self.select(d))
    }

    /// An object as it lies in the bin.
    pub(super) async fn binned(
        &mut self,
        d: &'static Descriptor,
        num: Num,
        id: Uuid,
        flat: &Flat<'_>,
    ) -> Result<Binned> {
        let deleted_at = flat
            .text("deletedDateTime")
            .and_then(|t| t.parse::<DateTime<Utc>>().ok())
            .map(|t| t.timestamp_millis());
        let known =
            if self.is_partial(d.kind) { self.load_values(d.kind, &[num]).await? } else { HashMap::new() };
        let mut values = self.whole(d.kind, flat, known.get(&num))?;
        self.layout(d.kind)?.strip_prefix(&mut values, "userPrincipalName", &id.simple().to_string());
        Ok(Binned { deleted_at, values })
    }

    /// Puts objects into the bin, with the values that they have there: they may have changed before they were
    /// deleted. Graph hides their links, so that those of one that was never seen live are not seen.
    pub(super) async fn bury(&mut self, d: &'static Descriptor, binned: HashMap<Num, Binned>) -> Result<()> {
        let mut later = Vec::new();
        let mut strangers = Vec::new();
        for (num, binned) in binned {
            let known = self.writer.objects().get(num);
            if known.is_none_or(|known| known.version.is_none()) {
                strangers.push(num);
            }
            if binned.deleted_at.is_none()
                && known.is_some_and(|known| known.version.is_some() && known.in_bin)
            {
                // Since when it lies there is known from the capture that first saw it there.
                continue;
            }
            let deleted_at = binned.deleted_at.unwrap_or(self.now_ms);
            self.direct.remove(&num);
            self.licences.remove(&num);
            self.managers.remove(&num);
            later.extend(self.offer(d.kind, num, binned.values, Some(deleted_at), None)?);
        }
        self.write_changed(d.kind, later).await?;
        self.writer.flush().await?;
        strangers.sort_unstable();
        Ok(self.writer.note_unseen(&strangers, Aspect::Links, self.started_at).await?)
    }
}
