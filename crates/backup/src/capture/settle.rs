//! How links come into the snapshot.

use std::collections::{HashMap, HashSet};

use domain::capture::{Gap, ReadScope};
use domain::descriptor::{self, DESCRIPTORS};
use domain::{Kind, LinkKind};
use store::history::{Aspect, Link, LinkKey, Num};

use super::{BATCH, Capture, gaps};
use crate::Result;

impl Capture {
    /// Links go straight into the first snapshot; later, what a full read sees is noted first and
    /// compared in the database.
    pub(super) async fn see(&mut self, link: Link) -> Result<()> {
        self.named.insert(link.key.kind);
        if self.writer.is_first() {
            self.writer.put_link(link);
        } else {
            self.seen_links.push(link);
            if self.seen_links.len() >= BATCH {
                self.note_seen_links().await?;
            }
        }
        Ok(())
    }

    async fn note_seen_links(&mut self) -> Result<()> {
        let links = std::mem::take(&mut self.seen_links);
        Ok(self.writer.see_links(links).await?)
    }

    /// Whether links of a kind are compared with everything that was seen, at the end.
    pub(super) fn is_read_wholly(&self, kind: LinkKind) -> bool {
        self.wholly.contains_key(&descriptor::owner(kind)) && !self.writer.is_first()
    }

    /// Sets the links of one kind that a source has to exactly these.
    pub(super) async fn replace_links(
        &mut self,
        kind: LinkKind,
        wanted: HashMap<Num, Vec<Link>>,
    ) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let sources: Vec<Num> = wanted.keys().copied().collect();
        if self.is_read_wholly(kind) {
            self.note_seen_links().await?;
            for source in sources {
                self.writer.unsee_source(kind, source).await?;
            }
            return Ok(self.writer.see_links(wanted.into_values().flatten().collect()).await?);
        }
        self.writer.flush().await?;
        let open = self.writer.open_links(kind, &sources).await?;
        let close = open
            .into_iter()
            .filter(|l| !wanted.get(&l.key.source).is_some_and(|w| w.iter().any(|n| n.key == l.key)))
            .map(|l| l.key)
            .collect();
        Ok(self.writer.change_links(wanted.into_values().flatten().collect(), close).await?)
    }

    /// Opens and ends single links.
    pub(super) async fn change(
        &mut self,
        kind: LinkKind,
        open: Vec<Link>,
        close: Vec<LinkKey>,
    ) -> Result<()> {
        if self.is_read_wholly(kind) {
            self.note_seen_links().await?;
            self.writer.see_links(open).await?;
            return Ok(self.writer.unsee_links(&close).await?);
        }
        Ok(self.writer.change_links(open, close).await?)
    }

    /// Carries the links of one kind that sources had forward.
    pub(super) async fn keep_links(&mut self, kind: LinkKind, sources: &[Num]) -> Result<()> {
        if !self.is_read_wholly(kind) || sources.is_empty() {
            return Ok(());
        }
        self.note_seen_links().await?;
        let open = self.writer.open_links(kind, sources).await?;
        Ok(self.writer.see_links(open).await?)
    }

    /// Carries all links that sources of a kind had forward.
    pub(super) async fn keep_all_links(&mut self, kind: Kind, sources: &[Num]) -> Result<()> {
        let links = descriptor::of(kind).map(|d| d.links).unwrap_or_default();
        for link in
            links.iter().filter(|l| l.kind != LinkKind::RoleAssignment && l.kind != LinkKind::ActivatedRole)
        {
            self.keep_links(link.kind, sources).await?;
        }
        Ok(())
    }

    /// Brings what was read of links into the snapshot.
    pub(super) async fn settle_links(&mut self) -> Result<()> {
        let managers = std::mem::take(&mut self.managers);
        let wanted = managers.into_iter().map(|(user, m)| (user, m.into_iter().collect())).collect();
        self.replace_links(LinkKind::Manager, wanted).await?;
        self.note_seen_links().await?;
        self.settle_news().await?;
        if self.writer.is_first() {
            return Ok(());
        }
        self.keep_assignments_over_binned_units().await?;
        let hidden: Vec<Num> = self.hidden.iter().copied().collect();
        for relation in [LinkKind::Member, LinkKind::UnitMember] {
            self.keep_links(relation, &hidden).await?;
        }
        self.doubt_lost_links().await?;
        for d in DESCRIPTORS.into_iter().filter(|d| self.wholly.contains_key(&d.kind)) {
            let own = self.profile.kind(d.kind).map(|own| own.relations.clone()).unwrap_or_default();
            for link in d.links.iter().filter(|l| own.contains(&l.kind)) {
                if !self.lacks(ReadScope::Relation(link.kind)) {
                    self.writer.settle_links(link.kind).await?;
                }
            }
        }
        Ok(())
    }

    /// Single links that delta named.
    async fn settle_news(&mut self) -> Result<()> {
        let mut doubted: HashSet<LinkKey> = HashSet::new();
        let all = std::mem::take(&mut self.link_changes);
        for (key, news) in &all {
            if news.there.is_some() && news.gone {
                doubted.insert(key.clone());
            }
        }
        let said = self.are_there(&doubted).await?;
        let mut by_kind: HashMap<LinkKind, (Vec<Link>, Vec<LinkKey>)> = HashMap::new();
        let mut unclear: HashMap<LinkKind, Vec<Num>> = HashMap::new();
        for (key, news) in all {
            if !self.profile.has_relation(key.kind, false) {
                continue;
            }
            let there = match said.get(&key) {
                Some(Ok(there)) => *there,
                Some(Err(error)) => {
                    let scope = ReadScope::Relation(key.kind);
                    let reason = gaps::reason(scope, error)?;
                    self.gap(Gap::some(scope, reason, 1));
                    unclear.entry(key.kind).or_default().push(key.source);
                    continue;
                }
                None => news.there.is_some(),
            };
            let (open, close) = by_kind.entry(key.kind).or_default();
            if there {
                open.extend(news.there);
            } else {
                close.push(key);
            }
        }
        for (kind, (open, close)) in by_kind {
            self.change(kind, open, close).await?;
        }
        for (kind, sources) in unclear {
            self.keep_links(kind, &sources).await?;
            self.writer.note_unseen(&sources, Aspect::Relation(kind), self.started_at).await?;
        }
        Ok(())
    }
}
