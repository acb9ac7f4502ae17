//! That something was erased which the files still hold.

pub(super) const UP: &[&str] =
    &["CREATE TABLE to_forget (id smallint NOT NULL PRIMARY KEY, erasures bigint NOT NULL)"];
