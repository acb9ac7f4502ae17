//! Groups and administrative units whose members follow a rule:
//! `(user.city -eq "Oslo") and (user.department -eq "Sales")`.

use super::log::Rel;
use super::{Kind, Life, Oid, Tenant};
use crate::record::Record;
use crate::schema::{self, group, unit};

/// One comparison of a rule.
struct Clause {
    prop: u8,
    equal: bool,
    value: String,
    /// The value as the record holds a string.
    quoted: Vec<u8>,
}

/// Reads the rules that this simulator evaluates: `-eq` and `-ne` on properties, joined by `and`.
fn parse(rule: &str) -> Option<Vec<Clause>> {
    rule.split(" and ")
        .map(|part| {
            let part = part.trim().trim_start_matches('(').trim_end_matches(')').trim();
            let (left, value) = part.split_once('"')?;
            let (name, operator) = left.trim().split_once(' ')?;
            let value = value.strip_suffix('"')?.to_owned();
            Some(Clause {
                quoted: crate::text::quoted(&value),
                prop: schema::user::SCHEMA.find(name.strip_prefix("user.")?)?,
                equal: match operator.trim() {
                    "-eq" => true,
                    "-ne" => false,
                    _ => return None,
                },
                value,
            })
        })
        .collect()
}

fn holds(clauses: &[Clause], user: &Record) -> bool {
    clauses.iter().all(|c| {
        let raw = user.raw(c.prop).unwrap_or(b"null");
        // Numbers and booleans are compared as they are written.
        let same = raw == c.quoted
            || raw == c.value.as_bytes()
            || (raw.len() == c.quoted.len() && raw.eq_ignore_ascii_case(&c.quoted));
        same == c.equal
    })
}

impl Tenant {
    pub(crate) fn is_dynamic(&self, oid: Oid) -> bool {
        let object = self.object(oid);
        match object.kind {
            Kind::Group => object.rec.strs(group::GROUP_TYPES).iter().any(|t| t == "DynamicMembership"),
            Kind::Unit => {
                object.rec.str(unit::MEMBERSHIP_TYPE).is_some_and(|t| t.eq_ignore_ascii_case("dynamic"))
            }
            _ => false,
        }
    }

    /// What a dynamic object's rule asks for; nothing while it is paused or cannot be read.
    fn active_rule(&self, oid: Oid) -> Option<Vec<Clause>> {
        let object = self.object(oid);
        let (rule, state) = match object.kind {
            Kind::Unit => (unit::RULE, unit::RULE_STATE),
            _ => (group::RULE, group::RULE_STATE),
        };
        let paused = object.rec.str(state).is_some_and(|s| s == "Paused");
        parse(&object.rec.str(rule).filter(|_| !paused)?)
    }

    /// Going dynamic drops every assigned member; the rule then says who is in.
    pub(crate) fn go_dynamic(&mut self, oid: Oid) {
        for member in self.links(Rel::Members, oid).to_vec() {
            self.unlink(Rel::Members, oid, member);
        }
        self.dynamic_rebuild(oid);
    }

    /// Makes the members what the rule says; called when the rule, or who decides, changes.
    pub(crate) fn dynamic_rebuild(&mut self, oid: Oid) {
        self.dynamic.retain(|g| *g != oid);
        if !self.is_dynamic(oid) {
            return;
        }
        self.dynamic.push(oid);
        let Some(clauses) = self.active_rule(oid) else { return };
        let wanted: Vec<Oid> = self.sets[Kind::User as usize]
            .iter()
            .copied()
            .filter(|user| self.is_live(*user) && holds(&clauses, &self.object(*user).rec))
            .collect();
        for member in self.links(Rel::Members, oid).to_vec() {
            if wanted.binary_search(&member).is_err() && self.object(member).life != Life::Bin {
                self.unlink(Rel::Members, oid, member);
            }
        }
        for member in wanted {
            self.link(Rel::Members, oid, member);
        }
    }

    /// Lets dynamic groups and units follow a user that changed, was created or came back.
    pub(crate) fn dynamic_follow(&mut self, user: Oid) {
        if self.object(user).kind != Kind::User || !self.is_live(user) {
            return;
        }
        for oid in self.dynamic.clone() {
            match self.active_rule(oid) {
                Some(clauses) if holds(&clauses, &self.object(user).rec) => {
                    self.link(Rel::Members, oid, user);
                }
                Some(_) => {
                    self.unlink(Rel::Members, oid, user);
                }
                None => {}
            }
        }
    }
}
