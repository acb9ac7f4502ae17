//! Lists that were cut short: what a full read brings is held against the number that Graph gives.

use domain::Kind;
use domain::capture::ReadScope;
use domain::descriptor::{self, Descriptor};

use super::fetch::Source;
use super::{Capture, Watch, is_much};
use crate::Result;

/// Where Graph counts the objects of a kind.
/// Source: <https://learn.microsoft.com/graph/aad-advanced-queries>.
const fn counted(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::User => Some("/users/$count"),
        Kind::Group => Some("/groups/$count"),
        _ => None,
    }
}

impl Capture {
    /// Reads by its other route what was read wholly and is much less than Graph counts. What is still missing then is
    /// named. The number lags, so that it proves nothing by itself.
    pub(super) async fn read_what_was_cut(&mut self, watch: &mut Watch) -> Result<()> {
        for d in descriptor::DESCRIPTORS {
            let Some(path) = counted(d.kind).filter(|_| self.wholly.contains_key(&d.kind)) else { continue };
            if !self.counts.contains_key(&d.kind)
                && let Ok(count) = self.client.count(path).await
            {
                self.counts.insert(d.kind, usize::try_from(count).unwrap_or(usize::MAX));
            }
            if self.missing(d) == 0 {
                continue;
            }
            let Some(own) = self.profile.kind(d.kind).cloned() else { continue };
            tracing::warn!(
                kind = d.kind.slug(),
                missing = self.missing(d),
                "a list was cut short; reading another way"
            );
            let gaps = self.gaps.clone();
            let source = Source { descriptor: d, own, cursor: None, other_route: true };
            let again = self.read_again(source, watch).await;
            // What was read by the first route stays read.
            self.gaps = gaps;
            again?;
            let missing = self.missing(d);
            if missing > 0 {
                self.unconfirmed(ReadScope::Objects(d.kind), missing, true);
            }
        }
        Ok(())
    }

    /// How many objects of a kind a full read lacks, where that is much.
    fn missing(&self, d: &'static Descriptor) -> usize {
        let seen = self.wholly.get(&d.kind).map_or(0, std::collections::HashSet::len);
        let count = self.counts.get(&d.kind).copied().unwrap_or(0);
        let missing = count.saturating_sub(seen);
        if is_much(missing, count) { missing } else { 0 }
    }

    async fn read_again(&mut self, source: Source, watch: &mut Watch) -> Result<()> {
        let kind = source.descriptor.kind;
        let seen = self.wholly.get(&kind).cloned().unwrap_or_default();
        match self.read_collections(vec![source], watch).await {
            // It is transient, or refused: the first answer stands.
            Err(crate::Error::Graph(e)) if !e.is_sign_in() => {
                tracing::warn!(error = %e, "could not be read again")
            }
            Err(crate::Error::Refused(_)) | Ok(_) => {}
            Err(error) => return Err(error),
        }
        self.wholly.entry(kind).or_default().extend(seen);
        Ok(())
    }
}
