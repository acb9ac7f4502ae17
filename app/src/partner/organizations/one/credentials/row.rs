//! One tenant's connection.

use super::{super::view::Here, renew, server::RetestCredentials};
use crate::{
    partner::{
        organizations::one::Tab,
        parts::{CredentialBadge, none},
    },
    tenant::{connection::cloud_name, parts::Permissions, words},
    ui::{
        Badge, Button, Callout, Card, CopyButton, Fact, Facts, LinkButton, Linked, Time, TimeStyle, Toasts,
        Tone, plural, seconds_since,
    },
    wire::{Errors, SendForm, Sending},
};
use domain::{
    connection::{EXPIRY_WARNING_DAYS, ProofKind},
    partner::CredentialRow,
    view::{ConnectionView, Instant},
};
use leptos::prelude::*;

#[component]
pub fn CredentialCard(here: Here, row: CredentialRow, manage: bool) -> impl IntoView {
    let status = row.status;
    let missing = |restore: bool| {
        row.permissions.iter().filter(|p| p.restore == restore && p.granted_by.is_none()).count() as i64
    };
    let (backup, restore) = (missing(false), missing(true));
    let granted = |lacking: i64, of: &str| {
        if lacking == 0 {
            view! { <Badge tone=Tone::Good>"all granted"</Badge> }.into_any()
        } else {
            let tone = if of == "restore" { Tone::Plain } else { Tone::Warn };
            view! { <Badge tone>{plural(lacking, "permission missing", "permissions missing")}</Badge> }
                .into_any()
        }
    };
    let (for_backup, for_restore) = (granted(backup, "backup"), granted(restore, "restore"));
    let when = |at: Option<Instant>| match at {
        Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
        None => none(),
    };
    let cloud = cloud_name(&row.cloud).to_owned();
    let actions = manage.then(|| view! { <Actions here row=row.clone()/> });
    view! {
        <Card title=row.tenant.clone() end=move || view! { <CredentialBadge status/> }>
            {row.problem.clone().map(|text| view! { <div class="body"><Callout tone=Tone::Bad title="Signing in does not work as it should"><Linked text/></Callout></div> })}
            <Facts>
                <Fact name="Domain">{row.domain.clone()}</Fact>
                <Fact name="Directory"><Copied text=row.directory.clone() what="directory id"/></Fact>
                <Fact name="Application"><Copied text=row.client_id.clone() what="application id"/></Fact>
                <Fact name="Cloud">{cloud}</Fact>
                <Fact name="Signs in with">{row.proof.label()}</Fact>
                <Fact name="Ends"><Ends proof=row.proof at=row.expires/></Fact>
                <Fact name="For backups">{for_backup}</Fact>
                <Fact name="For restores">{for_restore}</Fact>
                <Fact name="Last test">{when(row.tested)}</Fact>
                <Fact name="Last backup">{when(row.last_backup)}</Fact>
                <Fact name="Next backup">{when(row.next_backup)}</Fact>
            </Facts>
            <details class="fold">
                <summary>"Permissions, one by one"</summary>
                <Permissions rows=row.permissions/>
            </details>
            {actions}
        </Card>
    }
    .into_any()
}

#[component]
fn Copied(text: String, what: &'static str) -> impl IntoView {
    view! { <span class="copied"><span class="mono">{text.clone()}</span><CopyButton text what/></span> }
}

/// How many days are left.
#[component]
fn Ends(proof: ProofKind, at: Option<Instant>) -> impl IntoView {
    match (at, proof) {
        (Some(at), _) => {
            let days = -seconds_since(at).div_euclid(86_400) - 1;
            let (tone, text) = match days {
                ..0 => (Tone::Bad, "has ended".to_owned()),
                0 => (Tone::Bad, "today".to_owned()),
                _ => {
                    let tone = if days <= EXPIRY_WARNING_DAYS { Tone::Warn } else { Tone::Plain };
                    (tone, format!("in {}", plural(days, "day", "days")))
                }
            };
            view! { <span class="row"><Badge tone>{text}</Badge><span class="muted"><Time at/></span></span> }
                .into_any()
        }
        (None, ProofKind::Installation) => {
            view! { <span class="muted">"Does not end: it stands until the customer takes it back"</span> }
                .into_any()
        }
        (None, _) => {
            view! { <span class="muted">"Not noted; renewing it asks for the day"</span> }.into_any()
        }
    }
}

/// Test now, and the way to renewing it.
#[component]
fn Actions(here: Here, row: CredentialRow) -> impl IntoView {
    let retest = Sending::to::<RetestCredentials>();
    let toasts = use_context::<Toasts>();
    Effect::new(move || {
        let Some(now) = retest.value::<ConnectionView>() else { return };
        let (tone, said) = words::tested(&now);
        if let Some(toasts) = toasts {
            toasts.say(tone, said, now.problem.unwrap_or_default());
        }
        here.again.run(());
    });
    let id = here.organization.with_value(|o| o.row.id.to_string());
    let href = format!("{}&ask={}", here.href(Tab::Credentials), renew::key(row.id));
    view! {
        <div class="body">
            {Errors::of(retest).any("The test failed")}
            <SendForm to=retest>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="tenant" value=row.id.to_string()/>
                <div class="row">
                    <Button icon="refresh-cw" busy=retest.pending()>"Test now"</Button>
                    <LinkButton href icon="key-round">"Renew"</LinkButton>
                </div>
            </SendForm>
        </div>
    }
}
