//! A made-up restore, in each of its states.

use super::{ago, now, own, user};
use domain::{
    descriptor::Obstacle,
    plan::{Outcome, RestoreState, RestoreView, Stage, StepView, Tally, Unrestorable},
};

fn tally(total: i64, restored: i64, state: RestoreState) -> Tally {
    match state {
        RestoreState::Planned => Tally { pending: total, ..Tally::default() },
        state if state.is_over() => {
            Tally { restored: total - 2, already_so: 1, conflict: 1, ..Tally::default() }
        }
        _ => {
            let written = (total - restored).min(2);
            Tally { restored, written, pending: total - restored - written, ..Tally::default() }
        }
    }
}

pub fn restore(state: RestoreState) -> RestoreView {
    let stage = |stage, total, restored| (stage, tally(total, restored, state));
    let running = !matches!(state, RestoreState::Planned);
    RestoreView {
        number: 118,
        state,
        to: 2913,
        seen_at: 2914,
        asked_by: "Ana Ruiz".into(),
        planned_at: ago(5),
        started_at: running.then(|| ago(1)),
        ended_at: state.is_over().then(now),
        tally: tally(57, 38, state),
        writes: 39,
        estimate_s: 3,
        stages: vec![
            stage(Stage::Undelete, 3, 3),
            stage(Stage::Attributes, 13, 13),
            stage(Stage::Members, 40, 22),
        ],
        problem: None,
        missing_permissions: if running { vec![] } else { own(&["RoleManagement.ReadWrite.Directory"]) },
        before_image: running.then_some(2916),
        unrestorable: vec![Unrestorable {
            object: user(0),
            object_name: "Maya Okafor".into(),
            what: "Proxy addresses".into(),
            obstacle: Obstacle::Exchange,
        }],
        needs_confirmation: i64::from(!running),
    }
}

pub fn steps(state: RestoreState) -> Vec<StepView> {
    let step = |number, stage, name: &str, what: &str, now: &[&str], value: &[&str]| StepView {
        number,
        stage,
        object: user(number as u128),
        object_name: name.into(),
        what: what.into(),
        value: own(value),
        now: own(now),
        permission: "User.ReadWrite.All".into(),
        granted: true,
        warning: None,
        needs_confirmation: false,
        confirmed: false,
        outcome: if state == RestoreState::Planned { Outcome::Pending } else { Outcome::Restored },
        note: None,
    };
    let mut steps = vec![
        step(1, Stage::Undelete, "Jürgen Böhm", "Deleted user", &["In the recycle bin"], &["Active"]),
        step(2, Stage::Attributes, "Maya Okafor", "Account enabled", &["No"], &["Yes"]),
        step(3, Stage::Attributes, "Maya Okafor", "Job title", &[], &["Head of Treasury"]),
        step(4, Stage::Members, "Finance", "Member Maya Okafor", &[], &["Member"]),
        step(5, Stage::Members, "Finance", "Member Yuki Tanaka", &[], &["Member"]),
        step(6, Stage::Roles, "Global Administrator", "Assigned to svc-sync-02", &["Assigned"], &[]),
    ];
    if let Some(last) = steps.last_mut() {
        last.granted = false;
        last.permission = "RoleManagement.ReadWrite.Directory".into();
        last.needs_confirmation = true;
        last.warning = Some("It may have been a temporary assignment; confirm that it should go.".into());
    }
    if state.is_over() {
        steps[4].outcome = Outcome::AlreadySo;
        steps[5].outcome = Outcome::Conflict;
        steps[5].note = Some("Changed by Tom Idris at 15:50; what is there now was kept.".into());
    }
    steps
}
