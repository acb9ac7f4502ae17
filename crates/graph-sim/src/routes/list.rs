//! Lists and single objects: filtering, paging, counting, writing.

use super::allowed::{BASIC_PROFILE, Sight, sight};
use super::reads::{all_containers, containers, membership_visible};
use crate::call::Call;
use crate::odata::expand::{self, Expand};
use crate::odata::filter::{Filter, Subject};
use crate::odata::order::Order;
use crate::odata::page;
use crate::odata::search::Search;
use crate::odata::select::{Projection, close, push_type};
use crate::record::Record;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{Schema, user};
use crate::state::log::Rel;
use crate::state::{Kind, Life, Oid, Tenant};
use crate::text::push_str;

/// Objects on a page when the client does not say.
const PAGE: usize = 100;
/// Objects of an expanded collection.
const EXPANDED: usize = 20;

/// A list of objects to answer with.
pub(crate) struct Listing<'a> {
    /// What `@odata.context` calls it.
    pub(crate) set: String,
    /// In ascending order, so that a page token is the last number seen.
    pub(crate) source: &'a [Oid],
    /// The kind of all objects; members are mixed and carry their type.
    pub(crate) kind: Option<Kind>,
    pub(crate) life: Life,
    pub(crate) expand: &'static [&'static str],
}

/// How objects of each kind are written.
pub(crate) struct Writer<'a> {
    call: &'a Call,
    t: &'a Tenant,
    projections: [Option<(Projection, Sight)>; Kind::COUNT],
    typed: bool,
    expand: Vec<Expand>,
}

impl<'a> Writer<'a> {
    /// In the recycle bin, `deletedDateTime` comes without being asked for.
    pub(crate) fn binned(mut self) -> Self {
        if self.call.query.select.is_none() {
            for (kind, slot) in Kind::ALL.into_iter().zip(&mut self.projections) {
                if kind == Kind::RoleDef {
                    continue;
                }
                if let Some((projection, _)) = slot {
                    *projection = Projection::of(kind.schema(), projection.mask | 2);
                }
            }
        }
        self
    }

    pub(crate) fn new(call: &'a Call, t: &'a Tenant, kind: Option<Kind>, expand: &[&str]) -> Result<Self> {
        let mut w = Self {
            call,
            t,
            projections: Default::default(),
            typed: kind.is_none(),
            expand: expand::parse(call.query.expand.as_deref(), expand)?,
        };
        let select = call.query.select.as_deref();
        match kind {
            Some(kind) => {
                let projection = Projection::new(kind.schema(), select)?;
                selected_permissions(call, kind, projection.mask)?;
                // The route's permission is for the kind; a user may still show the basic profile only.
                let sight = match sight(call, kind) {
                    Sight::Identity => Sight::Full,
                    other => other,
                };
                w.projections[kind as usize] = Some((projection, sight));
            }
            None => {
                for kind in Kind::ALL {
                    let sight = sight(call, kind);
                    let projection = Projection::lenient(kind.schema(), select);
                    if sight == Sight::Full {
                        selected_permissions(call, kind, projection.mask)?;
                    }
                    w.projections[kind as usize] = Some((projection, sight));
                }
            }
        }
        for e in &w.expand {
            let inner = Projection::lenient(&user::SCHEMA, e.select.as_deref());
            selected_permissions(call, Kind::User, inner.mask)?;
        }
        Ok(w)
    }

    /// Writes `{…}` for one object.
    pub(crate) fn object(&self, out: &mut Vec<u8>, oid: Oid, context: Option<&str>) {
        let at = out.len();
        let kind = self.t.object(oid).kind;
        if let Some(context) = context {
            out.extend_from_slice(b",\"@odata.context\":");
            push_str(out, context);
        }
        if self.typed {
            push_type(out, kind);
        }
        if let Some((projection, sight)) = &self.projections[kind as usize] {
            seen(projection, *sight, self.t, out, oid);
        }
        for e in &self.expand {
            self.expanded(out, oid, e);
        }
        close(out, at);
    }

