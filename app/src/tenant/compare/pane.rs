//! The open object. Its own boundary, so that opening another leaves the list alone.

use super::{OpenedAnswers, detail::Detail};
use crate::{
    error::AppError,
    ui::{Empty, Skeleton},
    wire::read,
};
use domain::view::ObjectChange;
use leptos::prelude::*;

#[component]
pub fn Pane(
    tenant: String,
    from: i64,
    to: i64,
    choose: bool,
    /// What is open until another is.
    first: Option<ObjectChange>,
) -> impl IntoView {
    let Some(OpenedAnswers(opened)) = use_context() else {
        return first.map(|change| view! { <Detail tenant change from to choose/> }).into_any();
    };
    view! {
        <Transition fallback=|| view! { <Skeleton lines=6/> }>
            {move || {
                let (tenant, first) = (tenant.clone(), first.clone());
                Suspend::new(async move {
                    let opened = opened.await.0.and_then(|json| read::<Option<ObjectChange>>(&json));
                    match opened.map(|opened| opened.or(first)) {
                        Ok(Some(change)) => view! { <Detail tenant change from to choose/> }.into_any(),
                        Ok(None) => ().into_any(),
                        Err(error) => view! { <Lost error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

#[component]
fn Lost(error: AppError) -> impl IntoView {
    let text = error.message().to_owned();
    view! { <Empty icon="circle-alert" title="This object could not be shown" text/> }
}
