//! Partners, organizations and the people in them.

pub(super) const UP: &[&str] = &[
    "CREATE TABLE partner (
        id {uuid} primary key,
        parent_id {uuid} references partner (id),
        name text not null,
        created_at bigint not null
    )",
    "CREATE TABLE organization (
        id {uuid} primary key,
        partner_id {uuid} not null references partner (id),
        name text not null,
        created_at bigint not null
    )",
    "CREATE INDEX organization_partner ON organization (partner_id)",
    "CREATE TABLE account (
        id {uuid} primary key,
        email text not null unique,
        name text not null,
        password_hash text not null,
        created_at bigint not null
    )",
    "CREATE TABLE membership (
        account_id {uuid} not null references account (id),
        organization_id {uuid} not null references organization (id),
        role text not null,
        created_at bigint not null,
        primary key (account_id, organization_id)
    )",
    "CREATE INDEX membership_organization ON membership (organization_id)",
    "CREATE TABLE session (
        token_hash {blob} primary key,
        account_id {uuid} references account (id),
        data text not null,
        created_at bigint not null,
        expires_at bigint not null
    )",
    "CREATE INDEX session_account ON session (account_id)",
    "CREATE TABLE attempt (
        name text primary key,
        tries integer not null,
        since bigint not null,
        closed_until bigint
    )",
    "CREATE TABLE setup_link (
        token_hash {blob} primary key,
        expires_at bigint not null
    )",
    "CREATE TABLE audit (
        partner_id {uuid} not null references partner (id),
        number bigint not null,
        at bigint not null,
        actor text not null,
        event text not null,
        object text not null,
        detail text not null,
        address text not null,
        previous {blob} not null,
        hash {blob} not null,
        primary key (partner_id, number)
    )",
];
