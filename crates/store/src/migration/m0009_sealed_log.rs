//! What the audit log says about an organization can be forgotten with it.

pub(super) const UP: &[&str] = &["CREATE TABLE organization_key (
        organization_id {uuid} primary key references organization (id),
        wrapped {blob} not null
    )"];
