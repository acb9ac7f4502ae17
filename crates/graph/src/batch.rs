//! Many requests in one: `$batch`, 20 at a time.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    client::{Call, Client},
    cost::{self, Cost},
    error::{self, Error, Fault},
    write::{Method, Write},
};

/// The most that Graph takes in one batch.
const MOST: usize = 20;
/// Batches of one call under way at once.
const AT_ONCE: usize = 4;

/// One request of a batch.
#[derive(Clone, Debug)]
pub struct BatchItem(Write);

impl BatchItem {
    /// Reads a path relative to `/v1.0`.
    pub fn get(path: impl Into<String>) -> BatchItem {
        BatchItem(Write { method: Method::Get, path: path.into(), body: None, headers: Vec::new() })
    }

    /// Sends a header with this item.
    #[must_use]
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> BatchItem {
        BatchItem(self.0.header(name, value))
    }

    fn is_read(&self) -> bool {
        cost::reads(self.0.method, &self.0.path)
    }

    fn cost(&self) -> Cost {
        cost::of(self.0.method, &self.0.path)
    }
}

impl From<Write> for BatchItem {
    fn from(write: Write) -> Self {
        BatchItem(write)
    }
}

/// The answer to one request of a batch.
#[derive(Clone, Debug)]
pub struct BatchAnswer {
    /// Its HTTP status, or 0 where no answer came.
    pub status: u16,
    /// Its body, where there is one.
    pub body: Option<Value>,
    /// What went wrong, where something did.
    error: Option<Error>,
}

impl BatchAnswer {
    /// What went wrong, where something did.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The body, or what went wrong. An answer without a body reads as `null`: ask for `()` or an
    /// `Option`.
    pub fn into_result<T: DeserializeOwned>(self) -> Result<T, Error> {
        match self.error {
            Some(error) => Err(error),
            None => serde_json::from_value(self.body.unwrap_or_default())
                .map_err(|error| Error::json(&error).with_status(self.status)),
        }
    }

    fn failed(error: Error, read: bool) -> BatchAnswer {
        let status = error.status().unwrap_or_default();
        BatchAnswer { status, body: None, error: Some(if read { error } else { error.of_write() }) }
    }
}

impl Client {
    /// Sends any number of requests, 20 to a batch, and answers in their order.
    ///
    /// Items that were throttled are sent again after the longest wait that any of them was given;
    /// reads also after other faults. `Err` means that a batch of reads got no answer at all, or that some
    /// of them are to come again later than patience allows. When a write is among the requests, the failure stands with each item instead, since the others
    /// may have been carried out.
    pub async fn batch(&self, requests: Vec<BatchItem>) -> Result<Vec<BatchAnswer>, Error> {
        let reads_only = requests.iter().all(BatchItem::is_read);
        // Boxed, so that the compiler can see that the whole may move between threads.
        let mut chunks: Vec<BoxFuture<'_, _>> = Vec::new();
        for items in self::chunks(&requests) {
            chunks.push(self.chunk(items, reads_only).boxed());
        }
        let answers: Vec<Vec<BatchAnswer>> = stream::iter(chunks).buffered(AT_ONCE).try_collect().await?;
        Ok(answers.into_iter().flatten().collect())
    }

    async fn chunk(&self, items: &[BatchItem], reads_only: bool) -> Result<Vec<BatchAnswer>, Error> {
        let mut done: Vec<Option<BatchAnswer>> = vec![None; items.len()];
        let mut pending: Vec<usize> = (0..items.len()).collect();
        let mut attempts = self.attempts();
        let mut renewed = false;
        loop {
            let answers = match self.round(items, &pending).await {
                Ok(answers) => answers,
                Err(error) if reads_only => return Err(error),
                Err(error) => {
                    for index in pending {
                        done[index] = Some(BatchAnswer::failed(error.clone(), items[index].is_read()));
                    }
                    break;
                }
            };

            let mut again = Again::default();
            for (index, answer) in pending.drain(..).zip(answers) {
                let (item, error) = (&items[index], answer.error.as_ref());
                if let Some(error) = error {
                    again.consider(index, item, error, renewed);
                }
                done[index] = Some(answer);
            }
            if again.items.is_empty() {
                break;
            }
            if again.throttled > 0 {
                self.counters().throttled(again.throttled);
                let wait = attempts.after_throttling(again.longest);
                if let Some(closed) = wait.or(again.longest) {
                    self.lanes().throttled(&again.cost, again.scope.as_deref(), closed);
                }
                if wait.is_none() {
                    break;
                }
            } else if again.refused_token {
                renewed = true;
                self.renew_token().await?;
            } else {
                let Some(wait) = attempts.after_fault(again.longest) else { break };
                self.rest(wait).await;
            }
            self.counters().retried();
            pending = again.items;
        }
        // Reads that are to come again later are asked for again together.
        let refused = done.iter().flatten().filter_map(BatchAnswer::error);
        if reads_only && let Some(error) = refused.into_iter().find(|e| e.fault() == Fault::Throttled) {
            return Err(error.clone());
        }
        Ok(done
            .into_iter()
            .map(|answer| answer.unwrap_or_else(|| BatchAnswer::failed(lost(), false)))
            .collect())
    }

