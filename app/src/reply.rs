//! What a page or a server function says about its HTTP response. In the browser these do nothing.

/// The status of the response: 404 for what is not there, 403 for what one may not see.
pub fn status(code: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(code)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(code))
    {
        response.set_status(code);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = code;
}

/// The status of a response that says what went wrong. A form that was sent without JavaScript is answered with a
/// redirect back to its page, which this leaves alone.
pub fn failure(code: u16) {
    #[cfg(feature = "ssr")]
    if is_plain_form() {
        return;
    }
    status(code);
}

/// Whether the request is a form that was sent without JavaScript: its answer has to be a page.
#[cfg(feature = "ssr")]
pub fn is_plain_form() -> bool {
    leptos::prelude::use_context::<http::request::Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
        parts.method == http::Method::POST && accepts.is_some_and(|kinds| kinds.contains("text/html"))
    })
}

/// A header of the response, beside those of the same name.
#[cfg(feature = "ssr")]
pub fn header(name: http::HeaderName, value: &str) {
    if let (Some(response), Ok(value)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::HeaderValue::from_str(value))
    {
        response.append_header(name, value);
    }
}

/// A cookie of the request.
#[cfg(feature = "ssr")]
pub fn cookie(name: &str) -> Option<String> {
    let parts = leptos::prelude::use_context::<http::request::Parts>()?;
    parts
        .headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Sends the reader elsewhere: a `Location` when a page or a form is answered, a step of the router for a script.
#[cfg(feature = "ssr")]
pub fn redirect(path: &str) {
    leptos_axum::redirect(path);
}

/// Text as part of a query.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                escaped.push(byte as char)
            }
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                escaped.push('%');
                escaped.push(HEX[usize::from(byte >> 4)] as char);
                escaped.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_query_survives_any_text() {
        assert_eq!(escape("/t/1/browse"), "/t/1/browse");
        assert_eq!(escape("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }
}
