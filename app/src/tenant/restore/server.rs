//! What a restore's page asks of the server.

use crate::error::AppError;
use domain::plan::{RestoreView, StepView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::{
    context::{self, Event, tenant_id as id},
    reply,
    tenant::paths,
};

#[server]
pub async fn restore(tenant: String, number: i64) -> Result<RestoreView, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.restore(&actor, id(&tenant)?, number).await?)
}

/// Two hundred steps, after the given one.
#[server]
pub async fn steps(tenant: String, number: i64, after: i32) -> Result<Vec<StepView>, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.steps(&actor, id(&tenant)?, number, after).await?)
}

/// Says that a step which may undo something meant may run, or not.
#[server]
pub async fn confirm_step(
    tenant: String,
    number: i64,
    step: i32,
    #[server(default)] yes: bool,
) -> Result<(), AppError> {
    let actor = context::actor().await?;
    context::backup()?.confirm_step(&actor, id(&tenant)?, number, step, yes).await?;
    let detail = format!("restore {number}, step {step}: {}", if yes { "yes" } else { "no" });
    context::record(&actor, Event::StepConfirmed, &tenant, &detail).await
}

/// What one can tell a restore to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    Start,
    Pause,
    Resume,
    Cancel,
}

impl Order {
    pub const fn name(self) -> &'static str {
        match self {
            Order::Start => "start",
            Order::Pause => "pause",
            Order::Resume => "resume",
            Order::Cancel => "cancel",
        }
    }
}

#[server]
pub async fn steer(tenant: String, number: i64, order: Order) -> Result<(), AppError> {
    let actor = context::actor().await?;
    let (backup, id) = (context::backup()?, id(&tenant)?);
    match order {
        Order::Start => backup.start_restore(&actor, id, number).await?,
        Order::Pause => backup.pause_restore(&actor, id, number).await?,
        Order::Resume => backup.resume_restore(&actor, id, number).await?,
        Order::Cancel => backup.cancel_restore(&actor, id, number).await?,
    }
    let event = match order {
        Order::Start => Event::RestoreStarted,
        Order::Pause => Event::RestorePaused,
        Order::Resume => Event::RestoreResumed,
        Order::Cancel => Event::RestoreCancelled,
    };
    context::record(&actor, event, &tenant, &format!("restore {number}")).await
}

/// Plans the way back, and leads to that plan.
#[server]
pub async fn undo(tenant: String, number: i64) -> Result<i64, AppError> {
    let actor = context::actor().await?;
    let back = context::backup()?.undo_restore(&actor, id(&tenant)?, number).await?;
    context::record(&actor, Event::RestoreUndone, &tenant, &format!("restore {number}, undone by {back}"))
        .await?;
    reply::redirect(&paths::restore(&tenant, back));
    Ok(back)
}
