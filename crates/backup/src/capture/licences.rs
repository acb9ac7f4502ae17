//! Licences: their names, and the ones that users hold. Delta does not track where a licence comes from,
//! so it is read again for every user that delta names.

use std::collections::HashMap;

use domain::capture::{Gap, ReadScope};
use domain::{Kind, LinkKind};
use graph::{BatchItem, Client, Meaning};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::history::{Aspect, Link, Num};
use uuid::Uuid;

use super::canon::Flat;
use super::{Capture, gaps, links};
use crate::Result;

/// A licence that the tenant has bought.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sku {
    sku_id: Uuid,
    sku_part_number: String,
}

/// The licences that the tenant has bought.
pub(super) async fn names(client: &Client) -> Result<Vec<Sku>, graph::Error> {
    client.pages("/subscribedSkus?$select=skuId,skuPartNumber").all().await
}

impl Capture {
    /// Gives licences their names, before any user mentions one. Names are only shown: without them, licences keep the
    /// names that are known.
    pub(super) async fn name_licences(&mut self, named: Result<Vec<Sku>, graph::Error>) -> Result<()> {
        let skus = match named {
            Ok(skus) => skus,
            Err(error) => {
                gaps::reason(ReadScope::LicenseNames, &error)?;
                tracing::warn!(%error, "names of licences could not be read");
                return Ok(());
            }
        };
        let unnamed = self.writer.stubs(&[Kind::Licence], true, u64::MAX >> 1).await?;
        for sku in skus {
            let num = self.writer.number(sku.sku_id, Kind::Licence, Some(&sku.sku_part_number));
            if unnamed.iter().any(|stub| stub.num == num) {
                self.writer.name_stub(num, Kind::Licence, &sku.sku_part_number).await?;
            }
        }
        Ok(())
    }

    /// Licences of users whose licences may have changed. What could not be read is carried forward as not seen, and
    /// read by the next capture.
    pub(super) async fn read_changed_licences(&mut self) -> Result<()> {
        let scope = ReadScope::Relation(LinkKind::Licence);
        if !self.profile.has_relation(LinkKind::Licence, false) || self.lacks(ReadScope::Objects(Kind::User))
        {
            return Ok(());
        }
        let users: Vec<(Num, Uuid)> = std::mem::take(&mut self.licences).into_iter().collect();
        if users.is_empty() {
            return Ok(());
        }
        let requests = users
            .iter()
            .map(|(_, id)| BatchItem::get(format!("/users/{id}?$select=id,licenseAssignmentStates")))
            .collect();
        let answers = self.client.batch(requests).await?;
        let mut wanted: HashMap<Num, Vec<Link>> = HashMap::new();
        let mut unseen = Vec::new();
        for ((num, _), answer) in users.iter().zip(answers) {
            let held = match answer.into_result::<Box<RawValue>>() {
                Ok(user) => {
                    let flat = Flat::parse(user.get()).ok();
                    flat.and_then(|flat| links::licences(&flat, *num, &mut self.writer))
                }
                // A user deleted since keeps the licences that were last seen.
                Err(e) if matches!(e.meaning(), Meaning::NotFound) => continue,
                Err(e) => {
                    let reason = gaps::reason(scope, &e)?;
                    self.gap(Gap::some(scope, reason, 1));
                    None
                }
            };
            match held {
                Some(held) => {
                    wanted.insert(*num, held);
                }
                None => unseen.push(*num),
            }
        }
        let seen: Vec<Num> = wanted.keys().copied().collect();
        self.replace_links(LinkKind::Licence, wanted).await?;
        self.writer.note_seen(&seen, Aspect::Relation(LinkKind::Licence)).await?;
        self.keep_links(LinkKind::Licence, &unseen).await?;
        Ok(self.writer.note_unseen(&unseen, Aspect::Relation(LinkKind::Licence), self.started_at).await?)
    }
}
