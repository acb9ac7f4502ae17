//! The backup goes on.

use domain::Kind;
use domain::LinkKind;
use domain::capture::{Completeness, ReadScope};
use domain::change::Sort;
use serde_json::json;

use crate::world::{World, small};

/// Case 4: a list that never ends, in a first capture and in a later one.
#[tokio::test]
async fn a_list_without_end_is_left_and_read_another_way() {
    for content in ["empty", "same"] {
        let world = World::new(small(141)).await;
        let rule = json!({"match": {"pathContains": "/groups/delta"},
                          "action": {"type": "loop", "content": content}});
        world.capture(true).await;
        world.rules(rule).await;
        let row = world.capture(true).await;
        world.stored(row.seq).await.assert_same(&world.truth());
        world.assert_nothing_changed(1, row.seq).await;
    }
}

/// Case 7 and its relatives: whatever a cursor is refused with.
#[tokio::test]
async fn a_cursor_that_is_refused_for_good_leads_to_a_full_read_in_the_same_backup() {
    for (status, code) in
        [(404, "UnknownError"), (400, "Directory_InvalidToken"), (410, "Gone"), (400, ""), (405, "x")]
    {
        let world = World::new(small(142)).await;
        world.capture(true).await;
        let user = world.people().remove(0);
        world.patch_user(&user, json!({"city": "Turku"})).await;
        world
            .rules(json!({
                "match": {"pathContains": "/users/delta"},
                "when": {"limit": 1},
                "action": {"type": "refuseToken", "token": "cursor", "status": status, "code": code,
                           "message": "", "forGood": true},
            }))
            .await;
        let row = world.capture(false).await;
        world.stored(row.seq).await.assert_same(&world.truth());
        assert_eq!(world.changes(1, row.seq).await.len(), 1, "{status} {code}");
        let row = world.capture(false).await;
        assert_eq!(row.completeness, Completeness::Complete);
    }
}

/// Case 12.
#[tokio::test]
async fn a_place_that_is_lost_in_the_middle_of_what_changed_costs_nothing() {
    let world = World::new(small(143)).await;
    world.capture(true).await;
    let users = world.people();
    for user in users.iter().take(6) {
        world.patch_user(user, json!({"city": "Turku"})).await;
    }
    world
        .rules(json!([
            {"match": {"pathContains": "/users/delta", "query": "$skiptoken"}, "when": {"limit": 1},
             "action": {"type": "expirePageToken"}},
            {"match": {"pathContains": "/users/delta"}, "action": {"type": "splitPages", "size": 2}},
        ]))
        .await;
    let row = world.capture(false).await;
    world.stored(row.seq).await.assert_same(&world.truth());
    assert_eq!(world.changes(1, row.seq).await.len(), 6);
}

/// Case 26 and its relatives: one part fails for good, the others are published.
#[tokio::test]
async fn a_part_that_only_fails_is_named_and_the_others_are_published() {
    for (path, scope) in [
        ("/roleManagement/directory/roleAssignmentScheduleInstances", ReadScope::AssignmentTypes),
        ("/roleManagement/directory/roleAssignments", ReadScope::Relation(LinkKind::RoleAssignment)),
        ("/roleManagement/directory/roleDefinitions", ReadScope::Objects(Kind::Role)),
        ("/groups/delta", ReadScope::Objects(Kind::Group)),
        ("/directory/administrativeUnits/delta", ReadScope::Objects(Kind::AdministrativeUnit)),
    ] {
        let world = World::new(small(144)).await;
        world.capture(true).await;
        let user = world.people().remove(0);
        world.patch_user(&user, json!({"city": "Turku"})).await;
        world
            .rules(json!({"match": {"method": "GET", "pathGlob": path}, "action": {"type": "status", "status": 500}}))
            .await;
        let row = world.capture(false).await;
        assert_eq!(row.completeness, Completeness::Partial, "{path}");
        assert!(row.gaps.iter().any(|g| g.scope == scope), "{path}: {:?}", row.gaps);
        let changes = world.changes(1, row.seq).await;
        assert_eq!((changes.len(), changes[0].attributes), (1, 1), "{path}: {changes:#?}");
        world.well().await;
        let row = world.capture(false).await;
        assert_eq!(row.completeness, Completeness::Complete, "{path}: {:?}", row.gaps);
        assert_eq!(world.changes(1, row.seq).await.len(), 1, "{path}");
        world.stored(row.seq).await.assert_same(&world.truth());
    }
}

/// Case 27.
#[tokio::test]
async fn names_of_licenses_that_cannot_be_read_make_no_snapshot_partial() {
    let world = World::new(small(145)).await;
    world.capture(true).await;
    world
        .rules(json!({"match": {"pathGlob": "/subscribedSkus"}, "action": {"type": "status", "status": 500}}))
        .await;
    let row = world.capture(false).await;
    assert_eq!((row.completeness, row.gaps.len()), (Completeness::Complete, 0));
    world.assert_nothing_changed(1, row.seq).await;
}

/// Case 47.
#[tokio::test]
async fn a_deletion_is_shown_while_the_recycle_bin_cannot_be_read() {
    let world = World::new(small(146)).await;
    world.capture(true).await;
    let user = world.people().remove(0);
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world
        .rules(json!({"match": {"pathGlob": "/directory/deletedItems/**"}, "action": {"type": "status", "status": 500}}))
        .await;
    let row = world.capture(false).await;
    assert_eq!(row.completeness, Completeness::Partial);
    assert!(row.gaps.iter().any(|g| g.scope == ReadScope::RecycleBin(Kind::User)), "{:?}", row.gaps);
    let changes = world.changes(1, row.seq).await;
    assert_eq!((changes.len(), changes[0].sort), (1, Sort::Deleted), "{changes:#?}");
    world.well().await;
    let row = world.capture(false).await;
    assert_eq!(row.completeness, Completeness::Complete, "{:?}", row.gaps);
    world.stored(row.seq).await.assert_same(&world.truth());
}
