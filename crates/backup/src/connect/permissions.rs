//! What the table of permissions comes to.

use domain::view::PermissionRow;

/// Nothing essential is missing.
pub(super) fn can_back_up(rows: &[PermissionRow]) -> bool {
    rows.iter().all(|r| !r.essential || r.granted_by.is_some())
}

/// Whatever a restore may need is granted.
pub(super) fn can_restore(rows: &[PermissionRow]) -> bool {
    rows.iter().all(|r| !r.restore || r.granted_by.is_some())
}

/// What to do when something essential is missing; none when nothing is.
pub(super) fn problem(rows: &[PermissionRow]) -> Option<String> {
    let missing: Vec<String> = rows
        .iter()
        .filter(|r| r.essential && r.granted_by.is_none())
        .map(|r| format!("{} ({})", r.permission, lower_first(&r.why)))
        .collect();
    if missing.is_empty() {
        return None;
    }
    Some(format!(
        "The app lacks {}. Add {} to the app registration as application permissions, grant admin consent, and try again.",
        missing.join(" and "),
        if missing.len() == 1 { "it" } else { "them" },
    ))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::permission::{Granted, NEEDS, rows};

    use super::*;

    #[test]
    fn a_larger_permission_covers_a_smaller_one() {
        let table = rows(&["Directory.Read.All"].into_iter().collect());
        assert!(can_back_up(&table) && !can_restore(&table));
        assert_eq!(table[0].permission, "User.Read.All");
        assert_eq!(table[0].granted_by.as_deref(), Some("Directory.Read.All"));
        assert_eq!(problem(&table), None);
    }

    #[test]
    fn missing_essentials_are_named() {
        let table = rows(&["User.Read.All"].into_iter().collect());
        let problem = problem(&table).unwrap();
        assert!(problem.contains("Group.Read.All (read groups"), "{problem}");
        assert!(!problem.contains("User.Read.All"));
        assert!(!can_back_up(&table));
    }

    #[test]
    fn everything_that_is_asked_for_suffices() {
        let all: Granted = NEEDS.iter().map(|n| n.permission.least()).collect();
        assert!(can_back_up(&rows(&all)) && can_restore(&rows(&all)));
    }
}
