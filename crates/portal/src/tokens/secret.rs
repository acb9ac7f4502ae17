//! How a token is spelled: `hf_`, 32 random letters and digits, and 6 that check them. A scanner of leaked secrets
//! tells a token from noise by it, and a mistyped one is refused without asking the database.

use rand::Rng;

const PREFIX: &str = "hf_";
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^32 is more than 190 bits.
const RANDOM: usize = 32;
/// 62^6 is more than 32 bits.
const CHECK: usize = 6;
/// What a list shows of it.
const HINT: usize = PREFIX.len() + 4;

/// A new one.
pub(super) fn random() -> String {
    let mut rng = rand::rng();
    let body: String = (0..RANDOM).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect();
    let check = check(&body);
    format!("{PREFIX}{body}{check}")
}

/// How it begins.
pub(super) fn hint(secret: &str) -> &str {
    secret.get(..HINT).unwrap_or(secret)
}

/// Whether it is one at all, whole and rightly typed.
pub(super) fn is_whole(text: &str) -> bool {
    let Some(body) = text.strip_prefix(PREFIX).filter(|body| body.len() == RANDOM + CHECK && body.is_ascii())
    else {
        return false;
    };
    let (random, typed) = body.split_at(RANDOM);
    body.bytes().all(|b| LETTERS.contains(&b)) && check(random) == typed
}

fn check(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = LETTERS[(rest % 62) as usize];
        rest /= 62;
    }
    String::from_utf8_lossy(&digits).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_one_is_whole_and_no_slip_of_the_hand_is() {
        let secret = random();
        assert_eq!(secret.len(), 41);
        assert!(is_whole(&secret), "{secret}");
        assert_ne!(secret, random());
        assert!(secret.starts_with(hint(&secret)) && hint(&secret).len() == 7);
        for at in 0..secret.len() {
            let mut typed = secret.clone().into_bytes();
            typed[at] = if typed[at] == b'x' { b'y' } else { b'x' };
            let typed = String::from_utf8(typed).unwrap();
            assert!(!is_whole(&typed), "{typed}");
            assert!(!is_whole(&secret[..at]));
        }
        for other in ["", "hf_", &format!("{secret}0"), &format!("ghp_{}", &secret[3..]), &"ä".repeat(20)] {
            assert!(!is_whole(other), "{other}");
        }
    }

    /// Spelled out, so that tokens that are out in the world stay good.
    #[test]
    fn the_check_is_crc_32_in_base_62() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        assert_eq!(check("123456789"), "3jZRME");
    }
}
