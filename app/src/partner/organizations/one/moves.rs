//! Suspending, resuming, unsubscribing, deleting: each says first what happens to sign-in, backups and data.

use super::{super::server::MoveOrganization, view::Here};
use crate::{
    partner::{
        confirm::{Ask, Asked, Question},
        parts::settle,
        words,
    },
    ui::{Fact, Facts, Look, TextField},
    wire::{Errors, Sending},
};
use domain::subscription::{GRACE_DAYS, Move};
use leptos::prelude::*;

/// A button for each.
#[component]
pub fn Moves(here: Here) -> impl IntoView {
    move || {
        (!here.asks()).then(|| {
            let moves = here.organization.with_value(|o| o.moves.clone());
            let tab = here.tab.get().slug();
            moves
                .into_iter()
                .map(|what| {
                    let question = question(here, what);
                    let body = body(here, what, question.action);
                    view! { <Ask question tab body/> }
                })
                .collect_view()
        })
    }
}

/// The one that the address asks about, as a card.
#[component]
pub fn AskedMove(here: Here) -> impl IntoView {
    move || {
        let asked = Move::from_slug(&here.asked.get());
        asked.filter(|what| here.organization.with_value(|o| o.moves.contains(what))).map(|what| {
            let question = question(here, what);
            let body = body(here, what, question.action);
            view! { <Asked question back=here.href(here.tab.get_untracked()) body/> }
        })
    }
}

fn question(here: Here, what: Move) -> Question {
    let name = here.organization.with_value(|o| o.row.name.clone());
    let action = Sending::to::<MoveOrganization>();
    settle(action, here.again, words::moved(what));
    let title = match what {
        Move::UndoDelete => format!("Undo the deletion of {name}?"),
        what => format!("{} {name}?", what.label()),
    };
    let (look, go_look) = match what {
        Move::Delete => (Look::Danger, Look::Danger),
        Move::Resume | Move::UndoDelete => (Look::Plain, Look::Primary),
        Move::Suspend | Move::Unsubscribe => (Look::Plain, Look::Danger),
    };
    Question {
        key: what.slug(),
        button: what.label(),
        look,
        title,
        go: what.label(),
        keep: "Leave as it is",
        go_look,
        action,
    }
}

fn body(here: Here, what: Move, action: Sending) -> ChildrenFn {
    ToChildren::to_children(move || {
        let (id, name) = here.organization.with_value(|o| (o.row.id.to_string(), o.row.name.clone()));
        let errors = Errors::of(action);
        let notice = what.notice(GRACE_DAYS);
        let typed = what.needs_typed_name().then(|| {
            view! {
                <TextField
                    label=format!("Type the organization’s name to confirm: {name}")
                    name="typed"
                    error=errors.at("typed")
                />
            }
        });
        view! {
            {errors.general("Nothing was changed")}
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="what" value=what.slug()/>
            <div class="said">
                <Facts>
                    <Fact name="Sign-in">{notice.login}</Fact>
                    <Fact name="Backups">{notice.backups}</Fact>
                    <Fact name="Data">{notice.data}</Fact>
                </Facts>
            </div>
            {typed}
        }
    })
}
