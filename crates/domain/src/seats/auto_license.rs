//! Auto license: seats are bought as users appear.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::supply::Supply;
use crate::audit::Detail;

/// An organization's setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoLicense {
    pub on: bool,
    /// The most seats that it may bring the subscription to; `None` sets no limit.
    pub cap: Option<u32>,
}

/// What auto license does after a capture has counted the users. Seats are only added: giving them back is a
/// person's decision, at the renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// It is off, or there are enough.
    None,
    /// Seats were added for every user.
    Added { from: u32, to: u32 },
    /// The cap allowed some seats or none, and users are left without: a warning and a line on the bill.
    Capped { from: u32, to: u32, missing: u32 },
}

impl fmt::Display for AutoLicense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.on, self.cap) {
            (false, _) => f.write_str("Off"),
            (true, None) => f.write_str("On"),
            (true, Some(cap)) => write!(f, "On, up to {cap} seats"),
        }
    }
}

impl AutoLicense {
    /// Whether it would add to that many seats.
    #[must_use]
    pub fn has_room(self, seats: u32) -> bool {
        self.on && self.cap.is_none_or(|cap| cap > seats)
    }

    #[must_use]
    pub fn grow(self, supply: Supply) -> Growth {
        let Supply { bought: from, used } = supply;
        if !self.on || used <= from {
            return Growth::None;
        }
        // A cap below what a person has bought takes nothing away.
        let to = self.cap.map_or(used, |cap| used.min(cap)).max(from);
        if to == used { Growth::Added { from, to } } else { Growth::Capped { from, to, missing: used - to } }
    }
}

impl Growth {
    /// The seats after it; `None` when nothing changed.
    #[must_use]
    pub const fn seats(self) -> Option<u32> {
        match self {
            Growth::Added { from, to } | Growth::Capped { from, to, .. } if to > from => Some(to),
            _ => None,
        }
    }

    /// What the audit log says; `None` when nothing changed.
    #[must_use]
    pub fn detail(self) -> Option<Detail> {
        match self {
            Growth::Added { from, to } => {
                Some(Detail::note("by auto license, because users were added").change("Seats", from, to))
            }
            Growth::Capped { from, to, missing } if to > from => Some(
                Detail::note(format!(
                    "by auto license, up to its cap; {missing} more are in use, and backups go on"
                ))
                .change("Seats", from, to),
            ),
            Growth::None | Growth::Capped { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grow(on: bool, cap: Option<u32>, bought: u32, used: u32) -> Growth {
        AutoLicense { on, cap }.grow(Supply { bought, used })
    }

    #[test]
    fn seats_follow_the_users_up_to_the_cap() {
        assert_eq!(grow(true, None, 10, 12), Growth::Added { from: 10, to: 12 });
        assert_eq!(grow(true, Some(12), 10, 12), Growth::Added { from: 10, to: 12 });
        assert_eq!(grow(true, Some(11), 10, 14), Growth::Capped { from: 10, to: 11, missing: 3 });
        assert_eq!(grow(true, Some(10), 10, 14), Growth::Capped { from: 10, to: 10, missing: 4 });
        assert_eq!(grow(true, Some(5), 10, 14), Growth::Capped { from: 10, to: 10, missing: 4 });
    }

    #[test]
    fn seats_never_go_down_by_themselves() {
        assert_eq!(grow(true, None, 10, 3), Growth::None);
        assert_eq!(grow(true, Some(5), 10, 10), Growth::None);
        assert_eq!(grow(false, None, 10, 12), Growth::None);
    }

    #[test]
    fn whoever_reads_the_log_learns_why_seats_were_added() {
        let said = |growth: Growth| growth.detail().map(|detail| detail.to_string());
        assert_eq!(
            said(grow(true, None, 10, 12)).unwrap(),
            "Seats: 10 → 12; by auto license, because users were added"
        );
        assert_eq!(
            said(grow(true, Some(11), 10, 14)).unwrap(),
            "Seats: 10 → 11; by auto license, up to its cap; 3 more are in use, and backups go on"
        );
        assert_eq!(said(grow(true, Some(10), 10, 14)), None);
        assert_eq!(said(grow(true, None, 10, 10)), None);
    }

    proptest! {
        #[test]
        fn it_only_adds_what_is_needed_and_allowed(on: bool, cap: Option<u32>, bought: u32, used: u32) {
            let growth = grow(on, cap, bought, used);
            let after = growth.seats().unwrap_or(bought);
            prop_assert!(after >= bought);
            prop_assert!(after == bought || (on && after <= used && cap.is_none_or(|cap| after <= cap)));
            if let Growth::Capped { to, missing, .. } = growth {
                prop_assert_eq!(u64::from(to) + u64::from(missing), u64::from(used));
            }
        }
    }
}
