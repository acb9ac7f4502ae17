//! Members and owners, read from the group or unit that has them.
//!
//! The v1.0 lists leave service principals out: those are asked for from their own end.
//! Source: <https://learn.microsoft.com/graph/api/group-list-members>, "service principals are not listed".

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::permission::READ_APPLICATIONS;
use domain::{Kind, LinkKind};
use graph::Meaning;
use serde::Deserialize;
use serde_json::value::RawValue;
use store::history::{Link, LinkKey, Num};
use uuid::Uuid;

use super::Capture;
use super::ask::Asked;
use super::canon::Flat;
use super::links::{self, End};
use crate::Result;

/// Ids that a delta query may be limited to (Graph's limit is 50).
const IDS: usize = 40;

/// A first page of a list within a batch.
#[derive(Deserialize)]
struct Page {
    value: Vec<Box<RawValue>>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

/// Where a relation is listed from its source.
fn list(kind: LinkKind, source: Uuid) -> Option<String> {
    let path = match kind {
        LinkKind::Member => format!("/groups/{source}/members"),
        LinkKind::Owner => format!("/groups/{source}/owners"),
        LinkKind::UnitMember => format!("/directory/administrativeUnits/{source}/members"),
        _ => return None,
    };
    Some(format!("{path}?$top=999&$select=id"))
}

/// The ends that a list gave, or why it could not be read.
type Ends = Result<Vec<End>, graph::Error>;

impl Capture {
    /// Lists read side by side in batches, each to its end. None: the object at its head is not there.
    pub(super) async fn read_lists(
        &self,
        heads: &[(Num, Uuid)],
        place: impl Fn(Uuid) -> String,
    ) -> Result<Vec<(Num, Option<Ends>)>> {
        let mut out = Vec::with_capacity(heads.len());
        for (num, _, answer) in self.ask_each(heads, place).await? {
            let ends = match answer {
                Asked::Absent => None,
                Asked::Failed(error) => Some(Err(error)),
                Asked::There(page) => Some(self.rest_of(&page).await),
            };
            out.push((num, ends));
        }
        Ok(out)
    }

    async fn rest_of(&self, page: &RawValue) -> Ends {
        let page: Page = serde_json::from_str(page.get()).map_err(|error| graph::Error::json(&error))?;
        let mut items = page.value;
        if let Some(next) = page.next {
            items.extend(self.client.pages::<Box<RawValue>>(&next).all().await?);
        }
        Ok(items.iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect())
    }

    /// All links of one kind from some groups or units, read from their lists and, for service principals that are
    /// known, from these. Returns the sources that could not be read, with the reason.
    pub(super) async fn list_links(
        &mut self,
        kind: LinkKind,
        sources: &[Num],
    ) -> Result<(HashMap<Num, Vec<Link>>, Vec<(Num, graph::Error)>)> {
        let heads = self.ids(sources.iter().copied());
        let lists = self.read_lists(&heads, |id| list(kind, id).unwrap_or_default()).await?;
        let (mut found, mut failed) = (HashMap::new(), Vec::new());
        for (num, ends) in lists {
            match ends {
                None => {}
                Some(Err(error)) => failed.push((num, error)),
                Some(Ok(ends)) => {
                    let of: Vec<Link> = ends
                        .into_iter()
                        .map(|end| links::link(kind, num, self.writer.number(end.id, end.kind(), None)))
                        .collect();
                    found.insert(num, of);
                }
            }
        }
        self.add_service_principals(kind, &mut found).await?;
        Ok((found, failed))
    }

    /// Adds the known links to service principals, but for those that these say have ended.
    async fn add_service_principals(
        &mut self,
        kind: LinkKind,
        found: &mut HashMap<Num, Vec<Link>>,
    ) -> Result<()> {
        let sources: Vec<Num> = found.keys().copied().collect();
        let open = self.writer.open_links(kind, &sources).await?;
        let left_out: Vec<Link> = open
            .into_iter()
            .filter(|l| self.is_principal(l.key.target))
            .filter(|l| !found.get(&l.key.source).is_some_and(|all| all.iter().any(|n| n.key == l.key)))
            .collect();
        let keys: HashSet<LinkKey> = left_out.iter().map(|l| l.key.clone()).collect();
        let said = self.principals_say(&keys).await?;
        for link in left_out {
            if !matches!(said.get(&link.key), Some(Ok(false)))
                && let Some(all) = found.get_mut(&link.key.source)
            {
                all.push(link);
            }
        }
        Ok(())
    }

    fn is_principal(&self, num: Num) -> bool {
        self.writer
            .objects()
            .get(num)
            .is_some_and(|k| matches!(k.kind, Kind::ServicePrincipal | Kind::Other) && k.version.is_none())
    }

