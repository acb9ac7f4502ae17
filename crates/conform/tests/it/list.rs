//! The list of assumptions.

use std::collections::HashSet;

use conform::{Effect, Seen, document, probes};

const SEEN: &str = include_str!("../../seen.json");
const DOCUMENT: &str = include_str!("../../../../docs/CONFORMANCE.md");

#[test]
fn the_document_is_what_the_probes_say() {
    assert!(
        document(&Seen::read(SEEN).unwrap()) == DOCUMENT,
        "docs/CONFORMANCE.md is not what the probes say: `cargo xtask conform --document` writes it anew"
    );
}

#[test]
fn every_assumption_has_a_name_a_sentence_and_a_source() {
    let mut names = HashSet::new();
    for probe in probes::all() {
        assert!(names.insert(probe.id), "{} is there twice", probe.id);
        assert!(
            probe.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{}",
            probe.id
        );
        assert!(probe.title.len() > 10, "{}", probe.id);
        let known = ["https://learn.microsoft.com/", "https://github.com/"];
        assert!(known.iter().any(|site| probe.source.starts_with(site)), "{}: {}", probe.id, probe.source);
        let mut least = probe.needs.iter().filter_map(|any| any.first());
        let holds_both = least.any(|name| probe.without.contains(name));
        assert!(!holds_both, "{} needs what it must not hold", probe.id);
    }
    assert!(names.len() >= 60);
    assert!(probes::all().any(|probe| probe.effect == Effect::Reads));
}

#[test]
fn the_days_are_of_probes_that_exist() {
    let names: HashSet<&str> = probes::all().map(|probe| probe.id).collect();
    let seen = Seen::read(SEEN).unwrap();
    for id in seen.0.keys() {
        assert!(names.contains(id.as_str()), "seen.json names {id}");
    }
    assert_eq!(Seen::read(&seen.text()).unwrap(), seen);
}
