//! What an error means to a person who has to do something about it.

use serde::{Deserialize, Serialize};

/// The reason behind an error, as far as Graph and the login authority let it be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Meaning {
    /// The client secret is wrong, or its id was pasted in place of its value.
    SecretWrong,
    /// The client secret has expired.
    SecretExpired,
    /// The certificate or its private key does not belong to the app.
    CertificateWrong,
    /// The assertion was outside its time: the clocks differ.
    ClockWrong,
    /// No such tenant in this cloud.
    TenantUnknown,
    /// The app is not in the tenant: an administrator has not consented, or the app id is wrong.
    ConsentMissing,
    /// The app was disabled in the tenant.
    AppDisabled,
    /// A Conditional Access policy for workload identities blocks the app.
    BlockedByPolicy,
    /// Graph refuses a token that was just issued.
    TokenRefused,
    /// The app lacks a permission, or the directory role that the object asks for.
    PermissionMissing,
    /// The object does not exist, or not yet: a new one takes seconds to minutes to appear.
    NotFound,
    /// Another object has the same value, or another writer was there first.
    Conflict,
    /// Microsoft asks for patience.
    Throttled,
    /// Microsoft Graph or the login authority has a fault of its own.
    ServiceUnavailable,
    /// Microsoft could not be reached, or the connection broke.
    NetworkDown,
    /// The cursor of a delta query is too old, or was reset by the service.
    DeltaExpired {
        /// Where to start again, when the service said so.
        restart: Option<String>,
    },
    /// A list took so long that its next page is gone: read it again from its first page.
    PageTokenExpired,
    /// The tenant has no licence for this feature.
    LicenceMissing,
    /// The object is mastered on-premises; only the on-premises directory can change it.
    ReadOnlySynced,
    /// The attribute cannot be written.
    ReadOnlyAttribute,
    /// The directory, or a list on one object, is full.
    QuotaExceeded,
    /// Graph understood the request and refuses its content.
    Rejected,
    /// This Graph does not offer the resource or the query.
    Unsupported,
    /// A link in an answer pointed outside the connection's own Graph and was not followed.
    ForeignLink,
    /// The answer is not what Graph promises: not JSON, incomplete, or a list without an end.
    BadAnswer,
    /// The connection's own settings cannot be used.
    Misconfigured,
    /// None of the above.
    Other,
}

impl Meaning {
    /// What happened and what to do next, for the page that shows it.
    pub fn sentence(&self) -> &'static str {
        match self {
            Meaning::SecretWrong => {
                "Microsoft does not accept the client secret. Copy the secret's value (not its id) from the app registration into this connection."
            }
            Meaning::SecretExpired => {
                "The client secret has expired. Create a new one on the app registration and enter it in this connection."
            }
            Meaning::CertificateWrong => {
                "The certificate does not match the app. Upload this connection's certificate to the app registration, or enter the private key that belongs to it."
            }
            Meaning::ClockWrong => {
                "Microsoft refused the sign-in because of its time. Check this server's clock and try again."
            }
            Meaning::TenantUnknown => {
                "Microsoft knows no such tenant in this cloud. Check the tenant id, and whether the tenant lives in another national cloud."
            }
            Meaning::ConsentMissing => {
                "The app is not known in this tenant. Have an administrator of the tenant grant consent, and check the app id."
            }
            Meaning::AppDisabled => {
                "The app is disabled in this tenant. Enable sign-in for it under Enterprise applications."
            }
            Meaning::BlockedByPolicy => {
                "A Conditional Access policy of the tenant blocks the app. Exclude the app from the policy, or allow this server's address in it."
            }
            Meaning::TokenRefused => {
                "Microsoft Graph refuses the token it was given. Check that the connection names the right cloud and that the app has not been removed from the tenant."
            }
            Meaning::PermissionMissing => {
                "The app may not do this in the tenant. Grant the missing permission (or directory role) and consent to it again."
            }
            Meaning::NotFound => {
                "The object does not exist in the tenant. If it was just created, it appears within minutes; otherwise it was deleted."
            }
            Meaning::Conflict => {
                "Another object in the tenant has the same value, or something else changed the object at the same moment. Compare again and decide which one to keep."
            }
            Meaning::Throttled => {
                "Microsoft is limiting requests for this tenant. Nothing is lost; the work goes on when the limit lifts."
            }
            Meaning::ServiceUnavailable => {
                "Microsoft has a fault of its own at the moment. Nothing is lost; the work is tried again later."
            }
            Meaning::NetworkDown => {
                "Microsoft could not be reached, or the connection broke. Check this server's network, proxy and DNS; the work is tried again later."
            }
            Meaning::DeltaExpired { .. } => {
                "The list of changes has expired, as it does after seven days. The collection is read anew from the start."
            }
            Meaning::PageTokenExpired => {
                "Reading the list took so long that Microsoft gave up its place. The collection is read again from the start."
            }
            Meaning::LicenceMissing => {
                "The tenant has no licence for this feature (usually Entra ID P1 or P2). Assign one, or leave this part out of the backup."
            }
            Meaning::ReadOnlySynced => {
                "The object is managed by the on-premises directory. Change it there; the next synchronization brings it to Entra."
            }
            Meaning::ReadOnlyAttribute => {
                "This attribute is set by Microsoft and cannot be written. Leave it out of the restore."
            }
            Meaning::QuotaExceeded => {
                "The directory, or a list on this object, has reached its limit. Remove what is no longer needed, or have Microsoft raise the limit."
            }
            Meaning::Rejected => {
                "Microsoft Graph refused the values that were sent. The details name the attribute; correct it or leave it out."
            }
            Meaning::Unsupported => {
                "This tenant's Microsoft Graph does not offer the feature. Leave this part out of the backup."
            }
            Meaning::ForeignLink => {
                "An answer pointed to an address outside this tenant's Microsoft Graph, and was not followed. Check the connection's addresses and any proxy between."
            }
            Meaning::BadAnswer => {
                "The answer was incomplete or not from Microsoft Graph. Check any proxy between; the work is tried again later."
            }
            Meaning::Misconfigured => {
                "The connection's settings cannot be used. Check the addresses, the certificate and the private key."
            }
            Meaning::Other => {
                "Microsoft answered with an error that has no known remedy. The details hold Microsoft's own words and the request id for their support."
            }
        }
    }
}

