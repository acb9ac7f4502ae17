//! What a person may enter, checked where it enters, with a sentence for the field that is wrong.

use graph::Cloud;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::Credentials;
use crate::{Error, Result};

/// Credentials as far as they can be checked without asking Microsoft.
pub(super) struct Checked {
    /// The directory's id, or one of its domains.
    pub(super) directory: String,
    pub(super) client_id: String,
    pub(super) secret: SecretString,
    pub(super) cloud: Cloud,
}

pub(super) fn check(form: &Credentials) -> Result<Checked> {
    Ok(Checked {
        directory: directory(&form.directory)?,
        client_id: client_id(&form.client_id)?,
        secret: secret(&form.secret)?,
        cloud: cloud(&form.cloud)?,
    })
}

fn directory(text: &str) -> Result<String> {
    let text = text.trim();
    if let Some(id) = guid(text) {
        return Ok(id.to_string());
    }
    let is_domain = text.len() <= 253
        && text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    if is_domain {
        return Ok(text.to_lowercase());
    }
    Err(Error::invalid(
        "directory",
        if text.is_empty() {
            "Enter the tenant: its directory (tenant) ID from the app registration's overview, or one of its domains."
        } else {
            "This is neither a tenant ID nor a domain. Copy the directory (tenant) ID from the app registration's overview."
        },
    ))
}

fn client_id(text: &str) -> Result<String> {
    guid(text.trim()).map(|id| id.to_string()).ok_or_else(|| {
        Error::invalid(
            "client_id",
            "Enter the application (client) ID from the app registration's overview: 32 hexadecimal digits in five groups.",
        )
    })
}

fn secret(secret: &SecretString) -> Result<SecretString> {
    let text = secret.expose_secret().trim();
    if text.is_empty() {
        return Err(Error::invalid("secret", "Enter the value of a client secret of the app."));
    }
    if guid(text).is_some() {
        return Err(Error::invalid(
            "secret",
            "This looks like the secret's ID. Copy its value instead; Entra shows it only once, so create a new secret if it is gone.",
        ));
    }
    Ok(SecretString::from(text))
}

fn cloud(text: &str) -> Result<Cloud> {
    if text.trim().is_empty() {
        return Ok(Cloud::default());
    }
    text.parse().map_err(|_| Error::invalid("cloud", "Choose the cloud in which the tenant lives."))
}

/// An id as portals show it; other spellings of the same bits are not what anybody copies.
fn guid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "6f1c2b9a-0d3e-4f5a-8b7c-9d0e1f2a3b4c";

    fn form(directory: &str, client_id: &str, secret: &str, cloud: &str) -> Credentials {
        Credentials {
            directory: directory.to_owned(),
            client_id: client_id.to_owned(),
            secret: SecretString::from(secret),
            cloud: cloud.to_owned(),
        }
    }

    fn field(form: &Credentials) -> &'static str {
        match check(form) {
            Err(Error::Invalid { field, .. }) => field,
            _ => "",
        }
    }

    #[test]
    fn what_people_paste_is_trimmed_and_made_alike() {
        let upper = format!(" {} ", ID.to_uppercase());
        let good = check(&form(&upper, &upper, " s~ecret\n", "global")).unwrap();
        assert_eq!((good.directory.as_str(), good.client_id.as_str()), (ID, ID));
        assert_eq!(good.secret.expose_secret(), "s~ecret");
        let domain = check(&form("Contoso.OnMicrosoft.com", ID, "x", "")).unwrap();
        assert_eq!((domain.directory.as_str(), domain.cloud), ("contoso.onmicrosoft.com", Cloud::Global));
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        assert_eq!(field(&form("", ID, "x", "")), "directory");
        assert_eq!(field(&form("contoso", ID, "x", "")), "directory");
        assert_eq!(field(&form("contoso.com/evil", ID, "x", "")), "directory");
        assert_eq!(field(&form(ID, "contoso.com", "x", "")), "client_id");
        assert_eq!(field(&form(ID, ID, " ", "")), "secret");
        assert_eq!(field(&form(ID, ID, ID, "")), "secret");
        assert_eq!(field(&form(ID, ID, "x", "mars")), "cloud");
    }
}
