//! What single objects did not show: the intervals of snapshots at which some links of an object, or whether it is
//! there at all, could not be seen. `aspect` is a code of `history::Aspect`; `since` is when the capture began that
//! first missed it (Unix milliseconds).

pub(super) const UP: &[&str] = &["CREATE TABLE unseen (
        tenant bigint not null,
        object bigint not null,
        aspect smallint not null,
        from_seq bigint not null,
        to_seq bigint not null,
        since bigint not null,
        primary key (tenant, object, aspect, from_seq)
    ) {clustered}"];
