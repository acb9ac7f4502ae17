//! Rough manners: rules of every kind at random, by seed.
//!
//! None of them makes the truth unreachable for good: each strikes by chance or for a while, so that
//! the same request again, or another road to the same thing, gives it. What a later delta tells is
//! told once, and so nothing is ever left out of a delta. Where each kind comes from stands at
//! [`FaultAction`].

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Map, Value};

use super::items::{Duplicate, ItemEdit, LinkEdit, OneOrMany, Place, PropertyEdit, Slice};
use super::rule::{
    FaultAction, FaultMatch, FaultRule, FaultWhen, LoopContent, Normalization, Reads, Stale, StatusAction,
    TokenKind,
};
use crate::throttle::RetryAfter;

/// How the service treats its clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Manners {
    /// As its documentation promises.
    #[default]
    Polite,
    /// As clients have met it on bad days.
    Rough,
}

impl Manners {
    /// The share of requests that each kind of trouble strikes, unless somebody says otherwise.
    pub(crate) const RATE: f64 = 0.02;

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Polite => "polite",
            Self::Rough => "rough",
        }
    }
}

impl std::str::FromStr for Manners {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "polite" => Ok(Self::Polite),
            "rough" => Ok(Self::Rough),
            other => Err(format!("unknown manners {other:?}: use polite or rough")),
        }
    }
}

