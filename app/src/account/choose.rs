//! In which role to go on, for somebody who has several.

use super::{
    SignOut,
    server::{Choose, Memberships},
};
use crate::{
    frame::{Brand, Failed, load_alone},
    ui::{Avatar, Icon, Size},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::partner::MembershipView;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ChoosePage() -> impl IntoView {
    load_alone(answers(|| ask(Memberships {})), |roles| match roles {
        Ok(roles) => view! { <ChooseView roles/> }.into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    })
}

#[component]
pub fn ChooseView(roles: Vec<MembershipView>) -> impl IntoView {
    let choose = Sending::to::<Choose>();
    let roles = roles
        .into_iter()
        .map(|role| {
            let kind = if role.is_partner { "partner" } else { "organization" };
            view! {
                <li>
                    <SendForm to=choose>
                        <input type="hidden" name="id" value=role.id.to_string()/>
                        <input type="hidden" name="partner" value=role.is_partner.to_string()/>
                        <button class="card choice">
                            <Avatar name=role.name.clone() large=true/>
                            <span>
                                <b>{role.name}</b>
                                <small>{format!("{} · {kind}", role.role)}</small>
                            </span>
                            <Icon name="chevron-right" size=Size::Small/>
                        </button>
                    </SendForm>
                </li>
            }
        })
        .collect_view();
    view! {
        <Title text="Choose a role"/>
        <div class="signin alone">
            <main id="main">
                <div class="form">
                    <Brand/>
                    <div>
                        <h1>"Where to?"</h1>
                        <p class="muted">"You have a role in each of these. You can change later, in the menu under your initials."</p>
                    </div>
                    {Errors::of(choose).any("You are where you were")}
                    <ul class="choices">{roles}</ul>
                    <SignOut class="btn quiet"/>
                </div>
            </main>
        </div>
    }
}