/// The meaning of a code of the login authority. Microsoft calls these numbers unstable: an unknown
/// one falls back to the OAuth error name.
pub(crate) fn of_sign_in(status: u16, error: &str, aadsts: Option<u32>) -> Meaning {
    match aadsts {
        Some(7_000_215) => return Meaning::SecretWrong,
        Some(7_000_222) => return Meaning::SecretExpired,
        Some(700_027 | 50_012 | 700_030) => return Meaning::CertificateWrong,
        Some(700_024 | 500_133) => return Meaning::ClockWrong,
        Some(90_002 | 90_038 | 900_382 | 900_432 | 9_001_023) => return Meaning::TenantUnknown,
        Some(700_016 | 700_011 | 65_001 | 650_056 | 90_094) => return Meaning::ConsentMissing,
        Some(7_000_112 | 70_001) => return Meaning::AppDisabled,
        Some(53_003 | 530_032 | 530_035) => return Meaning::BlockedByPolicy,
        Some(70_011 | 700_022 | 28_002 | 500_011 | 50_001 | 7_000_216 | 7_000_218) => {
            return Meaning::Misconfigured;
        }
        Some(90_055 | 90_006 | 90_024 | 90_033 | 50_196) => return Meaning::ServiceUnavailable,
        _ => {}
    }
    match (status, error) {
        (429, _) => Meaning::Throttled,
        (500..=599, _) | (_, "temporarily_unavailable") => Meaning::ServiceUnavailable,
        (_, "invalid_client") => Meaning::SecretWrong,
        (_, "unauthorized_client") => Meaning::ConsentMissing,
        (_, "invalid_scope" | "invalid_resource") => Meaning::Misconfigured,
        _ => Meaning::Other,
    }
}

