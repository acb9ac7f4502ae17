//! Features that are switched on and off, and API tokens.

pub(super) const UP: &[&str] = &[
    // `owner` is a plan, a partner or an organization: ids are never given twice. No row: it is inherited.
    "CREATE TABLE feature_setting (
        owner {uuid} not null,
        feature text not null,
        is_on smallint not null,
        primary key (owner, feature)
    )",
    // Of an organization or of a partner. `made_at` is the partner for which its maker acted; none where the maker
    // belongs to the organization. With its maker's account a token ends.
    "CREATE TABLE api_token (
        id {uuid} primary key,
        secret_hash {blob} not null unique,
        organization_id {uuid} references organization (id),
        partner_id {uuid} references partner (id),
        account_id {uuid} not null references account (id) on delete cascade,
        made_at {uuid} references partner (id),
        name text not null,
        hint text not null,
        back_up smallint not null,
        created_at bigint not null,
        expires_at bigint not null,
        last_used_at bigint,
        revoked_at bigint
    )",
    "CREATE INDEX api_token_organization ON api_token (organization_id)",
    "CREATE INDEX api_token_partner ON api_token (partner_id)",
    "CREATE INDEX api_token_account ON api_token (account_id)",
    // What a token asked for under a key of its own, so that asking again gives the same job.
    "CREATE TABLE api_request (
        token_id {uuid} not null references api_token (id) on delete cascade,
        key text not null,
        tenant bigint not null references tenant (id) on delete cascade,
        job_id {uuid} not null,
        created_at bigint not null,
        primary key (token_id, key)
    )",
    "CREATE INDEX api_request_tenant ON api_request (tenant)",
];
