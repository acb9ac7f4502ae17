//! One answer of Graph, read to its end.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::verdict::{Stop, hold};

/// Codes by which Graph says that the tenant has not paid for what was asked: no difference, and no agreement.
const UNLICENSED: [&str; 3] = [
    "AadPremiumLicenseRequired",
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "RequestFromNonPremiumTenantOrB2CTenant",
];

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and path, as the report may show them.
    pub asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub body: Value,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The error's code, or nothing.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The error's sentence, or nothing.
    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    /// The items of a collection.
    pub fn items(&self) -> &[Value] {
        self.body["value"].as_array().map_or(&[], Vec::as_slice)
    }

    /// A text of the body.
    pub fn text_of(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_default()
    }

    /// Whether the body is an object that names a property, be it with null.
    pub fn names(&self, name: &str) -> bool {
        self.body.get(name).is_some()
    }

    /// Status and codes, without any text that Graph wrote: that may name somebody.
    pub fn came(&self) -> String {
        let mut said = format!("{} was answered {}", self.asked, self.status);
        let error = &self.body["error"];
        for code in [&error["code"], &error["innerError"]["code"], &error["innererror"]["code"]] {
            if let Some(code) = code.as_str().filter(|code| !code.is_empty()) {
                said.push(' ');
                said.push_str(code);
            }
        }
        for detail in error["details"].as_array().into_iter().flatten() {
            let text = |name: &str| detail[name].as_str().unwrap_or("?").to_owned();
            said.push_str(&format!(" [{} at {}]", text("code"), text("target")));
        }
        said
    }

    /// Goes on with an answer of this status.
    pub fn expect(self, status: u16) -> Result<Answer, Stop> {
        if self.status == status {
            return Ok(self);
        }
        if UNLICENSED.contains(&self.code()) {
            return Err(Stop::NotTried("the tenant has no licence for it".to_owned()));
        }
        Err(Stop::Differs(format!("{}; expected {status}", self.came())))
    }

    /// Goes on with a refusal of this status and code.
    pub fn refused(self, status: u16, code: &str) -> Result<Answer, Stop> {
        let answer = self.expect(status)?;
        hold(answer.code() == code, || format!("{}; expected {status} {code}", answer.came()))?;
        Ok(answer)
    }

    /// Goes on with an answer of one of these statuses.
    pub fn one_of(self, statuses: &[u16]) -> Result<Answer, Stop> {
        if statuses.contains(&self.status) {
            return Ok(self);
        }
        self.expect(statuses.first().copied().unwrap_or(400))
    }

    /// Whether a detail of the error names this property with this code.
    pub fn details(&self, code: &str, target: &str) -> bool {
        self.body["error"]["details"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|detail| detail["code"] == code && detail["target"] == target)
    }
}

/// The ids of some items.
pub(crate) fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["id"].as_str()).collect()
}

/// The item with an id.
pub(crate) fn find<'a>(items: &'a [Value], id: &str) -> Option<&'a Value> {
    items.iter().find(|item| item["id"] == id)
}
