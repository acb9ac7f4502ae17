//! Doubt about attributes that lost their values. Where many objects lose the value of the same attribute, each of them
//! is asked for by id before that counts.

use std::collections::{BTreeSet, HashMap};

use domain::Kind;
use domain::capture::ReadScope;
use domain::descriptor;
use store::history::Num;
use uuid::Uuid;

use super::ask::Asked;
use super::{Capture, is_much};
use crate::{Error, Result};

/// Objects asked for by id at most.
const MOST: usize = 2_000;

/// Whether an object lost so many values that an incomplete answer is more likely than an edit.
pub(super) const fn is_stripped(held: usize, lost: usize) -> bool {
    lost >= 3 && lost * 2 > held
}

impl Capture {
    pub(super) async fn doubt_emptied_attributes(&mut self) -> Result<()> {
        let emptied = std::mem::take(&mut self.emptied);
        let stripped = std::mem::take(&mut self.stripped);
        let mut doubted: HashMap<Kind, BTreeSet<Num>> = HashMap::new();
        for ((kind, _), nums) in emptied {
            if is_much(nums.len(), self.live(kind)) {
                doubted.entry(kind).or_default().extend(nums);
            }
        }
        for (kind, nums) in doubted {
            // Nearly all objects without most of their attributes: no answer is to be believed, by whichever road.
            let all = stripped.get(&kind).map_or(0, BTreeSet::len) * 10 > self.live(kind) * 9;
            let back = if all {
                nums.iter().copied().collect()
            } else {
                self.unconfirmed_losses(kind, &nums).await?
            };
            self.keep_attributes(kind, &back).await?;
        }
        Ok(())
    }

    /// Asks for objects by id and writes what they say. Returns those whose loss nothing confirms.
    async fn unconfirmed_losses(&mut self, kind: Kind, nums: &BTreeSet<Num>) -> Result<Vec<Num>> {
        let d = descriptor::of(kind).ok_or(Error::NotFound)?;
        let ids = self.ids(nums.iter().copied());
        let asked: Vec<(Num, Uuid)> = ids.iter().copied().take(MOST).collect();
        let select = self.select(d);
        let answers = self.ask_each(&asked, |id| format!("{}/{id}?$select={select}", d.collection)).await?;
        let published =
            self.published_values(kind, &asked.iter().map(|(n, _)| *n).collect::<Vec<_>>()).await?;
        let (mut there, mut failed, mut contradicted) = (Vec::new(), Vec::new(), false);
        for (num, _, answer) in answers {
            match answer {
                Asked::There(item) => {
                    let flat =
                        super::canon::Flat::parse(item.get()).map_err(|_| super::apply::bad_item(kind))?;
                    let layout = self.layout(kind)?;
                    let now = self.whole(kind, &flat, published.get(&num))?;
                    let lost = published.get(&num).map_or(0, |old| layout.emptied(old, &now).len());
                    contradicted |= lost == 0;
                    there.push((num, item));
                }
                Asked::Absent => {}
                Asked::Failed(error) => {
                    super::gaps::reason(ReadScope::Attributes(kind), &error)?;
                    failed.push(num);
                }
            }
        }
        self.take(kind, &there).await?;
        if contradicted {
            failed.extend(ids.iter().skip(MOST).map(|(num, _)| *num));
        }
        Ok(failed)
    }

    /// Objects keep the attributes that they had in the snapshot before.
    async fn keep_attributes(&mut self, kind: Kind, nums: &[Num]) -> Result<()> {
        if nums.is_empty() {
            return Ok(());
        }
        self.unconfirmed(ReadScope::Attributes(kind), nums.len(), true);
        let published = self.published_values(kind, nums).await?;
        let mut now = self.load_values(kind, nums).await?;
        let mut later = Vec::new();
        for (num, old) in &published {
            let Some(mut values) = now.remove(num) else { continue };
            let layout = self.layout(kind)?;
            let lost = layout.emptied(old, &values);
            layout.keep(&mut values, old, |name| lost.contains(&name));
            later.extend(self.offer(kind, *num, values, None, Some(old))?);
        }
        self.write_changed(kind, later).await?;
        // They are settled now, and are not doubted again.
        self.emptied.clear();
        self.stripped.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clearing_an_attribute_or_two_strips_nobody() {
        assert!(!is_stripped(2, 2) && !is_stripped(10, 3));
        assert!(is_stripped(10, 9) && is_stripped(5, 3));
    }
}
