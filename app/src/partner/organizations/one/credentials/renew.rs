//! A new secret or certificate in the place of one that ends.

use super::{super::view::Here, server::RenewCredentials};
use crate::{
    partner::organizations::one::Tab,
    tenant::connection::ConnectionFields,
    ui::{Button, Card, LinkButton, Look},
    wire::{Errors, SendForm, Sending},
};
use domain::{connection::ProofKind, partner::CredentialRow};
use leptos::prelude::*;
use uuid::Uuid;

/// What the address asks to renew a tenant's credentials.
pub fn key(tenant: Uuid) -> String {
    format!("renew-{tenant}")
}

#[component]
pub fn Renew(here: Here, row: CredentialRow) -> impl IntoView {
    let action = Sending::to::<RenewCredentials>();
    let again = here.again;
    Effect::new(move || {
        if action.done() {
            again.run(());
        }
    });
    let errors = Errors::of(action);
    let id = here.organization.with_value(|o| o.row.id.to_string());
    // The installation's app is not one that a secret could be typed for.
    let client_id = if row.proof == ProofKind::Installation { String::new() } else { row.client_id };
    view! {
        <Card title=format!("Renew the sign-in to {}", row.tenant) class="narrow">
            <div class="body">
                <SendForm to=action class="form">
                    {errors.general("Not renewed")}
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="tenant" value=row.id.to_string()/>
                    <ConnectionFields errors directory=row.directory client_id cloud=row.cloud/>
                    <div class="actions">
                        <Button look=Look::Primary busy=action.pending()>"Test and renew"</Button>
                        <LinkButton href=here.href(Tab::Credentials) look=Look::Quiet>"Not now"</LinkButton>
                    </div>
                    <p class="small muted">"It is tried first; only what works takes the place of what is there."</p>
                </SendForm>
            </div>
        </Card>
    }
    .into_any()
}
