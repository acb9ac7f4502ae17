//! What the numbers of the login authority (AADSTS…) mean.
//!
//! Source: "Microsoft Entra authentication & authorization error codes" (learn.microsoft.com,
//! entra/identity-platform/reference-error-codes), and Microsoft's look-up page for the numbers that it leaves
//! out. Microsoft calls the numbers unstable: they choose words, and a number that is not here falls back to the
//! OAuth error name. The description that comes with an error is never read.

use super::Meaning;

/// What a number means, where it is known.
pub(crate) fn of_code(code: u32) -> Option<Meaning> {
    let meaning =
        match code {
            70_002 | 7_000_215 => Meaning::SecretWrong,
            7_000_222 => Meaning::SecretExpired,
            50_012 | 50_013 | 700_021 | 700_027 | 700_030 => Meaning::CertificateWrong,
            1_000_502 => Meaning::CertificateExpired,
            7_000_216 | 7_000_218 => Meaning::ProofMissing,
            500_133 | 700_024 => Meaning::ClockWrong,
            50_059 | 90_002 | 90_019 | 900_021 | 900_023 | 9_001_023 => Meaning::TenantUnknown,
            28_002 | 50_001 | 70_011 | 90_038 | 500_011 | 700_022 | 700_023 | 900_382 | 900_432
            | 1_002_012 => Meaning::CloudWrong,
            90_013 | 90_014 | 900_144 | 9_002_313 => Meaning::FieldMissing,
            65_001 | 65_004 | 90_093 | 90_094 | 90_095 | 90_099 | 650_056 | 650_057 | 700_011 | 700_016
            | 7_000_229 => Meaning::ConsentMissing,
            650_051 => Meaning::ConsentUnfinished,
            500_014 | 650_052 => Meaning::ServiceMissing,
            70_001 | 7_000_112 => Meaning::AppDisabled,
            50_194 => Meaning::AppSingleTenant,
            50_011 | 500_112 | 500_113 | 900_971 => Meaning::RedirectWrong,
            50_005 | 50_131 | 53_000 | 53_001 | 53_002 | 53_003 | 53_004 | 53_011 | 530_031 | 530_032
            | 530_034 | 530_035 => Meaning::BlockedByPolicy,
            16_000 | 50_014 | 50_020 | 50_034 | 90_072 => Meaning::AccountUnknown,
            50_053 | 50_055 | 50_056 | 50_126 => Meaning::PasswordRefused,
            50_057 => Meaning::AccountDisabled,
            50_105 => Meaning::AccountNotAssigned,
            50_058 | 50_072 | 50_074 | 50_076 | 50_079 | 50_132 | 50_158 | 50_173 | 54_005 | 70_008
            | 700_082 => Meaning::SignInAgain,
            90_055 => Meaning::Throttled,
            50_000 | 50_196 | 90_006 | 90_012 | 90_024 | 90_033 => Meaning::ServiceUnavailable,
            _ => return None,
        };
    Some(meaning)
}

/// Microsoft's own page about a number.
pub(crate) fn look_up(code: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_mistyped_the_tenant_is_told_that_it_is_the_tenant_id() {
        for code in [90_002, 900_023, 900_021, 50_059, 9_001_023] {
            let sentence = of_code(code).unwrap().sentence();
            assert!(sentence.contains("(tenant) ID"), "{code}: {sentence}");
        }
    }

    #[test]
    fn every_number_that_people_meet_names_what_to_correct() {
        for (codes, named) in [
            (&[7_000_215, 7_000_222][..], "client secret"),
            (&[50_012, 700_027, 700_030, 1_000_502], "certificate"),
            (&[7_000_216, 7_000_218], "client secret or a certificate"),
            (&[700_024, 500_133], "clock"),
            (&[700_016, 700_011, 65_001, 650_056, 90_094, 7_000_229], "application (client) ID"),
            (&[7_000_112, 70_001], "Enterprise applications"),
            (&[500_011, 50_001, 70_011, 1_002_012, 90_038, 900_382], "cloud"),
            (&[90_013, 90_014, 900_144], "application (client) ID"),
            (&[53_003, 530_032, 530_035], "Conditional Access"),
            (&[50_011, 500_113], "redirect address"),
            (&[650_051], "Enterprise applications"),
            (&[650_052], "subscription"),
            (&[50_034, 50_020], "account"),
            (&[50_126], "password"),
            (&[50_057, 50_105], "account"),
            (&[50_058, 50_079], "Sign in"),
            (&[90_033, 50_196], "tried again"),
            (&[90_055], "limiting"),
        ] {
            for code in codes {
                let sentence = of_code(*code).unwrap_or(Meaning::Other).sentence();
                assert!(sentence.contains(named), "{code} does not name “{named}”: {sentence}");
            }
        }
        assert_eq!(of_code(999_999), None);
    }
}
