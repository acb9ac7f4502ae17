//! The state of the tenant's backup as a sentence.

use crate::{
    tenant::words,
    ui::{Tone, grouped},
};
use domain::{
    capture::NotCompared,
    connection::ConnectionState,
    view::{Completeness, Overview},
};

pub struct Headline {
    pub title: String,
    pub lead: String,
    /// What stands in the way, said louder than the lead.
    pub trouble: Option<(Tone, String, String)>,
    /// What the newest snapshot could not read, below it.
    pub missing: Vec<NotCompared>,
}

pub fn headline(overview: &Overview) -> Headline {
    let Some(last) = &overview.last else {
        return match (&overview.running, &overview.failed) {
            (Some(_), _) => Headline {
                title: "The first backup is running".into(),
                lead: "It reads everything once. The following ones read only what changed.".into(),
                trouble: None,
                missing: Vec::new(),
            },
            (None, Some(failed)) => Headline {
                title: "The first backup failed".into(),
                lead: "Nothing is backed up yet.".into(),
                trouble: Some(failure(failed.problem.as_deref())),
                missing: Vec::new(),
            },
            (None, None) => Headline {
                title: "Nothing is backed up yet".into(),
                lead: "The tenant is connected. The first backup reads everything once.".into(),
                trouble: connection(overview),
                missing: Vec::new(),
            },
        };
    };
    let kept =
        format!("Snapshot {} holds {} objects as they were.", words::number(last.seq), grouped(last.objects));
    if let Some(failed) = &overview.failed {
        return Headline {
            title: "The last backup failed".into(),
            lead: kept,
            trouble: Some(failure(failed.problem.as_deref())),
            missing: words::gaps(&last.gaps),
        };
    }
    let (title, trouble) = match last.completeness {
        _ if !overview.connection.signs_in => ("Connection needs attention", connection(overview)),
        Completeness::Complete if overview.connection.state() != ConnectionState::Healthy => {
            ("Backed up, but a permission is missing", words::lacking(&overview.connection))
        }
        Completeness::Complete => ("Everything is backed up", None),
        Completeness::Partial => (
            "Backed up, but not everything could be read",
            Some((
                Tone::Warn,
                "Not read".to_owned(),
                "What was known of these parts is kept; nothing of them counts as deleted.".to_owned(),
            )),
        ),
        Completeness::Suspicious => (
            "Backed up, but something looks odd",
            Some((
                Tone::Bad,
                "Far less than before, and nothing confirmed it".to_owned(),
                "What was known of these parts is kept as it was. Earlier snapshots are untouched."
                    .to_owned(),
            )),
        ),
    };
    Headline { title: title.into(), lead: kept, trouble, missing: words::gaps(&last.gaps) }
}

fn failure(problem: Option<&str>) -> (Tone, String, String) {
    let text = problem.unwrap_or("It ended without saying why. Earlier snapshots are untouched; try again.");
    (Tone::Bad, "What happened".to_owned(), text.to_owned())
}

fn connection(overview: &Overview) -> Option<(Tone, String, String)> {
    let problem = overview.connection.problem.clone()?;
    Some((Tone::Bad, "Signing in to the tenant does not work as it should".to_owned(), problem))
}
