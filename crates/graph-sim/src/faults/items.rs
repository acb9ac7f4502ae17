//! What a rule changes in the items of an answer: readers are shown something else than is there.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// One value or several.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One value.
    One(T),
    /// Several.
    Many(Vec<T>),
}

// By hand, because serde's own reading of such a choice hides what is wrong with the value.
impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_array() {
            serde_json::from_value(value).map(Self::Many)
        } else {
            serde_json::from_value(value).map(Self::One)
        }
        .map_err(serde::de::Error::custom)
    }
}

impl<T> OneOrMany<T> {
    /// All of them.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Where a repetition of an item appears.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// Behind the item, on its page.
    #[default]
    SamePage,
    /// At the start of the next page; on a page of its own where there is none.
    LaterPage,
    /// On a page of its own, which comes next.
    OwnPage,
}

/// Changes to the properties of an item, made in this order.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyEdit {
    /// Only these properties stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_only: Option<Vec<String>>,
    /// Every property but these becomes null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub null_except: Option<Vec<String>>,
    /// These properties are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_property: Vec<String>,
    /// These properties become null.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub null: Vec<String>,
    /// These properties get these values.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub set: Map<String, Value>,
}

/// A repetition of an item (microsoft-graph-docs#5363; delta repeats objects by design,
/// concepts/delta-query-overview.md: "expect replays").
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Duplicate {
    /// Where it appears.
    pub place: Place,
    /// What differs in it.
    #[serde(flatten)]
    pub edit: PropertyEdit,
}

/// The links of an item: the entries of `members@delta` and the like. Without `@odata.type` as
/// microsoft-graph-docs#6380 shows them; with ids alone as the documentation of limited information
/// for inaccessible members says (microsoft-graph-docs-contrib#9338).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkEdit {
    /// `members`, `owners`, `manager`.
    pub relation: String,
    /// Only the entries with these ids; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<OneOrMany<String>>,
    /// What changes in each entry.
    #[serde(flatten)]
    pub edit: PropertyEdit,
    /// Entries that are added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Value>,
}

/// Which links of an item are left out (microsoft-graph-docs#6271, msgraph-sdk-dotnet#2570: no
/// `members@delta` at all; microsoft-graph-docs#12552: hidden members).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LinkDrop {
    /// `members`, `owners`, `manager`.
    pub relation: String,
    /// Only the entries with these ids; the whole property when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<OneOrMany<String>>,
}

/// Spreads the links of an item over several appearances, as delta does with large groups
/// (api-reference group-delta, example 3; microsoft-graph-docs#2855).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Slice {
    /// `members`, `owners`.
    pub relation: String,
    /// Number of appearances.
    pub slices: usize,
    /// Links of the first appearance; an equal part when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<usize>,
    /// Where the later ones appear.
    pub place: Place,
    /// The later ones repeat the properties, too; without, they have id and links only.
    pub with_properties: bool,
}

impl Default for Slice {
    fn default() -> Self {
        Self {
            relation: "members".to_owned(),
            slices: 2,
            first: None,
            place: Place::SamePage,
            with_properties: false,
        }
    }
}

/// Changes to the items of a page, or to the single object of an answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemEdit {
    /// Only the items with these ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<OneOrMany<String>>,
    /// Only items with these values; null also stands for a property that is not there.
    #[serde(rename = "where", skip_serializing_if = "Map::is_empty")]
    pub having: Map<String, Value>,
    /// Each of them with this probability, drawn from the seed of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// What changes in them.
    #[serde(flatten)]
    pub edit: PropertyEdit,
    /// Changes to their links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_links: Option<OneOrMany<LinkEdit>>,
    /// Links that are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_links: Option<OneOrMany<LinkDrop>>,
    /// Links spread over several appearances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice: Option<Slice>,
    /// A second appearance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Duplicate>,
    /// The item is left out; a single object is answered 404.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop_item: bool,
}
