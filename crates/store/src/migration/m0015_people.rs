//! Since when somebody has had no role any more.

pub(super) const UP: &[&str] = &["ALTER TABLE account ADD COLUMN left_at bigint"];
