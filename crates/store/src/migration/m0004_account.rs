//! What belongs to a person's own account: second factors, Microsoft identities, links to a new password, and e-mails
//! about to change.

pub(super) const UP: &[&str] = &[
    // `secret` is sealed. Before `confirmed_at` it was only shown; `last_step` is the newest half minute of which a
    // code was taken, so that no code serves twice.
    "CREATE TABLE second_factor (
        account_id {uuid} primary key references account (id),
        secret {blob} not null,
        begun_at bigint not null,
        confirmed_at bigint,
        last_step bigint not null
    )",
    // A code is deleted when it is used: what is left can be counted.
    "CREATE TABLE recovery_code (
        account_id {uuid} not null references account (id),
        hash {blob} not null,
        primary key (account_id, hash)
    )",
    // Partners who ask a second factor of their people and their customers', and of everybody below them.
    "CREATE TABLE second_factor_rule (
        partner_id {uuid} primary key references partner (id),
        since bigint not null
    )",
    // Directory and object are the identity; the name is for the person to know it by.
    "CREATE TABLE microsoft_identity (
        directory_id {uuid} not null,
        object_id {uuid} not null,
        account_id {uuid} not null references account (id),
        username text not null,
        linked_at bigint not null,
        primary key (directory_id, object_id)
    )",
    "CREATE INDEX microsoft_identity_account ON microsoft_identity (account_id)",
    "CREATE TABLE password_reset (
        token_hash {blob} primary key,
        account_id {uuid} not null references account (id),
        expires_at bigint not null
    )",
    "CREATE INDEX password_reset_account ON password_reset (account_id)",
    // Of an account or of an organization. A token is forgotten when its address has agreed.
    "CREATE TABLE email_change (
        id {uuid} primary key,
        account_id {uuid} references account (id),
        organization_id {uuid} references organization (id),
        old_email text not null,
        new_email text not null,
        old_token {blob} unique,
        new_token {blob} unique,
        begun_at bigint not null,
        expires_at bigint not null
    )",
    "CREATE UNIQUE INDEX email_change_account ON email_change (account_id) WHERE account_id IS NOT NULL",
    "CREATE UNIQUE INDEX email_change_organization ON email_change (organization_id) WHERE organization_id IS NOT NULL",
];
