//! A link that is shown once, to whoever made it.

use crate::{
    address::origin,
    ui::{Card, CopyButton, Time},
};
use domain::people::Invited;
use leptos::prelude::*;

#[component]
pub fn LinkOnce(invited: Invited) -> impl IntoView {
    let Invited { name, email, link, until } = invited;
    let link = format!("{}{link}", origin());
    let text = link.clone();
    view! {
        <Card title=format!("The link for {name}")>
            <div class="body form">
                <p>
                    "Send it to " <b>{email}</b> ", to this person alone: whoever has it can use it. It works once, until "
                    <Time at=until/> ", and is shown only now."
                </p>
                <div class="once">
                    <input class="input mono" type="text" readonly aria-label="Link" value=link/>
                    <CopyButton text what="link"/>
                </div>
            </div>
        </Card>
    }
}
