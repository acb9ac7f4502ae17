//! Faults by rule: what a network and a busy service do to a client.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::throttle::RetryAfter;

/// Which requests a rule looks at.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FaultMatch {
    /// `GET`, `POST`, …; any when absent.
    pub method: Option<String>,
    /// A piece of the path and query; any when absent.
    pub path_contains: Option<String>,
}

/// Which of the matching requests it strikes. The conditions add up; none strikes all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FaultWhen {
    /// Every n-th.
    pub every: Option<u64>,
    /// These ones, counted from 1.
    pub occurrences: Option<Vec<u64>>,
    /// With this probability, drawn from `seed`.
    pub probability: Option<f64>,
    /// Seed of the draws.
    pub seed: u64,
    /// At most so many times.
    pub limit: Option<u64>,
}

/// What happens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum FaultAction {
    /// The request is answered with a status and has no effect.
    #[serde(rename_all = "camelCase")]
    Status {
        /// The status.
        status: u16,
        /// The body; Graph's form of an error when absent.
        #[serde(default)]
        body: Option<serde_json::Value>,
        /// `code` of that error.
        #[serde(default)]
        code: Option<String>,
        /// Raw text instead of JSON, as proxies send.
        #[serde(default)]
        html: Option<String>,
        /// The form of `Retry-After`; absent when not given.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
        /// Seconds that it asks for.
        #[serde(default)]
        retry_seconds: Option<f64>,
    },
    /// The answer comes late.
    #[serde(rename_all = "camelCase")]
    Delay {
        /// By so many milliseconds.
        delay_ms: u64,
    },
    /// The body ends before its content length says.
    Truncate,
    /// The connection closes without an answer and without an effect.
    DropBefore,
    /// The connection closes without an answer, after the effect.
    DropAfter,
    /// Every delta token handed out so far becomes void, first of all the one in this request.
    #[serde(rename_all = "camelCase")]
    ExpireDeltaTokens {
        /// 410 with a `Location` when true (the default), else 400 syncStateNotFound.
        #[serde(default)]
        bad_request: bool,
    },
    /// The access token is refused with 401.
    Unauthorized,
    /// A page token is refused with 400 Directory_ExpiredPageToken.
    ExpirePageToken,
}

/// One rule.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultRule {
    /// Which requests.
    #[serde(default, rename = "match")]
    pub matches: FaultMatch,
    /// Which of them.
    #[serde(default)]
    pub when: FaultWhen,
    /// What happens to them.
    pub action: FaultAction,
}

/// A rule at work.
struct Active {
    rule: FaultRule,
    seen: u64,
    struck: u64,
    rng: Pcg64Mcg,
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<Active>,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        let rng = Pcg64Mcg::seed_from_u64(rule.when.seed);
        self.rules.push(Active { rule, seen: 0, struck: 0, rng });
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn list(&self) -> Vec<serde_json::Value> {
        self.rules
            .iter()
            .map(|a| serde_json::json!({"rule": a.rule, "seen": a.seen, "struck": a.struck}))
            .collect()
    }

    /// What strikes this request; every matching rule counts it.
    pub(crate) fn decide(&mut self, method: &str, path: &str) -> Option<FaultAction> {
        let mut action = None;
        for active in &mut self.rules {
            let rule = &active.rule;
            let fits = rule.matches.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(method))
                && rule.matches.path_contains.as_deref().is_none_or(|p| path.contains(p));
            if !fits {
                continue;
            }
            active.seen += 1;
            let when = &active.rule.when;
            let strikes = when.every.is_none_or(|n| n > 0 && active.seen.is_multiple_of(n))
                && when.occurrences.as_ref().is_none_or(|list| list.contains(&active.seen))
                && when.probability.is_none_or(|p| active.rng.random_bool(p.clamp(0.0, 1.0)))
                && when.limit.is_none_or(|limit| active.struck < limit);
            if strikes && action.is_none() {
                active.struck += 1;
                action = Some(active.rule.action.clone());
            }
        }
        action
    }
}
