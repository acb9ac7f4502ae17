//! The language of fault rules: which requests, which of them, and what happens.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::items::{ItemEdit, OneOrMany};
use crate::throttle::RetryAfter;

/// What a read asks for.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Reads {
    /// One object by its id, and `getByIds`.
    ById,
    /// A collection of objects or rows.
    List,
    /// The links of one object: members, owners, memberOf, …
    Links,
    /// A delta query.
    Delta,
    /// The recycle bin, its list and its objects.
    Bin,
}

/// Which requests a rule looks at; what is absent is not looked at.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FaultMatch {
    /// `GET`, `POST`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A piece of the path and query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// The whole path behind `/v1.0`: `*` stands for anything within a segment, `**` for anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_glob: Option<String>,
    /// The id of an object that the path or the body names, or (for rules that edit) the answer. Of a
    /// `$batch`, the parts are looked at, not the whole; so it is with `bodyContains`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<OneOrMany<String>>,
    /// Parts of a `$batch` only, or requests of their own only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_batch: Option<bool>,
    /// A piece of the query, as it was sent or decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The whole query as decoded, with `*` as in `pathGlob`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_glob: Option<String>,
    /// A piece of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// The number of the page of a collection, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// What a read asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads: Option<OneOrMany<Reads>>,
}

/// Which of the matching requests a rule strikes. The conditions add up; none strikes all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FaultWhen {
    /// Every n-th.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// These ones, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrences: Option<Vec<u64>>,
    /// With this probability, drawn from `seed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Seed of the draws.
    pub seed: u64,
    /// At most so many times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Those behind the n-th.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Those up to the n-th.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
    /// For so many seconds of the simulated clock, from when the rule was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_seconds: Option<i64>,
}

/// Which token of a request.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// The `$skiptoken` of a next page.
    Page,
    /// The `$deltatoken` of a later round.
    Cursor,
    /// Either.
    #[default]
    Any,
}

/// What the pages of a loop hold.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum LoopContent {
    /// The first page's items again.
    Same,
    /// Nothing.
    #[default]
    Empty,
}

/// How a written text is stored.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Normalization {
    /// Without spaces at both ends.
    #[default]
    Trim,
    /// In lower case.
    LowerCase,
}

/// An answer with a status instead of the service's.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatusAction {
    /// The status.
    pub status: u16,
    /// The body; Graph's form of an error when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// `code` of that error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `message` of that error; may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `innerError.code` of that error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inner_code: Option<String>,
    /// Raw text instead of JSON, as proxies send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The form of `Retry-After`; no header when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
    /// Seconds that it asks for; 1 when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_seconds: Option<f64>,
    /// `x-ms-throttle-scope`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_scope: Option<String>,
    /// `x-ms-throttle-information`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_information: Option<String>,
    /// Headers as they are, over those above: a `retry-after` that is zero, past or nonsense, for example.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub headers: Map<String, Value>,
    /// Whatever the rule matches goes on being refused until the seconds have passed on the simulated
    /// clock. When not given: where a throttle scope is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes: Option<bool>,
}

/// A reader is shown the directory as it was. Only writes that are made while such a rule stands can be
/// hidden.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Stale {
    /// So many seconds of the simulated clock ago.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// Each read a number of seconds of its own, from 1 to `seconds`.
    pub random: bool,
    /// Before the last so many writes, until there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes: Option<usize>,
}