    /// One batch; its answers in the order of `pending`.
    async fn round(&self, items: &[BatchItem], pending: &[usize]) -> Result<Vec<BatchAnswer>, Error> {
        let requests = pending.iter().map(|&index| Request::of(index, &items[index].0)).collect();
        let body = serde_json::to_vec(&Requests { requests })
            .map_err(|_| Error::misconfigured("the batch cannot be written as JSON"))?;
        let cost: Cost = pending.iter().map(|&index| items[index].cost()).sum();
        let call = Call {
            method: Method::Post,
            url: self.batch_url()?,
            headers: &[],
            body: Some(Bytes::from(body)),
            cost,
            safe: pending.iter().all(|&index| items[index].is_read()),
            batch: true,
        };
        let answers: Responses = self
            .call(&call, |answer| {
                serde_json::from_slice(&answer.body).map_err(|error| {
                    // Whatever the batch did, it has done: only its parts' fate is unknown.
                    let error = Error::json(&error);
                    answer.bad(if call.safe { error } else { Error::bad_answer(error.message(), true) })
                })
            })
            .await?;
        let mut answers: HashMap<String, Response> =
            answers.responses.into_iter().map(|answer| (answer.id.clone(), answer)).collect();

        let (mut units, mut all_said) = (0, true);
        let answers = pending
            .iter()
            .map(|&index| {
                let item = &items[index];
                let Some(answer) = answers.remove(&index.to_string()) else {
                    return BatchAnswer::failed(lost(), item.is_read());
                };
                let headers = headers(&answer.headers);
                let said = headers.get("x-ms-resource-unit").and_then(|value| value.to_str().ok());
                match said.and_then(|text| text.parse::<u32>().ok()) {
                    Some(said) => units += said,
                    None => all_said = false,
                }
                answer.judge(&headers, item.is_read())
            })
            .collect();
        self.settle(cost.units, all_said.then_some(units));
        Ok(answers)
    }
}

/// Cuts requests into batches: 20 at most, and at most one to Conditional Access, whose quota is one
/// a second, so that a second one in the same batch would only be refused.
fn chunks(requests: &[BatchItem]) -> Vec<&[BatchItem]> {
    let mut chunks = Vec::with_capacity(requests.len() / MOST + 1);
    let (mut start, mut policies) = (0, 0);
    for (index, item) in requests.iter().enumerate() {
        let more = item.cost().policies;
        if index - start == MOST || policies + more > 1 {
            chunks.push(&requests[start..index]);
            (start, policies) = (index, 0);
        }
        policies += more;
    }
    if start < requests.len() {
        chunks.push(&requests[start..]);
    }
    chunks
}

/// What of a batch is sent again.
#[derive(Default)]
struct Again {
    items: Vec<usize>,
    throttled: usize,
    refused_token: bool,
    longest: Option<Duration>,
    cost: Cost,
    scope: Option<String>,
}

impl Again {
    fn consider(&mut self, index: usize, item: &BatchItem, error: &Error, renewed: bool) {
        if error.status() == Some(401) && !renewed {
            self.refused_token = true;
        } else if error.fault() == Fault::Throttled {
            self.throttled += 1;
            self.cost = [self.cost, item.cost()].into_iter().sum();
            self.scope = self.scope.take().or_else(|| error.throttle_scope().map(str::to_owned));
        } else if error.fault() == Fault::Final || !(item.is_read() || error.certainly_not_applied()) {
            return;
        }
        self.items.push(index);
        self.longest = self.longest.max(error.retry_after());
    }
}

fn lost() -> Error {
    Error::bad_answer("the batch holds no answer to this request", true)
}

fn headers(map: &serde_json::Map<String, Value>) -> HeaderMap {
    map.iter()
        .filter_map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(&text).ok()?))
        })
        .collect()
}

#[derive(Serialize)]
struct Requests<'a> {
    requests: Vec<Request<'a>>,
}

#[derive(Serialize)]
struct Request<'a> {
    id: String,
    method: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    headers: serde_json::Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a Value>,
}

impl<'a> Request<'a> {
    fn of(index: usize, write: &'a Write) -> Request<'a> {
        let mut headers: serde_json::Map<String, Value> =
            write.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        if write.body.is_some() {
            headers.insert("Content-Type".to_owned(), Value::from("application/json"));
        }
        Request {
            id: index.to_string(),
            method: write.method.as_str(),
            url: &write.path,
            headers,
            body: write.body.as_ref(),
        }
    }
}

#[derive(Deserialize)]
struct Responses {
    responses: Vec<Response>,
}

#[derive(Deserialize)]
struct Response {
    id: String,
    status: u16,
    #[serde(default, deserialize_with = "or_empty")]
    headers: serde_json::Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
}

fn or_empty<'de, D: serde::Deserializer<'de>>(input: D) -> Result<serde_json::Map<String, Value>, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

impl Response {
    fn judge(self, headers: &HeaderMap, read: bool) -> BatchAnswer {
        let good =
            (200..300).contains(&self.status) && !self.body.as_ref().is_some_and(error::is_error_object);
        let error = (!good).then(|| {
            let error = Error::graph(self.status, headers, self.body.as_ref());
            if read { error } else { error.of_write() }
        });
        BatchAnswer { status: self.status, body: self.body, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_to_a_batch_and_one_policy() {
        let sizes = |items: &[BatchItem]| chunks(items).iter().map(|chunk| chunk.len()).collect::<Vec<_>>();
        let user = || BatchItem::get("/users/1");
        let policy = || BatchItem::get("/identity/conditionalAccess/policies/1");
        assert!(sizes(&[]).is_empty());
        assert_eq!(sizes(&vec![user(); 40]), [20, 20]);
        assert_eq!(sizes(&vec![user(); 41]), [20, 20, 1]);
        assert_eq!(sizes(&[user(), policy(), user(), policy(), policy()]), [3, 1, 1]);
    }
}
