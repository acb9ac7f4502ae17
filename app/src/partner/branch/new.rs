//! A new partner, with the first person of it.

use super::{
    form::Details,
    server::{CreatePartner, Partners},
};
use crate::{
    frame::{Page, load, partner_may},
    partner::{parts::trail, paths},
    people::{InvitedCard, SendBox},
    ui::{Banner, Button, Card, Crumb, LinkButton, Look, Select, TextField, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::{
    access::PartnerAction,
    people::{PartnerCreated, PartnersPage},
};
use leptos::prelude::*;

#[component]
pub fn NewPartnerPage() -> impl IntoView {
    load(answers(|| ask(Partners {})), |page| view! { <NewPartner page/> }.into_any())
}

#[component]
fn NewPartner(page: PartnersPage) -> impl IntoView {
    let create = Sending::to::<CreatePartner>();
    let created = Memo::new(move |_| create.value::<PartnerCreated>());
    let page = StoredValue::new(page);
    move || match created.get() {
        Some(created) => view! { <Created created/> }.into_any(),
        None => view! { <Filling page=page.get_value() create/> }.into_any(),
    }
}

fn here() -> Vec<Crumb> {
    trail([Crumb::link("Partners", paths::PARTNERS), Crumb::here("New partner")])
}

#[component]
fn Filling(page: PartnersPage, create: Sending) -> impl IntoView {
    let lead = || "Somebody who sells below you, with plans, customers and people of its own.";
    if !partner_may(PartnerAction::ManagePartners) {
        return view! {
            <Page title="New partner" lead trail=here()>
                <Banner tone=Tone::Warn title="Your role does not create partners">
                    "Ask an Owner or a Super Admin to create it."
                </Banner>
            </Page>
        }
        .into_any();
    }
    let (errors, sends_mail) = (Errors::of(create), page.sends_mail);
    let options: Vec<_> = page.rows.iter().map(|row| (row.id.to_string(), row.name.clone())).collect();
    let above = if let [(only, _)] = options.as_slice() {
        let only = only.clone();
        view! { <input type="hidden" name="parent" value=only/> }.into_any()
    } else {
        view! { <Select label="Below" name="parent" options hint="Who enables things for it and sees its branch." error=errors.at("partner")/> }
            .into_any()
    };
    view! {
        <Page title="New partner" lead trail=here()>
            <Card class="narrow">
                <div class="body">
                    <SendForm to=create class="form">
                        {errors.general("The partner was not created")}
                        {above}
                        <Details errors/>
                        <div class="halves">
                            <TextField label="Owner’s name" name="owner_name" error=errors.at("owner_name")/>
                            <TextField label="Owner’s e-mail" name="owner_email" kind="email" error=errors.at("owner_email")/>
                        </div>
                        <p class="hint small muted">"The Owner takes the partner up by a link, and invites the others."</p>
                        {sends_mail.then(|| view! { <SendBox/> })}
                        <div class="actions">
                            <Button look=Look::Primary busy=create.pending()>"Create partner"</Button>
                            <LinkButton href=paths::PARTNERS look=Look::Quiet>"Back to the partners"</LinkButton>
                        </div>
                    </SendForm>
                </div>
            </Card>
        </Page>
    }
    .into_any()
}

#[component]
fn Created(created: PartnerCreated) -> impl IntoView {
    let PartnerCreated { id, name, owner } = created;
    let title = format!("{name} is ready");
    let lead = match owner.link {
        Some(_) => "One thing is left: give its Owner the link.",
        None => "The link for its Owner is on its way.",
    };
    view! {
        <Page title trail=here() lead=move || lead>
            <div class="stack narrow">
                <InvitedCard invited=owner/>
                <div class="actions">
                    <LinkButton href=paths::partner(id) look=Look::Primary>{format!("Go to {name}")}</LinkButton>
                </div>
            </div>
        </Page>
    }
}
