//! Comparisons say what happened and nothing else: random worlds, polite and rough, while permissions come and
//! go, held against the simulator's own record.
//!
//! `HOLDFAST_RANDOM_WORLDS` says how many seeds are tried, `HOLDFAST_RANDOM_SEED` with which they begin. Each
//! seed makes four worlds: both manners on both databases.

mod hits;
mod oracle;
mod said;
mod scene;

use domain::capture::{NotCompared, ReadScope};
use domain::change::{Filter, Selection, Sort};
use graph_sim::Manners;

use hits::Hits;
use oracle::{Expected, Item};
use said::Said;
use scene::{Moment, Scene};

/// Seeds that are tried unless somebody says otherwise.
const SEEDS: u64 = 2;
/// Seeds from which on everything must have been met often enough.
const MANY: u64 = 100;
/// Snapshots after the first.
const ROUNDS: u64 = 3;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comparisons_say_what_happened_and_nothing_else() {
    let (count, first) = (setting("HOLDFAST_RANDOM_WORLDS", SEEDS), setting("HOLDFAST_RANDOM_SEED", 1));
    let mut hits = Hits::default();
    let mut wrong: Vec<String> = Vec::new();
    for seed in first..first + count {
        for manners in [Manners::Polite, Manners::Rough] {
            let mut running = tokio::task::JoinSet::new();
            for database in testbed::databases() {
                running.spawn(async move { one(database, seed, manners).await });
            }
            while let Some(done) = running.join_next().await {
                match done {
                    Ok((met, said)) => {
                        hits.add(met);
                        wrong.extend(said);
                    }
                    Err(failed) => wrong.push(format!("seed {seed} {manners:?}: {failed}")),
                }
            }
        }
    }
    hits.print(count);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    if count >= MANY {
        hits.assert_enough(20);
    }
}

/// One world: snapshots with changes between them, then every comparison of two of them.
async fn one(database: testbed::Database, seed: u64, manners: Manners) -> (Hits, Vec<String>) {
    let name = format!("seed {seed} {manners:?} on {}", database.name);
    let mut scene = Scene::new(&database.url, seed, manners).await;
    let mut moments = vec![scene.capture().await];
    for round in 0..ROUNDS {
        scene.change(round).await;
        if round + 1 == ROUNDS {
            scene.close_audit_log();
        }
        moments.push(scene.capture().await);
    }
    let mut hits = Hits::default();
    hits.faults(&scene.end_of_manners().await);
    let mut wrong = Vec::new();
    let mut pairs: Vec<(usize, usize)> = (1..moments.len()).map(|n| (n - 1, n)).collect();
    pairs.push((0, moments.len() - 1));
    for (a, b) in pairs {
        let (from, to) = (&moments[a], &moments[b]);
        let place = format!("{name}, {} to {}", from.row.seq, to.row.seq);
        let expected = Expected::between(&scene.world.sim, from, to);
        let said = Said::of(&scene.world, from.row.seq, to.row.seq).await;
        wrong.extend(judge(&expected, &said, &mut hits).into_iter().map(|w| format!("{place}: {w}")));
        if manners == Manners::Polite && from.granted == to.granted {
            let purged = expected.purged;
            let left = said.not_compared.iter().filter(|n| !is_of_purged(n, purged) && !is_closed(n, from));
            let left: Vec<_> = left.collect();
            if !left.is_empty() {
                wrong.push(format!("{place}: not compared {left:?}"));
            }
        }
        if b == a + 1 {
            wrong.extend(counts(&said, to).into_iter().map(|w| format!("{place}: {w}")));
        }
    }
    let last = moments.len() - 1;
    wrong.extend(
        plan(&scene, &moments[last - 1], &moments[last]).await.into_iter().map(|w| format!("{name}: {w}")),
    );
    (hits, wrong)
}

/// What nobody sees any more is believed gone by the capture after the next.
fn is_of_purged(n: &NotCompared, purged: i64) -> bool {
    matches!(n.scope, ReadScope::Objects(_)) && n.objects.is_some_and(|objects| objects <= purged)
}

