//! Where each assumption was last seen to hold: `seen.json` beside this crate's sources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::probes;
use crate::report::{Outcome, Report};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The simulator.
    Simulator,
    /// A tenant at Microsoft.
    Tenant,
}

impl Place {
    /// As a report tells it.
    pub fn shown(self) -> &'static str {
        match self {
            Place::Simulator => "the simulator",
            Place::Tenant => "a tenant at Microsoft",
        }
    }
}

/// The last days on which a probe agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// At the simulator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulator: Option<String>,
    /// At a tenant. Which one is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// The days of every probe that ever agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seen(pub BTreeMap<String, Days>);

impl Seen {
    /// Reads the file's text.
    pub fn read(text: &str) -> serde_json::Result<Seen> {
        serde_json::from_str(text)
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|(id, days)| format!("  {}: {}", serde_json::json!(id), serde_json::json!(days)))
            .collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// Notes what a run saw to hold. What did not hold keeps the day on which it last did; what is no probe any
    /// more goes.
    pub fn note(&mut self, report: &Report) {
        self.0.retain(|id, _| probes::all().any(|probe| probe.id == id));
        for line in &report.lines {
            if let Outcome::Agrees(_) = line.outcome {
                let days = self.0.entry(line.probe.id.to_owned()).or_default();
                let day = Some(report.day.clone());
                match report.place {
                    Place::Simulator => days.simulator = day,
                    Place::Tenant => days.tenant = day,
                }
            }
        }
    }
}
