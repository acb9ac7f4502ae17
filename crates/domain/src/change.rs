//! What differs between two points, and how a person names the part of it that should go back.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::descriptor::Obstacle;
use crate::kind::{Kind, LinkKind};

/// An object of a tenant, as Graph names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectRef {
    pub kind: Kind,
    pub id: Uuid,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.slug(), self.id)
    }
}

/// How an object differs between two points, net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    Created,
    Updated,
    /// Deleted; Entra keeps it in the recycle bin.
    Deleted,
    /// Gone, from the recycle bin or without one.
    PermanentlyDeleted,
    Restored,
}

impl Sort {
    pub const ALL: [Sort; 5] =
        [Sort::Deleted, Sort::PermanentlyDeleted, Sort::Updated, Sort::Created, Sort::Restored];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Sort::Created => "created",
            Sort::Updated => "updated",
            Sort::Deleted => "deleted",
            Sort::PermanentlyDeleted => "permanently-deleted",
            Sort::Restored => "restored",
        }
    }

    /// Whether the object is no longer there.
    #[must_use]
    pub const fn is_deletion(self) -> bool {
        matches!(self, Sort::Deleted | Sort::PermanentlyDeleted)
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|s| s.slug() == slug)
    }
}

/// A value as a person reads it: one line for a plain value, several for a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown(pub Vec<String>);

impl Shown {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One attribute that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Graph's name.
    pub name: String,
    pub label: String,
    /// Empty: the attribute had no value.
    pub old: Shown,
    pub new: Shown,
    /// Why the old value cannot be put back; none if it can.
    pub obstacle: Option<Obstacle>,
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkFate {
    Added,
    Removed,
    Altered,
}

/// One link that differs, seen from one of its ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkChange {
    pub choice: Choice,
    pub kind: LinkKind,
    /// Whether the object on whose page this stands is the source.
    pub from_source: bool,
    pub fate: LinkFate,
    pub other: ObjectRef,
    pub other_name: String,
    /// Scope of an assignment, source of a licence; empty where there is nothing to say.
    pub detail: String,
    pub obstacle: Option<Obstacle>,
}

/// A part of the difference that someone wants undone. Written as text in forms:
/// `object|user|<id>`, `attribute|user|<id>|jobTitle`, `link|member|<source>|<target>|<discriminator>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Choice {
    /// Everything restorable about one object, its links included.
    Object(ObjectRef),
    Attribute(ObjectRef, String),
    Link {
        kind: LinkKind,
        source: Uuid,
        target: Uuid,
        discriminator: String,
    },
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Object(o) => write!(f, "object|{}|{}", o.kind.slug(), o.id),
            Choice::Attribute(o, name) => write!(f, "attribute|{}|{}|{name}", o.kind.slug(), o.id),
            Choice::Link { kind, source, target, discriminator } => {
                write!(f, "link|{}|{source}|{target}|{discriminator}", kind.slug())
            }
        }
    }
}

/// The text names no part of a difference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” does not name a change")]
pub struct NotAChoice(pub String);

impl FromStr for Choice {
    type Err = NotAChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAChoice(text.chars().take(120).collect());
        let id = |s: &str| s.parse::<Uuid>().map_err(|_| wrong());
        let parts: Vec<&str> = text.splitn(5, '|').collect();
        match parts.as_slice() {
            ["object", kind, object] => Ok(Choice::Object(ObjectRef {
                kind: Kind::from_slug(kind).ok_or_else(wrong)?,
                id: id(object)?,
            })),
            ["attribute", kind, object, name] => Ok(Choice::Attribute(
                ObjectRef { kind: Kind::from_slug(kind).ok_or_else(wrong)?, id: id(object)? },
                (*name).to_owned(),
            )),
            ["link", kind, source, target, discriminator] => Ok(Choice::Link {
                kind: LinkKind::from_slug(kind).ok_or_else(wrong)?,
                source: id(source)?,
                target: id(target)?,
                discriminator: (*discriminator).to_owned(),
            }),
            _ => Err(wrong()),
        }
    }
}

impl Serialize for Choice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Which changes a comparison shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub sort: Option<Sort>,
    /// Free words, matched against names.
    #[serde(default)]
    pub words: String,
}

/// What someone chose to undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    Chosen(Vec<Choice>),
    /// Everything the filter shows, without what was created since.
    Everything(Filter),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_its_text() {
        let o = ObjectRef { kind: Kind::User, id: Uuid::from_u128(7) };
        for choice in [
            Choice::Object(o),
            Choice::Attribute(o, "jobTitle".into()),
            Choice::Link {
                kind: LinkKind::RoleAssignment,
                source: Uuid::from_u128(1),
                target: Uuid::from_u128(2),
                discriminator: "/administrativeUnits/x|y".into(),
            },
        ] {
            assert_eq!(choice.to_string().parse::<Choice>().unwrap(), choice);
        }
        assert!("object|user".parse::<Choice>().is_err());
        assert!("object|cat|00000000-0000-0000-0000-000000000001".parse::<Choice>().is_err());
    }
}
