//! What happened that people want to know of, and who is told when.

pub(super) const UP: &[&str] = &[
    // `key` names the event, so that none is noted twice. `by_whom` is the actor as the audit log has it; what the log
    // says beside it is read there, at `log_number`. `spread`: it was decided who is told.
    "CREATE TABLE notice (
        id {uuid} primary key,
        key text not null unique,
        what text not null,
        partner_id {uuid} not null references partner (id),
        organization_id {uuid} references organization (id),
        tenant bigint,
        log_number bigint,
        by_whom text not null,
        note text not null,
        at bigint not null,
        spread smallint not null
    )",
    "CREATE INDEX notice_new ON notice (at) WHERE spread = 0",
    "CREATE INDEX notice_partner ON notice (partner_id, at)",
    "CREATE INDEX notice_organization ON notice (organization_id)",
    // `place`: the partner or the organization in whose name the person is told. It goes when the mail is made.
    "CREATE TABLE notice_due (
        account_id {uuid} not null references account (id),
        place {uuid} not null,
        notice_id {uuid} not null references notice (id),
        pace text not null,
        due_at bigint not null,
        primary key (account_id, place, notice_id)
    )",
    "CREATE INDEX notice_due_at ON notice_due (due_at)",
    "CREATE INDEX notice_due_notice ON notice_due (notice_id)",
    // What a partner's user chose, as JSON; without a row it is as the role has it.
    "CREATE TABLE notice_choice (
        account_id {uuid} not null references account (id),
        partner_id {uuid} not null references partner (id),
        choices text not null,
        primary key (account_id, partner_id)
    )",
    // What an organization switched off for its people.
    "CREATE TABLE notice_off (
        organization_id {uuid} not null references organization (id),
        topic text not null,
        primary key (organization_id, topic)
    )",
];
