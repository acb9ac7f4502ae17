//! Someone or something at a glance: two letters, or an icon, and a name beside it.

use super::{Icon, Size};
use leptos::prelude::*;

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | '@'));
    let first = words.by_ref().find_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let last = words.rev().find_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    first.into_iter().chain(last).flat_map(char::to_uppercase).take(2).collect()
}

#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    /// Instead of letters.
    #[prop(optional_no_strip)]
    icon: Option<&'static str>,
    /// People are round.
    #[prop(optional)]
    round: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let class = match (round, large) {
        (false, false) => "avatar",
        (true, false) => "avatar round",
        (false, true) => "avatar l",
        (true, true) => "avatar round l",
    };
    let inside = match icon {
        Some(name) => view! { <Icon name size=if large { Size::Large } else { Size::Small }/> }.into_any(),
        None => initials(&name).into_any(),
    };
    view! { <span class=class aria-hidden="true">{inside}</span> }
}

/// An avatar, a name, and a line under it.
#[component]
pub fn Who(
    #[prop(into)] name: String,
    #[prop(optional, into)] detail: String,
    #[prop(optional_no_strip)] icon: Option<&'static str>,
    #[prop(optional)] round: bool,
) -> impl IntoView {
    view! {
        <span class="who">
            <Avatar name=name.clone() icon round/>
            <span>
                <b>{name}</b>
                {(!detail.is_empty()).then(|| view! { <small>{detail}</small> })}
            </span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn two_letters_of_any_name() {
        for (name, letters) in [
            ("Maya Okafor", "MO"),
            ("Jürgen van der Böhm", "JB"),
            ("svc-sync-02", "S0"),
            ("山田", "山"),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
