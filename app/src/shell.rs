//! The document around the app. It is rendered on the server only, and never hydrated.

use crate::{App, brand, theme::Theme};
use domain::brand::BrandView;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

pub fn shell(options: LeptosOptions) -> impl IntoView {
    // Rendered with the page, so that a dark room sees no white flash.
    let theme = Theme::current().attribute();
    let shown = brand::given();
    let (icon, icon_kind) = brand::icon(&shown);
    let style = shown.style().map(|href| view! { <link id=brand::STYLE rel="stylesheet" href=href/> });
    let said = (shown != BrandView::default()).then(|| serde_json::to_string(&shown).ok()).flatten();
    let said = said.map(|said| view! { <meta name=brand::META content=said/> });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {said}
                <link id=brand::ICON rel="icon" type=icon_kind href=icon/>
                <link
                    rel="preload"
                    href="/fonts/inter-latin-5.3.0.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <HashedStylesheet options=options.clone()/>
                // Its shades take the place of those in the sheet before it.
                {style}
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
