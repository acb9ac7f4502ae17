//! What its maker is shown: that the link is on its way, or, once, the link with which the customer takes up the portal.

use crate::{
    address::origin,
    frame::Page,
    partner::{parts::trail, paths},
    ui::{Banner, Card, CopyButton, Crumb, LinkButton, Look, Time, Tone},
};
use domain::{partner::OrganizationCreated, view::Instant};
use leptos::prelude::*;

#[component]
pub fn CreatedView(created: OrganizationCreated) -> impl IntoView {
    let OrganizationCreated { id, name, email, link, until } = created;
    let trail = trail([Crumb::here("New organization")]);
    let title = format!("{name} is ready");
    let lead =
        if link.is_some() { "One thing is left: give them their link." } else { "Their link is on its way." };
    let body = match link {
        Some(link) => view! {
            <p>"Send it to " <b>{email}</b> ". It opens a page where they choose a password."</p>
            <LinkOnce link until/>
        }
        .into_any(),
        None => view! { <Mailed email until/> }.into_any(),
    };
    view! {
        <Page title trail lead=move || lead>
            <Card title="The link to sign in with" class="narrow">
                <div class="body form">
                    {body}
                    <div class="actions">
                        <LinkButton href=paths::organization(id) look=Look::Primary>{format!("Go to {name}")}</LinkButton>
                        <a class="btn quiet" href=paths::NEW_ORGANIZATION rel="external">"Create another"</a>
                    </div>
                </div>
            </Card>
        </Page>
    }
}

/// A link that is shown this once.
#[component]
pub fn LinkOnce(#[prop(into)] link: String, until: Instant) -> impl IntoView {
    let link = format!("{}{link}", origin());
    let text = link.clone();
    view! {
        <div class="once">
            <input class="input mono" type="text" readonly aria-label="Link" value=link/>
            <CopyButton text what="link"/>
        </div>
        <Banner tone=Tone::Warn title="It is shown only now">
            "It works once, until " <Time at=until/>
            ". No copy is kept that could be shown again. Whoever has the link can use it, so send it to this person alone."
        </Banner>
    }
}

/// A link that was sent.
#[component]
pub fn Mailed(#[prop(into)] email: String, until: Instant) -> impl IntoView {
    view! {
        <p>
            "A mail to " <b>{email}</b> " is on its way. Its link opens a page where they choose a password, and works once, until "
            <Time at=until/> ". Whether it arrived stands under " <a class="link" href=paths::MAIL>"Mail"</a> "."
        </p>
    }
}
