//! Faults by rule: what a network and a busy service do to a client.
//!
//! A rule is decided when a request arrives, or, where it edits, when the answer is there. The rules
//! of the control interface come first, then those of the rough manners.

mod active;
mod bounded;
mod edit;
mod items;
mod manners;
mod matching;
mod pages;
mod reply;
mod rule;
mod verdict;

use std::time::Duration;

use serde_json::{Value, json};

pub use items::{Duplicate, ItemEdit, LinkDrop, LinkEdit, OneOrMany, Place, PropertyEdit, Slice};
pub use manners::Manners;
pub(crate) use matching::Asked;
pub use rule::{
    FaultAction, FaultMatch, FaultRule, FaultWhen, LoopContent, Normalization, Reads, Stale, StatusAction,
    TokenKind,
};
pub(crate) use verdict::{Effect, Lag, SignInRefusal, Verdict, normalize};

use crate::reply::{Content, GraphError, Reply};
use active::Active;
use edit::{Page, named};
use pages::Pages;
use verdict::Busy;

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<Active>,
    serial: u64,
    requests: u64,
    pages: Pages,
    busy: Busy,
    /// Manners, and the seed and rate of rough ones.
    manners: (Manners, u64, f64),
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule, now: i64) {
        self.push(None, rule, now);
    }

    fn push(&mut self, name: Option<&'static str>, rule: FaultRule, now: i64) {
        self.serial += 1;
        // Rules of the control interface stay in front of the manners.
        let at = match name {
            None => self.rules.iter().position(|a| a.name.is_some()).unwrap_or(self.rules.len()),
            Some(_) => self.rules.len(),
        };
        self.rules.insert(at, Active::new(name, self.serial, rule, now));
    }

    /// Removes the rules of the control interface.
    pub(crate) fn clear(&mut self) {
        self.rules.retain(|a| a.name.is_some());
        self.end_loops();
    }

    fn end_loops(&mut self) {
        let Self { rules, pages, .. } = self;
        pages.end_loops(|serial| rules.iter().any(|a| a.serial == serial));
    }

    /// Changes the manners; rough ones begin anew.
    pub(crate) fn behave(&mut self, manners: Manners, seed: u64, rate: f64, now: i64) {
        self.rules.retain(|a| a.name.is_none());
        self.end_loops();
        self.manners = (manners, seed, rate);
        if manners == Manners::Rough {
            for (name, rule) in manners::rough(seed, rate) {
                self.push(Some(name), rule, now);
            }
        }
    }

    /// The manners, and how often each of their rules struck.
    pub(crate) fn manners(&self) -> Value {
        let (manners, seed, rate) = self.manners;
        let struck: serde_json::Map<String, Value> =
            self.rules.iter().filter_map(|a| Some((a.name?.to_owned(), a.struck.into()))).collect();
        json!({"profile": manners.name(), "seed": seed, "rate": rate, "struck": struck})
    }

    pub(crate) fn list(&self) -> Vec<Value> {
        self.rules
            .iter()
            .filter(|a| a.name.is_none())
            .map(|a| json!({"rule": a.rule, "seen": a.seen, "struck": a.struck, "early": a.early}))
            .collect()
    }

    /// How far back readers are shown the directory: seconds, and whether writes are counted.
    pub(crate) fn looks_back(&self) -> Option<(i64, bool)> {
        let stale = self.rules.iter().flat_map(|a| a.rule.actions()).filter_map(|action| match action {
            FaultAction::Stale(stale) => Some((stale.seconds.unwrap_or(0), stale.writes.is_some())),
            _ => None,
        });
        stale.reduce(|(a, counted), (b, counts)| (a.max(b), counted || counts))
    }

    /// A read was shown an older state: only that counts, for the rule may have found none.
    pub(crate) fn looked_back(&mut self, lag: Lag) {
        if let Some(active) = self.rules.iter_mut().find(|a| a.serial == lag.rule) {
            active.struck += 1;
        }
    }

    /// The number of a request that arrives.
    pub(crate) fn enter(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// The request is over: what it held is free.
    pub(crate) fn release(&mut self, request: u64) {
        self.busy.release(request);
    }

    /// Decides about a request; every matching rule counts it.
    pub(crate) fn before(&mut self, asked: &Asked<'_>, now: i64) -> Verdict {
        let mut verdict = Verdict::default();
        let token = asked.token(TokenKind::Page);
        let page = self.pages.number(token.as_deref());
        let Self { rules, busy, .. } = self;
        let mut decided = false;
        for active in rules.iter_mut() {
            if active.rule.edits()
                || (asked.is_sign_in() && active.name.is_some())
                || !active.in_time(now)
                || !active.rule.matches.fits(asked, page, None)
            {
                continue;
            }
            if let Some(reply) = active.goes_on(asked, now) {
                if !decided {
                    decided = true;
                    verdict.reply = Some(reply);
                }
                continue;
            }
            let strikes = active.concerns(asked, busy, now) && active.strikes();
            if !strikes {
                if let Some(hold) = active.hold()
                    && busy.hold(asked)
                {
                    verdict.hold = verdict.hold.max(hold);
                }
                continue;
            }
            let exclusive = active.rule.actions().iter().any(|action| !action.composes());
            if exclusive && decided {
                continue;
            }
            decided |= exclusive;
            // Counted when an older state was found.
            if !active.rule.actions().iter().all(|action| matches!(action, FaultAction::Stale(_))) {
                active.struck += 1;
            }
            if asked.in_batch && !active.fits_parts() {
                continue;
            }
            verdict.struck += 1;
            active.enact(asked, now, &mut verdict);
        }
        if verdict.reply.is_none()
            && let Some(served) = token.and_then(|token| self.pages.serve(asked, &token))
        {
            if let Some(active) = self.rules.iter_mut().find(|a| Some(a.serial) == served.rule) {
                active.seen += 1;
                active.struck += 1;
                verdict.struck += 1;
            }
            verdict.ready = true;
            verdict.reply = Some(reply::json(&served.body));
        }
        verdict
    }

    /// Changes an answer; arms the rules about objects that were just created.
    pub(crate) fn after(
        &mut self,
        asked: &Asked<'_>,
        mut answer: Reply,
        now: i64,
        verdict: &mut Verdict,
    ) -> Reply {
        let Content::Json(bytes) = &answer.content else { return answer };
        let token = asked.token(TokenKind::Page);
        let put_off = token.as_ref().and_then(|token| self.pages.put_off(token)).cloned();
        if !(200..300).contains(&answer.status)
            || asked.is_batch()
            || !(put_off.is_some() || self.changes_answers())
        {
            return answer;
        }
        let Some(text) = std::str::from_utf8(bytes).ok().map(str::to_owned) else { return answer };
        let Ok(body) = serde_json::from_str::<Value>(&text) else { return answer };
        self.arm(asked, answer.status, &body, now);
        let number = self.pages.number(token.as_deref());
        let mut page = Page::new(asked, body);
        let mut changed = false;
        if !verdict.ready {
            changed = put_off.is_some_and(|items| put_first(&mut page.body, items));
            changed |= self.leave_out(asked, &mut page.body, now);
            changed |= self.edit(asked, &text, number, now, &mut page, verdict);
        }
        if self.rules.iter().any(|a| a.rule.matches.page.is_some()) {
            self.pages.count(&page.body, number);
        }
        if page.gone {
            let id =
                page.body["id"].as_str().unwrap_or_else(|| asked.path.rsplit('/').next().unwrap_or_default());
            return GraphError::not_found(id).into_reply();
        }
        if changed {
            answer.content = Content::Json(page.body.to_string().into_bytes());
        }
        answer
    }

    fn changes_answers(&self) -> bool {
        self.rules.iter().any(|a| a.rule.edits() || a.rule.matches.page.is_some() || a.awaits_new_objects())
    }

    /// The edits of the rules that match, in their order.
    fn edit(
        &mut self,
        asked: &Asked<'_>,
        text: &str,
        number: u64,
        now: i64,
        page: &mut Page,
        verdict: &mut Verdict,
    ) -> bool {
        let mut changed = false;
        for active in &mut self.rules {
            if !active.rule.edits()
                || !active.in_time(now)
                || !active.rule.matches.fits(asked, number, Some(text))
                || !active.rule.actions().iter().any(|action| page.concerns(action))
                || !active.rule.actions().iter().all(|action| replaces_something(action, text))
                || !active.strikes()
            {
                continue;
            }
            let mut touched = false;
            for action in active.rule.actions().to_vec() {
                touched |= match &action {
                    FaultAction::Delay { delay_ms } => {
                        verdict.delay += Duration::from_millis(*delay_ms);
                        false
                    }
                    FaultAction::Truncate => {
                        verdict.truncate = true;
                        true
                    }
                    FaultAction::DropAfter => {
                        verdict.drop_after = true;
                        true
                    }
                    FaultAction::RawReplace { find, with } => {
                        verdict.replace.push((find.clone(), with.clone()));
                        true
                    }
                    FaultAction::Loop { content, pages } => {
                        let held = std::mem::take(&mut page.body);
                        page.body = self.pages.hold_up(asked, active.serial, held, *content, *pages);
                        true
                    }
                    edit => page.concerns(edit) && page.apply(edit, &mut active.rng),
                };
                let (own, later) = (std::mem::take(&mut page.own), std::mem::take(&mut page.later));
                if !later.is_empty() {
                    self.pages.put_on_next(asked, &mut page.body, later);
                }
                if !own.is_empty() {
                    self.pages.insert(asked, &mut page.body, own);
                }
            }
            if touched {
                active.struck += 1;
                verdict.struck += 1;
                changed = true;
            }
        }
        changed
    }

    /// `getByIds` does not fail for what is too new: it leaves it out.
    fn leave_out(&mut self, asked: &Asked<'_>, body: &mut Value, now: i64) -> bool {
        if !asked.path.ends_with("getByIds") {
            return false;
        }
        let Some(list) = body["value"].as_array_mut() else { return false };
        let before = list.len();
        for active in self.rules.iter_mut().filter(|a| a.awaits_new_objects() && a.in_time(now)) {
            if !active.rule.matches.fits(asked, 1, None) {
                continue;
            }
            let new = OneOrMany::Many(active.leave_out(list, now));
            list.retain(|item| !named(Some(&new), item));
            active.struck += u64::from(!new.as_slice().is_empty());
        }
        list.len() < before
    }

    /// What was created or restored is not found at once.
    fn arm(&mut self, asked: &Asked<'_>, status: u16, body: &Value, now: i64) {
        let restored = asked.path.ends_with("/restore") || asked.path.ends_with(".restore");
        if asked.method != "POST" || !(status == 201 || restored) {
            return;
        }
        let Some(id) = body["id"].as_str() else { return };
        self.rules.iter_mut().for_each(|active| active.arm(id, now));
    }
}

/// Items that an earlier page put off to this one.
fn put_first(body: &mut Value, items: Vec<Value>) -> bool {
    let Some(list) = body["value"].as_array_mut() else { return false };
    list.splice(0..0, items);
    true
}

fn replaces_something(action: &FaultAction, text: &str) -> bool {
    match action {
        FaultAction::RawReplace { find, .. } => text.contains(find.as_str()),
        _ => true,
    }
}
