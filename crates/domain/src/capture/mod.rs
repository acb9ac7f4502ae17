//! What a capture saw of a tenant: which kinds, attributes and relations its permissions show
//! ([`CaptureProfile`]), what of these it could not read ([`Gap`]), and what two points in time can therefore
//! both show ([`Comparable`]). All of it is derived from ids, never from wording.

mod comparable;
mod gap;
mod legacy;
mod profile;

pub use comparable::{Comparable, Coverage, NotCompared, View};
pub use gap::{Completeness, Gap, GapReason, ReadScope};
pub use profile::{CaptureProfile, KindProfile};
