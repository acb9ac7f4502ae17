//! The guide of each portal, and what Holdfast is allowed in a directory.

pub mod server;

use self::server::Help;
use crate::{
    account::own::trail,
    frame::{Page, load, partner_session},
    ui::{Card, Crumb, Fact, Facts, Tab, Tabs},
    wire::{answers, ask},
};
use domain::help::{HelpFacts, HelpPage, HelpTopic};
use leptos::prelude::*;

/// Where the guide is in an organization's portal.
pub const GUIDE: &str = "/help";
const PERMISSIONS: &str = "/help/permissions";

#[component]
pub fn GuidePage() -> impl IntoView {
    of(HelpTopic::Guide)
}

#[component]
pub fn PermissionsPage() -> impl IntoView {
    of(HelpTopic::Permissions)
}

fn of(topic: HelpTopic) -> AnyView {
    let page = answers(move || ask(Help { topic }));
    load(page, move |page| view! { <HelpView page topic/> }.into_any())
}

#[component]
pub fn HelpView(page: HelpPage, topic: HelpTopic) -> impl IntoView {
    let HelpPage { title, contents, html, facts } = page;
    let below = if partner_session().is_some() { "/partner" } else { "" };
    let at = move |path: &str| format!("{below}{path}");
    let contents = contents
        .into_iter()
        .map(|heading| view! { <li><a href=format!("#{}", heading.id)>{heading.text}</a></li> })
        .collect_view();
    view! {
        <Page title="Help" trail=trail([Crumb::here(title)])>
            <Tabs label="Help">
                <Tab href=at(GUIDE) here=topic == HelpTopic::Guide>"Guide"</Tab>
                <Tab href=at(PERMISSIONS) here=topic == HelpTopic::Permissions>"Permissions"</Tab>
            </Tabs>
            <div class="help">
                <Card>
                    <div class="body prose" inner_html=html></div>
                </Card>
                <aside class="stack" aria-label="On this page, and whom to ask">
                    <Card title="On this page"><div class="body"><ul class="contents">{contents}</ul></div></Card>
                    <Ask facts/>
                </aside>
            </div>
        </Page>
    }
}

/// Whom to ask, and where the data lies.
#[component]
fn Ask(facts: HelpFacts) -> impl IntoView {
    let HelpFacts { provider, support, own_support, data_location } = facts;
    let own = own_support.map(|email| {
        let href = format!("mailto:{email}");
        view! {
            <Fact name="Your own address">
                <a href=href>{email}</a>
                <small class="muted block">"This is what your customers and the partners below you see here."</small>
            </Fact>
        }
    });
    let who = match (provider, support) {
        (Some(provider), Some(email)) => {
            let href = format!("mailto:{email}");
            view! { {provider} <br/> <a href=href>{email}</a> }.into_any()
        }
        (Some(provider), None) => view! { {provider} }.into_any(),
        (None, _) => view! { "Whoever runs this installation" }.into_any(),
    };
    view! {
        <Card title="Ask somebody">
            <Facts>
                <Fact name="Support">{who}</Fact>
                {own}
                <Fact name="Data lies in">{data_location.unwrap_or_else(|| "Not stated by the installation".to_owned())}</Fact>
            </Facts>
        </Card>
    }
}
