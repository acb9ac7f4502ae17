//! Countries as ISO 3166-1 names them.

mod table;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use table::COUNTRIES;

/// A country or territory of ISO 3166-1. Written as its alpha-2 code ("DE") wherever it is kept or sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub struct Country(u8);

/// A code that names no country.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("“{0}” is not a country code. Choose a country from the list.")]
pub struct UnknownCountry(pub String);

impl Country {
    /// The country with this alpha-2 code, in capitals or not.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Country> {
        let at = COUNTRIES.iter().position(|(known, _)| known.eq_ignore_ascii_case(code))?;
        u8::try_from(at).ok().map(Country)
    }

    /// Every country, in the order of the English names.
    pub fn all() -> impl Iterator<Item = Country> {
        (0u8..).take(COUNTRIES.len()).map(Country)
    }

    /// Two capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The English short name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> &'static (&'static str, &'static str) {
        // A `Country` is only made from a place in the table.
        &COUNTRIES[usize::from(self.0)]
    }
}

impl From<Country> for &'static str {
    fn from(country: Country) -> &'static str {
        country.code()
    }
}

impl TryFrom<String> for Country {
    type Error = UnknownCountry;

    fn try_from(code: String) -> Result<Country, UnknownCountry> {
        Country::from_code(&code).ok_or(UnknownCountry(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn the_standard_has_249_codes_and_each_finds_itself() {
        assert_eq!(Country::all().count(), 249);
        for country in Country::all() {
            assert_eq!(Country::from_code(country.code()), Some(country));
            assert!(country.code().len() == 2 && country.code().bytes().all(|b| b.is_ascii_uppercase()));
        }
    }

    #[test]
    fn names_stand_in_the_order_in_which_people_look_for_them() {
        let names: Vec<String> = Country::all().map(|c| fold(c.name()).replace('’', "'")).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn codes_are_read_in_any_case() {
        assert_eq!(Country::from_code("us").map(Country::name), Some("United States"));
        assert_eq!(Country::from_code("DE").map(Country::name), Some("Germany"));
        for wrong in ["", "XX", "UK", "USA"] {
            assert_eq!(Country::from_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_country_travels_as_its_code() {
        let japan = Country::from_code("JP").unwrap();
        assert_eq!(serde_json::to_string(&japan).unwrap(), "\"JP\"");
        assert_eq!(serde_json::from_str::<Country>("\"JP\"").unwrap(), japan);
        assert!(serde_json::from_str::<Country>("\"ZZ\"").is_err());
    }
}
