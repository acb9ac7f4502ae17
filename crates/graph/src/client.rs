//! A connection to one tenant's Microsoft Graph.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use url::Url;
use uuid::Uuid;

use crate::{
    Budgets, Credential, Hosts, Http, MeterReading, Patience,
    budget::Lanes,
    cost::{self, Cost},
    error::{self, Error, Fault},
    http::Answer,
    meter::Meter,
    pages::Pages,
    path,
    retry::Attempts,
    token::{Token, Tokens},
    write::{Method, Write},
};

/// A connection to one tenant. Clones share the token, the meter and the budgets.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: Http,
    hosts: Hosts,
    tokens: Tokens,
    lanes: Lanes,
    meter: Meter,
    patience: Patience,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("hosts", &self.inner.hosts)
            .field("credential", self.inner.tokens.credential())
            .finish_non_exhaustive()
    }
}

/// One request, as it is sent on every attempt.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: Option<Bytes>,
    pub(crate) cost: Cost,
    /// Whether it changes nothing, so that it may be sent again after any failure.
    pub(crate) safe: bool,
    /// Whether the answer's resource units stand in it per item, not in its headers.
    pub(crate) batch: bool,
}

impl Client {
    /// A connection. Nothing is sent before the first request.
    pub fn new(http: Http, hosts: Hosts, credential: Credential, budgets: Budgets) -> Client {
        Client::with_patience(http, hosts, credential, budgets, Patience::default())
    }

    /// A connection with a patience of its own.
    pub fn with_patience(
        http: Http,
        hosts: Hosts,
        credential: Credential,
        budgets: Budgets,
        patience: Patience,
    ) -> Client {
        let lanes = budgets.lanes(&credential.client_id, &credential.tenant);
        let tokens = Tokens::new(http.clone(), hosts.clone(), credential, patience);
        Client { inner: Arc::new(Inner { http, hosts, tokens, lanes, meter: Meter::default(), patience }) }
    }

    /// The hosts of this connection.
    pub fn hosts(&self) -> &Hosts {
        &self.inner.hosts
    }

    /// The tenant, as the credential names it.
    pub fn tenant(&self) -> &str {
        &self.inner.tokens.credential().tenant
    }

    /// What the connection has cost since it was made.
    pub fn meter(&self) -> MeterReading {
        self.inner.meter.read()
    }

    /// The application permissions granted to the app, by a token acquired now: an older one does
    /// not know of consent given since. Empty when nothing was consented to.
    pub async fn roles(&self) -> Result<Vec<String>, Error> {
        self.inner.tokens.fresh(&self.inner.meter).await?.roles()
    }

    /// The application permissions of the token in use. Others than [`Client::roles`] gave before: the app was
    /// granted or lost some meanwhile.
    pub async fn current_roles(&self) -> Result<Vec<String>, Error> {
        self.inner.tokens.current(&self.inner.meter).await?.roles()
    }

    /// The app's own service principal in the tenant, as the token in use says: what audit logs name it by where they
    /// leave its client id out.
    pub async fn principal(&self) -> Result<Option<Uuid>, Error> {
        Ok(self.inner.tokens.current(&self.inner.meter).await?.principal())
    }

