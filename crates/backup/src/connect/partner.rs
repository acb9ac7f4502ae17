//! A partner looks after its customers' connections.

use domain::access::PartnerAction;
use domain::view::ConnectionView;
use store::audit::Entry;
use store::scope::{OrgScope, PartnerActor, TenantScope};
use uuid::Uuid;

use super::{Credentials, Tested};
use crate::{Backup, Error, Result};

impl Backup {
    /// Signs in to a customer's tenant again with the stored credentials; how the connection stands then.
    ///
    /// # Errors
    /// When the role does not allow it, the tenant is not of the actor's branch, or the database fails. That Microsoft
    /// refuses is no error here: the view says it.
    pub async fn retest_for(
        &self,
        actor: &PartnerActor,
        organization: Uuid,
        tenant: Uuid,
    ) -> Result<ConnectionView> {
        let (scope, tenant) = self.customers(actor, organization, tenant).await?;
        let Tested { granted, problem } = super::try_stored(self, tenant).await?;
        let object = tenant.public_id().to_string();
        let detail = if problem.is_none() { "healthy" } else { "not healthy" };
        let entry = entry(actor, "connection-tested", &object, detail);
        let store = self.store();
        store.note_test(scope, tenant, granted.as_ref(), problem.as_deref(), &entry, self.now()).await?;
        super::stored(store, tenant).await
    }

    /// Replaces a customer's credentials by others of the same directory. An empty field keeps what was there.
    ///
    /// # Errors
    /// As [`Backup::reconnect`].
    pub async fn reconnect_for(
        &self,
        actor: &PartnerActor,
        organization: Uuid,
        tenant: Uuid,
        form: &Credentials,
    ) -> Result<ConnectionView> {
        let (scope, tenant) = self.customers(actor, organization, tenant).await?;
        let new = super::renewed(self, tenant, form).await?;
        let object = tenant.public_id().to_string();
        let detail = format!("{}, client {}", new.proof.label().to_lowercase(), new.client_id);
        let entry = entry(actor, "credentials-replaced", &object, &detail);
        self.store().renew_connection(scope, tenant, new, &entry, self.now()).await?;
        super::stored(self.store(), tenant).await
    }

    /// The tenant of a customer in the actor's branch, if the role allows looking after its credentials.
    async fn customers(
        &self,
        actor: &PartnerActor,
        organization: Uuid,
        tenant: Uuid,
    ) -> Result<(OrgScope, TenantScope)> {
        if !actor.may(PartnerAction::ManageCredentials) {
            return Err(Error::NotAtPartner);
        }
        let org =
            self.store().organization_below(actor.scope(), organization).await?.ok_or(Error::NotFound)?;
        let tenant = self.store().open_tenant(org.scope(), tenant).await?.ok_or(Error::NotFound)?;
        Ok((org.scope(), tenant))
    }
}

fn entry<'a>(actor: &'a PartnerActor, event: &'a str, object: &'a str, detail: &'a str) -> Entry<'a> {
    Entry { actor: &actor.email, event, object, detail, address: &actor.address }
}
