//! How a partner's portals and mails look.

pub(super) const UP: &[&str] = &[
    // Never changed: another picture has another id, because browsers keep what an address showed them.
    "CREATE TABLE brand_picture (
        id {uuid} primary key,
        partner_id {uuid} not null references partner (id),
        kind text not null,
        width integer not null,
        height integer not null,
        content {blob} not null
    )",
    // What is null is inherited.
    "CREATE TABLE brand (
        partner_id {uuid} primary key references partner (id),
        name text,
        accent text,
        logo {uuid} references brand_picture (id),
        icon {uuid} references brand_picture (id)
    )",
];
