//! What a person may enter, checked where it enters, with a sentence for the field that is wrong.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::connection::ProofKind;
use graph::{Cloud, Proof};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::Credentials;
use crate::{Error, Result};

/// Credentials as far as they can be checked without asking Microsoft.
pub(super) struct Checked {
    /// The directory's id, or one of its domains.
    pub(super) directory: String,
    pub(super) client_id: String,
    pub(super) proof: ProofKind,
    pub(super) secret: SecretString,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) cloud: Cloud,
}

pub(super) fn check(form: &Credentials, now: DateTime<Utc>) -> Result<Checked> {
    let (directory, client_id) = (directory(&form.directory)?, client_id(&form.client_id)?);
    let (proof, secret, expires_at) = if form.certificate.expose_secret().trim().is_empty() {
        (ProofKind::Secret, secret(&form.secret)?, expires(&form.expires, now)?)
    } else {
        let (pem, ends) = certificate(&form.certificate, now)?;
        (ProofKind::Certificate, pem, Some(ends))
    };
    Ok(Checked { directory, client_id, proof, secret, expires_at, cloud: cloud(&form.cloud)? })
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

fn certificate(pem: &SecretString, now: DateTime<Utc>) -> Result<(SecretString, DateTime<Utc>)> {
    let at = |why: String| Error::invalid("certificate", why);
    let text = pem.expose_secret().trim();
    Proof::certificate(SecretString::from(text), text).map_err(|why| {
        at(format!("{why} Paste the certificate and its private key together, both as PEM, unencrypted."))
    })?;
    let ends = Proof::certificate_ends(text).map_err(|why| at(why.to_string()))?;
    let ends = DateTime::from_timestamp(ends, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    if ends <= now {
        return Err(at(
            "This certificate has ended. Make a new one, and add it to the app registration.".to_owned()
        ));
    }
    Ok((SecretString::from(text), ends))
}

fn expires(text: &str, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day: NaiveDate = text.parse().map_err(|_| {
        Error::invalid(
            "expires",
            "Enter the day as year, month and day, such as 2027-05-31, or leave it empty.",
        )
    })?;
    let ends = day.and_time(NaiveTime::MIN).and_utc();
    if ends <= now {
        return Err(Error::invalid(
            "expires",
            "This day has passed. Enter the day on which Entra says that the secret ends.",
        ));
    }
    Ok(Some(ends))
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
            ..Credentials::default()
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn field(form: &Credentials) -> &'static str {
        match check(form, now()) {
            Err(Error::Invalid { field, .. }) => field,
            _ => "",
        }
    }

    #[test]
    fn what_people_paste_is_trimmed_and_made_alike() {
        let upper = format!(" {} ", ID.to_uppercase());
        let good = check(&form(&upper, &upper, " s~ecret\n", "global"), now()).unwrap();
        assert_eq!((good.directory.as_str(), good.client_id.as_str()), (ID, ID));
        assert_eq!(good.secret.expose_secret(), "s~ecret");
        let domain = check(&form("Contoso.OnMicrosoft.com", ID, "x", ""), now()).unwrap();
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
        let with = |certificate: &str, expires: &str| Credentials {
            certificate: certificate.to_owned().into(),
            expires: expires.to_owned(),
            ..form(ID, ID, "x", "")
        };
        assert_eq!(field(&with("-----BEGIN CERTIFICATE-----", "")), "certificate");
        assert_eq!(field(&with("", "31.5.2027")), "expires");
        assert_eq!(field(&with("", "2020-01-01")), "expires");
        let good = check(&with("", "2027-05-31"), now()).unwrap();
        assert_eq!(good.expires_at.unwrap().to_rfc3339(), "2027-05-31T00:00:00+00:00");
    }
}
