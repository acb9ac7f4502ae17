//! The partner's own server.

use super::{
    super::parts::settle,
    server::{RemoveMailServer, SetMailServer},
};
use crate::{
    ui::{Button, Card, Look, Select, TextField},
    wire::{Errors, SendForm, Sending},
};
use domain::mail::{MailServerView, Security};
use leptos::prelude::*;

#[component]
pub fn ServerCard(own: MailServerView, is_own: bool, again: Callback<()>) -> impl IntoView {
    let set = Sending::to::<SetMailServer>();
    settle(set, again, "Saved");
    let errors = Errors::of(set);
    let protections =
        Security::ALL.map(|s| (s.slug().to_owned(), s.label().to_owned())).into_iter().collect::<Vec<_>>();
    let kept = match own.has_password {
        true => "One is kept. It stays as long as server and user stay; enter another one to change it.",
        false => "For a server that asks for one.",
    };
    let port = if own.port.is_empty() { Security::Tls.port().to_string() } else { own.port };
    view! {
        <Card title="Your own server">
            <div class="body">
                <SendForm to=set class="form">
                    {errors.general("Nothing was saved")}
                    <TextField
                        label="Server"
                        name="host"
                        value=own.host
                        hint="Such as smtp.example.com. Partners below you that have none use it as well."
                        error=errors.at("host")
                    />
                    <div class="halves">
                        <Select label="Protection" name="security" options=protections value=own.security error=errors.at("security")/>
                        <TextField label="Port" name="port" value=port error=errors.at("port")/>
                    </div>
                    <div class="halves">
                        <TextField label="User" name="username" value=own.username optional=true error=errors.at("username")/>
                        <TextField
                            label="Password"
                            name="password"
                            kind="password"
                            autocomplete="new-password"
                            optional=true
                            hint=kept
                            error=errors.at("password")
                        />
                    </div>
                    <div class="halves">
                        <TextField label="Sender’s name" name="sender_name" value=own.sender_name error=errors.at("sender_name")/>
                        <TextField
                            label="Sender’s e-mail"
                            name="sender_email"
                            kind="email"
                            value=own.sender_email
                            error=errors.at("sender_email")
                        />
                    </div>
                    <div class="actions">
                        <Button look=Look::Primary busy=set.pending()>"Save the server"</Button>
                    </div>
                </SendForm>
                {is_own.then(|| view! { <Remove again/> })}
            </div>
        </Card>
    }
}

#[component]
fn Remove(again: Callback<()>) -> impl IntoView {
    let remove = Sending::to::<RemoveMailServer>();
    settle(remove, again, "Removed");
    view! {
        {Errors::of(remove).any("The server is still there")}
        <SendForm to=remove class="form after">
            <p class="small muted">"Without a server of your own, mail goes through the one above you. Its password here is erased."</p>
            <div class="actions">
                <Button look=Look::Danger busy=remove.pending()>"Remove the server"</Button>
            </div>
        </SendForm>
    }
}
