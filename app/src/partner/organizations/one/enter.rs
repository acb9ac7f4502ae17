//! Entering the customer's own portal, for a while and for a reason that the customer can read.

use super::{super::server::Visit, view::Here};
use crate::{
    frame::partner_may,
    partner::confirm::{Ask, Asked, Question},
    ui::{Button, Look, TextField},
    wire::{Errors, Sending},
};
use domain::access::PartnerAction;
use leptos::prelude::*;

pub const KEY: &str = "enter";

/// The button; where there is no portal, it says why.
#[component]
pub fn Enter(here: Here) -> impl IntoView {
    if !partner_may(PartnerAction::Visit) {
        return ().into_any();
    }
    if let Some(why) = here.organization.with_value(|o| o.door.clone()) {
        return view! {
            <span class="door">
                <Button kind="button" disabled=true attr:aria-describedby="door">"Log in to Entra Portal"</Button>
                <small class="muted" id="door">{why}</small>
            </span>
        }
        .into_any();
    }
    let button = move || {
        (!here.asks()).then(|| {
            let question = question(here);
            let body = body(here, question.action);
            view! { <Ask question tab=here.tab.get().slug() body/> }
        })
    };
    button.into_any()
}

/// The same as a card, for an address that asks it.
#[component]
pub fn AskedVisit(here: Here) -> impl IntoView {
    move || {
        (here.asked.get() == KEY && here.opens()).then(|| {
            let question = question(here);
            let body = body(here, question.action);
            view! { <Asked question back=here.href(here.tab.get_untracked()) body/> }
        })
    }
}

fn question(here: Here) -> Question {
    let name = here.organization.with_value(|o| o.row.name.clone());
    Question {
        key: KEY,
        button: "Log in to Entra Portal",
        look: Look::Primary,
        title: format!("Look after {name}?"),
        go: "Log in",
        keep: "Not now",
        go_look: Look::Primary,
        action: Sending::to::<Visit>(),
    }
}

fn body(here: Here, action: Sending) -> ChildrenFn {
    ToChildren::to_children(move || {
        let id = here.organization.with_value(|o| o.row.id.to_string());
        let errors = Errors::of(action);
        view! {
            {errors.general("You are still here")}
            <input type="hidden" name="id" value=id/>
            <p>"You enter their portal with what your role allows there. A line on every page says so, the visit ends by itself after an hour, and everything you do stands in the audit log under your name."</p>
            <TextField
                label="Reason"
                name="reason"
                most=domain::partner::LINE
                hint="It stands beside your name in the list of visits, such as “Ticket 4711: restore Maya’s groups”."
                error=errors.at("reason")
            />
        }
    })
}
