//! The form for connecting, beside the guide.

use super::guide::Guide;
use crate::{
    brand,
    consent::server::OwnConsent,
    frame::{Page, may, session_view},
    tenant::{
        connection::{
            ConnectionFields,
            server::{Connect, TestConnection},
        },
        parts::Permissions,
    },
    ui::{Banner, Button, Callout, Card, Crumb, Look, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::{access::Action, view::ConnectionTest};
use leptos::prelude::*;

#[component]
pub fn ConnectView() -> impl IntoView {
    let trail = vec![Crumb::here("Connect a tenant")];
    let lead = || {
        format!(
            "{} signs in to Microsoft Graph as an app registration of yours, with the permissions that you give it.",
            brand::name()
        )
    };
    if !may(Action::Connect) {
        return view! {
            <Page title="Connect a tenant" lead trail>
                <Banner tone=Tone::Warn title="Your role does not connect tenants">
                    "Ask a Full Admin or an IT Admin of your organization to connect one; it then appears here."
                </Banner>
            </Page>
        }
            .into_any();
    }
    view! {
        <Page title="Connect a tenant" lead trail>
            <div class="connect">
                <div class="stack">{by_consent()}<ConnectForm/></div>
                <div class="stack"><Guide/></div>
            </div>
        </Page>
    }
    .into_any()
}

/// The short way, where the installation has an app of its own.
fn by_consent() -> Option<AnyView> {
    if !session_view().is_some_and(|session| session.consent) {
        return None;
    }
    let consent = Sending::to::<OwnConsent>();
    let card = view! {
        <Card title="The short way: admin consent">
            <div class="body">
                <SendForm to=consent class="form">
                    {Errors::of(consent).any("Not begun")}
                    <p class="muted">"If you are a Global Administrator or a Privileged Role Administrator, sign in at Microsoft and accept the permissions. There is nothing to register and no secret to renew."</p>
                    <div class="actions"><Button look=Look::Primary busy=consent.pending()>"Connect with admin consent"</Button></div>
                </SendForm>
            </div>
        </Card>
    };
    Some(card.into_any())
}

#[component]
fn ConnectForm() -> impl IntoView {
    let connect = Sending::to::<Connect>();
    let test = Sending::to::<TestConnection>();
    // Whichever was asked last is what the form speaks of.
    let tested = RwSignal::new(false);
    let error = Signal::derive(move || if tested.get() { test.error() } else { connect.error() });
    let errors = Errors(error);
    let found = move || tested.get().then(|| test.value::<ConnectionTest>()).flatten();
    view! {
        <Card title=format!("What {} needs", brand::name())>
            <div class="body">
                <SendForm to=connect or=test before=Callback::new(move |other| tested.set(other)) class="form">
                    {errors.general("Not connected")}
                    <ConnectionFields errors/>
                    <div class="actions">
                        <Button look=Look::Primary busy=connect.pending()>"Connect and back up"</Button>
                        <span class="scripted">
                            <Button busy=test.pending() attr:formaction=test.path()>"Test connection"</Button>
                        </span>
                    </div>
                    <p class="small muted">"Connecting reads; it changes nothing in the tenant. The first backup starts at once."</p>
                </SendForm>
            </div>
        </Card>
        {move || found().map(|test| view! { <Found test/> })}
    }
}

/// What the test saw: whose tenant it is, and what may be done there.
#[component]
fn Found(test: ConnectionTest) -> impl IntoView {
    let (tone, title, text) = match (test.can_back_up, test.can_restore) {
        (true, true) => {
            (Tone::Good, "Ready for backups and restores", "Everything that may be needed is granted.")
        }
        (true, false) => (
            Tone::Good,
            "Ready for backups",
            "It backs up and compares. Some restores need more; their plan names what is missing, step by step, before anything runs.",
        ),
        (false, _) => (
            Tone::Bad,
            "Backups cannot run yet",
            "Signing in works, but what is marked below is missing. Add it in Entra, grant admin consent, and test again.",
        ),
    };
    view! {
        <Callout tone title=format!("{}: {title}", test.organization)>
            <span class="mono">{test.domain}</span> ". " {text}
        </Callout>
        <Card title="What is granted"><Permissions rows=test.permissions/></Card>
    }
}
