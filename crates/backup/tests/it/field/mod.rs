//! Trouble that others met with the real Graph, by what happened to somebody. The simulator brings it about by rules of
//! its own; what Holdfast has to say is what the directory holds, or that it could not be seen.

mod loss;
mod sight;
mod stop;

use domain::change::{Filter, Selection};
use domain::view::{ChangeRow, ComparePage};
use domain::{Kind, LinkKind};
use serde_json::{Value, json};

use crate::world::World;

/// What reads everything, and nothing that writes.
pub(crate) const READERS: &[&str] = &[
    "User.Read.All",
    "Group.Read.All",
    "GroupMember.ReadBasic.All",
    "RoleManagement.Read.Directory",
    "RoleAssignmentSchedule.Read.Directory",
    "AdministrativeUnit.Read.All",
    "LicenseAssignment.Read.All",
    "Member.Read.Hidden",
    "Application.Read.All",
    "Device.Read.All",
    "OrgContact.Read.All",
    "AuditLog.Read.All",
];

impl World {
    /// Sets rules, instead of those that were there.
    pub(crate) async fn rules(&self, rules: Value) {
        self.well().await;
        self.control("POST", "/sim/faults", rules).await;
    }

    /// Graph is itself again.
    pub(crate) async fn well(&self) {
        self.control("DELETE", "/sim/faults", json!({})).await;
    }

    /// The app holds these permissions and no others.
    pub(crate) async fn hold(&self, permissions: &[&str]) {
        self.control("POST", "/sim/permissions", json!({ "set": permissions })).await;
    }

    /// The app holds what reads everything, but for some.
    pub(crate) async fn hold_without(&self, lacking: &[&str]) {
        let held: Vec<&str> = READERS.iter().copied().filter(|p| !lacking.contains(p)).collect();
        self.hold(&held).await;
    }

    pub(crate) async fn compared(&self, from: i64, to: i64) -> ComparePage {
        self.backup.compare(&self.actor, self.id(), from, to, &Filter::default(), None).await.unwrap()
    }

    pub(crate) async fn changes(&self, from: i64, to: i64) -> Vec<ChangeRow> {
        self.compared(from, to).await.rows
    }

    /// A comparison, the counts of the later snapshot and a plan all say that nothing changed.
    pub(crate) async fn assert_nothing_changed(&self, from: i64, to: i64) {
        let rows = self.changes(from, to).await;
        assert!(rows.is_empty(), "{rows:#?}");
        let row = self.row(to).await;
        assert_eq!((row.created, row.updated, row.deleted), (0, 0, 0));
        let everything = Selection::Everything(Filter::default());
        let planned = self.backup.plan(&self.actor, self.id(), from, to, &everything).await;
        assert!(matches!(planned, Err(backup::Error::Refused(_))), "{planned:?}");
    }

    pub(crate) async fn row(&self, seq: i64) -> domain::view::SnapshotRow {
        let rows = self.backup.snapshots(&self.actor, self.id(), None).await.unwrap();
        rows.into_iter().find(|r| r.seq == seq).unwrap()
    }

    /// Cloud users with a job title, a department and a manager, who can sign in.
    pub(crate) fn people(&self) -> Vec<String> {
        let export = self.sim.export();
        let managers = export["manager"].as_object().unwrap();
        let licensed = export["licences"].as_object().unwrap();
        let fits = |u: &&Value| {
            u["jobTitle"].is_string()
                && u["department"].is_string()
                && u["onPremisesSyncEnabled"] != true
                && managers.contains_key(u["id"].as_str().unwrap())
                && licensed.contains_key(u["id"].as_str().unwrap())
        };
        let users = export["users"].as_array().unwrap();
        let ids: Vec<String> =
            users.iter().filter(fits).map(|u| u["id"].as_str().unwrap().to_owned()).collect();
        assert!(ids.len() > 5, "{}", ids.len());
        ids
    }

    /// A cloud group with at least so many members, and these.
    pub(crate) fn group_of(&self, at_least: usize) -> (String, Vec<String>) {
        let export = self.sim.export();
        let groups = export["groups"].as_array().unwrap();
        let plain = |id: &str| {
            groups.iter().any(|g| {
                g["id"] == id
                    && g["onPremisesSyncEnabled"] != true
                    && g["visibility"] != "HiddenMembership"
                    && g["membershipRule"].is_null()
            })
        };
        let members = export["members"].as_object().unwrap();
        let (group, all) =
            members.iter().find(|(id, m)| plain(id) && m.as_array().unwrap().len() >= at_least).unwrap();
        (group.clone(), all.as_array().unwrap().iter().map(|m| m.as_str().unwrap().to_owned()).collect())
    }

    pub(crate) async fn stored_attribute(
        &self,
        seq: i64,
        kind: Kind,
        id: &str,
        name: &str,
    ) -> Option<String> {
        self.stored(seq).await.live[&(kind.slug(), id.to_owned())].get(name).cloned()
    }

    pub(crate) async fn links_of(&self, seq: i64, kind: LinkKind) -> usize {
        self.stored(seq).await.links.iter().filter(|l| l.0 == kind.slug()).count()
    }

    pub(crate) async fn patch_user(&self, id: &str, body: Value) {
        self.apply("PATCH", &format!("/users/{id}"), body).await;
    }
}
