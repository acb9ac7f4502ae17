//! A collection, page by page.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    marker::PhantomData,
};

use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};
use tokio::task::JoinHandle;
use url::Url;

use crate::{client::Client, error::Error, http::Answer};

/// One page of a collection.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// Its items; a page may be empty and not be the last.
    pub items: Vec<T>,
    /// On the last page of a delta query: where the next one goes on. To be kept whole.
    pub delta_link: Option<String>,
    /// Where the next page is. A capture that is interrupted can go on from here.
    pub next_link: Option<String>,
}

/// The pages of a collection, read one after another. After an error, [`Pages::next`] asks for the
/// same page again.
pub struct Pages<T> {
    client: Client,
    headers: Vec<(String, String)>,
    next: Next<T>,
    /// Hashes of the links followed. A link that comes back would be followed for ever.
    seen: HashSet<u64>,
    hasher: RandomState,
    ahead: bool,
}

enum Next<T> {
    /// Where the next page is, as given or as answered.
    Link(String),
    /// The next page is on its way.
    Coming(String, Task<T>),
    End,
}

/// A task that ends with its owner.
struct Task<T>(JoinHandle<Result<Page<T>, Error>>, PhantomData<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    pub(crate) fn new(client: Client, first: &str) -> Pages<T> {
        let next = Next::Link(first.to_owned());
        Pages {
            client,
            headers: Vec::new(),
            next,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            ahead: false,
        }
    }

    /// Sends a header with every page, for instance `Prefer: return=minimal`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Pages<T> {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Fetches each page while the one before it is being worked on. Costs one request too many when
    /// the caller stops early, and the memory of one page more.
    #[must_use]
    pub fn read_ahead(mut self) -> Pages<T> {
        self.ahead = true;
        self
    }

    /// The next page, or `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, Error> {
        let (link, fetched) = match std::mem::replace(&mut self.next, Next::End) {
            Next::End => return Ok(None),
            Next::Link(link) => {
                // Put back first, so that neither an error nor a dropped call loses the place.
                self.next = Next::Link(link.clone());
                let url = self.client.path_or_link(&link)?;
                let fetched = fetch(&self.client, url, &self.headers).await;
                (link, fetched)
            }
            Next::Coming(link, mut task) => {
                self.next = Next::Link(link.clone());
                let fetched = match (&mut task.0).await {
                    Ok(fetched) => fetched,
                    Err(_) => Err(Error::bad_answer("reading ahead was interrupted", true)),
                };
                (link, fetched)
            }
        };
        let page = fetched?;
        self.seen.insert(self.hasher.hash_one(&link));
        self.next = match &page.next_link {
            None => Next::End,
            Some(next) => {
                if self.seen.contains(&self.hasher.hash_one(next)) {
                    return Err(Error::bad_answer("the list leads back to a page already read", false));
                }
                // Refused now, not after this page was counted as read.
                let url = self.client.path_or_link(next)?;
                if self.ahead {
                    let (client, headers) = (self.client.clone(), self.headers.clone());
                    let task = tokio::spawn(async move { fetch(&client, url, &headers).await });
                    Next::Coming(next.clone(), Task(task, PhantomData))
                } else {
                    Next::Link(next.clone())
                }
            }
        };
        Ok(Some(page))
    }

    /// All items of all pages, for collections known to be small.
    pub async fn all(mut self) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        while let Some(page) = self.next().await? {
            items.extend(page.items);
        }
        Ok(items)
    }
}

async fn fetch<T: DeserializeOwned>(
    client: &Client,
    url: Url,
    headers: &[(String, String)],
) -> Result<Page<T>, Error> {
    client.call(&client.read(url, headers), page).await
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Envelope<T> {
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    delta_link: Option<String>,
    value: Option<Vec<T>>,
    error: Option<IgnoredAny>,
}

fn page<T: DeserializeOwned>(answer: &Answer) -> Result<Page<T>, Error> {
    let envelope: Envelope<T> =
        serde_json::from_slice(&answer.body).map_err(|error| answer.bad(Error::json(&error)))?;
    match envelope {
        Envelope { error: Some(_), .. } => Err(answer.error()),
        // Taking a missing list for an empty one would delete the whole collection.
        Envelope { value: None, .. } => Err(answer.bad(Error::bad_answer("the answer holds no list", true))),
        Envelope { value: Some(items), next_link, delta_link, .. } => {
            Ok(Page { items, delta_link, next_link })
        }
    }
}
