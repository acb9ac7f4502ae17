//! What its maker is shown, once: the link with which the customer takes up the portal.

use crate::{
    address::origin,
    frame::Page,
    partner::{parts::trail, paths},
    ui::{Banner, Card, CopyButton, Crumb, LinkButton, Look, Time, Tone},
};
use domain::partner::OrganizationCreated;
use leptos::prelude::*;

#[component]
pub fn CreatedView(created: OrganizationCreated) -> impl IntoView {
    let OrganizationCreated { id, name, email, link, until } = created;
    let trail = trail([Crumb::here("New organization")]);
    let link = format!("{}{link}", origin());
    let title = format!("{name} is ready");
    let text = link.clone();
    view! {
        <Page title trail lead=|| "One thing is left: give them their link.">
            <Card title="The link to sign in with" class="narrow">
                <div class="body form">
                    <p>
                        "Send it to " <b>{email}</b> ". It opens a page where they choose a password. It works once, until "
                        <Time at=until/> "."
                    </p>
                    <div class="once">
                        <input class="input mono" type="text" readonly aria-label="Link" value=link/>
                        <CopyButton text what="link"/>
                    </div>
                    <Banner tone=Tone::Warn title="It is shown only now">
                        "Holdfast keeps no copy that it could show again. Whoever has the link can use it, so send it to this person alone."
                    </Banner>
                    <div class="actions">
                        <LinkButton href=paths::organization(id) look=Look::Primary>{format!("Go to {name}")}</LinkButton>
                        <a class="btn quiet" href=paths::NEW_ORGANIZATION rel="external">"Create another"</a>
                    </div>
                </div>
            </Card>
        </Page>
    }
}
