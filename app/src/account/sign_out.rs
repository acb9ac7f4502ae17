//! The way out: a form, because leaving changes something.

use super::server::SignOut as SignOutAction;
use crate::ui::Icon;
use leptos::prelude::*;

#[component]
pub fn SignOut() -> impl IntoView {
    let leave = ServerAction::<SignOutAction>::new();
    view! {
        <ActionForm action=leave>
            <button class="item">
                <Icon name="log-out"/>
                "Sign out"
            </button>
        </ActionForm>
    }
}
