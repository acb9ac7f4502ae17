//! Links that ask an administrator of a customer's directory to let Holdfast in.

pub(super) const UP: &[&str] = &[
    // `ended_at` is set when it is used (then `used_by` says who consented) or revoked.
    "CREATE TABLE consent_link (
        id {uuid} primary key,
        token_hash {blob} not null unique,
        organization_id {uuid} not null references organization (id),
        made_by text not null,
        sent_to text,
        created_at bigint not null,
        expires_at bigint not null,
        ended_at bigint,
        used_by text
    )",
    "CREATE INDEX consent_link_organization ON consent_link (organization_id, created_at)",
];
