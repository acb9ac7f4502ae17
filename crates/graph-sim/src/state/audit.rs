//! The directory audit log: who did what to whom.

use uuid::Uuid;

use super::{Kind, Oid, Tenant};

/// Who acts.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    /// The application behind the current token.
    App,
    /// The directory itself.
    Directory,
    /// A person at the admin centre.
    Person { id: String, name: String, upn: String },
}

/// One changed property, as the log tells it.
#[derive(Clone)]
pub(crate) struct Modified {
    pub(crate) name: String,
    pub(crate) old: String,
    pub(crate) new: String,
}

/// One entry.
#[derive(Clone)]
pub(crate) struct AuditRow {
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) activity: &'static str,
    pub(crate) category: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) actor: Actor,
    /// Id, type, name and principal name of each target.
    pub(crate) targets: Vec<(String, &'static str, String, Option<String>)>,
    pub(crate) modified: Vec<Modified>,
}

impl Tenant {
    /// Writes an entry about one or more objects.
    pub(crate) fn record(
        &mut self,
        activity: &'static str,
        operation: &'static str,
        targets: &[Oid],
        modified: Vec<Modified>,
    ) {
        if !self.recording {
            return;
        }
        let category = match targets.first().map(|oid| self.object(*oid).kind) {
            Some(Kind::User) if activity.contains("role") => "RoleManagement",
            Some(Kind::User) => "UserManagement",
            Some(Kind::Group) => "GroupManagement",
            Some(Kind::Unit) => "AdministrativeUnit",
            Some(Kind::Role | Kind::RoleDef) => "RoleManagement",
            Some(Kind::Sp) => "ApplicationManagement",
            Some(Kind::Device) => "Device",
            Some(Kind::Contact) => "Contact",
            None => "DirectoryManagement",
        };
        let targets = targets
            .iter()
            .map(|oid| {
                let object = self.object(*oid);
                let type_name = match object.kind {
                    Kind::User => "User",
                    Kind::Group => "Group",
                    Kind::Unit => "AdministrativeUnit",
                    Kind::Role | Kind::RoleDef => "Role",
                    Kind::Sp => "ServicePrincipal",
                    Kind::Device => "Device",
                    Kind::Contact => "Other",
                };
                let upn = object.rec.str(crate::schema::user::UPN).filter(|_| object.kind == Kind::User);
                (self.id(*oid), type_name, self.name(*oid), upn.map(|u| u.into_owned()))
            })
            .collect();
        let (id, at, actor) = (self.fresh_id(), self.now, self.actor.clone());
        self.audit.push(AuditRow { id, at, activity, category, operation, actor, targets, modified });
    }

    /// A person of the directory as an actor.
    pub(crate) fn person(&self, oid: Oid) -> Actor {
        let upn = self.object(oid).rec.str(crate::schema::user::UPN).unwrap_or_default().into_owned();
        Actor::Person { id: self.id(oid), name: self.name(oid), upn }
    }
}
