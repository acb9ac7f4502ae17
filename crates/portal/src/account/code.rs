//! Codes: those of an authenticator app, and those for the day when it is lost.

use domain::account::{QrPicture, SecondFactorSetUp};
use qrcodegen::{QrCode, QrCodeEcc};
use rand::RngCore;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::{Error, Result};

/// As long as the hash is, which is what authenticator apps expect.
const SECRET: usize = 20;
/// A code is good for half a minute, and for the half minutes before and after it: clocks differ.
const STEP: u64 = 30;
const SKEW: u16 = 1;
const RECOVERY_CODES: usize = 10;
/// 50 bits: beyond guessing online, and the stored hash is keyed.
const RECOVERY_LETTERS: usize = 10;
/// Without letters that look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// White around the picture, without which readers do not find it.
const QUIET: i32 = 4;

/// What somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Six figures.
    App(String),
    Recovery(String),
}

impl Typed {
    /// None for what cannot be either.
    pub(super) fn read(text: &str) -> Option<Typed> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Typed::App(plain));
        }
        let letters: String = plain
            .to_lowercase()
            .chars()
            .map(|c| match c {
                'o' => '0',
                'i' | 'l' => '1',
                c => c,
            })
            .collect();
        let whole = letters.len() == RECOVERY_LETTERS && letters.bytes().all(|b| ALPHABET.contains(&b));
        whole.then_some(Typed::Recovery(letters))
    }
}

pub(super) fn new_secret() -> Vec<u8> {
    let mut secret = vec![0; SECRET];
    rand::rng().fill_bytes(&mut secret);
    secret
}

/// Codes as they are stored; [`spaced`] is how they are shown.
pub(super) fn new_recovery_codes() -> Vec<String> {
    let mut random = [0; RECOVERY_LETTERS];
    let mut code = || {
        rand::rng().fill_bytes(&mut random);
        random.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

pub(super) fn spaced(code: &str) -> String {
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first}-{second}")
}

fn totp(secret: &[u8], email: &str, issuer: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP)
        .with_skew(SKEW)
        // A colon would end either name.
        .with_account_name(email.replace(':', "."))
        .with_issuer(Some(issuer.replace(':', ".")))
        .build()
        .map_err(|_| Error::Hashing)
}

/// Of which half minute the code is.
pub(super) fn step_of(secret: &[u8], code: &str, seconds: i64) -> Result<Option<i64>> {
    let seconds = u64::try_from(seconds).unwrap_or_default();
    let step = totp(secret, "-", "-")?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// What an authenticator app is given; it shows the code under the issuer's name.
pub(super) fn set_up(secret: &[u8], email: &str, issuer: &str) -> Result<SecondFactorSetUp> {
    let totp = totp(secret, email, issuer)?;
    let uri = totp.to_url().map_err(|_| Error::Hashing)?;
    let letters = totp.secret().to_base32();
    let groups: Vec<&str> =
        letters.as_bytes().chunks(4).filter_map(|g| std::str::from_utf8(g).ok()).collect();
    Ok(SecondFactorSetUp { secret: groups.join(" "), picture: picture(&uri)?, uri })
}

fn picture(text: &str) -> Result<QrPicture> {
    use std::fmt::Write;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Error::Hashing)?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let from = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let (left, top, wide) = (from + QUIET, y + QUIET, x - from);
                let _ = write!(path, "M{left} {top}h{wide}v1h-{wide}z");
            }
            x += 1;
        }
    }
    Ok(QrPicture { size: code.size() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1, the last six of eight figures.
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(step_of(secret, code, seconds).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(secret, code, seconds + 30).unwrap(), Some(seconds / 30), "a slow clock");
            assert_eq!(step_of(secret, code, seconds - 30).unwrap(), Some(seconds / 30), "a fast clock");
            assert_eq!(step_of(secret, code, seconds + 90).unwrap(), None, "too late");
        }
    }

    #[test]
    fn what_is_typed_is_read_leniently() {
        assert_eq!(Typed::read(" 287 082 "), Some(Typed::App("287082".into())));
        assert_eq!(Typed::read("ABCDE-0O1lI"), Some(Typed::Recovery("abcde00111".into())));
        for bad in ["", "12345", "1234567", "abcde-fgh", "abcde-fghij-k", "äbcde-fghij", "uuuuu-uuuuu"] {
            assert_eq!(Typed::read(bad), None, "{bad}");
        }
        for code in new_recovery_codes() {
            assert_eq!(Typed::read(&spaced(&code)), Some(Typed::Recovery(code)));
        }
    }

    #[test]
    fn the_picture_and_the_letters_say_the_same() {
        let shown = set_up(b"12345678901234567890", "ada@contoso.example", "North: IT").unwrap();
        let letters = shown.secret.replace(' ', "");
        assert_eq!(letters, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(shown.uri.starts_with("otpauth://totp/North.%20IT:ada%40contoso"), "{}", shown.uri);
        assert!(shown.uri.contains(&letters));
        // The corner that every reader looks for: seven dark squares after the quiet zone.
        assert!(shown.picture.path.starts_with("M4 4h7v1h-7z"), "{}", &shown.picture.path[..20]);
    }
}
