//! The end of a partner that has nothing left.

use super::server::ClosePartner;
use crate::{
    partner::paths,
    ui::{Button, Card, LinkButton, Look, TextField},
    wire::{Errors, SendForm, Sending},
};
use domain::people::PartnerView;
use leptos::prelude::*;

#[component]
pub(super) fn Close(view: PartnerView, #[prop(into)] asked: Signal<bool>) -> impl IntoView {
    if let Some(why) = view.keeps_open {
        return view! {
            <Card title="Close this partner">
                <div class="body muted">{why}</div>
            </Card>
        }
        .into_any();
    }
    let close = Sending::to::<ClosePartner>();
    let errors = Errors::of(close);
    let (id, name) = (view.row.id, StoredValue::new(view.row.name));
    let ask = with_ask(id);
    let question = move || {
        if !asked.get() {
            return view! {
                <div class="body form">
                    <p class="muted">"It has neither organizations nor partners below it, and can be closed."</p>
                    <div class="actions"><LinkButton href=ask.clone() look=Look::Danger>"Close…"</LinkButton></div>
                </div>
            }
            .into_any();
        }
        let name = name.get_value();
        view! {
            <div class="body">
                <SendForm to=close class="form">
                    {errors.general("It is open as before")}
                    <input type="hidden" name="id" value=id.to_string()/>
                    <p>"Its people are signed out at once and cannot sign in there any more. Its plans go out of sale; its audit log is kept. This cannot be undone."</p>
                    <TextField label=format!("Type the partner’s name to confirm: {name}") name="typed" error=errors.at("typed")/>
                    <div class="actions">
                        <LinkButton href=paths::partner(id)>"Leave as it is"</LinkButton>
                        <Button look=Look::Danger busy=close.pending()>"Close"</Button>
                    </div>
                </SendForm>
            </div>
        }
        .into_any()
    };
    view! { <Card title="Close this partner">{question}</Card> }.into_any()
}

fn with_ask(id: uuid::Uuid) -> String {
    crate::address::with_query(&paths::partner(id), &[("ask", "close")])
}
