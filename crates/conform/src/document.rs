//! docs/CONFORMANCE.md: every assumption, its source, and where it was last seen to hold.

use crate::probe::{Basis, Effect, Probe};
use crate::probes;
use crate::seen::{Days, Seen};

const INTRODUCTION: &str = "\
# Conformance

What Holdfast and its simulator take for granted about Microsoft Graph, one assumption a line, each with its source \
and the program that asks. The list is made from the probes in `crates/conform` (`cargo xtask conform --document`), \
and a test holds it to them.

```
cargo xtask conform                       the simulator, all probes
cargo xtask conform --tenant ID --client ID [--cloud usgov] [--write]
                                          a tenant; the app's secret in HOLDFAST_CONFORM_SECRET
cargo xtask conform --only ID             one probe; --list names them
```

At a tenant, use one for development. Probes that only read are asked first; those that write are asked only with \
`--write`. They make disabled users, groups, units and roles whose names begin with `holdfast-conform-`, write about \
nothing else, and take them away again; what cannot be ended early stays in the recycle bin for 30 days. A probe is \
not tried where the app lacks a permission, or holds one that the question is about: several apps see more than one. \
The report is Markdown without names, ids and secrets, and can be sent in as it is (`--report FILE`).

The basis of an assumption is *documented* (Microsoft's page says so), *reported* (people who met it said so in \
public) or *inferred* (concluded, and nobody says so). The days are those on which the probe last agreed \
(`--record` writes them to `crates/conform/seen.json`).
";

/// The document's text.
pub fn document(seen: &Seen) -> String {
    let mut out = INTRODUCTION.to_owned();
    let total = probes::all().count();
    let held = |place: fn(&Days) -> bool| {
        probes::all().filter(|probe| seen.0.get(probe.id).is_some_and(place)).count()
    };
    let tenant = match held(|days| days.tenant.is_some()) {
        0 => "None was ever asked of a tenant at Microsoft.".to_owned(),
        n => format!("{n} were seen to hold at a tenant at Microsoft."),
    };
    out.push_str(&format!(
        "\n{total} assumptions. {} were seen to hold at the simulator. {tenant}\n",
        held(|days| days.simulator.is_some())
    ));
    for section in probes::SECTIONS {
        out.push_str(&format!(
            "\n## {}\n\n| probe | assumption | basis | asks | permissions | simulator | tenant |\n|---|---|---|---|---|---|---|\n",
            section.title
        ));
        for probe in section.probes {
            out.push_str(&row(probe, seen.0.get(probe.id)));
        }
    }
    out
}

fn row(probe: &Probe, days: Option<&Days>) -> String {
    let basis = match probe.basis {
        Basis::Documented => "documented",
        Basis::Reported => "reported",
        Basis::Inferred => "inferred",
    };
    let asks = match probe.effect {
        Effect::Reads => "reads",
        Effect::Writes => "writes",
        Effect::Watches => "watches",
    };
    let mut permissions: Vec<String> =
        probe.needs.iter().filter_map(|any| any.first()).map(|least| format!("`{least}`")).collect();
    permissions.extend(probe.without.first().map(|name| format!("not `{name}`")));
    let day = |day: Option<&String>| day.cloned().unwrap_or_else(|| "never".to_owned());
    format!(
        "| `{}` | {} | [{basis}]({}) | {asks} | {} | {} | {} |\n",
        probe.id,
        probe.title.replace('|', "\\|"),
        probe.source,
        permissions.join(", "),
        day(days.and_then(|days| days.simulator.as_ref())),
        day(days.and_then(|days| days.tenant.as_ref())),
    )
}
