//! What a step of a restore does, as it is kept.

use domain::LinkKind;
use domain::change::ObjectRef;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The content of a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The object on which Graph writes it.
    pub(crate) object: ObjectRef,
    pub(crate) object_name: String,
    /// What a person reads: "Job title", "Member Maya Okafor".
    pub(crate) what: String,
    pub(crate) deed: Deed,
    /// The value after the step, and the one when the plan was made, as a person reads them.
    pub(crate) value: Vec<String>,
    pub(crate) now: Vec<String>,
    /// Any of these permissions suffices, least first.
    pub(crate) permissions: Vec<String>,
    pub(crate) granted: bool,
    pub(crate) warning: Option<String>,
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Deed {
    /// Bring the object back from the recycle bin.
    Undelete,
    /// Give an attribute the value it had. Values are canonical JSON; none: no value.
    Set {
        name: String,
        to: Option<String>,
        /// The value that the plan was made against.
        seen: Option<String>,
    },
    Link(LinkDeed),
}

/// A link to put back, or to take away again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkDeed {
    pub(crate) kind: LinkKind,
    pub(crate) other: ObjectRef,
    pub(crate) disc: String,
    /// What the link says besides: the disabled plans of a licence.
    pub(crate) details: Option<String>,
    pub(crate) add: bool,
    /// A manager replaces the one that was there: who that was when the plan was made.
    pub(crate) seen: Option<Uuid>,
}

/// A step with its number and state.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) number: i32,
    pub(crate) stage: domain::plan::Stage,
    pub(crate) content: Content,
    pub(crate) needs_confirmation: bool,
    pub(crate) confirmed: bool,
    pub(crate) outcome: domain::plan::Outcome,
    pub(crate) note: Option<String>,
}

impl TryFrom<store::restores::Step> for Step {
    type Error = store::Error;

    fn try_from(s: store::restores::Step) -> Result<Step, store::Error> {
        Ok(Step {
            number: s.number,
            stage: s.stage,
            content: serde_json::from_str(&s.content)
                .map_err(|_| store::Error::Inconsistent("restore_step"))?,
            needs_confirmation: s.needs_confirmation,
            confirmed: s.confirmed,
            outcome: s.outcome,
            note: s.note,
        })
    }
}

impl Step {
    /// The step as it is kept.
    pub(crate) fn to_keep(&self) -> Result<store::restores::NewStep, store::Error> {
        Ok(store::restores::NewStep {
            stage: self.stage,
            content: serde_json::to_string(&self.content)
                .map_err(|_| store::Error::Inconsistent("restore_step"))?,
            needs_confirmation: self.needs_confirmation,
        })
    }
}
