//! A capture killed at any moment leaves every published snapshot as it was, and the next one completes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::change::{Filter, Selection};
use domain::plan::{Outcome, RestoreState};
use graph_sim::Options;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

use crate::world::{Picture, World};

/// How many kills are tried unless `HOLDFAST_KILLS` says otherwise. Four of ten fall around the moment when
/// the snapshot is published.
const KILLS: usize = 100;

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

    // When it publishes, as far as is known: measured once, then corrected by each kill near it, because how fast
    // the machine is changes while the test runs.
    let begun = Instant::now();
    assert!(child(&world, &database.url).status().unwrap().success());
    let mut edge = begun.elapsed().as_secs_f64();
    truths.push(world.truth());

    let kills = std::env::var("HOLDFAST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let (mut killed, mut finished) = (0, 0);
    for n in 0..kills {
        world.control("POST", "/sim/random-changes", json!({"seed": rng.random::<u32>(), "count": 12})).await;
        let mut running = child(&world, &database.url).spawn().unwrap();
        let near = n % 10 < 4;
        let share = if near { rng.random_range(0.9..1.1) } else { rng.random_range(0.0..1.0) };
        // Not a wait for something to happen: the moment of the kill is what is tried.
        tokio::time::sleep(Duration::from_secs_f64(edge * share)).await;
        running.kill().unwrap();
        running.wait().unwrap();

        let published = world.store.tenant(world.tenant).await.unwrap().published as usize;
        if published > truths.len() {
            // It was through already.
            assert_eq!(published, truths.len() + 1);
            truths.push(world.truth());
            finished += 1;
            edge *= if near { 0.92 } else { 1.0 };
        } else {
            killed += 1;
            edge *= if near { 1.1 } else { 1.0 };
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
    println!("{kills} kills: {killed} before publishing, {finished} after");
    for (seq, truth) in (1..).zip(&truths) {
        world.stored(seq).await.assert_same(truth);
    }
    assert!(killed >= kills / 4 && finished > 0, "{killed} killed, {finished} finished: mind the timing");
}

/// So many people join between two captures: their rows take several statements and transactions.
const JOIN: usize = 700;

/// So many of those captures are killed on each database unless `HOLDFAST_KILLS` says otherwise.
const LARGE_KILLS: usize = 3;

async fn join(world: &World, round: usize) -> Vec<String> {
    let mut ids = Vec::with_capacity(JOIN);
    for n in 0..JOIN {
        let name = format!("joiner-{round}-{n}");
        let body = json!({
            "accountEnabled": true, "displayName": name, "mailNickname": name,
            "userPrincipalName": format!("{name}@contoso.example"),
            "passwordProfile": {"password": "Only-for-a-test-1"},
        });
        let (status, user) = world.sim.apply("POST", "/users", Some(body));
        assert_eq!(status, 201, "{user}");
        ids.push(user["id"].as_str().unwrap().to_owned());
    }
    ids
}

fn leave(world: &World, ids: &[String]) {
    for id in ids {
        for path in [format!("/users/{id}"), format!("/directory/deletedItems/{id}")] {
            // Some have left by themselves.
            assert!(matches!(world.sim.apply("DELETE", &path, None).0, 204 | 404), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_capture_killed_while_it_writes_many_new_people_is_followed_by_a_whole_one() {
    let seed = std::env::var("HOLDFAST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(9);
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let kills = std::env::var("HOLDFAST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(LARGE_KILLS);
    let mut written = 0;
    for database in testbed::databases() {
        let world = World::on(&database.url, crate::world::small(seed)).await;
        world.capture(true).await;
        let mut joined = Vec::new();
        // How long such a capture takes is measured where nobody kills it.
        joined.push(join(&world, 0).await);
        let begun = Instant::now();
        assert!(child(&world, &database.url).status().unwrap().success());
        let took = begun.elapsed().as_secs_f64();
        let (mut truth, mut published) = (world.truth(), 2);
        let mut killed = 0;
        for n in 1..=kills {
            world
                .control("POST", "/sim/random-changes", json!({"seed": rng.random::<u32>(), "count": 12}))
                .await;
            joined.push(join(&world, n).await);
            if let Some(leavers) = n.checked_sub(2).map(|earlier| std::mem::take(&mut joined[earlier])) {
                leave(&world, &leavers);
            }
            let objects = database.number("SELECT count(*) FROM object");
            let mut running = child(&world, &database.url).spawn().unwrap();
            // Not a wait for something to happen: the moment of the kill is what is tried.
            tokio::time::sleep(Duration::from_secs_f64(took * rng.random_range(0.4..1.0))).await;
            running.kill().unwrap();
            running.wait().unwrap();
            if world.store.tenant(world.tenant).await.unwrap().published == published {
                killed += 1;
                written += i64::from(database.number("SELECT count(*) FROM object") > objects);
                world.stored(published).await.assert_same(&truth);
            }
            let row = world.capture(n % 3 == 0).await;
            (truth, published) = (world.truth(), row.seq);
            world.stored(published).await.assert_same(&truth);
        }
        println!("{}: {kills} kills, {killed} before publishing", database.name);
    }
    println!("{written} of them amid new people");
    assert!(written > 0, "mind the timing");
}

/// The worker that is killed, in a process of its own. Does nothing unless the test below started it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_restore_that_is_killed() {
    let Ok(url) = std::env::var("HOLDFAST_KILL_RESTORE") else { return };
    World::worker_elsewhere(&url, &std::env::var("HOLDFAST_KILL_BASE").unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_restore_goes_on_where_it_stopped() {
    let seed = std::env::var("HOLDFAST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(8);
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut interrupted = 0;
    for n in 0..10 {
        let database = testbed::sqlite();
        let world = World::on(&database.url, crate::world::small(seed + n)).await;
        world.capture(true).await;
        let before = world.truth();
        world.control("POST", "/sim/random-changes", json!({"seed": seed + n, "count": 60})).await;
        let seen = world.capture(false).await;
        let number = world.plan(1, seen.seq, Selection::Everything(Filter::default())).await;
        for step in world.steps(number).await.iter().filter(|s| s.needs_confirmation) {
            world.backup.confirm_step(&world.actor, world.id(), number, step.number, true).await.unwrap();
        }
        world.backup.start_restore(&world.actor, world.id(), number).await.unwrap();

        let mut running = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::the_restore_that_is_killed"])
            .env("HOLDFAST_KILL_RESTORE", &database.url)
            .env("HOLDFAST_KILL_BASE", world.sim.base())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Not a wait for something to happen: the moment of the kill is what is tried.
        tokio::time::sleep(Duration::from_millis(rng.random_range(60..900))).await;
        running.kill().unwrap();
        running.wait().unwrap();
        interrupted += usize::from(!world.view(number).await.state.is_over());

        // The lease of the dead worker has run out.
        database.meddle("UPDATE job SET lease_until = 1 WHERE state = 'running'");
        world.work().await;
        let view = world.view(number).await;
        assert_eq!(view.state, RestoreState::Done, "{:?}", view.problem);
        let steps = world.steps(number).await;
        let others: Vec<_> = steps
            .iter()
            .filter(|s| !matches!(s.outcome, Outcome::Restored | Outcome::AlreadySo))
            .map(|s| format!("{} {}: {:?} {:?}", s.object_name, s.what, s.outcome, s.note))
            .collect();
        assert!(others.is_empty(), "{others:#?}");
        let after = world.truth();
        for (key, was) in &before.live {
            let now = after.live.get(key);
            assert_eq!(now.map(|n| n.get("displayName")), Some(was.get("displayName")), "{key:?}");
        }
        for link in &before.links {
            assert!(after.links.contains(link), "{link:?} is missing");
        }
    }
    println!("10 restores, {interrupted} interrupted");
    assert!(interrupted > 0, "mind the timing");
}
