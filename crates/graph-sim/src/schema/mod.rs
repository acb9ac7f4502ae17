//! What every kind of object looks like: names, types, who may write what. Data, no behaviour.
//!
//! Names and types follow Microsoft's v1.0 schema; write classes follow the API's documentation.

mod directory;
mod groups;
mod roles;
mod users;

pub(crate) use directory::{audit, contact, device, domain, license_details, org, sku, sp, unit};
pub(crate) use groups::group;
pub(crate) use roles::{
    assignment, eligibility, eligibility_instance, eligibility_request, instance, request, role, roledef,
    schedule, scoped, template,
};
pub(crate) use users::user;

/// The type of a property on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ty {
    Str,
    Bool,
    Int,
    Date,
    Guid,
    /// A list of strings.
    Strs,
    /// One complex value.
    Object,
    /// A list of complex values.
    Objects,
}

/// Who may write a property, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Write {
    /// Read-only: sending it fails the whole request.
    No,
    /// Writable with the kind's usual permission.
    Yes,
    /// Writable, but sensitive: administrators are protected by the matrix of `auth::sensitive`.
    Sensitive,
    /// Only in the request that creates the object.
    Create,
    /// Write-only, and only with a permission and a directory role of its own.
    Password,
    /// Writable with a permission of its own.
    Needs(&'static [&'static str]),
}

/// One property of one kind.
pub(crate) struct Prop {
    pub(crate) name: &'static str,
    pub(crate) ty: Ty,
    /// Part of the answer when nothing is selected.
    pub(crate) default: bool,
    pub(crate) write: Write,
    /// Mastered on premises on synchronised objects.
    pub(crate) synced: bool,
    /// Longest allowed string, 0 for no limit.
    pub(crate) max: u16,
    /// May be null (clearing it is allowed).
    pub(crate) nullable: bool,
}

/// One kind of object.
pub(crate) struct Schema {
    /// `users`, as in `$metadata#users`.
    pub(crate) set: &'static str,
    /// `microsoft.graph.user`.
    pub(crate) name: &'static str,
    pub(crate) props: &'static [Prop],
}

impl Schema {
    /// Finds a property by its name, as `$select` and `$filter` do: case does not matter.
    pub(crate) fn find(&self, name: &str) -> Option<u8> {
        self.props.iter().position(|p| p.name.eq_ignore_ascii_case(name)).map(|i| i as u8)
    }

    /// Finds a property for writing: the exact name.
    pub(crate) fn exact(&self, name: &str) -> Option<u8> {
        self.props.iter().position(|p| p.name == name).map(|i| i as u8)
    }
}

/// Flags after the type: `d` default, `w` writable, `s` sensitive, `c` create-only, `y` synced,
/// `!` not nullable. A literal number is the greatest length.
const fn prop(name: &'static str, ty: Ty, flags: &'static str, max: u16) -> Prop {
    let mut p = Prop { name, ty, default: false, write: Write::No, synced: false, max, nullable: true };
    let bytes = flags.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'd' => p.default = true,
            b'w' => p.write = Write::Yes,
            b's' => p.write = Write::Sensitive,
            b'c' => p.write = Write::Create,
            b'p' => p.write = Write::Password,
            b'y' => p.synced = true,
            b'!' => p.nullable = false,
            _ => {}
        }
        i += 1;
    }
    p
}

const fn needs(name: &'static str, ty: Ty, permissions: &'static [&'static str]) -> Prop {
    let mut p = prop(name, ty, "", 0);
    p.write = Write::Needs(permissions);
    p
}

/// Declares a kind's module: one constant a property (its number), the table, and the schema.
macro_rules! schema {
    ($kind:ident, $set:literal, $name:literal; $($id:ident => $prop:expr;)*) => {
        #[allow(dead_code)]
        pub(crate) mod $kind {
            use super::*;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            #[repr(u8)]
            enum Number { $($id),* }
            $(pub(crate) const $id: u8 = Number::$id as u8;)*
            pub(crate) static SCHEMA: Schema = Schema { set: $set, name: $name, props: &[$($prop),*] };
        }
    };
}
use schema;

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [&'static Schema; 22] {
        [
            &user::SCHEMA,
            &group::SCHEMA,
            &unit::SCHEMA,
            &role::SCHEMA,
            &roledef::SCHEMA,
            &sp::SCHEMA,
            &device::SCHEMA,
            &contact::SCHEMA,
            &assignment::SCHEMA,
            &instance::SCHEMA,
            &eligibility_instance::SCHEMA,
            &schedule::SCHEMA,
            &eligibility::SCHEMA,
            &request::SCHEMA,
            &eligibility_request::SCHEMA,
            &scoped::SCHEMA,
            &template::SCHEMA,
            &org::SCHEMA,
            &domain::SCHEMA,
            &sku::SCHEMA,
            &license_details::SCHEMA,
            &audit::SCHEMA,
        ]
    }

    /// Selections are bit sets, and some properties are found by their place.
    #[test]
    fn tables_keep_their_promises() {
        for schema in all() {
            assert!(schema.props.len() < 128, "{}", schema.name);
            assert_eq!(schema.props[0].name, "id", "{}", schema.name);
            let mut names: Vec<_> = schema.props.iter().map(|p| p.name.to_ascii_lowercase()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), schema.props.len(), "{}", schema.name);
        }
        for schema in [
            &user::SCHEMA,
            &group::SCHEMA,
            &unit::SCHEMA,
            &role::SCHEMA,
            &sp::SCHEMA,
            &device::SCHEMA,
            &contact::SCHEMA,
        ] {
            assert_eq!(schema.props[1].name, "deletedDateTime", "{}", schema.name);
        }
        // One answer is written for both kinds of requests.
        let names = |s: &'static Schema| s.props.iter().map(|p| p.name).collect::<Vec<_>>();
        assert_eq!(names(&request::SCHEMA), names(&eligibility_request::SCHEMA));
    }
}
