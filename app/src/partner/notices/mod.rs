//! What somebody at a partner is told of by mail, and how soon.

pub mod server;

use self::server::{NoticesPage as Asked, SetNotices};
use super::{
    parts::{settle, trail},
    paths,
};
use crate::{
    frame::{Page, load, partner_may},
    ui::{Banner, Button, Card, Check, Crumb, Empty, Look, Select, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::{
    access::PartnerAction,
    notice::{Choices, NoticePreview, NoticesPage as Notices, Pace},
};
use leptos::prelude::*;

#[component]
pub fn NotificationsPage() -> impl IntoView {
    let data = answers(|| ask(Asked {}));
    let again = Callback::new(move |()| data.refetch());
    load(data, move |page| view! { <NotificationsView page again/> }.into_any())
}

#[component]
pub fn NotificationsView(page: Notices, again: Callback<()>) -> impl IntoView {
    let Notices { email, sends, choices, has_branch, preview } = page;
    let nowhere = (!sends).then(|| {
        let mend = match partner_may(PartnerAction::ManageSettings) {
            true => view! { <a href=paths::MAIL class="link">"Enter a mail server"</a> " and they begin." }
                .into_any(),
            false => "Ask an administrator to enter a mail server under Mail.".into_any(),
        };
        view! {
            <Banner tone=Tone::Warn title="No mail goes out">
                "No mail server is configured, so nobody is told of anything. " {mend}
            </Banner>
        }
    });
    let lead = move || {
        format!("What you are told of by mail, and how soon. It goes to {email} and concerns nobody but you.")
    };
    view! {
        <Page title="Notifications" trail=trail([Crumb::here("Notifications")]) lead>
            {nowhere}
            <div class="two">
                <div class="stack">
                    <Chosen choices has_branch again/>
                </div>
                <div class="stack">
                    <Preview preview/>
                </div>
            </div>
        </Page>
    }
}

#[component]
fn Chosen(choices: Choices, has_branch: bool, again: Callback<()>) -> impl IntoView {
    let set = Sending::to::<SetNotices>();
    settle(set, again, "Saved");
    let errors = Errors::of(set);
    let paces: Vec<_> = Pace::ALL.map(|pace| (pace.slug().to_owned(), pace.label().to_owned())).to_vec();
    let rows = choices
        .paces
        .into_iter()
        .map(|(topic, pace)| {
            view! {
                <Select
                    label=topic.label()
                    name=topic.slug()
                    options=paces.clone()
                    value=pace.slug()
                    hint=topic.about()
                    error=errors.at(topic.slug())
                />
            }
        })
        .collect_view();
    let below = if has_branch {
        view! {
            <Check
                label="The customers of partners below me, too"
                name="below"
                checked=choices.below
                hint="Otherwise you are told of your own customers and your own partner."
            />
        }
        .into_any()
    } else {
        // What was chosen stays for the day when there are some.
        choices.below.then(|| view! { <input type="hidden" name="below" value="on"/> }).into_any()
    };
    view! {
        <Card title="What, and how soon">
            <div class="body">
                <SendForm to=set class="form paces">
                    {errors.any("Nothing was saved")}
                    {rows}
                    {below}
                    <p class="hint small muted">
                        "At once: what happens together comes in one mail, a few minutes later. Once a day: at 07:00 UTC. Once a week: on Mondays at 07:00 UTC. What you did yourself is left out, and so is what your role may not see."
                    </p>
                    <div class="actions">
                        <Button look=Look::Primary busy=set.pending()>"Save"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}

/// A mail with what happened lately.
#[component]
fn Preview(preview: Option<NoticePreview>) -> impl IntoView {
    let Some(NoticePreview { subject, lines, button }) = preview else {
        return view! {
            <Card title="How it reads">
                <Empty
                    icon="mail"
                    title="Nothing to tell"
                    text="Nothing happened in the last seven days that you want to be told of. When something does, the mail is shown here as it would read."
                />
            </Card>
        }
        .into_any();
    };
    let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    view! {
        <Card title="How it reads">
            <div class="body">
                <p class="small muted">"A digest with what happened in the last seven days:"</p>
                <div class="letter">
                    <p><b>{subject}</b></p>
                    {lines}
                    <p class="letter-button">{button}</p>
                </div>
            </div>
        </Card>
    }
    .into_any()
}
