//! Reading a kind from Graph: which route, what after a cursor has expired, when to begin a list again.
//! Kinds are read side by side; what they bring goes through one channel, so that memory stays bounded.

use domain::Kind;
use domain::descriptor::{Descriptor, Route};
use graph::{Client, Meaning};
use serde_json::value::RawValue;
use tokio::sync::mpsc::Sender;

/// A list whose place was lost so often is given up.
const RESTARTS: usize = 3;

/// What the items of a page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Whole objects of a list.
    List,
    /// The first state that delta gives: whole objects, their links in slices, repeats.
    First,
    /// What changed: absent means unchanged.
    Change,
}

/// What a fetcher tells the capture.
pub(crate) enum Event {
    Page {
        kind: Kind,
        mode: Mode,
        items: Vec<Box<RawValue>>,
    },
    /// The cursor had expired: everything of the kind comes anew.
    Wholly(Kind),
    Done {
        kind: Kind,
        cursor: Option<String>,
    },
    Failed {
        kind: Kind,
        error: graph::Error,
    },
}

/// Reads one kind to its end.
pub(crate) async fn fetch(
    client: Client,
    descriptor: &'static Descriptor,
    cursor: Option<String>,
    events: Sender<Event>,
) {
    let kind = descriptor.kind;
    let result = match cursor {
        Some(link) => match pages(&client, &link, kind, Mode::Change, &events).await {
            Err(e) if matches!(e.meaning(), Meaning::DeltaExpired { .. }) => {
                tracing::info!(kind = kind.slug(), "the delta cursor has expired; reading everything");
                // A closed channel means that the capture has ended; there is nobody to tell.
                let _ = events.send(Event::Wholly(kind)).await;
                wholly(&client, descriptor, &events).await
            }
            other => other,
        },
        None => wholly(&client, descriptor, &events).await,
    };
    let last = match result {
        Ok(cursor) => Event::Done { kind, cursor },
        Err(error) => Event::Failed { kind, error },
    };
    let _ = events.send(last).await;
}

async fn wholly(
    client: &Client,
    descriptor: &'static Descriptor,
    events: &Sender<Event>,
) -> Result<Option<String>, graph::Error> {
    let kind = descriptor.kind;
    let delta = format!("{}/delta?$select={}", descriptor.collection, descriptor.delta_select());
    match descriptor.route {
        Route::Delta => restarting(client, &delta, kind, Mode::First, events).await,
        Route::List => {
            let list = format!("{}?$select={}", descriptor.collection, descriptor.list_select());
            restarting(client, &list, kind, Mode::List, events).await.map(|_| None)
        }
        Route::CursorThenList => {
            // The cursor comes first: what changes while the list is read, it brings afterwards.
            let latest = format!("{delta}&$deltatoken=latest");
            let mut start = client.pages::<Box<RawValue>>(&latest);
            let mut cursor = None;
            while let Some(page) = start.next().await? {
                cursor = page.delta_link.or(cursor);
            }
            let list = format!(
                "{}?$top=999&$select={}&$expand=manager($select=id)",
                descriptor.collection,
                descriptor.list_select()
            );
            restarting(client, &list, kind, Mode::List, events).await?;
            match cursor {
                Some(link) => pages(client, &link, kind, Mode::Change, events).await,
                None => Ok(None),
            }
        }
    }
}

/// Reads a collection, from its first page again when its place was lost. What comes twice is the same.
async fn restarting(
    client: &Client,
    first: &str,
    kind: Kind,
    mode: Mode,
    events: &Sender<Event>,
) -> Result<Option<String>, graph::Error> {
    let mut left = RESTARTS;
    loop {
        match pages(client, first, kind, mode, events).await {
            Err(e) if matches!(e.meaning(), Meaning::PageTokenExpired) && left > 0 => left -= 1,
            other => return other,
        }
    }
}

async fn pages(
    client: &Client,
    first: &str,
    kind: Kind,
    mode: Mode,
    events: &Sender<Event>,
) -> Result<Option<String>, graph::Error> {
    let mut pages = client.pages::<Box<RawValue>>(first).read_ahead();
    let mut cursor = None;
    while let Some(page) = pages.next().await? {
        cursor = page.delta_link.or(cursor);
        if events.send(Event::Page { kind, mode, items: page.items }).await.is_err() {
            break;
        }
    }
    Ok(cursor)
}
