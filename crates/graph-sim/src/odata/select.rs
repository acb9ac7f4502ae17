//! Which properties an answer has, and writing them.

use crate::record::Record;
use crate::reply::{GraphError, Result};
use crate::schema::{Schema, Ty};
use crate::state::{Kind, Oid, Tenant};

/// A property to write: its number and `"name":` ready to copy.
#[derive(Clone)]
struct Item {
    prop: u8,
    key: Box<[u8]>,
    empty: &'static [u8],
    /// Not stored in the record but worked out from the directory.
    computed: bool,
}

/// The properties that an answer has, in the schema's order.
#[derive(Clone)]
pub(crate) struct Projection {
    items: Vec<Item>,
    pub(crate) mask: u128,
}

/// Properties that are worked out when they are written.
fn computed(schema: &Schema, prop: u8) -> bool {
    use crate::schema::user;
    let name = schema.props[prop as usize].name;
    match name {
        "deletedDateTime" | "assignedLicenses" | "licenseAssignmentStates" | "isManagementRestricted" => true,
        "hasMembersWithLicenseErrors" => true,
        "securityIdentifier" | "licenseProcessingState" | "assignedPlans" | "legalAgeGroupClassification" => {
            true
        }
        "identities" => prop == user::IDENTITIES,
        _ => false,
    }
}

impl Projection {
    /// Reads `$select`; nothing selected means the kind's default set.
    pub(crate) fn new(schema: &Schema, select: Option<&[String]>) -> Result<Self> {
        let Some(select) = select.filter(|s| !s.is_empty()) else { return Ok(Self::defaults(schema)) };
        let mut mask = 0u128;
        for name in select {
            match schema.find(name) {
                Some(prop) => mask |= 1 << prop,
                None if name == "*" => mask |= Self::defaults(schema).mask,
                // Directory extensions: none is registered in this tenant.
                None if name.starts_with("extension_") => {}
                None => {
                    if SHAREPOINT.contains(&name.as_str()) && schema.set == "users" {
                        return Err(GraphError::new(
                            501,
                            "NotImplemented",
                            format!("The property '{name}' cannot be selected in a list."),
                        ));
                    }
                    return Err(GraphError::new(
                        400,
                        "BadRequest",
                        format!(
                            "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{}'.",
                            schema.name
                        ),
                    ));
                }
            }
        }
        Ok(Self::of(schema, mask))
    }

    /// For lists of mixed kinds: names that a kind does not have are passed over.
    pub(crate) fn lenient(schema: &Schema, select: Option<&[String]>) -> Self {
        match select.filter(|s| !s.is_empty()) {
            None => Self::defaults(schema),
            Some(select) => Self::of(
                schema,
                select.iter().filter_map(|n| schema.find(n)).fold(0, |mask, p| mask | 1 << p),
            ),
        }
    }

    pub(crate) fn defaults(schema: &Schema) -> Self {
        let mask =
            schema.props.iter().enumerate().filter(|(_, p)| p.default).fold(0, |mask, (i, _)| mask | 1 << i);
        Self::of(schema, mask)
    }

    /// Every property that the kind has.
    pub(crate) fn all(schema: &Schema) -> Self {
        Self::of(schema, (1u128 << schema.props.len()) - 1)
    }

    pub(crate) fn of(schema: &Schema, mask: u128) -> Self {
        let items = schema
            .props
            .iter()
            .enumerate()
            .filter(|(i, _)| mask >> i & 1 == 1)
            .map(|(i, p)| Item {
                prop: i as u8,
                key: format!(",\"{}\":", p.name).into_bytes().into(),
                // Graph sends empty lists, and null for everything else.
                empty: if matches!(p.ty, Ty::Strs | Ty::Objects) { b"[]" } else { b"null" },
                computed: computed(schema, i as u8),
            })
            .collect();
        Self { items, mask }
    }

    /// Writes a row that is not an object of the table, as `{…}`.
    pub(crate) fn row(&self, out: &mut Vec<u8>, rec: &Record) {
        let at = out.len();
        write(&self.items, out, rec, true, |_, _| false);
        close(out, at);
    }

