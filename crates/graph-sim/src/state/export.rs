//! The ground truth: everything that the directory holds, whoever may see it.

use serde_json::{Map, Value, json};

use super::licences::{Licence, Trouble};
use super::log::Rel;
use super::roles::Scope;
use super::{Kind, Life, NONE, Oid, Tenant};
use crate::odata::select::{Projection, close};
use crate::text::iso;

impl Tenant {
    /// Every object with every property that is set, every link, every assignment.
    pub(crate) fn export(&self) -> Value {
        let mut deleted = Map::new();
        let mut out = Map::new();
        for (kind, name) in [
            (Kind::User, "users"),
            (Kind::Group, "groups"),
            (Kind::Unit, "administrativeUnits"),
            (Kind::RoleDef, "roleDefinitions"),
            (Kind::Sp, "servicePrincipals"),
            (Kind::Device, "devices"),
            (Kind::Contact, "contacts"),
        ] {
            out.insert(name.to_owned(), self.export_set(kind, Life::Live));
            if !matches!(kind, Kind::Device | Kind::Contact) {
                deleted.insert(name.to_owned(), self.export_set(kind, Life::Bin));
            }
        }
        out.insert("deleted".to_owned(), deleted.into());
        let skus: Vec<Value> = self
            .skus
            .iter()
            .map(|s| {
                json!({
                    "skuId": s.id.to_string(),
                    "skuPartNumber": s.part,
                    "enabled": s.enabled,
                    "consumedUnits": s.consumed,
                    "servicePlans": s.plans.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>(),
                })
            })
            .collect();
        out.insert("subscribedSkus".to_owned(), skus.into());
        for (kind, rel, name) in [
            (Kind::Group, Rel::Members, "members"),
            (Kind::Group, Rel::Owners, "owners"),
            (Kind::Unit, Rel::Members, "auMembers"),
        ] {
            let mut map = Map::new();
            for &oid in self.sets[kind as usize].iter().filter(|o| self.object(**o).life != Life::Purged) {
                let ids: Vec<Value> = self.links(rel, oid).iter().map(|m| self.id(*m).into()).collect();
                map.insert(self.id(oid), ids.into());
            }
            out.insert(name.to_owned(), map.into());
        }
        let mut manager = Map::new();
        let mut licences = Map::new();
        for &oid in &self.sets[Kind::User as usize] {
            let object = self.object(oid);
            if object.life == Life::Purged {
                continue;
            }
            if object.manager != NONE {
                manager.insert(self.id(oid), self.id(object.manager).into());
            }
            if !self.licences_of(oid).is_empty() {
                licences.insert(self.id(oid), self.export_licences(oid));
            }
        }
        out.insert("manager".to_owned(), manager.into());
        out.insert("licences".to_owned(), licences.into());
        let mut group_licences = Map::new();
        for &oid in &self.sets[Kind::Group as usize] {
            if !self.licences_of(oid).is_empty() {
                group_licences.insert(self.id(oid), self.export_licences(oid));
            }
        }
        out.insert("groupLicences".to_owned(), group_licences.into());
        out.insert("roleAssignments".to_owned(), self.export_assignments());
        out.insert("plannedRoleAssignments".to_owned(), self.export_planned());
        out.insert("roleEligibilities".to_owned(), self.export_eligibilities());
        out.into()
    }

    fn export_set(&self, kind: Kind, life: Life) -> Value {
        let projection = Projection::all(kind.schema());
        let mut text = vec![b'['];
        let mut first = true;
        for &oid in self.sets[kind as usize].iter().filter(|o| self.object(**o).life == life) {
            if !first {
                text.push(b',');
            }
            first = false;
            let at = text.len();
            projection.object(self, &mut text, oid, false);
            close(&mut text, at);
        }
        text.push(b']');
        serde_json::from_slice(&text).unwrap_or_default()
    }

    fn export_licences(&self, oid: Oid) -> Value {
        self.licences_json(self.licences_of(oid))
    }

    pub(crate) fn licences_json(&self, list: &[Licence]) -> Value {
        list.iter()
            .map(|l| {
                let sku = &self.skus[l.sku as usize];
                let plans = sku.plans.iter().enumerate().filter(|(i, _)| l.disabled >> i & 1 == 1);
                json!({
                    "skuId": sku.id.to_string(),
                    "disabledPlans": plans.map(|(_, (id, _))| id.to_string()).collect::<Vec<_>>(),
                    "assignedByGroup": (l.by != NONE).then(|| self.id(l.by)),
                    "error": l.trouble.map(Trouble::name),
                })
            })
            .collect()
    }

    fn export_assignments(&self) -> Value {
        self.assignments
            .iter()
            .map(|a| {
                json!({
                    "id": a.id,
                    "principalId": self.id(a.principal),
                    "roleDefinitionId": self.id(a.role),
                    "directoryScopeId": self.scope_text(a.scope),
                    "activated": a.activated,
                    "startDateTime": iso(a.start),
                    "endDateTime": a.end.map(iso),
                })
            })
            .collect()
    }

    fn export_planned(&self) -> Value {
        self.planned
            .iter()
            .map(|p| {
                json!({
                    "roleAssignmentScheduleId": p.schedule.to_string(),
                    "principalId": self.id(p.principal),
                    "roleDefinitionId": self.id(p.role),
                    "directoryScopeId": self.scope_text(p.scope),
                    "startDateTime": iso(p.start),
                    "endDateTime": p.end.map(iso),
                })
            })
            .collect()
    }

    fn export_eligibilities(&self) -> Value {
        let scope = |s: Scope| self.scope_text(s);
        self.eligibilities
            .iter()
            .map(|e| {
                json!({
                    "id": e.id.to_string(),
                    "principalId": self.id(e.principal),
                    "roleDefinitionId": self.id(e.role),
                    "directoryScopeId": scope(e.scope),
                    "endDateTime": e.end.map(iso),
                })
            })
            .collect()
    }
}
