//! The addresses of the Partner Portal, written once.

use uuid::Uuid;

/// The list is the portal's first page.
pub const ORGANIZATIONS: &str = "/partner";
/// What the addresses about one organization begin with.
pub const ORGANIZATION: &str = "/partner/organizations";
pub const NEW_ORGANIZATION: &str = "/partner/organizations/new";
/// The same list as a file; it takes the list's query.
pub const CSV: &str = "/partner/organizations.csv";
pub const PLANS: &str = "/partner/plans";
pub const NEW_PLAN: &str = "/partner/plans/new";
pub const AUDIT: &str = "/partner/audit";
/// The same entries as a file; it takes the log's query.
pub const AUDIT_CSV: &str = "/partner/audit.csv";

pub fn organization(id: Uuid) -> String {
    format!("{ORGANIZATION}/{id}")
}