    /// Writes an object's properties, each with a leading comma; with `all` also the unset ones.
    pub(crate) fn object(&self, t: &Tenant, out: &mut Vec<u8>, oid: Oid, all: bool) {
        let object = t.object(oid);
        let mut items = &self.items[..];
        if self.mask & 1 == 1 {
            out.extend_from_slice(b",\"id\":\"");
            let mut buf = [0; 36];
            out.extend_from_slice(object.id.hyphenated().encode_lower(&mut buf).as_bytes());
            out.push(b'"');
            items = &items[1..];
        }
        write(items, out, &object.rec, all, |prop, out| crate::computed::write(t, oid, prop, out));
    }

    /// The names of the chosen properties that an object has not set.
    pub(crate) fn nulls(&self, out: &mut Vec<u8>, rec: &Record, changed: u128) {
        for item in &self.items {
            if changed >> item.prop & 1 == 1
                && item.empty == b"null"
                && rec.raw(item.prop).is_none()
                && !item.computed
            {
                out.extend_from_slice(&item.key);
                out.extend_from_slice(b"null");
            }
        }
    }

    /// Only the properties of `shown`, a bit each; every other one is null.
    pub(crate) fn veiled(&self, t: &Tenant, out: &mut Vec<u8>, oid: Oid, shown: u128) {
        let object = t.object(oid);
        for item in &self.items {
            out.extend_from_slice(&item.key);
            if item.prop == 0 {
                out.extend_from_slice(format!("\"{}\"", object.id).as_bytes());
                continue;
            }
            if shown >> item.prop & 1 == 1 {
                if let Some(value) = object.rec.raw(item.prop) {
                    out.extend_from_slice(value);
                    continue;
                }
                if item.computed && crate::computed::write(t, oid, item.prop, out) {
                    continue;
                }
            }
            out.extend_from_slice(b"null");
        }
    }

    /// The same, limited to what changed (and always the id).
    pub(crate) fn only(&self, changed: u128) -> Self {
        let items: Vec<Item> =
            self.items.iter().filter(|i| i.prop == 0 || changed >> i.prop & 1 == 1).cloned().collect();
        Self { mask: self.mask & (changed | 1), items }
    }
}

/// Writes `,"name":value` for each item that the record (or `compute`) has a value for.
fn write(
    items: &[Item],
    out: &mut Vec<u8>,
    rec: &Record,
    all: bool,
    mut compute: impl FnMut(u8, &mut Vec<u8>) -> bool,
) {
    let mut fields = rec.fields();
    let mut next = fields.next();
    for item in items {
        while let Some((prop, _)) = next
            && prop < item.prop
        {
            next = fields.next();
        }
        let at = out.len();
        out.extend_from_slice(&item.key);
        match next.filter(|(prop, _)| *prop == item.prop) {
            Some((_, value)) => out.extend_from_slice(value),
            None if item.computed && compute(item.prop, out) => {}
            None if all || item.empty == b"[]" => out.extend_from_slice(item.empty),
            None => out.truncate(at),
        }
    }
}

/// Turns the leading comma of what was written since `at` into an opening brace, and closes it.
pub(crate) fn close(out: &mut Vec<u8>, at: usize) {
    if out.len() == at {
        out.push(b'{');
    } else {
        out[at] = b'{';
    }
    out.push(b'}');
}

/// Profile properties that live in another service and cannot be listed.
const SHAREPOINT: [&str; 10] = [
    "aboutMe",
    "birthday",
    "hireDate",
    "interests",
    "mySite",
    "pastProjects",
    "preferredName",
    "responsibilities",
    "schools",
    "skills",
];

/// The name of a kind's type as members carry it.
pub(crate) fn push_type(out: &mut Vec<u8>, kind: Kind) {
    out.extend_from_slice(b",\"@odata.type\":\"#");
    out.extend_from_slice(kind.schema().name.as_bytes());
    out.push(b'"');
}
