//! Who signs in: accounts, their passwords, and sessions.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use super::{Realm, Visit};
use crate::auth::secret;
use crate::lock;
use crate::schema::user;
use crate::state::{Kind, Oid, Tenant};

/// An account of one of the directories.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Person {
    pub(crate) tenant: String,
    pub(crate) id: String,
}

impl Person {
    pub(crate) fn new(t: &Tenant, oid: Oid) -> Self {
        Self { tenant: t.info.tenant_id.to_string(), id: t.id(oid) }
    }

    /// The account, while it is there.
    pub(crate) fn user(&self, t: &Tenant) -> Option<Oid> {
        t.live(Kind::User, &self.id)
    }
}

/// Passwords that were set, and sessions.
#[derive(Default)]
pub(crate) struct People {
    passwords: Mutex<HashMap<Person, String>>,
    sessions: Mutex<HashMap<String, Person>>,
    /// Who proves themselves with a second factor, too.
    with_mfa: Mutex<HashSet<Person>>,
}

impl People {
    /// Sets a password; without one, any that is not empty will do.
    pub(crate) fn set_password(&self, person: Person, password: Option<String>) {
        let mut passwords = lock(&self.passwords);
        match password {
            Some(password) => passwords.insert(person, password),
            None => passwords.remove(&person),
        };
    }

    /// From now on somebody signs in with a second factor, or does not.
    pub(crate) fn set_mfa(&self, person: Person, used: bool) {
        let mut with_mfa = lock(&self.with_mfa);
        if used {
            with_mfa.insert(person);
        } else {
            with_mfa.remove(&person);
        }
    }

    /// How somebody proves themselves, as the `amr` claim says it.
    pub(crate) fn methods(&self, person: &Person) -> &'static [&'static str] {
        if lock(&self.with_mfa).contains(person) { &["pwd", "mfa"] } else { &["pwd"] }
    }

    fn accepts(&self, person: &Person, password: &str) -> bool {
        match lock(&self.passwords).get(person) {
            Some(set) => set == password,
            None => !password.is_empty(),
        }
    }

    /// Remembers who signed in.
    pub(super) fn open(&self, person: Person) -> String {
        let id = secret();
        lock(&self.sessions).insert(id.clone(), person);
        id
    }

    pub(super) fn session(&self, id: &str) -> Option<Person> {
        lock(&self.sessions).get(id).cloned()
    }

    pub(super) fn close(&self, id: &str) {
        lock(&self.sessions).remove(id);
    }
}

/// Whether an account may sign in.
pub(super) fn enabled(t: &Tenant, oid: Oid) -> bool {
    t.object(oid).rec.is_true(user::ACCOUNT_ENABLED)
}

/// Why somebody is not let in, in the authority's words.
pub(super) struct Problem {
    pub(super) code: u32,
    pub(super) text: String,
}

/// Checks the name and the password of a sign-in form.
pub(super) fn check(visit: &Visit<'_>, realm: &Realm) -> Result<Person, Problem> {
    let problem = |code, text: String| Err(Problem { code, text });
    let login = visit.get("login").unwrap_or_default().trim();
    let now = visit.shared.clock.now();
    let found = visit.directories(realm).into_iter().find_map(|directory| {
        let t = directory.read(now);
        let oid = t.by_key("upn", login)?;
        Some((Person::new(&t, oid), enabled(&t, oid)))
    });
    let Some((person, enabled)) = found else {
        let directory = match realm {
            Realm::One(directory) => directory.read(now).info.name.clone(),
            Realm::Any => visit.tenant.to_owned(),
        };
        return problem(
            50_034,
            format!(
                "The user account {login} does not exist in the {directory} directory. To sign into this application, the account must be added to the directory."
            ),
        );
    };
    if !visit.shared.auth.people.accepts(&person, visit.get("password").unwrap_or_default()) {
        return problem(
            50_126,
            "Error validating credentials due to invalid username or password.".to_owned(),
        );
    }
    if !enabled {
        return problem(
            50_057,
            "The user account is disabled. The account has been disabled by an administrator.".to_owned(),
        );
    }
    Ok(person)
}
