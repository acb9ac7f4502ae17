//! Names of objects that links mention and that are not captured themselves: service principals, devices,
//! contacts. They are asked for once, and again by a full read.

use domain::Kind;
use domain::permission::{AnyOf, READ_APPLICATIONS, READ_CONTACTS, READ_DEVICES};
use graph::{BatchItem, Meaning};
use serde::Deserialize;
use store::history::Stub;

use super::{Capture, gaps};
use crate::Result;
use domain::capture::ReadScope;

/// Names asked for in one capture.
const MOST: u64 = 2_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    display_name: Option<String>,
}

/// Where a kind is asked for its name, and what that needs. What is only known as a principal is a service principal:
/// users and groups are captured.
const fn place(kind: Kind) -> Option<(&'static str, Kind, AnyOf)> {
    match kind {
        Kind::ServicePrincipal | Kind::Other => {
            Some(("/servicePrincipals", Kind::ServicePrincipal, READ_APPLICATIONS))
        }
        Kind::Device => Some(("/devices", Kind::Device, READ_DEVICES)),
        Kind::Contact => Some(("/contacts", Kind::Contact, READ_CONTACTS)),
        _ => None,
    }
}

impl Capture {
    pub(super) async fn name_stubs(&mut self, again: bool) -> Result<()> {
        self.writer.flush().await?;
        let kinds = [Kind::ServicePrincipal, Kind::Device, Kind::Contact, Kind::Other];
        let kinds: Vec<Kind> = kinds
            .into_iter()
            .filter(|kind| place(*kind).is_some_and(|(_, _, needs)| needs.met_by(&self.granted)))
            .collect();
        if kinds.is_empty() {
            return Ok(());
        }
        let stubs: Vec<Stub> = self
            .writer
            .stubs(&kinds, !again, MOST)
            .await?
            .into_iter()
            // An object that turned out to be captured has its name there.
            .filter(|stub| self.writer.objects().get(stub.num).is_some_and(|known| known.version.is_none()))
            .collect();
        let requests: Vec<BatchItem> = stubs
            .iter()
            .filter_map(|stub| {
                let (path, ..) = place(stub.kind)?;
                Some(BatchItem::get(format!("{path}/{}?$select=id,displayName", stub.id)))
            })
            .collect();
        if requests.is_empty() {
            return Ok(());
        }
        let answers = self.client.batch(requests).await?;
        for (stub, answer) in stubs.into_iter().zip(answers) {
            let Some((_, kind, _)) = place(stub.kind) else { continue };
            match answer.into_result::<Named>() {
                Ok(named) => {
                    let name = named.display_name.unwrap_or_default();
                    self.writer.name_stub(stub.num, kind, &name).await?;
                }
                // Gone, or no service principal: the last name stays; one that was never known is not asked for again.
                Err(e) if matches!(e.meaning(), Meaning::NotFound) && !again => {
                    self.writer.name_stub(stub.num, stub.kind, "").await?;
                }
                Err(e) => {
                    gaps::reason(ReadScope::LicenseNames, &e)?;
                    tracing::debug!(error = %e, "a name could not be read");
                }
            }
        }
        Ok(())
    }
}
