//! The way out: a form, because leaving changes something.

use super::server::SignOut as SignOutAction;
use crate::{
    ui::Icon,
    wire::{SendForm, Sending},
};
use leptos::prelude::*;

#[component]
pub fn SignOut(
    /// A line of a menu, unless it stands elsewhere.
    #[prop(default = "item")]
    class: &'static str,
) -> impl IntoView {
    let leave = Sending::to::<SignOutAction>();
    view! {
        <SendForm to=leave>
            <button class=class>
                <Icon name="log-out"/>
                "Sign out"
            </button>
        </SendForm>
    }
}