/// The recycle bin of custom roles does not open for `Directory.Read.All`.
/// Source: Microsoft's permission table, `/roleManagement/directory/deletedItems/roleDefinitions`.
fn is_closed(n: &NotCompared, moment: &Moment) -> bool {
    n.scope == ReadScope::RecycleBin(domain::Kind::Role)
        && !moment.granted.iter().any(|permission| permission.starts_with("RoleManagement.Read"))
}

/// Everything that is said and did not happen, and everything that happened and is not said.
fn judge(expected: &Expected, said: &Said, hits: &mut Hits) -> Vec<String> {
    let mut wrong: Vec<String> = said
        .items
        .iter()
        .filter(|item| !expected.allows(item, &said.not_compared))
        .map(|item| format!("false {item:?}"))
        .collect();
    for item in &expected.required {
        if said.items.contains(item) || said.tells_deletion_otherwise(item) {
            hits.said(item, expected);
        } else if said.names(item, expected) {
            hits.named(item, expected);
        } else {
            wrong.push(format!("missed {item:?}; not compared {:?}", said.not_compared));
        }
    }
    wrong.extend(said.problems.iter().cloned());
    wrong
}

/// The counts of a snapshot are the rows of its comparison with the one before it.
fn counts(said: &Said, to: &Moment) -> Vec<String> {
    let of = |sorts: &[Sort]| said.rows.values().filter(|sort| sorts.contains(sort)).count() as i64;
    let rows = (
        of(&[Sort::Created, Sort::Restored]),
        of(&[Sort::Updated]),
        of(&[Sort::Deleted, Sort::PermanentlyDeleted]),
    );
    let row = (to.row.created, to.row.updated, to.row.deleted);
    if rows == row { Vec::new() } else { vec![format!("rows {rows:?} but the snapshot counts {row:?}")] }
}

/// A plan of everything is about the rows of the comparison and the ends of its links: what comes back with a deleted
/// object is written where the link begins.
async fn plan(scene: &Scene, from: &Moment, to: &Moment) -> Vec<String> {
    let world = &scene.world;
    let said = Said::of(world, from.row.seq, to.row.seq).await;
    let number = world.plan(from.row.seq, to.row.seq, Selection::Everything(Filter::default())).await;
    let unrestorable = world.view(number).await.unrestorable;
    let steps = world.steps(number).await;
    let planned: std::collections::BTreeSet<_> =
        steps.iter().map(|s| s.object).chain(unrestorable.iter().map(|u| u.object)).collect();
    let mut wrong: Vec<String> = planned
        .iter()
        .filter(|object| !said.rows.contains_key(object) && !said.links(object.id))
        .map(|object| format!("the plan has {object}, the comparison has not"))
        .collect();
    let changed = said.rows.iter().filter(|(object, sort)| match sort {
        Sort::Created => false,
        Sort::Updated => said.has_attributes(object),
        Sort::Deleted | Sort::PermanentlyDeleted | Sort::Restored => true,
    });
    wrong.extend(
        changed
            .filter(|(object, _)| !planned.contains(object))
            .map(|(object, sort)| format!("the plan leaves out {object}, {sort:?}")),
    );
    wrong
}

/// The scopes under which a part that was not compared may be named.
fn scopes(item: &Item, expected: &Expected) -> Vec<ReadScope> {
    match item {
        Item::Life { object, .. } => {
            vec![ReadScope::Objects(object.kind), ReadScope::RecycleBin(object.kind)]
        }
        Item::Attribute { object, .. } => {
            vec![ReadScope::Objects(object.kind), ReadScope::Attributes(object.kind)]
        }
        Item::Link { kind, source, target, .. } => {
            let ends = [*source, *target].into_iter().filter_map(|end| expected.kind(end));
            let mut all: Vec<ReadScope> = ends.map(ReadScope::Objects).collect();
            all.extend([
                ReadScope::Relation(*kind),
                ReadScope::HiddenMembers(*kind),
                ReadScope::AssignmentTypes,
            ]);
            all
        }
    }
}
