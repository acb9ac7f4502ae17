//! Taking up a role by the link that somebody was sent.

use super::server::{AcceptInvitation, Invitation};
use crate::{
    brand,
    error::AppError,
    frame::{Brand, Failed, MessagePage, load_alone},
    ui::{Button, Look, TextField},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::partner::InvitationView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn InvitePage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let asked = token.clone();
    let invitation = answers(move || ask(Invitation { token: asked.clone() }));
    load_alone::<InvitationView>(invitation, move |invitation| {
        match invitation {
        Ok(invitation) => view! { <InviteView invitation token=token.clone()/> }.into_any(),
        // Whether it was used, has ended or never was is nobody's business who only holds the link.
        Err(AppError::Refused(_) | AppError::NotFound(_) | AppError::Invalid { .. }) => view! {
            <MessagePage
                title="This link is not good any more"
                text="Each link works once, and for a limited time. If you have chosen a password already, sign in. If not, ask whoever sent it for a new one."
            >
                <a class="btn primary" href="/signin">"Sign in"</a>
            </MessagePage>
        }
        .into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    }
    })
}

#[component]
pub fn InviteView(invitation: InvitationView, token: String) -> impl IntoView {
    let accept = Sending::to::<AcceptInvitation>();
    let errors = Errors::of(accept);
    let shown = RwSignal::new(false);
    let (autocomplete, hint) = if invitation.is_known {
        ("current-password", format!("The one that you sign in to {} with.", brand::name()))
    } else {
        (
            "new-password",
            "At least 12 characters. A few unrelated words are better than one odd one.".to_owned(),
        )
    };
    view! {
        <Title text=format!("Join {}", invitation.to)/>
        <div class="signin alone">
            <main id="main">
                <SendForm to=accept class="form tall">
                    <Brand/>
                    <div>
                        <h1>{format!("Welcome, {}", invitation.name)}</h1>
                        <p class="muted">
                            {format!("You become {} of ", invitation.role)} <b>{invitation.to}</b>
                            ". You sign in as " <b>{invitation.email.clone()}</b> "."
                        </p>
                    </div>
                    {errors.general("Not signed in yet")}
                    <input type="hidden" name="token" value=token/>
                    // A password manager keeps the two together.
                    <input class="aloud" type="email" autocomplete="username" value=invitation.email tabindex="-1" aria-hidden="true" readonly/>
                    <TextField
                        label="Password"
                        name="password"
                        kind=Signal::derive(move || if shown.get() { "text" } else { "password" })
                        autocomplete
                        hint
                        error=errors.at("password")
                        autofocus=true
                    />
                    <span class="scripted">
                        <label class="check">
                            <input type="checkbox" class="box" on:change=move |event| shown.set(event_target_checked(&event))/>
                            <span class="text">"Show the password"</span>
                        </label>
                    </span>
                    <Button look=Look::Primary tall=true busy=accept.pending()>
                        {if invitation.is_known { "Sign in and join" } else { "Set the password and sign in" }}
                    </Button>
                </SendForm>
            </main>
        </div>
    }
}
