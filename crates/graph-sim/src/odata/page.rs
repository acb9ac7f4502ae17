//! Opaque page and delta tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::state::hash;

/// What stands behind it in a token is the fault rules' affair.
pub(crate) const BEHIND: char = '~';

/// Seals fields into a token; what it says is nobody's business but this service's.
pub(crate) fn seal(fields: &[&str]) -> String {
    let text = fields.join("|");
    let check = hash::key("token", &text) as u32;
    let masked: Vec<u8> = check
        .to_le_bytes()
        .into_iter()
        .chain(text.bytes().enumerate().map(|(i, b)| b ^ mask(check, i)))
        .collect();
    URL_SAFE_NO_PAD.encode(masked)
}

/// Opens a token, or nothing when it is not one of ours.
pub(crate) fn open(token: &str) -> Option<Vec<String>> {
    let token = token.split(BEHIND).next()?;
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (check, masked) = bytes.split_first_chunk::<4>()?;
    let check = u32::from_le_bytes(*check);
    let text: Vec<u8> = masked.iter().enumerate().map(|(i, b)| b ^ mask(check, i)).collect();
    let text = String::from_utf8(text).ok()?;
    (hash::key("token", &text) as u32 == check).then(|| text.split('|').map(str::to_owned).collect())
}

fn mask(check: u32, i: usize) -> u8 {
    (check.rotate_left(i as u32 * 7) as u8).wrapping_add(i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_open_only_untouched() {
        let token = seal(&["users", "12", "id,displayName"]);
        assert_eq!(open(&token).map(|f| f.join(";")).as_deref(), Some("users;12;id,displayName"));
        assert_eq!(open(&format!("{token}{BEHIND}3")), open(&token));
        assert!(open(&token[1..]).is_none());
        assert!(open("nonsense").is_none());
    }
}
