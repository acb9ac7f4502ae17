//! The tokens of an organization or a partner: the list, a form for another, and the one made a moment ago.

use super::guide::Guide;
use crate::{
    partner::none,
    ui::{
        Badge, Banner, Button, Card, Check, CopyButton, Dialog, Empty, Look, Select, Table, TextField, Time,
        TimeStyle, Toasts, Tone,
    },
    wire::{Errors, SendForm, Sending},
};
use domain::api_token::{ApiTokenMade, ApiTokenRow, ApiTokensView};
use leptos::{ev::SubmitEvent, prelude::*};

/// Whose tokens they are, and how they are made and ended.
#[derive(Clone, Copy)]
pub struct Place {
    create: Sending,
    revoke: Sending,
    /// The customer that a partner's person looks at; empty for one's own.
    organization: StoredValue<String>,
    /// What a token opens.
    opens: &'static str,
}

impl Place {
    pub fn new(create: Sending, revoke: Sending, organization: String, opens: &'static str) -> Self {
        Self { create, revoke, organization: StoredValue::new(organization), opens }
    }

    /// Reads the list again when one was made or ended.
    pub(super) fn settle(self, again: Callback<()>) {
        let toasts = use_context::<Toasts>();
        Effect::new(move || {
            if self.create.done() {
                again.run(());
            }
        });
        Effect::new(move || {
            if self.revoke.done() {
                if let Some(toasts) = toasts {
                    toasts.say(Tone::Good, "Revoked", "Programs that still use the token are refused.");
                }
                again.run(());
            }
        });
    }

    fn hidden(self) -> impl IntoView {
        let organization = self.organization.get_value();
        (!organization.is_empty())
            .then(|| view! { <input type="hidden" name="organization" value=organization/> })
    }
}

#[component]
pub fn TokensView(tokens: ApiTokensView, place: Place) -> impl IntoView {
    let ApiTokensView { tokens, back_up, made } = tokens;
    let made = move || {
        place.create.value::<ApiTokenMade>().or_else(|| made.clone()).map(|made| view! { <Made made/> })
    };
    view! {
        {made}
        <List tokens place/>
        <div class="two">
            <New back_up place/>
            <Guide back_up/>
        </div>
    }
}

/// Shown once.
#[component]
fn Made(made: ApiTokenMade) -> impl IntoView {
    let ApiTokenMade { name, secret, expires } = made;
    let text = secret.clone();
    view! {
        <Card title=format!("{name} is ready") class="made">
            <div class="body form">
                <div class="once">
                    <input class="input mono" type="text" readonly aria-label="Token" value=secret/>
                    <CopyButton text what="token"/>
                </div>
                <Banner tone=Tone::Warn title="It is shown only now">
                    "No copy is kept that could be shown again. Put it where your program finds it; it works until "
                    <Time at=expires/> "."
                </Banner>
            </div>
        </Card>
    }
}

#[component]
fn List(tokens: Vec<ApiTokenRow>, place: Place) -> impl IntoView {
    if tokens.is_empty() {
        return view! {
            <Card>
                <Empty
                    icon="key-round"
                    title="No token yet"
                    text="A token lets one program in, and can be taken back without disturbing another. Make one for each program below."
                />
            </Card>
        }
        .into_any();
    }
    let asked = RwSignal::new(None::<(String, String)>);
    let open = RwSignal::new(false);
    Effect::new(move || open.set(asked.with(Option::is_some)));
    // The dialog was closed by its own means. Set without need, the two would wake each other for ever.
    Effect::new(move || {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let problem = Errors::of(place.revoke).any("The token still works");
    let rows = tokens.into_iter().map(|row| view! { <Row row place asked/> }).collect_view();
    let name = move || asked.with(|a| a.as_ref().map(|(_, name)| name.clone()).unwrap_or_default());
    let id = move || asked.with(|a| a.as_ref().map(|(id, _)| id.clone()).unwrap_or_default());
    let actions = move || {
        view! {
            <Button kind="button" on:click=move |_| asked.set(None)>"Keep it"</Button>
            <Button look=Look::Danger busy=place.revoke.pending() attr:form="revoke-form">"Revoke"</Button>
        }
    };
    view! {
        <Card>
            {problem}
            <Table label="Tokens">
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"May"</th>
                        <th scope="col" class="wide">"Made by"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col" class="wide">"Expires"</th>
                        <th scope="col"><span class="aloud">"Revoke"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            <footer>"A token ends when it expires, when it is revoked, and when its maker's role or the sign-in of its organization ends."</footer>
        </Card>
        <Dialog open id="revoke" title="Revoke this token?" actions>
            <SendForm to=place.revoke class="form" id="revoke-form".to_owned()>
                {place.hidden()}
                <input type="hidden" name="id" prop:value=id/>
                <p>
                    "Programs that use " <b>{name}</b>
                    " are refused from now on. Backups that run already go on. This cannot be undone; make a new token instead."
                </p>
            </SendForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Row(row: ApiTokenRow, place: Place, asked: RwSignal<Option<(String, String)>>) -> impl IntoView {
    let ApiTokenRow { id, name, hint, maker, back_up, expires, used, .. } = row;
    let used = match used {
        Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
        None => none(),
    };
    let about = (id.to_string(), name.clone());
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        asked.set(Some(about.clone()));
    };
    let aloud = format!(" {name}");
    view! {
        <tr>
            <th scope="row">
                <b>{name}</b>
                <small class="faint mono block">{format!("{hint}…")}</small>
            </th>
            <td>
                <span class="row">
                    <Badge>"Read"</Badge>
                    {back_up.then(|| view! { <Badge tone=Tone::Accent>"Back up"</Badge> })}
                </span>
            </td>
            <td class="wide">{maker}</td>
            <td class="muted when">{used}</td>
            <td class="muted when wide"><Time at=expires/></td>
            <td class="right fit">
                <form method="post" action=place.revoke.path() on:submit=ask>
                    {place.hidden()}
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Button small=true look=Look::Quiet>"Revoke" <span class="aloud">{aloud}</span></Button>
                </form>
            </td>
        </tr>
    }
}

#[component]
fn New(back_up: bool, place: Place) -> impl IntoView {
    let errors = Errors::of(place.create);
    let lives = [("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("365", "A year")]
        .map(|(days, text)| (days.to_owned(), text.to_owned()));
    view! {
        <Card title="New token">
            <div class="body">
                <SendForm to=place.create class="form">
                    {errors.general("The token was not made")}
                    {place.hidden()}
                    <TextField label="What it is for" name="name" hint="So that you know later which program stops when it is revoked." error=errors.at("name")/>
                    <Select label="Expires in" name="days" options=lives.to_vec() value="90" error=errors.at("days")/>
                    <p class="hint small muted">{format!("It reads organizations, tenants, snapshots and jobs of {}.", place.opens)}</p>
                    {back_up
                        .then(|| {
                            view! {
                                <Check label="It may also start backups" name="back_up" hint="It never restores, connects or changes anything else."/>
                            }
                        })}
                    <div class="actions">
                        <Button look=Look::Primary busy=place.create.pending()>"Make token"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}
