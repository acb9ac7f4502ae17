//! How a probe ends.

/// Why a probe ended without agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Graph answered otherwise than assumed: what came.
    Differs(String),
    /// The question could not be asked: why.
    NotTried(String),
}

/// Agreement, with what else is worth telling (a time that was measured), or why there is none.
pub type Verdict = Result<String, Stop>;

impl Stop {
    /// What prepares the question is not the question: a refusal there leaves it unasked.
    pub(crate) fn preparing(self) -> Stop {
        match self {
            Stop::Differs(came) => Stop::NotTried(format!("could not be prepared: {came}")),
            other => other,
        }
    }
}

/// Agreement without more to say.
pub(crate) fn agreed() -> Verdict {
    Ok(String::new())
}

/// Goes on where something holds, and otherwise ends with what came.
pub(crate) fn hold(holds: bool, came: impl FnOnce() -> String) -> Result<(), Stop> {
    if holds { Ok(()) } else { Err(Stop::Differs(came())) }
}

/// Goes on where there is something to ask about.
pub(crate) fn have<T>(thing: Option<T>, lacks: &str) -> Result<T, Stop> {
    thing.ok_or_else(|| Stop::NotTried(lacks.to_owned()))
}
