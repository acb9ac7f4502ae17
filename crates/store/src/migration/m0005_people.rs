//! Organizations that go from one partner to another.

pub(super) const UP: &[&str] = &[
    // With a code a partner says to another one where an organization may be sent. It names nobody to whoever has none.
    "CREATE TABLE transfer_code (
        token_hash {blob} primary key,
        partner_id {uuid} not null references partner (id),
        expires_at bigint not null
    )",
    "CREATE INDEX transfer_code_partner ON transfer_code (partner_id)",
    "CREATE TABLE transfer (
        id {uuid} primary key,
        organization_id {uuid} not null references organization (id),
        from_id {uuid} not null references partner (id),
        to_id {uuid} not null references partner (id),
        state text not null,
        note text not null,
        proposed_by text not null,
        proposed_at bigint not null,
        until bigint not null,
        decided_by text,
        decided_at bigint
    )",
    "CREATE UNIQUE INDEX transfer_open ON transfer (organization_id) WHERE state = 'proposed'",
    "CREATE INDEX transfer_from ON transfer (from_id, proposed_at)",
    "CREATE INDEX transfer_to ON transfer (to_id, proposed_at)",
];
