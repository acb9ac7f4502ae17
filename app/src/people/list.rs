//! Who is there, and who was invited.

use super::{
    Here,
    server::{RenewInvitation, RevokeInvitation},
};
use crate::{
    ui::{Avatar, Badge, Button, Card, Empty, Look, Table, Time, TimeStyle, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::people::{InvitationRow, PeoplePage, PersonRow};
use leptos::prelude::*;

#[component]
pub(super) fn People(page: StoredValue<PeoplePage>, here: Here, inviter: ViewFn) -> impl IntoView {
    let page = page.get_value();
    // A closure of its own: it reads the address, and a card runs what stands at its end but once.
    let inviter = move || {
        let inviter = inviter.clone();
        move || inviter.run()
    };
    let changes = page.people.iter().any(|person| person.may_change) || page.may_hand_over;
    let hands_over = page.may_hand_over;
    if page.people.is_empty() {
        return view! {
            <Card title="People" end=inviter>
                <Empty
                    icon="users-round"
                    title="Nobody yet"
                    text="Whoever takes up an invitation appears here with a role, which says what they may do."
                />
            </Card>
        }
        .into_any();
    }
    let rows =
        page.people.into_iter().map(|person| view! { <Row person here changes hands_over/> }).collect_view();
    view! {
        <Card title="People" end=inviter>
            <Table label="People" class="people">
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col" class="wide">"Second factor"</th>
                        <th scope="col" class="wide">"Last here"</th>
                        {changes.then(|| view! { <th scope="col"><span class="aloud">"Change"</span></th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(person: PersonRow, here: Here, changes: bool, hands_over: bool) -> impl IntoView {
    let href = here.about(&person.id.to_string(), "");
    let open = person.may_change || (hands_over && !person.is_me);
    let name = person.name.clone();
    let whole = (person.name.clone(), person.email.clone());
    let seen = match person.seen {
        Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
        None => view! { "Not yet" }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <span class="who">
                    <Avatar name=person.name.clone() round=true/>
                    <span>
                        <span class="named">
                            <b title=whole.0>{person.name}</b>
                            {person.is_me.then(|| view! { <Badge>"You"</Badge> })}
                            {person.is_off.then(|| view! { <Badge tone=Tone::Warn>"Sign-in off"</Badge> })}
                        </span>
                        <small title=whole.1>{person.email}</small>
                    </span>
                </span>
            </th>
            <td class="nowrap">{person.role_label}</td>
            <td class="wide muted nowrap">{if person.has_factor { "On" } else { "Off" }}</td>
            <td class="wide muted num nowrap">{seen}</td>
            {changes
                .then(|| {
                    view! {
                        <td class="right fit">
                            {open
                                .then(|| {
                                    view! { <a class="btn quiet small" href=href>"Change" <span class="aloud">{format!(" {name}")}</span></a> }
                                })}
                        </td>
                    }
                })}
        </tr>
    }
}

/// Those who have not come yet.
#[component]
pub(super) fn Invitations(page: StoredValue<PeoplePage>, here: Here) -> impl IntoView {
    let page = page.get_value();
    if page.invitations.is_empty() {
        return ().into_any();
    }
    let (renew, revoke) = (Sending::to::<RenewInvitation>(), Sending::to::<RevokeInvitation>());
    here.settle_link(renew);
    here.settle(revoke, "Invitation revoked");
    let (at, sends_mail) = (StoredValue::new(page.at), page.sends_mail);
    let rows = page
        .invitations
        .into_iter()
        .map(|invitation| view! { <Pending invitation at=at.get_value() sends_mail here renew revoke/> })
        .collect_view();
    let problem = move || {
        let said = renew.error().or_else(|| revoke.error());
        said.map(|_| {
            view! {
                <div class="body">
                    {Errors::of(renew).any("The invitation is as it was")}
                    {Errors::of(revoke).any("The invitation is as it was")}
                </div>
            }
        })
    };
    view! {
        <Card title="Invited">
            {problem}
            <Table label="Invitations">
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col" class="wide">"Invited by"</th>
                        <th scope="col" class="wide">"Link good until"</th>
                        <th scope="col"><span class="aloud">"Change"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            <footer>"A new link ends the one before it. Each works once."</footer>
        </Card>
    }
    .into_any()
}

#[component]
fn Pending(
    invitation: InvitationRow,
    at: String,
    sends_mail: bool,
    here: Here,
    renew: Sending,
    revoke: Sending,
) -> impl IntoView {
    let (id, name) = (invitation.id.to_string(), invitation.name.clone());
    let until = if invitation.is_expired {
        view! { <Badge tone=Tone::Warn>"Expired"</Badge> }.into_any()
    } else {
        view! { <Time at=invitation.until/> }.into_any()
    };
    let buttons = invitation.may_change.then(|| {
        let renewal = |by_mail: bool, text: &'static str| {
            let (at, id, aloud) = (at.clone(), id.clone(), format!(" for {name}"));
            view! {
                <SendForm to=renew>
                    <input type="hidden" name="at" value=at/>
                    <input type="hidden" name="back" value=here.base()/>
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="by_mail" value=by_mail.to_string()/>
                    <Button small=true look=Look::Quiet busy=renew.pending()>{text} <span class="aloud">{aloud}</span></Button>
                </SendForm>
            }
        };
        let (sent, shown) = (sends_mail.then(|| renewal(true, "Send again")), renewal(false, "New link"));
        let too = format!(" the invitation of {name}");
        view! {
            <span class="row end">
                {sent}
                {shown}
                <SendForm to=revoke>
                    <input type="hidden" name="at" value=at/>
                    <input type="hidden" name="id" value=id/>
                    <Button small=true look=Look::Quiet busy=revoke.pending()>"Revoke" <span class="aloud">{too}</span></Button>
                </SendForm>
            </span>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <b>{invitation.name}</b>
                <small class="faint block">{invitation.email}</small>
            </th>
            <td class="nowrap">{invitation.role_label}</td>
            <td class="wide muted">{invitation.invited_by}</td>
            <td class="wide muted num nowrap">{until}</td>
            <td class="right fit">{buttons}</td>
        </tr>
    }
}