/// The meaning of an error answer of Graph, from its codes (outermost first).
///
/// The message is looked at in one place only, to tell two flavours of `Request_BadRequest` apart
/// for the reader; nothing branches on the difference but what is shown.
pub(crate) fn of_graph(status: u16, codes: &[String], message: &str, restart: Option<String>) -> Meaning {
    let has = |wanted: &[&str]| {
        codes.iter().any(|code| wanted.iter().any(|wanted| code.eq_ignore_ascii_case(wanted)))
    };
    if status == 410 || has(&["syncStateNotFound", "resyncRequired", "syncStateInvalid"]) {
        return Meaning::DeltaExpired { restart };
    }
    if has(&["Directory_ExpiredPageToken"]) {
        return Meaning::PageTokenExpired;
    }
    if status == 429 || has(&["TooManyRequests"]) {
        return Meaning::Throttled;
    }
    if has(&[
        "AadPremiumLicenseRequired",
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "InvalidLicense",
    ]) {
        return Meaning::LicenceMissing;
    }
    if has(&["Directory_QuotaExceeded"]) {
        return Meaning::QuotaExceeded;
    }
    if has(&[
        "ObjectConflict",
        "ConflictingObjects",
        "Conflict",
        "Directory_ObjectConflict",
        "Directory_ConcurrencyViolation",
    ]) {
        return Meaning::Conflict;
    }
    if has(&["Request_ResourceNotFound", "ResourceNotFound"]) {
        return Meaning::NotFound;
    }
    if has(&["Authorization_RequestDenied"]) {
        return Meaning::PermissionMissing;
    }
    match status {
        400 if has(&["Request_UnsupportedQuery"]) => Meaning::Unsupported,
        400 => {
            let message = message.to_ascii_lowercase();
            if message.contains("on-premises mastered") {
                Meaning::ReadOnlySynced
            } else if message.contains("read-only") {
                Meaning::ReadOnlyAttribute
            } else {
                Meaning::Rejected
            }
        }
        401 => Meaning::TokenRefused,
        403 => Meaning::PermissionMissing,
        404 => Meaning::NotFound,
        405 | 501 => Meaning::Unsupported,
        409 | 412 | 423 => Meaning::Conflict,
        500..=599 => Meaning::ServiceUnavailable,
        _ => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_codes() {
        let of = |status, error, code| of_sign_in(status, error, Some(code));
        assert_eq!(of(401, "invalid_client", 7_000_215), Meaning::SecretWrong);
        assert_eq!(of(401, "invalid_client", 7_000_222), Meaning::SecretExpired);
        assert_eq!(of(400, "invalid_request", 90_002), Meaning::TenantUnknown);
        assert_eq!(of(400, "unauthorized_client", 700_016), Meaning::ConsentMissing);
        assert_eq!(of(400, "unauthorized_client", 7_000_112), Meaning::AppDisabled);
        assert_eq!(of(401, "invalid_client", 700_027), Meaning::CertificateWrong);
        assert_eq!(of(400, "access_denied", 53_003), Meaning::BlockedByPolicy);
        assert_eq!(of(400, "unauthorized_client", 1), Meaning::ConsentMissing);
        assert_eq!(of_sign_in(503, "", None), Meaning::ServiceUnavailable);
        assert_eq!(of_sign_in(429, "", None), Meaning::Throttled);
    }

    #[test]
    fn graph_codes() {
        let of = |status, code: &str, message| of_graph(status, &[code.to_owned()], message, None);
        assert_eq!(of(404, "Request_ResourceNotFound", ""), Meaning::NotFound);
        assert_eq!(of(403, "Authorization_RequestDenied", ""), Meaning::PermissionMissing);
        assert_eq!(of(403, "Directory_QuotaExceeded", ""), Meaning::QuotaExceeded);
        assert_eq!(of(400, "Directory_ExpiredPageToken", ""), Meaning::PageTokenExpired);
        assert_eq!(of(400, "syncstatenotfound", ""), Meaning::DeltaExpired { restart: None });
        assert_eq!(of(400, "Request_UnsupportedQuery", ""), Meaning::Unsupported);
        assert_eq!(of(400, "AadPremiumLicenseRequired", ""), Meaning::LicenceMissing);
        assert_eq!(
            of(400, "Request_BadRequest", "… for On-Premises Mastered Directory Sync objects"),
            Meaning::ReadOnlySynced
        );
        assert_eq!(of(400, "Request_BadRequest", "x is read-only"), Meaning::ReadOnlyAttribute);
        assert_eq!(of(429, "", ""), Meaning::Throttled);
        assert_eq!(of(503, "UnknownError", ""), Meaning::ServiceUnavailable);
    }

    #[test]
    fn every_sentence_says_what_to_do_and_ends() {
        for meaning in [Meaning::SecretWrong, Meaning::DeltaExpired { restart: None }, Meaning::Other] {
            assert!(meaning.sentence().ends_with('.') && meaning.sentence().contains(". "));
        }
    }
}
