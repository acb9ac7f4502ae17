//! What a version says in clear beside its sealed body: name, second line, badges.

use domain::{Kind, flags};

use super::canon::{Layout, Values};

/// Name, detail and flags of an object.
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) flags: i32,
}

impl Facts {
    pub(crate) fn of(kind: Kind, layout: &Layout, values: &Values) -> Facts {
        let text = |name| layout.text(values, name).unwrap_or_default();
        let flag = |on: bool, bit: i32| if on { bit } else { 0 };
        let name = text("displayName");
        let synced = flag(layout.is_true(values, "onPremisesSyncEnabled"), flags::SYNCED);
        match kind {
            Kind::User => Facts {
                name,
                detail: text("userPrincipalName"),
                flags: synced
                    | flag(layout.raw(values, "accountEnabled") == Some("false"), flags::DISABLED)
                    | flag(text("userType") == "Guest", flags::GUEST),
            },
            Kind::Group => {
                let types = layout.raw(values, "groupTypes").unwrap_or_default();
                let unified = types.contains("\"Unified\"");
                let mail = text("mail");
                Facts {
                    name,
                    detail: if mail.is_empty() { text("description") } else { mail },
                    flags: synced
                        | flag(unified, flags::MICROSOFT_365)
                        | flag(types.contains("\"DynamicMembership\""), flags::DYNAMIC)
                        | flag(layout.is_true(values, "isAssignableToRole"), flags::ROLE_ASSIGNABLE)
                        | flag(layout.is_true(values, "mailEnabled") && !unified, flags::MAIL_ONLY),
                }
            }
            Kind::Role => Facts {
                name,
                detail: text("description"),
                flags: flag(layout.is_true(values, "isBuiltIn"), flags::BUILT_IN)
                    | flag(layout.raw(values, "isEnabled") == Some("false"), flags::DISABLED),
            },
            _ => Facts {
                name,
                detail: text("description"),
                flags: flag(text("membershipType").eq_ignore_ascii_case("dynamic"), flags::DYNAMIC)
                    | flag(layout.is_true(values, "isMemberManagementRestricted"), flags::RESTRICTED),
            },
        }
    }
}
