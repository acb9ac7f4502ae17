//! Sign-in by e-mail and password.

use super::{
    microsoft::{MicrosoftSignIn, MicrosoftTrouble},
    server::SignIn,
};
use crate::{
    error::AppError,
    frame::Brand,
    ui::{Badge, Button, Callout, Card, DiffRow, Look, TextField, Tone},
    wire::{SendForm, Sending},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SignInPage() -> impl IntoView {
    let sign_in = Sending::to::<SignIn>();
    let next = use_query_map().with_untracked(|query| query.get("next"));
    let renewed = use_query_map().with_untracked(|query| query.get("password").is_some());
    let also = next.clone();
    let problem = move || sign_in.error();
    view! {
        <Title text="Sign in"/>
        <div class="signin">
            <main id="main">
                <div class="form">
                <Brand/>
                <h1>"Sign in"</h1>
                <MicrosoftTrouble title="Not signed in"/>
                {renewed.then(|| view! { <Callout tone=Tone::Good title="The password is the new one">"Sign in with it."</Callout> })}
                <SendForm to=sign_in class="form tall">
                    {move || problem().map(|error| view! { <Problem error/> })}
                    <TextField label="E-mail" name="email" kind="email" autocomplete="username" autofocus=true/>
                    <TextField label="Password" name="password" kind="password" autocomplete="current-password"/>
                    <p class="small"><a class="link" href="/forgot">"Forgotten your password?"</a></p>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
                    <Button look=Look::Primary tall=true busy=sign_in.pending()>"Continue"</Button>
                </SendForm>
                <MicrosoftSignIn next=also/>
                <p class="small faint">"Password sign-in keeps working when Entra does not. That is rather the point."</p>
                </div>
            </main>
            <div class="art" aria-hidden="true"><Art/></div>
        </div>
    }
}

#[component]
pub fn Problem(error: AppError) -> impl IntoView {
    let title = match error {
        AppError::Unreachable(_) | AppError::Internal(_) => "That did not work",
        _ => "Not signed in",
    };
    let text = error.message().to_owned();
    view! { <Callout tone=Tone::Bad title>{text}</Callout> }
}

/// What the product does, in one picture.
#[component]
fn Art() -> impl IntoView {
    let row = |name: &'static str, was: &[&str], now: &[&str]| {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        view! { <DiffRow name was=own(was) now=own(now)/> }
    };
    view! {
        <Card title="Maya Okafor" end=|| view! { <Badge tone=Tone::Good>"restored, read back"</Badge> }>
            <table class="table diff">
                <tbody>
                    {row("Account enabled", &["No"], &["Yes"])}
                    {row("Job title", &[], &["Head of Treasury"])}
                    {row("Member of", &["1 group"], &["3 groups"])}
                </tbody>
            </table>
        </Card>
    }
}
