//! What an error means to a person who has to do something about it.

pub(crate) mod sign_in;

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
    /// The certificate is outside the time for which it is valid.
    CertificateExpired,
    /// The sign-in carried neither a secret nor a certificate.
    ProofMissing,
    /// The assertion was outside its time: the clocks differ.
    ClockWrong,
    /// No such tenant in this cloud, or the tenant id is none.
    TenantUnknown,
    /// The tenant, or Microsoft Graph as it was asked for, belongs to another national cloud.
    CloudWrong,
    /// Something that the sign-in needs was empty or malformed.
    FieldMissing,
    /// The app is not in the tenant: an administrator has not consented, or the app id is wrong.
    ConsentMissing,
    /// The app is being added to the tenant, or was added by half.
    ConsentUnfinished,
    /// A service that the app asks for has no subscription in the tenant, or is disabled there.
    ServiceMissing,
    /// The app was disabled in the tenant.
    AppDisabled,
    /// The app registration accepts only its own directory.
    AppSingleTenant,
    /// The address that a sign-in returns to is not on the app registration.
    RedirectWrong,
    /// The account of the person who signs in is not in the tenant.
    AccountUnknown,
    /// The person's password is wrong or has ended, or the account is locked.
    PasswordRefused,
    /// The person's account is disabled.
    AccountDisabled,
    /// The app is open to assigned people only, and this one is not.
    AccountNotAssigned,
    /// The person has to sign in anew, or to prove more.
    SignInAgain,
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
            Meaning::CertificateExpired => {
                "The certificate has expired or is not valid yet. Create a new one, upload it to the app registration and enter it in this connection."
            }
            Meaning::ProofMissing => {
                "Microsoft was given nothing to recognize the app by. Enter a client secret or a certificate in this connection."
            }
            Meaning::ClockWrong => {
                "Microsoft refused the sign-in because of its time. Check this server's clock and try again."
            }
            Meaning::TenantUnknown => {
                "Microsoft knows no such tenant in this cloud. Check the directory (tenant) ID, and whether the tenant lives in another national cloud."
            }
            Meaning::CloudWrong => {
                "Microsoft Graph was not found for this tenant. Check the cloud of this connection: the tenant may live in another national cloud."
            }
            Meaning::FieldMissing => {
                "Something that the sign-in needs was empty or not well-formed. Check the directory (tenant) ID, the application (client) ID and the secret or certificate."
            }
            Meaning::ConsentMissing => {
                "The app is not known in this tenant. Have an administrator of the tenant grant consent, and check the application (client) ID."
            }
            Meaning::ConsentUnfinished => {
                "The app is in this tenant by half. Wait some minutes and try again; if it stays so, delete it under Enterprise applications and grant consent anew."
            }
            Meaning::ServiceMissing => {
                "A service that the app asks for is not enabled in this tenant. Have an administrator check the tenant's subscription to it, and whether the service is disabled under Enterprise applications."
            }
            Meaning::AppDisabled => {
                "The app is disabled in this tenant. Enable sign-in for it under Enterprise applications."
            }
            Meaning::AppSingleTenant => {
                "The app registration accepts only its own directory. Check the directory (tenant) ID, or let the registration support accounts in any organizational directory."
            }
            Meaning::RedirectWrong => {
                "The redirect address is not on the app registration. Add this installation's address there, exactly as it is, under Authentication."
            }
            Meaning::AccountUnknown => {
                "This account is not in the tenant. Sign in with an account of the tenant, or have it added as a guest."
            }
            Meaning::PasswordRefused => {
                "Microsoft does not accept the password, or has locked the account for now. Check the password, and have an administrator of the tenant reset it if it has ended."
            }
            Meaning::AccountDisabled => {
                "This account is disabled. Have an administrator of the tenant enable it, or sign in with another account."
            }
            Meaning::AccountNotAssigned => {
                "This account may not use the app. Have an administrator of the tenant assign it under Enterprise applications, or switch assignment off there."
            }
            Meaning::SignInAgain => {
                "Microsoft asks the person for more, or for a new sign-in. Sign in to Microsoft again and finish every step that it shows."
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

/// The meaning of an error of the login authority: by its number, or else by the OAuth error name.
pub(crate) fn of_sign_in(status: u16, error: &str, aadsts: Option<u32>) -> Meaning {
    if let Some(meaning) = aadsts.and_then(sign_in::of_code) {
        return meaning;
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