    /// Whether service principals are at the far end of these links, by their own word.
    async fn principals_say(
        &self,
        keys: &HashSet<LinkKey>,
    ) -> Result<HashMap<LinkKey, Result<bool, graph::Error>>> {
        let mut said = HashMap::new();
        if !READ_APPLICATIONS.met_by(&self.granted) {
            return Ok(said);
        }
        for relation in [LinkKind::Member, LinkKind::Owner] {
            let of: Vec<&LinkKey> = keys.iter().filter(|k| k.kind == relation).collect();
            let heads = self.ids(of.iter().map(|k| k.target));
            let place = |id: Uuid| match relation {
                LinkKind::Owner => format!("/servicePrincipals/{id}/ownedObjects?$top=999&$select=id"),
                _ => format!("/servicePrincipals/{id}/memberOf?$top=999&$select=id"),
            };
            for (num, ends) in self.read_lists(&heads, place).await? {
                let sources: Option<Result<HashSet<Num>, graph::Error>> = ends.map(|ends| {
                    ends.map(|ends| ends.iter().filter_map(|e| self.writer.objects().num(e.id)).collect())
                });
                for key in of.iter().filter(|k| k.target == num) {
                    let there = match &sources {
                        None => Ok(false),
                        Some(Ok(all)) => Ok(all.contains(&key.source)),
                        Some(Err(error)) => Err(error.clone()),
                    };
                    said.insert((*key).clone(), there);
                }
            }
        }
        Ok(said)
    }

    /// Whether Graph has links that one read said to be both there and gone.
    pub(super) async fn are_there(
        &mut self,
        keys: &HashSet<LinkKey>,
    ) -> Result<HashMap<LinkKey, Result<bool, graph::Error>>> {
        let mut said = HashMap::new();
        let mut by_kind: BTreeMap<i16, (LinkKind, Vec<&LinkKey>)> = BTreeMap::new();
        for key in keys {
            by_kind.entry(key.kind.code()).or_insert((key.kind, Vec::new())).1.push(key);
        }
        for (kind, of) in by_kind.into_values() {
            let heads = self.ids(of.iter().map(|k| k.source));
            if heads.first().is_none_or(|(_, id)| list(kind, *id).is_none()) {
                said.extend(of.into_iter().map(|key| (key.clone(), Ok(true))));
                continue;
            }
            for (num, ends) in self.read_lists(&heads, |id| list(kind, id).unwrap_or_default()).await? {
                for key in of.iter().filter(|k| k.source == num) {
                    let there = match &ends {
                        None => Ok(false),
                        Some(Ok(ends)) => {
                            Ok(ends.iter().any(|e| self.writer.objects().num(e.id) == Some(key.target)))
                        }
                        Some(Err(error)) => Err(error.clone()),
                    };
                    said.insert((*key).clone(), there);
                }
            }
            // The lists leave service principals out.
            let principals = of
                .into_iter()
                .filter(|k| self.is_principal(k.target) && matches!(said.get(*k), Some(Ok(false))))
                .cloned()
                .collect();
            said.extend(self.principals_say(&principals).await?);
        }
        Ok(said)
    }

    /// All links that delta gives of some groups or units, from a query that is limited to them: it leaves no kind of
    /// member out. None: it could not be read.
    pub(super) async fn delta_links(
        &mut self,
        kind: Kind,
        heads: &[(Num, Uuid)],
    ) -> Result<Result<HashMap<LinkKind, HashMap<Num, Vec<Link>>>, graph::Error>> {
        let mut out: HashMap<LinkKind, HashMap<Num, Vec<Link>>> = HashMap::new();
        let Some(d) = domain::descriptor::of(kind) else { return Ok(Ok(out)) };
        let properties: Vec<(LinkKind, &str)> = d
            .links
            .iter()
            .filter_map(|l| Some((l.kind, domain::descriptor::delta_property(l.kind)?)))
            .collect();
        let select: Vec<&str> = properties.iter().map(|(_, p)| *p).collect();
        for chunk in heads.chunks(IDS) {
            let filter: Vec<String> = chunk.iter().map(|(_, id)| format!("id%20eq%20'{id}'")).collect();
            let path = format!(
                "{}/delta?$select=id,{}&$filter={}",
                d.collection,
                select.join(","),
                filter.join("%20or%20")
            );
            let items = match self.client.pages::<Box<RawValue>>(&path).all().await {
                Ok(items) => items,
                Err(error) => return Ok(Err(error)),
            };
            for (relation, property) in &properties {
                let all = out.entry(*relation).or_default();
                for item in &items {
                    let Ok(flat) = Flat::parse(item.get()) else { continue };
                    let Some(id) = flat.text("id").and_then(|t| t.parse::<Uuid>().ok()) else { continue };
                    let num = self.writer.number(id, kind, None);
                    let (seen, _) = links::from_delta(&flat, property, *relation, num, &mut self.writer);
                    all.entry(num)
                        .or_default()
                        .extend(seen.into_iter().filter(|s| !s.removed).map(|s| s.link));
                }
            }
        }
        Ok(Ok(out))
    }
}

/// Whether a failure is only that the object is not there.
pub(super) fn is_absent(error: &graph::Error) -> bool {
    matches!(error.meaning(), Meaning::NotFound)
}
