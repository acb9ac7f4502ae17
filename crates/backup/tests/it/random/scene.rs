//! A world whose clock goes with the simulator's, and what happens in it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use backup::Clock;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::view::SnapshotRow;
use graph_sim::{Manners, Options};
use serde_json::{Value, json};

use crate::world::World;

/// Longer than any read lags behind.
const SETTLED: i64 = 600;
/// A capture that Graph refuses is begun again, as the worker does.
const TRIES: usize = 12;

/// Every permission that a capture uses, one for each thing.
const FINE: &[&str] = &[
    "User.Read.All",
    "Group.Read.All",
    "RoleManagement.Read.Directory",
    "RoleAssignmentSchedule.Read.Directory",
    "AdministrativeUnit.Read.All",
    "Application.Read.All",
    "Device.Read.All",
    "OrgContact.Read.All",
    "LicenseAssignment.Read.All",
    "Member.Read.Hidden",
    "GroupMember.ReadBasic.All",
    "AuditLog.Read.All",
];
/// What may be taken away from them.
const FINE_TOGGLES: &[&str] = &[
    "Member.Read.Hidden",
    "User.Read.All",
    "Group.Read.All",
    "RoleManagement.Read.Directory",
    "AdministrativeUnit.Read.All",
    "GroupMember.ReadBasic.All",
    "AuditLog.Read.All",
];
/// One permission for nearly everything.
const COARSE: &[&str] = &[
    "Directory.Read.All",
    "RoleAssignmentSchedule.Read.Directory",
    "Member.Read.Hidden",
    "AuditLog.Read.All",
];
const COARSE_TOGGLES: &[&str] =
    &["RoleAssignmentSchedule.Read.Directory", "Member.Read.Hidden", "AuditLog.Read.All"];

const AUDIT: &str = "AuditLog.Read.All";

/// The machine's time, moved as the simulator's is.
#[derive(Debug)]
struct Moved {
    begun: DateTime<Utc>,
    since: Instant,
    by: Arc<AtomicI64>,
}

impl Clock for Moved {
    fn now(&self) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(self.since.elapsed()).unwrap();
        self.begun + passed + TimeDelta::seconds(self.by.load(Ordering::Relaxed))
    }
}

/// The directory as a snapshot should show it.
pub struct Moment {
    pub row: SnapshotRow,
    /// Where the record stood.
    pub position: usize,
    pub at: i64,
    pub export: Value,
    /// Without the audit log, of which a snapshot holds nothing.
    pub granted: BTreeSet<String>,
}

pub struct Scene {
    pub world: World,
    moved: Arc<AtomicI64>,
    dice: Dice,
    seed: u64,
}

impl Scene {
    pub async fn new(url: &str, seed: u64, manners: Manners) -> Scene {
        let options = Options { users: 70, groups: 24, members: 6, seed, ..Options::default() };
        let mut world = World::on(url, options).await;
        let moved = Arc::new(AtomicI64::new(0));
        let begun = DateTime::from_timestamp(world.sim.now(), 0).unwrap();
        world.clock = Arc::new(Moved { begun, since: Instant::now(), by: moved.clone() });
        let scene = Scene { world, moved, dice: Dice(seed), seed };
        scene.world.sim.set_permissions(scene.permissions());
        if manners == Manners::Rough {
            scene.world.sim.behave(manners, seed, 0.02);
        }
        scene
    }

    fn is_coarse(&self) -> bool {
        self.seed % 4 == 3
    }

    /// Every third seed keeps its permissions.
    fn keeps_permissions(&self) -> bool {
        self.seed.is_multiple_of(3)
    }

