//! What came of a run, for whoever keeps the list: plain Markdown without names, ids and secrets.

use crate::probe::{Effect, Probe};
use crate::scrub::scrub;
use crate::seen::Place;
use crate::verdict::{Stop, Verdict};

/// How one probe ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As assumed; with a note, or an empty one.
    Agrees(String),
    /// Otherwise: what came.
    Differs(String),
    /// Not asked: why.
    NotTried(String),
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Outcome {
        match verdict {
            Ok(note) => Outcome::Agrees(scrub(&note)),
            Err(Stop::Differs(came)) => Outcome::Differs(scrub(&came)),
            Err(Stop::NotTried(why)) => Outcome::NotTried(scrub(&why)),
        }
    }
}

/// One probe of a run.
pub struct Line {
    /// Which.
    pub probe: &'static Probe,
    /// How it ended.
    pub outcome: Outcome,
}

/// A whole run.
pub struct Report {
    /// What was asked.
    pub place: Place,
    /// The cloud.
    pub cloud: String,
    /// The day, as `2026-12-01`.
    pub day: String,
    /// Every probe that was to be asked, in the order of asking.
    pub lines: Vec<Line>,
    /// Objects that could not be taken away again.
    pub left_behind: usize,
    /// What the names of all objects of the run begin with.
    pub prefix: String,
    /// Requests sent.
    pub requests: u64,
}

impl Report {
    /// How many agree, differ and were not tried.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |test: fn(&Outcome) -> bool| self.lines.iter().filter(|l| test(&l.outcome)).count();
        (
            count(|o| matches!(o, Outcome::Agrees(_))),
            count(|o| matches!(o, Outcome::Differs(_))),
            count(|o| matches!(o, Outcome::NotTried(_))),
        )
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        let (agree, differ, untried) = self.counts();
        let mut out = String::from("# Conformance report\n\n");
        out.push_str(&format!(
            "Holdfast {}, {}, asked of {} ({} cloud), {} requests.\n\n",
            env!("CARGO_PKG_VERSION"),
            self.day,
            self.place.shown(),
            self.cloud,
            self.requests
        ));
        out.push_str(&format!("{agree} agree, {differ} differ, {untried} were not tried.\n"));
        if self.left_behind > 0 {
            out.push_str(&format!(
                "\n{} objects could not be taken away again. Their names begin with `{}`.\n",
                self.left_behind, self.prefix
            ));
        }
        self.section(&mut out, "Differs", |o| match o {
            Outcome::Differs(came) => Some(format!("came: {came}")),
            _ => None,
        });
        self.section(&mut out, "Not tried", |o| match o {
            Outcome::NotTried(why) => Some(format!("because: {why}")),
            _ => None,
        });
        self.section(&mut out, "Agrees", |o| match o {
            Outcome::Agrees(note) => Some(note.clone()),
            _ => None,
        });
        out
    }

    fn section(&self, out: &mut String, title: &str, told: impl Fn(&Outcome) -> Option<String>) {
        let lines: Vec<_> = self.lines.iter().filter_map(|l| Some((l.probe, told(&l.outcome)?))).collect();
        if lines.is_empty() {
            return;
        }
        out.push_str(&format!("\n## {title}\n\n"));
        for (probe, told) in lines {
            let writes = if probe.effect == Effect::Writes { " (writes)" } else { "" };
            out.push_str(&format!("- `{}`{writes} {}", probe.id, probe.title));
            if !told.is_empty() {
                out.push_str(&format!("\n  - {told}"));
            }
            if title == "Differs" {
                out.push_str(&format!("\n  - assumed after <{}>", probe.source));
            }
            out.push('\n');
        }
    }
}
