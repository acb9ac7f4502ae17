//! Role assignments (standing and activated), eligibilities, and the directory roles they fill.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::history::Fact;
use super::log::Rel;
use super::{Kind, NONE, Oid, Tenant};
use crate::record::Builder;
use crate::schema;

/// Where an assignment holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    Tenant,
    Unit(Oid),
    Object(Oid),
}

/// One role assignment.
#[derive(Clone)]
pub(crate) struct Assignment {
    pub(crate) id: String,
    pub(crate) schedule: Uuid,
    pub(crate) principal: Oid,
    pub(crate) role: Oid,
    pub(crate) scope: Scope,
    pub(crate) start: i64,
    /// The end of an activation, or of a time-bound assignment.
    pub(crate) end: Option<i64>,
    /// Activated from an eligibility, not assigned.
    pub(crate) activated: bool,
}

/// An assignment that begins later.
#[derive(Clone)]
pub(crate) struct Planned {
    pub(crate) schedule: Uuid,
    pub(crate) principal: Oid,
    pub(crate) role: Oid,
    pub(crate) scope: Scope,
    pub(crate) start: i64,
    pub(crate) end: Option<i64>,
}

/// One eligibility.
#[derive(Clone)]
pub(crate) struct Eligibility {
    pub(crate) id: Uuid,
    pub(crate) principal: Oid,
    pub(crate) role: Oid,
    pub(crate) scope: Scope,
    pub(crate) start: i64,
    pub(crate) end: Option<i64>,
}

impl Tenant {
    pub(crate) fn scope_text(&self, scope: Scope) -> String {
        match scope {
            Scope::Tenant => "/".to_owned(),
            Scope::Unit(oid) => format!("/administrativeUnits/{}", self.id(oid)),
            Scope::Object(oid) => format!("/{}", self.id(oid)),
        }
    }

    pub(crate) fn parse_scope(&self, text: &str) -> Option<Scope> {
        if text == "/" {
            return Some(Scope::Tenant);
        }
        if let Some(id) = text.strip_prefix("/administrativeUnits/") {
            return self.live(Kind::Unit, id).map(Scope::Unit);
        }
        self.by_id(text.strip_prefix('/')?).filter(|oid| self.is_live(*oid)).map(Scope::Object)
    }

    fn scope_live(&self, scope: Scope) -> bool {
        match scope {
            Scope::Tenant => true,
            Scope::Unit(oid) | Scope::Object(oid) => self.is_live(oid),
        }
    }

    /// Whether a listing shows an assignment: both its ends must be there.
    pub(crate) fn shown(&self, principal: Oid, role: Oid, scope: Scope) -> bool {
        self.is_live(principal) && self.is_live(role) && self.scope_live(scope)
    }

    /// A role definition by id or template id.
    pub(crate) fn role_definition(&self, id: &str) -> Option<Oid> {
        self.live(Kind::RoleDef, id).or_else(|| self.by_key("roledef", id))
    }

    /// The directory role of a definition, activating it when this is its first use.
    pub(crate) fn activate_role(&mut self, definition: Oid) -> Oid {
        let rec = &self.object(definition).rec;
        let template = rec.str(schema::roledef::TEMPLATE).unwrap_or_default().into_owned();
        if let Some(role) = self.by_key("role", &template) {
            return role;
        }
        let mut b = Builder::default();
        if let Some(text) = rec.raw(schema::roledef::DESCRIPTION) {
            b.raw(schema::role::DESCRIPTION, text);
        }
        if let Some(text) = rec.raw(schema::roledef::DISPLAY_NAME) {
            b.raw(schema::role::DISPLAY_NAME, text);
        }
        b.str(schema::role::TEMPLATE, &template);
        let (rec, id) = (b.finish(), self.fresh_id());
        self.add(Kind::Role, id, rec)
    }

    /// The directory role of a definition when it has been activated.
    pub(crate) fn role_of(&self, definition: Oid) -> Option<Oid> {
        let template = self.object(definition).rec.str(schema::roledef::TEMPLATE)?;
        self.by_key("role", &template)
    }

    pub(crate) fn find_assignment(&self, principal: Oid, role: Oid, scope: Scope) -> Option<usize> {
        self.assignments.iter().position(|a| a.principal == principal && a.role == role && a.scope == scope)
    }

