//! Role assignments, read together with their schedule instances: an activated eligible role looks like an
//! assignment, but is none, and a time-bound assignment has its end there.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::capture::{Gap, ReadScope};
use domain::link::LinkDetails;
use domain::{Kind, LinkKind};
use serde::Deserialize;
use store::history::{Link, LinkKey, Num};
use uuid::Uuid;

use super::Capture;
use crate::Result;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assignment {
    id: String,
    principal_id: Uuid,
    role_definition_id: Uuid,
    directory_scope_id: Option<String>,
    app_scope_id: Option<String>,
}

/// Source: <https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance>.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    assignment_type: Option<String>,
    role_assignment_origin_id: Option<String>,
    principal_id: Uuid,
    role_definition_id: Uuid,
    directory_scope_id: Option<String>,
    start_date_time: Option<DateTime<Utc>>,
    end_date_time: Option<DateTime<Utc>>,
}

/// What the schedule instances say of assignments.
struct Instances {
    by_id: HashMap<String, Instance>,
    by_key: HashMap<(Uuid, Uuid, String), Instance>,
}

impl Instances {
    fn of(all: Vec<Instance>) -> Instances {
        let (mut by_id, mut by_key) = (HashMap::new(), HashMap::new());
        for i in all {
            match &i.role_assignment_origin_id {
                Some(id) => {
                    by_id.insert(id.clone(), i);
                }
                None => {
                    let scope = i.directory_scope_id.clone().unwrap_or_default();
                    by_key.insert((i.principal_id, i.role_definition_id, scope), i);
                }
            }
        }
        Instances { by_id, by_key }
    }

    fn find(&self, a: &Assignment, scope: &str) -> Option<&Instance> {
        self.by_id
            .get(&a.id)
            .or_else(|| self.by_key.get(&(a.principal_id, a.role_definition_id, scope.to_owned())))
    }
}

impl Instance {
    /// The kind of link, and what is said of it: start and end of a time-bound assignment.
    fn told(&self) -> (LinkKind, Option<String>) {
        if self.assignment_type.as_deref() == Some("Activated") {
            return (LinkKind::ActivatedRole, None);
        }
        // The start of a permanent assignment is no part of it.
        let period = self
            .end_date_time
            .map(|end| LinkDetails::Period { from: self.start_date_time, until: Some(end) }.to_string());
        (LinkKind::RoleAssignment, period)
    }
}

impl Capture {
    pub(super) async fn read_assignments(&mut self) -> Result<()> {
        if !self.profile.has_relation(LinkKind::RoleAssignment, false) {
            return Ok(());
        }
        let assignments =
            self.client.pages::<Assignment>("/roleManagement/directory/roleAssignments").read_ahead();
        let instances = self.client.pages::<Instance>(
            "/roleManagement/directory/roleAssignmentScheduleInstances?$select=assignmentType,roleAssignmentOriginId,principalId,roleDefinitionId,directoryScopeId,startDateTime,endDateTime",
        );
        let (assignments, instances) = tokio::join!(assignments.all(), instances.all());
        let assignments = match assignments {
            Ok(all) => all,
            Err(error) => {
                let scope = ReadScope::Relation(LinkKind::RoleAssignment);
                self.unreadable(scope, &error)?;
                let reason = super::gaps::reason(scope, &error)?;
                self.gap(Gap::whole(ReadScope::Relation(LinkKind::ActivatedRole), reason));
                return Ok(());
            }
        };
        let instances = match instances {
            Ok(all) => Some(Instances::of(all)),
            // Without the license for eligible roles there are none that could be in use.
            Err(e) if matches!(e.meaning(), graph::Meaning::LicenceMissing) => {
                Some(Instances::of(Vec::new()))
            }
            Err(error) => {
                self.unreadable(ReadScope::AssignmentTypes, &error)?;
                None
            }
        };
        // Where types cannot be read now, what is known of an assignment holds on.
        let known = if instances.is_none() { self.known_assignments().await? } else { HashMap::new() };
        for a in assignments {
            let scope = a
                .directory_scope_id
                .clone()
                .or_else(|| a.app_scope_id.clone())
                .unwrap_or_else(|| "/".to_owned());
            let source = self.writer.number(a.role_definition_id, Kind::Role, None);
            let target = self.writer.number(a.principal_id, Kind::Other, None);
            let (kind, details) = match &instances {
                Some(instances) => {
                    instances.find(&a, &scope).map_or((LinkKind::RoleAssignment, None), Instance::told)
                }
                None => known
                    .get(&(source, target, scope.clone()))
                    .cloned()
                    .unwrap_or((LinkKind::RoleAssignment, Some(LinkDetails::Unsure.to_string()))),
            };
            self.named.insert(kind);
            self.see(Link { key: LinkKey { kind, source, target, disc: scope }, details }).await?;
        }
        Ok(())
    }

    /// Assignments of the snapshot before, with their kind and what is said of them.
    async fn known_assignments(&self) -> Result<HashMap<(Num, Num, String), (LinkKind, Option<String>)>> {
        let mut known = HashMap::new();
        if self.writer.is_first() {
            return Ok(known);
        }
        for kind in [LinkKind::RoleAssignment, LinkKind::ActivatedRole] {
            for l in self.writer.links_before(kind).await? {
                known.insert((l.key.source, l.key.target, l.key.disc), (kind, l.details));
            }
        }
        Ok(known)
    }

    /// Graph hides assignments over a unit that lies in the recycle bin; they come back with it.
    pub(super) async fn keep_assignments_over_binned_units(&mut self) -> Result<()> {
        let before = self.writer.links_before(LinkKind::RoleAssignment).await?;
        let hidden = before.into_iter().filter(|l| {
            let unit = l.key.disc.strip_prefix("/administrativeUnits/").and_then(|id| id.parse().ok());
            let known =
                unit.and_then(|id| self.writer.objects().num(id)).and_then(|n| self.writer.objects().get(n));
            known.is_some_and(|k| k.in_bin)
        });
        let hidden = hidden.collect();
        Ok(self.writer.see_links(hidden).await?)
    }
}
