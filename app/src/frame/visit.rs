//! Over every page of a customer's portal that a partner's user has entered: whose it is, why, and the way out.

use crate::{
    account::server::LeaveVisit,
    ui::{Button, Icon, Time, TimeStyle},
    wire::{SendForm, Sending},
};
use domain::view::VisitView;
use leptos::prelude::*;

#[component]
pub fn VisitBar(visit: VisitView, organization: String) -> impl IntoView {
    let leave = Sending::to::<LeaveVisit>();
    let problem = move || leave.error().map(|error| format!(" {}", error.message()));
    view! {
        <div class="visit" role="region" aria-label="Visit">
            <Icon name="eye"/>
            <p>
                "You are looking after " <b>{organization}</b> " for " {visit.partner} ": " {visit.reason}
                ". Ends " <Time at=visit.until style=TimeStyle::Relative/> "."
                {problem}
            </p>
            <SendForm to=leave>
                <Button small=true busy=leave.pending()>"Leave"</Button>
            </SendForm>
        </div>
    }
}
