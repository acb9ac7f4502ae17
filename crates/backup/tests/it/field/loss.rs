//! Silent loss: answers in which something is missing or odd.

use domain::capture::{Completeness, GapReason, ReadScope};
use domain::{Kind, LinkKind};
use serde_json::json;

use crate::world::{World, small};

/// Case 1, wherever the pages are cut.
#[tokio::test]
async fn a_title_that_was_cleared_stays_cleared_when_delta_repeats_the_user_without_it() {
    for place in ["samePage", "laterPage", "ownPage"] {
        let world = World::new(small(101)).await;
        let user = world.people().remove(0);
        world.capture(true).await;
        world.patch_user(&user, json!({"jobTitle": null, "department": "Night Shift"})).await;
        world
            .rules(json!({
                "match": {"method": "GET", "pathGlob": "/users/delta"},
                "action": {"type": "editItems", "id": user,
                           "duplicate": {"place": place, "removeProperty": ["jobTitle"]}},
            }))
            .await;
        let row = world.capture(false).await;
        assert_eq!(world.stored_attribute(row.seq, Kind::User, &user, "jobTitle").await, None, "{place}");
        world.stored(row.seq).await.assert_same(&world.truth());
        let changes = world.changes(1, row.seq).await;
        assert_eq!(changes.len(), 1, "{place}: {changes:#?}");
        assert_eq!(changes[0].attributes, 2);
    }
}

