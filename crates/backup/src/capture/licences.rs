//! Licences: their names, and the ones that users hold. Delta does not track where a licence comes from,
//! so it is read again for every user that delta names.

use std::collections::HashMap;

use domain::capture::ReadScope;
use domain::{Kind, LinkKind};
use graph::{BatchItem, Client};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::history::{Link, Num};
use uuid::Uuid;

use super::canon::Flat;
use super::{Capture, links};
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
    /// Gives licences their names, before any user mentions one.
    pub(super) fn name_licences(&mut self, named: Result<Vec<Sku>, graph::Error>) -> Result<()> {
        match named {
            Ok(skus) => {
                for sku in skus {
                    self.writer.number(sku.sku_id, Kind::Licence, Some(&sku.sku_part_number));
                }
                Ok(())
            }
            Err(error) => self.unreadable(ReadScope::LicenseNames, error),
        }
    }

    pub(super) async fn read_changed_licences(&mut self) -> Result<()> {
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
        for ((num, _), answer) in users.iter().zip(answers) {
            // A user deleted since keeps the licences that were last seen.
            let Ok(user) = answer.into_result::<Box<RawValue>>() else { continue };
            let Ok(flat) = Flat::parse(user.get()) else { continue };
            if let Some(held) = links::licences(&flat, *num, &mut self.writer) {
                wanted.insert(*num, held);
            }
        }
        self.replace_links(LinkKind::Licence, wanted).await
    }
}
