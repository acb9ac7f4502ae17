//! The top bar: where one is, search, and oneself.

use super::{
    session::{Me, me},
    use_tenant,
};
use crate::{
    account::SignOut,
    theme::ThemeChoice,
    ui::{Avatar, Crumb, Crumbs, Icon, Menu, MenuItem, Size},
    wire::GetForm,
};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

#[component]
pub fn Top(trail: Vec<Crumb>) -> impl IntoView {
    let tenant = use_tenant().get_untracked();
    view! {
        <div class="top">
            <Crumbs trail/>
            {(!tenant.is_empty()).then(|| view! { <Find tenant/> })}
            {me().map(|me| view! { <Account me/> })}
        </div>
    }
}

/// Search by name in the newest snapshot.
#[component]
fn Find(tenant: String) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let key = window_event_listener(ev::keydown, move |event| {
            let typing =
                event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
                    matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
                });
            if event.key() == "/" && !typing && !event.ctrl_key() && !event.meta_key() {
                event.prevent_default();
                if let Some(input) = input.get_untracked() {
                    let _ = input.focus();
                }
            }
        });
        on_cleanup(move || key.remove());
    });
    view! {
        <GetForm class="find" search="The newest snapshot" action=format!("/t/{tenant}/browse")>
            <Icon name="search" size=Size::Small/>
            <input node_ref=input type="search" name="q" aria-label="Search people, groups and roles" placeholder="Search by name"/>
            <span class="key" aria-hidden="true">"/"</span>
        </GetForm>
    }
}

#[component]
fn Account(me: Me) -> impl IntoView {
    let name = me.name.clone();
    view! {
        <Menu label=format!("{}: account", me.name) opener=move || view! { <Avatar name round=true/> }>
            <div class="me">
                <b>{me.name}</b>
                <small>{me.email}</small>
                <br/>
                <small>{format!("{} · {}", me.role, me.at)}</small>
            </div>
            <hr/>
            <MenuItem href=me.account icon="user">"Your account"</MenuItem>
            <hr/>
            {me.has_others.then(|| view! { <MenuItem href="/choose" icon="users-round">"Change role"</MenuItem><hr/> })}
            <ThemeChoice/>
            <hr/>
            <SignOut/>
        </Menu>
    }
}
