//! Pages for what is not there, and for what went wrong.

use crate::reply;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NotFound() -> impl IntoView {
    reply::status(404);
    view! {
        <Title text="Not found"/>
        <main>
            <h1>"There is nothing here"</h1>
        </main>
    }
}
