//! Sessions: a cookie in the browser, a row in the database.

use app::context::TOUCHED;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use chrono::DateTime;
use portal::{BEGAN, Half, IDLE, Identity, Portal, Who};
use store::sessions::SessionContent;
use store::token::TokenHash;
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};
use uuid::Uuid;

use super::Front;

/// Over TLS the browser itself sees to it that no other host and no plain page sets the cookie.
pub(super) fn cookie_name(front: &Front) -> &'static str {
    if front.is_secure() { "__Host-holdfast" } else { "holdfast" }
}

pub(super) fn layer(portal: &Portal, front: &Front) -> SessionManagerLayer<Sessions> {
    let idle = time::Duration::try_from(IDLE).unwrap_or(time::Duration::hours(8));
    SessionManagerLayer::new(Sessions { portal: portal.clone() })
        .with_name(cookie_name(front))
        .with_http_only(true)
        .with_secure(front.is_secure())
        // Lax: a link in a mail leads to the page, signed in.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(idle))
}

/// The cookie that removes ours must look like ours, or a browser ignores it.
pub(super) async fn whole_cookies(
    State(name): State<&'static str>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let is_bare = |value: &HeaderValue| {
        value.to_str().is_ok_and(|text| text.starts_with(&format!("{name}=")) && !text.contains("HttpOnly"))
    };
    if response.headers().get_all(header::SET_COOKIE).iter().any(is_bare) {
        let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
        let cookies: Vec<HeaderValue> =
            response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        response.headers_mut().remove(header::SET_COOKIE);
        for cookie in cookies {
            let whole = match cookie.to_str() {
                Ok(text) if is_bare(&cookie) => {
                    HeaderValue::from_str(&format!("{text}; HttpOnly; SameSite=Lax{secure}"))
                        .unwrap_or(cookie)
                }
                _ => cookie,
            };
            response.headers_mut().append(header::SET_COOKIE, whole);
        }
    }
    response
}

/// By what the database knows the session; none before it was saved.
pub(super) fn token(session: &Session) -> Option<TokenHash> {
    session.id().map(|id| hash(&id))
}

/// Notes that the session is in use, so that it does not end, and its role with it; once a minute is enough.
pub(super) async fn touch(
    session: &Session,
    portal: &Portal,
    who: &Who,
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let now = portal.now().timestamp_millis();
    let last = session.get::<i64>(TOUCHED).await?.unwrap_or(0);
    if now - last >= i64::try_from(portal::TOUCH.as_millis()).unwrap_or(i64::MAX) {
        session.insert(TOUCHED, now).await?;
        portal.note_seen(who).await?;
    }
    Ok(())
}

/// tower-sessions' way to our repository.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    portal: Portal,
}

fn hash(id: &Id) -> TokenHash {
    TokenHash::of(&id.to_string())
}

fn failed(error: store::Error) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    fn content(&self, record: &Record) -> Result<SessionContent> {
        // One that is only half signed in ends with the others of the account.
        let owner = |key| record.data.get(key).and_then(|who| who.get("account")).cloned();
        let account = owner(Identity::KEY).or_else(|| owner(Half::KEY));
        let account = account.map(serde_json::from_value::<Uuid>).transpose();
        Ok(SessionContent {
            account: account.map_err(|e| Error::Encode(e.to_string()))?,
            data: serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?,
            // By our clock, not by the library's.
            expires_at: self.portal.now() + IDLE,
        })
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // Under a new name, too, it lives from when it began.
        let now = self.portal.now();
        let began = record.data.get(BEGAN).and_then(serde_json::Value::as_i64);
        let began = began.and_then(DateTime::from_timestamp_millis).unwrap_or(now);
        record.data.insert(BEGAN.to_owned(), began.timestamp_millis().into());
        let content = self.content(record)?;
        let store = self.portal.store();
        while !store.create_session(hash(&record.id), &content, began).await.map_err(failed)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let content = self.content(record)?;
        self.portal.store().save_session(hash(&record.id), &content).await.map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.portal.store().load_session(hash(id), self.portal.alive()).await.map_err(failed)?;
        found
            .map(|content| {
                Ok(Record {
                    id: *id,
                    data: serde_json::from_str(&content.data).map_err(|e| Error::Decode(e.to_string()))?,
                    expiry_date: library_time(content.expires_at),
                })
            })
            .transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.portal.store().delete_session(hash(id)).await.map(drop).map_err(failed)
    }
}

fn library_time(at: DateTime<chrono::Utc>) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.timestamp()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
