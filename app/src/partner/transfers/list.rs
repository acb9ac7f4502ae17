//! What was proposed to us and by us, and the code by which others find us.

use super::server::{FreshTransferCode, MakeTransferCode, Transfers, WithdrawTransfer};
use crate::{
    frame::{Page, load, load_two},
    partner::{
        parts::{none, settle, trail},
        paths,
    },
    ui::{Badge, Button, Card, CopyButton, Crumb, Empty, LinkButton, Look, Table, Time, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::transfer::{TransferCode, TransferRow, TransferState, TransfersPage as Both};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn TransfersPage() -> impl IntoView {
    let data = answers(|| ask(Transfers {}));
    let again = Callback::new(move |()| data.refetch());
    // A form that was sent without a script leads back here, and its code is told once.
    if use_query_map().with_untracked(|query| query.get("code").is_none()) {
        return load(data, move |page| view! { <View page again fresh=None/> }.into_any());
    }
    let fresh = answers(|| ask(FreshTransferCode {}));
    load_two((data, fresh), move |page, fresh: Option<TransferCode>| {
        view! { <View page again fresh/> }.into_any()
    })
}

#[component]
fn View(page: Both, again: Callback<()>, fresh: Option<TransferCode>) -> impl IntoView {
    let lead = || "An organization changes hands when both partners want it.";
    view! {
        <Page title="Transfers" lead trail=trail([Crumb::here("Transfers")])>
            <div class="two">
                <div class="stack">
                    <Card title="To you"><Incoming rows=page.incoming/></Card>
                    <Card title="From you"><Outgoing rows=page.outgoing again/></Card>
                </div>
                <Code fresh/>
            </div>
        </Page>
    }
}

pub(super) fn state(state: TransferState) -> AnyView {
    let tone = match state {
        TransferState::Proposed => Tone::Accent,
        TransferState::Accepted => Tone::Good,
        TransferState::Declined | TransferState::Withdrawn | TransferState::Expired => Tone::Plain,
    };
    view! { <Badge tone>{state.label()}</Badge> }.into_any()
}

fn named(organization: String) -> AnyView {
    if organization.is_empty() { none() } else { view! { <b>{organization}</b> }.into_any() }
}

#[component]
fn Incoming(rows: Vec<TransferRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty
                icon="building-2"
                title="Nothing was proposed to you"
                text="Give another partner a code of yours, and it can propose an organization to you."
            />
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let waits = row.state == TransferState::Proposed;
            let (href, name) = (paths::transfer(row.id), row.organization.clone());
            let answer = waits.then(|| {
                view! {
                    <LinkButton href small=true>
                        "Look and answer" <span class="aloud">{format!(": {name}")}</span>
                    </LinkButton>
                }
            });
            view! {
                <tr>
                    <th scope="row">
                        {named(row.organization)}
                        <small class="faint block">{format!("from {}", row.from)}</small>
                    </th>
                    <td class="nowrap">{state(row.state)}</td>
                    <td class="wide muted num nowrap"><Time at=row.proposed/></td>
                    <td class="right fit">{answer}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <Proposals label="To you">{rows}</Proposals> }.into_any()
}

#[component]
fn Outgoing(rows: Vec<TransferRow>, again: Callback<()>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty
                icon="building-2"
                title="You have proposed nothing"
                text="On an organization’s page, under Transfer, you propose it to another partner."
            />
        }
        .into_any();
    }
    let withdraw = Sending::to::<WithdrawTransfer>();
    settle(withdraw, again, "Withdrawn");
    let rows = rows
        .into_iter()
        .map(|row| {
            let name = row.organization.clone();
            let button = (row.state == TransferState::Proposed).then(|| {
                view! {
                    <SendForm to=withdraw>
                        <input type="hidden" name="id" value=row.id.to_string()/>
                        <Button small=true look=Look::Quiet busy=withdraw.pending()>
                            "Withdraw" <span class="aloud">{format!(" {name}")}</span>
                        </Button>
                    </SendForm>
                }
            });
            view! {
                <tr>
                    <th scope="row">
                        {named(row.organization)}
                        <small class="faint block">{format!("from {} to {}", row.from, row.to)}</small>
                    </th>
                    <td class="nowrap">{state(row.state)}</td>
                    <td class="wide muted num nowrap"><Time at=row.proposed/></td>
                    <td class="right fit">{button}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {Errors::of(withdraw).any("The proposal is as it was")}
        <Proposals label="From you">{rows}</Proposals>
    }
    .into_any()
}

#[component]
fn Proposals(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <Table label>
            <thead>
                <tr>
                    <th scope="col">"Organization"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="wide">"Proposed"</th>
                    <th scope="col"><span class="aloud">"Answer"</span></th>
                </tr>
            </thead>
            <tbody>{children()}</tbody>
        </Table>
    }
}

#[component]
fn Code(fresh: Option<TransferCode>) -> impl IntoView {
    let make = Sending::to::<MakeTransferCode>();
    let made = Memo::new(move |_| make.value::<TransferCode>().or_else(|| fresh.clone()));
    let shown = move || {
        made.get().map(|made| {
            let text = made.code.clone();
            view! {
                <p>"Send it to the partner that gives. It is good once, until " <Time at=made.until/> ", and is shown only now."</p>
                <div class="once">
                    <input class="input mono" type="text" readonly aria-label="Transfer code" value=made.code/>
                    <CopyButton text what="code"/>
                </div>
            }
        })
    };
    view! {
        <Card title="To be found">
            <div class="body form">
                <p class="muted">"Partners do not see each other. With a code of yours, another one can propose an organization to you, and reads your name."</p>
                {shown}
                <SendForm to=make class="form">
                    {Errors::of(make).any("No code was made")}
                    <div class="actions"><Button busy=make.pending()>"Make a transfer code"</Button></div>
                </SendForm>
            </div>
        </Card>
    }
}
