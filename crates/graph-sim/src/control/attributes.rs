//! Values for random changes: something that every restorable attribute may become.

use rand::Rng;
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

/// What a restore can put back on a user.
pub(super) const USER: &[&str] = &[
    "displayName",
    "givenName",
    "surname",
    "jobTitle",
    "department",
    "companyName",
    "officeLocation",
    "employeeId",
    "employeeType",
    "employeeHireDate",
    "employeeLeaveDateTime",
    "employeeOrgData",
    "streetAddress",
    "city",
    "state",
    "postalCode",
    "country",
    "faxNumber",
    "preferredLanguage",
    "preferredDataLocation",
    "ageGroup",
    "consentProvidedForMinor",
    "passwordPolicies",
    "usageLocation",
    "userType",
    "mailNickname",
    "mail",
    "onPremisesExtensionAttributes",
    "accountEnabled",
    "businessPhones",
    "mobilePhone",
    "otherMails",
    "userPrincipalName",
    "onPremisesImmutableId",
];
/// On a group; from `theme` on only where the kind has them.
pub(super) const GROUP: &[&str] = &[
    "displayName",
    "description",
    "mailNickname",
    "classification",
    "preferredLanguage",
    "preferredDataLocation",
    "visibility",
    "securityEnabled",
    "theme",
    "groupTypes",
    "membershipRule",
    "membershipRuleProcessingState",
];
/// On an administrative unit.
pub(super) const UNIT: &[&str] = &[
    "displayName",
    "description",
    "visibility",
    "membershipType",
    "membershipRule",
    "membershipRuleProcessingState",
];
/// On a custom role definition.
pub(super) const ROLE: &[&str] = &["displayName", "description", "isEnabled", "rolePermissions"];

/// Attributes that may also be emptied.
const CLEARABLE: &[&str] = &[
    "givenName",
    "surname",
    "jobTitle",
    "department",
    "companyName",
    "officeLocation",
    "employeeId",
    "employeeType",
    "employeeHireDate",
    "employeeLeaveDateTime",
    "streetAddress",
    "city",
    "state",
    "postalCode",
    "country",
    "faxNumber",
    "preferredLanguage",
    "preferredDataLocation",
    "ageGroup",
    "consentProvidedForMinor",
    "passwordPolicies",
    "mobilePhone",
    "description",
    "classification",
    "theme",
];

fn one_of(rng: &mut Pcg64Mcg, values: &[&str]) -> Value {
    json!(values[rng.random_range(0..values.len())])
}

/// A new value for an attribute; `now` is what it has.
pub(super) fn value(rng: &mut Pcg64Mcg, attribute: &str, now: &Value) -> Value {
    if !now.is_null() && CLEARABLE.contains(&attribute) && rng.random_ratio(1, 4) {
        return Value::Null;
    }
    let n = rng.random_range(10_000..99_999u32);
    match attribute {
        "displayName" => json!(format!("Renamed Čapek {n}")),
        "employeeId" => json!(format!("E{n}")),
        "employeeType" => one_of(rng, &["Employee", "Contractor", "Intern", "Vendor"]),
        "employeeHireDate" | "employeeLeaveDateTime" => {
            json!(format!("20{}-0{}-1{}T00:00:00Z", 20 + n % 9, 1 + n % 9, n % 10))
        }
        "employeeOrgData" => {
            json!({"division": format!("Division {}", n % 50), "costCenter": format!("CC-{n}")})
        }
        "preferredLanguage" => one_of(rng, &["en-US", "de-DE", "fr-FR", "ja-JP", "pl-PL", "sv-SE"]),
        "preferredDataLocation" => one_of(rng, &["EUR", "NAM", "APC", "JPN"]),
        "ageGroup" => one_of(rng, &["Minor", "NotAdult", "Adult"]),
        "consentProvidedForMinor" => one_of(rng, &["Granted", "Denied", "NotRequired"]),
        "passwordPolicies" => one_of(
            rng,
            &[
                "DisablePasswordExpiration",
                "DisableStrongPassword",
                "DisablePasswordExpiration, DisableStrongPassword",
            ],
        ),
        "usageLocation" => one_of(rng, &["US", "DE", "FR", "PL", "JP", "IN", "NO"]),
        "userType" => json!(if now == "Guest" { "Member" } else { "Guest" }),
        "accountEnabled" | "isEnabled" => json!(now != &json!(true)),
        "mailNickname" => json!(format!("nick{n}{}", rng.random_range(0..1000))),
        "mail" => json!(format!("mail{n}.{}@contoso.example", rng.random_range(0..1000))),
        "userPrincipalName" => json!(format!("renamed{n}.{}@contoso.example", rng.random_range(0..1000))),
        "onPremisesImmutableId" => json!(format!("aW1tdXRhYmxl{n}==")),
        "onPremisesExtensionAttributes" => {
            json!({(format!("extensionAttribute{}", 1 + n % 15)): if n % 5 == 0 { Value::Null } else { json!(format!("value {n}")) }})
        }
        "businessPhones" if n % 4 == 0 => json!([]),
        "businessPhones" => json!([format!("+47 {n}")]),
        "otherMails" if n % 4 == 0 => json!([]),
        "otherMails" => json!([format!("other{n}@mail.example"), format!("second{n}@mail.example")]),
        "theme" => one_of(rng, &["Teal", "Purple", "Green", "Blue", "Pink", "Orange", "Red"]),
        "membershipRuleProcessingState" => json!(if now == "Paused" { "On" } else { "Paused" }),
        "rolePermissions" => json!([{"allowedResourceActions": [
            "microsoft.directory/groups/standard/read",
            format!("microsoft.directory/groups/members{}/update", n % 9),
        ]}]),
        other => json!(format!("{other} – ñ {n}")),
    }
}
