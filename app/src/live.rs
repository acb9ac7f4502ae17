//! What a page follows while it is open: one stream of events per visible tab, closed when the tab is hidden.

use crate::wire::Ask;
use leptos::prelude::*;

/// Follows the events at `url` while there is one, and gives the JSON of each to `on`. Where a stream cannot be had,
/// makes the call every two seconds instead. In the browser only.
pub fn follow(url: Signal<Option<String>>, on: Callback<String>, poll: Ask) {
    #[cfg(feature = "hydrate")]
    browser::follow(url, on, poll);
    #[cfg(not(feature = "hydrate"))]
    let _ = (url, on, poll);
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::wire::{Answer, Ask};
    use futures::{StreamExt, future::abortable};
    use gloo_net::eventsource::futures::EventSource;
    use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
    use std::time::Duration;

    pub fn follow(url: Signal<Option<String>>, on: Callback<String>, poll: Ask) {
        let visible = visible();
        Effect::new(move || {
            let Some(url) = url.get().filter(|_| visible.get()) else { return };
            let poll = poll.clone();
            let (task, handle) = abortable(async move {
                stream(&url, on).await;
                loop {
                    sleep(Duration::from_secs(2)).await;
                    if let Answer(Ok(json)) = poll.clone().send().await {
                        on.run(json);
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
    async fn stream(url: &str, on: Callback<String>) {
        let Ok(mut source) = EventSource::new(url) else { return };
        let Ok(mut events) = source.subscribe("message") else { return };
        while let Some(Ok((_, event))) = events.next().await {
            if let Some(json) = event.data().as_string() {
                on.run(json);
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
