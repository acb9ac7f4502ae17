//! What comparing asks of the server.

use super::Comparison;
use crate::error::AppError;
use domain::{Kind, Seq, change::ObjectRef, view::ObjectChange};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::Compared;
#[cfg(feature = "ssr")]
use crate::{
    context::{self, Event, tenant_id},
    reply,
    tenant::paths,
};
#[cfg(feature = "ssr")]
use domain::change::{Choice, Filter, Selection, Sort};

/// `user:<id>`, as it stands in an address.
pub fn object_ref(text: &str) -> Option<ObjectRef> {
    let (kind, id) = text.split_once(':')?;
    Some(ObjectRef { kind: Kind::from_slug(kind)?, id: id.parse().ok()? })
}

#[cfg(feature = "ssr")]
fn filter(kind: &str, sort: &str, words: String) -> Filter {
    Filter { kind: Kind::from_slug(kind), sort: Sort::from_slug(sort), words }
}

/// What differs between two points, or how far the reading of the live tenant is. Without points in the address, the
/// newest is compared with the one before it.
#[server]
pub async fn read_comparison(
    tenant: String,
    from: Option<Seq>,
    #[server(default)] to: String,
    job: Option<String>,
    #[server(default)] kind: String,
    #[server(default)] sort: String,
    #[server(default)] words: String,
    after: Option<String>,
) -> Result<Comparison, AppError> {
    let actor = context::actor().await?;
    let (backup, id) = (context::backup()?, tenant_id(&tenant)?);
    let points = backup.snapshots(&actor, id, None).await?;
    let Some(newest) = points.first().map(|point| point.seq) else { return Ok((points, Compared::TooFew)) };
    if to == "live" {
        let job = match job {
            Some(job) => Some(backup.job(&actor, id, tenant_id(&job)?).await?),
            None => None,
        };
        return Ok((points, Compared::Live { from: from.unwrap_or(newest), job }));
    }
    let to = to.parse().unwrap_or(newest);
    let before = points.iter().map(|point| point.seq).find(|seq| *seq < to);
    let Some(from) = from.or(before) else { return Ok((points, Compared::TooFew)) };
    let filter = filter(&kind, &sort, words);
    let changes = backup.compare(&actor, id, from, to, &filter, after.as_deref()).await?;
    let first = match changes.rows.first() {
        Some(row) => Some(Box::new(in_order(backup.object_change(&actor, id, from, to, row.object).await?))),
        None => None,
    };
    Ok((points, Compared::Changes(Box::new(changes), first)))
}

/// One object's differences, part by part; nothing while the address names none.
#[server]
pub async fn read_change(
    tenant: String,
    from: Option<Seq>,
    to: Option<Seq>,
    #[server(default)] object: String,
) -> Result<Option<ObjectChange>, AppError> {
    let actor = context::actor().await?;
    let (Some(from), Some(to), Some(object)) = (from, to, object_ref(&object)) else { return Ok(None) };
    let change = context::backup()?.object_change(&actor, tenant_id(&tenant)?, from, to, object).await?;
    Ok(Some(in_order(change)))
}

/// Links of one sort stand together, by name.
#[cfg(feature = "ssr")]
fn in_order(mut change: ObjectChange) -> ObjectChange {
    change
        .links
        .sort_by(|a, b| (a.kind, a.from_source, &a.other_name).cmp(&(b.kind, b.from_source, &b.other_name)));
    change
}

/// Plans a restore of what was chosen, and leads to the plan. Nothing is written to the tenant.
#[server]
pub async fn plan(
    tenant: String,
    from: Seq,
    to: Seq,
    #[server(default)] chosen: Vec<String>,
    #[server(default)] everything: bool,
    #[server(default)] kind: String,
    #[server(default)] sort: String,
    #[server(default)] words: String,
) -> Result<i64, AppError> {
    let actor = context::actor().await?;
    let selection = if everything {
        Selection::Everything(filter(&kind, &sort, words))
    } else {
        let chosen: Result<Vec<Choice>, _> = chosen.iter().map(|text| text.parse()).collect();
        Selection::Chosen(chosen.map_err(|_| AppError::unreadable().reply())?)
    };
    let number = context::backup()?.plan(&actor, tenant_id(&tenant)?, from, to, &selection).await?;
    let detail = format!("restore {number}, back to snapshot {from} from {to}");
    context::record(&actor, Event::RestorePlanned, &tenant, &detail).await?;
    reply::redirect(&paths::restore(&tenant, number));
    Ok(number)
}
