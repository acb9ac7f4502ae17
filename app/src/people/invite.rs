//! Somebody new.

use super::{Here, SendBox, server::InvitePerson};
use crate::{
    ui::{Button, Card, Fact, Facts, LinkButton, Look, Select, TextField},
    wire::{Errors, SendForm, Sending},
};
use domain::people::PeoplePage;
use leptos::prelude::*;

#[component]
pub(super) fn Invite(page: PeoplePage, here: Here) -> impl IntoView {
    let invite = Sending::to::<InvitePerson>();
    here.settle_link(invite);
    let errors = Errors::of(invite);
    let options: Vec<_> = page.roles.iter().map(|role| (role.slug.clone(), role.label.clone())).collect();
    // The least is offered first: more is given on purpose.
    let least = page.roles.last().map(|role| role.slug.clone()).unwrap_or_default();
    let roles = page
        .roles
        .into_iter()
        .map(|role| view! { <Fact name=role.label>{role.explanation}</Fact> })
        .collect_view();
    view! {
        <div class="two">
            <Card title=format!("Invite somebody to {}", page.place)>
                <div class="body">
                    <SendForm to=invite class="form">
                        {errors.general("Nobody was invited")}
                        <input type="hidden" name="at" value=page.at/>
                        <input type="hidden" name="back" value=here.base()/>
                        <TextField label="Name" name="name" error=errors.at("name") autofocus=true/>
                        <TextField
                            label="E-mail"
                            name="email"
                            kind="email"
                            hint="They sign in with it. Whoever has an account keeps it, and its password."
                            error=errors.at("email")
                        />
                        <Select label="Role" name="role" options value=least error=errors.at("role")/>
                        {page.sends_mail.then(|| view! { <SendBox/> })}
                        <div class="actions">
                            <Button look=Look::Primary busy=invite.pending()>"Invite"</Button>
                            <LinkButton href=here.base() look=Look::Quiet>"Not now"</LinkButton>
                        </div>
                    </SendForm>
                </div>
            </Card>
            <Card title="The roles that you can give"><Facts>{roles}</Facts></Card>
        </div>
    }
}
