//! The form for connecting, beside the guide.

use super::guide::Guide;
use crate::{
    error::AppError,
    frame::{Page, may},
    tenant::{
        connection::{
            ConnectionFields, Errors,
            server::{Connect, TestConnection},
        },
        parts::Permissions,
    },
    ui::{Banner, Button, Callout, Card, Crumb, Look, Tone},
};
use domain::{access::Action, view::ConnectionTest};
use leptos::{html, prelude::*};

#[component]
pub fn ConnectView() -> impl IntoView {
    let trail = vec![Crumb::here("Connect a tenant")];
    let lead = || "Holdfast signs in to Microsoft Graph as an app registration of yours, with the permissions that you give it.";
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
                <div class="stack"><ConnectForm/></div>
                <div class="stack"><Guide/></div>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn ConnectForm() -> impl IntoView {
    let connect = ServerAction::<Connect>::new();
    let test = ServerAction::<TestConnection>::new();
    let form = NodeRef::<html::Form>::new();
    // Whichever was asked last is what the form speaks of.
    let tested = RwSignal::new(false);
    let error = Signal::derive(move || match tested.get() {
        true => test.value().get().and_then(Result::err),
        false => connect.value().get().and_then(Result::err),
    });
    let errors = Errors(error);
    let try_it = move |_| {
        let Some(form) = form.get_untracked() else { return };
        if !form.report_validity() {
            return;
        }
        let value = |name: &str| {
            let field = form.elements().named_item(name);
            field.map(|field| text_of(&field)).unwrap_or_default()
        };
        tested.set(true);
        test.dispatch(TestConnection {
            directory: value("directory"),
            client_id: value("client_id"),
            secret: value("secret"),
            cloud: value("cloud"),
        });
    };
    let found = move || tested.get().then(|| test.value().get().and_then(Result::ok)).flatten();
    view! {
        <Card title="What Holdfast needs">
            <div class="body">
                <ActionForm action=connect node_ref=form attr:class="form" on:submit=move |_| tested.set(false)>
                    {move || errors.general().map(|error| view! { <Trouble error/> })}
                    <ConnectionFields errors/>
                    <div class="actions">
                        <Button look=Look::Primary busy=connect.pending()>"Connect and back up"</Button>
                        <span class="scripted">
                            <Button kind="button" busy=test.pending() on:click=try_it>"Test connection"</Button>
                        </span>
                    </div>
                    <p class="small muted">"Connecting reads; it changes nothing in the tenant. The first backup starts at once."</p>
                </ActionForm>
            </div>
        </Card>
        {move || found().map(|test| view! { <Found test/> })}
    }
}

fn text_of(field: &wasm_bindgen::JsValue) -> String {
    js_sys::Reflect::get(field, &"value".into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

#[component]
fn Trouble(error: AppError) -> impl IntoView {
    let text = error.message().to_owned();
    view! { <Callout tone=Tone::Bad title="Not connected">{text}</Callout> }
}

/// What the test saw: whose tenant it is, and what may be done there.
#[component]
fn Found(test: ConnectionTest) -> impl IntoView {
    let (tone, title, text) = match (test.can_back_up, test.can_restore) {
        (true, true) => {
            (Tone::Good, "Ready for backups and restores", "Everything that Holdfast may need is granted.")
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
