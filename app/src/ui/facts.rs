//! Names and values: in two columns, or as a line of figures.

use leptos::prelude::*;

#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{children()}</dd>
    }
}

#[component]
pub fn Figures(children: Children) -> impl IntoView {
    view! { <dl class="figures">{children()}</dl> }
}

#[component]
pub fn Figure(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
