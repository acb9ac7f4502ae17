//! A restore under way, or how it went: figures and stages.

use crate::{
    tenant::words,
    ui::{Badge, Card, Figure, Figures, Mark, Progress, Step, Steps, Tone, grouped, plural},
};
use domain::plan::{RestoreState, RestoreView, Tally};
use leptos::prelude::*;

#[component]
pub fn RunCard(restore: Signal<RestoreView>) -> impl IntoView {
    let done = Signal::derive(move || restore.with(|r| r.tally.finished()));
    let total = Signal::derive(move || restore.with(|r| r.tally.total()));
    let said = move || {
        let (done, total) = (done.get(), total.get());
        let verb = if restore.with(|r| r.state.is_over()) { "finished" } else { "restored and read back" };
        format!("{} of {} {verb}", grouped(done), grouped(total))
    };
    let percent = move || format!("{} %", done.get() * 100 / total.get().max(1));
    let written = move || restore.with(|r| plural(r.tally.written, "change", "changes"));
    view! {
        <Card class="run">
            <div class="body">
                <div class="row">
                    <b role="status">{said}</b>
                    <span class="muted num end">{percent}</span>
                </div>
                <Progress label="Restore" done total tall=true/>
                <Figures>
                    <Figure name="State">{move || restore.with(|r| words::restore_state(r.state).1)}</Figure>
                    <Figure name="Elapsed">{move || restore.with(elapsed)}</Figure>
                    <Figure name="Writes planned">{move || restore.with(|r| grouped(r.writes))}</Figure>
                    {move || {
                        (!restore.with(|r| r.state.is_over()))
                            .then(|| view! { <Figure name="Waiting for Entra to show it">{written}</Figure> })
                    }}
                    {move || restore.with(|r| r.tally.conflict > 0).then(|| view! { <Figure name="Conflicts, kept">{move || restore.with(|r| grouped(r.tally.conflict))}</Figure> })}
                    {move || restore.with(|r| r.tally.failed > 0).then(|| view! { <Figure name="Failed">{move || restore.with(|r| grouped(r.tally.failed))}</Figure> })}
                </Figures>
                <p class="scriptless small"><a class="link" href="">"See how far it is"</a></p>
            </div>
            {move || view! { <Stages restore=restore.get()/> }}
        </Card>
    }
}

fn elapsed(restore: &RestoreView) -> String {
    let Some(start) = restore.started_at else { return "–".to_owned() };
    match restore.ended_at {
        Some(end) => words::took((end - start).num_milliseconds()),
        None => crate::ui::relative(-crate::ui::seconds_since(start)).trim_end_matches(" ago").to_owned(),
    }
}

#[component]
fn Stages(restore: RestoreView) -> impl IntoView {
    let before = restore.before_image.map(|seq| {
        view! {
            <Step mark=Mark::Done title="Recorded how everything is now">
                <p>{format!("Snapshot {}. Undo puts it back to this.", words::number(seq))}</p>
            </Step>
        }
    });
    // A stage is under way when the ones before are finished and it has begun, or is the next.
    let mut current = restore.state == RestoreState::Running;
    let stages = restore
        .stages
        .iter()
        .filter(|(_, tally)| tally.total() > 0)
        .enumerate()
        .map(|(at, (stage, tally))| {
            let finished = tally.finished() == tally.total();
            let mark = match (finished, tally.failed + tally.conflict > 0) {
                (true, true) => Mark::Stuck,
                (true, false) => Mark::Done,
                (false, _) if current => Mark::Now,
                (false, _) => Mark::Later(at + 1),
            };
            if !finished {
                current = false;
            }
            let tally = *tally;
            view! {
                <Step mark title=stage.title() end=move || view! { <StageEnd tally mark/> }>
                    <p>{note(&tally)}</p>
                </Step>
            }
        })
        .collect_view();
    view! { <Steps label="Stages">{before}{stages}</Steps> }
}

#[component]
fn StageEnd(tally: Tally, mark: Mark) -> impl IntoView {
    let (tone, said) = match mark {
        Mark::Done => (Tone::Good, plural(tally.restored + tally.already_so, "restored", "restored")),
        Mark::Stuck | Mark::Failed => (
            Tone::Warn,
            format!("{} of {}", grouped(tally.restored + tally.already_so), grouped(tally.total())),
        ),
        Mark::Now => (Tone::Accent, format!("{} of {}", grouped(tally.finished()), grouped(tally.total()))),
        Mark::Later(_) => (Tone::Plain, plural(tally.total(), "step", "steps")),
    };
    view! { <Badge tone>{said}</Badge> }
}

fn note(tally: &Tally) -> String {
    let parts = [
        (tally.already_so, "already so"),
        (tally.written, "written, waiting for Entra to show it"),
        (tally.conflict, "changed again since, kept"),
        (tally.skipped, "skipped"),
        (tally.failed, "failed"),
    ];
    parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, said)| format!("{} {said}", grouped(count)))
        .collect::<Vec<_>>()
        .join(", ")
}
