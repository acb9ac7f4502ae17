//! Numbers as people read them.

use leptos::prelude::*;

/// `1234567` as `1,234,567`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 change`, `1,200 changes`.
pub fn plural(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A number in figures of one width.
#[component]
pub fn Num(of: i64) -> impl IntoView {
    view! { <span class="num">{grouped(of)}</span> }
}

#[cfg(test)]
mod tests {
    use super::{grouped, plural};

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_482, "12,482"), (-1_234_567, "−1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(plural(1, "change", "changes"), "1 change");
        assert_eq!(plural(2_000, "change", "changes"), "2,000 changes");
    }
}
