//! While data is on its way, and when it could not be had.

use super::{MessagePage, SessionResource, now_here};
use crate::{error::AppError, reply, ui::Skeleton};
use domain::view::SessionView;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Waits for the session and for a page's data, then shows the page; on an error, says it and how to go on.
/// What is on screen stays until what follows is there.
#[component]
pub fn Load<T, V>(
    from: Resource<Result<T, AppError>>,
    /// Makes the page of the data. `session_view()` is there.
    view: V,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let session = expect_context::<SessionResource>().0;
    view! {
        <Transition fallback=|| view! { <div class="main"><Skeleton lines=8/></div> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    let loaded = match (session.await, from.await) {
                        (Ok(session), Ok(data)) => Ok((session, data)),
                        (Err(error), _) | (_, Err(error)) => Err(error),
                    };
                    match loaded {
                        Ok((session, data)) => {
                            provide_context::<SessionView>(session);
                            view(data)
                        }
                        Err(error) => view! { <Failed error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// An error as a page: what happened, and a way on. Whoever is not signed in goes to the sign-in and comes back.
#[component]
pub fn Failed(error: AppError) -> impl IntoView {
    reply::status(error.status());
    let here = now_here();
    match error {
        AppError::Unauthenticated(_) => {
            let to = format!("/signin?next={}", reply::escape(&here));
            view! { <Elsewhere to/> }.into_any()
        }
        AppError::NotFound(text) => {
            view! { <MessagePage title="There is nothing here" text><a class="btn" href="/">"To the start"</a></MessagePage> }
                .into_any()
        }
        AppError::Forbidden(text) => {
            view! { <MessagePage title="Not for your role" text><a class="btn" href="/">"To the start"</a></MessagePage> }
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
