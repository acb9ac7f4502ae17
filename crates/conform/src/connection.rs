//! An app's way to one tenant: signing in, asking, and waiting where Graph asks for it. Answers come as they
//! are, refusals included, which is why the product's own client is not asked: it hides them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use graph::{Cloud, Hosts, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::answer::Answer;
use crate::scrub::scrub;
use crate::verdict::Stop;

/// How often a request is repeated that Graph was too busy for.
const BUSY: u32 = 6;
/// The longest that one `Retry-After` is waited for.
const LONGEST: Duration = Duration::from_secs(300);

/// Whose app asks, and where.
#[derive(Clone)]
pub struct Account {
    /// The tenant's id or one of its domains.
    pub tenant: String,
    /// The app's (client) id.
    pub client_id: String,
    /// The app's secret.
    pub secret: SecretString,
    /// The cloud.
    pub cloud: Cloud,
    /// Where Graph and the authority are instead: the simulator.
    pub at: Option<Url>,
    /// How long something may take to show.
    pub patience: Duration,
}

/// One request.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    /// Below `/v1.0`, or a link that Graph gave.
    pub(crate) path: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<&'a Value>,
    /// With the token.
    pub(crate) signed: bool,
    /// Repeated while Graph is busy.
    pub(crate) patient: bool,
}

/// What all answers of a run had in common.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) without_request_id: u64,
    pub(crate) throttled: u64,
    pub(crate) throttled_without_wait: u64,
}

/// An app's connection to one tenant.
pub struct Connection {
    http: reqwest::Client,
    hosts: Hosts,
    scope: String,
    account: Account,
    token: Mutex<Option<SecretString>>,
    tally: Mutex<Tally>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unreachable(error: &reqwest::Error) -> Stop {
    let why = if error.is_timeout() { "no answer in time" } else { "the connection broke" };
    Stop::NotTried(why.to_owned())
}

impl Connection {
    /// A connection; nothing is sent yet. Fails when the system's root certificates cannot be read.
    pub fn new(account: Account) -> anyhow::Result<Connection> {
        graph::install_crypto();
        let http = reqwest::Client::builder()
            .user_agent(concat!("Holdfast-conform/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(90))
            .build()?;
        let public = Hosts::of(account.cloud);
        let scope = format!("{}.default", public.graph);
        let hosts = public.with_overrides(account.at.clone(), account.at.clone());
        Ok(Connection { http, hosts, scope, account, token: Mutex::default(), tally: Mutex::default() })
    }

    pub(crate) fn tenant(&self) -> &str {
        &self.account.tenant
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.account.client_id
    }

    pub(crate) fn patience(&self) -> Duration {
        self.account.patience
    }

    pub(crate) fn tally(&self) -> Tally {
        *lock(&self.tally)
    }

    /// The root of Graph, without the version.
    pub(crate) fn root(&self) -> &str {
        self.hosts.graph.as_str().trim_end_matches('/')
    }

    /// Signs in with the app's own secret and keeps the token.
    pub async fn sign_in(&self) -> Result<(), Stop> {
        let Account { tenant, client_id, secret, .. } = &self.account;
        let answer = self.ask_for_token(tenant, client_id, secret).await?;
        match answer.body["access_token"].as_str() {
            Some(token) if answer.status == 200 => {
                *lock(&self.token) = Some(SecretString::from(token));
                Ok(())
            }
            _ => Err(Stop::NotTried(format!(
                "the app could not sign in: {} {} {}",
                answer.status, answer.body["error"], answer.body["error_codes"]
            ))),
        }
    }

    /// What the token says is granted.
    pub fn roles(&self) -> Vec<String> {
        let claims = lock(&self.token)
            .as_ref()
            .and_then(|token| token.expose_secret().split('.').nth(1).map(str::to_owned))
            .and_then(|part| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok())
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
            .unwrap_or_default();
        let roles = claims["roles"].as_array().into_iter().flatten();
        roles.filter_map(|role| role.as_str().map(str::to_owned)).collect()
    }

    /// Asks the authority for a token, and answers whatever it said.
    pub(crate) async fn ask_for_token(
        &self,
        tenant: &str,
        client_id: &str,
        secret: &SecretString,
    ) -> Result<Answer, Stop> {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.hosts.login.as_str().trim_end_matches('/'));
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", secret.expose_secret()),
            ("scope", self.scope.as_str()),
        ];
        let request = self.http.post(url).form(&form);
        self.read("POST /{tenant}/oauth2/v2.0/token".to_owned(), request).await
    }

