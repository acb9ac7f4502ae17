//! The pages of the Partner Portal, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{
    audit::AuditLogPage,
    bills::BillsPage,
    branch::{NewPartnerPage, PartnerPage, PartnersPage},
    dashboard::DashboardPage,
    features::FeaturesPage,
    mail::MailPage,
    organizations::{BulkPage, MadeLinkPage, NewOrganizationPage, OrganizationPage, OrganizationsPage},
    plans::{NewPlanPage, PlansPage},
    security::SecurityPage,
    transfers::{TransferPage, TransfersPage},
    users::UsersPage,
};
use crate::api::PartnerApiPage;
use leptos::prelude::*;
use leptos_router::ChooseView;

#[derive(Clone, Copy, Debug)]
pub enum Page {
    Dashboard,
    Organizations,
    Several,
    NewOrganization,
    Organization,
    ConsentLink,
    Plans,
    NewPlan,
    Bills,
    Features,
    Api,
    Users,
    Partners,
    NewPartner,
    Partner,
    Transfers,
    Transfer,
    Mail,
    AuditLog,
    Security,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        show(self).await
    }

    async fn preload(&self) {
        #[cfg(feature = "hydrate")]
        __preload_show().await;
    }
}

/// One function for all pages of the portal: each function of this sort is a file of its own.
#[lazy(partner)]
fn show(page: Page) -> AnyView {
    match page {
        Page::Dashboard => view! { <DashboardPage/> }.into_any(),
        Page::Several => view! { <BulkPage/> }.into_any(),
        Page::Bills => view! { <BillsPage/> }.into_any(),
        Page::Organizations => view! { <OrganizationsPage/> }.into_any(),
        Page::NewOrganization => view! { <NewOrganizationPage/> }.into_any(),
        Page::Organization => view! { <OrganizationPage/> }.into_any(),
        Page::ConsentLink => view! { <MadeLinkPage/> }.into_any(),
        Page::Plans => view! { <PlansPage/> }.into_any(),
        Page::NewPlan => view! { <NewPlanPage/> }.into_any(),
        Page::Features => view! { <FeaturesPage/> }.into_any(),
        Page::Api => view! { <PartnerApiPage/> }.into_any(),
        Page::Users => view! { <UsersPage/> }.into_any(),
        Page::Partners => view! { <PartnersPage/> }.into_any(),
        Page::NewPartner => view! { <NewPartnerPage/> }.into_any(),
        Page::Partner => view! { <PartnerPage/> }.into_any(),
        Page::Transfers => view! { <TransfersPage/> }.into_any(),
        Page::Transfer => view! { <TransferPage/> }.into_any(),
        Page::Mail => view! { <MailPage/> }.into_any(),
        Page::AuditLog => view! { <AuditLogPage/> }.into_any(),
        Page::Security => view! { <SecurityPage/> }.into_any(),
    }
}
