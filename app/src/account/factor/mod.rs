//! One's second factor: setting it up, new recovery codes, switching it off.

mod parts;
pub mod server;

pub use parts::{CodesView, SetUpFields};

use self::server::{ConfirmFactor, FactorSetUp, MyCodesOnce, NewCodes, RemoveFactor};
use super::own::{self, server::MyAccount};
use crate::{
    frame::{Page, load},
    ui::{Button, Callout, Card, Crumb, LinkButton, Look, TextField, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::account::{AccountView, RecoveryCodes, SecondFactorSetUp};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn FactorPage() -> impl IntoView {
    if use_query_map().with_untracked(|query| query.get("codes").is_some()) {
        return load::<Option<RecoveryCodes>>(answers(|| ask(MyCodesOnce {})), |codes| match codes {
            Some(codes) => view! { <Made codes/> }.into_any(),
            None => view! { <crate::frame::Elsewhere to=own::path()/> }.into_any(),
        });
    }
    load::<AccountView>(answers(|| ask(MyAccount {})), |account| {
        if account.second_factor.since.is_some() {
            return view! { <Manage account/> }.into_any();
        }
        load::<SecondFactorSetUp>(answers(|| ask(FactorSetUp {})), |set_up| {
            view! { <SetUp set_up/> }.into_any()
        })
    })
}

fn trail() -> Vec<Crumb> {
    own::trail([Crumb::link("Your account", own::path()), Crumb::here("Second factor")])
}

#[component]
fn SetUp(set_up: SecondFactorSetUp) -> impl IntoView {
    let confirm = Sending::to::<ConfirmFactor>();
    let errors = Errors::of(confirm);
    let set_up = StoredValue::new(set_up);
    let page = move || {
        match confirm.value::<RecoveryCodes>() {
        Some(codes) => view! { <Made codes/> }.into_any(),
        None => view! {
            <Page title="Set up a second factor" trail=trail() lead=|| "Whoever learns your password still cannot sign in without your phone.">
                <Card class="narrow">
                    <div class="body">
                        <SendForm to=confirm class="form">
                            {errors.general("Not set up yet")}
                            <SetUpFields set_up=set_up.get_value() errors/>
                            <div class="actions">
                                <Button look=Look::Primary busy=confirm.pending()>"Set up"</Button>
                                <LinkButton href=own::path() look=Look::Quiet>"Not now"</LinkButton>
                            </div>
                        </SendForm>
                    </div>
                </Card>
            </Page>
        }
        .into_any(),
    }
    };
    page.into_any()
}

#[component]
fn Made(codes: RecoveryCodes) -> impl IntoView {
    view! {
        <Page title="Your recovery codes" trail=trail() lead=|| "For the day when your phone is lost or broken.">
            <Card class="narrow">
                <div class="body form">
                    <CodesView codes/>
                    <div class="actions">
                        <a class="btn primary" href=own::path() rel="external">"I have kept them"</a>
                    </div>
                </div>
            </Card>
        </Page>
    }
}

#[component]
fn Manage(account: AccountView) -> impl IntoView {
    let factor = account.second_factor;
    let renew = Sending::to::<NewCodes>();
    let remove = Sending::to::<RemoveFactor>();
    let page = move || {
        if let Some(codes) = renew.value::<RecoveryCodes>() {
            return view! { <Made codes/> }.into_any();
        }
        let (of_renewal, of_removal) = (Errors::of(renew), Errors::of(remove));
        let left = factor.codes_left;
        let off = if factor.asked {
            view! {
                <p>"Your provider asks everybody for a second factor, so it stays on. For another phone, ask your administrator to reset it; you set it up anew at your next sign-in."</p>
            }
            .into_any()
        } else {
            view! {
                <SendForm to=remove class="form">
                    <p>"From then on your password alone lets in whoever knows it. Your recovery codes end, too."</p>
                    {of_removal.general("It is still on")}
                    <TextField label="Password" name="password" kind="password" autocomplete="current-password" error=of_removal.at("password")/>
                    <TextField label="Code from the app, or a recovery code" name="code" autocomplete="one-time-code" error=of_removal.at("code") mono=true/>
                    <div class="actions">
                        <Button look=Look::Danger busy=remove.pending()>"Switch off"</Button>
                    </div>
                </SendForm>
            }
            .into_any()
        };
        view! {
            <Page title="Second factor" trail=trail() lead=|| "A code from your authenticator app, asked for whenever you sign in.">
                <div class="two">
                    <Card title="Recovery codes">
                        <div class="body">
                            <SendForm to=renew class="form">
                                <p>
                                    <b class="num">{left}</b> " of 10 are left. Each signs you in once, in place of your phone. New ones make the old ones worthless."
                                </p>
                                {(left < 3)
                                    .then(|| {
                                        view! {
                                            <Callout tone=Tone::Warn title="Few are left">"Make new ones before you need them."</Callout>
                                        }
                                    })}
                                {of_renewal.general("The old ones still count")}
                                <TextField label="Code" name="code" hint="From your authenticator app." autocomplete="one-time-code" error=of_renewal.at("code") mono=true/>
                                <div class="actions">
                                    <Button busy=renew.pending()>"Make new codes"</Button>
                                </div>
                            </SendForm>
                        </div>
                    </Card>
                    <Card title="Switch off"><div class="body">{off}</div></Card>
                </div>
            </Page>
        }
        .into_any()
    };
    page.into_any()
}
