//! What Graph says about a link beside its two ends.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

/// The details of a link, as they are kept with it.
///
/// Kept as text: `unsure`; `period:<from>/<until>` with times in RFC 3339, either of which may be empty; otherwise the
/// ids of service plans, separated by commas. Links without details have no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkDetails {
    /// The service plans of a license that are disabled.
    DisabledPlans(Vec<Uuid>),
    /// Whether a role assignment is permanent, time-bound or activated could not be read.
    Unsure,
    /// When a role assignment begins and ends; without an end it is permanent.
    Period { from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>> },
}

impl LinkDetails {
    /// The details that a text stands for; none when it says nothing that is known.
    #[must_use]
    pub fn from_text(text: &str) -> Option<LinkDetails> {
        if text == "unsure" {
            return Some(LinkDetails::Unsure);
        }
        if let Some(period) = text.strip_prefix("period:") {
            let (from, until) = period.split_once('/')?;
            return Some(LinkDetails::Period { from: time(from)?, until: time(until)? });
        }
        let plans: Vec<Uuid> = text.split(',').filter_map(|id| id.trim().parse().ok()).collect();
        (!plans.is_empty()).then_some(LinkDetails::DisabledPlans(plans))
    }

    /// The details of a link that keeps this text, or none.
    #[must_use]
    pub fn of(kept: Option<&str>) -> Option<LinkDetails> {
        kept.and_then(LinkDetails::from_text)
    }

    /// The end of a time-bound role assignment.
    #[must_use]
    pub const fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            LinkDetails::Period { until, .. } => *until,
            LinkDetails::DisabledPlans(_) | LinkDetails::Unsure => None,
        }
    }

    /// Whether a role assignment ends by itself.
    #[must_use]
    pub const fn is_time_bound(&self) -> bool {
        self.until().is_some()
    }
}

/// A time, or none where the text is empty; nothing when it is no time.
fn time(text: &str) -> Option<Option<DateTime<Utc>>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

impl fmt::Display for LinkDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkDetails::DisabledPlans(plans) => {
                for (i, plan) in plans.iter().enumerate() {
                    if i > 0 {
                        f.write_str(",")?;
                    }
                    write!(f, "{plan}")?;
                }
                Ok(())
            }
            LinkDetails::Unsure => f.write_str("unsure"),
            LinkDetails::Period { from, until } => {
                let text = |t: &Option<DateTime<Utc>>| {
                    t.map(|t| t.to_rfc3339_opts(SecondsFormat::AutoSi, true)).unwrap_or_default()
                };
                write!(f, "period:{}/{}", text(from), text(until))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_survive_their_text() {
        let at = |t: &str| Some(t.parse::<DateTime<Utc>>().unwrap());
        for (details, text) in [
            (LinkDetails::Unsure, "unsure"),
            (
                LinkDetails::DisabledPlans(vec![Uuid::from_u128(1), Uuid::from_u128(2)]),
                "00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002",
            ),
            (
                LinkDetails::Period { from: at("2026-05-07T09:00:00Z"), until: at("2026-05-08T09:00:00.5Z") },
                "period:2026-05-07T09:00:00Z/2026-05-08T09:00:00.500Z",
            ),
            (
                LinkDetails::Period { from: None, until: at("2026-05-08T09:00:00Z") },
                "period:/2026-05-08T09:00:00Z",
            ),
            (
                LinkDetails::Period { from: at("2026-05-07T09:00:00Z"), until: None },
                "period:2026-05-07T09:00:00Z/",
            ),
        ] {
            assert_eq!(details.to_string(), text);
            assert_eq!(LinkDetails::from_text(text), Some(details));
        }
    }

    #[test]
    fn a_text_that_nobody_wrote_says_nothing() {
        for text in ["", "period:", "period:yesterday/", "sometimes"] {
            assert_eq!(LinkDetails::from_text(text), None, "{text}");
        }
    }
}
