//! How long to wait before trying again, and when to stop.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use rand::Rng;

/// Longest wait that an answer can impose; what is beyond is a broken header.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// When to try again and when to give up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Attempts in all for faults: broken connections, 5xx, unreadable answers.
    pub attempts: u32,
    /// Attempts in all while being throttled. Higher, since being throttled is no fault: the pair's
    /// budget closes meanwhile, and every caller of it waits together.
    pub throttled_attempts: u32,
    /// Upper end of the first random wait; it doubles with each further attempt.
    pub first: Duration,
    /// Upper end of any random wait.
    pub longest: Duration,
    /// The longest single wait that Microsoft may ask for and be obeyed on the spot. A longer one ends
    /// the request at once, and every other that falls under the same limit, until the time has passed:
    /// see [`crate::Error::retry_after`].
    pub stay: Duration,
    /// Waits of one request in all, beside the waits for its budget. A `Retry-After` that does not
    /// fit in what is left ends the request at once.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            attempts: 8,
            throttled_attempts: 60,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            stay: Duration::from_secs(30),
            total: Duration::from_secs(15 * 60),
        }
    }
}

/// The attempts of one request.
pub(crate) struct Attempts {
    patience: Patience,
    faults: u32,
    throttles: u32,
    waited: Duration,
}

impl Attempts {
    pub(crate) fn new(patience: Patience) -> Self {
        Attempts { patience, faults: 0, throttles: 0, waited: Duration::ZERO }
    }

    /// How long the request may be made to wait at a time.
    pub(crate) fn stay(&self) -> Duration {
        self.patience.stay
    }

    /// How long the request has been made to wait.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// The wait after a fault, or `None` when patience has ended.
    pub(crate) fn after_fault(&mut self, asked: Option<Duration>) -> Option<Duration> {
        self.faults += 1;
        let wait = asked.unwrap_or_else(|| self.jitter(self.faults));
        (self.faults < self.patience.attempts).then_some(())?;
        self.spend(wait)
    }

    /// The wait after being throttled, or `None` when patience has ended.
    pub(crate) fn after_throttling(&mut self, asked: Option<Duration>) -> Option<Duration> {
        self.throttles += 1;
        // Without Retry-After (Conditional Access never sends one) the wait grows. A zero would
        // make a tight loop of it.
        let wait = match asked {
            Some(asked) if !asked.is_zero() => asked,
            _ => self.jitter(self.throttles).max(self.patience.first / 2),
        };
        (self.throttles < self.patience.throttled_attempts).then_some(())?;
        self.spend(wait)
    }

    fn spend(&mut self, wait: Duration) -> Option<Duration> {
        let waited = self.waited.saturating_add(wait);
        (wait <= self.patience.stay && waited <= self.patience.total).then(|| {
            self.waited = waited;
            wait
        })
    }

    /// Exponential backoff with full jitter: callers that failed together do not return together.
    fn jitter(&self, attempt: u32) -> Duration {
        let doubled = self.patience.first.saturating_mul(1 << (attempt.saturating_sub(1)).min(16));
        let top = doubled.min(self.patience.longest);
        top.mul_f64(rand::rng().random::<f64>())
    }
}

/// The wait that an answer asks for: whole or fractional seconds, or a date in any of HTTP's three
/// forms. Absent, empty and unreadable all give `None`.
///
/// A date is measured against the answer's own `Date`, so that a wrong clock on either side does
/// not turn one second into an hour.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
    let date = headers.get(http::header::DATE).and_then(|value| value.to_str().ok());
    parse(text, date, now)
}

pub(crate) fn parse(text: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite()).then(|| {
            let millis = (seconds.clamp(0.0, LONGEST.as_secs_f64()) * 1000.0).ceil();
            Duration::from_secs_f64(millis / 1000.0)
        });
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let from = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(until.duration_since(from).unwrap_or_default().min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_retry_after() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let of = |text| parse(text, None, now);
        assert_eq!(of("10"), Some(Duration::from_secs(10)));
        assert_eq!(of(" 2.128 "), Some(Duration::from_millis(2128)));
        assert_eq!(of("0.0001"), Some(Duration::from_millis(1)), "rounded up, never down to nothing");
        assert_eq!(of("-1"), Some(Duration::ZERO));
        assert_eq!(of("1e9"), Some(LONGEST));
        assert_eq!(of("Sun, 06 Nov 1994 08:49:40 GMT"), Some(Duration::from_secs(3)));
        assert_eq!(of("Sunday, 06-Nov-94 08:49:40 GMT"), Some(Duration::from_secs(3)));
        assert_eq!(of("Sun Nov  6 08:49:40 1994"), Some(Duration::from_secs(3)));
        assert_eq!(of("Sun, 06 Nov 1994 08:49:30 GMT"), Some(Duration::ZERO), "already past");
        assert_eq!(of(""), None);
        assert_eq!(of("NaN"), None);
        assert_eq!(of("soon"), None);
        // Our clock an hour behind: the answer's own date decides.
        let behind = now - Duration::from_secs(3600);
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:40 GMT", Some(date), behind), Some(Duration::from_secs(3)));
    }

    #[test]
    fn faults_end_after_the_attempts() {
        let mut attempts = Attempts::new(Patience { attempts: 3, ..Patience::default() });
        assert!(attempts.after_fault(None).is_some());
        assert!(attempts.after_fault(None).is_some());
        assert!(attempts.after_fault(None).is_none());
    }

    #[test]
    fn a_wait_that_does_not_fit_ends_it() {
        let mut attempts = Attempts::new(Patience { total: Duration::from_secs(50), ..Patience::default() });
        assert!(attempts.after_throttling(Some(Duration::from_secs(31))).is_none());
        assert!(attempts.after_throttling(Some(Duration::from_secs(30))).is_some());
        assert!(attempts.after_fault(Some(Duration::from_secs(21))).is_none());
        assert!(attempts.after_fault(Some(Duration::from_secs(20))).is_some());
    }

    #[test]
    fn no_tight_loop_on_zero() {
        let mut attempts = Attempts::new(Patience::default());
        for _ in 0..20 {
            assert!(attempts.after_throttling(Some(Duration::ZERO)).unwrap() >= Duration::from_millis(250));
        }
    }

    #[test]
    fn backoff_grows_and_is_capped() {
        let attempts = Attempts::new(Patience::default());
        for attempt in 1..40 {
            let top = Duration::from_millis(500).saturating_mul(1 << (attempt - 1).min(16));
            assert!(attempts.jitter(attempt) <= top.min(Duration::from_secs(30)));
        }
    }
}
