//! Who takes a seat, by plan; and by which rule a tenant's seats were counted last.

pub(super) const UP: &[&str] = &[
    "ALTER TABLE plan ADD COLUMN rule text not null default 'enabled-members'",
    "ALTER TABLE tenant ADD COLUMN rule text not null default 'enabled-members'",
];
