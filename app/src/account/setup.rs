//! The first page that an empty installation shows: who its Owner is.

use super::server::SetUp;
use crate::{
    frame::Brand,
    ui::{Button, Callout, Look, TextField, Tone},
    wire::{SendForm, Sending},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn SetUpPage() -> impl IntoView {
    let set_up = Sending::to::<SetUp>();
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let error = move || set_up.error();
    // An error about a field stands at the field; any other stands above the form.
    let of = move |field: &'static str| {
        Signal::derive(move || error().filter(|e| e.field() == Some(field)).map(|e| e.message().to_owned()))
    };
    let general = move || error().filter(|e| e.field().is_none());
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
                    {move || {
                        general()
                            .map(|e| {
                                let text = e.message().to_owned();
                                view! { <Callout tone=Tone::Bad title="Not set up yet">{text}</Callout> }
                            })
                    }}
                    <input type="hidden" name="token" value=token/>
                    <TextField label="Your name" name="name" autocomplete="name" error=of("name") autofocus=true/>
                    <TextField label="E-mail" name="email" kind="email" autocomplete="username" error=of("email")/>
                    <TextField
                        label="Password"
                        name="password"
                        kind="password"
                        autocomplete="new-password"
                        hint="At least 12 characters. A few unrelated words are better than one odd one."
                        error=of("password")
                    />
                    <TextField
                        label="Organization"
                        name="organization"
                        autocomplete="organization"
                        hint="The company whose tenants you will back up."
                        error=of("organization")
                    />
                    <Button look=Look::Primary tall=true busy=set_up.pending()>"Set up"</Button>
                </SendForm>
            </main>
        </div>
    }
}
