//! Tenants and everything that a backup keeps. `tenant` comes first in every primary key, so that rows
//! can be partitioned or sharded by it.
//!
//! A row with an interval holds at the snapshots `from_seq <= s < to_seq`; an open one has
//! `to_seq = 2147483647`. The partial indexes on interval ends leave out what the first snapshot opened
//! and what is still open, which is nearly everything: they are there for comparisons, which look at
//! what changed.

pub(super) const UP: &[&str] = &[
    "CREATE TABLE installation (id integer primary key, master_check {blob} not null)",
    // How the newest snapshot stands is repeated here, so that a list of customers reads no snapshots.
    "CREATE TABLE tenant (
        id {serial},
        public_id {uuid} not null unique,
        organization_id {uuid} not null references organization (id),
        directory_id {uuid} not null unique,
        name text not null,
        domain text not null,
        every_min bigint not null,
        next_at bigint,
        full_every_min bigint not null,
        last_full_at bigint,
        published_seq bigint not null default 0,
        restores bigint not null default 0,
        protected bigint not null default 0,
        last_backup_at bigint,
        complete smallint not null default 0,
        failed smallint not null default 0,
        created_at bigint not null
    )",
    "CREATE INDEX tenant_organization ON tenant (organization_id)",
    "CREATE TABLE tenant_key (
        tenant bigint not null,
        version integer not null,
        purpose integer not null,
        wrapped {blob} not null,
        primary key (tenant, version, purpose)
    ) {clustered}",
    "CREATE TABLE connection (
        tenant bigint primary key,
        cloud text not null,
        client_id text not null,
        proof text not null,
        secret {blob} not null,
        expires_at bigint,
        granted text not null,
        lacks smallint not null default 0,
        healthy smallint not null,
        problem text,
        tested_at bigint
    )",
    "CREATE TABLE object (
        tenant bigint not null,
        num bigint not null,
        kind smallint not null,
        entra_id {uuid} not null,
        name text,
        primary key (tenant, num)
    ) {clustered}",
    "CREATE UNIQUE INDEX object_entra ON object (tenant, entra_id)",
    "CREATE TABLE version (
        tenant bigint not null,
        object bigint not null,
        from_seq bigint not null,
        to_seq bigint not null,
        kind smallint not null,
        deleted_at bigint,
        name text not null,
        detail text not null,
        sort {text} not null,
        flags integer not null,
        digest {blob} not null,
        changed text,
        profile integer not null,
        primary key (tenant, object, from_seq)
    ) {clustered}",
    "CREATE INDEX version_sort ON version (tenant, kind, sort, object, from_seq, to_seq)",
    "CREATE INDEX version_from ON version (tenant, from_seq) WHERE from_seq > 1",
    "CREATE INDEX version_to ON version (tenant, to_seq) WHERE to_seq < 2147483647",
    "CREATE TABLE body (
        tenant bigint not null,
        object bigint not null,
        from_seq bigint not null,
        sealed {blob} not null,
        primary key (tenant, object, from_seq)
    ) {clustered}",
    "CREATE TABLE word (
        tenant bigint not null,
        word {text} not null,
        object bigint not null,
        from_seq bigint not null,
        to_seq bigint not null,
        primary key (tenant, word, object, from_seq)
    ) {clustered}",
    "CREATE INDEX word_from ON word (tenant, from_seq) WHERE from_seq > 1",
    "CREATE INDEX word_to ON word (tenant, to_seq) WHERE to_seq < 2147483647",
    "CREATE TABLE link (
        tenant bigint not null,
        kind smallint not null,
        source bigint not null,
        target bigint not null,
        disc {text} not null,
        from_seq bigint not null,
        to_seq bigint not null,
        details text,
        primary key (tenant, kind, source, target, disc, from_seq)
    ) {clustered}",
    "CREATE INDEX link_target ON link (tenant, target, kind, source)",
    "CREATE INDEX link_from ON link (tenant, from_seq) WHERE from_seq > 1",
    "CREATE INDEX link_to ON link (tenant, to_seq) WHERE to_seq < 2147483647",
    "CREATE TABLE seen_link (
        tenant bigint not null,
        kind smallint not null,
        source bigint not null,
        target bigint not null,
        disc {text} not null,
        details text,
        primary key (tenant, kind, source, target, disc)
    ) {clustered}",
    "CREATE TABLE snapshot (
        tenant bigint not null,
        seq bigint not null,
        reason text not null,
        is_full smallint not null,
        started_at bigint not null,
        took_ms bigint not null,
        completeness text not null,
        missing text not null,
        created bigint not null,
        updated bigint not null,
        deleted bigint not null,
        counts text not null,
        protected bigint not null,
        links bigint not null,
        profile integer not null,
        requests bigint not null,
        units bigint not null,
        primary key (tenant, seq)
    ) {clustered}",
    "CREATE TABLE profile (
        tenant bigint not null,
        id integer not null,
        content text not null,
        primary key (tenant, id)
    ) {clustered}",
    "CREATE TABLE delta_cursor (
        tenant bigint not null,
        kind smallint not null,
        profile integer not null,
        sealed {blob} not null,
        primary key (tenant, kind)
    ) {clustered}",
    "CREATE TABLE restore (
        tenant bigint not null,
        number bigint not null,
        state text not null,
        to_seq bigint not null,
        seen_seq bigint not null,
        asked_by text not null,
        planned_at bigint not null,
        started_at bigint,
        ended_at bigint,
        before_seq bigint,
        problem text,
        writes bigint not null,
        unrestorable {blob} not null,
        primary key (tenant, number)
    ) {clustered}",
    "CREATE TABLE restore_step (
        tenant bigint not null,
        restore bigint not null,
        number integer not null,
        stage smallint not null,
        sealed {blob} not null,
        needs_confirmation smallint not null,
        confirmed smallint not null,
        outcome text not null,
        note text,
        primary key (tenant, restore, number)
    ) {clustered}",
    "CREATE TABLE restore_write (
        tenant bigint not null,
        restore bigint not null,
        number bigint not null,
        epoch bigint not null,
        steps text not null,
        state text not null,
        at bigint not null,
        primary key (tenant, restore, number)
    ) {clustered}",
    "CREATE TABLE job (
        id {uuid} primary key,
        tenant bigint not null,
        what text not null,
        payload text not null,
        state text not null,
        run_at bigint not null,
        attempts integer not null,
        epoch bigint not null,
        lease_until bigint,
        cancel_asked smallint not null,
        phase text not null,
        done bigint not null,
        total bigint not null,
        problem text,
        snapshot bigint,
        asked_by text not null,
        created_at bigint not null,
        ended_at bigint
    )",
    "CREATE INDEX job_due ON job (state, run_at)",
    "CREATE INDEX job_tenant ON job (tenant, created_at)",
];
