//! How often everything was met.

use std::collections::BTreeMap;

use domain::LinkKind;
use serde_json::Value;

use super::oracle::{Expected, Item};

/// Troubles that strike those who write; captures only read.
const OF_WRITES: &[&str] = &["new-not-found", "written-at-once", "trimmed", "unverified-domain", "conflict"];

#[derive(Default)]
pub struct Hits {
    faults: BTreeMap<String, u64>,
    said: BTreeMap<String, u64>,
    named: BTreeMap<String, u64>,
}

fn label(item: &Item, expected: &Expected) -> String {
    match item {
        Item::Life { object, sort } => format!("{} {}", object.kind.slug(), sort.slug()),
        Item::Attribute { object, .. } => format!("{} attribute", object.kind.slug()),
        Item::Link { kind, fate, .. } => {
            format!("{}{} {fate:?}", kind.slug(), if expected.is_timed(item) { " for a time" } else { "" })
        }
    }
}

impl Hits {
    /// What `/sim/manners` says of the troubles that struck.
    pub fn faults(&mut self, manners: &Value) {
        for (name, struck) in manners["struck"].as_object().into_iter().flatten() {
            if !OF_WRITES.contains(&name.as_str()) {
                *self.faults.entry(name.clone()).or_default() += struck.as_u64().unwrap();
            }
        }
    }

    pub fn said(&mut self, item: &Item, expected: &Expected) {
        *self.said.entry(label(item, expected)).or_default() += 1;
    }

    pub fn named(&mut self, item: &Item, expected: &Expected) {
        *self.named.entry(label(item, expected)).or_default() += 1;
    }

    pub fn add(&mut self, other: Hits) {
        for (own, others) in
            [(&mut self.faults, other.faults), (&mut self.said, other.said), (&mut self.named, other.named)]
        {
            for (name, n) in others {
                *own.entry(name).or_default() += n;
            }
        }
    }

    pub fn print(&self, seeds: u64) {
        println!("{seeds} seeds, four worlds each");
        for (what, of) in
            [("struck", &self.faults), ("said", &self.said), ("named as not compared", &self.named)]
        {
            for (name, n) in of {
                println!("  {what}: {name}: {n}");
            }
        }
    }

    /// Fails where something was met less often.
    pub fn assert_enough(&self, least: u64) {
        let mut rare: Vec<String> =
            self.faults.iter().filter(|(_, n)| **n < least).map(|(name, n)| format!("{name}: {n}")).collect();
        for kind in LinkKind::ALL.into_iter().filter(|kind| kind.is_change()) {
            let of =
                |(name, n): (&String, &u64)| name.split(' ').next().filter(|k| *k == kind.slug()).map(|_| *n);
            let met: u64 = self.said.iter().filter_map(of).sum();
            if met < least {
                rare.push(format!("{}: {met}", kind.slug()));
            }
        }
        assert!(rare.is_empty(), "met too seldom: {rare:?}");
    }
}
