//! Control of what people meet at the authority: directories, addresses, passwords, permissions asked.

use serde_json::{Value, json};

use super::http::{Answer, bad, names, permission_names};
use crate::auth::browser::people::Person;
use crate::directories::Directory;
use crate::options::Options;
use crate::seed;
use crate::shared::Shared;
use crate::sim::Sim;
use crate::state::{Kind, NONE};

/// The fewest people that make a directory: some of them run it.
const FEWEST: usize = 12;

/// What is told of a directory.
fn told(shared: &Shared, directory: &Directory) -> Value {
    let t = directory.read(shared.clock.now());
    let with_role = |template: &str| -> Vec<String> {
        t.sets[Kind::User as usize]
            .iter()
            .filter(|oid| t.is_live(**oid))
            .filter(|oid| t.tenant_roles_of(**oid).iter().any(|role| role == template))
            .filter_map(|oid| t.object(*oid).rec.str(crate::schema::user::UPN))
            .map(|upn| upn.into_owned())
            .collect()
    };
    json!({
        "tenantId": directory.id(),
        "displayName": t.info.name,
        "domain": t.info.domain,
        "initialDomain": t.info.initial_domain,
        "installed": t.app_sp != NONE,
        "permissions": t.permissions,
        "globalAdministrators": with_role("62e90394-69f5-4237-9190-012177145e10"),
    })
}

/// Every directory.
pub(super) fn tenants(shared: &Shared) -> Value {
    shared.directories().iter().map(|directory| told(shared, directory)).collect()
}

/// Adds a directory of another organization.
pub(super) fn add_tenant(shared: &Shared, body: &Value) -> Answer {
    let number = |key: &str, otherwise: u64| body[key].as_u64().unwrap_or(otherwise);
    let count = shared.directories().len() as u64;
    let domain = body["domain"].as_str().unwrap_or("fabrikam.example");
    let name = body["displayName"].as_str().unwrap_or("Fabrikam");
    let options = Options {
        users: (number("users", 20) as usize).max(FEWEST),
        groups: number("groups", 6) as usize,
        seed: number("seed", shared.options.seed + 1000 * count),
        directory_roles: Vec::new(),
        ..Options::default()
    };
    let home = shared.read().info.clone();
    let tenant = seed::neighbour(&home, name, domain, &options, shared.clock.now());
    let directory = shared.add_directory(tenant).map_err(|e| (409, e))?;
    Ok(told(shared, &directory))
}

/// Registers addresses, or forgets them.
pub(super) fn redirect_uris(shared: &Shared, body: &Value) -> Value {
    let registration = &shared.auth.registration;
    if body["set"].is_array() {
        for uri in registration.redirect_uris() {
            registration.remove_redirect_uri(&uri);
        }
    }
    for uri in names(body, "set").into_iter().chain(names(body, "add")) {
        registration.add_redirect_uri(uri);
    }
    for uri in names(body, "remove") {
        registration.remove_redirect_uri(&uri);
    }
    json!(registration.redirect_uris())
}

/// The permissions that the registration names, by name or app-role id.
pub(super) fn required(shared: &Shared, body: &Value) -> Value {
    if body["set"].is_array() {
        shared.auth.registration.require(permission_names(body, "set").collect());
    }
    json!(shared.auth.registration.required())
}

/// Whom a request is about.
fn person(shared: &Shared, body: &Value) -> Result<Person, (u16, String)> {
    let user = body["user"].as_str().ok_or_else(|| bad("user is missing"))?;
    let found = shared.directories().iter().find_map(|directory| {
        let t = directory.read(shared.clock.now());
        t.user(user).map(|oid| Person::new(&t, oid))
    });
    found.ok_or_else(|| bad(format!("there is no user {user:?}")))
}

/// Sets somebody's password.
pub(super) fn password(shared: &Shared, body: &Value) -> Answer {
    let password = body["password"].as_str().map(str::to_owned);
    shared.auth.people.set_password(person(shared, body)?, password);
    Ok(json!({}))
}

/// Says whether somebody signs in with a second factor.
pub(super) fn mfa(shared: &Shared, body: &Value) -> Answer {
    shared.auth.people.set_mfa(person(shared, body)?, body["used"].as_bool() == Some(true));
    Ok(json!({}))
}

impl Sim {
    /// Registers an address that the authority may send a browser back to.
    pub fn register_redirect_uri(&self, uri: &str) {
        self.shared.auth.registration.add_redirect_uri(uri.to_owned());
    }

    /// Replaces the application permissions that consent asks for.
    pub fn require_permissions(&self, all: &[&str]) {
        self.shared.auth.registration.require(all.iter().map(|p| (*p).to_owned()).collect());
    }

    /// Adds another organization's directory, as `POST /sim/tenants` does.
    ///
    /// # Errors
    ///
    /// When there is one of that domain or id.
    pub fn add_tenant(&self, spec: &Value) -> Result<Value, String> {
        add_tenant(&self.shared, spec).map_err(|(_, e)| e)
    }

    /// Every directory, as `GET /sim/tenants` tells them.
    pub fn tenants(&self) -> Value {
        tenants(&self.shared)
    }

    /// Sets the password of a user (id or principal name); without one, any will do.
    ///
    /// # Errors
    ///
    /// When there is no such user.
    pub fn set_password(&self, user: &str, password: Option<&str>) -> Result<(), String> {
        let body = json!({"user": user, "password": password});
        self::password(&self.shared, &body).map(drop).map_err(|(_, e)| e)
    }

    /// Makes a user (id or principal name) sign in with a second factor, or not.
    ///
    /// # Errors
    ///
    /// When there is no such user.
    pub fn set_mfa(&self, user: &str, used: bool) -> Result<(), String> {
        mfa(&self.shared, &json!({"user": user, "used": used})).map(drop).map_err(|(_, e)| e)
    }
}
