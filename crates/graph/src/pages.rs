//! A collection, page by page.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    marker::PhantomData,
};

use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};
use serde_json::value::RawValue;
use tokio::task::JoinHandle;
use url::Url;

use crate::{client::Client, error::Error, http::Answer};

/// So many pages in a row without anything new are no list any more. Delta queries are known to give
/// new links to the same empty page for ever
/// (<https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/3082>), and honest ones to give several
/// empty pages in a row.
const BARREN: usize = 50;
/// So many pages are no list any more, whatever they hold: ten million objects at a hundred a page, ten
/// times what Microsoft lets a directory grow to.
const MOST: usize = 100_000;

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
    /// Hashes of what the pages held.
    held: HashSet<u64>,
    /// How many pages came, and how many of them in a row brought nothing new.
    count: usize,
    barren: usize,
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
struct Task<T>(JoinHandle<Result<Fetched<T>, Error>>, PhantomData<T>);

/// A page with the texts of its items, hashed whatever their order; none of an empty page.
struct Fetched<T> {
    page: Page<T>,
    content: Option<u64>,
}

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
            held: HashSet::new(),
            count: 0,
            barren: 0,
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
                let fetched = fetch(&self.client, url, &self.headers, self.hasher.clone()).await;
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
        let Fetched { page, content } = fetched?;
        self.seen.insert(self.hasher.hash_one(&link));
        self.count += 1;
        let new = content.is_some_and(|content| self.held.insert(content));
        self.barren = if new { 0 } else { self.barren + 1 };
        self.next = match &page.next_link {
            None => Next::End,
            Some(next) => {
                if self.seen.contains(&self.hasher.hash_one(next)) {
                    return Err(Error::bad_answer("the list leads back to a page already read", false));
                }
                if self.barren >= BARREN {
                    return Err(Error::bad_answer("the list goes on and brings nothing new", false));
                }
                if self.count >= MOST {
                    return Err(Error::bad_answer("the list does not end", false));
                }
                // Refused now, not after this page was counted as read.
                let url = self.client.path_or_link(next)?;
                if self.ahead {
                    let (client, headers, hasher) =
                        (self.client.clone(), self.headers.clone(), self.hasher.clone());
                    let task = tokio::spawn(async move { fetch(&client, url, &headers, hasher).await });
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
    hasher: RandomState,
) -> Result<Fetched<T>, Error> {
    client.call(&client.read(url, headers), |answer| page(answer, &hasher)).await
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    delta_link: Option<String>,
    #[serde(borrow)]
    value: Option<Vec<&'a RawValue>>,
    error: Option<IgnoredAny>,
}

fn page<T: DeserializeOwned>(answer: &Answer, hasher: &RandomState) -> Result<Fetched<T>, Error> {
    let unreadable = |error: serde_json::Error| answer.bad(Error::json(&error));
    let envelope: Envelope<'_> = serde_json::from_slice(&answer.body).map_err(unreadable)?;
    match envelope {
        Envelope { error: Some(_), .. } => Err(answer.error()),
        // Taking a missing list for an empty one would delete the whole collection.
        Envelope { value: None, .. } => Err(answer.bad(Error::bad_answer("the answer holds no list", true))),
        Envelope { value: Some(texts), next_link, delta_link, .. } => {
            let content = texts.iter().map(|text| hasher.hash_one(text.get())).reduce(u64::wrapping_add);
            let items = texts.into_iter().map(|text| serde_json::from_str(text.get()));
            let items = items.collect::<Result<_, _>>().map_err(unreadable)?;
            Ok(Fetched { page: Page { items, delta_link, next_link }, content })
        }
    }
}
