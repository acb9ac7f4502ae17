//! What cannot be seen is no change.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::capture::{Completeness, GapReason, ReadScope};
use domain::change::{Choice, ObjectRef, Selection, Sort};
use domain::{Kind, LinkKind};
use serde_json::json;

use crate::world::{World, small};

use super::READERS;

/// So many minutes from now.
#[derive(Debug)]
struct In(i64);

impl backup::Clock for In {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::minutes(self.0)
    }
}

fn hidden(world: &World) -> usize {
    let export = world.sim.export();
    let groups = export["groups"].as_array().unwrap();
    let of = |id: &str| export["members"][id].as_array().map_or(0, Vec::len);
    groups
        .iter()
        .filter(|g| g["visibility"] == "HiddenMembership")
        .map(|g| of(g["id"].as_str().unwrap()))
        .sum()
}

/// Cases 18 and, the other way round, 50; both by reading what changed and by reading everything.
#[tokio::test]
async fn hidden_members_that_the_app_may_no_longer_see_are_not_removed() {
    for full in [false, true] {
        let world = World::new(small(111)).await;
        world.hold(READERS).await;
        assert!(hidden(&world) > 0, "the seed has a hidden group");
        world.capture(true).await;
        let held = world.links_of(1, LinkKind::Member).await;
        world.hold_without(&["Member.Read.Hidden"]).await;
        let row = world.capture(full).await;
        assert_eq!(row.completeness, Completeness::Partial);
        let named = row.gaps.iter().find(|g| g.scope == ReadScope::HiddenMembers(LinkKind::Member)).unwrap();
        assert_eq!(named.reason.permission(), Some("Member.Read.Hidden"));
        assert_eq!(world.links_of(row.seq, LinkKind::Member).await, held);
        world.assert_nothing_changed(1, row.seq).await;

        // Seen again, they are where they were.
        world.hold(READERS).await;
        let row = world.capture(full).await;
        assert_eq!(row.completeness, Completeness::Complete, "{:?}", row.gaps);
        world.assert_nothing_changed(1, row.seq).await;
        world.assert_nothing_changed(2, row.seq).await;
        world.stored(row.seq).await.assert_same(&world.truth());
    }
}

/// Case 50: what was granted between two snapshots shows members that were there all along.
#[tokio::test]
async fn granting_a_permission_is_no_reason_to_empty_a_hidden_group() {
    let world = World::new(small(112)).await;
    world.hold_without(&["Member.Read.Hidden"]).await;
    let first = world.capture(true).await;
    assert_eq!(first.completeness, Completeness::Partial);
    world.hold(READERS).await;
    let row = world.capture(false).await;
    assert_eq!(row.completeness, Completeness::Complete, "{:?}", row.gaps);
    world.assert_nothing_changed(1, row.seq).await;
    let not_compared = world.compared(1, row.seq).await.not_compared;
    assert!(not_compared.iter().any(|n| n.scope == ReadScope::HiddenMembers(LinkKind::Member)));
}

/// Case 93.
#[tokio::test]
async fn a_group_whose_members_the_app_may_not_see_says_so() {
    let world = World::new(small(113)).await;
    world.hold_without(&["Member.Read.Hidden"]).await;
    let row = world.capture(true).await;
    assert_eq!(row.completeness, Completeness::Partial);
    let named = row.gaps.iter().find(|g| g.scope == ReadScope::HiddenMembers(LinkKind::Member)).unwrap();
    assert_eq!(named.reason, GapReason::PermissionMissing { permission: "Member.Read.Hidden".to_owned() });
    let export = world.sim.export();
    let groups = export["groups"].as_array().unwrap();
    let group = groups.iter().find(|g| g["visibility"] == "HiddenMembership").unwrap();
    let object = ObjectRef { kind: Kind::Group, id: group["id"].as_str().unwrap().parse().unwrap() };
    let page = world.backup.object(&world.actor, world.id(), Some(row.seq), object).await.unwrap();
    assert!(!page.not_seen.is_empty(), "{:?}", page.links);
}

