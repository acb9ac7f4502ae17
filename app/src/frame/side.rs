//! The side bar: which tenant, and where in it. On a phone, a bar with a menu.

use super::{
    Brand,
    places::{Place, Places},
};
use crate::ui::{Avatar, Icon, Menu, MenuItem};
use crate::{api, help};
use domain::{
    access::Action,
    feature::Feature,
    view::{SessionView, TenantLink},
};
use leptos::prelude::*;

/// Icon, name, and path below the tenant.
const PLACES: [(&str, &str, &str); 5] = [
    ("house", "Overview", ""),
    ("clock", "Snapshots", "/snapshots"),
    ("users", "Browse", "/browse"),
    ("git-compare", "Compare", "/compare"),
    ("undo-2", "Restores", "/restores"),
];
const TENANT_PLACES: [(&str, &str, &str); 1] = [("plug", "Connection", "/connection")];
/// What belongs to the organization, whichever tenant is looked at: icon, name, address, and the right that it takes.
const ORGANIZATION_PLACES: [(&str, &str, &str, Action); 5] = [
    ("users-round", "Users", "/users", Action::ManageUsers),
    ("key-round", "API", api::PATH, Action::ManageTokens),
    ("eye", "Visits", "/visits", Action::See),
    ("bell", "Notifications", "/notifications", Action::See),
    ("circle-help", "Help", help::GUIDE, Action::See),
];

#[component]
pub fn Side(
    session: SessionView,
    /// The tenant in the address; empty on pages that speak of none.
    #[prop(into)]
    tenant: String,
) -> impl IntoView {
    let here = match session.tenants.as_slice() {
        // The only one is at hand on the organization's pages as well.
        [only] if tenant.is_empty() => Some(only.clone()),
        all => all.iter().find(|t| t.id.to_string() == tenant).cloned(),
    };
    let connect = session.may.contains(&Action::Connect);
    let base = here.as_ref().map(|t| format!("/t/{}", t.id));
    let compares = !session.off.contains(&Feature::Compare);
    let mut groups = Vec::new();
    if let Some(base) = base {
        let mut pages = places(&base, &PLACES);
        pages.retain(|place| compares || place.name != "Compare");
        groups.push(("", pages));
        groups.push(("Tenant", places(&base, &TENANT_PLACES)));
    }
    let own = ORGANIZATION_PLACES.into_iter().filter(|(.., right)| session.may.contains(right));
    let own = own.map(|(icon, name, href, _)| Place {
        icon,
        name,
        href: href.to_owned(),
        parts: vec![href.to_owned()],
    });
    groups.push(("Organization", own.collect()));
    view! {
        <aside class="side">
            <Brand/>
            <Switch tenants=session.tenants here=here connect organization=session.organization/>
            <Places groups/>
        </aside>
    }
}

fn places(base: &str, of: &[(&'static str, &'static str, &'static str)]) -> Vec<Place> {
    of.iter()
        .map(|&(icon, name, below)| {
            let href = format!("{base}{below}");
            let parts = match below {
                // The overview is where nothing follows; an object's page belongs to Browse.
                "" => vec![],
                "/browse" => vec![href.clone(), format!("{base}/objects")],
                _ => vec![href.clone()],
            };
            Place { icon, name, href, parts }
        })
        .collect()
}

/// The tenant at hand; with several, or the right to connect one, the way to another.
#[component]
fn Switch(
    tenants: Vec<TenantLink>,
    here: Option<TenantLink>,
    connect: bool,
    organization: String,
) -> impl IntoView {
    let (name, detail) = match &here {
        Some(tenant) => (tenant.name.clone(), tenant.domain.clone()),
        None => (organization, "No tenant chosen".to_owned()),
    };
    let face = {
        let name = name.clone();
        move || {
            view! {
                <Avatar name=name.clone()/>
                <span class="cut"><b class="cut">{name.clone()}</b><small class="cut">{detail}</small></span>
            }
        }
    };
    if tenants.len() < 2 && !connect {
        return view! { <div class="switch"><div class="only">{face()}</div></div> }.into_any();
    }
    let chosen = here.map(|t| t.id);
    view! {
        <Menu
            class="switch"
            label="change tenant"
            opener=move || view! { {face()} <Icon name="chevrons-up-down"/> }
        >
            {tenants
                .into_iter()
                .map(|tenant| {
                    view! {
                        <MenuItem href=format!("/t/{}", tenant.id) here=chosen == Some(tenant.id)>
                            <Avatar name=tenant.name.clone()/>
                            <span class="cut">{tenant.name}</span>
                        </MenuItem>
                    }
                })
                .collect_view()}
            {connect.then(|| view! { <hr/><MenuItem href="/connect" icon="plus">"Connect a tenant"</MenuItem> })}
        </Menu>
    }
        .into_any()
}
