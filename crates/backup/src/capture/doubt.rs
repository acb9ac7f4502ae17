//! Doubt about links. A full read that takes many links of one kind away, or all links of a source that had several, is
//! confirmed from the sources themselves before it counts.

use std::collections::{HashMap, HashSet};

use domain::capture::ReadScope;
use domain::descriptor;
use domain::{Kind, LinkKind};
use store::history::{Aspect, Link, Num};

use super::canon::Flat;
use super::{Capture, is_much, links};
use crate::Result;

/// Sources that are read by themselves at most.
const MOST: usize = 2_000;
/// A source that had so many links of a kind and has none now is doubted.
const SEVERAL: usize = 3;

/// Relations that a full read brings with their sources.
const RELATIONS: [LinkKind; 6] = [
    LinkKind::Member,
    LinkKind::Owner,
    LinkKind::UnitMember,
    LinkKind::Manager,
    LinkKind::Licence,
    LinkKind::GroupLicense,
];

impl Capture {
    pub(super) async fn doubt_lost_links(&mut self) -> Result<()> {
        for relation in RELATIONS {
            if !self.is_read_wholly(relation)
                || !self.profile.has_relation(relation, false)
                || self.lacks(ReadScope::Relation(relation))
            {
                continue;
            }
            let (lost, open) = self.writer.unseen_links(relation).await?;
            if lost.is_empty() {
                continue;
            }
            let sources = self.doubted_sources(&lost, usize::try_from(open).unwrap_or(0)).await?;
            self.confirm(relation, sources).await?;
        }
        Ok(())
    }

    /// Sources whose lost links are doubted: all of them where much or everything was lost, otherwise those that lost
    /// all they had.
    async fn doubted_sources(&self, lost: &[Link], open: usize) -> Result<Vec<Num>> {
        let mut by_source: HashMap<Num, usize> = HashMap::new();
        for link in lost {
            *by_source.entry(link.key.source).or_default() += 1;
        }
        let mut sources: Vec<Num> = by_source.keys().copied().collect();
        sources.sort_unstable();
        if is_much(lost.len(), open) || lost.len() >= open {
            return Ok(sources);
        }
        let Some(kind) = lost.first().map(|l| l.key.kind) else { return Ok(Vec::new()) };
        sources.retain(|num| by_source.get(num).is_some_and(|n| *n >= SEVERAL));
        let mut held: HashMap<Num, usize> = HashMap::new();
        for link in self.writer.open_links(kind, &sources).await? {
            *held.entry(link.key.source).or_default() += 1;
        }
        sources.retain(|num| held.get(num) == by_source.get(num));
        Ok(sources)
    }

    /// Reads the links of sources by themselves. Those that cannot be read so are kept as they were.
    async fn confirm(&mut self, relation: LinkKind, sources: Vec<Num>) -> Result<()> {
        let asked = &sources[..sources.len().min(MOST)];
        let (found, failed) = match relation {
            LinkKind::Member | LinkKind::Owner | LinkKind::UnitMember => {
                self.list_links(relation, asked).await?
            }
            _ => self.read_from_property(relation, asked).await?,
        };
        for (_, error) in &failed {
            super::gaps::reason(ReadScope::Relation(relation), error)?;
        }
        // What the sources hide is no loss and was kept already.
        let hidden: HashSet<Num> = self.hidden.iter().copied().filter(|_| relation.can_be_hidden()).collect();
        let found = found.into_iter().filter(|(num, _)| !hidden.contains(num)).collect();
        self.replace_links(relation, found).await?;
        let mut kept: Vec<Num> = failed.into_iter().map(|(num, _)| num).collect();
        kept.extend(sources.iter().skip(MOST));
        if kept.is_empty() {
            return Ok(());
        }
        self.keep_links(relation, &kept).await?;
        self.unconfirmed(ReadScope::Relation(relation), kept.len(), true);
        Ok(self.writer.note_unseen(&kept, Aspect::Relation(relation), self.started_at).await?)
    }

    async fn read_from_property(
        &mut self,
        relation: LinkKind,
        sources: &[Num],
    ) -> Result<(HashMap<Num, Vec<Link>>, Vec<(Num, graph::Error)>)> {
        let heads = self.ids(sources.iter().copied());
        let answers = self
            .read_property(&heads, |id| match relation {
                LinkKind::Manager => format!("/users/{id}?$select=id&$expand=manager($select=id)"),
                LinkKind::Licence => format!("/users/{id}?$select=id,licenseAssignmentStates"),
                _ => format!("/groups/{id}?$select=id,assignedLicenses"),
            })
            .await?;
        let (mut found, mut failed) = (HashMap::new(), Vec::new());
        for (num, answer) in answers {
            let item = match answer {
                Ok(item) => item,
                Err(error) => {
                    failed.push((num, error));
                    continue;
                }
            };
            let Ok(flat) = Flat::parse(item.get()) else { continue };
            let held = match relation {
                LinkKind::Manager => {
                    Some(links::expanded_manager(&flat, num, &mut self.writer).into_iter().collect())
                }
                LinkKind::Licence => links::licences(&flat, num, &mut self.writer),
                _ => links::group_licences(&flat, num, &mut self.writer),
            };
            found.extend(held.map(|held| (num, held)));
        }
        Ok((found, failed))
    }

    /// A first capture has nothing to hold an answer against: where no group has a single member, the lists are asked.
    pub(super) async fn doubt_no_links(&mut self) -> Result<()> {
        if !self.writer.is_first() {
            return Ok(());
        }
        for relation in [LinkKind::Member, LinkKind::Owner, LinkKind::UnitMember] {
            let owner = descriptor::owner(relation);
            if self.named.contains(&relation) || !self.wholly.contains_key(&owner) {
                continue;
            }
            let sources: Vec<Num> = self.live_of(owner).into_iter().take(MOST).collect();
            let (found, failed) = self.list_links(relation, &sources).await?;
            for (num, error) in failed {
                self.unread_links(relation, &error)?;
                self.writer.note_unseen(&[num], Aspect::Relation(relation), self.started_at).await?;
            }
            let lied: Vec<Num> =
                found.iter().filter(|(_, links)| !links.is_empty()).map(|(num, _)| *num).collect();
            self.replace_links(relation, found).await?;
            if !lied.is_empty() {
                // The lists leave some kinds of member out, so that not all of them need be there.
                self.unconfirmed(ReadScope::Relation(relation), lied.len(), true);
                self.writer.note_unseen(&lied, Aspect::Relation(relation), self.started_at).await?;
            }
        }
        Ok(())
    }

    fn live_of(&self, kind: Kind) -> Vec<Num> {
        let objects = self.writer.objects().iter();
        objects
            .filter(|(_, k)| k.kind == kind && k.version.is_some() && !k.in_bin)
            .map(|(num, _)| num)
            .collect()
    }
}