    fn permissions(&self) -> &'static [&'static str] {
        if self.is_coarse() { COARSE } else { FINE }
    }

    /// Captures what has settled.
    pub async fn capture(&mut self) -> Moment {
        self.world.sim.advance(SETTLED);
        self.moved.fetch_add(SETTLED, Ordering::Relaxed);
        let row = self.read().await;
        let sim = &self.world.sim;
        Moment {
            row,
            position: sim.position(),
            at: sim.now(),
            export: sim.export(),
            granted: sim.granted().into_iter().filter(|p| p != AUDIT).collect(),
        }
    }

    async fn read(&mut self) -> SnapshotRow {
        let mut said = Vec::new();
        for _ in 0..TRIES {
            match self.world.try_capture(false).await {
                Ok(row) => return row,
                Err(backup::Error::Graph(error)) => said.push(error.to_string()),
                Err(error) => panic!("seed {}: {error:?} after {said:#?}", self.seed),
            }
            // As if the time that Graph asked for had passed.
            self.world.forget_throttles();
        }
        panic!("seed {}: no capture in {TRIES} tries: {said:#?}", self.seed);
    }

    /// Things happen, and permissions come and go.
    pub async fn change(&mut self, round: u64) {
        let seed = self.seed * 100 + round;
        let body = json!({"seed": seed, "count": 45, "purge": true});
        self.world.control("POST", "/sim/random-changes", body).await;
        let now = self.world.sim.export();
        self.assign_for_a_time(&now).await;
        self.license_groups(&now).await;
        self.bring_back(&now).await;
        self.create(&now, seed).await;
        if !self.keeps_permissions() {
            self.toggle();
        }
    }

    /// From here on nobody asks who made a change, which takes a request an object.
    pub fn close_audit_log(&self) {
        self.world.sim.permissions(&[], &[AUDIT]);
    }

    /// One role assignment that ends before the next snapshot, one that does not.
    async fn assign_for_a_time(&mut self, now: &Value) {
        for lasts in [SETTLED / 2, 10 * 24 * 3600] {
            let user = self.dice.id(&now["users"]);
            let role = self.dice.id(&now["roleDefinitions"]);
            let (Some(user), Some(role)) = (user, role) else { continue };
            let end = DateTime::from_timestamp(self.world.sim.now() + lasts, 0).unwrap();
            let end = end.to_rfc3339_opts(SecondsFormat::Secs, true);
            let body = json!({"principal": user, "role": role, "endDateTime": end});
            // Who holds the role already keeps it as it is.
            self.world.control_may_refuse("POST", "/sim/role-assignments", body).await;
        }
    }

    async fn license_groups(&mut self, now: &Value) {
        for _ in 0..2 {
            let group = self.dice.id(&now["groups"]);
            let skus: Vec<&Value> = now["subscribedSkus"].as_array().unwrap().iter().collect();
            let sku = skus[self.dice.below(skus.len())]["skuId"].clone();
            let Some(group) = group else { continue };
            let held = now["groupLicences"][&group].as_array().into_iter().flatten();
            let body = if held.clone().any(|l| l["skuId"] == sku) {
                json!({"addLicenses": [], "removeLicenses": [sku]})
            } else {
                json!({"addLicenses": [{"skuId": sku, "disabledPlans": []}], "removeLicenses": []})
            };
            self.world.apply("POST", &format!("/groups/{group}/assignLicense"), body).await;
        }
    }

    async fn bring_back(&mut self, now: &Value) {
        for kind in ["users", "groups", "administrativeUnits"] {
            if let Some(id) = self.dice.id(&now["deleted"][kind]) {
                self.world.apply("POST", &format!("/directory/deletedItems/{id}/restore"), json!({})).await;
            }
        }
    }

    /// Newcomers: a user with a manager, and a group with members.
    async fn create(&mut self, now: &Value, seed: u64) {
        let domain = now["users"][0]["userPrincipalName"].as_str().unwrap().rsplit('@').next().unwrap();
        let user = json!({
            "displayName": format!("Newcomer {seed}"),
            "mailNickname": format!("newcomer{seed}"),
            "userPrincipalName": format!("newcomer{seed}@{domain}"),
            "accountEnabled": true,
            "passwordProfile": {"password": "Not-a-secret-1"},
        });
        self.world.apply("POST", "/users", user).await;
        let group = json!({
            "displayName": format!("New group {seed}"),
            "mailNickname": format!("newgroup{seed}"),
            "mailEnabled": false,
            "securityEnabled": true,
        });
        self.world.apply("POST", "/groups", group).await;
        let later = self.world.sim.export();
        let named = |kind: &str, name: String| {
            let all = later[kind].as_array().unwrap();
            all.iter()
                .find(|o| o["displayName"] == name.as_str())
                .and_then(|o| o["id"].as_str())
                .map(str::to_owned)
        };
        let (user, group) =
            (named("users", format!("Newcomer {seed}")), named("groups", format!("New group {seed}")));
        let old = self.dice.id(&later["users"]);
        if let (Some(user), Some(group), Some(old)) = (user, group, old) {
            let at = |id: &str| json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", self.world.sim.base())});
            self.world.apply("PUT", &format!("/users/{user}/manager/$ref"), at(&old)).await;
            for member in [&user, &old] {
                self.world.apply("POST", &format!("/groups/{group}/members/$ref"), at(member)).await;
            }
        }
    }

    /// One permission or two go, and what went before comes back.
    fn toggle(&mut self) {
        let toggles = if self.is_coarse() { COARSE_TOGGLES } else { FINE_TOGGLES };
        let mut held: Vec<&str> = self.permissions().to_vec();
        for _ in 0..self.dice.below(3) {
            let gone = toggles[self.dice.below(toggles.len())];
            held.retain(|p| *p != gone);
            if gone == "User.Read.All" {
                held.push("User.ReadBasic.All");
            }
        }
        self.world.sim.set_permissions(&held);
    }

    /// What struck; from here on Graph is polite.
    pub async fn end_of_manners(&mut self) -> Value {
        let said = self.world.control("GET", "/sim/manners", Value::Null).await;
        self.world.sim.behave(Manners::Polite, 0, 0.0);
        said
    }
}

/// Numbers by seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    /// The id of one of some objects.
    fn id(&mut self, all: &Value) -> Option<String> {
        let all = all.as_array()?;
        let at = self.below(all.len());
        Some(all.get(at)?["id"].as_str()?.to_owned())
    }
}
