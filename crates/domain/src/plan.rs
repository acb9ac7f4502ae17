//! A restore as a person sees it: the steps of its plan, what stands in the way, and what became of
//! each step.

use serde::{Deserialize, Serialize};

use crate::Seq;
use crate::change::ObjectRef;
use crate::descriptor::Obstacle;
use crate::view::Instant;

/// How far a restore has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestoreState {
    /// The plan is there to be read; nothing runs.
    Planned,
    /// Another restore of the tenant runs first.
    Waiting,
    Running,
    Paused,
    Done,
    /// Stopped by a person; what was done is listed.
    Cancelled,
    /// Stopped by an error that concerns the whole of it.
    Failed,
}

impl RestoreState {
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            RestoreState::Planned => "planned",
            RestoreState::Waiting => "waiting",
            RestoreState::Running => "running",
            RestoreState::Paused => "paused",
            RestoreState::Done => "done",
            RestoreState::Cancelled => "cancelled",
            RestoreState::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<RestoreState> {
        [
            RestoreState::Planned,
            RestoreState::Waiting,
            RestoreState::Running,
            RestoreState::Paused,
            RestoreState::Done,
            RestoreState::Cancelled,
            RestoreState::Failed,
        ]
        .into_iter()
        .find(|s| s.slug() == slug)
    }

    /// Nothing more will happen.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, RestoreState::Done | RestoreState::Cancelled | RestoreState::Failed)
    }
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Not tried yet.
    Pending,
    /// Written, not read back yet.
    Written,
    /// Written, and Entra shows it.
    Restored,
    /// Nothing to do: Entra showed the wanted value.
    AlreadySo,
    /// Left out: cancelled, or not confirmed.
    Skipped,
    /// The value changed again since the comparison; it was kept.
    Conflict,
    Failed,
}

impl Outcome {
    pub const ALL: [Outcome; 7] = [
        Outcome::Pending,
        Outcome::Written,
        Outcome::Restored,
        Outcome::AlreadySo,
        Outcome::Skipped,
        Outcome::Conflict,
        Outcome::Failed,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Outcome::Pending => "pending",
            Outcome::Written => "written",
            Outcome::Restored => "restored",
            Outcome::AlreadySo => "already-so",
            Outcome::Skipped => "skipped",
            Outcome::Conflict => "conflict",
            Outcome::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|o| o.slug() == slug)
    }

    /// What a page says.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Outcome::Pending => "waiting",
            Outcome::Written => "written",
            Outcome::Restored => "restored, read back",
            Outcome::AlreadySo => "already so",
            Outcome::Skipped => "skipped",
            Outcome::Conflict => "conflict, kept",
            Outcome::Failed => "failed",
        }
    }
}

/// The order in which a restore works: each stage may rely on the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Bring objects back from the recycle bin.
    Undelete,
    /// Set attributes.
    Attributes,
    /// Managers, owners.
    Relations,
    /// Members of groups and administrative units.
    Members,
    /// Role assignments.
    Roles,
    Licences,
}

impl Stage {
    pub const ALL: [Stage; 6] =
        [Stage::Undelete, Stage::Attributes, Stage::Relations, Stage::Members, Stage::Roles, Stage::Licences];

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Stage::Undelete => "Bring back from the recycle bin",
            Stage::Attributes => "Set attributes",
            Stage::Relations => "Put managers and owners back",
            Stage::Members => "Put members back",
            Stage::Roles => "Restore role assignments",
            Stage::Licences => "Assign licences",
        }
    }
}

/// One step of a plan: one thing that a person can point at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    pub number: i32,
    pub stage: Stage,
    pub object: ObjectRef,
    pub object_name: String,
    /// What will be written: "Job title", "Member Maya Okafor".
    pub what: String,
    /// The value after the step.
    pub value: Vec<String>,
    /// The value when the plan was made.
    pub now: Vec<String>,
    /// The permission it needs, least first.
    pub permission: String,
    /// Whether the connection holds it.
    pub granted: bool,
    /// What to know or do before it runs: a directory role that is missing, an assignment that may have
    /// been temporary.
    pub warning: Option<String>,
    /// It runs only if it is confirmed one by one.
    pub needs_confirmation: bool,
    pub confirmed: bool,
    pub outcome: Outcome,
    /// Why it failed, or what it met.
    pub note: Option<String>,
}

/// A chosen change that no step can undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unrestorable {
    pub object: ObjectRef,
    pub object_name: String,
    pub what: String,
    pub obstacle: Obstacle,
}

/// How many steps ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub pending: i64,
    pub written: i64,
    pub restored: i64,
    pub already_so: i64,
    pub skipped: i64,
    pub conflict: i64,
    pub failed: i64,
}

impl Tally {
    pub fn add(&mut self, outcome: Outcome, count: i64) {
        *match outcome {
            Outcome::Pending => &mut self.pending,
            Outcome::Written => &mut self.written,
            Outcome::Restored => &mut self.restored,
            Outcome::AlreadySo => &mut self.already_so,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Conflict => &mut self.conflict,
            Outcome::Failed => &mut self.failed,
        } += count;
    }

    #[must_use]
    pub const fn total(&self) -> i64 {
        self.pending + self.finished() + self.written
    }

    /// Steps that need nothing more.
    #[must_use]
    pub const fn finished(&self) -> i64 {
        self.restored + self.already_so + self.skipped + self.conflict + self.failed
    }
}

/// A restore and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreView {
    pub number: i64,
    pub state: RestoreState,
    /// The snapshot whose values come back.
    pub to: Seq,
    /// The snapshot that showed the damage.
    pub seen_at: Seq,
    pub asked_by: String,
    pub planned_at: Instant,
    pub started_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub tally: Tally,
    /// How many requests that write the plan takes.
    pub writes: i64,
    /// Seconds that Graph's write quota allows at best for them.
    pub estimate_s: i64,
    /// How many steps belong to each stage and how they stand.
    pub stages: Vec<(Stage, Tally)>,
    /// What stopped it, and what to do.
    pub problem: Option<String>,
    /// Permissions that steps need and the connection lacks.
    pub missing_permissions: Vec<String>,
    /// The snapshot taken before the first write.
    pub before_image: Option<Seq>,
    pub unrestorable: Vec<Unrestorable>,
    pub needs_confirmation: i64,
}

/// A row of the list of restores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreRow {
    pub number: i64,
    pub state: RestoreState,
    pub to: Seq,
    pub asked_by: String,
    pub planned_at: Instant,
    pub tally: Tally,
}
