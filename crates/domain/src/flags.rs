//! Short facts about an object that lists show as badges, kept as bits beside each version.

/// The account cannot sign in.
pub const DISABLED: i32 = 1;
pub const GUEST: i32 = 1 << 1;
/// Mastered in an on-premises directory.
pub const SYNCED: i32 = 1 << 2;
/// Members follow from a rule.
pub const DYNAMIC: i32 = 1 << 3;
pub const MICROSOFT_365: i32 = 1 << 4;
pub const ROLE_ASSIGNABLE: i32 = 1 << 5;
pub const BUILT_IN: i32 = 1 << 6;
/// A distribution list or mail-enabled security group: Exchange manages it.
pub const MAIL_ONLY: i32 = 1 << 7;
pub const RESTRICTED: i32 = 1 << 8;

const LABELS: [(i32, &str); 9] = [
    (DISABLED, "disabled"),
    (GUEST, "guest"),
    (SYNCED, "synced"),
    (DYNAMIC, "dynamic"),
    (MICROSOFT_365, "Microsoft 365"),
    (ROLE_ASSIGNABLE, "can hold roles"),
    (BUILT_IN, "built-in"),
    (MAIL_ONLY, "mail-enabled"),
    (RESTRICTED, "restricted"),
];

/// What the bits say, in words.
#[must_use]
pub fn labels(flags: i32) -> Vec<String> {
    LABELS.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, label)| (*label).to_owned()).collect()
}
