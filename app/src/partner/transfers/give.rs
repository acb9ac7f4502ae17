//! The giving side, on the organization's page.

use super::{
    list::state,
    server::{ProposeTransfer, TransferOffer as Offered, WithdrawTransfer},
};
use crate::{
    frame::load,
    partner::parts::settle,
    ui::{Banner, Button, Card, Fact, Facts, Look, Select, TextArea, TextField, Time},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::transfer::{BILLS, DAYS, MOVES, STAYS, TransferOffer, TransferRow};
use leptos::prelude::*;

/// The proposal that waits, or the form for one.
#[component]
pub fn Give(#[prop(into)] id: String) -> impl IntoView {
    let data = answers(move || ask(Offered { id: id.clone() }));
    load(data, move |offer: TransferOffer| {
        let again = Callback::new(move |()| data.refetch());
        if let Some(why) = offer.obstacle {
            return view! { <Banner title="It cannot be transferred now">{why}</Banner> }.into_any();
        }
        match offer.open {
            Some(row) => view! { <Waiting row again/> }.into_any(),
            None => view! { <Form offer again/> }.into_any(),
        }
    })
}

/// What both sides read before they agree.
#[component]
pub(super) fn Terms() -> impl IntoView {
    view! {
        <Card title="What happens">
            <Facts>
                <Fact name="Goes along">{MOVES}</Fact>
                <Fact name="Stays">{STAYS}</Fact>
                <Fact name="Bills">{BILLS}</Fact>
            </Facts>
        </Card>
    }
}

#[component]
fn Waiting(row: TransferRow, again: Callback<()>) -> impl IntoView {
    let withdraw = Sending::to::<WithdrawTransfer>();
    settle(withdraw, again, "Withdrawn");
    view! {
        <div class="two">
            <Card title=format!("Proposed to {}", row.to)>
                <Facts>
                    <Fact name="State">{state(row.state)}</Fact>
                    <Fact name="Proposed by">{row.proposed_by}</Fact>
                    <Fact name="Good until"><Time at=row.until/></Fact>
                </Facts>
                <div class="body">
                    <SendForm to=withdraw class="form">
                        {Errors::of(withdraw).any("The proposal is as it was")}
                        <input type="hidden" name="id" value=row.id.to_string()/>
                        <div class="actions"><Button busy=withdraw.pending()>"Withdraw"</Button></div>
                    </SendForm>
                </div>
            </Card>
            <Terms/>
        </div>
    }
}

#[component]
fn Form(offer: TransferOffer, again: Callback<()>) -> impl IntoView {
    let propose = Sending::to::<ProposeTransfer>();
    settle(propose, again, "Proposed");
    let errors = Errors::of(propose);
    let within = (!offer.partners.is_empty()).then(|| {
        let mut options = vec![(String::new(), "Another one, by its code".to_owned())];
        options.extend(offer.partners.iter().map(|(id, name)| (id.to_string(), name.clone())));
        view! { <Select label="To" name="partner" options error=errors.at("partner")/> }
    });
    view! {
        <div class="two">
            <Card title="Propose it to another partner">
                <div class="body">
                    <SendForm to=propose class="form">
                        {errors.general("Nothing was proposed")}
                        <input type="hidden" name="id" value=offer.organization.to_string()/>
                        {within}
                        <TextField
                            label="Transfer code"
                            name="code"
                            hint="A partner outside of your branch makes one for you, under Transfers in its portal."
                            error=errors.at("code")
                            optional=true
                            mono=true
                        />
                        <TextArea label="Note" name="note" hint="The other partner reads it." error=errors.at("note") optional=true/>
                        <TextField
                            label=format!("Type the organization’s name to confirm: {}", offer.name)
                            name="confirmed"
                            error=errors.at("confirmed")
                        />
                        <p class="hint small muted">
                            {format!("Nothing changes until the other partner accepts, which it can for {DAYS} days. You can withdraw the proposal until then.")}
                        </p>
                        <div class="actions"><Button look=Look::Primary busy=propose.pending()>"Propose"</Button></div>
                    </SendForm>
                </div>
            </Card>
            <Terms/>
        </div>
    }
}
