//! A database that the version before typed profiles and gaps made, with holes in its object numbers: it opens,
//! heals, and what it says about its old snapshots is right. How the fixture was made stands beside it.

use std::path::Path;

use domain::capture::{GapReason, ReadScope};
use domain::change::{Filter, Sort};
use domain::view::{ComparePage, Completeness, KindTally};
use domain::{Kind, LinkKind};
use graph_sim::Options;
use testbed::Database;

use crate::world::World;

/// The directory that the fixture's tenant is, with as much in it as the fixture's had.
fn directory() -> Options {
    Options { users: 24, groups: 8, members: 3, seed: 88, ..Options::default() }
}

fn databases() -> Vec<Database> {
    testbed::databases_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/earlier"))
}

async fn compared(world: &World, from: i64, to: i64) -> ComparePage {
    world.backup.compare(&world.actor, world.id(), from, to, &Filter::default(), None).await.unwrap()
}

fn total(page: &ComparePage) -> i64 {
    page.tallies.iter().map(KindTally::total).sum()
}

fn scopes(page: &ComparePage) -> Vec<ReadScope> {
    page.not_compared.iter().map(|part| part.scope).collect()
}

/// How many numbers below the highest no object has.
fn holes(database: &Database) -> i64 {
    database.number("SELECT MAX(num) - COUNT(*) FROM object")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_snapshots_differ_only_by_what_was_changed() {
    for database in databases() {
        let world = World::of_earlier(&database.url, directory()).await;
        // Between the first two, the permission for hidden members was granted and nothing was changed.
        let granted = compared(&world, 1, 2).await;
        assert_eq!(total(&granted), 0, "{}: {:?}", database.name, granted.rows);
        let hidden = granted
            .not_compared
            .iter()
            .find(|part| part.scope == ReadScope::HiddenMembers(LinkKind::Member))
            .unwrap();
        let permission = "Member.Read.Hidden".to_owned();
        assert_eq!(hidden.reason, Some(GapReason::PermissionMissing { permission }));
        // Then one person was given another title.
        let moved = compared(&world, 2, 3).await;
        assert_eq!(total(&moved), 1, "{}: {:?}", database.name, moved.rows);
        assert_eq!((moved.rows[0].object.kind, moved.rows[0].sort), (Kind::User, Sort::Updated));
        assert_eq!(
            (moved.rows[0].attributes, moved.rows[0].links_added, moved.rows[0].links_removed),
            (1, 0, 0)
        );
        // Then the permission for hidden members was taken away; units are still read by their write permission.
        let revoked = compared(&world, 3, 4).await;
        assert_eq!(total(&revoked), 0, "{}: {:?}", database.name, revoked.rows);
        assert!(scopes(&revoked).contains(&ReadScope::HiddenMembers(LinkKind::UnitMember)));
        assert!(!scopes(&revoked).contains(&ReadScope::Objects(Kind::AdministrativeUnit)));
        // Over all of them, from either side.
        for (from, to) in [(1, 4), (4, 1)] {
            let all = compared(&world, from, to).await;
            assert_eq!(total(&all), 1, "{}: {:?}", database.name, all.rows);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_old_snapshots_could_not_read_is_shown_by_its_scope() {
    for database in databases() {
        let world = World::of_earlier(&database.url, directory()).await;
        let rows = world.backup.snapshots(&world.actor, world.id(), None).await.unwrap();
        let third = rows.iter().find(|row| row.seq == 3).unwrap();
        assert_eq!(third.completeness, Completeness::Partial);
        let gaps: Vec<_> =
            third.gaps.iter().map(|gap| (gap.scope, gap.reason.clone(), gap.objects)).collect();
        assert_eq!(
            gaps,
            [
                (ReadScope::AssignmentTypes, GapReason::Unknown, None),
                (ReadScope::RecycleBin(Kind::Group), GapReason::Unknown, None),
            ],
            "{}",
            database.name
        );
        let page = compared(&world, 2, 3).await;
        assert!(scopes(&page).contains(&ReadScope::RecycleBin(Kind::Group)), "{:?}", page.not_compared);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holes_that_a_killed_capture_left_do_no_harm_and_heal() {
    for database in databases() {
        let world = World::of_earlier(&database.url, directory()).await;
        assert!(holes(&database) > 0, "{}", database.name);
        let before = world.stored(4).await;
        let row = world.capture(true).await;
        assert_eq!(row.seq, 5);
        assert_eq!(holes(&database), 0, "{}", database.name);
        world.stored(4).await.assert_same(&before);
        let old = compared(&world, 1, 4).await;
        assert_eq!(total(&old), 1, "{}: {:?}", database.name, old.rows);
        world.capture(false).await;
    }
}
