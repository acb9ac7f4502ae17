//! A step that is confirmed first. With a script, a button opens a dialog; without one, the same button leads to the
//! same page with `?ask=` in its address, where the question stands as a card.

use crate::{
    ui::{Button, Card, Dialog, LinkButton, Look},
    wire::{SendForm, Sending},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What is asked, and how it is sent.
#[derive(Clone)]
pub struct Question {
    /// Names it in the address; ids begin with it.
    pub key: &'static str,
    /// What the button says that asks.
    pub button: &'static str,
    pub look: Look,
    pub title: String,
    /// What the button says that does it.
    pub go: &'static str,
    /// What keeps everything as it is.
    pub keep: &'static str,
    /// The look of the button that does it.
    pub go_look: Look,
    pub action: Sending,
}

/// The button, with its dialog.
#[component]
pub fn Ask(
    question: Question,
    /// The tab that the page shows, so that it stays open without a script.
    tab: &'static str,
    /// Hidden inputs, an explanation, fields.
    body: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let Question { key, button, look, title, go, keep, go_look, action } = question;
    let form = format!("{key}-form");
    let of = form.clone();
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        open.set(true);
    };
    let actions = move || {
        view! {
            <Button kind="button" on:click=move |_| open.set(false)>{keep}</Button>
            <Button look=go_look busy=action.pending() attr:form=of>{go}</Button>
        }
    };
    view! {
        <form method="get" on:submit=ask>
            <input type="hidden" name="tab" value=tab/>
            <input type="hidden" name="ask" value=key/>
            <Button look>{button}</Button>
        </form>
        <Dialog open id=key title actions>
            <SendForm to=action class="form" id=form>{body()}</SendForm>
        </Dialog>
    }
    .into_any()
}

/// The question as a card, for an address that asks it.
#[component]
pub fn Asked(question: Question, #[prop(into)] back: String, body: ChildrenFn) -> impl IntoView {
    let Question { title, go, keep, go_look, action, .. } = question;
    view! {
        <Card title class="asked">
            <div class="body">
                <SendForm to=action class="form">
                    {body()}
                    <div class="actions">
                        <LinkButton href=back>{keep}</LinkButton>
                        <Button look=go_look busy=action.pending()>{go}</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
    .into_any()
}
