//! What is chosen, and what comes of it.

use super::Choices;
use crate::{
    ui::{Badge, Bar, Button, Callout, Look, Tone, grouped, plural},
    wire::Sending,
};
use domain::{
    change::{Choice, Sort},
    view::ComparePage as Changes,
};
use leptos::prelude::*;

/// Why no plan was made.
#[component]
pub fn Refusal(plan: Sending) -> impl IntoView {
    let refused = move || plan.error();
    move || {
        refused().map(|error| {
            let text = error.message().to_owned();
            view! { <div class="stack above-bar"><Callout tone=Tone::Bad title="No plan was made">{text}</Callout></div> }
        })
    }
}

#[component]
pub fn ChosenBar(page: Changes, plan: Sending) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let many = page.next.is_some() || page.shown > page.rows.len() as i64;
    let shown = page.shown;
    let keys: Vec<String> = page
        .rows
        .iter()
        .filter(|row| row.sort != Sort::Created)
        .map(|row| Choice::Object(row.object).to_string())
        .collect();
    let all = move |_| {
        choices.0.update(|chosen| {
            if many {
                *chosen = Default::default();
                chosen.everything = true;
            } else {
                keys.iter().for_each(|key| chosen.set_whole(key, true));
            }
        });
    };
    let none = move || choices.0.with(|chosen| chosen.is_empty());
    let said = move || {
        let (everything, (whole, parts)) = choices.0.with(|chosen| (chosen.everything, chosen.counts()));
        match (everything, whole, parts) {
            (true, ..) => format!("Everything shown is chosen: {}", plural(shown, "object", "objects")),
            (_, 0, 0) => "Nothing is chosen".to_owned(),
            (_, whole, 0) => format!("{} chosen", plural(whole, "object", "objects")),
            (_, 0, parts) => format!("{} chosen", plural(parts, "change", "changes")),
            (_, whole, parts) => {
                format!(
                    "{} and {} chosen",
                    plural(whole, "object", "objects"),
                    plural(parts, "change", "changes")
                )
            }
        }
    };
    let created = page.tallies.iter().map(|tally| tally.created).sum::<i64>();
    // Before a script runs the button has to work: what is ticked goes with the form.
    let scripted = RwSignal::new(false);
    Effect::new(move || scripted.set(true));
    view! {
        <Bar
            label="What is chosen"
            actions=move || {
                view! {
                    <Button kind="button" look=Look::Quiet disabled=Signal::derive(none) on:click=move |_| choices.clear()>
                        "Clear"
                    </Button>
                    <Button look=Look::Primary disabled=Signal::derive(move || scripted.get() && none()) busy=plan.pending()>
                        "Review the plan"
                    </Button>
                }
            }
        >
            <b role="status">{said}</b>
            <button type="button" class="link plain" on:click=all>"Choose everything shown"</button>
            {(created > 0)
                .then(|| view! { <Badge>{format!("{} created since will stay", grouped(created))}</Badge> })}
        </Bar>
    }
}