    /// Assigns a role; the caller has checked that it is not assigned yet.
    pub(crate) fn assign(
        &mut self,
        principal: Oid,
        role: Oid,
        scope: Scope,
        end: Option<i64>,
        activated: bool,
    ) -> usize {
        self.assign_since(principal, role, scope, (self.now, end), activated)
    }

    fn assign_since(
        &mut self,
        principal: Oid,
        role: Oid,
        scope: Scope,
        (start, end): (i64, Option<i64>),
        activated: bool,
    ) -> usize {
        self.assignment_counter += 1;
        let mut bytes = Vec::with_capacity(32);
        bytes.extend_from_slice(&self.object(role).id.to_bytes_le());
        bytes.extend_from_slice(&self.object(principal).id.to_bytes_le());
        let id = format!("{}-{}", URL_SAFE_NO_PAD.encode(&bytes), self.assignment_counter);
        let schedule = self.fresh_id();
        self.assignments.push(Assignment { id, schedule, principal, role, scope, start, end, activated });
        self.remember_assignment(None, self.assignments.last().cloned());
        if !self.object(role).rec.is_true(schema::roledef::BUILT_IN) {
            return self.assignments.len() - 1;
        }
        let directory_role = self.activate_role(role);
        if scope == Scope::Tenant {
            self.link(Rel::Members, directory_role, principal);
        }
        self.assignments.len() - 1
    }

    /// Assigns a role from `start` to `end`, now or when the time has come, and returns the schedule's id.
    pub(crate) fn assign_for(
        &mut self,
        principal: Oid,
        role: Oid,
        scope: Scope,
        start: i64,
        end: Option<i64>,
    ) -> Uuid {
        if start > self.now {
            let schedule = self.fresh_id();
            self.planned.push(Planned { schedule, principal, role, scope, start, end });
            return schedule;
        }
        let at = self.assign_since(principal, role, scope, (start, end), false);
        self.assignments[at].schedule
    }

    pub(crate) fn unassign(&mut self, at: usize) -> Assignment {
        let gone = self.assignments.remove(at);
        self.remember_assignment(Some(gone.clone()), None);
        let still = self
            .assignments
            .iter()
            .any(|a| a.principal == gone.principal && a.role == gone.role && a.scope == Scope::Tenant);
        if gone.scope == Scope::Tenant
            && !still
            && let Some(role) = self.role_of(gone.role)
        {
            self.unlink(Rel::Members, role, gone.principal);
        }
        gone
    }

    fn remember_assignment(&mut self, before: Option<Assignment>, after: Option<Assignment>) {
        let Some((oid, role, scope)) =
            before.as_ref().or(after.as_ref()).map(|a| (a.principal, a.role, a.scope))
        else {
            return;
        };
        self.remember(oid, Fact::Role(role, scope, before.map(Box::new), after.map(Box::new)));
    }

    /// Moves the end of an assignment.
    pub(crate) fn extend_assignment(&mut self, at: usize, end: Option<i64>) {
        let before = self.assignments[at].clone();
        self.assignments[at].end = end;
        self.remember_assignment(Some(before), Some(self.assignments[at].clone()));
    }

    fn remember_eligibility(&mut self, before: Option<Eligibility>, after: Option<Eligibility>) {
        let Some((oid, role, scope)) =
            before.as_ref().or(after.as_ref()).map(|e| (e.principal, e.role, e.scope))
        else {
            return;
        };
        self.remember(oid, Fact::Eligible(role, scope, before.map(Box::new), after.map(Box::new)));
    }

    pub(crate) fn make_eligible(&mut self, e: Eligibility) {
        self.remember_eligibility(None, Some(e.clone()));
        self.eligibilities.push(e);
    }

    /// Moves the end of an eligibility.
    pub(crate) fn extend_eligibility(&mut self, at: usize, end: Option<i64>) {
        let before = self.eligibilities[at].clone();
        self.eligibilities[at].end = end;
        self.remember_eligibility(Some(before), Some(self.eligibilities[at].clone()));
    }

