//! Whatever changes, the earlier snapshot can be restored: random worlds, random changes, then the
//! directory equals itself.
//!
//! What is restorable is written out here from Microsoft's documentation (entra.md 3.1 to 3.4), not taken
//! from the product.

use std::collections::BTreeMap;

use domain::change::{Filter, Selection};
use graph_sim::Options;
use serde_json::json;

use crate::world::{Picture, World};

/// Attributes that an app may write, by kind.
const RESTORABLE: &[(&str, &[&str])] = &[
    (
        "user",
        &[
            "displayName",
            "userPrincipalName",
            "accountEnabled",
            "givenName",
            "surname",
            "jobTitle",
            "department",
            "companyName",
            "officeLocation",
            "employeeId",
            "employeeType",
            "employeeHireDate",
            "employeeOrgData",
            "mail",
            "mailNickname",
            "otherMails",
            "businessPhones",
            "mobilePhone",
            "faxNumber",
            "streetAddress",
            "city",
            "state",
            "postalCode",
            "country",
            "usageLocation",
            "preferredLanguage",
            "preferredDataLocation",
            "userType",
            "ageGroup",
            "consentProvidedForMinor",
            "passwordPolicies",
            "onPremisesExtensionAttributes",
            "onPremisesImmutableId",
            "identities",
        ],
    ),
    (
        "group",
        &[
            "displayName",
            "description",
            "mailNickname",
            "securityEnabled",
            "visibility",
            "membershipRule",
            "membershipRuleProcessingState",
            "classification",
            "preferredLanguage",
            "preferredDataLocation",
            "theme",
            "groupTypes",
        ],
    ),
    ("role", &["displayName", "description", "isEnabled", "rolePermissions"]),
    (
        "administrative-unit",
        &[
            "displayName",
            "description",
            "visibility",
            "membershipType",
            "membershipRule",
            "membershipRuleProcessingState",
        ],
    ),
];

/// Links that an app may write.
const LINKS: &[&str] = &["member", "owner", "manager", "role-assignment", "unit-member", "licence"];

/// How often each attribute and link was changed, and how often it came back.
#[derive(Default)]
struct Hits(BTreeMap<String, (usize, usize)>);

impl Hits {
    fn note(&mut self, what: String, back: bool) {
        let slot = self.0.entry(what).or_default();
        slot.0 += 1;
        slot.1 += usize::from(back);
    }

    fn add(&mut self, other: Hits) {
        for (what, (n, back)) in other.0 {
            let slot = self.0.entry(what).or_default();
            slot.0 += n;
            slot.1 += back;
        }
    }
}

fn is_restorable(kind: &str, attribute: &str) -> bool {
    RESTORABLE.iter().any(|(k, names)| *k == kind && names.contains(&attribute))
}

fn count(hits: &mut Hits, before: &Picture, damaged: &Picture, after: &Picture) {
    for (key, was) in &before.live {
        let Some(is) = damaged.live.get(key) else {
            hits.note(format!("{} deleted", key.0), after.live.get(key) == Some(was));
            continue;
        };
        let now = after.live.get(key);
        for name in was.keys().chain(is.keys()).collect::<std::collections::BTreeSet<_>>() {
            if was.get(name) != is.get(name) && is_restorable(key.0, name) {
                hits.note(format!("{} {name}", key.0), now.is_some_and(|n| n.get(name) == was.get(name)));
            }
        }
    }
    for kind in LINKS {
        for link in before.links.symmetric_difference(&damaged.links).filter(|l| l.0 == *kind) {
            let (added, back) = if before.links.contains(link) {
                ("removed", after.links.contains(link))
            } else {
                ("added", !after.links.contains(link))
            };
            hits.note(format!("{kind} {added}"), back);
        }
    }
}

