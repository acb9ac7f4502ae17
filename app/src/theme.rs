//! Light, dark, or as the system says.

use crate::{
    error::AppError,
    ui::{Icon, Size},
    wire::{SendForm, Sending},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    const ALL: [(Theme, &'static str, &'static str, &'static str); 3] = [
        (Theme::Light, "light", "sun", "Light"),
        (Theme::System, "system", "monitor", "Auto"),
        (Theme::Dark, "dark", "moon", "Dark"),
    ];

    /// The value of `data-theme` on `<html>`; none leaves the choice to the system.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    fn of_name(name: &str) -> Self {
        Theme::ALL
            .into_iter()
            .find(|(_, known, ..)| *known == name)
            .map(|(theme, ..)| theme)
            .unwrap_or_default()
    }

    /// What the page has: from the request's cookie on the server, from the document in the browser.
    pub fn current() -> Self {
        #[cfg(feature = "ssr")]
        let name = crate::reply::cookie("theme");
        #[cfg(not(feature = "ssr"))]
        let name = document().document_element().and_then(|html| html.get_attribute("data-theme"));
        Theme::of_name(name.as_deref().unwrap_or_default())
    }
}

/// Remembers the choice for this browser.
#[server]
pub async fn set_theme(theme: Theme) -> Result<(), AppError> {
    let value = theme.attribute().unwrap_or("system");
    crate::reply::header(
        http::header::SET_COOKIE,
        &format!("theme={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"),
    );
    Ok(())
}

/// Three keys of one switch. A plain form, so that it works before any script does.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let set = Sending::to::<SetTheme>();
    let chosen = RwSignal::new(Theme::current());
    // The page changes at once; the cookie, which the form sets, is for the next one.
    let choose = move |theme: Theme| {
        chosen.set(theme);
        if let Some(html) = document().document_element() {
            let _ = match theme.attribute() {
                Some(name) => html.set_attribute("data-theme", name),
                None => html.remove_attribute("data-theme"),
            };
        }
    };
    let keys = Theme::ALL
        .into_iter()
        .map(|(theme, value, icon, text)| {
            view! {
                <button
                    name="theme"
                    value=value
                    data-stay=""
                    on:click=move |_| choose(theme)
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                >
                    <Icon name=icon size=Size::Small/>
                    {text}
                </button>
            }
        })
        .collect_view();
    view! {
        <SendForm to=set>
            <div class="segments" role="group" aria-label="Colours">{keys}</div>
        </SendForm>
    }
}
