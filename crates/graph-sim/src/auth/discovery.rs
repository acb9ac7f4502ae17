//! OpenID configuration and instance discovery.

use serde_json::{Value, json};

/// `{tenant}/v2.0/.well-known/openid-configuration`: what is here, and nothing else.
pub(crate) fn configuration(root: &str, tenant: &str, tenant_id: &str) -> Value {
    let at = |path: &str| format!("{root}/{tenant}{path}");
    json!({
        "token_endpoint": at("/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": at("/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email"],
        "issuer": issuer(root, tenant_id),
        "request_uri_parameter_supported": false,
        "authorization_endpoint": at("/oauth2/v2.0/authorize"),
        "end_session_endpoint": at("/oauth2/v2.0/logout"),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nbf", "tid", "oid", "nonce", "preferred_username", "name", "email", "wids", "amr", "uti", "ver"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": root.split_once("://").map_or(root, |(_, host)| host),
        "rbac_url": "https://pas.windows.net",
    })
}

pub(crate) fn issuer(root: &str, tenant_id: &str) -> String {
    format!("{root}/{tenant_id}/v2.0")
}

/// `common/discovery/instance`: this host is its own and only alias.
pub(crate) fn instance(root: &str, tenant: &str) -> Value {
    let host = root.split_once("://").map_or(root, |(_, host)| host);
    json!({
        "tenant_discovery_endpoint": format!("{root}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    })
}
