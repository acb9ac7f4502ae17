//! Addresses of pages, put together.

use crate::reply::escape;

/// A page with a query; what is empty is left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(key);
        address.push('=');
        address.push_str(&escape(value));
    }
    address
}

/// The host that the page came from, for a link that somebody takes elsewhere. Known in the browser only.
pub fn origin() -> String {
    #[cfg(target_arch = "wasm32")]
    return leptos::prelude::window().location().origin().unwrap_or_default();
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn empty_parts_of_a_query_are_left_out() {
        assert_eq!(with_query("/a", &[("x", ""), ("y", "a b"), ("z", "1")]), "/a?y=a%20b&z=1");
    }
}
