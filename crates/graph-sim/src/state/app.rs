//! The application in a directory: its service principal, and what an administrator consented to.

use super::{Kind, NONE, Oid, Tenant};
use crate::record::{Builder, Record};
use crate::schema::sp;

/// The name that administrators see.
pub(crate) const APP_NAME: &str = "Holdfast Backup";

impl Tenant {
    /// What a service principal of this directory looks like.
    pub(crate) fn service_principal(&self, app_id: &str, name: &str) -> Record {
        let mut b = Builder::default();
        b.bool(sp::ENABLED, true).str(sp::APP_DISPLAY_NAME, name).str(sp::APP_ID, app_id);
        b.str(sp::APP_OWNER, &self.info.tenant_id.to_string()).bool(sp::ASSIGNMENT_REQUIRED, false);
        b.str(sp::DISPLAY_NAME, name).strs(sp::NAMES, &[app_id]).str(sp::TYPE, "Application");
        b.str(sp::AUDIENCE, "AzureADMyOrg").strs(sp::TAGS, &["WindowsAzureActiveDirectoryIntegratedApp"]);
        b.finish()
    }

    /// An administrator lets the application in: its service principal comes to be, and what it asked
    /// for is granted beside what it had.
    pub(crate) fn let_app_in(&mut self, by: Oid, asked: &[String]) {
        if self.app_sp == NONE {
            let rec = self.service_principal(&self.info.client_id.to_string(), APP_NAME);
            let id = self.fresh_id();
            self.app_sp = self.add(Kind::Sp, id, rec);
        }
        self.permissions.extend(asked.iter().cloned());
        self.actor = self.person(by);
        self.record("Consent to application", "Assign", &[self.app_sp], Vec::new());
    }
}
