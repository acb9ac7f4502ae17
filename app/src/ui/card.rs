//! A surface with a heading: the unit that pages are built from.

use leptos::prelude::*;

/// Tables and lists go in as they are; text goes into `<div class="body">`.
#[component]
pub fn Card(
    #[prop(optional, into)] title: String,
    /// What stands at the end of the heading: a link, a legend, a count.
    #[prop(optional, into)]
    end: ViewFnOnce,
    #[prop(optional, into)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let class = if class.is_empty() { "card".to_owned() } else { format!("card {class}") };
    view! {
        <section class=class>
            {(!title.is_empty())
                .then(|| {
                    view! {
                        <header>
                            <h2>{title}</h2>
                            <div class="end">{end.run()}</div>
                        </header>
                    }
                })}
            {children()}
        </section>
    }
}