    /// Reads one resource. `path` is relative to `/v1.0` and may have a query.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.get_with(path, &[]).await
    }

    /// Reads one resource with further headers.
    pub async fn get_with<T: DeserializeOwned>(
        &self,
        path: &str,
        headers: &[(String, String)],
    ) -> Result<T, Error> {
        self.call(&self.read(self.url(path)?, headers), decode).await
    }

    /// Reads a `/$count`, which comes as plain text. Asked of Graph's index, which lags by seconds
    /// to minutes: for progress, not for proof.
    pub async fn count(&self, path: &str) -> Result<u64, Error> {
        let headers = [("ConsistencyLevel".to_owned(), "eventual".to_owned())];
        self.call(&self.read(self.url(path)?, &headers), |answer| {
            let text = std::str::from_utf8(&answer.body).unwrap_or_default();
            text.trim_start_matches('\u{feff}')
                .trim()
                .parse()
                .map_err(|_| answer.bad(Error::bad_answer("the answer is not a number", true)))
        })
        .await
    }

    /// Reads a collection page by page, from a path relative to `/v1.0` or from a link of an earlier
    /// answer (`@odata.nextLink`, `@odata.deltaLink`).
    pub fn pages<T: DeserializeOwned + Send + 'static>(&self, path_or_link: &str) -> Pages<T> {
        Pages::new(self.clone(), path_or_link)
    }

    /// Asks with a POST that changes nothing (`getByIds`, `checkMemberGroups`, …), which is tried
    /// again like any read.
    pub async fn ask<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Error> {
        if !cost::reads(Method::Post, path) {
            return Err(Error::misconfigured("this POST may change something and cannot be asked"));
        }
        let mut call = self.read(self.url(path)?, &[]);
        call.method = Method::Post;
        call.cost = cost::of(Method::Post, path);
        call.body = Some(Bytes::from(body.to_string()));
        self.call(&call, decode).await
    }

    /// Sends one write and answers its body, where there is one.
    ///
    /// It is sent again only when Graph has certainly not carried it out (429, 503 with
    /// `Retry-After`, a token that was refused, a connection that did not come about). Every other
    /// failure is the caller's to look into: see [`Error::outcome_unknown`].
    pub async fn send(&self, write: Write) -> Result<Option<Value>, Error> {
        let call = Call {
            method: write.method,
            url: self.url(&write.path)?,
            headers: &write.headers,
            body: write.body.as_ref().map(|body| Bytes::from(body.to_string())),
            cost: cost::of(write.method, &write.path),
            safe: cost::reads(write.method, &write.path),
            batch: false,
        };
        self.call(&call, |answer| {
            if answer.body.trim_ascii().is_empty() {
                return Ok(None);
            }
            decode(answer).map(Some)
        })
        .await
    }

    fn url(&self, path: &str) -> Result<Url, Error> {
        self.inner.hosts.graph_url(path).map_err(|_| Error::misconfigured("the path cannot be used"))
    }

    /// The address of a path, or of a link if it stays on this Graph.
    pub(crate) fn path_or_link(&self, text: &str) -> Result<Url, Error> {
        if !text.contains("://") || text.starts_with('/') {
            return self.url(text);
        }
        match Url::parse(text) {
            Ok(link) if self.inner.hosts.owns(&link) => Ok(link),
            _ => Err(Error::foreign_link()),
        }
    }

    pub(crate) fn batch_url(&self) -> Result<Url, Error> {
        self.url("/$batch")
    }

    pub(crate) fn read<'a>(&self, url: Url, headers: &'a [(String, String)]) -> Call<'a> {
        let query = url.query().unwrap_or_default();
        let cost = cost::of(Method::Get, &format!("{}?{query}", url.path()));
        Call { method: Method::Get, url, headers, body: None, cost, safe: true, batch: false }
    }

    pub(crate) fn attempts(&self) -> Attempts {
        Attempts::new(self.inner.patience)
    }

    pub(crate) fn lanes(&self) -> &Lanes {
        &self.inner.lanes
    }

    pub(crate) fn counters(&self) -> &Meter {
        &self.inner.meter
    }

    /// Makes the next request sign in anew, after a part of a batch was refused for its token.
    pub(crate) async fn renew_token(&self) -> Result<(), Error> {
        let token = self.inner.tokens.current(&self.inner.meter).await?;
        self.inner.tokens.forget(&token);
        Ok(())
    }

    pub(crate) async fn rest(&self, wait: Duration) {
        self.inner.meter.waited(wait);
        sleep(wait).await;
    }

    /// Sends a request until it is answered, refused for good, or patience ends.
    pub(crate) async fn call<R>(
        &self,
        call: &Call<'_>,
        decode: impl Fn(&Answer) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let Inner { tokens, lanes, meter, .. } = &*self.inner;
        let mut attempts = self.attempts();
        let mut renewed = false;
        loop {
            let waited = lanes.take(&call.cost, attempts.stay(), attempts.waited()).await;
            let waited = waited.map_err(Error::closed)?;
            meter.waited(waited);
            let token = tokens.current(meter).await?;
            let error = match self.attempt(call, &token).await.and_then(|answer| decode(&answer)) {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };

            if error.status() == Some(401) && !renewed {
                // Expired early, revoked, or asked for anew by continuous access evaluation.
                renewed = true;
                tokens.forget(&token);
            } else if error.fault() == Fault::Throttled {
                meter.throttled(1);
                let wait = attempts.after_throttling(error.retry_after());
                // The wait itself is the lane's: everybody of this quota has it together, also when it is
                // too long for this request.
                if let Some(closed) = wait.or(error.retry_after()) {
                    lanes.throttled(&call.cost, error.throttle_scope(), closed);
                }
                if wait.is_none() {
                    return Err(error);
                }
            } else if error.fault() != Fault::Final && (call.safe || error.certainly_not_applied()) {
                let Some(wait) = attempts.after_fault(error.retry_after()) else {
                    return Err(if call.safe { error } else { error.of_write() });
                };
                self.rest(wait).await;
            } else {
                return Err(if call.safe { error } else { error.of_write() });
            }
            meter.retried();
            tracing::debug!(
                error = error.brief(),
                path = path::shape(call.url.path()),
                "request is tried again"
            );
        }
    }

    /// One attempt: a good answer, or what the other kind means.
    async fn attempt(&self, call: &Call<'_>, token: &Token) -> Result<Answer, Error> {
        let Inner { http, lanes, meter, .. } = &*self.inner;
        let mut request = http
            .request(call.method.into(), call.url.clone())
            .header(http::header::AUTHORIZATION, token.header())
            .header(http::header::ACCEPT, "application/json");
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &call.body {
            request = request.header(http::header::CONTENT_TYPE, "application/json").body(body.clone());
        }

        meter.sent(call.cost.writes);
        let began = Instant::now();
        let answer = http.exchange(request).await;
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let shape = path::shape(call.url.path());
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(
                    method = call.method.as_str(),
                    path = shape,
                    ms,
                    error = error.brief(),
                    "no answer"
                );
                return Err(error);
            }
        };
        tracing::debug!(
            method = call.method.as_str(),
            path = shape,
            status = answer.status,
            ms,
            bytes = answer.body.len(),
            request_id = answer.header("request-id"),
            "answer"
        );
        meter.received(answer.body.len());
        // On a write it speaks of the write quota, which is published and paced exactly.
        if let Some(used) = answer.header("x-ms-throttle-limit-percentage").and_then(|text| text.parse().ok())
            && call.cost.writes == 0
        {
            lanes.warned(used);
        }
        // A failure costs what it says; a refusal says nothing and costs nothing.
        let units = answer.header("x-ms-resource-unit").and_then(|text| text.trim().parse().ok());
        if !call.batch && (units.is_some() || answer.is_success()) {
            self.settle(call.cost.units, units);
        }
        if !answer.is_success() {
            return Err(answer.error().without_foreign_restart(&self.inner.hosts));
        }
        Ok(answer)
    }

    pub(crate) fn settle(&self, estimated: u32, actual: Option<u32>) {
        self.inner.meter.units(actual.unwrap_or(estimated));
        if let Some(actual) = actual {
            self.inner.lanes.settle(estimated, actual);
        }
    }
}

/// Reads a body, unless it is an error that came with a good status.
fn decode<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    // Single resources are small; only what mentions an error near its start is read twice.
    let head = &answer.body[..answer.body.len().min(512)];
    if head.windows(7).any(|window| window == b"\"error\"")
        && let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
        && error::is_error_object(&body)
    {
        return Err(answer.error());
    }
    serde_json::from_slice(&answer.body).map_err(|error| answer.bad(Error::json(&error)))
}
