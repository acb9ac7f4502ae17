//! Control of a simulator: the same calls as methods of [`crate::Sim`] and under `/sim/`.

mod attributes;
mod history;
mod http;
mod incidents;
mod licences;
mod membership;
mod permissions;
mod random;
mod roles;
mod settings;
mod sign_in;

use ::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::auth::Roles;
use crate::graph::{self, Operation};
use crate::lock;
use crate::past::Past;
use crate::reply::Content;
use crate::shared::Shared;
use crate::sim::Sim;
use crate::state::audit::Actor;
use crate::state::roles::Scope;
use crate::state::{NONE, Oid, Tenant};
use crate::{FaultRule, Manners};

pub(crate) use http::serve;

/// Performs a request as the directory (or as `actor`), without permissions and quota.
pub(crate) fn apply(
    shared: &Shared,
    method: &str,
    path: &str,
    body: Option<Value>,
    actor: Option<Actor>,
) -> (u16, Value) {
    let path = path.strip_prefix("/v1.0").unwrap_or(path);
    let (path, query) = graph::split_url(path);
    let operation = Operation {
        directory: shared.home(),
        method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap_or(Method::GET),
        path,
        query,
        body,
        base: "https://graph.microsoft.com/v1.0".to_owned(),
        eventual: true,
        minimal: false,
        system: true,
        roles: Roles::default(),
        actor: actor.unwrap_or(Actor::Directory),
        lag: None,
    };
    let (reply, _) = graph::perform(shared, operation);
    let id = shared.request_id();
    let body = match reply.content {
        Content::None => Value::Null,
        content => {
            let (bytes, _) = graph::body_of(shared, content, &id, &id);
            serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes).into_owned()))
        }
    };
    (reply.status, body)
}

/// Gives the application a directory role, or takes it away.
fn directory_role(t: &mut Tenant, role: &str, scope: &str, grant: bool) -> Result<(), String> {
    let definition = definition(t, role).ok_or_else(|| format!("there is no role {role:?}"))?;
    let scope = t.parse_scope(scope).ok_or_else(|| format!("there is no scope {scope:?}"))?;
    let held = t.find_assignment(t.app_sp, definition, scope);
    match (grant, held) {
        (true, None) => {
            let app = t.app_sp;
            t.assign(app, definition, scope, None, false);
        }
        (false, Some(at)) => {
            t.unassign(at);
        }
        _ => {}
    }
    Ok(())
}

/// A role definition by template id or by name.
fn definition(t: &Tenant, role: &str) -> Option<Oid> {
    t.role_definition(role).or_else(|| {
        let set = &t.sets[crate::state::Kind::RoleDef as usize];
        set.iter().copied().find(|oid| t.is_live(*oid) && t.name(*oid).eq_ignore_ascii_case(role))
    })
}

/// Reads a certificate in PEM or base64 DER.
fn certificate(text: &str) -> Option<Vec<u8>> {
    let inner: String =
        text.lines().filter(|l| !l.starts_with("-----")).flat_map(|l| l.trim().chars()).collect();
    STANDARD.decode(inner).ok().filter(|der| !der.is_empty())
}

impl Sim {
    /// Moves the clock forward; what is due by then (bin, activations) happens.
    pub fn advance(&self, secs: i64) {
        self.shared.clock.advance(secs.max(0));
        drop(self.shared.write());
    }

    /// Grants and revokes application permissions. Tokens carry what was granted when they were issued,
    /// so those of before become void: the application signs in anew and finds the new permissions.
    pub fn permissions(&self, grant: &[&str], revoke: &[&str]) {
        permissions::change(&self.shared, false, |held| {
            held.extend(grant.iter().map(|p| (*p).to_owned()));
            held.retain(|p| !revoke.contains(&p.as_str()));
        });
    }

    /// Replaces the granted permissions; tokens of before become void.
    pub fn set_permissions(&self, all: &[&str]) {
        permissions::change(&self.shared, false, |held| {
            *held = all.iter().map(|p| (*p).to_owned()).collect();
        });
    }

    /// Grants and revokes application permissions as Microsoft does: tokens of before stay valid with
    /// what they carry until they expire.
    pub fn permissions_for_new_tokens(&self, grant: &[&str], revoke: &[&str]) {
        permissions::change(&self.shared, true, |held| {
            held.extend(grant.iter().map(|p| (*p).to_owned()));
            held.retain(|p| !revoke.contains(&p.as_str()));
        });
    }

