//! Which plans a history names: those are not deleted.

pub(super) const UP: &[&str] = &["CREATE INDEX subscription_event_plan ON subscription_event (plan_id)"];
