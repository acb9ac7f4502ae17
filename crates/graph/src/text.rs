//! JSON text that is not quite text.

/// Replaces each half of a surrogate pair that stands alone (`\ud83d` without its other half) by U+FFFD.
///
/// Graph cuts names by UTF-16 units, in the middle of an emoji if need be. JSON allows such text, Rust's strings do
/// not: without this, one name would make a whole page unreadable.
/// Source: <https://github.com/microsoftgraph/microsoft-graph-explorer-v4/issues/2756>.
pub(crate) fn mend_surrogates(json: &mut [u8]) {
    let mut at = 0;
    while let Some(step) = json.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\\')) {
        at += step;
        match unit(json, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(json, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                json[at..at + 6].copy_from_slice(b"\\ufffd");
                at += 6;
            }
            // Past the escaped character, which may be a backslash itself.
            _ => at += 2,
        }
    }
}

/// The code unit of a `\uXXXX` at `at`.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let escape = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        mend_surrogates(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_name_cut_in_the_middle_of_an_emoji_is_kept_as_far_as_it_goes() {
        assert_eq!(mended(r#"{"displayName":"Kim \ud83d"}"#), r#"{"displayName":"Kim \ufffd"}"#);
        assert_eq!(mended(r#""\uDE00 Kim""#), r#""\ufffd Kim""#);
        assert_eq!(mended(r#""\ud83d\ud83d\ude00""#), r#""\ufffd\ud83d\ude00""#);
    }

    #[test]
    fn what_is_whole_stays() {
        for text in [r#""\ud83d\ude00""#, r#""C:\\ud83d""#, r#""\u00e9 \n""#, r#""\"#, r#""\ud8"#, "{}"] {
            assert_eq!(mended(text), text);
        }
    }
}
