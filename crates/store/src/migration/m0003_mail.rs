//! Mail: what waits to be sent, and through which server.

pub(super) const UP: &[&str] = &[
    // `content` is sealed, and goes as soon as the mail was sent or is of no use any more. `attempts` counts how often
    // a worker took it; what an earlier one still tries to write is refused.
    "CREATE TABLE outbox (
        id {uuid} primary key,
        partner_id {uuid} not null references partner (id),
        organization_id {uuid} references organization (id),
        kind text not null,
        recipient text not null,
        content {blob},
        state text not null,
        attempts integer not null,
        due_at bigint not null,
        lease_until bigint,
        good_until bigint,
        problem text,
        created_at bigint not null,
        ended_at bigint
    )",
    "CREATE INDEX outbox_due ON outbox (state, due_at)",
    "CREATE INDEX outbox_partner ON outbox (partner_id, created_at)",
    "CREATE INDEX outbox_organization ON outbox (organization_id)",
    // A partner's own server; partners below without one use it as well. `password` is sealed.
    "CREATE TABLE mail_server (
        partner_id {uuid} primary key references partner (id),
        host text not null,
        port integer not null,
        security text not null,
        username text not null,
        password {blob},
        sender_name text not null,
        sender_email text not null
    )",
    // What a partner is asked and told; without a row, the defaults.
    "CREATE TABLE notification (
        partner_id {uuid} primary key references partner (id),
        offers_sign_in_mail smallint not null
    )",
];
