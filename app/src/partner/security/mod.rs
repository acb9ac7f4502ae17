//! How everybody at a partner, and at its customers, signs in.

pub mod server;

use self::server::{AskSecondFactor, SecondFactorRule};
use super::parts::{settle, trail};
use crate::{
    account::own_path,
    frame::{Page, load},
    ui::{Badge, Banner, Button, Card, Crumb, LinkButton, Look, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::account::SecondFactorRuleView;
use leptos::prelude::*;

#[component]
pub fn SecurityPage() -> impl IntoView {
    let rule = answers(|| ask(SecondFactorRule {}));
    let again = Callback::new(move |()| rule.refetch());
    load(rule, move |rule| view! { <SecurityView rule again/> }.into_any())
}

#[component]
pub fn SecurityView(rule: SecondFactorRuleView, again: Callback<()>) -> impl IntoView {
    let set = Sending::to::<AskSecondFactor>();
    settle(set, again, "Done");
    let SecondFactorRuleView { own, above, ready } = rule;
    let asked = own || above.is_some();
    let state = move || match asked {
        true => view! { <Badge tone=Tone::Good>"Asked for"</Badge> },
        false => view! { <Badge tone=Tone::Plain>"Everybody's own choice"</Badge> },
    };
    let from_above = above.map(|name| {
        view! {
            <Banner tone=Tone::Info title=format!("{name} asks for it")>
                "What a partner above asks for holds here as well, and stays while it does."
            </Banner>
        }
    });
    let what = if own {
        view! {
            <p>"When it is asked for no longer, whoever has a second factor keeps it, and may switch it off."</p>
            <SendForm to=set>
                <input type="hidden" name="on" value="false"/>
                <Button busy=set.pending()>"Ask for it no longer"</Button>
            </SendForm>
        }
        .into_any()
    } else if ready {
        view! {
            <p>"Whoever is signed in without one is signed out with the next page, and sets one up when signing in again. Nothing else is open to them before."</p>
            <SendForm to=set>
                <input type="hidden" name="on" value="true"/>
                <Button look=Look::Primary busy=set.pending()>"Ask everybody for one"</Button>
            </SendForm>
        }
        .into_any()
    } else {
        view! {
            <Banner tone=Tone::Warn title="Your own comes first">
                "Asking everybody would sign you out, too. Set your second factor up, or sign in again with it, and come back."
            </Banner>
            <div class="actions">
                <LinkButton href=format!("{}/second-factor", own_path(true)) look=Look::Primary>"To your second factor"</LinkButton>
            </div>
        }
        .into_any()
    };
    view! {
        <Page
            title="Security"
            trail=trail([Crumb::here("Security")])
            lead=|| "How everybody signs in: your users, your customers' users, and those of every partner below you."
        >
            {from_above}
            <Card title="Second factor" end=state class="narrow">
                <div class="body form">
                    {Errors::of(set).any("Nothing was changed")}
                    <p>"A code from an authenticator app beside the password. A stolen password alone then opens nothing: neither your customers' backups nor the way to restore over them."</p>
                    {what}
                </div>
            </Card>
        </Page>
    }
}
