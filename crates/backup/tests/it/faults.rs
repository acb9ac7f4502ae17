//! Faults at the rates at which four published clients lose data or give up: every 41st request is
//! throttled, every 37th finds the service unavailable, every 53rd body is cut.

use domain::Kind;
use domain::capture::ReadScope;
use graph_sim::Options;
use serde_json::json;

use crate::world::World;

/// How many seeds are tried unless `HOLDFAST_FAULT_SEEDS` says otherwise.
const SEEDS: u64 = 20;

async fn trouble(world: &World) {
    world
        .control(
            "POST",
            "/sim/faults",
            json!([
                {"match": {}, "when": {"every": 41},
                 "action": {"type": "status", "status": 429, "retryAfter": "fractional", "retrySeconds": 0.05}},
                {"match": {}, "when": {"every": 37},
                 "action": {"type": "status", "status": 503, "html": "<html>Service unavailable</html>"}},
                {"match": {}, "when": {"every": 53}, "action": {"type": "truncate"}},
            ]),
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_faults_nothing_is_missing_and_nothing_is_there_twice() {
    let seeds = std::env::var("HOLDFAST_FAULT_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let (mut clean, mut troubled, mut faulted) = (0, 0, 0);
    for seed in 1..=seeds {
        for under_faults in [false, true] {
            let world =
                World::new(Options { users: 300, groups: 40, members: 10, seed, ..Options::default() }).await;
            if under_faults {
                trouble(&world).await;
            }
            world.capture(true).await;
            // More captures of either sort bring the faults to every sort of request.
            for round in 0..5 {
                world
                    .control("POST", "/sim/random-changes", json!({"seed": seed * 10 + round, "count": 20}))
                    .await;
                let row = world.capture(round % 2 == 1).await;
                world.stored(row.seq).await.assert_same(&world.truth());
            }
            let counters = world.sim.counters();
            if under_faults {
                troubled += counters.requests;
                faulted += counters.faulted;
            } else {
                clean += counters.requests;
            }
        }
    }
    println!("{seeds} seeds: {troubled} requests under {faulted} faults, {clean} without");
    assert!(faulted >= seeds * 5, "only {faulted} faults");
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
    assert!(row.gaps.iter().any(|g| g.scope == ReadScope::Objects(Kind::Group)), "{:?}", row.gaps);
    assert_eq!(row.deleted, 0);
    world.stored(row.seq).await.assert_same(&groups);
}
