//! What comparing asks of the server.

use crate::error::AppError;
use domain::{
    Kind, Seq,
    change::ObjectRef,
    view::{ComparePage, ObjectChange},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{self, Event, tenant_id as id},
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

/// A page of what differs between two snapshots.
#[server]
pub async fn compare(
    tenant: String,
    from: Seq,
    to: Seq,
    kind: String,
    sort: String,
    words: String,
    after: Option<String>,
) -> Result<ComparePage, AppError> {
    let actor = context::actor().await?;
    let filter = filter(&kind, &sort, words);
    Ok(context::backup()?.compare(&actor, id(&tenant)?, from, to, &filter, after.as_deref()).await?)
}

/// One object's differences, part by part.
#[server]
pub async fn read_change(
    tenant: String,
    from: Seq,
    to: Seq,
    object: String,
) -> Result<ObjectChange, AppError> {
    let actor = context::actor().await?;
    let object = object_ref(&object)
        .ok_or_else(|| AppError::NotFound("The address names no object.".to_owned()).reply())?;
    Ok(context::backup()?.object_change(&actor, id(&tenant)?, from, to, object).await?)
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
    let number = context::backup()?.plan(&actor, id(&tenant)?, from, to, &selection).await?;
    let detail = format!("restore {number}, back to snapshot {from} from {to}");
    context::record(&actor, Event::RestorePlanned, &tenant, &detail).await?;
    reply::redirect(&paths::restore(&tenant, number));
    Ok(number)
}
