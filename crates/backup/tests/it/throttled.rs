//! Microsoft asks to come again later: nothing is asked before, nothing is lost, and the page says until when.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::change::{Filter, Selection};
use domain::plan::{Outcome, RestoreState};
use domain::view::JobState;
use serde_json::json;

use crate::world::{World, small};

const HALF_AN_HOUR: i64 = 1800;

/// So many minutes from now.
#[derive(Debug)]
struct In(i64);

impl backup::Clock for In {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::minutes(self.0)
    }
}

/// Every request like this is refused for so many seconds.
async fn refuse(world: &World, method: &str, path: &str, seconds: i64) {
    let rule = json!([{
        "match": {"method": method, "pathContains": path},
        "action": {"type": "status", "status": 429, "code": "TooManyRequests",
                   "retryAfter": "seconds", "retrySeconds": seconds},
    }]);
    world.control("POST", "/sim/faults", rule).await;
}

async fn relent(world: &World) {
    world.control("DELETE", "/sim/faults", json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_to_come_again_in_half_an_hour_does_so() {
    let world = World::new(small(61)).await;
    refuse(&world, "GET", "/delta", HALF_AN_HOUR).await;
    let job = world.backup.back_up_now(&world.actor, world.id()).await.unwrap();
    assert!(world.backup.run_due().await.unwrap());

    let view = world.backup.job(&world.actor, world.id(), job).await.unwrap();
    assert_eq!(view.state, JobState::Queued);
    let due = Utc::now() + TimeDelta::seconds(HALF_AN_HOUR);
    let minutes = [due, due - TimeDelta::minutes(1)].map(|at| at.format("%-d %B %Y, %H:%M").to_string());
    let named = minutes.iter().any(|at| view.phase.starts_with(&format!("Waiting until {at}:")));
    assert!(named, "{}", view.phase);
    assert!(view.phase.contains("Microsoft is limiting requests"), "{}", view.phase);

    // Neither this server's workers nor another's ask again, and whoever presses gets the same backup.
    let asked = world.sim.counters().requests;
    assert_eq!(world.backup.back_up_now(&world.actor, world.id()).await.unwrap(), job);
    assert!(!world.backup.run_due().await.unwrap());
    assert!(!world.at(Arc::new(In(29))).run_due().await.unwrap());
    assert_eq!(world.sim.counters().requests, asked);

    // Refused for longer than any fault is borne, it still does not fail.
    for round in 1..8 {
        assert!(world.at(Arc::new(In(30 * round + 1))).run_due().await.unwrap());
        let view = world.backup.job(&world.actor, world.id(), job).await.unwrap();
        assert_eq!(view.state, JobState::Queued, "{:?}", view.problem);
    }
    relent(&world).await;
    assert!(world.at(Arc::new(In(300))).run_due().await.unwrap());
    let view = world.backup.job(&world.actor, world.id(), job).await.unwrap();
    assert_eq!(view.state, JobState::Done, "{:?}", view.problem);
    world.stored(1).await.assert_same(&world.truth());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_whose_writes_are_to_come_again_later_loses_none() {
    let world = World::new(small(62)).await;
    world.capture(true).await;
    let before = world.truth();
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let seen = world.capture(false).await;
    let number = world.plan(1, seen.seq, Selection::Everything(Filter::default())).await;
    for step in world.steps(number).await.iter().filter(|s| s.needs_confirmation) {
        world.backup.confirm_step(&world.actor, world.id(), number, step.number, true).await.unwrap();
    }
    world.backup.start_restore(&world.actor, world.id(), number).await.unwrap();
    refuse(&world, "PATCH", "/groups/", HALF_AN_HOUR).await;
    refuse(&world, "POST", "/groups/", HALF_AN_HOUR).await;

    assert!(world.backup.run_due().await.unwrap());
    let view = world.view(number).await;
    assert_eq!(view.state, RestoreState::Running, "{:?}", view.problem);
    let steps = world.steps(number).await;
    assert!(steps.iter().any(|s| s.outcome == Outcome::Pending), "{steps:#?}");
    assert!(steps.iter().all(|s| s.outcome != Outcome::Failed), "{steps:#?}");
    let asked = world.sim.counters().requests;
    assert!(!world.backup.run_due().await.unwrap());
    assert_eq!(world.sim.counters().requests, asked);

    relent(&world).await;
    assert!(world.at(Arc::new(In(31))).run_due().await.unwrap());
    let view = world.view(number).await;
    assert_eq!(view.state, RestoreState::Done, "{:?}", view.problem);
    let others: Vec<_> =
        world.steps(number).await.into_iter().filter(|s| s.outcome != Outcome::Restored).collect();
    assert!(others.is_empty(), "{others:#?}");
    world.truth().assert_same(&before);
}
