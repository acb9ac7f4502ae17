//! Which users of a tenant take a seat.

use serde::{Deserialize, Serialize};

use crate::flags::{DISABLED, GUEST};

/// Whom a seat is counted for. All users are backed up whatever the rule says; it only counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProtectionRule {
    /// Members who can sign in.
    #[default]
    EnabledMembers,
    /// Members, also those who cannot sign in.
    AllMembers,
    /// Members and guests.
    Everyone,
}

impl ProtectionRule {
    pub const ALL: [ProtectionRule; 3] =
        [ProtectionRule::EnabledMembers, ProtectionRule::AllMembers, ProtectionRule::Everyone];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            ProtectionRule::EnabledMembers => "enabled-members",
            ProtectionRule::AllMembers => "all-members",
            ProtectionRule::Everyone => "everyone",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<ProtectionRule> {
        ProtectionRule::ALL.into_iter().find(|r| r.slug() == slug)
    }

    /// What a page says beside the number.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            ProtectionRule::EnabledMembers => "Members who can sign in",
            ProtectionRule::AllMembers => "All members, also disabled ones",
            ProtectionRule::Everyone => "Everyone, guests included",
        }
    }

    /// The flags (`crate::flags`) with any of which a live user takes no seat.
    #[must_use]
    pub const fn aside(self) -> i32 {
        match self {
            ProtectionRule::EnabledMembers => DISABLED | GUEST,
            ProtectionRule::AllMembers => GUEST,
            ProtectionRule::Everyone => 0,
        }
    }

    /// Whether a live user with these flags (`crate::flags`) takes a seat.
    #[must_use]
    pub const fn counts(self, flags: i32) -> bool {
        flags & self.aside() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::SYNCED;

    #[test]
    fn the_rule_decides_who_takes_a_seat() {
        use ProtectionRule::{AllMembers, EnabledMembers, Everyone};
        for (who, flags, enabled_members, all_members, everyone) in [
            ("member", 0, true, true, true),
            ("synced member", SYNCED, true, true, true),
            ("disabled member", DISABLED, false, true, true),
            ("guest", GUEST, false, false, true),
            ("disabled guest", GUEST | DISABLED, false, false, true),
        ] {
            assert_eq!(EnabledMembers.counts(flags), enabled_members, "{who}");
            assert_eq!(AllMembers.counts(flags), all_members, "{who}");
            assert_eq!(Everyone.counts(flags), everyone, "{who}");
        }
    }

    #[test]
    fn enabled_members_are_the_default() {
        assert_eq!(ProtectionRule::default(), ProtectionRule::EnabledMembers);
        for rule in ProtectionRule::ALL {
            assert_eq!(ProtectionRule::from_slug(rule.slug()), Some(rule));
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("\"{}\"", rule.slug()));
        }
    }
}
