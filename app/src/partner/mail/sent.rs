//! What became of each mail.

use super::{super::parts::settle, server::RetryMail};
use crate::{
    ui::{Badge, Button, Card, Empty, Look, Table, Time, TimeStyle, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::mail::{MailRow, MailState};
use leptos::prelude::*;

#[component]
pub fn Sent(mails: Vec<MailRow>, again: Callback<()>) -> impl IntoView {
    if mails.is_empty() {
        return view! {
            <Card title="Outbox" class="after">
                <Empty
                    icon="mail"
                    title="Nothing was sent yet"
                    text="Every mail in your name, and in that of partners below you, stands here for 90 days: to whom, what about, and what the server said. What it said to them is erased once it was sent."
                />
            </Card>
        }
        .into_any();
    }
    let retry = Sending::to::<RetryMail>();
    settle(retry, again, "It is tried again");
    let rows = mails.into_iter().map(|mail| view! { <Row mail retry/> }).collect_view();
    view! {
        <Card title="Outbox" class="after">
            {Errors::of(retry).any("It was not tried again")}
            <Table label="Outbox" class="outbox">
                <thead>
                    <tr>
                        <th scope="col">"To"</th>
                        <th scope="col" class="wide">"About"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="wide">"When"</th>
                        <th scope="col"><span class="aloud">"Again"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(mail: MailRow, retry: Sending) -> impl IntoView {
    let tone = match mail.state {
        MailState::Waiting => Tone::Accent,
        MailState::Sent => Tone::Good,
        MailState::Failed => Tone::Bad,
    };
    let again = mail
        .again
        .map(|at| view! { <small class="faint block">"Again " <Time at style=TimeStyle::Relative/></small> });
    let problem = mail.problem.map(|text| view! { <small class="faint block said-by">{text}</small> });
    let to = mail.to.clone();
    let button = mail.can_retry.then(|| {
        view! {
            <SendForm to=retry>
                <input type="hidden" name="id" value=mail.id.to_string()/>
                <Button small=true look=Look::Quiet>"Try again"<span class="aloud">{format!(", to {to}")}</span></Button>
            </SendForm>
        }
    });
    view! {
        <tr>
            <th scope="row"><b>{mail.to}</b><small class="faint block">{mail.partner}</small></th>
            <td class="wide">{mail.about}</td>
            <td><Badge tone>{mail.state.label()}</Badge>{problem}{again}</td>
            <td class="muted when wide"><Time at=mail.ended.unwrap_or(mail.created)/></td>
            <td class="right fit">{button}</td>
        </tr>
    }
}
