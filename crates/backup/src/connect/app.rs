//! The installation's own app registration, which customers' administrators may consent to.

use std::fmt;

use domain::connection::ProofKind;
use graph::Proof;
use secrecy::{ExposeSecret, SecretString};

use crate::{Backup, Error, Result};

/// An app registration for every directory, with which the installation signs in where an administrator consented.
#[derive(Clone)]
pub struct InstallationApp {
    client_id: String,
    proof: Proof,
}

impl fmt::Debug for InstallationApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstallationApp").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl InstallationApp {
    /// Proves itself with a client secret.
    #[must_use]
    pub fn with_secret(client_id: String, secret: SecretString) -> InstallationApp {
        InstallationApp { client_id, proof: Proof::Secret(secret) }
    }

    /// Proves itself with a certificate; `pem` holds it and its private key.
    ///
    /// # Errors
    /// When either cannot be used, in a sentence.
    pub fn with_certificate(client_id: String, pem: &SecretString) -> Result<InstallationApp, String> {
        let proof = Proof::certificate(pem.clone(), pem.expose_secret()).map_err(|why| why.to_string())?;
        Ok(InstallationApp { client_id, proof })
    }

    /// The app's (client) id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn proof(&self) -> &Proof {
        &self.proof
    }
}

/// What a connection of that kind proves itself with.
pub(super) fn proof(
    backup: &Backup,
    client_id: &str,
    kind: ProofKind,
    secret: &SecretString,
) -> Result<Proof> {
    match kind {
        ProofKind::Secret => Ok(Proof::Secret(secret.clone())),
        ProofKind::Certificate => Proof::certificate(secret.clone(), secret.expose_secret())
            .map_err(|why| Error::invalid("certificate", why.to_string())),
        ProofKind::Installation => backup
            .settings()
            .app
            .as_ref()
            .filter(|app| app.client_id == client_id)
            .map(|app| app.proof.clone())
            .ok_or_else(|| {
                Error::Refused(
                    "This connection signs in with an app that the installation no longer has. Ask the operator to set HOLDFAST_APP_CLIENT_ID and its secret again, or connect it anew."
                        .to_owned(),
                )
            }),
    }
}
