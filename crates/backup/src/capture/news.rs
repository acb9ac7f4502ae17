//! What a page says of links.

use domain::descriptor::{Descriptor, delta_property};
use domain::{Kind, LinkKind};
use store::history::Num;
use uuid::Uuid;

use super::canon::Flat;
use super::fetch::Mode;
use super::{Capture, links};
use crate::Result;

impl Capture {
    pub(super) async fn apply_links(
        &mut self,
        d: &'static Descriptor,
        mode: Mode,
        flat: &Flat<'_>,
        id: Uuid,
        num: Num,
    ) -> Result<()> {
        let Some(own) = self.profile.kind(d.kind) else { return Ok(()) };
        let reads = own.relations.clone();
        if reads.contains(&LinkKind::GroupLicense) {
            self.apply_group_licenses(mode, flat, num).await?;
        }
        if mode == Mode::List {
            if reads.contains(&LinkKind::Manager)
                && let Some(link) = links::expanded_manager(flat, num, &mut self.writer)
            {
                self.see(link).await?;
            }
            if reads.contains(&LinkKind::Licence) {
                match links::licences(flat, num, &mut self.writer) {
                    Some(held) => {
                        for link in held {
                            self.see(link).await?;
                        }
                    }
                    // Left out of the answer: it is asked for.
                    None => {
                        self.licences.insert(num, id);
                    }
                }
            }
            return Ok(());
        }
        if d.kind == Kind::User {
            self.licences.insert(num, id);
        }
        for spec in d.links.iter().filter(|l| reads.contains(&l.kind)) {
            let Some(property) = delta_property(spec.kind) else { continue };
            let (seen, odd) = links::from_delta(flat, property, spec.kind, num, &mut self.writer);
            if odd > 0 {
                // What cannot be read of it is read another way.
                self.direct.insert(num, (d.kind, id));
            }
            if spec.kind == LinkKind::Manager {
                // One at most: the one that is there replaces any other.
                if !seen.is_empty() {
                    let there = seen.into_iter().find(|s| !s.removed).map(|s| s.link);
                    self.named.extend(there.is_some().then_some(LinkKind::Manager));
                    let slot = self.managers.entry(num).or_default();
                    if there.is_some() || slot.is_none() {
                        *slot = there;
                    }
                }
                continue;
            }
            for s in seen {
                self.apply_link(mode, spec.kind, s).await?;
            }
        }
        Ok(())
    }

    async fn apply_link(&mut self, mode: Mode, kind: LinkKind, s: links::Seen) -> Result<()> {
        if kind == LinkKind::Member && mode == Mode::Change {
            // Who enters or leaves a group may gain or lose a licence that comes from it.
            let target = s.link.key.target;
            if self.writer.objects().get(target).is_some_and(|k| k.kind == Kind::User && !k.in_bin) {
                self.licences.insert(target, s.id);
            }
        }
        if mode == Mode::First && !s.removed {
            return self.see(s.link).await;
        }
        let news = self.link_changes.entry(s.link.key.clone()).or_default();
        news.gone |= s.removed;
        if !s.removed || (mode == Mode::First && news.there.is_none()) {
            // Slices come in any order; whether another one named it as there is looked up.
            news.there = Some(s.link);
        }
        Ok(())
    }

    async fn apply_group_licenses(&mut self, mode: Mode, flat: &Flat<'_>, num: Num) -> Result<()> {
        let Some(held) = links::group_licences(flat, num, &mut self.writer) else { return Ok(()) };
        if mode == Mode::Change {
            self.group_licenses.insert(num, held);
            return Ok(());
        }
        for link in held {
            self.see(link).await?;
        }
        Ok(())
    }
}
