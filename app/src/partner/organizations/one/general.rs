//! Who the customer is.

use super::{super::server::EditOrganization, contact::EmailCard, first_link::FirstLink, view::Here};
use crate::{
    frame::partner_may,
    partner::{
        organizations::new::form::Countries,
        parts::{none, settle},
        words,
    },
    ui::{Button, Card, CopyButton, Dot, Fact, Facts, Look, TextField, Time, TimeStyle},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    access::PartnerAction,
    partner::{OrganizationView, Standing},
    subscription::State,
    view::Instant,
};
use leptos::prelude::*;

#[component]
pub fn General(here: Here) -> impl IntoView {
    let view = here.organization.get_value();
    let editable = partner_may(PartnerAction::ManageOrganizations) && view.row.state != State::Deleted;
    let facts = view! { <div class="stack"><FirstLink here/><Known view=view.clone() editable/></div> };
    if !editable {
        return facts.into_any();
    }
    view! {
        <div class="two">
            <div class="stack"><Details view again=here.again/><EmailCard here/></div>
            {facts}
        </div>
    }
    .into_any()
}

#[component]
fn Details(view: OrganizationView, again: Callback<()>) -> impl IntoView {
    let edit = Sending::to::<EditOrganization>();
    settle(edit, again, "Saved");
    let errors = Errors::of(edit);
    let country = view.country.map_or("", |country| country.code());
    view! {
        <Card title="Details">
            <div class="body">
                <SendForm to=edit class="form">
                    {errors.general("Nothing was saved")}
                    <input type="hidden" name="id" value=view.row.id.to_string()/>
                    <TextField label="Organization" name="name" value=view.row.name error=errors.at("name")/>
                    <div class="halves">
                        <TextField label="First name" name="first_name" value=view.first_name error=errors.at("first_name")/>
                        <TextField label="Last name" name="last_name" value=view.last_name error=errors.at("last_name")/>
                    </div>
                    <Countries value=country error=errors.at("country")/>
                    <div class="actions">
                        <Button look=Look::Primary busy=edit.pending()>"Save"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}

/// What is so, whoever looks.
#[component]
fn Known(view: OrganizationView, editable: bool) -> impl IntoView {
    let row = view.row;
    let when = |at: Option<Instant>| match at {
        Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
        None => none(),
    };
    let standing = row.standing.map(|Standing { health, last_backup, next_backup, .. }| {
        view! {
            <Fact name="Health"><Dot tone=words::health(health)>{health.label()}</Dot></Fact>
            <Fact name="Last backup">{when(last_backup)}</Fact>
            <Fact name="Next backup">{when(next_backup)}</Fact>
        }
    });
    let people = (!editable).then(|| {
        let name = format!("{} {}", view.first_name, view.last_name);
        view! {
            <Fact name="Contact">{name}</Fact>
            <Fact name="Country">{view.country.map_or("–", |country| country.name())}</Fact>
        }
    });
    view! {
        <Card title="At a glance">
            <Facts>
                {standing}
                <Fact name="E-mail">
                    <span class="copied"><span>{row.email.clone()}</span><CopyButton text=row.email what="e-mail"/></span>
                </Fact>
                {people}
                <Fact name="Number">
                    <span class="copied"><span class="num">{row.number.clone()}</span><CopyButton text=row.number what="number"/></span>
                </Fact>
                <Fact name="Partner">{row.partner}</Fact>
                <Fact name="Created"><Time at=view.created/></Fact>
            </Facts>
        </Card>
    }
}
