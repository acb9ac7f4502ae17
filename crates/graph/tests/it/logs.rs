//! Logs tell what happened to which kind of path, and nothing about whom.

use std::{
    io,
    sync::{Arc, Mutex},
};

use graph::path;
use serde_json::{Value, json};

use crate::stub::{Reply, Stub};

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_token_no_secret_and_no_person() {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("graph=trace")
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole process: with a subscriber of one thread, an event that another thread meets
    // first stays off. What the other tests log meanwhile must hold no secrets either.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let stub = Stub::start(|_, number| match number {
        0 => Reply::Drop,
        1 => Reply::json(503, &json!({"error": {"code": "UnknownError", "message": "no ana@contoso.com"}})),
        2 => Reply::error(401, "InvalidAuthenticationToken"),
        _ => Reply::ok(&json!({"value": [], "displayName": "Ana"})).header("request-id", "r-17"),
    })
    .await;
    let path = format!("{}/manager?$select=ana", path::user("ana@contoso.com"));
    stub.client().get::<Value>(&path).await.unwrap();

    let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/users/{id}/manager"), "{text}");
    assert!(text.contains("r-17") && text.contains("status=200"), "{text}");
    for secret in ["e30.", "Bearer", "s3cret", "contoso.com", "%40", "select", "displayName"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