    /// Sends a request. Busy answers are waited out unless the request is impatient; a token that has ended is
    /// renewed once.
    pub(crate) async fn send(&self, request: Request<'_>) -> Result<Answer, Stop> {
        let url = self.url(request.path)?;
        let mut renewed = false;
        let mut busy = 0;
        loop {
            let answer = self.once(&request, url.clone()).await?;
            if answer.status == 401 && request.signed && !renewed {
                renewed = true;
                self.sign_in().await?;
                continue;
            }
            if !request.patient || !matches!(answer.status, 429 | 503 | 504) || busy == BUSY {
                return Ok(answer);
            }
            busy += 1;
            let asked = answer.header("retry-after").and_then(|text| text.parse::<f64>().ok());
            let wait = asked.map_or(Duration::from_secs(1 << busy), |s| Duration::from_secs_f64(s.max(0.5)));
            tokio::time::sleep(wait.min(LONGEST)).await;
        }
    }

    async fn once(&self, request: &Request<'_>, url: Url) -> Result<Answer, Stop> {
        let asked = format!("{} {}", request.method.as_str(), shape(request.path));
        let mut sent = self
            .http
            .request(request.method.into(), url)
            .header("return-client-request-id", "true")
            .header("accept", "application/json");
        if request.signed {
            let token = lock(&self.token).clone();
            let token = token.ok_or_else(|| Stop::NotTried("the app is not signed in".to_owned()))?;
            sent = sent.bearer_auth(token.expose_secret());
        }
        if !request.headers.iter().any(|(name, _)| *name == "client-request-id") {
            sent = sent.header("client-request-id", Uuid::new_v4().to_string());
        }
        for (name, value) in request.headers {
            sent = sent.header(*name, *value);
        }
        if let Some(body) = request.body {
            sent = sent.json(body);
        }
        let answer = self.read(asked, sent).await?;
        let mut tally = lock(&self.tally);
        tally.requests += 1;
        tally.without_request_id += u64::from(answer.header("request-id").is_none());
        if answer.status == 429 {
            tally.throttled += 1;
            tally.throttled_without_wait += u64::from(answer.header("retry-after").is_none());
        }
        Ok(answer)
    }

    async fn read(&self, asked: String, request: reqwest::RequestBuilder) -> Result<Answer, Stop> {
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.map_err(|error| unreachable(&error))?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer { asked, status, headers, text, body })
    }

    /// The address of a path, or of a link that stays on this Graph: the token goes along.
    fn url(&self, path: &str) -> Result<Url, Stop> {
        if path.starts_with('/') {
            let text = format!("{}/v1.0{path}", self.root());
            return Url::parse(&text).map_err(|_| Stop::NotTried("the path cannot be sent".to_owned()));
        }
        match Url::parse(path) {
            Ok(link) if link.origin() == self.hosts.graph.origin() => Ok(link),
            _ => Err(Stop::Differs("a link leads to another host".to_owned())),
        }
    }
}

/// A path as the report may show it: without ids, tokens, and the host of a link.
fn shape(path: &str) -> String {
    let path = match path.split_once("/v1.0/") {
        Some((_, below)) => format!("/{below}"),
        None => path.to_owned(),
    };
    let token = ["$deltatoken=", "$skiptoken=", "%24deltatoken=", "%24skiptoken="]
        .into_iter()
        .filter_map(|name| path.find(name).map(|at| at + name.len()))
        .min();
    match token {
        Some(end) if path.len() - end > 12 => scrub(&format!("{}…", &path[..end])),
        _ => scrub(&path),
    }
}
