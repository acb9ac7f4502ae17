//! The start: leads to where one's role begins.

use super::server::Start;
use crate::{
    frame::{Elsewhere, Failed, load_alone},
    wire::{answers, ask},
};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    load_alone::<String>(answers(|| ask(Start {})), |to| match to {
        Ok(to) => view! { <Elsewhere to/> }.into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    })
}
