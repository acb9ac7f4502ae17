//! What the authority says.

use serde_json::Value;

use crate::answer::Answer;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::World;

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "token-names-permissions",
        "A token of the app lists in its `roles` claim the application permissions that are granted",
        CLAIMS,
        &[],
        run!(names_permissions),
    ),
    Probe::reads(
        "token-wrong-secret",
        "A wrong secret is refused with 401 `invalid_client` and the code 7000215",
        SECRET_WRONG,
        &[],
        run!(wrong_secret),
    )
    .reported(),
    Probe::reads(
        "token-unknown-app",
        "An app that the tenant does not have is refused with 400 `unauthorized_client` and the code 700016",
        NOT_INSTALLED,
        &[],
        run!(unknown_app),
    )
    .reported(),
    Probe::reads(
        "token-unknown-tenant",
        "An unknown tenant is refused with 400 `invalid_request` and the code 90002",
        TOKEN_ERRORS,
        &[],
        run!(unknown_tenant),
    )
    .inferred(),
    Probe::reads(
        "token-not-for-common",
        "An app cannot sign in at `common`: 400 `invalid_request`",
        TOKEN,
        &[],
        run!(not_for_common),
    ),
    Probe::reads(
        "graph-without-token",
        "Graph answers a request without a token with 401 `InvalidAuthenticationToken` and `WWW-Authenticate`",
        RESOLVE_AUTH,
        &[],
        run!(without_token),
    ),
];

/// What a refusal of the authority says, without its sentence: that names the tenant.
fn refusal(answer: &Answer) -> String {
    format!(
        "{} was answered {} {} {}",
        answer.asked,
        answer.status,
        answer.text_of("error"),
        answer.body["error_codes"]
    )
}

fn refused(answer: &Answer, status: u16, error: &str, code: u64) -> Result<(), Stop> {
    let codes = answer.body["error_codes"].as_array().cloned().unwrap_or_default();
    let fits = answer.status == status
        && answer.text_of("error") == error
        && (code == 0 || codes.first().and_then(Value::as_u64) == Some(code));
    hold(fits, || refusal(answer))
}

async fn names_permissions(w: &World<'_>) -> Verdict {
    let roles = w.graph().roles();
    hold(!roles.is_empty(), || "the token has no `roles`, or the app holds nothing".to_owned())?;
    hold(roles.iter().all(|role| role.contains('.') || role.contains("_")), || {
        "`roles` holds something else than names".to_owned()
    })?;
    agreed()
}

async fn wrong_secret(w: &World<'_>) -> Verdict {
    let graph = w.graph();
    let answer =
        w.token(graph.tenant(), graph.client_id(), "this-is-not-the-secret-of-the-app-000000").await?;
    refused(&answer, 401, "invalid_client", 7_000_215)?;
    agreed()
}

async fn unknown_app(w: &World<'_>) -> Verdict {
    let answer = w.token(w.graph().tenant(), &w.nobody(), "any-secret-will-do-00000000000000000000").await?;
    refused(&answer, 400, "unauthorized_client", 700_016)?;
    agreed()
}

async fn unknown_tenant(w: &World<'_>) -> Verdict {
    let answer = w.token(&w.nobody(), w.graph().client_id(), "any-secret-will-do-0000000000000000").await?;
    refused(&answer, 400, "invalid_request", 90_002)?;
    agreed()
}

async fn not_for_common(w: &World<'_>) -> Verdict {
    let answer = w.token("common", w.graph().client_id(), "any-secret-will-do-0000000000000000").await?;
    refused(&answer, 400, "invalid_request", 0)?;
    agreed()
}

async fn without_token(w: &World<'_>) -> Verdict {
    let answer = w.get_once("/organization", false).await?.refused(401, "InvalidAuthenticationToken")?;
    let challenge = answer.header("www-authenticate").is_some_and(|text| text.starts_with("Bearer"));
    hold(challenge, || "there is no WWW-Authenticate: Bearer".to_owned())?;
    agreed()
}
