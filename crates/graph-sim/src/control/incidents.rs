//! Incidents as administrators live through them, all by the same hand.

use serde_json::{Value, json};

use super::apply;
use crate::schema::{group, user};
use crate::shared::Shared;
use crate::state::audit::Actor;
use crate::state::log::Rel;
use crate::state::{Kind, Oid, Tenant};

/// What can be played.
pub(super) const NAMES: &[&str] =
    &["mass-offboarding", "privilege-grab", "group-strip", "hr-sync-gone-wrong"];

/// Accounts at the front of the tenant run it; incidents hit the others.
const SPARED: usize = 40;

/// An incident in the making.
struct Incident<'a> {
    shared: &'a Shared,
    actor: Actor,
    changes: Vec<Value>,
}

impl Incident<'_> {
    fn act(&mut self, what: &str, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = apply(self.shared, method, path, body.clone(), Some(self.actor.clone()));
        if (200..300).contains(&status) {
            self.changes.push(json!({"what": what, "method": method, "path": path, "body": body}));
        }
        answer
    }
}

pub(super) fn play(shared: &Shared, name: &str) -> Result<Value, String> {
    let actor = {
        let t = shared.read();
        let upn = format!("eve.marchetti@{}", t.info.domain);
        t.user(&upn)
            .map_or(Actor::Person { id: String::new(), name: "Eve Marchetti".to_owned(), upn }, |oid| {
                t.person(oid)
            })
    };
    let mut incident = Incident { shared, actor, changes: Vec::new() };
    match name {
        "mass-offboarding" => mass_offboarding(&mut incident),
        "privilege-grab" => privilege_grab(&mut incident),
        "group-strip" => group_strip(&mut incident),
        "hr-sync-gone-wrong" => hr_sync_gone_wrong(&mut incident),
        _ => return Err(format!("there is no incident {name:?}; there are {}", NAMES.join(", "))),
    }
    let mut counts = serde_json::Map::new();
    for change in &incident.changes {
        let what = change["what"].as_str().unwrap_or_default();
        let n = counts.get(what).and_then(Value::as_u64).unwrap_or(0) + 1;
        counts.insert(what.to_owned(), n.into());
    }
    Ok(json!({"incident": name, "actor": "Eve Marchetti", "counts": counts, "changes": incident.changes}))
}

/// Live cloud accounts of employees beyond the first.
fn employees(t: &Tenant, count: usize, keep: impl Fn(&Tenant, Oid) -> bool) -> Vec<String> {
    t.sets[Kind::User as usize]
        .iter()
        .copied()
        .skip(SPARED)
        .filter(|oid| {
            let rec = &t.object(*oid).rec;
            t.is_live(*oid)
                && !rec.is_true(user::OP_SYNC)
                && rec.str(user::USER_TYPE).as_deref() == Some("Member")
                && t.restricted_by(*oid).is_none()
                && keep(t, *oid)
        })
        .take(count)
        .map(|oid| t.id(oid))
        .collect()
}

/// A clean-up script with the wrong list: some accounts deleted, the rest disabled.
fn mass_offboarding(i: &mut Incident<'_>) {
    let hit = employees(&i.shared.read(), 40, |t, oid| t.object(oid).rec.is_true(user::ACCOUNT_ENABLED));
    for (n, id) in hit.iter().enumerate() {
        if n % 8 < 5 {
            i.act("deleted", "DELETE", &format!("/users/{id}"), None);
        } else {
            i.act("disabled", "PATCH", &format!("/users/{id}"), Some(json!({"accountEnabled": false})));
        }
    }
}

