//! One person: another role, sign-in off and on, the end of the role, or all of the partner.

use super::{
    Decide, Here,
    server::{ChangeRole, HandOver, RemovePerson, ResetFactor, SwitchLogin},
};
use crate::{
    ui::{Button, Card, LinkButton, Look, Select, TextField},
    wire::{Errors, SendForm, Sending},
};
use domain::people::{PeoplePage, PersonRow};
use leptos::prelude::*;

#[component]
pub(super) fn Person(person: PersonRow, page: PeoplePage, deed: String, here: Here) -> impl IntoView {
    match deed.as_str() {
        "off" | "on" if person.may_change => view! { <Switch person page here/> }.into_any(),
        "factor" if person.may_change && page.may_reset => view! { <Reset person page here/> }.into_any(),
        "remove" if person.may_change => view! { <Remove person page here/> }.into_any(),
        "owner" if page.may_hand_over && !person.is_me => view! { <Heir person page here/> }.into_any(),
        _ if person.may_change || (page.may_hand_over && !person.is_me) => {
            view! { <Choice person page here/> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// The role, and the ways to what is asked first.
#[component]
fn Choice(person: PersonRow, page: PeoplePage, here: Here) -> impl IntoView {
    let change = Sending::to::<ChangeRole>();
    here.settle(change, "Role changed");
    let errors = Errors::of(change);
    let id = person.id.to_string();
    let options: Vec<_> = page.roles.iter().map(|role| (role.slug.clone(), role.label.clone())).collect();
    let (switch, off) =
        if person.is_off { ("on", "Switch sign-in on…") } else { ("off", "Switch sign-in off…") };
    let heir = page.may_hand_over && !person.is_off;
    let resets = page.may_reset && person.has_factor;
    view! {
        <Card title=format!("{}, {}", person.name, person.role_label)>
            <div class="body form">
                {errors.general("The role is as it was")}
                <SendForm to=change class="form">
                    <input type="hidden" name="at" value=page.at/>
                    <input type="hidden" name="id" value=id.clone()/>
                    <Select label="Role" name="role" options value=person.role hint="What they have open goes on in the new role." error=errors.at("role")/>
                    <div class="actions">
                        <Button look=Look::Primary busy=change.pending()>"Save the role"</Button>
                        <LinkButton href=here.about(&id, switch)>{off}</LinkButton>
                        {resets.then(|| view! { <LinkButton href=here.about(&id, "factor")>"Reset second factor…"</LinkButton> })}
                        {heir.then(|| view! { <LinkButton href=here.about(&id, "owner")>"Hand ownership over…"</LinkButton> })}
                        <LinkButton href=here.about(&id, "remove") look=Look::Danger>"Remove…"</LinkButton>
                        <LinkButton href=here.base() look=Look::Quiet>"Close"</LinkButton>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
fn Switch(person: PersonRow, page: PeoplePage, here: Here) -> impl IntoView {
    let switch = Sending::to::<SwitchLogin>();
    let (on, place, name) = (person.is_off, page.place, person.name);
    here.settle(switch, if on { "Sign-in is on" } else { "Sign-in is off" });
    let back = here.about(&person.id.to_string(), "");
    let (title, text, go, look) = if on {
        (
            format!("Switch sign-in on for {name}?"),
            format!("They can sign in to {place} again, as {}.", person.role_label),
            "Switch on",
            Look::Primary,
        )
    } else {
        (
            format!("Switch sign-in off for {name}?"),
            format!(
                "They are signed out of {place} at once, everywhere, and their API tokens and visits end. The role is kept, and can be switched on again. Roles that they have elsewhere stay."
            ),
            "Switch off",
            Look::Danger,
        )
    };
    view! {
        <Card title class="asked">
            <div class="body">
                <SendForm to=switch class="form">
                    {Errors::of(switch).any("Nothing was changed")}
                    <input type="hidden" name="at" value=page.at/>
                    <input type="hidden" name="id" value=person.id.to_string()/>
                    <input type="hidden" name="on" value=on.to_string()/>
                    <p>{text}</p>
                    <Decide go look action=switch back/>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
fn Reset(person: PersonRow, page: PeoplePage, here: Here) -> impl IntoView {
    let reset = Sending::to::<ResetFactor>();
    here.settle(reset, "Second factor reset");
    let back = here.about(&person.id.to_string(), "");
    view! {
        <Card title=format!("Reset the second factor of {}?", person.name) class="asked">
            <div class="body">
                <SendForm to=reset class="form">
                    {Errors::of(reset).any("Nothing was changed")}
                    <input type="hidden" name="at" value=page.at/>
                    <input type="hidden" name="id" value=person.id.to_string()/>
                    <p>"For somebody who has lost the phone and the recovery codes. Make sure that it is them who ask: until a new one is set up, the password alone lets them in. They are signed out everywhere."</p>
                    <Decide go="Reset" look=Look::Danger action=reset back/>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
fn Remove(person: PersonRow, page: PeoplePage, here: Here) -> impl IntoView {
    let remove = Sending::to::<RemovePerson>();
    here.settle(remove, "Removed");
    let back = here.about(&person.id.to_string(), "");
    let place = page.place;
    view! {
        <Card title=format!("Remove {} from {place}?", person.name) class="asked">
            <div class="body">
                <SendForm to=remove class="form">
                    {Errors::of(remove).any("Nothing was changed")}
                    <input type="hidden" name="at" value=page.at/>
                    <input type="hidden" name="id" value=person.id.to_string()/>
                    <p>
                        {format!(
                            "They lose the role {} at once, and are signed out of {place} everywhere. What they did stays in the audit log. To have them back, invite them anew.",
                            person.role_label,
                        )}
                    </p>
                    <Decide go="Remove" look=Look::Danger action=remove back/>
                </SendForm>
            </div>
        </Card>
    }
}

#[component]
fn Heir(person: PersonRow, page: PeoplePage, here: Here) -> impl IntoView {
    let hand = Sending::to::<HandOver>();
    here.settle(hand, "Ownership handed over");
    let errors = Errors::of(hand);
    let back = here.about(&person.id.to_string(), "");
    let place = page.place;
    view! {
        <Card title=format!("Hand {place} over to {}?", person.name) class="asked">
            <div class="body">
                <SendForm to=hand class="form">
                    {errors.general("Nothing was changed")}
                    <input type="hidden" name="id" value=person.id.to_string()/>
                    <p>
                        {format!(
                            "{} becomes the Owner, and you become Super Admin, both at once. Only the new Owner can give it back.",
                            person.name,
                        )}
                    </p>
                    <TextField
                        label=format!("Type the partner’s name to confirm: {place}")
                        name="typed"
                        error=errors.at("typed")
                    />
                    <Decide go="Hand over" look=Look::Danger action=hand back/>
                </SendForm>
            </div>
        </Card>
    }
}