/// Rules with their names.
struct Mix {
    rng: Pcg64Mcg,
    rate: f64,
    rules: Vec<(&'static str, FaultRule)>,
}

/// The rules of rough manners.
pub(super) fn rough(seed: u64, rate: f64) -> Vec<(&'static str, FaultRule)> {
    let mut mix = Mix { rng: Pcg64Mcg::seed_from_u64(seed), rate, rules: Vec::new() };
    mix.lag();
    mix.writes();
    mix.pages();
    mix.items();
    mix.tokens();
    mix.refusals();
    mix.connection();
    mix.rules
}

fn reads(all: &[Reads]) -> FaultMatch {
    FaultMatch { reads: Some(OneOrMany::Many(all.to_vec())), ..FaultMatch::default() }
}

fn method(name: &str) -> FaultMatch {
    FaultMatch { method: Some(name.to_owned()), ..FaultMatch::default() }
}

fn parts() -> FaultMatch {
    FaultMatch { in_batch: Some(true), ..FaultMatch::default() }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn status(status: u16) -> StatusAction {
    StatusAction { status, ..StatusAction::default() }
}

fn without(names: &[&str]) -> PropertyEdit {
    PropertyEdit { remove_property: owned(names), ..PropertyEdit::default() }
}

fn edit(edit: ItemEdit) -> FaultAction {
    FaultAction::EditItems(Box::new(edit))
}

impl Mix {
    /// A rule that strikes `weight` times as often as the rate says.
    fn add(&mut self, name: &'static str, weight: f64, matches: FaultMatch, action: FaultAction) {
        let probability = Some((self.rate * weight).clamp(0.0, 1.0));
        self.push(name, FaultWhen { probability, ..FaultWhen::default() }, matches, action);
    }

    fn push(&mut self, name: &'static str, when: FaultWhen, matches: FaultMatch, action: FaultAction) {
        let when = FaultWhen { seed: self.rng.random(), ..when };
        self.rules.push((name, FaultRule { matches, when, action: OneOrMany::One(action) }));
    }

    /// Each sort of read lags by its own time.
    fn lag(&mut self) {
        for (name, weight, sorts, longest) in [
            ("late-list", 4.0, &[Reads::List][..], 120),
            ("late-delta", 4.0, &[Reads::Delta], 300),
            ("late-bin", 6.0, &[Reads::Bin], 180),
            ("late-object", 2.0, &[Reads::ById, Reads::Links], 10),
        ] {
            let seconds = Some(self.rng.random_range(1..=longest));
            let stale = Stale { seconds, random: true, writes: None };
            self.add(name, weight, reads(sorts), FaultAction::Stale(stale));
        }
        // What comes with a group is settled in the background.
        let licences =
            FaultMatch { query: Some("licenseAssignmentStates".to_owned()), ..FaultMatch::default() };
        let stale = Stale { seconds: Some(self.rng.random_range(30..=300)), random: true, writes: None };
        self.add("late-licence", 8.0, licences, FaultAction::Stale(stale));
    }

    fn writes(&mut self) {
        let requests = Some(self.rng.random_range(1..=4));
        let some = FaultWhen { probability: Some(0.5), ..FaultWhen::default() };
        let not_found = FaultAction::NotFoundFor { requests, seconds: None };
        self.push("new-not-found", some, FaultMatch::default(), not_found);
        let conflict = FaultAction::Conflict { hold_ms: self.rng.random_range(5..=40) };
        self.push("written-at-once", FaultWhen::default(), FaultMatch::default(), conflict);
        let trim = FaultAction::Normalize { properties: Vec::new(), how: Normalization::Trim };
        self.push("trimmed", FaultWhen::default(), FaultMatch::default(), trim);
        self.add(
            "unverified-domain",
            2.0,
            FaultMatch::default(),
            FaultAction::UnverifiedDomain { domain: None },
        );
        self.add("conflict", 1.0, method("PATCH"), FaultAction::Status(status(409)));
    }

    fn pages(&mut self) {
        let size = self.rng.random_range(5..=40);
        let collections = [Reads::List, Reads::Delta, Reads::Links];
        self.add("split-pages", 6.0, reads(&collections), FaultAction::SplitPages { size });
        for (name, content, most) in
            [("empty-pages", LoopContent::Empty, 12), ("same-page-again", LoopContent::Same, 3)]
        {
            let pages = Some(self.rng.random_range(1..=most));
            self.add(name, 2.0, reads(&[Reads::Delta]), FaultAction::Loop { content, pages });
        }
        self.add("mixed", 6.0, reads(&collections), FaultAction::Shuffle);
        let keep = self.rng.random_range(1..=20);
        self.add("cut-list", 1.0, reads(&[Reads::List]), FaultAction::CutList { keep });
        self.add("empty-bin", 4.0, reads(&[Reads::Bin]), FaultAction::EmptyList);
    }

    fn items(&mut self) {
        for (name, place, less) in [
            ("again-here", Place::SamePage, &[][..]),
            (
                "again-with-less",
                Place::SamePage,
                &["displayName", "jobTitle", "description", "members@delta"],
            ),
            ("again-later", Place::LaterPage, &["displayName", "department", "visibility"]),
            ("again-apart", Place::OwnPage, &["members@delta"]),
        ] {
            let duplicate = Some(Duplicate { place, edit: without(less) });
            let twice = edit(ItemEdit { share: Some(0.1), duplicate, ..ItemEdit::default() });
            self.add(name, 3.0, reads(&[Reads::Delta]), twice);
        }
        for (name, place) in [("sliced-here", Place::SamePage), ("sliced-apart", Place::OwnPage)] {
            let slices = self.rng.random_range(2..=4);
            let slice = Some(Slice { slices, place, ..Slice::default() });
            let sliced = edit(ItemEdit { share: Some(0.2), slice, ..ItemEdit::default() });
            let mut groups = reads(&[Reads::Delta]);
            groups.path_glob = Some("/groups/delta**".to_owned());
            self.add(name, 5.0, groups, sliced);
        }
        let links = LinkEdit {
            relation: "members".to_owned(),
            edit: without(&["@odata.type"]),
            ..LinkEdit::default()
        };
        let untyped =
            ItemEdit { share: Some(0.2), replace_links: Some(OneOrMany::One(links)), ..ItemEdit::default() };
        self.add("untyped-links", 3.0, reads(&[Reads::Delta]), edit(untyped));
        let only = PropertyEdit { keep_only: Some(owned(&["@odata.type", "id"])), ..PropertyEdit::default() };
        let limited = edit(ItemEdit { share: Some(0.3), edit: only, ..ItemEdit::default() });
        let mut members = reads(&[Reads::Links]);
        members.path_glob = Some("/**/members".to_owned());
        self.add("limited-information", 5.0, members, limited);
    }

    fn tokens(&mut self) {
        let token = |kind, status, code: &str, location| FaultAction::RefuseToken {
            token: kind,
            status,
            code: code.to_owned(),
            message: String::new(),
            location,
            for_good: false,
        };
        let every = FaultMatch::default;
        self.add(
            "page-expires",
            4.0,
            every(),
            token(TokenKind::Page, 400, "Directory_ExpiredPageToken", false),
        );
        self.add("cursor-unknown", 3.0, every(), token(TokenKind::Cursor, 404, "UnknownError", false));
        self.add("cursor-lost", 3.0, every(), token(TokenKind::Cursor, 400, "syncStateNotFound", false));
        self.add("cursor-gone", 3.0, every(), token(TokenKind::Cursor, 410, "resyncRequired", true));
        let reset = FaultAction::ExpireDeltaTokens { bad_request: self.rng.random() };
        self.add("cursors-reset", 0.5, reads(&[Reads::Delta]), reset);
        self.add("signed-out", 0.2, FaultMatch::default(), FaultAction::Unauthorized);
    }

    fn refusals(&mut self) {
        for (name, form) in [
            ("throttled-seconds", RetryAfter::Seconds),
            ("throttled-fractional", RetryAfter::Fractional),
            ("throttled-date", RetryAfter::Date),
            ("throttled-silently", RetryAfter::Absent),
        ] {
            let retry_seconds = Some(self.rng.random_range(0.0..1.0));
            let throttled = StatusAction { retry_after: Some(form), retry_seconds, ..status(429) };
            self.add(name, 0.5, FaultMatch::default(), FaultAction::Status(throttled));
        }
        let odd = ["0", "-1", "soon", "Sunday, 06-Nov-94 08:49:37 GMT"][self.rng.random_range(0..4)];
        let headers = Map::from_iter([("retry-after".to_owned(), Value::from(odd))]);
        let throttled = StatusAction { headers, ..status(429) };
        self.add("throttled-oddly", 0.5, FaultMatch::default(), FaultAction::Status(throttled));
        let once = FaultWhen {
            probability: Some((self.rate * 0.5).clamp(0.0, 1.0)),
            limit: Some(1),
            ..FaultWhen::default()
        };
        let retry_seconds = Some(self.rng.random_range(30.0..1800.0));
        let long = StatusAction { retry_after: Some(RetryAfter::Seconds), retry_seconds, ..status(429) };
        self.push("throttled-for-long", once, FaultMatch::default(), FaultAction::Status(long));
        let page = StatusAction { html: Some("<html>Service unavailable</html>".to_owned()), ..status(503) };
        let single = || FaultMatch { in_batch: Some(false), ..FaultMatch::default() };
        self.add("unavailable", 0.5, single(), FaultAction::Status(page));
        self.add("failing", 0.5, FaultMatch::default(), FaultAction::Status(status(500)));
        self.add("timed-out", 0.5, method("GET"), FaultAction::Status(status(504)));
        self.add("denied", 0.2, method("GET"), FaultAction::Status(status(403)));
        self.add("part-fails", 2.0, parts(), FaultAction::Status(status(500)));
        self.add("part-unavailable", 2.0, parts(), FaultAction::Status(status(503)));
        let throttled = StatusAction {
            retry_after: Some(RetryAfter::Seconds),
            retry_seconds: Some(self.rng.random_range(0.0..2.0)),
            ..status(429)
        };
        self.add("part-throttled", 2.0, parts(), FaultAction::Status(throttled));
    }

    fn connection(&mut self) {
        let delay_ms = self.rng.random_range(5..=60);
        self.add("slow", 1.0, FaultMatch::default(), FaultAction::Delay { delay_ms });
        let single = || FaultMatch { in_batch: Some(false), ..FaultMatch::default() };
        self.add("cut-answer", 0.5, single(), FaultAction::Truncate);
        self.add("dropped-before", 0.5, single(), FaultAction::DropBefore);
        self.add("dropped-after", 0.5, single(), FaultAction::DropAfter);
    }
}
