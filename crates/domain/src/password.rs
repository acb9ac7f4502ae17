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
    #[error(
        "Use at least {LENGTH_MIN} characters; this has {0}. A few unrelated words are easy to remember."
    )]
    TooShort(usize),
    #[error("Use at most {LENGTH_MAX} characters; this has {0}.")]
    TooLong(usize),
    #[error("This is one character over and over. Use a few unrelated words instead.")]
    OneCharacter,
    #[error("Choose something other than your name, your e-mail or your organization, which others know.")]
    Own,
}

/// Checks a new password. It is taken as typed: spaces count, also in front and behind. `own` is what others know
/// of the person: e-mail, name, organization.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(password: &str, own: &[&str]) -> Result<(), PasswordProblem> {
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
    if own.iter().any(|own| is_made_of(password, own)) {
        return Err(PasswordProblem::Own);
    }
    Ok(())
}

/// Whether the password's letters are those of `own`, once or several times, whatever digits and signs stand
/// between and around them: the whole of it, an address up to its at sign, or a name with its words turned about.
fn is_made_of(password: &str, own: &str) -> bool {
    let password = letters(password);
    let local = own.split('@').next().unwrap_or(own);
    let turned: String = own.split_whitespace().rev().collect();
    [own, local, &turned].into_iter().map(letters).any(|own| is_repetition(&password, &own))
}

fn is_repetition(text: &str, of: &str) -> bool {
    !text.is_empty() && !of.is_empty() && text.replace(of, "").is_empty()
}

fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphabetic()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: [&str; 3] = ["maximiliane.boehm@contoso.example", "Maximiliane Böhm", "Contoso"];

    fn says(password: &str) -> Result<(), PasswordProblem> {
        check(password, &OWN)
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
        for fine in ["correct horse battery", "            x", "824193650718", "aaaaaaaaaaab"] {
            assert_eq!(says(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn one_character_over_and_over_is_refused() {
        for run in ["aaaaaaaaaaaa", "            ", "ßßßßßßßßßßßßßß"] {
            assert_eq!(says(run), Err(PasswordProblem::OneCharacter), "{run}");
        }
    }

    #[test]
    fn what_others_know_is_refused_however_it_is_written() {
        for own in [
            "maximiliane.boehm@contoso.example",
            "MAXIMILIANE.BOEHM@contoso.example",
            "maximiliane.boehm",
            "Maximiliane Böhm",
            "maximilianebohm",
            "Böhm, Maximiliane",
            "BÖHM-MAXIMILIANE",
            "Maximiliane Böhm 1987!",
            "ContosoContoso",
            "1Contoso2026!",
        ] {
            assert_eq!(says(own), Err(PasswordProblem::Own), "{own}");
        }
        for fine in ["Maximiliane Böhm rides", "Contoso lanterns", "boehm and boehm"] {
            assert_eq!(says(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn what_is_unknown_forbids_nothing() {
        assert_eq!(check("correct horse battery", &[]), Ok(()));
        assert_eq!(check("824193650718", &["", "@", "-", "12"]), Ok(()));
    }

    #[test]
    fn messages_say_what_to_do_and_keep_the_secret() {
        assert_eq!(
            says("short").unwrap_err().to_string(),
            "Use at least 12 characters; this has 5. A few unrelated words are easy to remember."
        );
        assert!(!says("maximilianebohm").unwrap_err().to_string().contains("maxi"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fall_over(password in ".{0,140}", own in ".{0,40}") {
            if check(&password, &[&own]).is_ok() {
                prop_assert!((LENGTH_MIN..=LENGTH_MAX).contains(&password.chars().count()));
                prop_assert!(letters(&own).is_empty() || letters(&password) != letters(&own));
            }
        }
    }
}
