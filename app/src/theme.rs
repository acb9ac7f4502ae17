//! Light, dark, or as the system says.

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
    /// The value of `data-theme` on `<html>`; none leaves the choice to the system.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    #[cfg(feature = "ssr")]
    pub fn of_request() -> Self {
        match crate::reply::cookie("theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }
}

#[server]
pub async fn set_theme(theme: Theme) -> Result<(), ServerFnError> {
    let value = theme.attribute().unwrap_or("system");
    crate::reply::header(
        http::header::SET_COOKIE,
        &format!("theme={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"),
    );
    Ok(())
}

#[component]
pub fn ThemeChoice() -> impl IntoView {
    let set = ServerAction::<SetTheme>::new();
    view! {
        <ActionForm action=set>
            <button name="theme" value="dark">"Dark"</button>
        </ActionForm>
    }
}