/// Cases 19 and 74.
#[tokio::test]
async fn attributes_that_the_permissions_no_longer_show_are_no_change() {
    let world = World::new(small(114)).await;
    world.hold(READERS).await;
    world.capture(true).await;
    let before = world.stored(1).await;
    let mut basic: Vec<&str> = READERS.iter().copied().filter(|p| *p != "User.Read.All").collect();
    basic.push("User.ReadBasic.All");
    world.hold(&basic).await;
    let row = world.capture(false).await;
    assert_eq!(row.completeness, Completeness::Partial);
    let named = row.gaps.iter().find(|g| g.scope == ReadScope::Attributes(Kind::User)).unwrap();
    assert_eq!(named.reason.permission(), Some("User.Read.All"));
    world.assert_nothing_changed(1, row.seq).await;
    world.stored(row.seq).await.assert_same(&before);

    // A change of what is still shown is one.
    let user = world.people().remove(0);
    world.patch_user(&user, json!({"displayName": "Somebody Else", "city": "Turku"})).await;
    let row = world.capture(false).await;
    let changes = world.changes(1, row.seq).await;
    assert_eq!((changes.len(), changes[0].attributes), (1, 1), "{changes:#?}");
    world.hold(READERS).await;
    let row = world.capture(false).await;
    assert_eq!(world.changes(1, row.seq).await[0].attributes, 2);
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// A relative of 18 and 19 that no permission asks for.
#[tokio::test]
async fn a_permission_that_a_capture_does_not_use_changes_nothing() {
    let world = World::new(small(115)).await;
    world.hold(READERS).await;
    world.capture(true).await;
    world.hold_without(&["AuditLog.Read.All", "Device.Read.All"]).await;
    let row = world.capture(false).await;
    assert!(!row.full, "nothing is read anew");
    assert_eq!(row.completeness, Completeness::Complete);
    world.assert_nothing_changed(1, row.seq).await;
}

/// Permissions that change while a capture runs.
#[tokio::test]
async fn a_permission_lost_in_the_middle_of_a_capture_takes_no_member_away() {
    let world = World::new(small(116)).await;
    world.hold(READERS).await;
    world.capture(true).await;
    // The token of the capture is the old one until Graph refuses it.
    world.client.roles().await.unwrap();
    world.hold_without(&["Member.Read.Hidden"]).await;
    let row = world.capture(true).await;
    assert_eq!(row.completeness, Completeness::Partial);
    world.assert_nothing_changed(1, row.seq).await;
}

fn first_of(world: &World) -> (String, ObjectRef) {
    let user = world.people().remove(0);
    let object = ObjectRef { kind: Kind::User, id: user.parse().unwrap() };
    (user, object)
}

async fn can_be_brought_back(world: &World, object: ObjectRef, seen: i64) {
    let selection = Selection::Chosen(vec![Choice::Object(object)]);
    let number = world.plan(1, seen, selection).await;
    assert!(!world.steps(number).await.is_empty());
    assert!(world.view(number).await.unrestorable.is_empty(), "{:?}", world.view(number).await.unrestorable);
}

/// Case 80: an empty recycle bin, and another that leaves one object out.
#[tokio::test]
async fn somebody_in_a_recycle_bin_that_answers_with_nothing_can_still_be_brought_back() {
    for full in [false, true] {
        let world = World::new(small(117)).await;
        let (user, object) = first_of(&world);
        world.capture(true).await;
        world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
        world.capture(false).await;
        world
            .rules(
                json!({"match": {"method": "GET", "pathGlob": "/directory/deletedItems/microsoft.graph.user"},
                          "action": {"type": "emptyList"}}),
            )
            .await;
        let row = world.capture(full).await;
        assert_eq!((row.created, row.updated, row.deleted), (0, 0, 0));
        let changes = world.changes(1, row.seq).await;
        assert_eq!((changes.len(), changes[0].sort), (1, Sort::Deleted));
        can_be_brought_back(&world, object, row.seq).await;
        world.well().await;
        let row = world.capture(full).await;
        assert_eq!(world.changes(2, row.seq).await, []);
    }
}

/// Case 82: delta says so before the bin does.
#[tokio::test]
async fn somebody_just_deleted_can_be_brought_back_before_the_recycle_bin_lists_them() {
    let world = World::new(small(118)).await;
    let (user, object) = first_of(&world);
    world.capture(true).await;
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world.rules(json!({"match": {"reads": "bin"}, "action": {"type": "hide", "id": user}})).await;
    let row = world.capture(false).await;
    let changes = world.changes(1, row.seq).await;
    assert_eq!((changes.len(), changes[0].sort), (1, Sort::Deleted), "{changes:#?}");
    can_be_brought_back(&world, object, row.seq).await;
    world.well().await;
    let row = world.capture(false).await;
    assert_eq!(world.changes(2, row.seq).await, [], "the day of the deletion is no change");
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// Gone is what is gone for good, and that is a change of its own.
#[tokio::test]
async fn somebody_deleted_for_good_is_shown_as_that() {
    let world = World::new(small(119)).await;
    let (user, _) = first_of(&world);
    world.capture(true).await;
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world.capture(false).await;
    world.apply("DELETE", &format!("/directory/deletedItems/{user}"), json!(null)).await;
    let row = world.capture(false).await;
    let changes = world.changes(2, row.seq).await;
    assert_eq!((changes.len(), changes[0].sort), (1, Sort::PermanentlyDeleted), "{changes:#?}");
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// A purge that only full reads could see: one of them alone is not believed, two an hour apart are.
#[tokio::test]
async fn somebody_whom_two_full_reads_an_hour_apart_miss_is_gone() {
    let mut world = World::new(small(120)).await;
    let (user, _) = first_of(&world);
    world.capture(true).await;
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world.apply("DELETE", &format!("/directory/deletedItems/{user}"), json!(null)).await;
    let row = world.capture(true).await;
    assert_eq!(world.changes(1, row.seq).await, []);
    assert_eq!(row.completeness, Completeness::Partial);
    let row = world.capture(true).await;
    assert_eq!(world.changes(1, row.seq).await, [], "seconds later is no proof");
    world.clock = Arc::new(In(61));
    let row = world.capture(true).await;
    let changes = world.changes(1, row.seq).await;
    assert_eq!((changes.len(), changes[0].sort), (1, Sort::PermanentlyDeleted), "{changes:#?}");
    assert_eq!(row.completeness, Completeness::Complete, "{:?}", row.gaps);
}

/// The recycle bin alone overrules nothing: it is behind when somebody was just brought back.
#[tokio::test]
async fn somebody_brought_back_lives_though_the_recycle_bin_still_lists_them() {
    let world = World::new(small(121)).await;
    let (user, _) = first_of(&world);
    world.capture(true).await;
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world.capture(false).await;
    world.rules(json!({"match": {"reads": "bin"}, "action": {"type": "stale", "writes": 1}})).await;
    world.apply("POST", &format!("/directory/deletedItems/{user}/restore"), json!({})).await;
    let row = world.capture(false).await;
    assert_eq!(world.changes(1, row.seq).await, []);
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// A full read that leaves out somebody who lives.
#[tokio::test]
async fn somebody_whom_a_full_read_leaves_out_keeps_everything() {
    let world = World::new(small(122)).await;
    let users = world.people();
    world.capture(true).await;
    let (group, _) = world.group_of(3);
    world
        .rules(json!([
            {"match": {"reads": "list"}, "action": {"type": "hide", "id": [users[0], users[1]]}},
            {"match": {"reads": "delta", "pathContains": "/groups/"},
             "action": {"type": "editItems", "id": group, "dropItem": true}},
        ]))
        .await;
    let row = world.capture(true).await;
    world.assert_nothing_changed(1, row.seq).await;
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// A full read that is cut short, and the number that Graph gives.
#[tokio::test]
async fn a_list_that_is_cut_short_takes_nobody_away() {
    for kind in ["users", "groups"] {
        let world = World::new(small(123)).await;
        world.capture(true).await;
        world
            .rules(json!([
                {"match": {"method": "GET", "pathGlob": format!("/{kind}")},
                 "action": {"type": "cutList", "keep": 10}},
                {"match": {"method": "GET", "pathGlob": format!("/{kind}/delta")},
                 "action": {"type": "cutList", "keep": 10}},
            ]))
            .await;
        let row = world.capture(true).await;
        world.assert_nothing_changed(1, row.seq).await;
        world.stored(row.seq).await.assert_same(&world.truth());
        world.well().await;
    }
}

/// Case 94 and its relatives: one relation after another is missing from a full read.
#[tokio::test]
async fn a_full_read_without_links_ends_none() {
    for (path, names) in [
        ("/groups/delta", json!(["members@delta"])),
        ("/groups/delta", json!(["owners@delta"])),
        ("/groups/delta", json!(["members@delta", "owners@delta", "assignedLicenses"])),
        ("/directory/administrativeUnits/delta", json!(["members@delta"])),
        ("/users", json!(["manager"])),
        ("/users", json!(["licenseAssignmentStates"])),
    ] {
        let world = World::new(small(124)).await;
        world.capture(true).await;
        world
            .rules(json!({"match": {"method": "GET", "pathGlob": path, "inBatch": false},
                          "action": {"type": "dropProperty", "names": names}}))
            .await;
        let row = world.capture(true).await;
        world.assert_nothing_changed(1, row.seq).await;
        world.stored(row.seq).await.assert_same(&world.truth());
    }
}

/// The same in a first capture, which has nothing to hold the answer against.
#[tokio::test]
async fn a_first_read_of_groups_without_any_member_is_not_believed() {
    let world = World::new(small(125)).await;
    world
        .rules(json!({"match": {"reads": "delta", "pathContains": "/groups/"},
                      "action": {"type": "dropProperty", "names": ["members@delta", "owners@delta"]}}))
        .await;
    let row = world.capture(true).await;
    assert_eq!(row.completeness, Completeness::Suspicious);
    let export = world.sim.export();
    let principals: Vec<&str> =
        export["servicePrincipals"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
    let (stored, truth) = (world.stored(row.seq).await, world.truth());
    let binned: Vec<&str> = truth.bin.iter().map(|(_, id)| id.as_str()).collect();
    let left_out = |id: &str| principals.contains(&id) || binned.contains(&id);
    for link in truth.links.iter().filter(|l| l.0 == "member" && !left_out(&l.1) && !left_out(&l.2)) {
        assert!(stored.links.contains(link), "{link:?}");
    }
    // Once delta names them, those that the lists leave out are there too, and were not added since.
    world.well().await;
    let row = world.capture(false).await;
    world.assert_nothing_changed(1, row.seq).await;
    world.stored(row.seq).await.assert_same(&truth);
    assert_eq!(row.completeness, Completeness::Complete, "{:?}", row.gaps);
}

/// Nearly all users come without what they had.
#[tokio::test]
async fn a_full_read_without_attributes_clears_none() {
    let world = World::new(small(126)).await;
    world.capture(true).await;
    let names = json!([
        "jobTitle",
        "department",
        "city",
        "country",
        "officeLocation",
        "companyName",
        "state",
        "streetAddress",
        "postalCode",
        "employeeId",
        "mail",
        "proxyAddresses",
        "usageLocation",
        "userType",
        "createdDateTime",
        "accountEnabled",
        "preferredLanguage",
        "otherMails",
        "mailNickname",
        "employeeType",
        "onPremisesExtensionAttributes",
        "identities"
    ]);
    world
        .rules(json!({"match": {"method": "GET", "pathContains": "/users"},
                      "action": {"type": "dropProperty", "names": names}}))
        .await;
    let row = world.capture(true).await;
    assert_eq!(row.completeness, Completeness::Suspicious, "{:?}", row.gaps);
    world.assert_nothing_changed(1, row.seq).await;
}

/// One attribute that the list leaves out of everybody.
#[tokio::test]
async fn an_attribute_that_a_list_leaves_out_of_everybody_is_asked_for_by_id() {
    let world = World::new(small(127)).await;
    world.capture(true).await;
    world
        .rules(json!({"match": {"method": "GET", "pathGlob": "/users"},
                      "action": {"type": "dropProperty", "names": ["department"]}}))
        .await;
    let row = world.capture(true).await;
    world.assert_nothing_changed(1, row.seq).await;
    world.stored(row.seq).await.assert_same(&world.truth());
}

/// Somebody clears the department of everybody: that is a change, and it is shown.
#[tokio::test]
async fn a_department_that_was_cleared_everywhere_is_a_change() {
    let world = World::new(small(128)).await;
    world.capture(true).await;
    let users = world.people();
    for user in &users {
        world.patch_user(user, json!({"department": null})).await;
    }
    for full in [false, true] {
        let row = world.capture(full).await;
        // Dynamic groups may follow; who lost the department is what counts.
        let changed = world.changes(1, row.seq).await.into_iter().filter(|c| c.attributes > 0).count();
        assert_eq!(changed, users.len());
        world.stored(row.seq).await.assert_same(&world.truth());
    }
    let shown = world.compared(1, 2).await;
    assert_eq!(shown.not_compared, []);
}

/// Somebody comes back after everything was read anew; no delta names what they were in.
#[tokio::test]
async fn somebody_who_comes_back_after_a_full_read_has_their_groups_again() {
    for granted in [true, false] {
        let world = World::new(small(129)).await;
        world.hold_without(if granted { &[] } else { &["GroupMember.ReadBasic.All"] }).await;
        let user = world.people().remove(0);
        world.capture(true).await;
        world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
        world.capture(true).await;
        world.apply("POST", &format!("/directory/deletedItems/{user}/restore"), json!({})).await;
        let row = world.capture(true).await;
        world.stored(row.seq).await.assert_same(&world.truth());
        assert_eq!(world.changes(1, row.seq).await, [], "granted: {granted}");
    }
}

/// A user who was taken out of a group before the deletion does not get it back by being brought back.
#[tokio::test]
async fn somebody_taken_out_of_a_group_before_they_were_deleted_is_not_in_it_when_back() {
    let world = World::new(small(130)).await;
    let (group, members) = world.group_of(3);
    let export = world.sim.export();
    let users = export["users"].as_array().unwrap();
    let user = members.iter().find(|m| users.iter().any(|u| u["id"] == m.as_str())).unwrap();
    world.capture(true).await;
    world.apply("DELETE", &format!("/groups/{group}/members/{user}/$ref"), json!(null)).await;
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world.capture(true).await;
    world.apply("POST", &format!("/directory/deletedItems/{user}/restore"), json!({})).await;
    let row = world.capture(false).await;
    world.stored(row.seq).await.assert_same(&world.truth());
    let changes = world.changes(1, row.seq).await;
    assert!(changes.iter().all(|c| c.links_removed == 1 && c.links_added == 0), "{changes:#?}");
    assert!(!changes.is_empty());
}

/// Those in the bin when the first snapshot was made: what they were in was not seen, and is not "added since".
#[tokio::test]
async fn somebody_brought_back_who_was_in_the_bin_at_first_was_added_to_nothing() {
    let world = World::new(small(131)).await;
    let user = world.people().remove(0);
    world.apply("DELETE", &format!("/users/{user}"), json!(null)).await;
    world.capture(true).await;
    world.apply("POST", &format!("/directory/deletedItems/{user}/restore"), json!({})).await;
    let row = world.capture(false).await;
    world.stored(row.seq).await.assert_same(&world.truth());
    let changes = world.changes(1, row.seq).await;
    assert_eq!(changes.len(), 1, "{changes:#?}");
    assert_eq!((changes[0].sort, changes[0].links_added), (Sort::Restored, 0));
}

/// Case 87: whoever a link names has a name.
#[tokio::test]
async fn a_service_principal_that_is_a_member_is_shown_with_its_name() {
    let world = World::new(small(132)).await;
    let row = world.capture(true).await;
    let export = world.sim.export();
    let principals = export["servicePrincipals"].as_array().unwrap();
    let members = export["members"].as_object().unwrap();
    let (group, principal) = members
        .iter()
        .find_map(|(group, all)| {
            let all = all.as_array().unwrap();
            let found = principals.iter().find(|p| all.contains(&p["id"]))?;
            Some((group, found))
        })
        .unwrap();
    let object = ObjectRef { kind: Kind::Group, id: group.parse().unwrap() };
    let page = world.backup.object(&world.actor, world.id(), Some(row.seq), object).await.unwrap();
    let names: Vec<&str> = page.links.iter().flat_map(|g| &g.rows).map(|r| r.name.as_str()).collect();
    assert!(names.contains(&principal["displayName"].as_str().unwrap()), "{names:?}");
}

/// A time-bound assignment that ran out is no removal.
#[tokio::test]
async fn a_role_that_somebody_held_until_yesterday_was_not_taken_from_them() {
    let mut world = World::new(small(133)).await;
    let user = world.people().remove(0);
    let role = world.sim.export()["roleDefinitions"][0]["id"].as_str().unwrap().to_owned();
    let end = DateTime::from_timestamp(world.sim.now(), 0).unwrap() + TimeDelta::hours(2);
    world
        .control(
            "POST",
            "/sim/role-assignments",
            json!({"principal": user, "role": role, "endDateTime": end.to_rfc3339()}),
        )
        .await;
    world.capture(true).await;
    let said = world.stored(1).await;
    let mut held = said.links.iter().filter(|l| l.0 == "role-assignment" && l.1 == role && l.2 == user);
    let period = held.next().unwrap();
    assert!(period.4.starts_with("period:"), "{period:?}");
    world.control("POST", "/sim/clock", json!({"advanceSeconds": 3 * 3600})).await;
    world.clock = Arc::new(In(180));
    let row = world.capture(false).await;
    assert_eq!(world.changes(1, row.seq).await, []);
    let held =
        |l: &(&str, String, String, String, String)| l.0 == "role-assignment" && l.1 == role && l.2 == user;
    assert!(!world.stored(row.seq).await.links.iter().any(held));
}
