//! The fields of a connection. What was typed stays there whatever the answer; only the secret may have to be typed
//! again.

use crate::{
    ui::{Select, TextArea, TextField},
    wire::Errors,
};
use leptos::prelude::*;

const CLOUDS: [(&str, &str); 4] = [
    ("global", "Worldwide (GCC included)"),
    ("usgov", "US Government (GCC High)"),
    ("usgovdod", "US Government (DoD)"),
    ("china", "China (21Vianet)"),
];

/// The cloud as a person says it.
pub fn cloud_name(cloud: &str) -> &str {
    CLOUDS.into_iter().find(|(key, _)| *key == cloud).map_or(cloud, |(_, name)| name)
}

#[component]
pub fn ConnectionFields(
    errors: Errors,
    #[prop(optional, into)] directory: String,
    #[prop(optional, into)] client_id: String,
    #[prop(default = "global".to_owned(), into)] cloud: String,
) -> impl IntoView {
    let clouds = CLOUDS.map(|(key, name)| (key.to_owned(), name.to_owned())).to_vec();
    view! {
        <TextField
            label="Directory (tenant) ID"
            name="directory"
            value=directory
            mono=true
            placeholder="00000000-0000-0000-0000-000000000000"
            hint="On the overview of the app registration. One of the tenant's domains does as well."
            error=errors.at("directory")
        />
        <TextField
            label="Application (client) ID"
            name="client_id"
            value=client_id
            mono=true
            placeholder="00000000-0000-0000-0000-000000000000"
            hint="On the same page."
            error=errors.at("client_id")
        />
        <TextField
            label="Client secret"
            name="secret"
            kind="password"
            mono=true
            hint="The secret's value, not its ID. It is sealed before it is stored, and never shown again."
            optional=true
            error=errors.at("secret")
        />
        <TextField
            label="Secret ends on"
            name="expires"
            kind="date"
            hint="Entra shows the day beside the secret. You are warned 30 days before."
            optional=true
            error=errors.at("expires")
        />
        <TextArea
            label="Or a certificate"
            name="certificate"
            hint="The certificate and its private key as PEM, one after the other; the certificate is added to the app registration. It takes the place of the secret."
            optional=true
            error=errors.at("certificate")
        />
        <Select label="Cloud" name="cloud" options=clouds value=cloud error=errors.at("cloud")/>
    }
}
