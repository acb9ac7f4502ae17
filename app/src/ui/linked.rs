//! A sentence that ends with the address of Microsoft's page about an error: the address can be followed.

use leptos::prelude::*;

/// The only pages that a sentence leads to; anything else in it stays text.
const PAGES: &str = "https://login.microsoftonline.com/error?code=";

/// The sentence up to the address, and the address.
fn split(text: &str) -> (&str, Option<&str>) {
    let Some(at) = text.find(PAGES) else { return (text, None) };
    let (before, address) = text.split_at(at);
    let code = address.strip_prefix(PAGES).unwrap_or_default();
    match !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()) {
        true => (before, Some(address)),
        false => (text, None),
    }
}

#[component]
pub fn Linked(#[prop(into)] text: String) -> impl IntoView {
    let (before, address) = split(&text);
    let link = address.map(|address| {
        view! { <a class="link" href=address.to_owned() rel="external noreferrer" target="_blank">{address.to_owned()}</a> }
    });
    view! { {before.to_owned()} {link} }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn only_microsofts_page_about_a_code_becomes_a_link() {
        let page = "https://login.microsoftonline.com/error?code=900971";
        assert_eq!(split(&format!("Look it up at {page}")), ("Look it up at ", Some(page)));
        for text in
            ["Nothing to follow.", "https://elsewhere.example/error?code=1", &format!("{page}\"onclick=1")]
        {
            assert_eq!(split(text), (text, None));
        }
    }
}
