use domain::Kind;
use domain::change::{Choice, Filter, ObjectRef, Selection};
use domain::plan::{Outcome, RestoreState, StepView};
use serde_json::json;

use crate::world::{World, small};

fn everything() -> Selection {
    Selection::Everything(Filter::default())
}

#[track_caller]
fn assert_all(steps: &[StepView], outcome: Outcome) {
    let others: Vec<_> = steps.iter().filter(|s| s.outcome != outcome).collect();
    assert!(others.is_empty(), "{} steps ended otherwise, for example {:#?}", others.len(), others[0]);
}

#[tokio::test]
async fn forty_people_who_lost_their_groups_get_them_back() {
    let world = World::new(small(11)).await;
    world.capture(true).await;
    let before = world.truth();
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let damaged = world.truth();
    let lost = before.links.difference(&damaged.links).filter(|l| l.0 == "member").count();
    assert!(lost > 30, "{lost}");
    let seen = world.capture(false).await;
    assert!(seen.updated > 0);

    let (view, steps) = world.restore(1, seen.seq, everything()).await;
    assert_eq!(view.state, RestoreState::Done, "{:?}", view.problem);
    assert_eq!(steps.len(), lost);
    assert_all(&steps, Outcome::Restored);
    world.truth().assert_same(&before);
    // Twenty members a write.
    assert!(view.writes < steps.len() as i64 / 4, "{} writes for {} steps", view.writes, steps.len());
}

#[tokio::test]
async fn every_incident_can_be_undone_and_the_undoing_too() {
    for (incident, seed) in [("mass-offboarding", 12), ("hr-sync-gone-wrong", 13), ("privilege-grab", 14)] {
        let world = World::new(small(seed)).await;
        world.capture(true).await;
        let before = world.truth();
        world.control("POST", &format!("/sim/incidents/{incident}"), json!({})).await;
        let damaged = world.truth();
        let seen = world.capture(false).await;

        let (view, steps) = world.restore(1, seen.seq, everything()).await;
        assert_eq!(view.state, RestoreState::Done, "{incident}: {:?}", view.problem);
        assert!(!steps.is_empty(), "{incident}");
        assert_all(&steps, Outcome::Restored);
        let after = world.truth();
        // What was created since stays; all that was there is as it was.
        for (key, attributes) in &before.live {
            assert_eq!(after.live.get(key), Some(attributes), "{incident}: {key:?}");
        }
        for link in &before.links {
            assert!(after.links.contains(link), "{incident}: {link:?}");
        }

        if incident == "hr-sync-gone-wrong" {
            let undo = world.backup.undo_restore(&world.actor, world.id(), view.number).await.unwrap();
            world.backup.start_restore(&world.actor, world.id(), undo).await.unwrap();
            world.work().await;
            assert_all(&world.steps(undo).await, Outcome::Restored);
            world.truth().assert_same(&damaged);
        }
    }
}

#[tokio::test]
async fn one_attribute_comes_back_and_nothing_else() {
    let world = World::new(small(15)).await;
    world.capture(true).await;
    let export = world.sim.export();
    let user = export["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|u| u["onPremisesSyncEnabled"] != true && u["jobTitle"].is_string() && u["city"].is_string())
        .unwrap()
        .clone();
    let id = user["id"].as_str().unwrap().to_owned();
    world.apply("PATCH", &format!("/users/{id}"), json!({"jobTitle": "Intern", "city": "Nowhere"})).await;
    let seen = world.capture(false).await;
    let object = ObjectRef { kind: Kind::User, id: id.parse().unwrap() };
    let choice = Choice::Attribute(object, "jobTitle".into());
    let (view, steps) = world.restore(1, seen.seq, Selection::Chosen(vec![choice])).await;
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert_all(&steps, Outcome::Restored);
    assert_eq!(view.writes, 1);
    let now = world.sim.export();
    let now = now["users"].as_array().unwrap().iter().find(|u| u["id"] == id.as_str()).unwrap().clone();
    assert_eq!(now["jobTitle"], user["jobTitle"]);
    assert_eq!(now["city"], "Nowhere");
}

#[tokio::test]
async fn what_changed_again_since_the_comparison_is_kept() {
    let world = World::new(small(16)).await;
    world.capture(true).await;
    let export = world.sim.export();
    let user = export["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|u| u["onPremisesSyncEnabled"] != true && u["jobTitle"].is_string())
        .unwrap();
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    world.apply("PATCH", &path, json!({"jobTitle": "Intern"})).await;
    let seen = world.capture(false).await;
    let number = world.plan(1, seen.seq, everything()).await;
    world.apply("PATCH", &path, json!({"jobTitle": "Astronaut"})).await;
    world.backup.start_restore(&world.actor, world.id(), number).await.unwrap();
    world.work().await;
    let steps = world.steps(number).await;
    assert_eq!(steps[0].outcome, Outcome::Conflict);
    assert!(steps[0].note.as_ref().unwrap().contains("Astronaut"), "{:?}", steps[0].note);
    let now = world.sim.export();
    let now = now["users"].as_array().unwrap().iter().find(|u| u["id"] == user["id"]).unwrap();
    assert_eq!(now["jobTitle"], "Astronaut");
}

#[tokio::test]
async fn a_read_only_connection_plans_and_names_what_it_lacks() {
    let world = World::new(small(17)).await;
    world
        .control(
            "POST",
            "/sim/permissions",
            json!({"revoke": ["Group.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]}),
        )
        .await;
    world.capture(true).await;
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let damaged = world.truth();
    let seen = world.capture(false).await;
    let (view, steps) = world.restore(1, seen.seq, everything()).await;
    assert!(steps.iter().all(|s| !s.granted));
    assert_eq!(view.state, RestoreState::Done);
    assert_all(&steps, Outcome::Failed);
    assert!(steps.iter().all(|s| s.note.as_ref().unwrap().contains(&s.permission)));
    // Nothing was written.
    world.truth().assert_same(&damaged);
}