/// Everything that changed in one world, and whether it came back.
async fn one(seed: u64) -> Hits {
    let world = World::new(Options { users: 460, groups: 40, members: 8, seed, ..Options::default() }).await;
    world.capture(true).await;
    let before = world.truth();
    assert!(before.live.len() >= 500, "{}", before.live.len());
    world.control("POST", "/sim/random-changes", json!({"seed": seed, "count": 60})).await;
    let damaged = world.truth();
    let seen = world.capture(false).await;
    world.stored(seen.seq).await.assert_same(&damaged);
    let (view, steps) = world.restore(1, seen.seq, Selection::Everything(Filter::default())).await;
    let after = world.truth();
    let mut hits = Hits::default();
    count(&mut hits, &before, &damaged, &after);
    let failed: Vec<_> = steps
        .iter()
        .filter(|s| !matches!(s.outcome, domain::plan::Outcome::Restored | domain::plan::Outcome::AlreadySo))
        .map(|s| format!("{} {}: {:?} {:?}", s.object_name, s.what, s.outcome, s.note))
        .collect();
    assert!(failed.is_empty(), "seed {seed} ({:?}): {failed:#?}\n{:#?}", view.state, view.unrestorable);
    for link in before.links.iter().filter(|l| LINKS.contains(&l.0) && !after.links.contains(*l)) {
        let steps: Vec<_> = steps
            .iter()
            .filter(|s| link.1 == s.object.id.to_string() || link.2 == s.object.id.to_string())
            .map(|s| format!("{} {} {:?}", s.object_name, s.what, s.outcome))
            .collect();
        println!(
            "seed {seed}: lost {link:?}; when damaged: {}; steps {steps:?}; {:?}",
            damaged.links.contains(link),
            view.unrestorable
        );
    }
    assert_same_but_for_what_is_not_ours(seed, &after, &before);
    hits
}

/// Two hundred worlds, two at a time (`HOLDFAST_WORLDS` and `HOLDFAST_SEED` say how many and which).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_changes_the_earlier_snapshot_can_be_restored() {
    let worlds: u64 = std::env::var("HOLDFAST_WORLDS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let first = std::env::var("HOLDFAST_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut hits = Hits::default();
    let mut running = tokio::task::JoinSet::new();
    let mut seeds = first..=worlds;
    loop {
        while running.len() < 2
            && let Some(seed) = seeds.next()
        {
            running.spawn(one(seed));
        }
        let Some(done) = running.join_next().await else { break };
        hits.add(done.unwrap());
    }
    let (changed, back) = hits.0.values().fold((0, 0), |(c, b), (n, m)| (c + n, b + m));
    println!("{worlds} worlds, seeds 1 to {worlds}: {back} of {changed} restorable changes restored");
    for (what, (n, m)) in &hits.0 {
        println!("  {what}: {m} of {n}");
    }
    assert_eq!(back, changed);
    if worlds >= 200 {
        for (kind, names) in RESTORABLE {
            for name in *names {
                let what = format!("{kind} {name}");
                let n = hits.0.get(&what).map_or(0, |h| h.0);
                assert!(n >= 20, "{what} was changed only {n} times");
            }
        }
        for kind in LINKS {
            let n: usize = ["added", "removed"]
                .iter()
                .filter_map(|w| hits.0.get(&format!("{kind} {w}")))
                .map(|h| h.0)
                .sum();
            assert!(n >= 20, "{kind} was changed only {n} times");
        }
    }
}

/// Everything equal, values that nobody may write left out.
#[track_caller]
fn assert_same_but_for_what_is_not_ours(seed: u64, after: &Picture, before: &Picture) {
    for (key, was) in &before.live {
        let now = after.live.get(key);
        assert!(now.is_some(), "seed {seed}: {key:?} is missing");
        for (name, value) in was.iter().filter(|(n, _)| is_restorable(key.0, n)) {
            assert_eq!(now.and_then(|n| n.get(name)), Some(value), "seed {seed}: {key:?} {name}");
        }
    }
    for link in before.links.iter().filter(|l| LINKS.contains(&l.0)) {
        assert!(after.links.contains(link), "seed {seed}: {link:?} is missing");
    }
    for link in after.links.iter().filter(|l| LINKS.contains(&l.0)) {
        assert!(before.links.contains(link), "seed {seed}: {link:?} is new");
    }
}
