//! Where one can go, in the side bar; on a phone, behind one button.

use crate::ui::{Icon, Menu};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A page of the side bar.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) icon: &'static str,
    pub(super) name: &'static str,
    pub(super) href: String,
    /// Beginnings of the addresses that belong to it, beside its own.
    pub(super) parts: Vec<String>,
}

impl Place {
    fn holds(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path == self.href || self.parts.iter().any(|part| path.starts_with(part.as_str()))
    }
}

/// Pages in groups, each under its title; the first may go without one.
#[component]
pub(super) fn Places(groups: Vec<(&'static str, Vec<Place>)>) -> impl IntoView {
    let groups: Vec<_> = groups.into_iter().filter(|(_, places)| !places.is_empty()).collect();
    let all = groups.clone();
    view! {
        {groups
            .into_iter()
            .map(|(title, places)| {
                view! {
                    <nav aria-label=if title.is_empty() { "Pages" } else { title }>
                        {(!title.is_empty()).then(|| view! { <p class="nav-title">{title}</p> })}
                        <Links places/>
                    </nav>
                }
            })
            .collect_view()}
        <div class="burger">
            <Menu label="Pages" opener=|| view! { <span class="btn quiet square"><Icon name="menu"/></span> }>
                <div class="nav">
                    {all.into_iter().map(|(_, places)| view! { <Links places/> }).collect_view()}
                </div>
            </Menu>
        </div>
    }
}

#[component]
fn Links(places: Vec<Place>) -> impl IntoView {
    let path = use_location().pathname;
    let links = places
        .into_iter()
        .map(|place| {
            let (href, icon, name) = (place.href.clone(), place.icon, place.name);
            let here = move || path.with(|path| place.holds(path)).then_some("page");
            view! {
                <a href=href aria-current=here>
                    <Icon name=icon/>
                    {name}
                </a>
            }
        })
        .collect_view();
    view! { <div class="nav">{links}</div> }
}
