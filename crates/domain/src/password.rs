//! What a new password must be. Browser and server both ask here; whether it is on the list of breached
//! passwords only the server can tell. There are no rules on capitals, digits or signs: they make passwords
//! harder to remember and no harder to guess.

use thiserror::Error;

use crate::fold::fold;

/// In characters.
pub const LENGTH_MIN: usize = 12;
pub const LENGTH_MAX: usize = 128;

/// Why a password is refused. Each message is fit to show beside the field and never repeats the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordProblem {
    #[error("Use at least {LENGTH_MIN} characters. This has {0}. A few words in a row are easy to remember.")]
    TooShort(usize),
    #[error("Use at most {LENGTH_MAX} characters. This has {0}.")]
    TooLong(usize),
    #[error("This is one character over and over. Use a few words in a row instead.")]
    OneCharacter,
    #[error("This is your e-mail address, which others know. Use something else.")]
    Email,
    #[error("This is your name, which others know. Use something else.")]
    Name,
}

/// Checks a new password. It is taken as typed: spaces count, also in front and behind.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(password: &str, email: &str, name: &str) -> Result<(), PasswordProblem> {
    let length = password.chars().count();
    if length < LENGTH_MIN {
        return Err(PasswordProblem::TooShort(length));
    }
    if length > LENGTH_MAX {
        return Err(PasswordProblem::TooLong(length));
    }
    let mut characters = password.chars();
    let first = characters.next();
    if characters.all(|c| Some(c) == first) {
        return Err(PasswordProblem::OneCharacter);
    }
    if same(password, email) || email.split_once('@').is_some_and(|(local, _)| same(password, local)) {
        return Err(PasswordProblem::Email);
    }
    let turned = name.split_whitespace().rev().collect::<Vec<_>>().join(" ");
    if same(password, name) || same(password, &turned) {
        return Err(PasswordProblem::Name);
    }
    Ok(())
}

/// Whether two texts have the same letters and digits, whatever their case, accents, spaces and signs. Nothing is
/// the same as a text without any.
fn same(left: &str, right: &str) -> bool {
    let core = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let right = core(right);
    !right.is_empty() && core(left) == right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(password: &str) -> Result<(), PasswordProblem> {
        check(password, "maximiliane.boehm@contoso.example", "Maximiliane Böhm")
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(says("elevenchars"), Err(PasswordProblem::TooShort(11)));
        assert_eq!(says("twelve chars"), Ok(()));
        assert_eq!(says("犬猫鳥魚牛馬羊豚鶏鼠虎兎"), Ok(()), "twelve characters, more bytes");
        assert_eq!(says(&"ab".repeat(64)), Ok(()));
        assert_eq!(says(&"ab".repeat(65)), Err(PasswordProblem::TooLong(130)));
        assert_eq!(says(""), Err(PasswordProblem::TooShort(0)));
    }

    #[test]
    fn nothing_is_asked_about_capitals_digits_or_signs() {
        for fine in ["correct horse battery", "            x", "123456789012", "aaaaaaaaaaab"] {
            assert_eq!(says(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn one_character_over_and_over_is_refused() {
        assert_eq!(says("aaaaaaaaaaaa"), Err(PasswordProblem::OneCharacter));
        assert_eq!(says("            "), Err(PasswordProblem::OneCharacter));
    }

    #[test]
    fn the_email_and_the_name_are_refused_however_they_are_written() {
        for email in [
            "maximiliane.boehm@contoso.example",
            "MAXIMILIANE.BOEHM@contoso.example",
            "maximiliane.boehm",
            "Maximiliane Boehm",
        ] {
            assert_eq!(says(email), Err(PasswordProblem::Email), "{email}");
        }
        for name in ["Maximiliane Böhm", "maximilianebohm", "Böhm, Maximiliane", "BÖHM-MAXIMILIANE"] {
            assert_eq!(says(name), Err(PasswordProblem::Name), "{name}");
        }
        assert_eq!(says("Maximiliane Böhm rides"), Ok(()));
    }

    #[test]
    fn an_empty_name_or_email_forbids_nothing() {
        assert_eq!(check("!!!!!!!!!!!?", "", ""), Ok(()));
        assert_eq!(check("!!!!!!!!!!!?", "!@!", "-"), Ok(()));
    }

    #[test]
    fn messages_say_what_to_do_and_keep_the_secret() {
        assert_eq!(
            says("short").unwrap_err().to_string(),
            "Use at least 12 characters. This has 5. A few words in a row are easy to remember."
        );
        assert!(!says("maximilianebohm").unwrap_err().to_string().contains("maxi"));
    }
}
