//! The parts of a tenant that a capture may not have been able to read.

use domain::view::SnapshotRow;
use domain::{Kind, LinkKind};

use crate::capture::part;

/// A part's name in a snapshot, as a person reads it.
pub(super) fn words(name: &str) -> String {
    if let Some(kind) = Kind::CAPTURED.into_iter().find(|k| part(*k) == name) {
        return kind.plural().to_owned();
    }
    if let Some(kind) = Kind::CAPTURED.into_iter().find(|k| name.strip_prefix("deleted-") == Some(part(*k))) {
        return format!("{} in the recycle bin", kind.plural());
    }
    match name {
        "role-schedule-instances" => "Which role assignments are temporary".to_owned(),
        "licence-names" => "Names of licences".to_owned(),
        other => LinkKind::from_slug(other).map_or_else(|| other.replace('-', " "), link_words),
    }
}

fn link_words(kind: LinkKind) -> String {
    match kind {
        LinkKind::Member => "Group members",
        LinkKind::Owner => "Group owners",
        LinkKind::Manager => "Managers",
        LinkKind::RoleAssignment => "Role assignments",
        LinkKind::ActivatedRole => "Roles in use for a while",
        LinkKind::UnitMember => "Members of administrative units",
        LinkKind::Licence => "Licences of users",
    }
    .to_owned()
}

/// The row with words in place of the parts' names.
pub(super) fn in_words(mut row: SnapshotRow) -> SnapshotRow {
    for name in &mut row.missing {
        *name = words(name);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_words() {
        assert_eq!(words("administrative-units"), "Administrative units");
        assert_eq!(words("deleted-groups"), "Groups in the recycle bin");
        assert_eq!(words("role-assignment"), "Role assignments");
        assert_eq!(words("something-new"), "something new");
    }
}