    /// The granted permissions.
    pub fn granted(&self) -> Vec<String> {
        self.shared.read().permissions.iter().cloned().collect()
    }

    /// Gives the application a directory role (name or template id) at a scope such as `/`.
    ///
    /// # Errors
    ///
    /// When there is no such role or scope.
    pub fn grant_directory_role(&self, role: &str, scope: &str) -> Result<(), String> {
        directory_role(&mut self.shared.write(), role, scope, true)
    }

    /// Takes a directory role from the application.
    ///
    /// # Errors
    ///
    /// When there is no such role or scope.
    pub fn revoke_directory_role(&self, role: &str, scope: &str) -> Result<(), String> {
        directory_role(&mut self.shared.write(), role, scope, false)
    }

    /// Takes every directory role from the application.
    pub fn revoke_directory_roles(&self) {
        revoke_all(&mut self.shared.write());
    }

    /// Adds a fault rule.
    pub fn fault(&self, rule: FaultRule) {
        lock(&self.shared.faults).add(rule, self.shared.clock.now());
    }

    /// Removes every fault rule.
    pub fn clear_faults(&self) {
        clear_faults(&self.shared);
    }

    /// Changes the manners. Rough ones strike each kind of trouble at about this share of the requests.
    pub fn behave(&self, manners: Manners, seed: u64, rate: f64) {
        lock(&self.shared.faults).behave(manners, seed, rate.clamp(0.0, 1.0), self.shared.clock.now());
    }

    /// Makes every delta token void: 410 with a `Location` when `gone`, else 400.
    pub fn reset_delta(&self, gone: bool) {
        reset_delta(&mut self.shared.write(), gone);
    }

    /// Makes every access token void.
    pub fn revoke_tokens(&self) {
        self.shared.auth.revoke_all();
    }

    /// Registers a certificate (PEM or base64 DER) that the application may sign in with.
    ///
    /// # Errors
    ///
    /// When the text is no certificate.
    pub fn register_certificate(&self, text: &str) -> Result<(), String> {
        let der = certificate(text).ok_or("not a certificate")?;
        lock(&self.shared.auth.certificates).push(der);
        Ok(())
    }

    /// Disables the application, lets its secret expire, sets the life of tokens in seconds.
    pub fn sign_in(&self, enabled: bool, secret_expired: bool, lifetime: i64) {
        *lock(&self.shared.sign_in) = crate::shared::SignIn { enabled, secret_expired, lifetime };
    }

    /// Sets the quota of the realistic profile: burst and refill in resource units, writes a window.
    pub fn quota(&self, bucket: f64, refill: f64, writes: usize) {
        lock(&self.shared.throttle).set(bucket, refill, writes);
    }

    /// Plays a named incident and tells what it changed.
    ///
    /// # Errors
    ///
    /// When there is no incident of that name.
    pub fn incident(&self, name: &str) -> Result<Value, String> {
        incidents::play(&self.shared, name)
    }

    /// The names of the incidents.
    pub fn incidents() -> &'static [&'static str] {
        incidents::NAMES
    }

    /// Applies `count` random changes over everything that can be restored, and lists them.
    pub fn random_changes(&self, seed: u64, count: usize, purge: bool) -> Value {
        random::apply(&self.shared, seed, count, purge)
    }

    /// Performs a Graph request as the directory itself: status and body.
    pub fn apply(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        apply(&self.shared, method, path, body, None)
    }
}

/// Removes every rule, and what was kept for those that show an earlier state.
fn clear_faults(shared: &Shared) {
    let mut faults = lock(&shared.faults);
    faults.clear();
    if faults.looks_back().is_none() {
        shared.directories().iter().for_each(|directory| directory.past(Past::forget));
    }
}

fn revoke_all(t: &mut Tenant) {
    let app = t.app_sp;
    debug_assert_ne!(app, NONE);
    while let Some(at) =
        t.assignments.iter().position(|a| a.principal == app && a.scope != Scope::Object(app))
    {
        t.unassign(at);
    }
}

fn reset_delta(t: &mut Tenant, gone: bool) {
    t.delta_epoch += 1;
    t.delta_gone = gone;
}
