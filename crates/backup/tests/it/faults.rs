//! Faults at the rates at which four published clients lose data or give up: every 41st request is
//! throttled, every 37th finds the service unavailable, every 53rd body is cut.

use graph_sim::Options;
use serde_json::json;

use crate::world::World;

const SEEDS: u64 = 20;

async fn trouble(world: &World) {
    world
        .control(
            "POST",
            "/sim/faults",
            json!([
                {"match": {"pathContains": "/v1.0/"}, "when": {"every": 41},
                 "action": {"type": "status", "status": 429, "retryAfter": "fractional", "retrySeconds": 0.05}},
                {"match": {"pathContains": "/v1.0/"}, "when": {"every": 37},
                 "action": {"type": "status", "status": 503, "html": true}},
                {"match": {"pathContains": "/v1.0/"}, "when": {"every": 53}, "action": {"type": "truncate"}},
            ]),
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_faults_nothing_is_missing_and_nothing_is_there_twice() {
    let (mut clean, mut troubled) = (0, 0);
    for seed in 1..=SEEDS {
        let options = || Options { users: 1_500, groups: 120, members: 10, seed, ..Options::default() };
        let quiet = World::new(options()).await;
        quiet.capture(true).await;
        clean += quiet.sim.counters().requests;

        let world = World::new(options()).await;
        trouble(&world).await;
        world.capture(true).await;
        troubled += world.sim.counters().requests;
        world.stored(1).await.assert_same(&world.truth());
        // Small captures in a row shift the faults to other requests.
        for round in 0..3 {
            world
                .control("POST", "/sim/random-changes", json!({"seed": seed * 10 + round, "count": 20}))
                .await;
            let row = world.capture(false).await;
            world.stored(row.seq).await.assert_same(&world.truth());
        }
    }
    println!("{SEEDS} seeds: {troubled} requests under faults, {clean} without");
    assert!(troubled as f64 <= clean as f64 * 1.3, "{troubled} requests instead of {clean}");
}

#[tokio::test]
async fn an_expired_cursor_leads_to_a_full_read() {
    let world = World::new(crate::world::small(31)).await;
    world.capture(true).await;
    for body in [json!({}), json!({"badRequest": true})] {
        world.control("POST", "/sim/random-changes", json!({"seed": 31, "count": 20})).await;
        world.control("POST", "/sim/delta-reset", body).await;
        let row = world.capture(false).await;
        world.stored(row.seq).await.assert_same(&world.truth());
    }
}

#[tokio::test]
async fn losing_sight_is_not_a_deletion() {
    let world = World::new(crate::world::small(32)).await;
    world.capture(true).await;
    let groups = world.stored(1).await;
    world
        .control(
            "POST",
            "/sim/permissions",
            json!({"revoke": ["Group.Read.All", "Group.ReadWrite.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All",
                              "Directory.Read.All", "Directory.ReadWrite.All"]}),
        )
        .await;
    let row = world.capture(true).await;
    assert_eq!(row.completeness, domain::view::Completeness::Partial);
    assert!(row.missing.iter().any(|m| m == "groups"), "{:?}", row.missing);
    assert_eq!(row.deleted, 0);
    world.stored(row.seq).await.assert_same(&groups);
}
