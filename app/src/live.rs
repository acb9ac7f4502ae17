//! What a page follows while it is open: one stream of events per visible tab, closed when the tab is hidden.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

/// Follows the events at `url` while there is one, and gives each to `on`. Where a stream cannot be had, asks `poll`
/// every two seconds instead. In the browser only.
pub fn follow<T, P, Fut, E>(url: Signal<Option<String>>, on: Callback<T>, poll: P)
where
    T: DeserializeOwned + Send + Sync + 'static,
    P: Fn() -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + 'static,
    E: 'static,
{
    #[cfg(feature = "hydrate")]
    browser::follow(url, on, poll);
    #[cfg(not(feature = "hydrate"))]
    let _ = (url, on, poll);
}

#[cfg(feature = "hydrate")]
mod browser {
    use futures::{StreamExt, future::abortable};
    use gloo_net::eventsource::futures::EventSource;
    use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
    use serde::de::DeserializeOwned;
    use std::time::Duration;
    use wasm_bindgen::JsCast;

    pub fn follow<T, P, Fut, E>(url: Signal<Option<String>>, on: Callback<T>, poll: P)
    where
        T: DeserializeOwned + Send + Sync + 'static,
        P: Fn() -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + 'static,
        E: 'static,
    {
        let visible = visible();
        Effect::new(move || {
            let Some(url) = url.get().filter(|_| visible.get()) else { return };
            let poll = poll.clone();
            let (task, handle) = abortable(async move {
                stream(&url, on).await;
                loop {
                    sleep(Duration::from_secs(2)).await;
                    if let Ok(state) = poll().await {
                        on.run(state);
                    }
                }
            });
            // Dropping the task closes the stream: when the page changes, when the tab is hidden, when it is over.
            on_cleanup(move || handle.abort());
            spawn_local(async move {
                let _ = task.await;
            });
        });
    }

    /// Whether the tab is in front.
    fn visible() -> RwSignal<bool> {
        let visible = RwSignal::new(!document().hidden());
        let handle =
            window_event_listener_untyped("visibilitychange", move |_| visible.set(!document().hidden()));
        on_cleanup(move || handle.remove());
        visible
    }

    /// Ends when the server refuses the stream; until then the browser reconnects by itself.
    async fn stream<T: DeserializeOwned + 'static>(url: &str, on: Callback<T>) {
        let Ok(mut source) = EventSource::new(url) else { return };
        let Ok(mut events) = source.subscribe("message") else { return };
        while let Some(Ok((_, event))) = events.next().await {
            let state = event.data().dyn_into::<js_sys::JsString>().ok().map(String::from);
            if let Some(state) = state.and_then(|text| serde_json::from_str(&text).ok()) {
                on.run(state);
            }
        }
    }

    async fn sleep(time: Duration) {
        let (done, wait) = futures::channel::oneshot::channel();
        set_timeout(
            move || {
                let _ = done.send(());
            },
            time,
        );
        let _ = wait.await;
    }
}
