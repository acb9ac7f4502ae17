//! Taking up a role by the link that somebody was sent.

use super::server::{AcceptInvitation, Invitation};
use crate::{
    brand,
    frame::{AccountOf, ChosenPassword, FormPage, SpentLink, load_link},
    ui::{Button, Look, TextField},
    wire::{Errors, Sending, answers, ask},
};
use domain::partner::InvitationView;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn InvitePage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let asked = token.clone();
    let invitation = answers(move || ask(Invitation { token: asked.clone() }));
    let spent = || {
        view! {
            <SpentLink text="Each link works once, and for a limited time. If you have chosen a password already, sign in. If not, ask whoever sent it for a new one.">
                <a class="btn primary" href="/signin">"Sign in"</a>
            </SpentLink>
        }
        .into_any()
    };
    load_link::<InvitationView>(invitation, spent, move |invitation| {
        view! { <InviteView invitation token=token.clone()/> }.into_any()
    })
}

#[component]
pub fn InviteView(invitation: InvitationView, token: String) -> impl IntoView {
    let accept = Sending::to::<AcceptInvitation>();
    let errors = Errors::of(accept);
    let shown = RwSignal::new(false);
    let kind = Signal::derive(move || if shown.get() { "text" } else { "password" });
    let InvitationView { name, role, to, email, is_known, .. } = invitation;
    let error = errors.at("password");
    let password = if is_known {
        let hint = format!("The one that you sign in to {} with.", brand::name());
        view! {
            <AccountOf email=email.clone()/>
            <TextField label="Password" name="password" kind autocomplete="current-password" hint error autofocus=true/>
        }
        .into_any()
    } else {
        view! { <ChosenPassword email=email.clone() kind error autofocus=true/> }.into_any()
    };
    let title = format!("Join {to}");
    let lead = move || {
        view! { {format!("You become {role} of ")} <b>{to}</b> ". You sign in as " <b>{email}</b> "." }
    };
    view! {
        <FormPage to=accept title heading=format!("Welcome, {name}") lead>
            {errors.general("Not signed in yet")}
            <input type="hidden" name="token" value=token/>
            {password}
            <span class="scripted">
                <label class="check">
                    <input type="checkbox" class="box" on:change=move |event| shown.set(event_target_checked(&event))/>
                    <span class="text">"Show the password"</span>
                </label>
            </span>
            <Button look=Look::Primary tall=true busy=accept.pending()>
                {if is_known { "Sign in and join" } else { "Set the password and sign in" }}
            </Button>
        </FormPage>
    }
}
