//! Groups whose members follow a rule: `(user.city -eq "Oslo") and (user.department -eq "Sales")`.

use super::log::Rel;
use super::{Kind, Life, Oid, Tenant};
use crate::record::Record;
use crate::schema::{self, group};

/// One comparison of a rule.
struct Clause {
    prop: u8,
    equal: bool,
    value: String,
}

/// Reads the rules that this simulator evaluates: `-eq` and `-ne` on properties, joined by `and`.
fn parse(rule: &str) -> Option<Vec<Clause>> {
    rule.split(" and ")
        .map(|part| {
            let part = part.trim().trim_start_matches('(').trim_end_matches(')').trim();
            let (left, value) = part.split_once('"')?;
            let (name, operator) = left.trim().split_once(' ')?;
            Some(Clause {
                prop: schema::user::SCHEMA.find(name.strip_prefix("user.")?)?,
                equal: match operator.trim() {
                    "-eq" => true,
                    "-ne" => false,
                    _ => return None,
                },
                value: value.strip_suffix('"')?.to_owned(),
            })
        })
        .collect()
}

fn holds(clauses: &[Clause], user: &Record) -> bool {
    clauses.iter().all(|c| {
        let same = user.str(c.prop).is_some_and(|v| v.eq_ignore_ascii_case(&c.value))
            || user.raw(c.prop).is_some_and(|raw| raw == c.value.as_bytes());
        same == c.equal
    })
}

impl Tenant {
    pub(crate) fn is_dynamic(&self, oid: Oid) -> bool {
        let object = self.object(oid);
        match object.kind {
            Kind::Group => object.rec.strs(group::GROUP_TYPES).iter().any(|t| t == "DynamicMembership"),
            Kind::Unit => {
                object.rec.str(schema::unit::MEMBERSHIP_TYPE).is_some_and(|t| t.eq_ignore_ascii_case("dynamic"))
            }
            _ => false,
        }
    }

    /// Makes a group's members what its rule says; called when the rule, or the group's kind, changes.
    pub(crate) fn dynamic_rebuild(&mut self, oid: Oid) {
        self.dynamic.retain(|g| *g != oid);
        if self.object(oid).kind != Kind::Group || !self.is_dynamic(oid) {
            return;
        }
        self.dynamic.push(oid);
        let rec = &self.object(oid).rec;
        let rule = rec.str(group::RULE).unwrap_or_default().into_owned();
        let paused = rec.str(group::RULE_STATE).is_some_and(|s| s == "Paused");
        let (Some(clauses), false) = (parse(&rule), paused) else { return };
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

    /// Lets the dynamic groups follow a user that changed, was created or came back.
    pub(crate) fn dynamic_follow(&mut self, user: Oid) {
        if self.object(user).kind != Kind::User || !self.is_live(user) {
            return;
        }
        for oid in self.dynamic.clone() {
            let rec = &self.object(oid).rec;
            let rule = rec.str(group::RULE).unwrap_or_default().into_owned();
            if rec.str(group::RULE_STATE).is_some_and(|s| s == "Paused") {
                continue;
            }
            match parse(&rule) {
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
