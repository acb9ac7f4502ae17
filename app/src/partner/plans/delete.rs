//! Deleting a plan that nobody is or was on: asked first.

use crate::{
    partner::{
        confirm::{Asked, Question},
        paths,
    },
    ui::{Button, Dialog, Look},
    wire::{Errors, SendForm, Sending},
};
use domain::partner::PlanRow;
use leptos::{ev::SubmitEvent, prelude::*};

/// The plan that is asked about.
#[derive(Clone, Default)]
pub(super) struct Doomed {
    id: String,
    name: String,
    archived: bool,
}

impl Doomed {
    pub(super) fn of(plan: &PlanRow) -> Self {
        Self { id: plan.id.to_string(), name: plan.name.clone(), archived: plan.archived }
    }

    fn title(&self) -> String {
        format!("Delete {}?", self.name)
    }
}

const TITLE: &str = "The plan is as it was";

/// What happens.
fn said() -> impl IntoView {
    view! {
        <p>"No organization is on this plan and none ever was. It goes from the list, together with the features that were set at it. No customer and no bill changes; the audit log keeps its name and price."</p>
        <p>"This cannot be undone. To stop selling it for a while, archive it."</p>
    }
}

/// Asks; without a script, in the address.
#[component]
pub(super) fn Delete(plan: Doomed, open: RwSignal<bool>, doomed: RwSignal<Doomed>) -> impl IntoView {
    let (id, name, archived) = (plan.id.clone(), plan.name.clone(), plan.archived);
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        doomed.set(plan.clone());
        open.set(true);
    };
    view! {
        <form method="get" action=paths::PLANS on:submit=ask>
            {archived.then(|| view! { <input type="hidden" name="archived" value="1"/> })}
            <input type="hidden" name="ask" value=id/>
            <Button small=true look=Look::Quiet>
                "Delete"
                <span class="aloud">{format!(" {name}")}</span>
            </Button>
        </form>
    }
}

#[component]
pub(super) fn DeleteDialog(open: RwSignal<bool>, doomed: RwSignal<Doomed>, delete: Sending) -> impl IntoView {
    let errors = Errors::of(delete);
    let actions = move || {
        view! {
            <Button kind="button" on:click=move |_| open.set(false)>"Keep it"</Button>
            <SendForm to=delete>
                <input type="hidden" name="id" prop:value=move || doomed.with(|plan| plan.id.clone())/>
                <Button look=Look::Danger busy=delete.pending()>"Delete the plan"</Button>
            </SendForm>
        }
    };
    view! {
        <Dialog open id="delete-plan" title="Delete the plan?" actions>
            <div class="form">
                {errors.any(TITLE)}
                <p><b>{move || doomed.with(|plan| plan.name.clone())}</b></p>
                {said()}
            </div>
        </Dialog>
    }
}

/// The question as a card, for an address that asks it.
#[component]
pub(super) fn AskedDelete(plan: Doomed, delete: Sending, back: String) -> impl IntoView {
    let question = Question {
        key: "delete",
        button: "Delete",
        look: Look::Quiet,
        title: plan.title(),
        go: "Delete the plan",
        keep: "Keep it",
        go_look: Look::Danger,
        action: delete,
    };
    let id = plan.id;
    let body = ToChildren::to_children(move || {
        view! {
            {Errors::of(delete).any(TITLE)}
            <input type="hidden" name="id" value=id.clone()/>
            {said()}
        }
    });
    view! { <Asked question back body/> }
}
