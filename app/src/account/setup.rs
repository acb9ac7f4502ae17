//! The first page that an empty installation shows: who its Owner is.

use super::server::SetUp;
use crate::{
    frame::Brand,
    ui::{Button, Look, TextField},
    wire::{Errors, SendForm, Sending},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn SetUpPage() -> impl IntoView {
    let set_up = Sending::to::<SetUp>();
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let errors = Errors::of(set_up);
    view! {
        <Title text="Set up Holdfast"/>
        <div class="signin alone">
            <main id="main">
                <SendForm to=set_up class="form tall">
                    <Brand/>
                    <div>
                        <h1>"Set up Holdfast"</h1>
                        <p class="muted">"You become its Owner: you connect tenants and invite others."</p>
                    </div>
                    {errors.general("Not set up yet")}
                    <input type="hidden" name="token" value=token/>
                    <TextField label="Your name" name="name" autocomplete="name" error=errors.at("name") autofocus=true/>
                    <TextField label="E-mail" name="email" kind="email" autocomplete="username" error=errors.at("email")/>
                    <TextField
                        label="Password"
                        name="password"
                        kind="password"
                        autocomplete="new-password"
                        hint="At least 12 characters. A few unrelated words are better than one odd one."
                        error=errors.at("password")
                    />
                    <TextField
                        label="Organization"
                        name="organization"
                        autocomplete="organization"
                        hint="The company whose tenants you will back up."
                        error=errors.at("organization")
                    />
                    <Button look=Look::Primary tall=true busy=set_up.pending()>"Set up"</Button>
                </SendForm>
            </main>
        </div>
    }
}
