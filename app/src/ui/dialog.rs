//! A question that has to be answered first. The browser's own `<dialog>`: it keeps the focus in, closes on Escape
//! and gives the focus back.

use super::{Button, Look};
use leptos::{html, prelude::*};

#[component]
pub fn Dialog(
    /// Shown while true; closing by Escape sets it back.
    open: RwSignal<bool>,
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(optional)] wide: bool,
    /// Buttons; the main one last.
    #[prop(into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let title_id = format!("{id}-title");
    let labelled = title_id.clone();
    view! {
        <dialog
            node_ref=node
            class=if wide { "dialog wide" } else { "dialog" }
            id=id
            aria-labelledby=labelled
            on:close=move |_| open.set(false)
        >
            <div class="head">
                <h2 id=title_id>{title}</h2>
                <Button look=Look::Quiet kind="button" icon="x" small=true label="Close" on:click=move |_| open.set(false)/>
            </div>
            <div class="body">{children()}</div>
            <div class="actions">{actions.run()}</div>
        </dialog>
    }
}
