//! What became of a link: a mail brings it, or it is shown once, to whoever made it.

use crate::{
    address::origin,
    ui::{Card, Check, CopyButton, Time},
};
use domain::people::Invited;
use leptos::prelude::*;

#[component]
pub fn InvitedCard(invited: Invited) -> impl IntoView {
    let Invited { name, email, link, until, replaces } = invited;
    let replaced = replaces.then_some(" The link that was made before works no more.");
    let Some(link) = link else {
        return view! {
            <Card title=format!("{name} is invited")>
                <div class="body">
                    <p>
                        "A mail to " <b>{email}</b> " is on its way. Its link works once, until " <Time at=until/> "."
                        {replaced}
                    </p>
                </div>
            </Card>
        }
        .into_any();
    };
    let link = format!("{}{link}", origin());
    let text = link.clone();
    view! {
        <Card title=format!("The link for {name}")>
            <div class="body form">
                <p>
                    "Send it to " <b>{email}</b> ", to this person alone: whoever has it can use it. It works once, until "
                    <Time at=until/> ", and is shown only now."
                    {replaced}
                </p>
                <div class="once">
                    <input class="input mono" type="text" readonly aria-label="Link" value=link/>
                    <CopyButton text what="link"/>
                </div>
            </div>
        </Card>
    }
    .into_any()
}

/// Whether a mail brings the link.
#[component]
pub fn SendBox() -> impl IntoView {
    view! {
        <Check
            label="Send the link by mail"
            name="send_email"
            checked=true
            hint="Without it, the link is shown to you, once."
        />
    }
}