    fn expanded(&self, out: &mut Vec<u8>, oid: Oid, e: &Expand) {
        let t = self.t;
        let targets: Vec<Oid> = match e.nav.as_str() {
            "manager" => {
                let manager = t.object(oid).manager;
                if t.is_live(manager) {
                    out.extend_from_slice(b",\"manager\":");
                    self.inner(out, manager, e);
                }
                return;
            }
            "members" if !membership_visible(self.call, t, oid) => Vec::new(),
            "members" => t.live_links(Rel::Members, oid).take(EXPANDED).collect(),
            "owners" => t.live_links(Rel::Owners, oid).take(EXPANDED).collect(),
            "memberOf" => containers(self.call, t, oid).into_iter().take(EXPANDED).collect(),
            "transitiveMemberOf" => all_containers(self.call, t, oid).into_iter().take(EXPANDED).collect(),
            "directReports" => {
                t.reports(oid).iter().copied().filter(|o| t.is_live(*o)).take(EXPANDED).collect()
            }
            _ => return,
        };
        out.extend_from_slice(format!(",\"{}\":[", e.nav).as_bytes());
        for (i, target) in targets.into_iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            self.inner(out, target, e);
        }
        out.push(b']');
    }

    fn inner(&self, out: &mut Vec<u8>, oid: Oid, e: &Expand) {
        let at = out.len();
        let kind = self.t.object(oid).kind;
        push_type(out, kind);
        let projection = Projection::lenient(kind.schema(), e.select.as_deref());
        seen(&projection, sight(self.call, kind), self.t, out, oid);
        close(out, at);
    }
}

/// Writes as much of an object as the caller may see.
pub(crate) fn seen(projection: &Projection, sight: Sight, t: &Tenant, out: &mut Vec<u8>, oid: Oid) {
    match sight {
        Sight::Full => projection.object(t, out, oid, true),
        Sight::Basic => projection.veiled(t, out, oid, BASIC_PROFILE),
        Sight::Identity => projection.veiled(t, out, oid, 1),
    }
}

/// Some properties take a permission of their own even to read. Microsoft documents that, but not how
/// its lack shows; here the whole request is refused, as it is for `signInActivity`, rather than
/// the property left out.
pub(crate) fn selected_permissions(call: &Call, kind: Kind, mask: u128) -> Result<()> {
    if kind != Kind::User {
        return Ok(());
    }
    for (prop, any) in [
        (user::LEAVE_DATE, &["User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"][..]),
        (user::CSA, &["CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All"]),
        (user::SIGN_IN_ACTIVITY, &["AuditLog.Read.All"]),
    ] {
        if mask >> prop & 1 == 1 {
            call.need(any)?;
        }
    }
    Ok(())
}

/// Answers with a page of objects.
pub(crate) fn objects(call: &Call, t: &Tenant, listing: &Listing<'_>) -> Result<Reply> {
    let schema = listing.kind.map_or(&user::SCHEMA, Kind::schema);
    let mut writer = Writer::new(call, t, listing.kind, listing.expand)?;
    if listing.life == Life::Bin && listing.kind != Some(Kind::RoleDef) {
        writer = writer.binned();
    }
    let test = Test::new(call, schema)?;
    let q = &call.query;
    let limit = q.top.unwrap_or(PAGE);
    let shown = |oid: &Oid| t.object(*oid).life == listing.life && test.matches(t, *oid);

    let mut items = Vec::with_capacity(limit.min(listing.source.len()) * 256);
    let mut written = 0;
    let mut next = None;
    let token = token(call)?;
    if let Some(order) = q.orderby.as_deref() {
        let order = Order::parse(schema, order)?;
        if q.filter.is_some() && !call.advanced() {
            return Err(GraphError::unsupported("Sorting not supported for current query."));
        }
        let mut all: Vec<Oid> = listing.source.iter().copied().filter(shown).collect();
        order.sort(t, &mut all);
        let start = token.map_or(0, |t| t as usize).min(all.len());
        for oid in all[start..].iter().take(limit) {
            separate(&mut items, written);
            writer.object(&mut items, *oid, None);
            written += 1;
        }
        next = (start + limit < all.len()).then(|| (start + limit) as u32);
    } else {
        let start = token.map_or(0, |last| listing.source.partition_point(|oid| *oid <= last));
        let mut last = 0;
        for oid in listing.source[start..].iter().filter(|oid| shown(oid)) {
            if written == limit {
                next = Some(last);
                break;
            }
            separate(&mut items, written);
            writer.object(&mut items, *oid, None);
            last = *oid;
            written += 1;
        }
    }
    let count =
        (call.advanced() && token.is_none()).then(|| listing.source.iter().filter(|oid| shown(oid)).count());
    Ok(collection(call, &listing.set, count, next, &items))
}

