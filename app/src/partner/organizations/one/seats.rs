//! How many people are paid for.

use super::super::server::ChangeSeats;
use crate::{
    frame::partner_may,
    partner::{
        bills::{Cost, server::CostOfSeats},
        parts::settle,
    },
    ui::{Button, Card, Check, Look, TextField},
    wire::{Errors, SendForm, Sending},
};
use domain::{access::PartnerAction, bill::ChangeCost, partner::OrganizationView};
use leptos::prelude::*;

#[component]
pub fn SeatsForm(view: OrganizationView, again: Callback<()>) -> impl IntoView {
    let change = Sending::to::<ChangeSeats>();
    settle(change, again, "Saved");
    let price = Sending::to::<CostOfSeats>();
    let see_money = partner_may(PartnerAction::SeeMoney);
    // Whichever was asked last says what is wrong.
    let wrong = Signal::derive(move || change.error().or_else(|| price.error()));
    let errors = Errors(wrong);
    let cost = move || price.value::<Option<ChangeCost>>().flatten().map(|cost| view! { <Cost cost/> });
    view! {
        <Card title="Seats">
            <div class="body">
                <SendForm to=change or=price class="form">
                    {errors.general("The seats are as they were")}
                    <input type="hidden" name="id" value=view.row.id.to_string()/>
                    <TextField
                        label="Seats"
                        name="seats"
                        value=view.seats_next.map_or(view.row.seats, |(agreed, _)| agreed).to_string()
                        hint="More count from today on. Fewer count from the renewal on, and never below what is used."
                        error=errors.at("seats")
                    />
                    <Check
                        label="Auto license"
                        name="auto_license"
                        checked=view.auto_license.on
                        hint="As people appear in the tenant, seats are added and billed. Without it, a shortage is a warning; backups go on either way."
                    />
                    <TextField
                        label="At most"
                        name="auto_license_cap"
                        optional=true
                        value=view.auto_license.cap.map(|cap| cap.to_string()).unwrap_or_default()
                        hint="Auto license adds no seats beyond this number. Empty: no limit."
                        error=errors.at("auto_license_cap")
                    />
                    <div aria-live="polite">{cost}</div>
                    <div class="actions">
                        {see_money
                            .then(|| view! { <span class="scripted"><Button busy=price.pending() attr:formaction=price.path()>"What does it cost?"</Button></span> })}
                        <Button look=Look::Primary busy=change.pending()>"Save seats"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}
