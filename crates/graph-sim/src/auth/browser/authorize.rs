//! `authorize`: the front half of the authorization-code flow.

use axum::response::Response;
use http::HeaderValue;
use uuid::Uuid;

use super::codes::Grant;
use super::people::{self, Person};
use super::reply::{Mode, back};
use super::{Realm, Visit, page};
use crate::lock;
use crate::schema::user;

/// A request that may be answered to the application.
struct Request<'a> {
    client: &'a str,
    redirect_uri: &'a str,
    mode: Mode,
    prompt: &'a str,
}

/// Client and redirect address must be known before anything is sent anywhere.
pub(super) fn registered<'a>(visit: &'a Visit<'_>) -> Result<(&'a str, &'a str), Box<Response>> {
    let refuse = |code: u32, text: &str| Box::new(page::refusal(code, text));
    let missing =
        |name: &str| refuse(900_144, &format!("The request must contain the following parameter: '{name}'."));
    let client = visit.get("client_id").ok_or_else(|| missing("client_id"))?;
    let own = visit.shared.read().info.client_id.to_string();
    if !client.eq_ignore_ascii_case(&own) {
        return Err(refuse(
            700_016,
            &format!(
                "Application with identifier '{client}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
            ),
        ));
    }
    if !lock(&visit.shared.sign_in).enabled {
        return Err(refuse(7_000_112, &format!("Application '{client}' is disabled.")));
    }
    let redirect_uri = visit.get("redirect_uri").ok_or_else(|| missing("redirect_uri"))?;
    if !visit.shared.auth.registration.is_redirect_uri(redirect_uri) {
        return Err(refuse(
            50_011,
            &format!(
                "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the application '{client}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error."
            ),
        ));
    }
    Ok((client, redirect_uri))
}

/// The page for a directory that nobody knows.
pub(super) fn unknown_tenant(visit: &Visit<'_>) -> Response {
    page::refusal(
        90_002,
        &format!(
            "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
            visit.tenant
        ),
    )
}

fn error(visit: &Visit<'_>, mode: Mode, uri: &str, error: &str, code: u32, text: &str) -> Response {
    let mut fields =
        vec![("error", error.to_owned()), ("error_description", format!("AADSTS{code}: {text}"))];
    fields.extend(visit.get("state").map(|state| ("state", state.to_owned())));
    back(mode, uri, &fields)
}

fn read<'a>(visit: &'a Visit<'_>) -> Result<Request<'a>, Box<Response>> {
    let (client, redirect_uri) = registered(visit)?;
    let mode = Mode::read(visit.get("response_mode"));
    let refuse = |name: &str, code: u32, text: &str| {
        Err(Box::new(error(visit, mode.unwrap_or(Mode::Query), redirect_uri, name, code, text)))
    };
    let Some(mode) = mode else {
        return refuse("invalid_request", 900_144, "The value of 'response_mode' is not supported.");
    };
    let missing = |name| format!("The request must contain the following parameter: '{name}'.");
    match visit.get("response_type") {
        Some("code") => {}
        None => return refuse("invalid_request", 900_144, &missing("response_type")),
        Some(other) => {
            return refuse(
                "unsupported_response_type",
                700_054,
                &format!("response_type '{other}' is not enabled for the application."),
            );
        }
    }
    if visit.get("scope").is_none() {
        return refuse("invalid_request", 900_144, &missing("scope"));
    }
    // Without a method, `plain` is meant.
    if let Some(challenge) = visit.get("code_challenge") {
        if visit.get("code_challenge_method") != Some("S256") {
            return refuse("invalid_request", 501_481, "Only the code_challenge_method S256 is supported.");
        }
        if challenge.len() != 43 {
            return refuse("invalid_request", 501_491, "Invalid size of Code_Challenge parameter.");
        }
    }
    let prompt = visit.get("prompt").unwrap_or_default();
    if !["", "login", "none", "consent", "select_account"].contains(&prompt) {
        return refuse("invalid_request", 90_023, &format!("Unsupported 'prompt' value '{prompt}'."));
    }
    Ok(Request { client, redirect_uri, mode, prompt })
}

/// Somebody who is signed in already and whom the request accepts without asking.
fn remembered(visit: &Visit<'_>, realm: &Realm, request: &Request<'_>) -> Option<Person> {
    if ["login", "select_account"].contains(&request.prompt) {
        return None;
    }
    let person = visit.signed_in(realm)?;
    let Some(hint) = visit.get("login_hint") else { return Some(person) };
    let directory = visit.shared.directory(&person.tenant)?;
    let t = directory.read(visit.shared.clock.now());
    let upn = t.object(person.user(&t)?).rec.str(user::UPN)?.into_owned();
    drop(t);
    upn.eq_ignore_ascii_case(hint).then_some(person)
}

pub(super) fn serve(visit: &Visit<'_>) -> Response {
    let Some(realm) = visit.realm() else { return unknown_tenant(visit) };
    let request = match read(visit) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    if visit.params.contains_key("login") {
        return match people::check(visit, &realm) {
            Ok(person) => {
                let session = visit.shared.auth.people.open(person.clone());
                let mut response = finish(visit, &request, person);
                if let Ok(cookie) = HeaderValue::from_str(&visit.cookie(&session)) {
                    response.headers_mut().append("set-cookie", cookie);
                }
                response
            }
            Err(problem) => page::sign_in(visit, &realm, Some(&problem)),
        };
    }
    match remembered(visit, &realm, &request) {
        Some(person) => finish(visit, &request, person),
        None if request.prompt == "none" => error(
            visit,
            request.mode,
            request.redirect_uri,
            "login_required",
            50_058,
            "A silent sign-in request was sent but no user is signed in.",
        ),
        None => page::sign_in(visit, &realm, None),
    }
}

fn finish(visit: &Visit<'_>, request: &Request<'_>, person: Person) -> Response {
    let own = |name: &str| visit.get(name).map(str::to_owned);
    let code = visit.shared.auth.codes.issue(Grant {
        person,
        client: request.client.to_owned(),
        redirect_uri: request.redirect_uri.to_owned(),
        challenge: own("code_challenge"),
        scope: own("scope").unwrap_or_default(),
        nonce: own("nonce"),
        at: visit.shared.clock.now(),
    });
    let session_state = Uuid::from_u128(u128::from_ne_bytes(crate::auth::random())).to_string();
    let mut fields = vec![("code", code)];
    fields.extend(own("state").map(|state| ("state", state)));
    fields.push(("session_state", session_state));
    back(request.mode, request.redirect_uri, &fields)
}
