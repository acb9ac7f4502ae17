//! A server whose every byte the test chooses: cut bodies, dropped and silent connections are part
//! of its vocabulary. One request a connection, so that a cut is just a close.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use graph::{Budgets, Client, Cloud, Credential, Hosts, Http, Patience, Proof, Quotas, Timeouts};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// Promises the whole body and sends the first half.
    Cut(Vec<u8>),
    /// A chunked body that ends without its last chunk.
    CutChunked(Vec<u8>),
    /// Sends the first half and then nothing, keeping the connection open.
    Stall(Vec<u8>),
    /// Closes without a word.
    Drop,
    /// Says nothing and keeps the connection open.
    Silent,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Reply {
        Reply::Answer {
            status,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: body.to_string().into_bytes(),
        }
    }

    pub(crate) fn ok(body: &Value) -> Reply {
        Reply::json(200, body)
    }

    pub(crate) fn error(status: u16, code: &str) -> Reply {
        Reply::json(status, &json!({"error": {"code": code, "message": "words", "innerError": {}}}))
    }

    pub(crate) fn empty(status: u16) -> Reply {
        Reply::Answer { status, headers: vec![], body: vec![] }
    }

    pub(crate) fn html(status: u16) -> Reply {
        Reply::Answer {
            status,
            headers: vec![("Content-Type".into(), "text/html".into())],
            body: b"<html><h1>Service Unavailable</h1></html>".to_vec(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Reply {
        if let Reply::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

type Log = Arc<Mutex<Vec<Seen>>>;
type Handler = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// The running server. Graph and the login authority are both here.
pub(crate) struct Stub {
    pub(crate) base: Url,
    graph: Log,
    login: Log,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Stub {
    /// `graph` is asked with each request to Graph and its number, from 0.
    pub(crate) async fn start(graph: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Stub {
        Stub::with_login(graph, |_, number| token(&format!("t{number}"), 3599)).await
    }

    pub(crate) async fn with_login(
        graph: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
        login: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (graph_log, login_log) = (Log::default(), Log::default());
        let graph: Arc<Handler> = Arc::new(graph);
        let login: Arc<Handler> = Arc::new(login);
        let logs = (graph_log.clone(), login_log.clone());
        let server = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (graph, login, logs) = (graph.clone(), login.clone(), logs.clone());
                tokio::spawn(async move {
                    let _ = serve(socket, &*graph, &*login, &logs).await;
                });
            }
        });
        Stub { base, graph: graph_log, login: login_log, server }
    }

    /// Requests to Graph so far.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.graph.lock().unwrap().clone()
    }

    /// Requests for tokens so far.
    pub(crate) fn sign_ins(&self) -> Vec<Seen> {
        self.login.lock().unwrap().clone()
    }

    pub(crate) fn hosts(&self) -> Hosts {
        Hosts::of(Cloud::Global).with_overrides(Some(self.base.clone()), Some(self.base.clone()))
    }

    pub(crate) fn client(&self) -> Client {
        self.client_of(Proof::secret("s3cret"), Budgets::new(Quotas::default()))
    }

    pub(crate) fn client_of(&self, proof: Proof, budgets: Budgets) -> Client {
        // Long enough for a machine that is busy with other tests.
        self.client_with(proof, budgets, Duration::from_secs(20))
    }

    /// A client that gives up waiting soon, for servers that stop talking.
    pub(crate) fn impatient_client(&self) -> Client {
        self.client_with(Proof::secret("s3cret"), Budgets::default(), Duration::from_millis(300))
    }

    fn client_with(&self, proof: Proof, budgets: Budgets, wait: Duration) -> Client {
        let timeouts = Timeouts { connect: Duration::from_secs(20), answer: wait, idle: wait };
        let credential = Credential { tenant: "contoso".into(), client_id: "app".into(), proof };
        Client::with_patience(
            Http::with_timeouts(timeouts).unwrap(),
            self.hosts(),
            credential,
            budgets,
            quick(),
        )
    }

    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}v1.0{path}", self.base)
    }
}

/// The default patience with short waits. Not paused time: with sockets in play a paused clock
/// runs ahead of the answers.
pub(crate) fn quick() -> Patience {
    Patience { first: Duration::from_millis(2), longest: Duration::from_millis(10), ..Patience::default() }
}

/// A token whose text tells them apart, with two roles in it.
pub(crate) fn token(name: &str, expires_in: u64) -> Reply {
    let claims = BASE64.encode(json!({"roles": ["User.Read.All", "Group.Read.All"]}).to_string());
    Reply::ok(&json!({
        "token_type": "Bearer", "expires_in": expires_in, "ext_expires_in": expires_in,
        "access_token": format!("e30.{claims}.{name}"),
    }))
}

async fn serve(
    mut socket: TcpStream,
    graph: &Handler,
    login: &Handler,
    logs: &(Log, Log),
) -> std::io::Result<()> {
    let Some(seen) = read_request(&mut socket).await? else { return Ok(()) };
    let (handler, log) =
        if seen.target.ends_with("/oauth2/v2.0/token") { (login, &logs.1) } else { (graph, &logs.0) };
    let number = {
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        log.len() - 1
    };
    match handler(&seen, number) {
        Reply::Drop => {}
        Reply::Silent => std::future::pending().await,
        Reply::Answer { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} x\r\nConnection: close\r\n");
            for (name, value) in headers {
                head += &format!("{name}: {value}\r\n");
            }
            head += &format!("Content-Length: {}\r\n\r\n", body.len());
            socket.write_all(head.as_bytes()).await?;
            socket.write_all(&body).await?;
        }
        Reply::Cut(body) => half(&mut socket, &body).await?,
        Reply::Stall(body) => {
            half(&mut socket, &body).await?;
            std::future::pending::<()>().await;
        }
        Reply::CutChunked(body) => {
            let head = format!("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len());
            socket.write_all(head.as_bytes()).await?;
            socket.write_all(&body).await?;
            socket.write_all(b"\r\n").await?;
        }
    }
    socket.shutdown().await
}

async fn half(socket: &mut TcpStream, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(&body[..body.len() / 2]).await
}

async fn read_request(socket: &mut TcpStream) -> std::io::Result<Option<Seen>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if socket.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap().to_owned());
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if socket.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Seen { method, target, headers, body }))
}
