//! Objects that came back from the recycle bin. Graph hides the links of what lies there, so that what
//! became of them before cannot be seen; once the object is back they are read anew.

use std::collections::HashMap;

use domain::descriptor::{self, delta_property};
use domain::{Kind, LinkKind};
use graph::BatchItem;
use serde_json::value::RawValue;
use store::history::{Link, Num};
use uuid::Uuid;

use super::canon::Flat;
use super::{Capture, links};
use crate::Result;

/// Ids that a delta query may be limited to (Graph's limit is 50).
const IDS: usize = 40;

impl Capture {
    pub(super) async fn read_returned(&mut self) -> Result<()> {
        for (kind, ids) in std::mem::take(&mut self.returned) {
            match kind {
                Kind::User => self.read_managers(&ids).await?,
                Kind::Group | Kind::AdministrativeUnit => self.read_members(kind, &ids).await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// All links of some containers, from a delta that is limited to them: unlike the members list it
    /// leaves no kind of member out.
    async fn read_members(&mut self, kind: Kind, ids: &[Uuid]) -> Result<()> {
        let Some(d) = descriptor::of(kind) else { return Ok(()) };
        let properties: Vec<(LinkKind, &str)> =
            d.links.iter().filter_map(|l| Some((l.kind, delta_property(l.kind)?))).collect();
        let select: Vec<&str> = properties.iter().map(|(_, p)| *p).collect();
        for chunk in ids.chunks(IDS) {
            let filter: Vec<String> = chunk.iter().map(|id| format!("id%20eq%20'{id}'")).collect();
            let path = format!(
                "{}/delta?$select=id,{}&$filter={}",
                d.collection,
                select.join(","),
                filter.join("%20or%20")
            );
            let items = self.client.pages::<Box<RawValue>>(&path).all().await?;
            for (link, property) in &properties {
                let mut wanted: HashMap<Num, Vec<Link>> = HashMap::new();
                for id in chunk {
                    wanted.insert(self.writer.number(*id, kind, None), Vec::new());
                }
                for item in &items {
                    let Ok(flat) = Flat::parse(item.get()) else { continue };
                    let Some(id) = flat.text("id").and_then(|t| t.parse::<Uuid>().ok()) else { continue };
                    let num = self.writer.number(id, kind, None);
                    let seen = links::from_delta(&flat, property, *link, num, &mut self.writer);
                    let there = seen.into_iter().filter(|s| !s.removed).map(|s| s.link);
                    wanted.entry(num).or_default().extend(there);
                }
                self.replace_links(*link, wanted).await?;
            }
        }
        Ok(())
    }

    async fn read_managers(&mut self, ids: &[Uuid]) -> Result<()> {
        let requests = ids
            .iter()
            .map(|id| BatchItem::get(format!("/users/{id}?$select=id&$expand=manager($select=id)")))
            .collect();
        let answers = self.client.batch(requests).await?;
        for (id, answer) in ids.iter().zip(answers) {
            let Ok(user) = answer.into_result::<Box<RawValue>>() else { continue };
            let Ok(flat) = Flat::parse(user.get()) else { continue };
            let num = self.writer.number(*id, Kind::User, None);
            let manager = links::expanded_manager(&flat, num, &mut self.writer);
            self.managers.insert(num, manager);
        }
        Ok(())
    }
}
