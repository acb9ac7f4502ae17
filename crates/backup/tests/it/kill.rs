//! A capture killed at any moment leaves every published snapshot as it was, and the next one completes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use graph_sim::Options;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

use crate::world::{Picture, World};

const KILLS: usize = 100;
/// Of them, so many fall where the snapshot is being published.
const AT_THE_END: usize = 30;

/// The capture that is killed, in a process of its own. Does nothing unless the test below started it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_capture_that_is_killed() {
    let Ok(url) = std::env::var("HOLDFAST_KILL_DATABASE") else { return };
    let told = |name: &str| std::env::var(name).unwrap();
    let (base, directory) = (told("HOLDFAST_KILL_BASE"), told("HOLDFAST_KILL_DIRECTORY"));
    World::capture_elsewhere(
        &url,
        &base,
        &directory,
        &told("HOLDFAST_KILL_CLIENT"),
        &told("HOLDFAST_KILL_SECRET"),
    )
    .await;
}

fn child(world: &World, url: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "kill::the_capture_that_is_killed"])
        .env("HOLDFAST_KILL_DATABASE", url)
        .env("HOLDFAST_KILL_BASE", world.sim.base())
        .env("HOLDFAST_KILL_DIRECTORY", world.sim.tenant_id())
        .env("HOLDFAST_KILL_CLIENT", world.sim.client_id())
        .env("HOLDFAST_KILL_SECRET", world.sim.client_secret())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_capture_harms_no_published_snapshot() {
    let seed = std::env::var("HOLDFAST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(7);
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let database = testbed::sqlite();
    let world =
        World::on(&database.url, Options { users: 400, groups: 50, members: 10, seed, ..Options::default() })
            .await;
    let mut truths: Vec<Picture> = Vec::new();
    world.capture(true).await;
    truths.push(world.truth());

    // How long an undisturbed one takes here and now.
    let begun = Instant::now();
    assert!(child(&world, &database.url).status().unwrap().success());
    let took = begun.elapsed();
    truths.push(world.truth());

    let (mut killed, mut finished) = (0, 0);
    for n in 0..KILLS {
        world.control("POST", "/sim/random-changes", json!({"seed": rng.random::<u32>(), "count": 12})).await;
        let mut running = child(&world, &database.url).spawn().unwrap();
        let share = if n < AT_THE_END { rng.random_range(0.75..1.1) } else { rng.random_range(0.0..1.1) };
        // Not a wait for something to happen: the moment of the kill is what is tried.
        tokio::time::sleep(Duration::from_secs_f64(took.as_secs_f64() * share)).await;
        running.kill().unwrap();
        running.wait().unwrap();

        let published = world.store.tenant(world.tenant).await.unwrap().published as usize;
        if published > truths.len() {
            // It was through already.
            assert_eq!(published, truths.len() + 1);
            truths.push(world.truth());
            finished += 1;
        } else {
            killed += 1;
        }
        // The newest and a random older one; all of them at the end.
        for seq in [published, rng.random_range(1..=published)] {
            world.stored(seq as i64).await.assert_same(&truths[seq - 1]);
        }
        if n % 4 == 3 {
            world.capture(n % 8 == 7).await;
            truths.push(world.truth());
        }
    }
    println!("{KILLS} kills: {killed} before publishing, {finished} after");
    for (seq, truth) in (1..).zip(&truths) {
        world.stored(seq).await.assert_same(truth);
    }
    assert!(killed >= KILLS / 4 && finished > 0, "{killed} killed, {finished} finished: mind the timing");
}
