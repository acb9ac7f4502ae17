//! What the organization's people are told of by mail.

pub mod server;

use self::server::{OrgNoticesPage as Asked, SetOrgNotices};
use crate::{
    frame::{Page, load},
    partner::parts::settle,
    ui::{Banner, Button, Card, Check, Crumb, Look, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::notice::OrgNoticesPage as Notices;
use leptos::prelude::*;

#[component]
pub fn NotificationsPage() -> impl IntoView {
    let data = answers(|| ask(Asked {}));
    load(data, move |page| {
        let again = Callback::new(move |()| data.refetch());
        view! { <NotificationsView page again/> }.into_any()
    })
}

#[component]
fn NotificationsView(page: Notices, again: Callback<()>) -> impl IntoView {
    let Notices { topics, may_change, sends, readers } = page;
    let set = Sending::to::<SetOrgNotices>();
    settle(set, again, "Saved");
    let nowhere = (!sends).then(|| {
        view! {
            <Banner tone=Tone::Warn title="No mail goes out">
                "Your provider has no mail server configured, so nobody is told of anything."
            </Banner>
        }
    });
    let boxes = topics
        .into_iter()
        .map(|(topic, on)| {
            view! {
                <Check
                    label=topic.label()
                    name=topic.slug()
                    checked=on
                    disabled=!may_change
                    hint=topic.about()
                />
            }
        })
        .collect_view();
    let save = may_change.then(|| {
        view! {
            <div class="actions">
                <Button look=Look::Primary busy=set.pending()>"Save"</Button>
            </div>
        }
    });
    let readers = if readers.is_empty() {
        view! { <p>"Nobody at present: there is no Full Admin and no IT Admin."</p> }.into_any()
    } else {
        let names = readers.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
        view! { <ul class="deeds">{names}</ul> }.into_any()
    };
    let lead = || "What your Full Admins and IT Admins are told of by mail, a few minutes after it happened.";
    view! {
        <Page title="Notifications" lead trail=vec![Crumb::here("Notifications")]>
            {nowhere}
            <div class="two">
                <div class="stack">
                    <Card title="When to write">
                        <div class="body">
                            <SendForm to=set class="form">
                                {Errors::of(set).any("Nothing was changed")}
                                {boxes}
                                {save}
                            </SendForm>
                        </div>
                    </Card>
                </div>
                <Card title="Who is told">
                    <div class="body form">
                        {readers}
                        <p class="small muted">"Full Admins and IT Admins, of everything but what they did themselves. What happens together comes in one mail."</p>
                    </div>
                </Card>
            </div>
        </Page>
    }
}
