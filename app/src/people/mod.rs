//! People and their roles: one page for a partner's own, for those of a partner below it, and for an organization's.

mod invite;
mod link;
mod list;
mod one;
pub mod server;

pub use link::{InvitedCard, SendBox};

use crate::{
    address::with_query,
    frame::{load, load_two},
    ui::{Button, LinkButton, Look, Toasts, Tone},
    wire::{Sending, answers, ask},
};
use domain::people::{Invited, PeoplePage};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

/// What the address asks: whom it is about, and what is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    person: String,
    deed: String,
}

impl Asked {
    fn of(query: &ParamsMap) -> Asked {
        let get = |key| query.get(key).unwrap_or_default();
        Asked { person: get("person"), deed: get("ask") }
    }
}

/// Where the page is, and how it is read again.
#[derive(Clone, Copy)]
struct Here {
    base: StoredValue<String>,
    asked: Memo<Asked>,
    again: Callback<()>,
    /// A link that was made a moment ago.
    fresh: RwSignal<Option<Invited>>,
}

impl Here {
    fn base(self) -> String {
        self.base.get_value()
    }

    /// The address that asks about somebody.
    fn about(self, person: &str, deed: &str) -> String {
        with_query(&self.base(), &[("person", person), ("ask", deed)])
    }

    fn inviting(self) -> String {
        with_query(&self.base(), &[("ask", "invite")])
    }

    /// Once it is done: says so, asks nothing any more, and reads the people again.
    fn settle(self, action: Sending, said: &'static str) {
        let (toasts, navigate) = (use_context::<Toasts>(), use_navigate());
        Effect::new(move || {
            if action.done() {
                if let Some(toasts) = toasts {
                    toasts.say(Tone::Good, said, "");
                }
                navigate(
                    &self.base(),
                    NavigateOptions { replace: true, scroll: false, ..Default::default() },
                );
                self.again.run(());
            }
        });
    }

    /// The same for what makes a link, which is then shown.
    fn settle_link(self, action: Sending) {
        let navigate = use_navigate();
        Effect::new(move || {
            if let Some(invited) = action.value::<Invited>() {
                self.fresh.set(Some(invited));
                navigate(&self.base(), NavigateOptions { replace: true, ..Default::default() });
                self.again.run(());
            }
        });
    }
}

/// The people of one place. `at` says whose they are to the server, `base` is the address that the panel stands at.
#[component]
pub fn PeoplePanel(#[prop(into)] at: String, #[prop(into)] base: String) -> impl IntoView {
    let query = use_query_map();
    let data = answers(move || ask(server::People { at: at.clone() }));
    let here = Here {
        base: StoredValue::new(base),
        asked: Memo::new(move |_| query.with(Asked::of)),
        again: Callback::new(move |()| data.refetch()),
        fresh: RwSignal::new(None),
    };
    // Made by a form without a script, and told once.
    if query.with_untracked(|query| query.get("link").is_none()) {
        return load(data, move |page| view! { <PeopleView page here/> }.into_any());
    }
    let fresh = answers(|| ask(server::FreshLink {}));
    load_two((data, fresh), move |page, fresh: Option<Invited>| {
        if fresh.is_some() {
            here.fresh.set(fresh);
        }
        view! { <PeopleView page here/> }.into_any()
    })
}

#[component]
fn PeopleView(page: PeoplePage, here: Here) -> impl IntoView {
    let page = StoredValue::new(page);
    let (invited, invites) = (here.fresh, page.with_value(|page| !page.roles.is_empty()));
    let link = move || invited.get().map(|invited| view! { <InvitedCard invited/> });
    let question = move || {
        let asked = here.asked.get();
        if asked.deed == "invite" && invites {
            return Some(view! { <invite::Invite page=page.get_value() here/> }.into_any());
        }
        let person =
            page.with_value(|page| page.people.iter().find(|p| p.id.to_string() == asked.person).cloned())?;
        Some(view! { <one::Person person page=page.get_value() deed=asked.deed here/> }.into_any())
    };
    let inviter = move || {
        (invites && here.asked.with(|asked| asked.deed != "invite")).then(|| {
            view! {
                <LinkButton href=here.inviting() look=Look::Primary icon="plus">"Invite somebody"</LinkButton>
            }
        })
    };
    view! {
        <div class="stack">
            {link}
            {question}
            <list::People page here inviter=ViewFn::from(inviter)/>
            <list::Invitations page here/>
        </div>
    }
}

/// The buttons under a question.
#[component]
fn Decide(
    /// What does it.
    go: &'static str,
    look: Look,
    action: Sending,
    back: String,
) -> impl IntoView {
    view! {
        <div class="actions">
            <LinkButton href=back>"Leave as it is"</LinkButton>
            <Button look busy=action.pending()>{go}</Button>
        </div>
    }
}
