//! Partners, organizations and the people in them.

pub(super) const UP: &[&str] = &[
    "CREATE TABLE partner (
        id {uuid} primary key,
        parent_id {uuid} references partner (id),
        number bigint not null unique,
        name text not null,
        entra smallint not null,
        support_email text,
        email_portal text,
        organizations bigint not null,
        created_at bigint not null,
        closed_at bigint
    )",
    // Every partner with each partner above it and with itself: a branch is one indexed read.
    "CREATE TABLE partner_branch (
        ancestor {uuid} not null references partner (id),
        partner {uuid} not null references partner (id),
        primary key (ancestor, partner)
    )",
    "CREATE INDEX partner_branch_partner ON partner_branch (partner)",
    // `price` is for one seat and one period, in minor units of the currency.
    "CREATE TABLE plan (
        id {uuid} primary key,
        partner_id {uuid} not null references partner (id),
        name text not null,
        sort {text} not null,
        product text not null,
        currency text not null,
        price bigint not null,
        periodicity text not null,
        kind text not null,
        archived_at bigint,
        created_at bigint not null
    )",
    "CREATE INDEX plan_partner ON plan (partner_id)",
    // With its subscription: an organization has one. `state_before` is where the undoing of a deletion leads;
    // `seats_next` are the seats from the next period on, when they are fewer.
    "CREATE TABLE organization (
        id {uuid} primary key,
        partner_id {uuid} not null references partner (id),
        number bigint not null,
        name text not null,
        sort {text} not null,
        first_name text not null,
        last_name text not null,
        email text unique,
        country text,
        plan_id {uuid} references plan (id),
        state text not null,
        state_since bigint not null,
        state_before text,
        seats bigint not null,
        seats_next bigint,
        seats_next_at bigint,
        auto_license smallint not null,
        auto_license_cap bigint,
        visits_off_at bigint,
        erased_at bigint,
        created_at bigint not null
    )",
    "CREATE UNIQUE INDEX organization_number ON organization (partner_id, number)",
    "CREATE INDEX organization_list ON organization (state, sort, id)",
    "CREATE INDEX organization_plan ON organization (plan_id)",
    // Whose it was from then on stands in each: bills of a customer who went to another partner stay where they were.
    "CREATE TABLE subscription_event (
        organization_id {uuid} not null references organization (id),
        number bigint not null,
        at bigint not null,
        actor text not null,
        what text not null,
        partner_id {uuid} not null,
        organization_number bigint not null,
        plan_id {uuid},
        seats bigint not null,
        state text not null,
        primary key (organization_id, number)
    )",
    "CREATE INDEX subscription_event_partner ON subscription_event (partner_id, organization_id)",
    "CREATE TABLE account (
        id {uuid} primary key,
        email text not null unique,
        name text not null,
        password_hash text not null,
        created_at bigint not null
    )",
    // `off_at`: sign-in in this role is switched off. `seen_at`: when it was last used.
    "CREATE TABLE membership (
        account_id {uuid} not null references account (id),
        organization_id {uuid} not null references organization (id),
        role text not null,
        created_at bigint not null,
        off_at bigint,
        seen_at bigint,
        primary key (account_id, organization_id)
    )",
    "CREATE INDEX membership_organization ON membership (organization_id)",
    "CREATE TABLE partner_member (
        account_id {uuid} not null references account (id),
        partner_id {uuid} not null references partner (id),
        role text not null,
        created_at bigint not null,
        off_at bigint,
        seen_at bigint,
        primary key (account_id, partner_id)
    )",
    "CREATE INDEX partner_member_partner ON partner_member (partner_id)",
    // A partner's user in a customer's portal. `ended_at` is set when it is left or ended early. `log_id` is the partner
    // in whose log everything stands that was done in it: the customer's own at that time.
    "CREATE TABLE visit (
        id {uuid} primary key,
        account_id {uuid} not null references account (id),
        partner_id {uuid} not null references partner (id),
        organization_id {uuid} not null references organization (id),
        log_id {uuid} not null references partner (id),
        reason text not null,
        began_at bigint not null,
        until bigint not null,
        ended_at bigint
    )",
    "CREATE INDEX visit_organization ON visit (organization_id, began_at)",
    // A link with which somebody takes up a role: at an organization or at a partner.
    "CREATE TABLE invitation (
        token_hash {blob} primary key,
        id {uuid} not null unique,
        organization_id {uuid} references organization (id),
        partner_id {uuid} references partner (id),
        email text not null,
        name text not null,
        role text not null,
        invited_by text not null,
        created_at bigint not null,
        expires_at bigint not null
    )",
    "CREATE INDEX invitation_organization ON invitation (organization_id)",
    "CREATE INDEX invitation_partner ON invitation (partner_id)",
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
        organization_id {uuid},
        object text not null,
        detail text not null,
        sealed {blob},
        address text not null,
        previous {blob} not null,
        hash {blob} not null,
        primary key (partner_id, number)
    )",
    // One for each thing that a reader asks for; within it, the newest is found without sorting.
    "CREATE INDEX audit_at ON audit (partner_id, at, number)",
    "CREATE INDEX audit_actor ON audit (partner_id, actor, number)",
    "CREATE INDEX audit_event ON audit (partner_id, event, number)",
    "CREATE INDEX audit_object ON audit (partner_id, object, number)",
    "CREATE INDEX audit_organization ON audit (partner_id, organization_id, number)",
];
