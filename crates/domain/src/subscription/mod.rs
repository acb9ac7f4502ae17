//! An organization's subscription: its states, how it passes between them, and which plan may follow which.

mod change;
mod state;
mod transition;

pub use change::{PlanChange, Refusal, plan_change};
pub use state::{BackupEffect, DataEffect, Effects, LoginEffect, State};
pub use transition::{GRACE_DAYS, Grace, Move, Notice, TransitionError};
