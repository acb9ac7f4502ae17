//! Letting Holdfast into a directory: for a customer's administrator, who may have no account here.

#[cfg(not(feature = "csr"))]
mod pages;
pub mod server;
mod view;

#[cfg(not(feature = "csr"))]
pub use pages::Page;
pub use view::{ConsentDoneView, ConsentOfferView};

use crate::{
    error::AppError,
    frame::{Failed, MessagePage, load_alone},
    wire::{answers, ask},
};
use domain::connection::ConsentPage as Shown;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server::ConsentPage as Question;

/// The page of a link, and, without one in the address, of the link that this browser goes on with.
#[component]
pub fn ConsentPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token"));
    let page = answers(move || ask(Question { token: token.clone() }));
    load_alone::<Shown>(page, |page| match page {
        Ok(Shown::Offer(offer)) => view! { <ConsentOfferView offer/> }.into_any(),
        Ok(Shown::Done(done)) => view! { <ConsentDoneView done/> }.into_any(),
        Err(AppError::Refused(text)) => view! {
            <MessagePage title="This link is not good any more" text>
                <a class="btn" href="/">"To the start"</a>
            </MessagePage>
        }
        .into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    })
}
