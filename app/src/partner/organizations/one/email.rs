//! The way to where the organization's mail products are: a portal of its own, whose address the partner has given.

use super::view::Here;
use crate::{
    partner::paths,
    ui::{Button, Icon, Size},
};
use leptos::prelude::*;

#[component]
pub fn EmailPortal(here: Here) -> impl IntoView {
    let (address, partner) =
        here.organization.with_value(|o| (o.email_portal.clone(), o.row.partner.clone()));
    match address {
        Some(address) => view! {
            <a class="btn" href=address target="_blank" rel="noopener noreferrer">
                "Log in to Email Portal"
                <Icon name="external-link" size=Size::Small/>
            </a>
        }
        .into_any(),
        None => view! {
            <span class="door">
                <Button kind="button" disabled=true attr:aria-describedby="email-door">"Log in to Email Portal"</Button>
                <small class="muted" id="email-door">
                    {format!("No address is set for {partner}. ")} <a href=paths::PARTNERS>"Set it"</a> " in the partner’s details."
                </small>
            </span>
        }
        .into_any(),
    }
}
