//! The parent of every page of the Partner Portal, and its side bar.

use super::{
    Brand, SessionAnswers,
    places::{Place, Places},
};
use crate::{
    brand,
    partner::{paths, server::PartnerSession},
    ui::{Avatar, ToastRegion},
    wire::{answers, ask, read},
};
use domain::{access::PartnerAction, partner::PartnerSessionView};
use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub fn PartnerPortal() -> impl IntoView {
    let session = answers(|| ask(PartnerSession {}));
    provide_context(SessionAnswers::partner(session));
    brand::follow(session);
    view! {
        // Left to the browser, which moves the focus along; the router would only change the address.
        <a class="skip" href="#main" rel="external">"Skip to the page"</a>
        <div class="app">
            <Transition fallback=|| view! { <aside class="side"></aside> }>
                {move || Suspend::new(async move {
                    // Nobody signed in: the page itself leads to the sign-in.
                    let session = session.await.0.and_then(|json| read::<PartnerSessionView>(&json));
                    session.ok().map(|session| view! { <PartnerSide session/> })
                })}
            </Transition>
            <div><Outlet/></div>
        </div>
        <ToastRegion/>
    }
}

/// Whose portal it is, and where in it.
#[component]
pub fn PartnerSide(session: PartnerSessionView) -> impl IntoView {
    let may = |what| session.may.contains(&what);
    let place = |icon, name, href: &str, parts: &[&str]| Place {
        icon,
        name,
        href: href.to_owned(),
        parts: parts.iter().map(|part| (*part).to_owned()).collect(),
    };
    let first: Vec<_> = [
        may(PartnerAction::SeeOrganizations).then(|| place("house", "Overview", paths::HOME, &[])),
        may(PartnerAction::SeeOrganizations)
            .then(|| place("building-2", "Organizations", paths::ORGANIZATIONS, &[paths::ORGANIZATIONS])),
        // A list of plans is a list of prices.
        may(PartnerAction::SeeMoney).then(|| place("tag", "Plans", paths::PLANS, &[paths::PLANS])),
        may(PartnerAction::SeeMoney).then(|| place("credit-card", "Bills", paths::BILLS, &[])),
    ]
    .into_iter()
    .flatten()
    .collect();
    let second: Vec<_> = [
        may(PartnerAction::ManageUsers).then(|| place("users-round", "Users", paths::USERS, &[])),
        may(PartnerAction::SeeOrganizations)
            .then(|| place("network", "Partners", paths::PARTNERS, &[paths::PARTNERS])),
        may(PartnerAction::DeleteOrganizations)
            .then(|| place("git-compare", "Transfers", paths::TRANSFERS, &[paths::TRANSFERS])),
        may(PartnerAction::ManageFeatures)
            .then(|| place("sliders-horizontal", "Features", paths::FEATURES, &[])),
        may(PartnerAction::ManageTokens).then(|| place("key-round", "API", paths::API, &[])),
        may(PartnerAction::ManageSettings).then(|| place("palette", "Branding", paths::BRANDING, &[])),
        may(PartnerAction::ManageSettings).then(|| place("mail", "Mail", paths::MAIL, &[])),
        may(PartnerAction::SeeOrganizations)
            .then(|| place("bell", "Notifications", paths::NOTIFICATIONS, &[])),
        may(PartnerAction::ManageSettings).then(|| place("shield-check", "Security", paths::SECURITY, &[])),
        may(PartnerAction::SeeAudit).then(|| place("scroll-text", "Audit log", paths::AUDIT, &[])),
        Some(place("circle-help", "Help", paths::HELP, &[paths::HELP])),
    ]
    .into_iter()
    .flatten()
    .collect();
    let name = session.partner.clone();
    view! {
        <aside class="side">
            <Brand/>
            <div class="switch">
                <div class="only">
                    <Avatar name/>
                    <span class="cut">
                        <b class="cut">{session.partner}</b>
                        <small class="cut">{session.role}</small>
                    </span>
                </div>
            </div>
            <Places groups=vec![("", first), ("Partner", second)]/>
        </aside>
    }
}
