//! The addresses of the Partner Portal, written once.

use uuid::Uuid;

/// The first page.
pub const HOME: &str = "/partner";
pub const ORGANIZATIONS: &str = "/partner/organizations";
/// One thing done to several of them.
pub const BULK: &str = "/partner/organizations/several";
pub const NEW_ORGANIZATION: &str = "/partner/organizations/new";
/// The same list as a file; it takes the list's query.
pub const CSV: &str = "/partner/organizations.csv";
pub const PLANS: &str = "/partner/plans";
pub const NEW_PLAN: &str = "/partner/plans/new";
pub const BILLS: &str = "/partner/bills";
/// The same bill as a file; it takes the page's query.
pub const BILLS_CSV: &str = "/partner/bills.csv";
pub const FEATURES: &str = "/partner/features";
pub const API: &str = "/partner/api";
pub const USERS: &str = "/partner/users";
pub const PARTNERS: &str = "/partner/partners";
pub const NEW_PARTNER: &str = "/partner/partners/new";
pub const TRANSFERS: &str = "/partner/transfers";
pub const BRANDING: &str = "/partner/branding";
/// Where the forms with pictures go.
pub const BRANDING_LOGO: &str = "/partner/branding/logo";
pub const BRANDING_ICON: &str = "/partner/branding/icon";
pub const MAIL: &str = "/partner/mail";
pub const NOTIFICATIONS: &str = "/partner/notifications";
pub const AUDIT: &str = "/partner/audit";
pub const SECURITY: &str = "/partner/security";
pub const HELP: &str = "/partner/help";
/// The same entries as a file; it takes the log's query.
pub const AUDIT_CSV: &str = "/partner/audit.csv";

/// Where a consent link is shown that a form without a script made.
pub fn consent_link(id: Uuid) -> String {
    format!("{}/consent-link", organization(id))
}

pub fn organization(id: Uuid) -> String {
    format!("{ORGANIZATIONS}/{id}")
}

pub fn partner(id: Uuid) -> String {
    format!("{PARTNERS}/{id}")
}

pub fn partner_features(id: Uuid) -> String {
    format!("{PARTNERS}/{id}?tab=features")
}

pub fn partner_users(id: Uuid) -> String {
    format!("{PARTNERS}/{id}?tab=users")
}

pub fn transfer(id: Uuid) -> String {
    format!("{TRANSFERS}/{id}")
}
