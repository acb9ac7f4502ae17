//! What to do in Entra, click by click, with everything that has to be typed ready to be copied.

use crate::brand;
use crate::ui::{Card, CopyButton, Table};
use domain::permission::NEEDS;
use leptos::prelude::*;

#[component]
pub fn Guide() -> impl IntoView {
    view! {
        <Card title="In the Entra admin centre">
            <ol class="guide">
                <li>
                    <b>"Make an app registration"</b>
                    <p>
                        "Sign in to " <span class="mono">"entra.microsoft.com"</span>
                        ", open Identity, Applications, App registrations, and press New registration. Name it “" {brand::name()} "”, keep this organizational directory only, and leave the redirect address empty."
                    </p>
                </li>
                <li>
                    <b>"Add its permissions"</b>
                    <p>
                        "API permissions, Add a permission, Microsoft Graph, Application permissions. Search for each name below and tick it. The first two are enough to begin."
                    </p>
                </li>
                <li>
                    <b>"Grant admin consent"</b>
                    <p>"On the same page, press Grant admin consent and confirm. Every line then shows a green tick."</p>
                </li>
                <li>
                    <b>"Make a client secret"</b>
                    <p>"Certificates & secrets, New client secret. Copy its Value at once: Entra shows it only this time."</p>
                </li>
                <li>
                    <b>"Copy the two IDs"</b>
                    <p>"The overview shows the application (client) ID and the directory (tenant) ID."</p>
                </li>
            </ol>
        </Card>
        <Card title="Permissions to add">
            <Needs restore=false/>
        </Card>
        <Card title="Only for restores">
            <div class="body muted">
                <p>
                    "You may leave these out: backups and comparing go on without them, and the plan of a restore names what is missing before anything runs."
                </p>
            </div>
            <Needs restore=true/>
        </Card>
    }
}

#[component]
fn Needs(restore: bool) -> impl IntoView {
    let rows = NEEDS
        .iter()
        .filter(|need| need.restore == restore)
        .map(|need| {
            let name = need.permission.least();
            view! {
                <tr>
                    <td>
                        <span class="copied"><span class="mono">{name}</span><CopyButton text=name what=format!("the name {name}")/></span>
                        <small class="muted block">{need.why}</small>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label=if restore { "Permissions for restores" } else { "Permissions for backups" }>
            <thead class="aloud"><tr><th scope="col">"Permission"</th></tr></thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}
