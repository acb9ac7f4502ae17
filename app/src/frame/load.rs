//! While data is on its way, and when it could not be had.

use super::{MessagePage, SessionAnswers, now_here};
use crate::{
    error::AppError,
    reply,
    ui::Skeleton,
    wire::{Answers, read},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Makes the page of what was answered.
type Show = Arc<dyn Fn(&[String]) -> Result<AnyView, AppError> + Send + Sync>;

type Alone = Arc<dyn Fn(Result<String, AppError>) -> AnyView + Send + Sync>;

/// Waits for the session and for a page's data, then shows the page; on an error, says it and how to go on.
/// What is on screen stays until what follows is there. In `view`, `session_view()` is there, or, in the Partner
/// Portal, `partner_session()`.
pub fn load<T: DeserializeOwned>(
    from: Answers,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    wait(vec![from], Arc::new(move |json| Ok(view(part(json, 0)?))))
}

/// The same for a page that needs two things.
pub fn load_two<A: DeserializeOwned, B: DeserializeOwned>(
    from: (Answers, Answers),
    view: impl Fn(A, B) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    wait(vec![from.0, from.1], Arc::new(move |json| Ok(view(part(json, 0)?, part(json, 1)?))))
}

/// The same for a page that needs nothing but someone signed in.
pub fn signed(view: fn() -> AnyView) -> AnyView {
    wait(vec![], Arc::new(move |_| Ok(view())))
}

fn part<T: DeserializeOwned>(json: &[String], at: usize) -> Result<T, AppError> {
    read(json.get(at).map(String::as_str).unwrap_or_default())
}

fn wait(from: Vec<Answers>, show: Show) -> AnyView {
    let SessionAnswers { answers: session, provide } = expect_context::<SessionAnswers>();
    view! {
        <Transition fallback=|| view! { <div class="main"><Skeleton lines=8/></div> }>
            {move || {
                let (from, show) = (from.clone(), show.clone());
                Suspend::new(async move {
                    let mut said = Vec::with_capacity(from.len() + 1);
                    for answers in std::iter::once(session).chain(from) {
                        match answers.await.0 {
                            Ok(json) => said.push(json),
                            Err(error) => return view! { <Failed error/> }.into_any(),
                        }
                    }
                    let session = said.first().map(String::as_str).unwrap_or_default();
                    let page = provide(session).and_then(|()| show(said.get(1..).unwrap_or_default()));
                    page.unwrap_or_else(|error| view! { <Failed error/> }.into_any())
                })
            }}
        </Transition>
    }
    .into_any()
}

/// An error as a page: what happened, and a way on. Whoever is not signed in goes to the sign-in and comes back.
#[component]
pub fn Failed(error: AppError) -> impl IntoView {
    reply::status(error.status());
    let here = now_here();
    match error {
        AppError::Unauthenticated(_) => {
            // Whoever is at the sign-in already keeps the page that they wanted before.
            let to = match here.strip_prefix("/signin") {
                Some(rest) if rest.is_empty() || rest.starts_with(['?', '/']) => here.clone(),
                _ => format!("/signin?next={}", reply::escape(&here)),
            };
            view! { <Elsewhere to/> }.into_any()
        }
        AppError::NotFound(text) => {
            view! { <MessagePage title="There is nothing here" text><a class="btn" href="/">"To the start"</a></MessagePage> }
                .into_any()
        }
        AppError::Forbidden(text) => {
            view! { <MessagePage title="Not open to you" text><a class="btn" href="/">"To the start"</a></MessagePage> }
                .into_any()
        }
        AppError::Refused(text) => {
            view! { <MessagePage title="This is not possible now" text><a class="btn" href="/">"To the start"</a></MessagePage> }
                .into_any()
        }
        other => {
            let text = other.message().to_owned();
            view! {
                <MessagePage title="This page could not be shown" text>
                    <a class="btn primary" href=here rel="external">"Try again"</a>
                    <a class="btn" href="/">"To the start"</a>
                </MessagePage>
            }
                .into_any()
        }
    }
}

/// Leads elsewhere, by the response or by the router, whichever is there.
#[component]
pub fn Elsewhere(#[prop(into)] to: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    reply::redirect(&to);
    let navigate = use_navigate();
    let href = to.clone();
    Effect::new(move || navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
    view! { <a class="aloud" href=href>"Go on"</a> }
}

/// A page outside of both portals that needs one answer.
pub fn load_alone<T: DeserializeOwned>(
    from: Answers,
    view: impl Fn(Result<T, AppError>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let show: Alone = Arc::new(move |json| view(json.and_then(|json| read(&json))));
    view! {
        <Suspense>
            {move || {
                let show = Arc::clone(&show);
                Suspend::new(async move { show(from.await.0) })
            }}
        </Suspense>
    }
    .into_any()
}
