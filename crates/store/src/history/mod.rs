//! A tenant's history: versions of objects and links with the snapshots at which they hold.
//!
//! A row holds at snapshot `s` when `from_seq <= s < to_seq`. Rows of a snapshot that is not yet
//! published have `from_seq` above every published number, or end there; readers ask at published numbers
//! only, where such rows change nothing.

mod batch;
mod bulk;
mod difference;
mod edges;
mod publish;
mod read;
mod roll_back;
mod stubs;
mod unseen;
mod write;

use chrono::{DateTime, Utc};
use domain::{Kind, LinkKind};
use uuid::Uuid;

use crate::entity::version;
use crate::seal::Digest;
use crate::time::instant;
use crate::{Error, Result};

pub use batch::NewVersion;
pub use difference::{Difference, LinkDifference, ObjectDifference};
pub use publish::{Cursor, Publication, Tally};
pub use read::{BrowseAt, FarEnd, LinksOf, body_place};
pub use stubs::Stub;
pub use unseen::{Aspect, Unseen, UnseenAt};
pub use write::{Known, Objects, Writer};

/// The end of an interval that is still open.
pub const OPEN: i64 = 2_147_483_647;

/// A tenant's own number for an object.
pub type Num = i64;

/// One version of an object, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub num: Num,
    pub from_seq: i64,
    pub to_seq: i64,
    pub kind: Kind,
    /// In the recycle bin since.
    pub deleted_at: Option<DateTime<Utc>>,
    pub name: String,
    pub detail: String,
    pub flags: i32,
    pub digest: Digest,
    /// The attributes that differ from the version before; none for the first.
    pub changed: Vec<String>,
}

impl Version {
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.deleted_at.is_none()
    }
}

impl TryFrom<version::Model> for Version {
    type Error = Error;

    fn try_from(m: version::Model) -> Result<Version> {
        Ok(Version {
            num: m.object,
            from_seq: m.from_seq,
            to_seq: m.to_seq,
            kind: Kind::from_code(m.kind),
            deleted_at: m.deleted_at.map(instant),
            name: m.name,
            detail: m.detail,
            flags: m.flags,
            digest: m.digest.try_into().map_err(|_| Error::Inconsistent("version"))?,
            changed: m.changed.map(|c| c.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        })
    }
}

/// What names an edge within a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkKey {
    pub kind: LinkKind,
    pub source: Num,
    pub target: Num,
    /// Tells several edges between two objects apart: the scope of an assignment, the group that a
    /// licence comes from.
    pub disc: String,
}

/// An edge and what Graph says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub key: LinkKey,
    pub details: Option<String>,
}

/// The far end of a link, or any object that is asked for by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub num: Num,
    pub kind: Kind,
    pub id: Uuid,
    /// As far as known.
    pub name: String,
}
