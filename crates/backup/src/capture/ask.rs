//! Reads single objects by id, in batches of twenty. Each read needs only the permission of its own kind.

use domain::descriptor::Descriptor;
use graph::{BatchItem, Meaning};
use serde_json::value::RawValue;
use store::history::Num;
use uuid::Uuid;

use super::Capture;
use crate::Result;

/// What came of asking for an object by its id.
pub(super) enum Asked {
    There(Box<RawValue>),
    /// Graph has no such object at this place.
    Absent,
    Failed(graph::Error),
}

impl Capture {
    /// The Entra ids of some objects, in the order of their numbers.
    pub(super) fn ids(&self, nums: impl IntoIterator<Item = Num>) -> Vec<(Num, Uuid)> {
        let nums = nums.into_iter().collect();
        let mut ids: Vec<(Num, Uuid)> = self.writer.objects().ids_of(&nums).into_iter().collect();
        ids.sort_unstable();
        ids
    }

    /// What is selected of an object of a kind.
    pub(super) fn select(&self, d: &'static Descriptor) -> String {
        self.profile.kind(d.kind).map_or_else(|| "id".to_owned(), |own| d.list_select(own))
    }

    /// Asks for each object at a place. A part that fails stands with its object; the sign-in and limits of requests
    /// end the capture where the caller looks for the reason.
    pub(super) async fn ask_each(
        &self,
        objects: &[(Num, Uuid)],
        place: impl Fn(Uuid) -> String,
    ) -> Result<Vec<(Num, Uuid, Asked)>> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let requests = objects.iter().map(|(_, id)| BatchItem::get(place(*id))).collect();
        let answers = match self.client.batch(requests).await {
            Ok(answers) => answers,
            Err(error) if error.is_sign_in() => return Err(error.into()),
            Err(error) => {
                let failed = |(num, id): &(Num, Uuid)| (*num, *id, Asked::Failed(error.clone()));
                return Ok(objects.iter().map(failed).collect());
            }
        };
        let asked = objects.iter().zip(answers).map(|((num, id), answer)| {
            let asked = match answer.into_result::<Box<RawValue>>() {
                Ok(item) => Asked::There(item),
                Err(e) if matches!(e.meaning(), Meaning::NotFound) => Asked::Absent,
                Err(e) => Asked::Failed(e),
            };
            (*num, *id, asked)
        });
        Ok(asked.collect())
    }
}
