//! One HTTP request and its whole answer, within bounds of time and size.

use std::{future::Future, time::Duration};

use http::HeaderMap;
use reqwest::RequestBuilder;
use serde_json::Value;
use tokio::time::timeout;

use crate::{error::Error, text::mend_surrogates};

const USER_AGENT: &str = concat!("Holdfast/", env!("CARGO_PKG_VERSION"));

/// The largest answer read. A page of 999 users is about a megabyte; what is far beyond is not
/// Graph, or a small body that decompresses without end.
const LARGEST: usize = 256 * 1024 * 1024;

/// How much room is made for a body before its first byte, at most.
const FIRST_ROOM: u64 = 4 * 1024 * 1024;

/// Makes ring the process's TLS provider, unless one was chosen before.
pub fn install_crypto() {
    // An error means that a provider is installed, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, with TLS.
    pub connect: Duration,
    /// For the first byte of an answer after the request was sent.
    pub answer: Duration,
    /// For each further piece of a body.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(10),
            // Graph's own gateway gives up at about a minute.
            answer: Duration::from_secs(75),
            idle: Duration::from_secs(30),
        }
    }
}

/// The connections to Microsoft, shared by all clients. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    timeouts: Timeouts,
}

impl Http {
    /// A pool with the usual [`Timeouts`]. Proxies are taken from the system as everywhere
    /// (`HTTPS_PROXY`, `NO_PROXY`). Fails when the system's root certificates cannot be read.
    pub fn new() -> Result<Http, Error> {
        Http::with_timeouts(Timeouts::default())
    }

    /// A pool with timeouts of one's own.
    pub fn with_timeouts(timeouts: Timeouts) -> Result<Http, Error> {
        install_crypto();
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timeouts.connect)
            // A redirect would carry the token to an address that nobody checked.
            .redirect(reqwest::redirect::Policy::none())
            .tcp_keepalive(Duration::from_secs(30))
            .http2_adaptive_window(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(10))
            .build()
            .map_err(Error::network)?;
        Ok(Http { client, timeouts })
    }

    pub(crate) fn request(&self, method: reqwest::Method, url: url::Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request under a fresh `client-request-id` and reads its answer to the end.
    pub(crate) async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Error> {
        let id = uuid::Uuid::new_v4().to_string();
        let request = request.header("client-request-id", &id);
        self.read(request).await.map_err(|error| error.with_ids(None, Some(&id)))
    }

    async fn read(&self, request: RequestBuilder) -> Result<Answer, Error> {
        let mut response = within(self.timeouts.answer, "answer", request.send()).await?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let room = response.content_length().unwrap_or_default().min(FIRST_ROOM);
        let mut body = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
        loop {
            match within(self.timeouts.idle, "rest of the answer", response.chunk()).await {
                Ok(Some(piece)) if body.len() + piece.len() > LARGEST => {
                    return Err(Error::bad_answer("the answer is too large", false).with_status(status));
                }
                Ok(Some(piece)) => body.extend_from_slice(&piece),
                Ok(None) => break,
                // The status says enough where it is an error itself.
                Err(_) if status >= 400 => break,
                Err(error) => return Err(error.with_status(status)),
            }
        }
        mend_surrogates(&mut body);
        Ok(Answer { status, headers, body })
    }
}

async fn within<T>(
    limit: Duration,
    what: &str,
    work: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T, Error> {
    match timeout(limit, work).await {
        Ok(result) => result.map_err(Error::network),
        Err(_) => Err(Error::timeout(what)),
    }
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The answer as Graph's error.
    pub(crate) fn error(&self) -> Error {
        let body: Option<Value> = serde_json::from_slice(&self.body).ok();
        Error::graph(self.status, &self.headers, body.as_ref())
    }

    /// What was wrong inside an answer with a good status, with the answer's ids.
    pub(crate) fn bad(&self, error: Error) -> Error {
        error.with_status(self.status).with_ids(self.header("request-id"), self.header("client-request-id"))
    }
}
