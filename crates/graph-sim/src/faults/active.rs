//! A rule at work.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::Value;

use super::items::OneOrMany;
use super::matching::Asked;
use super::rule::{FaultAction, FaultRule};
use super::verdict::{Effect, Lag, SignInRefusal, Verdict};
use super::{Busy, reply};
use crate::reply::GraphError;

/// How long a new object is not found: requests left, and time.
type Patience = (Option<u64>, Option<i64>);

/// A rule and what it remembers.
pub(super) struct Active {
    /// The name of a rule of the rough manners.
    pub(super) name: Option<&'static str>,
    pub(super) serial: u64,
    pub(super) rule: FaultRule,
    added: i64,
    pub(super) seen: u64,
    pub(super) struck: u64,
    /// Requests that came before the time that a refusal had named.
    pub(super) early: u64,
    pub(super) rng: Pcg64Mcg,
    /// Until when a throttle scope is closed.
    closed_until: i64,
    /// Tokens that are refused for ever.
    refused: HashSet<String>,
    /// Objects just created or restored.
    fresh: HashMap<String, Patience>,
}

impl Active {
    pub(super) fn new(name: Option<&'static str>, serial: u64, rule: FaultRule, now: i64) -> Self {
        let rng = Pcg64Mcg::seed_from_u64(rule.when.seed);
        Self {
            name,
            serial,
            rule,
            added: now,
            seen: 0,
            struck: 0,
            early: 0,
            rng,
            closed_until: 0,
            refused: HashSet::new(),
            fresh: HashMap::new(),
        }
    }

    pub(super) fn in_time(&self, now: i64) -> bool {
        self.rule.when.for_seconds.is_none_or(|secs| now < self.added + secs)
    }

    /// Counts a matching request and says whether it is struck.
    pub(super) fn strikes(&mut self) -> bool {
        self.seen += 1;
        let when = &self.rule.when;
        when.every.is_none_or(|n| n > 0 && self.seen.is_multiple_of(n))
            && when.occurrences.as_ref().is_none_or(|list| list.contains(&self.seen))
            && when.probability.is_none_or(|p| self.rng.random_bool(p.clamp(0.0, 1.0)))
            && when.limit.is_none_or(|limit| self.struck < limit)
            && when.after.is_none_or(|n| self.seen > n)
            && when.until.is_none_or(|n| self.seen <= n)
    }

    /// What the rule goes on refusing: whatever comes before a named time, and tokens refused for ever.
    pub(super) fn goes_on(&mut self, asked: &Asked<'_>, now: i64) -> Option<crate::reply::Reply> {
        for action in self.rule.actions() {
            match action {
                FaultAction::Status(action) if now < self.closed_until => {
                    self.early += 1;
                    return Some(reply::status(action, (self.closed_until - now) as f64));
                }
                FaultAction::RefuseToken { token, status, code, message, location, .. }
                    if asked.token(*token).is_some_and(|token| self.refused.contains(&token)) =>
                {
                    return Some(reply::token(asked, *status, code, message, *location));
                }
                _ => {}
            }
        }
        None
    }

    /// Whether all that the rule does is about this request.
    pub(super) fn concerns(&self, asked: &Asked<'_>, busy: &Busy, now: i64) -> bool {
        self.rule.actions().iter().all(|action| match action {
            FaultAction::RefuseToken { token, .. } => asked.token(*token).is_some(),
            FaultAction::NotFoundFor { .. } => {
                !asked.path.ends_with("getByIds") && self.fresh(asked, now).is_some()
            }
            FaultAction::Conflict { .. } => busy.blocks(asked),
            FaultAction::UnverifiedDomain { domain } => domain_of(asked)
                .is_some_and(|own| domain.as_ref().is_none_or(|domain| domain.eq_ignore_ascii_case(&own))),
            FaultAction::Normalize { .. } => asked.write() && asked.body.starts_with('{'),
            FaultAction::Stale(_) => asked.reads().is_some(),
            FaultAction::SignInError { .. } => asked.is_sign_in(),
            _ => true,
        })
    }

    /// How long the writes of a rule about conflicts hold their objects.
    pub(super) fn hold(&self) -> Option<Duration> {
        self.rule.actions().iter().find_map(|action| match action {
            FaultAction::Conflict { hold_ms } => Some(Duration::from_millis(*hold_ms)),
            _ => None,
        })
    }

    /// Whether a part of a batch can be struck like that.
    pub(super) fn fits_parts(&self) -> bool {
        self.rule.actions().iter().any(|action| match action {
            FaultAction::Truncate
            | FaultAction::DropBefore
            | FaultAction::DropAfter
            | FaultAction::Unauthorized => false,
            FaultAction::Delay { .. } => self.rule.matches.in_batch == Some(true),
            _ => true,
        })
    }

