//! Reading a kind from Graph: which route, what after a cursor was refused, when to begin a list again.
//! Kinds are read side by side; what they bring goes through one channel, so that memory stays bounded.

use domain::Kind;
use domain::LinkKind;
use domain::capture::KindProfile;
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
    /// The cursor was refused: the whole kind is read again.
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

/// A collection to read.
pub(crate) struct Source {
    pub(crate) descriptor: &'static Descriptor,
    /// What the permissions show of it.
    pub(crate) own: KindProfile,
    /// Where the last capture stopped; none: everything is read.
    pub(crate) cursor: Option<String>,
    /// Read it once more by the route that was not taken first, because the answer was cut short.
    pub(crate) other_route: bool,
}

/// Whether a refused cursor is no good any more. A refusal that says nothing of the cursor (no sign-in, no
/// permission, too many requests, a fault of the service) leaves it as it is.
fn is_cursor_lost(error: &graph::Error) -> bool {
    if matches!(error.meaning(), Meaning::DeltaExpired { .. } | Meaning::PageTokenExpired) {
        return true;
    }
    let refused =
        matches!(error.status(), Some(400..=499)) && !matches!(error.status(), Some(401 | 403 | 429));
    refused && !error.is_sign_in() && *error.meaning() != Meaning::Throttled
}

/// Whether a collection may be readable by its other route: the list goes on without end, or does not fit Graph's
/// promises.
fn is_route_broken(error: &graph::Error) -> bool {
    matches!(error.meaning(), Meaning::BadAnswer | Meaning::Unsupported | Meaning::PermissionMissing)
}

/// Reads one kind to its end.
pub(crate) async fn fetch(client: Client, source: Source, events: Sender<Event>) {
    let reading = Reading { client, source, events };
    let kind = reading.source.descriptor.kind;
    let last = match reading.run().await {
        Ok(cursor) => Event::Done { kind, cursor },
        Err(error) => Event::Failed { kind, error },
    };
    // A closed channel means that the capture has ended; there is nobody to tell.
    let _ = reading.events.send(last).await;
}

struct Reading {
    client: Client,
    source: Source,
    events: Sender<Event>,
}

impl Reading {
    async fn run(&self) -> Result<Option<String>, graph::Error> {
        let d = self.source.descriptor;
        if self.source.other_route {
            return match d.route {
                Route::CursorThenList => self.restarting(&self.delta(), Mode::First).await,
                Route::Delta | Route::List => self.restarting(&self.list(), Mode::List).await.map(|_| None),
            };
        }
        let Some(link) = &self.source.cursor else { return self.wholly().await };
        let mut left = RESTARTS;
        loop {
            match self.pages(link, Mode::Change).await {
                // The cursor itself may still be good when a page on the way was not.
                Err(e) if matches!(e.meaning(), Meaning::PageTokenExpired) && left > 0 => left -= 1,
                Err(e) if is_cursor_lost(&e) || matches!(e.meaning(), Meaning::BadAnswer) => {
                    tracing::info!(kind = d.kind.slug(), error = %e, "the delta cursor was refused; reading everything");
                    let _ = self.events.send(Event::Wholly(d.kind)).await;
                    return self.wholly().await;
                }
                other => return other,
            }
        }
    }

    fn list(&self) -> String {
        let (d, own) = (self.source.descriptor, &self.source.own);
        let select = d.list_select(own);
        let top = if d.route == Route::List { "" } else { "$top=999&" };
        let manager =
            if own.relations.contains(&LinkKind::Manager) { "&$expand=manager($select=id)" } else { "" };
        format!("{}?{top}$select={select}{manager}", d.collection)
    }

    fn delta(&self) -> String {
        let (d, own) = (self.source.descriptor, &self.source.own);
        format!("{}/delta?$select={}", d.collection, d.delta_select(own))
    }

    async fn wholly(&self) -> Result<Option<String>, graph::Error> {
        let d = self.source.descriptor;
        match d.route {
            // The list has no links: they are missed then, and read from their sources.
            Route::Delta => match self.restarting(&self.delta(), Mode::First).await {
                Err(e) if is_route_broken(&e) => {
                    tracing::warn!(kind = d.kind.slug(), error = %e, "delta cannot be read; reading the list");
                    self.restarting(&self.list(), Mode::List).await.map(|_| None).map_err(|_| e)
                }
                read => read,
            },
            Route::List => self.restarting(&self.list(), Mode::List).await.map(|_| None),
            Route::CursorThenList => {
                // The cursor comes first: what changes while the list is read, it brings afterwards.
                let cursor = match self.latest().await {
                    Ok(cursor) => cursor,
                    // The basic profile is listed, and has no delta.
                    Err(e) if matches!(e.meaning(), Meaning::PermissionMissing) => None,
                    Err(e) => return Err(e),
                };
                match self.restarting(&self.list(), Mode::List).await {
                    Ok(_) => {}
                    Err(e) if is_route_broken(&e) => {
                        tracing::warn!(kind = d.kind.slug(), error = %e, "the list cannot be read; reading delta");
                        return match self.restarting(&self.delta(), Mode::First).await {
                            Err(_) => Err(e),
                            read => read,
                        };
                    }
                    Err(e) => return Err(e),
                }
                match cursor {
                    Some(link) => self.pages(&link, Mode::Change).await,
                    None => Ok(None),
                }
            }
        }
    }

    async fn latest(&self) -> Result<Option<String>, graph::Error> {
        let mut start = self.client.pages::<Box<RawValue>>(&format!("{}&$deltatoken=latest", self.delta()));
        let mut cursor = None;
        while let Some(page) = start.next().await? {
            cursor = page.delta_link.or(cursor);
        }
        Ok(cursor)
    }

    /// Reads a collection, from its first page again when its place was lost. What comes twice is the same.
    async fn restarting(&self, first: &str, mode: Mode) -> Result<Option<String>, graph::Error> {
        let mut left = RESTARTS;
        loop {
            match self.pages(first, mode).await {
                Err(e) if is_cursor_lost(&e) && e.status() != Some(404) && left > 0 => left -= 1,
                other => return other,
            }
        }
    }

    async fn pages(&self, first: &str, mode: Mode) -> Result<Option<String>, graph::Error> {
        let kind = self.source.descriptor.kind;
        let mut pages = self.client.pages::<Box<RawValue>>(first).read_ahead();
        let mut cursor = None;
        while let Some(page) = pages.next().await? {
            cursor = page.delta_link.or(cursor);
            if self.events.send(Event::Page { kind, mode, items: page.items }).await.is_err() {
                break;
            }
        }
        Ok(cursor)
    }
}
