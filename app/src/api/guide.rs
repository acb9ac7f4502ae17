//! How a program calls the API.

use crate::{
    address::origin,
    ui::{Card, CopyButton},
};
use leptos::prelude::*;

/// Where the document is that describes it all.
const OPENAPI: &str = "/api/v1/openapi.json";

#[component]
pub fn Guide(back_up: bool) -> impl IntoView {
    // The address is known in the browser only; until then an example stands there.
    let base = RwSignal::new("https://backup.example.com".to_owned());
    Effect::new(move || base.set(origin()));
    let end = || view! { <a href=OPENAPI rel="external">"OpenAPI document"</a> };
    view! {
        <Card title="How to call it" end>
            <div class="body form">
                <p>
                    "Send the token with every request. Lists come 50 at a time: while an answer has a "
                    <code>"next"</code> ", ask again with it as " <code>"after"</code>
                    ". A token makes 120 requests a minute; " <code>"RateLimit"</code> " says how many are left."
                </p>
                <Sample
                    title="Your organizations"
                    text=Signal::derive(move || {
                        format!("curl -H \"Authorization: Bearer $TOKEN\" \\\n  {}/api/v1/organizations", base.get())
                    })
                />
                <Sample
                    title="The tenants of one, and the snapshots of a tenant"
                    text=Signal::derive(move || {
                        let base = base.get();
                        format!(
                            "curl -H \"Authorization: Bearer $TOKEN\" \\\n  {base}/api/v1/organizations/$ORGANIZATION/tenants\n\
                             curl -H \"Authorization: Bearer $TOKEN\" \\\n  {base}/api/v1/tenants/$TENANT/snapshots"
                        )
                    })
                />
                {back_up
                    .then(|| {
                        view! {
                            <Sample
                                title="Back up now; sent again with the same key, it is the same job"
                                text=Signal::derive(move || {
                                    format!(
                                        "curl -X POST -H \"Authorization: Bearer $TOKEN\" -H \"Idempotency-Key: $KEY\" \\\n  \
                                         {}/api/v1/tenants/$TENANT/backups",
                                        base.get()
                                    )
                                })
                            />
                            <Sample
                                title="The same, but reads everything, not only what changed"
                                text=Signal::derive(move || {
                                    format!(
                                        "curl -X POST -H \"Authorization: Bearer $TOKEN\" \\\n  \
                                         {}/api/v1/tenants/$TENANT/backups?full=true",
                                        base.get()
                                    )
                                })
                            />
                        }
                    })}
            </div>
        </Card>
    }
}

#[component]
fn Sample(title: &'static str, text: Signal<String>) -> impl IntoView {
    let copied = move || view! { <CopyButton text=text.get() what="command"/> };
    view! {
        <figure class="sample">
            <figcaption>{title}</figcaption>
            <div class="once">
                <pre class="mono" tabindex="0" aria-label=title>{move || text.get()}</pre>
                {copied}
            </div>
        </figure>
    }
}
