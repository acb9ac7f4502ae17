//! Values as people read them.

use domain::change::Shown;
use domain::descriptor::{Attribute, Type};
use serde_json::{Map, Value};

/// The value of an attribute, from canonical JSON; empty where there is none.
pub(crate) fn raw(attribute: &Attribute, json: Option<&str>) -> Shown {
    let Some(value) = json.and_then(|r| serde_json::from_str::<Value>(r).ok()) else {
        return Shown::default();
    };
    Shown(match (attribute.shape, value) {
        (Type::Time, Value::String(text)) => vec![time(&text)],
        (_, value) => lines(&value),
    })
}

fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().flat_map(item).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| format!("{}: {}", human(k), plain(v))).collect(),
        Value::String(text) => text.lines().map(str::to_owned).collect(),
        other => vec![plain(other)],
    }
}

/// One element of a collection: a line, or several where it is a collection itself.
fn item(value: &Value) -> Vec<String> {
    let Value::Object(map) = value else { return vec![plain(value)] };
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    if let Some(id) = text("issuerAssignedId") {
        let how = text("signInType").map(human).unwrap_or_default();
        let issuer = text("issuer").map(|i| format!(" ({i})")).unwrap_or_default();
        return vec![format!("{how}: {id}{issuer}").trim_start_matches(": ").to_owned()];
    }
    if let Some(Value::Array(actions)) = map.get("allowedResourceActions") {
        let condition = text("condition").map(|c| format!(" (if {c})")).unwrap_or_default();
        return actions.iter().map(|a| format!("{}{condition}", plain(a))).collect();
    }
    vec![fields(map)]
}

fn fields(map: &Map<String, Value>) -> String {
    map.iter().map(|(k, v)| format!("{}: {}", human(k), plain(v))).collect::<Vec<_>>().join(", ")
}

/// A value within a line.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(map) => fields(map),
        Value::Number(number) => number.to_string(),
    }
}

/// A time as Graph writes it; a day where the time of day says nothing.
pub(crate) fn time(text: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(t) => {
            let t = t.to_utc();
            let midnight = t.time() == chrono::NaiveTime::MIN;
            t.format(if midnight { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S UTC" }).to_string()
        }
        Err(_) => text.to_owned(),
    }
}

/// A property's name as words: `extensionAttribute15` → "Extension attribute 15".
fn human(name: &str) -> String {
    if name == "costCenter" {
        return "Cost centre".to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    let mut last = ' ';
    for c in name.chars() {
        if out.is_empty() {
            out.extend(c.to_uppercase());
        } else if c.is_uppercase() || (c.is_ascii_digit() && !last.is_ascii_digit()) {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        last = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::{Kind, descriptor};

    fn show(kind: Kind, name: &str, raw: &str) -> Vec<String> {
        super::raw(descriptor::of(kind).unwrap().attribute(name).unwrap(), Some(raw)).0
    }

    #[test]
    fn plain_values_take_one_line() {
        assert_eq!(show(Kind::User, "accountEnabled", "false"), ["No"]);
        assert_eq!(show(Kind::User, "jobTitle", r#""Head of \"Treasury\"""#), ["Head of \"Treasury\""]);
        assert_eq!(show(Kind::Group, "description", r#""one\ntwo""#), ["one", "two"]);
        let empty = super::raw(descriptor::of(Kind::User).unwrap().attribute("city").unwrap(), None);
        assert!(empty.is_empty());
    }

    #[test]
    fn times_are_readable_and_days_are_days() {
        assert_eq!(
            show(Kind::User, "createdDateTime", r#""2026-05-07T09:12:33Z""#),
            ["2026-05-07 09:12:33 UTC"]
        );
        assert_eq!(show(Kind::User, "employeeHireDate", r#""2026-05-07T00:00:00Z""#), ["2026-05-07"]);
        assert_eq!(show(Kind::User, "employeeHireDate", r#""soon""#), ["soon"]);
    }

    #[test]
    fn sets_take_a_line_each() {
        assert_eq!(show(Kind::User, "otherMails", r#"["a@b.example","c@d.example"]"#).len(), 2);
        assert_eq!(
            show(
                Kind::User,
                "identities",
                r#"[{"issuer":"contoso.example","issuerAssignedId":"m@contoso.example","signInType":"userPrincipalName"}]"#
            ),
            ["User principal name: m@contoso.example (contoso.example)"]
        );
        assert_eq!(
            show(
                Kind::Role,
                "rolePermissions",
                r#"[{"allowedResourceActions":["microsoft.directory/a","microsoft.directory/b"],"condition":"$SubjectIsOwner"}]"#
            ),
            ["microsoft.directory/a (if $SubjectIsOwner)", "microsoft.directory/b (if $SubjectIsOwner)"]
        );
    }

    #[test]
    fn complex_values_name_their_fields() {
        assert_eq!(
            show(Kind::User, "employeeOrgData", r#"{"costCenter":"42","division":"Treasury"}"#),
            ["Cost centre: 42", "Division: Treasury"]
        );
        assert_eq!(
            show(Kind::User, "onPremisesExtensionAttributes", r#"{"extensionAttribute15":"x"}"#),
            ["Extension attribute 15: x"]
        );
    }
}