fn separate(items: &mut Vec<u8>, written: usize) {
    if written > 0 {
        items.push(b',');
    }
}

fn token(call: &Call) -> Result<Option<u32>> {
    let Some(token) = &call.query.skiptoken else { return Ok(None) };
    page::open(token)
        .filter(|f| f.first().is_some_and(|f| f == "L"))
        .and_then(|f| f.get(1)?.parse().ok())
        .map(Some)
        .ok_or_else(|| {
            GraphError::new(
                400,
                "Directory_ExpiredPageToken",
                "The specified page token value has expired and can no longer be included in your request.",
            )
        })
}

/// Wraps items into a collection.
pub(crate) fn collection(
    call: &Call,
    set: &str,
    count: Option<usize>,
    next: Option<u32>,
    items: &[u8],
) -> Reply {
    let mut out = Vec::with_capacity(items.len() + 512);
    out.extend_from_slice(b"{\"@odata.context\":");
    push_str(&mut out, &call.context(&context_set(set, call.query.select.as_deref())));
    if let Some(count) = count {
        out.extend_from_slice(format!(",\"@odata.count\":{count}").as_bytes());
    }
    if let Some(next) = next {
        let token = page::seal(&["L", &next.to_string()]);
        let join = if call.query.rest.is_empty() { "" } else { "&" };
        out.extend_from_slice(b",\"@odata.nextLink\":");
        push_str(
            &mut out,
            &format!("{}{}?{}{join}$skiptoken={token}", call.base, call.path, call.query.rest),
        );
    }
    out.extend_from_slice(b",\"value\":[");
    out.extend_from_slice(items);
    out.extend_from_slice(b"]}");
    Reply::json(200, out)
}

/// `users(id,displayName)` when properties were selected.
pub(crate) fn context_set(set: &str, select: Option<&[String]>) -> String {
    match select.filter(|s| !s.is_empty()) {
        Some(select) => format!("{set}({})", select.join(",")),
        None => set.to_owned(),
    }
}

/// The conditions of a request.
struct Test {
    filter: Option<Filter>,
    search: Option<Search>,
}

impl Test {
    fn new(call: &Call, schema: &Schema) -> Result<Self> {
        let q = &call.query;
        let filter = q.filter.as_deref().map(|text| Filter::parse(schema, text)).transpose()?;
        if filter.as_ref().is_some_and(|f| f.advanced) && !call.advanced() && !call.system {
            return Err(GraphError::unsupported(
                "Operator is not supported: the query needs the header 'ConsistencyLevel: eventual' and $count=true.",
            ));
        }
        if q.search.is_some() && !call.eventual {
            return Err(GraphError::unsupported(
                "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
            ));
        }
        Ok(Self { filter, search: q.search.as_deref().map(|text| Search::parse(schema, text)).transpose()? })
    }

