//! The form for a new customer. What was typed stays there, whatever the answer.

use super::{CreatedView, plan::PartnerAndPlan};
use crate::{
    frame::{Page, partner_may},
    partner::{organizations::server::CreateOrganization, parts::trail, paths},
    ui::{Banner, Button, Card, Check, Crumb, Empty, LinkButton, Look, Select, TextField, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    access::PartnerAction,
    country::Country,
    partner::{OrganizationCreated, OrganizationOptions},
};
use leptos::prelude::*;

#[component]
pub fn NewOrganizationView(options: OrganizationOptions) -> impl IntoView {
    let create = Sending::to::<CreateOrganization>();
    // Sent with a script, the answer is there at once; the form then gives way to it. A memo, because a refusal must
    // leave the form as it is, with what was typed.
    let created = Memo::new(move |_| create.value::<OrganizationCreated>());
    let form = StoredValue::new(options);
    move || match created.get() {
        Some(created) => view! { <CreatedView created/> }.into_any(),
        None => view! { <Filling options=form.get_value() create/> }.into_any(),
    }
}

#[component]
fn Filling(options: OrganizationOptions, create: Sending) -> impl IntoView {
    let trail = trail([Crumb::here("New organization")]);
    let lead = || "A customer of yours, with its first Full Admin.";
    let body = if !partner_may(PartnerAction::ManageOrganizations) {
        view! {
            <Banner tone=Tone::Warn title="Your role does not create organizations">
                "Ask an Owner, a Super Admin or an Admin to create it."
            </Banner>
        }
        .into_any()
    } else if options.plans.is_empty() {
        let plans = partner_may(PartnerAction::ManagePlans);
        view! {
            <Card>
                <Empty
                    icon="credit-card"
                    title="Create a plan first"
                    text="Every organization is on a plan: what you sell it, and for how much."
                >
                    {plans
                        .then(|| view! { <LinkButton href=paths::NEW_PLAN look=Look::Primary>"New plan"</LinkButton> })}
                </Empty>
            </Card>
        }
        .into_any()
    } else {
        view! { <Card class="narrow"><div class="body"><Form options create/></div></Card> }.into_any()
    };
    view! { <Page title="New organization" lead trail>{body}</Page> }
}

#[component]
fn Form(options: OrganizationOptions, create: Sending) -> impl IntoView {
    let errors = Errors::of(create);
    let located = options.data_location.clone().map(|place| {
        view! { <p class="hint">{format!("Offered in every country. This installation keeps its data in: {place}.")}</p> }
    });
    let offers_mail = options.offers_mail;
    view! {
        <SendForm to=create class="form">
            {errors.general("The organization was not created")}
            <div class="halves">
                <TextField label="First name" name="first_name" error=errors.at("first_name") autofocus=true/>
                <TextField label="Last name" name="last_name" error=errors.at("last_name")/>
            </div>
            <TextField
                label="E-mail"
                name="email"
                kind="email"
                hint="They sign in with it. No other organization may have it."
                error=errors.at("email")
            />
            <Countries error=errors.at("country")/>
            {located}
            <PartnerAndPlan options errors/>
            <TextField label="Organization" name="name" hint="The company's name." error=errors.at("name")/>
            <TextField label="Seats" name="seats" value="1" hint="One for each person who is protected." error=errors.at("seats")/>
            <Check
                label="Auto license"
                name="auto_license"
                hint="As people appear in the tenant, seats are added and billed; each time stands in the audit log. Without it, a shortage is a warning. Backups go on either way."
            />
            <TextField
                label="At most"
                name="auto_license_cap"
                optional=true
                hint="Auto license adds no seats beyond this number. Empty: no limit."
                error=errors.at("auto_license_cap")
            />
            {offers_mail
                .then(|| {
                    view! {
                        <Check
                            label="Send sign-in e-mail"
                            name="send_email"
                            checked=true
                            hint="They get a link with which they choose a password. Without it, the link is shown to you, once."
                        />
                    }
                })}
            <div class="actions">
                <Button look=Look::Primary busy=create.pending()>"Create organization"</Button>
                <LinkButton href=paths::ORGANIZATIONS look=Look::Quiet>"Back to the list"</LinkButton>
            </div>
        </SendForm>
    }
}

#[component]
pub fn Countries(
    #[prop(optional, into)] value: String,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let first = value.is_empty().then(|| (String::new(), "Choose a country".to_owned()));
    let all = Country::all().map(|country| (country.code().to_owned(), country.name().to_owned()));
    let options: Vec<_> = first.into_iter().chain(all).collect();
    view! { <Select label="Country" name="country" options value error/> }
}
