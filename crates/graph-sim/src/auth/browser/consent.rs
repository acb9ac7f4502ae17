//! `adminconsent`: an administrator lets the application into a directory.

use axum::response::Response;
use http::HeaderValue;

use super::people::{self, Person};
use super::reply::{Mode, back};
use super::{Visit, authorize, page};
use crate::auth::permissions;
use crate::state::Tenant;
use crate::state::app::APP_NAME;

/// Global Administrator and Privileged Role Administrator: who may consent to application permissions.
const MAY_CONSENT: [&str; 2] =
    ["62e90394-69f5-4237-9190-012177145e10", "e8611ab8-c189-46e8-94e1-60213ab1f814"];

/// Ends the visit at the application with an error.
fn error(visit: &Visit<'_>, uri: &str, v2: bool, code: u32, text: &str) -> Response {
    let mut fields = Vec::new();
    // The newer endpoint says that consent was asked for, even when there is none.
    if v2 {
        fields.push(("admin_consent", "True".to_owned()));
    }
    fields.push(("error", if v2 { "consent_required" } else { "access_denied" }.to_owned()));
    fields.push(("error_description", format!("AADSTS{code}: {text}")));
    fields.extend(visit.get("state").map(|state| ("state", state.to_owned())));
    back(Mode::Query, uri, &fields)
}

pub(super) fn serve(visit: &Visit<'_>, v2: bool) -> Response {
    if v2 && visit.tenant == "common" {
        return page::refusal(
            900_023,
            "Specified tenant identifier 'common' is neither a valid DNS name, nor a valid external domain.",
        );
    }
    let Some(realm) = visit.realm() else { return authorize::unknown_tenant(visit) };
    let uri = match authorize::registered(visit) {
        Ok((_, uri)) => uri,
        Err(response) => return *response,
    };
    let scope = visit.get("scope").unwrap_or_default();
    if v2 && scope.is_empty() {
        return page::refusal(900_144, "The request must contain the following parameter: 'scope'.");
    }
    // Only `.default` asks for application permissions; the older endpoint always does.
    let asked = if !v2 || scope.split(' ').any(|s| s.ends_with("/.default")) {
        visit.shared.auth.registration.required()
    } else {
        Vec::new()
    };
    if visit.params.contains_key("login") {
        return match people::check(visit, &realm) {
            Ok(person) => {
                let session = visit.shared.auth.people.open(person.clone());
                let mut response = ask(visit, uri, v2, &person, &session, &asked);
                if let Ok(cookie) = HeaderValue::from_str(&visit.cookie(&session)) {
                    response.headers_mut().append("set-cookie", cookie);
                }
                response
            }
            Err(problem) => page::sign_in(visit, &realm, Some(&problem)),
        };
    }
    let decision = visit.get("decision");
    let person = visit.signed_in(&realm).filter(|_| decision != Some("switch"));
    let (Some(person), Some(session)) = (person, visit.session()) else {
        return page::sign_in(visit, &realm, None);
    };
    match decision {
        Some("accept") => accept(visit, uri, v2, &person, &asked),
        Some("cancel") => declined(visit, uri, v2),
        _ => ask(visit, uri, v2, &person, session, &asked),
    }
}

fn declined(visit: &Visit<'_>, uri: &str, v2: bool) -> Response {
    error(visit, uri, v2, 65_004, "The resource owner or authorization server denied the request.")
}

fn not_allowed(visit: &Visit<'_>, uri: &str, v2: bool) -> Response {
    error(
        visit,
        uri,
        v2,
        90_094,
        "The grant requires admin permission. An administrator with the role to consent to application permissions must sign in.",
    )
}

fn may_consent(t: &Tenant, person: &Person) -> bool {
    person
        .user(t)
        .is_some_and(|oid| t.tenant_roles_of(oid).iter().any(|role| MAY_CONSENT.contains(&role.as_str())))
}

/// The page that lists what is asked for.
fn ask(visit: &Visit<'_>, uri: &str, v2: bool, person: &Person, session: &str, asked: &[String]) -> Response {
    let Some(directory) = visit.shared.directory(&person.tenant) else {
        return not_allowed(visit, uri, v2);
    };
    let t = directory.read(visit.shared.clock.now());
    if !may_consent(&t, person) {
        return not_allowed(visit, uri, v2);
    }
    let who = person.user(&t).map(|oid| t.name(oid)).unwrap_or_default();
    let list: String = asked
        .iter()
        .map(|name| {
            let says = permissions::find(name).map_or("", |role| role.says);
            format!("<li>{} <code>{}</code></li>", page::escape(says), page::escape(name))
        })
        .collect();
    let content = format!(
        "<p class=\"who\">{} in {}</p><p>{APP_NAME} asks for these application permissions in the whole organization:</p><ul>{list}</ul>\
         <p>If you accept, it gets access to the resources named for every user of the organization. Nobody else will be asked.</p>\
         <form method=\"post\" action=\"{}\">{}{}\
         <button class=\"first\" type=\"submit\" name=\"decision\" value=\"accept\">Accept</button>\
         <button type=\"submit\" name=\"decision\" value=\"cancel\">Cancel</button>\
         <button type=\"submit\" name=\"decision\" value=\"switch\">Use another account</button></form>",
        page::escape(&who),
        page::escape(&t.info.name),
        page::escape(visit.path),
        page::carried(visit),
        page::hidden([("session", session)].into_iter()),
    );
    page::page(200, "Permissions requested", &content, false)
}

fn accept(visit: &Visit<'_>, uri: &str, v2: bool, person: &Person, asked: &[String]) -> Response {
    let Some(directory) = visit.shared.directory(&person.tenant) else {
        return not_allowed(visit, uri, v2);
    };
    let mut t = directory.write(visit.shared.clock.now());
    let Some(by) = person.user(&t).filter(|_| may_consent(&t, person)) else {
        return not_allowed(visit, uri, v2);
    };
    t.let_app_in(by, asked);
    drop(t);
    let mut fields = vec![("admin_consent", "True".to_owned()), ("tenant", person.tenant.clone())];
    fields.extend(visit.get("state").map(|state| ("state", state.to_owned())));
    if v2 {
        fields.extend(visit.get("scope").map(|scope| ("scope", scope.to_owned())));
    }
    back(Mode::Query, uri, &fields)
}