    fn matches(&self, t: &Tenant, oid: Oid) -> bool {
        self.filter.as_ref().is_none_or(|f| f.matches(Subject::Object(t, oid)))
            && self.search.as_ref().is_none_or(|s| s.matches(t, oid))
    }
}

/// `…/$count`: the bare number, only with the header.
pub(crate) fn count(call: &Call, t: &Tenant, listing: &Listing<'_>) -> Result<Reply> {
    if !call.eventual {
        return Err(GraphError::unsupported(
            "$count is not currently supported without the request header 'ConsistencyLevel: eventual'.",
        ));
    }
    let schema = listing.kind.map_or(&user::SCHEMA, Kind::schema);
    let filter = call.query.filter.as_deref().map(|text| Filter::parse(schema, text)).transpose()?;
    let n = listing
        .source
        .iter()
        .filter(|oid| t.object(**oid).life == listing.life)
        .filter(|oid| filter.as_ref().is_none_or(|f| f.matches(Subject::Object(t, **oid))))
        .count();
    Ok(Reply::text(n.to_string()))
}

/// Answers with one object.
pub(crate) fn single(call: &Call, t: &Tenant, oid: Oid, expand: &[&str], status: u16) -> Result<Reply> {
    let kind = t.object(oid).kind;
    let writer = Writer::new(call, t, Some(kind), expand)?;
    let set = context_set(kind.schema().set, call.query.select.as_deref());
    let mut out = Vec::with_capacity(2048);
    writer.object(&mut out, oid, Some(&call.context(&format!("{set}/$entity"))));
    Ok(Reply::json(status, out))
}

/// Answers with one object of any kind, its type included.
pub(crate) fn single_typed(call: &Call, t: &Tenant, oid: Oid, status: u16) -> Result<Reply> {
    let mut writer = Writer::new(call, t, None, &[])?;
    if t.object(oid).life == Life::Bin {
        writer = writer.binned();
    }
    let mut out = Vec::with_capacity(2048);
    writer.object(&mut out, oid, Some(&call.context("directoryObjects/$entity")));
    Ok(Reply::json(status, out))
}

/// Answers with rows that are not objects of the table.
pub(crate) fn rows(call: &Call, schema: &Schema, rows: &[Record]) -> Result<Reply> {
    let projection = Projection::new(schema, call.query.select.as_deref())?;
    rows_with(call, schema, rows, |out, row, _| projection.row(out, row))
}

/// The same with a writer of its own, which is also told the row's place.
pub(crate) fn rows_with(
    call: &Call,
    schema: &Schema,
    rows: &[Record],
    write: impl Fn(&mut Vec<u8>, &Record, usize),
) -> Result<Reply> {
    let filter = call.query.filter.as_deref().map(|text| Filter::parse(schema, text)).transpose()?;
    let limit = call.query.top.unwrap_or(PAGE);
    let start = token(call)?.unwrap_or(0) as usize;
    let hits: Vec<usize> = (0..rows.len())
        .filter(|i| filter.as_ref().is_none_or(|f| f.matches(Subject::Row(&rows[*i]))))
        .collect();
    let mut items = Vec::new();
    for (written, i) in hits.iter().skip(start).take(limit).enumerate() {
        separate(&mut items, written);
        write(&mut items, &rows[*i], *i);
    }
    let next = (start + limit < hits.len()).then(|| (start + limit) as u32);
    let count = call.advanced().then_some(hits.len());
    Ok(collection(call, schema.set, count, next, &items))
}

/// Answers with one such row.
pub(crate) fn row(call: &Call, schema: &Schema, row: &Record, status: u16) -> Result<Reply> {
    let projection = Projection::new(schema, call.query.select.as_deref())?;
    let mut out = Vec::new();
    projection.row(&mut out, row);
    let mut body = b"{\"@odata.context\":".to_vec();
    push_str(&mut body, &call.context(&format!("{}/$entity", schema.set)));
    body.push(b',');
    body.extend_from_slice(&out[1..]);
    Ok(Reply::json(status, body))
}