/// What happens. In a part of a batch, what concerns the connection or the access token has no effect,
/// and a delay only where the rule asks for parts.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum FaultAction {
    /// The request is answered with a status and has no effect. Codes and messages: concepts/errors.md;
    /// `Retry-After` and the throttle headers: concepts/throttling.md and throttling-limits.md, its
    /// length: pnp/Microsoft365-Analytics-Insights#189; a collection that only fails:
    /// microsoft/EntraExporter#5; a part of a batch: microsoft-graph-docs-contrib#8883.
    Status(StatusAction),
    /// The answer comes late.
    #[serde(rename_all = "camelCase")]
    Delay {
        /// By so many milliseconds.
        delay_ms: u64,
    },
    /// The body ends before its content length says.
    Truncate,
    /// The connection closes without an answer and without an effect.
    DropBefore,
    /// The connection closes without an answer, after the effect.
    DropAfter,
    /// Every delta token handed out so far becomes void, first of all the one in this request
    /// (concepts/delta-query-overview.md, synchronization reset).
    #[serde(rename_all = "camelCase")]
    ExpireDeltaTokens {
        /// 410 with a `Location` when false (the default), else 400 syncStateNotFound.
        #[serde(default)]
        bad_request: bool,
    },
    /// The access token is refused with 401.
    Unauthorized,
    /// A page token is refused with 400 Directory_ExpiredPageToken, whether the request has one or not
    /// (msgraph-sdk-dotnet#2254, microsoft-graph-docs#20092).
    ExpirePageToken,
    /// The token that a request carries is refused; requests without one do not match
    /// (microsoft-graph-docs#1000: a cursor with 404 UnknownError and no message).
    #[serde(rename_all = "camelCase")]
    RefuseToken {
        /// Which token.
        #[serde(default)]
        token: TokenKind,
        /// The status.
        status: u16,
        /// `code` of the error.
        #[serde(default)]
        code: String,
        /// Its `message`.
        #[serde(default)]
        message: String,
        /// A `Location` that begins the delta anew, as 410 has.
        #[serde(default)]
        location: bool,
        /// A token that was refused once is refused for ever.
        #[serde(default)]
        for_good: bool,
    },
    /// The token endpoint refuses (entra reference-error-codes; caddy-dns/azure#3, n8n-io/n8n#22567).
    #[serde(rename_all = "camelCase")]
    SignInError {
        /// The status.
        #[serde(default = "bad_request")]
        status: u16,
        /// `error`.
        error: String,
        /// The numbers of the AADSTS codes, as in `error_codes`; the first stands in the description.
        aadsts: OneOrMany<u32>,
        /// What follows `AADSTS…: ` in `error_description`.
        #[serde(default)]
        description: String,
        /// `suberror`.
        #[serde(default)]
        suberror: Option<String>,
        /// Raw text instead of JSON, as proxies send.
        #[serde(default)]
        html: Option<String>,
    },
    /// Items are changed; see there for the sources.
    EditItems(Box<ItemEdit>),
    /// Items are added to the end of a page.
    #[serde(rename_all = "camelCase")]
    AddItems {
        /// The items.
        items: Vec<Value>,
    },
    /// Objects cannot be seen by the reads that match (`reads` tells lists, delta, bin and reads by id
    /// apart): left out of collections, and 404 where the path names them (terraform-provider-azuread#1802,
    /// microsoft-graph-docs#4129).
    #[serde(rename_all = "camelCase")]
    Hide {
        /// Their ids.
        id: OneOrMany<String>,
    },
    /// The items of a page are mixed; appearances of one object keep their order.
    Shuffle,
    /// A collection is answered without items. A list has no next page then; a delta keeps its links
    /// (microsoft-graph-docs#4129: an empty recycle bin).
    EmptyList,
    /// A collection ends early; `@odata.count` and `$count` are as they were.
    #[serde(rename_all = "camelCase")]
    CutList {
        /// Items that are left.
        keep: usize,
    },
    /// A page comes as several (page sizes are the service's own affair: concepts/paging.md).
    #[serde(rename_all = "camelCase")]
    SplitPages {
        /// Items of each.
        size: usize,
    },
    /// Properties are left out wherever they are.
    #[serde(rename_all = "camelCase")]
    DropProperty {
        /// Their names, `members@delta` for example.
        names: Vec<String>,
    },
    /// Every page has a next link, each a new one (msgraph-sdk-dotnet#3082, microsoft-graph-docs#4263).
    #[serde(rename_all = "camelCase")]
    Loop {
        /// What the pages hold.
        #[serde(default)]
        content: LoopContent,
        /// After so many pages comes the page that was held up; without end when absent.
        #[serde(default)]
        pages: Option<u64>,
    },
    /// Pieces of the JSON text are replaced: a lone surrogate, for example
    /// (microsoft-graph-explorer-v4#2756).
    #[serde(rename_all = "camelCase")]
    RawReplace {
        /// What is replaced.
        find: String,
        /// What it is replaced with; need not be valid JSON.
        with: String,
    },
    /// A text that is written is stored in another form (Micke-K/IntuneManagement#343: spaces at the ends).
    #[serde(rename_all = "camelCase")]
    Normalize {
        /// The properties; every text at the top of the body when empty.
        #[serde(default)]
        properties: Vec<String>,
        /// The form.
        #[serde(default)]
        how: Normalization,
    },
    /// A principal name in a domain is refused because the domain is not verified
    /// (MicrosoftDocs/azure-docs#97674, microsoft-graph-docs#7602).
    #[serde(rename_all = "camelCase")]
    UnverifiedDomain {
        /// The domain; any when absent.
        #[serde(default)]
        domain: Option<String>,
    },
    /// A write holds its object for a while; another write to it meanwhile is answered 409, also one in
    /// the same batch that does not depend on it (nais/azurerator#448, terraform-provider-azuread#793).
    #[serde(rename_all = "camelCase")]
    Conflict {
        /// Milliseconds that a write takes.
        #[serde(default = "default_hold")]
        hold_ms: u64,
    },
    /// An object that was created or restored since the rule was set is not found by requests that name
    /// it (terraform-provider-azuread#220, #791, #1802; CIPP-API#1955).
    #[serde(rename_all = "camelCase")]
    NotFoundFor {
        /// By the first so many.
        #[serde(default)]
        requests: Option<u64>,
        /// For so many seconds of the simulated clock.
        #[serde(default)]
        seconds: Option<i64>,
    },
    /// A read shows the directory as it was; counts as struck only where writes are hidden by it
    /// (microsoft-graph-docs#4129, terraform-provider-azuread#283; concepts on eventual consistency).
    Stale(Stale),
}

fn bad_request() -> u16 {
    400
}

fn default_hold() -> u64 {
    50
}

impl FaultAction {
    /// Whether it changes an answer, so that the rule waits for it.
    pub(super) fn edits(&self) -> bool {
        matches!(
            self,
            Self::EditItems(_)
                | Self::AddItems { .. }
                | Self::Hide { .. }
                | Self::Shuffle
                | Self::EmptyList
                | Self::CutList { .. }
                | Self::SplitPages { .. }
                | Self::DropProperty { .. }
                | Self::Loop { .. }
                | Self::RawReplace { .. }
        )
    }

    /// Whether it goes along with others; of those that do not, the first that strikes wins.
    pub(super) fn composes(&self) -> bool {
        self.edits() || matches!(self, Self::Delay { .. } | Self::Normalize { .. } | Self::Stale(_))
    }
}

/// One rule.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultRule {
    /// Which requests.
    #[serde(default, rename = "match")]
    pub matches: FaultMatch,
    /// Which of them.
    #[serde(default)]
    pub when: FaultWhen,
    /// What happens to them: one action or a list.
    pub action: OneOrMany<FaultAction>,
}

impl FaultRule {
    pub(super) fn actions(&self) -> &[FaultAction] {
        self.action.as_slice()
    }

    /// Rules with an action that edits are decided when the answer is there.
    pub(super) fn edits(&self) -> bool {
        self.actions().iter().any(FaultAction::edits)
    }
}
