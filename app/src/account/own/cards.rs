//! The cards of one's account.

use super::{
    path,
    server::{ChangePassword, RenameMe},
};
use crate::{
    account::microsoft::server::{LinkMicrosoft, UnlinkMicrosoft},
    frame::ChosenPassword,
    partner::settle,
    ui::{Badge, Button, Card, LinkButton, Look, TextField, Time, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    account::{MicrosoftRow, SecondFactorView},
    partner::MembershipView,
};
use leptos::prelude::*;

#[component]
pub fn Profile(name: String, again: Callback<()>) -> impl IntoView {
    let rename = Sending::to::<RenameMe>();
    settle(rename, again, "Saved");
    let errors = Errors::of(rename);
    view! {
        <Card title="Name">
            <div class="body">
                <SendForm to=rename class="form">
                    {errors.general("Nothing was saved")}
                    <TextField label="Your name" name="name" value=name autocomplete="name" error=errors.at("name")/>
                    <div class="actions"><Button busy=rename.pending()>"Save"</Button></div>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
pub fn Password(again: Callback<()>) -> impl IntoView {
    let change = Sending::to::<ChangePassword>();
    settle(change, again, "The password is the new one; other sessions have ended");
    let errors = Errors::of(change);
    view! {
        <Card title="Password">
            <div class="body">
                <SendForm to=change class="form">
                    {errors.general("The password is the old one")}
                    <TextField label="Current password" name="current" kind="password" autocomplete="current-password" error=errors.at("current")/>
                    <ChosenPassword label="New password" error=errors.at("password")/>
                    <p class="small muted">"Wherever else you are signed in, you are signed out."</p>
                    <div class="actions"><Button busy=change.pending()>"Change password"</Button></div>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
pub fn FactorCard(factor: SecondFactorView) -> impl IntoView {
    let href = format!("{}/second-factor", path());
    let body = match factor.since {
        Some(since) => view! {
            <p>
                "A code from your authenticator app is asked for whenever you sign in, since " <Time at=since/> ". "
                <span class="num">{factor.codes_left}</span> " of 10 recovery codes are left."
            </p>
            <div class="actions"><LinkButton href>"Manage"</LinkButton></div>
        }
        .into_any(),
        None => view! {
            <p>"With a code from your phone beside the password, whoever learns the password still cannot sign in."</p>
            <div class="actions"><LinkButton href look=Look::Primary icon="shield-check">"Set up"</LinkButton></div>
        }
        .into_any(),
    };
    let state = move || match factor.since {
        Some(_) => view! { <Badge tone=Tone::Good>"On"</Badge> },
        None => view! { <Badge tone=Tone::Plain>"Off"</Badge> },
    };
    view! { <Card title="Second factor" end=state><div class="body form">{body}</div></Card> }
}

#[component]
pub fn MicrosoftCard(linked: Vec<MicrosoftRow>, again: Callback<()>) -> impl IntoView {
    let link = Sending::to::<LinkMicrosoft>();
    let unlink = Sending::to::<UnlinkMicrosoft>();
    settle(unlink, again, "It is not linked any more");
    let errors = Errors::of(link);
    let rows = linked
        .into_iter()
        .map(|row| {
            let label = format!("Unlink {}", row.username);
            view! {
                <li>
                    <span>
                        <b>{row.username}</b>
                        <small class="faint block">"Linked " <Time at=row.linked/> ", directory " <span class="mono">{row.directory.to_string()}</span></small>
                    </span>
                    <SendForm to=unlink>
                        <input type="hidden" name="directory" value=row.directory.to_string()/>
                        <input type="hidden" name="object" value=row.object.to_string()/>
                        <Button small=true label attr:title="" busy=unlink.pending()>"Unlink"</Button>
                    </SendForm>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title="Sign-in with Microsoft">
            <div class="body form">
                {Errors::of(unlink).any("It is still linked")}
                <ul class="linked">{rows}</ul>
                <p>"Link a work or school account to sign in with it. Your password keeps working, also on the day when Entra does not."</p>
                <SendForm to=link class="form">
                    {errors.general("Nothing was linked")}
                    <TextField label="Your password" name="own_password" kind="password" autocomplete="current-password" error=errors.at("own_password")/>
                    <div class="actions"><Button busy=link.pending() icon="external-link">"Link a Microsoft account"</Button></div>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
pub fn Roles(roles: Vec<MembershipView>) -> impl IntoView {
    let several = roles.len() > 1;
    let rows = roles
        .into_iter()
        .map(|role| {
            let kind = if role.is_partner { "partner" } else { "organization" };
            view! {
                <li>
                    <span><b>{role.name}</b><small class="faint block">{kind}</small></span>
                    <Badge tone=Tone::Plain>{role.role}</Badge>
                </li>
            }
        })
        .collect_view();
    let change = move || several.then(|| view! { <a href="/choose">"Change role"</a> });
    view! {
        <Card title="Roles" end=change>
            <div class="body"><ul class="linked">{rows}</ul></div>
        </Card>
    }
}
