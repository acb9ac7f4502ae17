//! The pages of the Partner Portal, as two parts of the WASM: a browser fetches each when
//! it first needs a page of it.

use super::{
    audit::AuditLogPage,
    bills::BillsPage,
    branch::{NewPartnerPage, PartnerPage, PartnersPage},
    branding::BrandingPage,
    dashboard::DashboardPage,
    features::FeaturesPage,
    mail::MailPage,
    notices::NotificationsPage,
    organizations::{BulkPage, MadeLinkPage, NewOrganizationPage, OrganizationPage, OrganizationsPage},
    plans::{NewPlanPage, PlansPage},
    security::SecurityPage,
    transfers::{TransferPage, TransfersPage},
    users::UsersPage,
};
use crate::api::PartnerApiPage;

crate::pages::pages! {
    partner:
    Dashboard => DashboardPage,
    Organizations => OrganizationsPage,
    Several => BulkPage,
    NewOrganization => NewOrganizationPage,
    Organization => OrganizationPage,
    ConsentLink => MadeLinkPage,
    Plans => PlansPage,
    NewPlan => NewPlanPage,
}

/// The pages about the partner itself: its bills and people, and how it is set up.
pub mod own {
    use super::*;

    crate::pages::pages! {
        partner_own:
        Bills => BillsPage,
        Features => FeaturesPage,
        Api => PartnerApiPage,
        Users => UsersPage,
        Partners => PartnersPage,
        NewPartner => NewPartnerPage,
        Partner => PartnerPage,
        Transfers => TransfersPage,
        Transfer => TransferPage,
        Branding => BrandingPage,
        Mail => MailPage,
        Notifications => NotificationsPage,
        AuditLog => AuditLogPage,
        Security => SecurityPage,
    }
}