    /// An object that was just created or restored, and that the request names.
    fn fresh(&self, asked: &Asked<'_>, now: i64) -> Option<String> {
        self.unseen(now).find(|id| asked.names(id) && !asked.path.contains("deletedItems")).cloned()
    }

    /// Objects that are still too new to be found.
    fn unseen(&self, now: i64) -> impl Iterator<Item = &String> {
        self.fresh
            .iter()
            .filter(move |(_, (left, until))| {
                left.is_none_or(|n| n > 0) && until.is_none_or(|until| now < until)
            })
            .map(|(id, _)| id)
    }

    /// What `getByIds` leaves out, one request of each object's patience later.
    pub(super) fn leave_out(&mut self, items: &[Value], now: i64) -> Vec<String> {
        let new: Vec<String> = self
            .unseen(now)
            .filter(|id| {
                items.iter().any(|item| item["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)))
            })
            .cloned()
            .collect();
        new.iter().for_each(|id| self.wait(id));
        new
    }

    fn wait(&mut self, id: &str) {
        if let Some((Some(left), _)) = self.fresh.get_mut(id) {
            *left = left.saturating_sub(1);
        }
    }

    pub(super) fn awaits_new_objects(&self) -> bool {
        self.rule.actions().iter().any(|action| matches!(action, FaultAction::NotFoundFor { .. }))
    }

    /// An object was created or restored.
    pub(super) fn arm(&mut self, id: &str, now: i64) {
        let patience = self.rule.actions().iter().find_map(|action| match action {
            FaultAction::NotFoundFor { requests, seconds } => Some((*requests, seconds.map(|s| now + s))),
            _ => None,
        });
        if let Some(patience) = patience {
            self.fresh.insert(id.to_lowercase(), patience);
        }
    }

    /// Does what the rule does before there is an answer.
    pub(super) fn enact(&mut self, asked: &Asked<'_>, now: i64, verdict: &mut Verdict) {
        for action in self.rule.actions().to_vec() {
            self.one(&action, asked, now, verdict);
        }
    }

    fn one(&mut self, action: &FaultAction, asked: &Asked<'_>, now: i64, verdict: &mut Verdict) {
        match action {
            FaultAction::Status(action) => {
                let wait = action.retry_seconds.unwrap_or(1.0);
                if action.closes.unwrap_or(action.throttle_scope.is_some()) {
                    self.closed_until = now + wait.ceil() as i64;
                }
                verdict.reply = Some(reply::status(action, wait));
            }
            FaultAction::Delay { delay_ms } => verdict.delay += Duration::from_millis(*delay_ms),
            FaultAction::Truncate => verdict.truncate = true,
            FaultAction::DropBefore => verdict.drop_before = true,
            FaultAction::DropAfter => verdict.drop_after = true,
            FaultAction::ExpireDeltaTokens { bad_request } => {
                verdict.effect = Some(Effect::ExpireDeltaTokens { bad_request: *bad_request });
            }
            FaultAction::Unauthorized => verdict.effect = Some(Effect::Unauthorized),
            FaultAction::ExpirePageToken => verdict.reply = Some(reply::expired_page()),
            FaultAction::RefuseToken { token, status, code, message, location, for_good } => {
                if *for_good {
                    self.refused.extend(asked.token(*token));
                }
                verdict.reply = Some(reply::token(asked, *status, code, message, *location));
            }
            FaultAction::SignInError { status, error, aadsts, description, suberror, html } => {
                verdict.sign_in = Some(SignInRefusal {
                    status: *status,
                    error: error.clone(),
                    codes: OneOrMany::as_slice(aadsts).to_vec(),
                    description: description.clone(),
                    suberror: suberror.clone(),
                    html: html.clone(),
                });
            }
            FaultAction::Normalize { properties, how } => verdict.normalize.push((properties.clone(), *how)),
            FaultAction::UnverifiedDomain { .. } => verdict.reply = Some(reply::unverified_domain()),
            FaultAction::Conflict { .. } => verdict.reply = Some(reply::concurrency()),
            FaultAction::NotFoundFor { .. } => {
                let Some(id) = self.fresh(asked, now) else { return };
                self.wait(&id);
                verdict.reply = Some(GraphError::not_found(&id).into_reply());
            }
            FaultAction::Stale(stale) => {
                let seconds = match stale.seconds {
                    Some(most) if stale.random => Some(self.rng.random_range(1..=most.max(1))),
                    other => other,
                };
                verdict.lag = Some(Lag { rule: self.serial, seconds, writes: stale.writes });
            }
            _ => {}
        }
    }
}

/// The domain of the principal name that a write sets.
fn domain_of(asked: &Asked<'_>) -> Option<String> {
    if !asked.write() || !asked.body.contains("userPrincipalName") {
        return None;
    }
    let body: Value = serde_json::from_str(asked.body).ok()?;
    body["userPrincipalName"].as_str()?.rsplit_once('@').map(|(_, domain)| domain.to_owned())
}