/// A relative of case 1: the second appearance is the older one in all it names.
#[tokio::test]
async fn a_user_who_changed_twice_within_a_capture_counts_once() {
    let world = World::new(small(102)).await;
    let user = world.people().remove(0);
    world.capture(true).await;
    world.patch_user(&user, json!({"department": "Night Shift"})).await;
    world
        .rules(json!({
            "match": {"method": "GET", "pathGlob": "/users/delta"},
            "action": {"type": "editItems", "id": user,
                       "duplicate": {"place": "laterPage", "keepOnly": ["id"], "set": {"city": "Turku"}}},
        }))
        .await;
    world.patch_user(&user, json!({"city": "Turku"})).await;
    let row = world.capture(false).await;
    let changes = world.changes(1, row.seq).await;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].attributes, 2, "both, though they came on two pages");
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// Case 21.
#[tokio::test]
async fn licenses_of_a_user_whose_part_of_a_batch_fails_are_not_lost() {
    let world = World::new(small(103)).await;
    let users = world.people();
    world.capture(true).await;
    let held = world.links_of(1, LinkKind::Licence).await;
    world.patch_user(&users[0], json!({"city": "Turku"})).await;
    world.patch_user(&users[1], json!({"city": "Turku"})).await;
    world
        .rules(json!({
            "match": {"inBatch": true, "id": users[0], "query": "licenseAssignmentStates"},
            "action": {"type": "status", "status": 500, "message": "UnknownError"},
        }))
        .await;
    let row = world.capture(false).await;
    assert_eq!(row.completeness, Completeness::Partial);
    let gap = row.gaps.iter().find(|g| g.scope == ReadScope::Relation(LinkKind::Licence)).unwrap();
    assert_eq!(gap.objects, Some(1));
    assert!(matches!(gap.reason, GapReason::Failed { status: 500, .. }), "{gap:?}");
    assert_eq!(world.links_of(row.seq, LinkKind::Licence).await, held);

    // The next capture reads them again, without waiting for a full read.
    world.well().await;
    let row = world.capture(false).await;
    assert!(!row.full);
    assert_eq!((row.completeness, row.gaps.len()), (Completeness::Complete, 0), "{:?}", row.gaps);
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// A relative of case 21: the licence itself changed while it could not be read.
#[tokio::test]
async fn a_license_taken_away_unseen_is_a_change_of_the_snapshot_that_sees_it() {
    let world = World::new(small(104)).await;
    let users = world.people();
    let sku = {
        let export = world.sim.export();
        let mine = export["licences"][&users[0]].as_array().unwrap().clone();
        mine.iter().find(|l| l["assignedByGroup"].is_null()).map(|l| l["skuId"].as_str().unwrap().to_owned())
    };
    let Some(sku) = sku else { panic!("the seed gives the user a license of their own") };
    world.capture(true).await;
    let path = format!("/users/{}/assignLicense", users[0]);
    world.apply("POST", &path, json!({"addLicenses": [], "removeLicenses": [sku]})).await;
    world
        .rules(json!({
            "match": {"inBatch": true, "id": users[0]},
            "action": {"type": "status", "status": 503},
        }))
        .await;
    let row = world.capture(false).await;
    assert_eq!(world.changes(1, row.seq).await, []);
    world.well().await;
    let row = world.capture(false).await;
    assert_eq!(world.changes(1, row.seq).await.len(), 1);
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// Case 41.
#[tokio::test]
async fn a_name_cut_in_the_middle_of_an_emoji_is_kept_as_far_as_it_can_be() {
    let world = World::new(small(105)).await;
    let users = world.people();
    let before = world.truth();
    world.patch_user(&users[0], json!({"displayName": "Kim Cut Here"})).await;
    world
        .rules(json!({"action": {"type": "rawReplace", "find": "Kim Cut Here", "with": "Kim \\ud83d"}}))
        .await;
    let first = world.capture(true).await;
    assert_eq!(first.completeness, Completeness::Complete);
    let name = world.stored_attribute(1, Kind::User, &users[0], "displayName").await;
    assert_eq!(name.as_deref(), Some("\"Kim \u{fffd}\""));
    let neighbours = world.stored(1).await;
    for (key, was) in before.live.iter().filter(|(key, _)| key.1 != users[0]) {
        assert_eq!(neighbours.live.get(key), Some(was));
    }
}

/// Case 43.
#[tokio::test]
async fn a_member_without_a_type_does_not_cost_its_neighbours_their_membership() {
    for edit in [json!({"removeProperty": ["@odata.type"]}), json!({"null": ["@odata.type"]})] {
        let world = World::new(small(106)).await;
        let (group, members) = world.group_of(3);
        let mut links = edit.clone();
        links["relation"] = "members".into();
        links["id"] = json!(members[0]);
        world
            .rules(json!({
                "match": {"reads": "delta"},
                "action": {"type": "editItems", "id": group, "replaceLinks": links},
            }))
            .await;
        let row = world.capture(true).await;
        world.stored(row.seq).await.assert_same(&world.truth());
    }
}

/// A relative of case 43: an entry that is no object at all.
#[tokio::test]
async fn a_member_entry_that_cannot_be_read_does_not_cost_its_neighbours_their_membership() {
    let world = World::new(small(107)).await;
    let (group, _) = world.group_of(3);
    world.capture(true).await;
    let odd = json!({"relation": "members", "add": [{"@odata.type": "#microsoft.graph.user", "id": null}]});
    world
        .rules(json!({
            "match": {"reads": "delta"},
            "action": {"type": "editItems", "id": group, "replaceLinks": odd},
        }))
        .await;
    let row = world.capture(true).await;
    world.stored(row.seq).await.assert_same(&world.truth());
    world.assert_nothing_changed(1, row.seq).await;
}

/// Case 48, wherever the pages are cut, and in a first capture as in a later one.
#[tokio::test]
async fn a_large_group_that_comes_in_slices_keeps_its_name_and_all_its_members() {
    for place in ["samePage", "laterPage", "ownPage"] {
        let world = World::new(small(108)).await;
        let (group, _) = world.group_of(3);
        let slices = json!({
            "match": {"reads": "delta", "pathContains": "/groups/delta"},
            "action": {"type": "editItems", "id": group,
                       "slice": {"relation": "members", "first": 1, "slices": 3, "place": place}},
        });
        world.rules(slices.clone()).await;
        for _ in 0..2 {
            let row = world.capture(true).await;
            world.stored(row.seq).await.assert_same(&world.truth());
        }
        world.assert_nothing_changed(1, 2).await;
    }
}
