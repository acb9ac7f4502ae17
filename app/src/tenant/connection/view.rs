//! A connection's page as one sees it.

use super::{
    form::{ConnectionFields, cloud_name},
    server::{Reconnect, Retest},
};
use crate::{
    frame::{Page, may},
    tenant::{parts::Permissions, paths, snapshots::tenant_name, words},
    ui::{
        Banner, Button, Callout, Card, CopyButton, Crumb, Dot, Fact, Facts, Linked, Look, Time, TimeStyle,
        Toasts, Tone, plural,
    },
    wire::{Errors, SendForm, Sending},
};
use domain::{access::Action, view::ConnectionView};
use leptos::prelude::*;

#[component]
pub fn ConnectionDetail(tenant: String, connection: ConnectionView, again: Callback<()>) -> impl IntoView {
    let retest = Sending::to::<Retest>();
    let toasts = use_context::<Toasts>();
    Effect::new(move || {
        let (tone, said, text) = match (retest.value::<ConnectionView>(), retest.error()) {
            (Some(now), _) => {
                let (tone, said) = words::tested(&now);
                (tone, said, now.problem.unwrap_or_default())
            }
            (None, Some(error)) => (Tone::Bad, "The test failed", error.message().to_owned()),
            (None, None) => return,
        };
        if let Some(toasts) = toasts {
            toasts.say(tone, said, text);
        }
        again.run(());
    });
    let trail = vec![Crumb::link(tenant_name(&tenant), paths::overview(&tenant)), Crumb::here("Connection")];
    let tested = connection.tested_at;
    let lead = move || match tested {
        Some(at) => view! { "Last tested " <Time at style=TimeStyle::Relative/> "." }.into_any(),
        None => "Not tested yet.".into_any(),
    };
    let actions = {
        let tenant = tenant.clone();
        move || {
            view! {
                <SendForm to=retest>
                    <input type="hidden" name="tenant" value=tenant/>
                    <Button icon="refresh-cw" busy=retest.pending()>"Test again"</Button>
                </SendForm>
            }
        }
    };
    let state = connection.state();
    let lacking = words::lacking(&connection);
    let problem = connection.problem.clone();
    let note = restore_note(&connection);
    let permissions = connection.permissions.clone();
    let cloud = cloud_name(&connection.cloud).to_owned();
    let (directory, client_id) = (connection.directory.clone(), connection.client_id.clone());
    view! {
        <Page title="Connection" lead trail actions>
            {problem
                .map(|text| {
                    view! { <Banner tone=Tone::Bad title="Signing in to the tenant does not work as it should"><Linked text/></Banner> }
                })}
            {lacking.map(|(tone, title, text)| view! { <Banner tone title>{text}</Banner> })}
            <div class="two">
                <div class="stack">
                    <Card title="Permissions"><Permissions rows=permissions/></Card>
                    {note.map(|text| view! { <Callout title="Read-only connection">{text}</Callout> })}
                </div>
                <div class="stack">
                    <Card title="Sign-in">
                        <Facts>
                            <Fact name="State"><Dot tone=words::connection(state)>{state.label()}</Dot></Fact>
                            <Fact name="Directory"><Copied text=directory what="directory id"/></Fact>
                            <Fact name="Application"><Copied text=client_id what="application id"/></Fact>
                            <Fact name="Cloud">{cloud}</Fact>
                        </Facts>
                    </Card>
                    {may(Action::Connect).then(|| view! { <NewSecret tenant connection again/> })}
                </div>
            </div>
        </Page>
    }
}

#[component]
fn Copied(text: String, what: &'static str) -> impl IntoView {
    view! { <span class="copied"><span class="mono">{text.clone()}</span><CopyButton text what/></span> }
}

/// What lacking permissions mean, when only restores lack any.
fn restore_note(connection: &ConnectionView) -> Option<String> {
    let lacking =
        connection.permissions.iter().filter(|p| p.restore && p.granted_by.is_none()).count() as i64;
    (connection.signs_in && lacking > 0).then(|| {
        format!(
            "It backs up and compares. For restores, {} not granted; a restore's plan names what is missing, step by step, before anything runs. Grant it then, and take it away afterwards, if you like.",
            plural(lacking, "permission is", "permissions are")
        )
    })
}

/// A secret ends; this puts a new one in its place.
#[component]
fn NewSecret(tenant: String, connection: ConnectionView, again: Callback<()>) -> impl IntoView {
    let action = Sending::to::<Reconnect>();
    let toasts = use_context::<Toasts>();
    Effect::new(move || {
        if action.done() {
            if let Some(toasts) = toasts {
                toasts.say(Tone::Good, "Connected", "The new secret works.");
            }
            again.run(());
        }
    });
    let errors = Errors::of(action);
    view! {
        <Card title="Renew the secret">
            <div class="body">
                <SendForm to=action class="form">
                    <input type="hidden" name="tenant" value=tenant/>
                    {errors.general("Not renewed")}
                    <ConnectionFields
                        errors
                        directory=connection.directory
                        client_id=connection.client_id
                        cloud=connection.cloud
                    />
                    <div class="actions">
                        <Button look=Look::Primary busy=action.pending()>"Test and renew"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}
