//! The first page that an empty installation shows: who its Owner is.

use super::server::SetUp;
use crate::{
    frame::{ChosenPassword, FormPage},
    ui::{Button, Look, TextField},
    wire::{Errors, Sending},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn SetUpPage() -> impl IntoView {
    let set_up = Sending::to::<SetUp>();
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let errors = Errors::of(set_up);
    view! {
        <FormPage
            to=set_up
            title="Set up Holdfast"
            heading="Set up Holdfast"
            lead=|| "You become its Owner: you connect tenants and invite others."
        >
            {errors.general("Not set up yet")}
            <input type="hidden" name="token" value=token/>
            <TextField label="Your name" name="name" autocomplete="name" error=errors.at("name") autofocus=true/>
            <TextField label="E-mail" name="email" kind="email" autocomplete="username" error=errors.at("email")/>
            <ChosenPassword error=errors.at("password")/>
            <TextField
                label="Organization"
                name="organization"
                autocomplete="organization"
                hint="The company whose tenants you will back up."
                error=errors.at("organization")
            />
            <Button look=Look::Primary tall=true busy=set_up.pending()>"Set up"</Button>
        </FormPage>
    }
}
