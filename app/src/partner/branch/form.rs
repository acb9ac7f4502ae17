//! A partner's name and addresses, as fields.

use crate::{ui::TextField, wire::Errors};
use leptos::prelude::*;

#[component]
pub(super) fn Details(
    errors: Errors,
    #[prop(optional, into)] name: String,
    #[prop(optional, into)] support_email: String,
    #[prop(optional, into)] email_portal: String,
) -> impl IntoView {
    view! {
        <TextField label="Partner" name="name" value=name hint="As its customers and the partners below it read it." error=errors.at("name")/>
        <TextField
            label="Support address"
            name="support_email"
            kind="email"
            value=support_email
            hint="Whom its customers and the partners below it ask, also for what is not enabled."
            error=errors.at("support_email")
            optional=true
        />
        <TextField
            label="Email Portal"
            name="email_portal"
            kind="url"
            value=email_portal
            placeholder="https://"
            hint="Where “Log in to Email Portal” leads. Left empty, that of the partner above counts."
            error=errors.at("email_portal")
            optional=true
        />
    }
}
