//! Where nothing is yet: says what will be here and how to get it, because an empty table teaches nobody.

use super::{Icon, Size};
use leptos::prelude::*;

#[component]
pub fn Empty(
    icon: &'static str,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="mark"><Icon name=icon size=Size::Large/></span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
