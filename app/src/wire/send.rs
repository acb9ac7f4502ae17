//! The browser's end of the pipe.

use super::{Answer, error_of};
use crate::error::AppError;
use js_sys::futures::JsFuture;
use leptos::{
    prelude::window,
    server_fn::error::FromServerFnError,
    server_fn::{
        error::ServerFnErrorErr,
        redirect::{REDIRECT_HEADER, call_redirect_hook},
    },
};
use wasm_bindgen::{JsCast, JsValue};

/// Posts a form to a server function. Where it leads elsewhere, goes there.
pub(super) async fn post(path: &'static str, body: String) -> Answer {
    match exchange(path, &body).await {
        Ok((response, text)) if response.ok() => {
            let headers = response.headers();
            if headers.has(REDIRECT_HEADER).unwrap_or(false)
                && let Ok(Some(location)) = headers.get("location")
            {
                call_redirect_hook(&location);
            }
            Answer(Ok(text))
        }
        Ok((_, text)) => Answer(Err(error_of(&text))),
        Err(_) => Answer(Err(AppError::from_server_fn_error(ServerFnErrorErr::Request(String::new())))),
    }
}

async fn exchange(path: &str, body: &str) -> Result<(web_sys::Response, String), JsValue> {
    let headers = web_sys::Headers::new()?;
    // Not a page: the answer is wanted as it is, not as a redirect back.
    headers.set("accept", "application/json")?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    let request = web_sys::RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(body));
    let response: web_sys::Response =
        JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response, text.as_string().unwrap_or_default()))
}
