//! Entries of the directory's audit log, as Microsoft sends them.
//!
//! Source: "directoryAudit resource type" (learn.microsoft.com, graph/api/resources/directoryaudit). Values of
//! modified properties are JSON within text: `"[\"Engineer\"]"`, `"\"f3bc…\""`.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Raw {
    pub(super) activity_date_time: DateTime<Utc>,
    #[serde(default)]
    activity_display_name: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    initiated_by: Option<RawInitiator>,
    #[serde(default)]
    target_resources: Option<Vec<RawTarget>>,
}

#[derive(Debug, Deserialize)]
struct RawInitiator {
    user: Option<RawUser>,
    app: Option<RawApp>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawUser {
    display_name: Option<String>,
    user_principal_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawApp {
    app_id: Option<String>,
    display_name: Option<String>,
    service_principal_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTarget {
    id: Option<String>,
    #[serde(default)]
    modified_properties: Option<Vec<RawModified>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawModified {
    display_name: Option<String>,
    old_value: Option<String>,
    new_value: Option<String>,
}

/// Who did it, as the entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum By {
    Person { name: String, principal_name: String },
    App { name: String, app_id: String, principal: Option<Uuid> },
}

/// One property that an entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Modified {
    pub(super) name: String,
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

/// One object that an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) id: Option<Uuid>,
    pub(super) modified: Vec<Modified>,
}

/// One thing that somebody did, and that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: DateTime<Utc>,
    pub(super) activity: String,
    pub(super) by: By,
    pub(super) targets: Vec<Target>,
    /// Every id that the entry names, among its targets or in a value.
    pub(super) ids: Vec<Uuid>,
}

impl Entry {
    /// None where it had no effect, or says too little to name anybody.
    pub(super) fn read(raw: Raw) -> Option<Entry> {
        if raw.result.is_some_and(|result| !result.eq_ignore_ascii_case("success")) {
            return None;
        }
        let by = by(raw.initiated_by?)?;
        let targets: Vec<Target> = raw.target_resources.unwrap_or_default().into_iter().map(target).collect();
        let mut ids: Vec<Uuid> = Vec::new();
        for target in &targets {
            let values = target.modified.iter().flat_map(|m| m.old.iter().chain(&m.new));
            for id in target.id.into_iter().chain(values.flat_map(|text| ids_in(text))) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Some(Entry { at: raw.activity_date_time, activity: raw.activity_display_name?, by, targets, ids })
    }

    pub(super) fn names(&self, id: Uuid) -> bool {
        self.ids.contains(&id)
    }

    /// What it says about the object that it is about.
    pub(super) fn about(&self, id: Uuid) -> Option<&Target> {
        self.targets.iter().find(|target| target.id == Some(id))
    }

    /// What it says about the object where it is first of all about that: the others only belong to it.
    pub(super) fn mainly_about(&self, id: Uuid) -> Option<&Target> {
        self.targets.first().filter(|target| target.id == Some(id))
    }
}

fn by(raw: RawInitiator) -> Option<By> {
    let said = |text: Option<String>| text.map(|t| t.trim().to_owned()).unwrap_or_default();
    if let Some(user) = raw.user {
        let (name, principal_name) = (said(user.display_name), said(user.user_principal_name));
        if !name.is_empty() || !principal_name.is_empty() {
            return Some(By::Person { name, principal_name });
        }
    }
    let app = raw.app?;
    let (name, app_id) = (said(app.display_name), said(app.app_id));
    let principal = app.service_principal_id.and_then(|id| id.parse().ok());
    (!name.is_empty() || !app_id.is_empty() || principal.is_some()).then_some(By::App {
        name,
        app_id,
        principal,
    })
}

fn target(raw: RawTarget) -> Target {
    let modified = raw.modified_properties.unwrap_or_default().into_iter().filter_map(|m| {
        let (old, new) = (m.old_value.as_deref(), m.new_value.as_deref());
        Some(Modified { name: m.display_name?, old: values(old), new: values(new) })
    });
    Target { id: raw.id.and_then(|id| id.parse().ok()), modified: modified.collect() }
}

/// The texts within a value.
pub(super) fn values(text: Option<&str>) -> Vec<String> {
    let one = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Vec::new() };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Null) => Vec::new(),
        Ok(Value::Array(all)) => all.into_iter().filter(|value| !value.is_null()).map(one).collect(),
        Ok(value) => vec![one(value)],
        Err(_) => vec![text.to_owned()],
    }
}

/// The ids that stand in a text: `SkuId=6fd2c87f-…`.
pub(super) fn ids_in(text: &str) -> Vec<Uuid> {
    text.split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .filter(|part| part.len() == 36)
        .filter_map(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_ids_are_taken_out_of_their_wrapping() {
        assert_eq!(values(Some(r#"["Engineer"]"#)), ["Engineer"]);
        assert_eq!(values(Some(r#""Sales""#)), ["Sales"]);
        assert_eq!(values(Some("plain")), ["plain"]);
        assert!(values(Some("[]")).is_empty() && values(None).is_empty() && values(Some("null")).is_empty());
        let id = Uuid::from_u128(7);
        assert_eq!(ids_in(&format!("[SkuName=E3, SkuId={id}, DisabledPlans=[]]")), [id]);
    }
}
