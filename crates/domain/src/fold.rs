//! How names are folded and cut into words for search. One function of ours for both databases, so
//! that they answer alike.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without diacritics; what two spellings of one name have in common.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'ß' => 's',
            'ø' => 'o',
            'ł' => 'l',
            'đ' => 'd',
            'ı' => 'i',
            'æ' => 'a',
            other => other,
        })
        .collect()
}

/// Scripts written without spaces, which are searched by pieces of two characters.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// The folded words of `text`, each once, in order of appearance.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut out: Vec<String> = Vec::new();
    let mut push = |w: String| {
        if !w.is_empty() && !out.contains(&w) {
            out.push(w);
        }
    };
    for run in folded.split(|c: char| !c.is_alphanumeric()) {
        let mut plain = String::new();
        let mut unspaced: Vec<char> = Vec::new();
        for c in run.chars() {
            if is_unspaced(c) {
                push(std::mem::take(&mut plain));
                unspaced.push(c);
            } else {
                plain.push(c);
            }
        }
        push(plain);
        match unspaced.len() {
            0 => {}
            1 => push(unspaced.iter().collect()),
            _ => unspaced.windows(2).for_each(|pair| push(pair.iter().collect())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_and_diacritics() {
        assert_eq!(fold("Jürgen BÖHM"), "jurgen bohm");
        assert_eq!(fold("Nguyễn Đặng"), "nguyen dang");
    }

    #[test]
    fn words_are_cut_at_anything_that_is_no_letter_or_digit() {
        assert_eq!(words("maya.okafor@contoso.example Maya"), ["maya", "okafor", "contoso", "example"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(words("田中太郎"), ["田中", "中太", "太郎"]);
    }
}
