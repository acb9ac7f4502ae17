//! Role assignments, read together with their schedule instances: an eligible role in use for a while
//! looks like an assignment, but is none.

use std::collections::HashSet;

use domain::capture::{Gap, ReadScope};
use domain::{Kind, LinkKind};
use serde::Deserialize;
use store::history::{Link, LinkKey};
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    assignment_type: Option<String>,
    role_assignment_origin_id: Option<String>,
    principal_id: Uuid,
    role_definition_id: Uuid,
    directory_scope_id: Option<String>,
}

/// Said of an assignment that may have been temporary, because that could not be read.
const UNSURE: &str = "unsure";

impl Capture {
    pub(super) async fn read_assignments(&mut self) -> Result<()> {
        let (assignments, instances) = tokio::join!(
            self.client.pages::<Assignment>("/roleManagement/directory/roleAssignments").all(),
            self.client
                .pages::<Instance>(
                    "/roleManagement/directory/roleAssignmentScheduleInstances?$select=assignmentType,roleAssignmentOriginId,principalId,roleDefinitionId,directoryScopeId"
                )
                .all(),
        );
        let assignments = match assignments {
            Ok(all) => all,
            Err(error) => {
                self.unreadable(ReadScope::Relation(LinkKind::RoleAssignment), error)?;
                if let Some(gap) = self.gaps.last().cloned() {
                    self.gaps.push(Gap { scope: ReadScope::Relation(LinkKind::ActivatedRole), ..gap });
                }
                return Ok(());
            }
        };
        let (activated, sure) = match instances {
            Ok(all) => (all, true),
            // Without the licence for eligible roles there are none that could be in use.
            Err(e) if matches!(e.meaning(), graph::Meaning::LicenceMissing) => (Vec::new(), true),
            Err(error) => {
                self.unreadable(ReadScope::AssignmentTypes, error)?;
                (Vec::new(), false)
            }
        };
        let activated: Vec<Instance> =
            activated.into_iter().filter(|i| i.assignment_type.as_deref() == Some("Activated")).collect();
        let by_id: HashSet<&str> =
            activated.iter().filter_map(|i| i.role_assignment_origin_id.as_deref()).collect();
        let by_key: HashSet<(Uuid, Uuid, &str)> = activated
            .iter()
            .filter(|i| i.role_assignment_origin_id.is_none())
            .map(|i| {
                (i.principal_id, i.role_definition_id, i.directory_scope_id.as_deref().unwrap_or_default())
            })
            .collect();
        for a in assignments {
            let scope = a.directory_scope_id.or(a.app_scope_id).unwrap_or_else(|| "/".to_owned());
            let temporary = by_id.contains(a.id.as_str())
                || by_key.contains(&(a.principal_id, a.role_definition_id, scope.as_str()));
            let source = self.writer.number(a.role_definition_id, Kind::Role, None);
            let target = self.writer.number(a.principal_id, Kind::Other, None);
            let kind = if temporary { LinkKind::ActivatedRole } else { LinkKind::RoleAssignment };
            self.see(Link {
                key: LinkKey { kind, source, target, disc: scope },
                details: (!sure).then(|| UNSURE.to_owned()),
            })
            .await?;
        }
        Ok(())
    }
}

impl Capture {
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
