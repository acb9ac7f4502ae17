//! Links that ask the customer's administrator for consent.

use super::{
    super::view::Here,
    server::{MadeConsentLink, MakeConsentLink, RevokeConsentLink},
};
use crate::{
    address::origin,
    frame::{Page, load},
    partner::{
        parts::{settle, trail},
        paths,
    },
    ui::{
        Badge, Banner, Button, Callout, Card, CopyButton, Crumb, LinkButton, Look, Table, TextField, Time,
        Tone,
    },
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::connection::{ConsentLinkMade, ConsentLinkRow, ConsentState};
use leptos::prelude::*;

#[component]
pub fn Links(here: Here, manage: bool) -> impl IntoView {
    let Some(links) = here.organization.with_value(|o| o.consent.clone()) else {
        return manage
            .then(|| {
                view! {
                    <Callout title="Consent links are not set up in this installation">
                        "With an app registration of the installation's own, a customer's administrator can connect the directory by following a link. The operator sets HOLDFAST_APP_CLIENT_ID with HOLDFAST_APP_SECRET or HOLDFAST_APP_CERTIFICATE. Until then, connect with an app registration of the customer."
                    </Callout>
                }
            })
            .into_any();
    };
    let list = (!links.is_empty()).then(|| view! { <Rows here links manage/> });
    view! {
        <Card title="Ask the customer's administrator">
            {manage.then(|| view! { <Make here/> })}
            {list}
        </Card>
    }
    .into_any()
}

/// A link that was made a moment ago. The page keeps it, because it reads itself again for the list.
#[derive(Clone, Copy)]
struct Fresh(RwSignal<Option<ConsentLinkMade>>);

/// Keeps a link for the part of the page that shows it.
pub fn expect_consent_link() {
    provide_context(Fresh(RwSignal::new(None)));
}

#[component]
fn Make(here: Here) -> impl IntoView {
    let make = Sending::to::<MakeConsentLink>();
    let errors = Errors::of(make);
    let fresh = use_context::<Fresh>();
    Effect::new(move || {
        let Some(made) = make.value::<ConsentLinkMade>() else { return };
        if let Some(Fresh(fresh)) = fresh {
            fresh.set(Some(made));
        }
        here.again.run(());
    });
    let (id, name, sends_mail) =
        here.organization.with_value(|o| (o.row.id, o.row.name.clone(), o.sends_mail));
    let made = move || fresh.and_then(|Fresh(fresh)| fresh.get()).filter(|made| made.organization == id);
    view! {
        <div class="body form">
            <p class="muted">
                {format!("A link that connects a directory for {name} and for nobody else. Its administrator needs no account here: they sign in at Microsoft, see every permission and why, and accept. It works once, for seven days, in any browser.")}
            </p>
            {move || made().map(|made| view! { <Once made/> })}
            <SendForm to=make class="form">
                {errors.general("No link was made")}
                <input type="hidden" name="id" value=id.to_string()/>
                {sends_mail
                    .then(|| {
                        view! {
                            <TextField
                                label="Their e-mail"
                                name="email"
                                kind="email"
                                optional=true
                                hint="The link is sent there. Left empty, it is shown to you, once."
                                error=errors.at("email")
                            />
                        }
                    })}
                <div class="actions"><Button icon="link" busy=make.pending()>"Make a link"</Button></div>
            </SendForm>
        </div>
    }
}

/// The link, shown this once; or where it went.
#[component]
fn Once(made: ConsentLinkMade) -> impl IntoView {
    let Some(link) = made.link else {
        return view! {
            <Banner tone=Tone::Good title="It is on its way">
                "A mail brings the link to " <b>{made.sent_to}</b> ". It works once, until " <Time at=made.until/> "."
            </Banner>
        }
        .into_any();
    };
    let link = format!("{}{link}", origin());
    let text = link.clone();
    view! {
        <div class="once">
            <input class="input mono" type="text" readonly aria-label="Link" value=link/>
            <CopyButton text what="link"/>
        </div>
        <Banner tone=Tone::Warn title="It is shown only now">
            "No copy is kept that could be shown again. Send it to the administrator alone; it works once, until "
            <Time at=made.until/> "."
        </Banner>
    }
    .into_any()
}

#[component]
fn Rows(here: Here, links: Vec<ConsentLinkRow>, manage: bool) -> impl IntoView {
    let id = here.organization.with_value(|o| o.row.id.to_string());
    let revoke = Sending::to::<RevokeConsentLink>();
    settle(revoke, here.again, "Taken back");
    let body = links
        .into_iter()
        .map(|link| {
            let tone = match link.state {
                ConsentState::Open => Tone::Accent,
                ConsentState::Used => Tone::Good,
                ConsentState::Revoked | ConsentState::Expired => Tone::Plain,
            };
            let what = match (&link.used_by, link.ended) {
                (Some(by), Some(at)) => {
                    let by = by.clone();
                    view! { <span>{by}</span> ", " <Time at/> }.into_any()
                }
                (None, Some(at)) => view! { <Time at/> }.into_any(),
                _ => view! { "until " <Time at=link.until/> }.into_any(),
            };
            let id = id.clone();
            let take_back = (manage && link.state == ConsentState::Open).then(|| {
                view! {
                    <SendForm to=revoke>
                        <input type="hidden" name="id" value=id/>
                        <input type="hidden" name="link" value=link.id.to_string()/>
                        <Button small=true busy=revoke.pending()>"Take back"</Button>
                    </SendForm>
                }
            });
            view! {
                <tr>
                    <th scope="row">
                        <Time at=link.made/>
                        {link.sent_to.map(|to| view! { <small class="faint block">{format!("to {to}")}</small> })}
                    </th>
                    <td class="wide">{link.made_by}</td>
                    <td><Badge tone>{link.state.label()}</Badge> <small class="muted block">{what}</small></td>
                    <td class="right">{take_back}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {Errors::of(revoke).any("It was not taken back")}
        <Table label="Consent links">
            <thead>
                <tr>
                    <th scope="col">"Made"</th>
                    <th scope="col" class="wide">"By"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="right"><span class="aloud">"Take back"</span></th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}

/// Where a form without a script leads: the link, shown this once.
#[component]
pub fn MadeLinkPage() -> impl IntoView {
    let made = answers(|| ask(MadeConsentLink {}));
    load(made, |made: Option<ConsentLinkMade>| {
        let trail = trail([Crumb::here("Consent link")]);
        let body = match made {
            Some(made) => {
                let back = format!("{}?tab=credentials", paths::organization(made.organization));
                let name = made.organization_name.clone();
                view! {
                    <Card title=format!("For the administrator of {name}") class="narrow">
                        <div class="body form">
                            <Once made/>
                            <div class="actions"><LinkButton href=back look=Look::Primary>{format!("Back to {name}")}</LinkButton></div>
                        </div>
                    </Card>
                }
                .into_any()
            }
            None => view! {
                <Callout title="The link was shown already">"Make another one on the organization's page; take the other one back if it was lost."</Callout>
            }
            .into_any(),
        };
        view! { <Page title="Consent link" trail>{body}</Page> }.into_any()
    })
}