/// A new account becomes Global Administrator and joins a group that roles are assigned to.
fn privilege_grab(i: &mut Incident<'_>) {
    let (domain, group, helper) = {
        let t = i.shared.read();
        let group = t.sets[Kind::Group as usize]
            .iter()
            .copied()
            .find(|g| t.is_live(*g) && t.object(*g).rec.is_true(group::ROLE_ASSIGNABLE));
        let helper = employees(&t, 1, |t, oid| group.is_none_or(|g| !t.linked(Rel::Members, g, oid)));
        (t.info.domain.clone(), group.map(|g| t.id(g)), helper.first().cloned())
    };
    let name = format!("svc-migration{}", i.shared.read().audit.len());
    let created = i.act(
        "created",
        "POST",
        "/users",
        Some(json!({
            "accountEnabled": true,
            "displayName": "Migration Service",
            "mailNickname": name,
            "userPrincipalName": format!("{name}@{domain}"),
            "passwordProfile": {"password": "Xk3-simulated-9pQ", "forceChangePasswordNextSignIn": false},
        })),
    );
    let Some(id) = created["id"].as_str() else { return };
    i.act(
        "role assigned",
        "POST",
        "/roleManagement/directory/roleAssignments",
        Some(json!({
            "principalId": id,
            "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10",
            "directoryScopeId": "/",
        })),
    );
    if let Some(group) = group {
        for member in [Some(id.to_owned()), helper].into_iter().flatten() {
            let url = format!("https://graph.microsoft.com/v1.0/directoryObjects/{member}");
            i.act(
                "member added",
                "POST",
                &format!("/groups/{group}/members/$ref"),
                Some(json!({"@odata.id": url})),
            );
        }
    }
}

/// Forty people lose their place in six groups.
fn group_strip(i: &mut Incident<'_>) {
    let hit: Vec<(String, Vec<String>)> = {
        let t = i.shared.read();
        let mut groups: Vec<Oid> = t.sets[Kind::Group as usize]
            .iter()
            .copied()
            .filter(|g| {
                let rec = &t.object(*g).rec;
                t.is_live(*g)
                    && !t.is_dynamic(*g)
                    && !rec.is_true(group::OP_SYNC)
                    && !rec.is_true(group::ROLE_ASSIGNABLE)
                    && (!rec.is_true(group::MAIL_ENABLED)
                        || rec.strs(group::GROUP_TYPES).iter().any(|k| k == "Unified"))
            })
            .collect();
        groups.sort_by_key(|g| std::cmp::Reverse(t.links(Rel::Members, *g).len()));
        let people = |g: Oid| {
            t.live_links(Rel::Members, g)
                .filter(|m| t.object(*m).kind == Kind::User)
                .map(|m| t.id(m))
                .collect()
        };
        groups.into_iter().take(6).map(|g| (t.id(g), people(g))).collect()
    };
    let mut left = 40;
    for (n, (group, members)) in hit.iter().enumerate() {
        let share = left / (hit.len() - n).max(1);
        for member in members.iter().take(share) {
            i.act("member removed", "DELETE", &format!("/groups/{group}/members/{member}/$ref"), None);
            left -= 1;
        }
    }
}

/// A feed of last year's data: departments and titles overwritten or emptied, managers gone.
fn hr_sync_gone_wrong(i: &mut Incident<'_>) {
    let (hit, chief) = {
        let t = i.shared.read();
        let chief = t.sets[Kind::User as usize].first().map(|c| t.id(*c)).unwrap_or_default();
        (employees(&t, 120, |_, _| true), chief)
    };
    for (n, id) in hit.iter().enumerate() {
        let body = match n % 3 {
            0 => json!({"department": "UNASSIGNED", "jobTitle": null}),
            1 => json!({"department": null, "jobTitle": "Employee"}),
            _ => json!({"department": "Shared Services", "jobTitle": "Employee"}),
        };
        i.act("attributes overwritten", "PATCH", &format!("/users/{id}"), Some(body));
        let manager = format!("/users/{id}/manager/$ref");
        match n % 4 {
            0 => {
                i.act("manager cleared", "DELETE", &manager, None);
            }
            1 => {
                let url = format!("https://graph.microsoft.com/v1.0/users/{chief}");
                i.act("manager overwritten", "PUT", &manager, Some(json!({"@odata.id": url})));
            }
            _ => {}
        }
    }
}
