//! The authority's pages for people: signing in, an administrator's consent, signing out.
//!
//! Plain forms that work without scripts. What a page needs to go on is in its hidden fields.

mod authorize;
pub(crate) mod codes;
mod consent;
mod page;
pub(crate) mod people;
mod reply;
mod sign_out;

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;

use crate::directories::Directory;
use crate::shared::Shared;
use people::Person;

/// The cookie that remembers who signed in.
const COOKIE: &str = "ESTSAUTH";

/// What only a form of these pages says.
pub(crate) const ANSWERS: [&str; 4] = ["login", "password", "session", "decision"];

/// One request of a browser.
pub(crate) struct Visit<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) root: &'a str,
    /// The directory as the path names it.
    pub(crate) tenant: &'a str,
    pub(crate) path: &'a str,
    /// Query and form together.
    pub(crate) params: HashMap<String, String>,
    /// The `Cookie` header.
    pub(crate) cookies: &'a str,
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Authorize,
    /// `/v2.0/adminconsent`.
    Consent,
    /// The older `/adminconsent`.
    OldConsent,
    SignOut,
}

/// Serves a page.
pub(crate) fn serve(visit: &Visit<'_>, place: Place) -> Response {
    match place {
        Place::Authorize => authorize::serve(visit),
        Place::Consent => consent::serve(visit, true),
        Place::OldConsent => consent::serve(visit, false),
        Place::SignOut => sign_out::serve(visit),
    }
}

/// Whose accounts may sign in at a path.
enum Realm {
    One(Arc<Directory>),
    Any,
}

impl Visit<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    fn realm(&self) -> Option<Realm> {
        if ["organizations", "common"].contains(&self.tenant) {
            return Some(Realm::Any);
        }
        self.shared.directory(self.tenant).map(Realm::One)
    }

    /// The directories of the realm.
    fn directories(&self, realm: &Realm) -> Vec<Arc<Directory>> {
        match realm {
            Realm::One(directory) => vec![Arc::clone(directory)],
            Realm::Any => self.shared.directories(),
        }
    }

    /// The session that the cookie, or a page's hidden field, names.
    fn session(&self) -> Option<&str> {
        self.get("session").or_else(|| {
            self.cookies.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                (name == COOKIE).then_some(value)
            })
        })
    }

    /// Who is signed in already, when this realm knows them and they still may.
    fn signed_in(&self, realm: &Realm) -> Option<Person> {
        let person = self.shared.auth.people.session(self.session()?)?;
        let home = self.directories(realm).into_iter().find(|d| d.id() == person.tenant)?;
        let t = home.read(self.shared.clock.now());
        people::enabled(&t, person.user(&t)?).then_some(person)
    }

    /// The cookie for a new session.
    fn cookie(&self, session: &str) -> String {
        let secure = if self.root.starts_with("https") { "; Secure" } else { "" };
        format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax{secure}")
    }
}
