//! The engine's main path on each database: both must tell the same story.

use domain::change::{Filter, Selection};
use domain::plan::{Outcome, RestoreState};
use serde_json::json;

use crate::world::{World, small};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_is_captured_compared_and_restored_on_each_database() {
    for database in testbed::databases() {
        let world = World::on(&database.url, small(21)).await;
        world.capture(true).await;
        world.stored(1).await.assert_same(&world.truth());
        let before = world.truth();
        world.control("POST", "/sim/random-changes", json!({"seed": 21, "count": 80})).await;
        let damaged = world.truth();
        let seen = world.capture(false).await;
        world.stored(1).await.assert_same(&before);
        world.stored(seen.seq).await.assert_same(&damaged);
        // A full read of the same directory finds nothing that the incremental one had missed.
        let full = world.capture(true).await;
        assert_eq!((full.created, full.updated, full.deleted), (0, 0, 0), "{}", database.name);

        let (view, steps) = world.restore(1, full.seq, Selection::Everything(Filter::default())).await;
        assert_eq!(view.state, RestoreState::Done, "{}: {:?}", database.name, view.problem);
        let undone: Vec<_> =
            steps.iter().filter(|s| !matches!(s.outcome, Outcome::Restored | Outcome::AlreadySo)).collect();
        assert!(undone.is_empty(), "{}: {undone:#?}", database.name);
        for (key, was) in &before.live {
            assert!(world.truth().live.contains_key(key), "{}: {key:?} {was:?}", database.name);
        }
    }
}
