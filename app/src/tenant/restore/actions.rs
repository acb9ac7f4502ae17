//! What one can tell a restore to do, at each of its times.

use super::server::{Order, Steer, Undo};
use crate::{
    frame::may,
    tenant::{paths, words},
    ui::{Button, Dialog, LinkButton, Look, Toasts, Tone, plural},
    wire::{SendForm, Sending},
};
use domain::{
    access::Action,
    plan::{RestoreState, RestoreView},
};
use leptos::prelude::*;

/// A form that gives one order.
#[component]
fn Give(
    action: Sending,
    tenant: String,
    number: i64,
    order: Order,
    #[prop(optional)] look: Look,
    #[prop(into)] text: String,
) -> impl IntoView {
    view! {
        <SendForm to=action>
            <input type="hidden" name="tenant" value=tenant/>
            <input type="hidden" name="number" value=number.to_string()/>
            <input type="hidden" name="order" value=order.name()/>
            <Button look busy=action.pending()>{text}</Button>
        </SendForm>
    }
}

/// Reads the page again once an order was taken, and says so when it was not.
fn steering(again: Callback<()>) -> Sending {
    let action = Sending::to::<Steer>();
    let toasts = use_context::<Toasts>();
    Effect::new(move || match (action.done(), action.error(), toasts) {
        (true, ..) => again.run(()),
        (false, Some(error), Some(toasts)) => toasts.say(Tone::Bad, "That was not done", error.message()),
        _ => {}
    });
    action
}

#[component]
pub fn PlanActions(tenant: String, restore: RestoreView, again: Callback<()>) -> impl IntoView {
    if !may(Action::Restore) {
        return ().into_any();
    }
    let action = steering(again);
    let asking = RwSignal::new(false);
    let number = restore.number;
    let title = format!("Put {} back?", plural(restore.tally.total(), "change", "changes"));
    let writes = plural(restore.writes, "write", "writes");
    let about = words::about(restore.estimate_s);
    let start = {
        let tenant = tenant.clone();
        move || {
            view! {
                <Button kind="button" on:click=move |_| asking.set(false)>"Not yet"</Button>
                <Give action tenant number order=Order::Start look=Look::Primary text="Start restore"/>
            }
        }
    };
    view! {
        <Give action tenant=tenant.clone() number order=Order::Cancel look=Look::Quiet text="Discard"/>
        // Without a script there is no dialog, so the button itself starts it.
        <span class="scriptless"><Give action tenant number order=Order::Start look=Look::Primary text="Start restore"/></span>
        <span class="scripted">
            <Button kind="button" look=Look::Primary on:click=move |_| asking.set(true)>"Start restore"</Button>
        </span>
        <Dialog open=asking id="start" title actions=start>
            <ul class="points-list">
                <li>"Everything it touches is recorded first, so that you can undo it."</li>
                <li>{format!("Then {writes} go to Entra, {about} at best.")}</li>
                <li>"Every change is read back. What changed again in the meantime is kept and listed as a conflict."</li>
                <li>"You can pause or cancel at any moment; what was done is listed."</li>
            </ul>
        </Dialog>
    }
        .into_any()
}

#[component]
pub fn RunActions(tenant: String, number: i64, state: RestoreState, again: Callback<()>) -> impl IntoView {
    if !may(Action::Restore) {
        return ().into_any();
    }
    let action = steering(again);
    let (order, text) = match state {
        RestoreState::Paused => (Order::Resume, "Go on"),
        _ => (Order::Pause, "Pause"),
    };
    view! {
        <Give action tenant=tenant.clone() number order text/>
        <Give action tenant number order=Order::Cancel look=Look::Danger text="Cancel"/>
    }
    .into_any()
}

#[component]
pub fn OverActions(tenant: String, restore: RestoreView) -> impl IntoView {
    let action = Sending::to::<Undo>();
    let toasts = use_context::<Toasts>();
    Effect::new(move || {
        if let (Some(error), Some(toasts)) = (action.error(), toasts) {
            toasts.say(Tone::Bad, "No plan was made", error.message());
        }
    });
    let compare = paths::compare(&tenant, restore.to, restore.seen_at);
    let undo = (may(Action::Restore) && restore.before_image.is_some()).then(|| {
        view! {
            <SendForm to=action>
                <input type="hidden" name="tenant" value=tenant/>
                <input type="hidden" name="number" value=restore.number.to_string()/>
                <Button icon="undo-2" busy=action.pending()>"Undo"</Button>
            </SendForm>
        }
    });
    view! {
        <LinkButton href=compare look=Look::Quiet>"The comparison"</LinkButton>
        {undo}
    }
    .into_any()
}
