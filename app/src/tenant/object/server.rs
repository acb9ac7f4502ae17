//! What an object's page asks of the server.

use crate::error::AppError;
use domain::{Seq, view::ObjectView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{self, tenant_id as id};

#[server]
pub async fn object(
    tenant: String,
    kind: String,
    object: String,
    at: Option<Seq>,
) -> Result<ObjectView, AppError> {
    let actor = context::actor().await?;
    let kind = domain::Kind::from_slug(&kind)
        .ok_or_else(|| AppError::NotFound("There is no such kind of object.".to_owned()).reply())?;
    let object = domain::change::ObjectRef { kind, id: id(&object)? };
    Ok(context::backup()?.object(&actor, id(&tenant)?, at, object).await?)
}
