//! What may be entered.

use secrecy::{ExposeSecret, SecretString};

use crate::{Error, Result};

/// Characters, not bytes.
pub(crate) const PASSWORD: std::ops::RangeInclusive<usize> = 12..=128;
const NAME: usize = domain::partner::LINE;
/// The longest address that mail can be sent to.
const EMAIL: usize = 254;

/// The commonest passwords' words, folded. A password of twelve characters that is common is one of these
/// with digits and punctuation, or one of these twice.
static COMMON: &str = include_str!("common_passwords.txt");

/// A short text on one line, without the spaces around it.
pub(crate) fn line(field: &'static str, what: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, format!("Enter {what}.")));
    }
    if text.chars().count() > NAME {
        return Err(Error::invalid(field, format!("Use at most {NAME} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "Use one line of plain text."));
    }
    Ok(text.to_owned())
}

/// A text of some lines.
pub(crate) fn lines(field: &'static str, text: &str) -> Result<String> {
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(odd) {
        return Err(Error::invalid(field, "Use plain text."));
    }
    Ok(text.to_owned())
}

pub(crate) fn email(text: &str) -> Result<String> {
    let text = store::accounts::fold_email(text);
    let plausible = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !host.starts_with('.')
            && !host.ends_with('.')
    }) && text.chars().count() <= EMAIL
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if plausible {
        Ok(text)
    } else {
        Err(Error::invalid("email", "Enter a whole e-mail address, such as ada@contoso.com."))
    }
}

/// Length counts, oddity does not; what everybody guesses first is refused.
pub(crate) fn password(password: &SecretString, own: &[&str]) -> Result<()> {
    let text = password.expose_secret();
    let refuse = |message: &str| Err(Error::invalid("password", message));
    let length = text.chars().count();
    if length < *PASSWORD.start() {
        return refuse("Use at least 12 characters. A few unrelated words are easy to remember.");
    }
    if length > *PASSWORD.end() {
        return refuse("Use at most 128 characters.");
    }
    if own.iter().any(|own| is_made_of(text, own)) {
        return refuse("Choose something other than your name, your e-mail or your organization.");
    }
    if is_common(text) {
        return refuse("This is among the first passwords that anybody would guess. Choose another one.");
    }
    Ok(())
}

fn letters(text: &str) -> String {
    domain::fold::fold(text).chars().filter(|c| c.is_alphabetic()).collect()
}

/// The letters are `own`'s, or the part of `own` before the at sign, whatever stands between and around them.
fn is_made_of(text: &str, own: &str) -> bool {
    let text = letters(text);
    let name = own.split('@').next().unwrap_or(own);
    [own, name].into_iter().map(letters).any(|own| !own.is_empty() && is_repetition(&text, &own))
}

fn is_repetition(text: &str, of: &str) -> bool {
    !text.is_empty() && text.len().is_multiple_of(of.len()) && text == of.repeat(text.len() / of.len())
}

fn is_common(text: &str) -> bool {
    let folded = domain::fold::fold(text);
    let distinct = folded.chars().collect::<std::collections::HashSet<_>>().len();
    if distinct < 5 || is_run(&folded) {
        return true;
    }
    let stem: String = unleet(&folded).chars().filter(|c| c.is_alphabetic()).collect();
    let plain = letters(text);
    plain.is_empty()
        || COMMON
            .lines()
            .filter(|word| !word.is_empty())
            .any(|word| is_repetition(&plain, word) || is_repetition(&stem, word))
}

/// Digits and signs that stand for letters, as letters. Those at the end are numbers rather than letters.
fn unleet(folded: &str) -> String {
    folded
        .trim_end_matches(|c: char| !c.is_alphabetic())
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// `abcdefghijkl`, `987654321098`, `qwertyuiopas`: neighbours all the way, in the alphabet or on the keyboard.
fn is_run(folded: &str) -> bool {
    const ROWS: [&str; 4] = [
        "01234567890123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    ];
    ROWS.iter().any(|row| row.contains(folded) || row.chars().rev().collect::<String>().contains(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> bool {
        password(&SecretString::from(text), &["ada.osei@contoso.example", "Ada Osei", "Contoso"]).is_ok()
    }

    #[test]
    fn takes_what_is_long_and_unlikely() {
        for good in [
            "correct horse battery staple",
            "Tr0ub4dor&3-9f",
            "ελιά κυπαρίσσι βράχος",
            "zugspitze-lanterns",
            "9f8e7d6c5b4a1z",
        ] {
            assert!(verdict(good), "{good}");
        }
        assert!(verdict(&"vb kd wfg ".repeat(12)));
    }

    #[test]
    fn refuses_what_is_short_or_guessed_first() {
        for bad in [
            "short",
            "elevenchars",
            "password1234",
            "Password!2026",
            "P@ssw0rdP@ssw0rd",
            "passwordpassword",
            "Welcome12345!",
            "qwertyuiopas",
            "123456789012",
            "987654321098",
            "111111111111",
            "abababababab",
            "Holdfast2026!",
            "iloveyou12345",
            "1qaz2wsx3edc",
            "adaosei12345",
            "ADA.OSEI@contoso.example",
            "ContosoContoso1",
            "Summer202620262026",
        ] {
            assert!(!verdict(bad), "{bad}");
        }
        assert!(!verdict(&"vb kd wfg ".repeat(13)));
    }

    #[test]
    fn addresses_are_folded_and_plausible() {
        assert_eq!(email(" Ada@Contoso.Example ").unwrap(), "ada@contoso.example");
        for bad in ["", "ada", "@b", "a@", "a b@c", "a@b@c", "a@.c", "a@b\n.c"] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lines_are_one_line() {
        assert_eq!(line("name", "your name", "  Ada  ").unwrap(), "Ada");
        assert!(line("name", "your name", " ").is_err());
        assert!(line("name", "your name", "a\nb").is_err());
    }
}