    pub(crate) fn end_eligibility(&mut self, at: usize) {
        let gone = self.eligibilities.remove(at);
        self.remember_eligibility(Some(gone), None);
    }

    /// Removes what names a purged object as principal, role or scope.
    pub(super) fn drop_roles_of(&mut self, oid: Oid) {
        let names = |principal, role, scope| {
            principal == oid || role == oid || scope == Scope::Unit(oid) || scope == Scope::Object(oid)
        };
        while let Some(at) = self.assignments.iter().position(|a| names(a.principal, a.role, a.scope)) {
            self.unassign(at);
        }
        self.planned.retain(|p| !names(p.principal, p.role, p.scope));
        while let Some(at) = self.eligibilities.iter().position(|e| names(e.principal, e.role, e.scope)) {
            self.end_eligibility(at);
        }
    }

    /// When the next assignment or eligibility begins or ends.
    pub(super) fn roles_due(&self) -> Option<i64> {
        let ends = self.assignments.iter().filter_map(|a| a.end);
        let eligible = self.eligibilities.iter().filter_map(|e| e.end);
        ends.chain(eligible).chain(self.planned.iter().map(|p| p.start)).min()
    }

    pub(super) fn begin_roles(&mut self) {
        while let Some(at) = self.planned.iter().position(|p| p.start <= self.now) {
            let p = self.planned.remove(at);
            if self.find_assignment(p.principal, p.role, p.scope).is_none() {
                let at = self.assign(p.principal, p.role, p.scope, p.end, false);
                self.assignments[at].schedule = p.schedule;
            }
        }
    }

    pub(super) fn end_roles(&mut self) {
        let now = self.now;
        while let Some(at) = self.assignments.iter().position(|a| a.end.is_some_and(|end| end <= now)) {
            self.unassign(at);
        }
        while let Some(at) = self.eligibilities.iter().position(|e| e.end.is_some_and(|end| end <= now)) {
            self.end_eligibility(at);
        }
    }

    /// Template ids of the roles that a principal holds: directly at tenant scope, or through a group.
    pub(crate) fn role_templates_of(&self, principal: Oid, eligible_too: bool) -> Vec<String> {
        let mut holders = vec![principal];
        holders.extend(self.object(principal).up.iter().copied().filter(|up| {
            self.object(*up).kind == Kind::Group
                && self.object(*up).rec.is_true(schema::group::ROLE_ASSIGNABLE)
        }));
        let assigned = self.assignments.iter().map(|a| (a.principal, a.role, a.scope));
        let eligible = self.eligibilities.iter().map(|e| (e.principal, e.role, e.scope));
        let mut found: Vec<String> = assigned
            .chain(eligible.filter(|_| eligible_too))
            .filter(|(p, ..)| holders.contains(p))
            .filter_map(|(_, role, _)| self.object(role).rec.str(schema::roledef::TEMPLATE))
            .map(|t| t.into_owned())
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Template ids of the built-in roles that somebody holds now in the whole directory: what tokens
    /// name. Being eligible is not holding.
    pub(crate) fn tenant_roles_of(&self, principal: Oid) -> Vec<String> {
        let mut found: Vec<String> = self
            .assignments
            .iter()
            .filter(|a| a.scope == Scope::Tenant && self.shown(a.principal, a.role, a.scope))
            .filter(|a| a.principal == principal || self.is_role_group_of(a.principal, principal))
            .filter(|a| self.object(a.role).rec.is_true(schema::roledef::BUILT_IN))
            .filter_map(|a| self.object(a.role).rec.str(schema::roledef::TEMPLATE))
            .map(|t| t.into_owned())
            .collect();
        found.sort();
        found.dedup();
        found
    }

    fn is_role_group_of(&self, group: Oid, member: Oid) -> bool {
        let object = self.object(group);
        object.kind == Kind::Group
            && object.rec.is_true(schema::group::ROLE_ASSIGNABLE)
            && self.linked(Rel::Members, group, member)
    }

    /// Whether the application holds any role scoped to a unit.
    pub(crate) fn app_manages_unit(&self, unit: Oid) -> bool {
        self.app_sp != NONE
            && self.assignments.iter().any(|a| a.principal == self.app_sp && a.scope == Scope::Unit(unit))
    }
}
