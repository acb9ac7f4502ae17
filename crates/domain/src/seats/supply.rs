//! Seats bought against seats in use.

use super::AutoLicense;
use serde::{Deserialize, Serialize};

/// How many seats an organization has and needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    pub bought: u32,
    /// Protected users.
    pub used: u32,
}

/// Whether there are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Enough,
    /// At most a twentieth of the seats is free.
    Low,
    /// More are used than bought.
    Short,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::Enough, Level::Low, Level::Short];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Level::Enough => "enough",
            Level::Low => "low",
            Level::Short => "short",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|l| l.slug() == slug)
    }
}

impl Supply {
    /// Seats used beyond those bought.
    #[must_use]
    pub const fn shortage(self) -> u32 {
        self.used.saturating_sub(self.bought)
    }

    /// Seats bought and not used.
    #[must_use]
    pub const fn free(self) -> u32 {
        self.bought.saturating_sub(self.used)
    }

    #[must_use]
    pub fn level(self) -> Level {
        if self.shortage() > 0 {
            Level::Short
        } else if self.used > 0 && u64::from(self.free()) * 20 <= u64::from(self.bought) {
            Level::Low
        } else {
            Level::Enough
        }
    }

    /// What to tell people; `None` while there are enough, or while auto license adds those that will be wanted.
    /// `billed` is whether the plan costs anything.
    #[must_use]
    pub fn warning(self, billed: bool, auto_license: AutoLicense) -> Option<String> {
        match self.level() {
            Level::Enough => None,
            Level::Low if auto_license.has_room(self.bought) => None,
            Level::Low if self.free() == 0 => Some(format!(
                "All {} are in use. Backups go on. Add seats before more people join.",
                seats(self.bought)
            )),
            Level::Low => Some(format!(
                "{} of {} left. Backups go on. Add seats before more people join.",
                self.free(),
                seats(self.bought)
            )),
            Level::Short => {
                let (missing, bought) = (self.shortage(), seats(self.bought));
                let bill = if billed {
                    " Seats used beyond those bought are billed at the plan’s price."
                } else {
                    " The plan is free, so nothing is billed."
                };
                Some(format!(
                    "{} in use and {bought} bought: {missing} missing. Backups go on.{bill} Add {} to match.",
                    seats(self.used),
                    seats(missing)
                ))
            }
        }
    }
}

fn seats(count: u32) -> String {
    if count == 1 { "1 seat".to_owned() } else { format!("{count} seats") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_by_what_is_left() {
        for (bought, used, level, free, shortage) in [
            (0, 0, Level::Enough, 0, 0),
            (10, 0, Level::Enough, 10, 0),
            (10, 9, Level::Enough, 1, 0),
            (10, 10, Level::Low, 0, 0),
            (20, 19, Level::Low, 1, 0),
            (100, 94, Level::Enough, 6, 0),
            (100, 95, Level::Low, 5, 0),
            (10, 11, Level::Short, 0, 1),
            (0, 1, Level::Short, 0, 1),
            (u32::MAX, u32::MAX, Level::Low, 0, 0),
        ] {
            let s = Supply { bought, used };
            assert_eq!((s.level(), s.free(), s.shortage()), (level, free, shortage), "{used} of {bought}");
            assert_eq!(s.warning(true, AutoLicense::default()).is_none(), level == Level::Enough);
        }
    }

    #[test]
    fn nobody_is_asked_to_add_what_auto_license_adds() {
        let auto = |cap| AutoLicense { on: true, cap };
        let (low, short) = (Supply { bought: 10, used: 10 }, Supply { bought: 10, used: 11 });
        assert_eq!(low.warning(true, auto(None)), None);
        assert_eq!(low.warning(true, auto(Some(11))), None);
        assert!(low.warning(true, auto(Some(10))).is_some());
        assert!(short.warning(true, auto(None)).is_some(), "until the next backup has counted them");
    }

    #[test]
    fn a_warning_says_that_backups_go_on() {
        assert_eq!(
            Supply { bought: 10, used: 12 }.warning(true, AutoLicense::default()).unwrap(),
            "12 seats in use and 10 seats bought: 2 missing. Backups go on. Seats used beyond those bought are \
             billed at the plan’s price. Add 2 seats to match."
        );
        assert_eq!(
            Supply { bought: 0, used: 1 }.warning(false, AutoLicense::default()).unwrap(),
            "1 seat in use and 0 seats bought: 1 missing. Backups go on. The plan is free, so nothing is billed. \
             Add 1 seat to match."
        );
        assert_eq!(
            Supply { bought: 100, used: 97 }.warning(true, AutoLicense::default()).unwrap(),
            "3 of 100 seats left. Backups go on. Add seats before more people join."
        );
        assert_eq!(
            Supply { bought: 10, used: 10 }.warning(true, AutoLicense::default()).unwrap(),
            "All 10 seats are in use. Backups go on. Add seats before more people join."
        );
    }

    #[test]
    fn levels_have_slugs_that_lead_back() {
        for level in Level::ALL {
            assert_eq!(Level::from_slug(level.slug()), Some(level));
        }
    }
}
