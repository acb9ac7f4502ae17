use crate::world::{World, small};

#[tokio::test]
async fn a_first_capture_holds_all_that_the_directory_holds() {
    let world = World::new(small(1)).await;
    let snapshot = world.capture(true).await;
    assert_eq!(snapshot.seq, 1);
    world.stored(1).await.assert_same(&world.truth());
}

#[tokio::test]
async fn a_capture_without_changes_writes_nothing_but_its_own_row() {
    let world = World::new(small(2)).await;
    world.capture(true).await;
    let asked = world.sim.counters().requests;
    let second = world.capture(false).await;
    let asked = world.sim.counters().requests - asked;
    assert!(asked <= 20, "{asked} requests");
    assert!(!second.full);
    assert_eq!((second.created, second.updated, second.deleted), (0, 0, 0));
    world.stored(2).await.assert_same(&world.truth());
    let difference = world.store.difference(world.tenant, 1, 2).await.unwrap();
    assert!(difference.objects.is_empty() && difference.links.is_empty());
}

#[tokio::test]
async fn a_full_capture_of_the_same_directory_changes_nothing() {
    let world = World::new(small(3)).await;
    world.capture(true).await;
    let second = world.capture(true).await;
    assert!(second.full);
    assert_eq!((second.created, second.updated, second.deleted), (0, 0, 0));
    let difference = world.store.difference(world.tenant, 1, 2).await.unwrap();
    assert!(difference.objects.is_empty() && difference.links.is_empty(), "{difference:?}");
    world.stored(2).await.assert_same(&world.truth());
}
