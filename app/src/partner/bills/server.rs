//! What the pages about bills ask of the server.

use crate::error::AppError;
use domain::bill::{self, BillPage, ChangeCost};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::context::{self, partner_id},
    domain::{access::PartnerAction, bill::Month},
};

/// A month's bill of the partner and those below it. What the address says and cannot be, is the running month and
/// everybody.
#[server]
pub async fn bill(month: String, partner: String, page: u32) -> Result<BillPage, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.bill(&actor, Month::read(&month), partner.parse().ok(), page).await?)
}

/// A month's bill of one customer; none for those who see no money.
#[server]
pub async fn organization_bill(
    id: String,
    month: String,
) -> Result<Option<bill::OrganizationBill>, AppError> {
    let actor = context::partner_actor().await?;
    if !actor.may(PartnerAction::SeeMoney) {
        return Ok(None);
    }
    let bill = context::portal()?.organization_bill(&actor, partner_id(&id)?, Month::read(&month)).await?;
    Ok(Some(bill))
}

/// What a number of seats would cost; nothing is changed.
#[server]
pub async fn cost_of_seats(id: String, seats: String) -> Result<Option<ChangeCost>, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.cost_of_seats(&actor, partner_id(&id)?, &seats).await?)
}
