//! Delta queries: a first round over everything, then what the change log says.

use super::delta_walk::{Appearance, Cursor};
use super::list::selected_permissions;
use super::reads::membership_visible;
use crate::call::Call;
use crate::odata::page;
use crate::odata::select::{Projection, close, push_type};
use crate::reply::{GraphError, Reply, Result};
use crate::state::log::{Net, Rel};
use crate::state::{Kind, Life, Oid, Tenant};
use crate::text::push_str;

/// A delta token's life.
const LIFE_SECS: i64 = 7 * 86_400;
/// Links of one object on one page of a later round.
const SLICE: usize = 100;

/// What a delta tracks: chosen at the start, carried by every token.
struct Tracked {
    kind: Kind,
    projection: Projection,
    members: bool,
    owners: bool,
    manager: bool,
    select: String,
    ids: String,
}

/// Where a delta stands.
enum State {
    /// In the first round, which will end in a link to changes since `start`.
    Walk { start: usize, cursor: Cursor },
    /// In a later round over the log's `from..to`, `done` appearances in.
    Later { from: usize, to: usize, done: usize },
}

pub(crate) fn users(call: &Call, t: &Tenant) -> Result<Reply> {
    delta(call, t, Kind::User)
}

pub(crate) fn groups(call: &Call, t: &Tenant) -> Result<Reply> {
    delta(call, t, Kind::Group)
}

pub(crate) fn units(call: &Call, t: &Tenant) -> Result<Reply> {
    delta(call, t, Kind::Unit)
}

pub(crate) fn roles(call: &Call, t: &Tenant) -> Result<Reply> {
    delta(call, t, Kind::Role)
}

impl Tracked {
    fn new(kind: Kind, select: &str, ids: &str) -> Result<Self> {
        let links: &[&str] = match kind {
            Kind::User => &["manager"],
            Kind::Group => &["members", "owners"],
            _ => &["members"],
        };
        let names: Vec<String> = select.split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect();
        let (chosen, mut props): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|n| links.iter().any(|l| l.eq_ignore_ascii_case(n)));
        let has = |name: &str| chosen.iter().any(|c| c.eq_ignore_ascii_case(name));
        let all = select.is_empty();
        if !all {
            props.push("id".to_owned());
        }
        let projection = Projection::new(kind.schema(), (!all).then_some(&props[..]))?;
        Ok(Self {
            kind,
            projection,
            // Without a selection, members come along.
            members: has("members") || (all && kind != Kind::User),
            owners: has("owners"),
            manager: has("manager"),
            select: select.to_owned(),
            ids: ids.to_owned(),
        })
    }

    fn page(&self) -> usize {
        if self.kind == Kind::User { 200 } else { 150 }
    }

    fn wants(&self, rel: Rel) -> bool {
        match rel {
            Rel::Members => self.members,
            Rel::Owners => self.owners,
            Rel::Manager => self.manager,
        }
    }

    fn asked_for(&self, t: &Tenant, oid: Oid) -> bool {
        self.ids.is_empty() || self.ids.split(',').any(|id| id.eq_ignore_ascii_case(&t.id(oid)))
    }
}

fn delta(call: &Call, t: &Tenant, kind: Kind) -> Result<Reply> {
    let q = &call.query;
    let token = q.skiptoken.as_deref().or(q.deltatoken.as_deref()).filter(|s| !s.is_empty());
    if token.is_none_or(|token| token == "latest") {
        for (given, name) in [
            (q.top.is_some(), "$top"),
            (q.expand.is_some(), "$expand"),
            (q.orderby.is_some(), "$orderby"),
            (q.search.is_some(), "$search"),
        ] {
            if given {
                return Err(GraphError::unsupported(format!(
                    "The query option '{name}' is not supported with delta."
                )));
            }
        }
        let select = q.select.as_ref().map(|s| s.join(",")).unwrap_or_default();
        let tracked = Tracked::new(kind, &select, &filter_ids(q.filter.as_deref())?)?;
        selected_permissions(call, kind, tracked.projection.mask)?;
        let start = t.logs[kind as usize].len();
        if token == Some("latest") {
            return Ok(finish(call, t, &tracked, start, &[]));
        }
        return Ok(answer(call, t, &tracked, State::Walk { start, cursor: Cursor::default() }));
    }
    let (tracked, state) = open(call, t, kind, token.unwrap_or_default())?;
    selected_permissions(call, kind, tracked.projection.mask)?;
    Ok(answer(call, t, &tracked, state))
}

/// `id eq 'x' or id eq 'y'`, at most 50: the only filter there is.
fn filter_ids(filter: Option<&str>) -> Result<String> {
    let Some(filter) = filter else { return Ok(String::new()) };
    let ids: Option<Vec<&str>> = filter
        .split(" or ")
        .map(|clause| clause.trim().strip_prefix("id eq '").and_then(|c| c.strip_suffix('\'')))
        .collect();
    match ids {
        Some(ids) if ids.len() <= 50 => Ok(ids.join(",")),
        _ => Err(GraphError::unsupported(
            "The filter is not supported with delta: only 'id eq' is, at most 50 times.",
        )),
    }
}

fn open(call: &Call, t: &Tenant, kind: Kind, token: &str) -> Result<(Tracked, State)> {
    let lost = || {
        GraphError::new(
            400,
            "syncStateNotFound",
            "The delta token is not valid any more. Start again with an empty token.",
        )
    };
    let fields = page::open(token).ok_or_else(lost)?;
    let [tag, named, epoch, issued, a, b, c, d, e, select, ids] = &fields[..] else { return Err(lost()) };
    let number = |s: &str| s.parse::<usize>().ok();
    let link = |s: &str| s.parse::<Oid>().ok();
    if *named != kind.schema().set {
        return Err(lost());
    }
    if number(epoch) != Some(t.delta_epoch as usize) {
        if t.delta_gone {
            let mut gone =
                GraphError::new(410, "resyncRequired", "The service asks for a full synchronization.");
            let select = if select.is_empty() { String::new() } else { format!("$select={select}&") };
            gone.headers
                .push(("location".into(), format!("{}{}?{select}$deltatoken=", call.base, call.path)));
            return Err(gone);
        }
        return Err(lost());
    }
    if issued.parse::<i64>().map_or(true, |issued| issued + LIFE_SECS < t.now) {
        return Err(lost());
    }
    let (a, b) = (number(a).ok_or_else(lost)?, number(b).ok_or_else(lost)?);
    let state = match tag.as_str() {
        "W" => State::Walk { start: a, cursor: Cursor { pass: b as u8, after: link(c), member: link(d) } },
        // A reader that is shown the directory as it was may have seen more already.
        "I" => State::Later { from: a, to: t.logs[kind as usize].len().max(a), done: 0 },
        "N" => State::Later { from: a, to: b, done: number(e).ok_or_else(lost)? },
        _ => return Err(lost()),
    };
    Ok((Tracked::new(kind, select, ids)?, state))
}

fn seal(t: &Tenant, tracked: &Tracked, tag: &str, numbers: [String; 5]) -> String {
    let [a, b, c, d, e] = &numbers;
    let (epoch, issued) = (t.delta_epoch.to_string(), t.now.to_string());
    page::seal(&[
        tag,
        tracked.kind.schema().set,
        &epoch,
        &issued,
        a,
        b,
        c,
        d,
        e,
        &tracked.select,
        &tracked.ids,
    ])
}

fn answer(call: &Call, t: &Tenant, tracked: &Tracked, state: State) -> Reply {
    let limit = tracked.page();
    let mut items = Vec::with_capacity(limit * 512);
    match state {
        State::Walk { start, mut cursor } => {
            let links = tracked.members || tracked.owners;
            let mut written = 0;
            loop {
                let before = cursor;
                let Some(seen) = cursor.next(t, tracked.kind, links, call.delta_repeats) else {
                    return finish(call, t, tracked, start, &items);
                };
                if !tracked.asked_for(t, seen.oid) {
                    continue;
                }
                if written == limit {
                    let place = |o: Option<Oid>| o.map_or("-".to_owned(), |o| o.to_string());
                    let numbers = [
                        start.to_string(),
                        before.pass.to_string(),
                        place(before.after),
                        place(before.member),
                        "-".to_owned(),
                    ];
                    return wrap(call, tracked, "nextLink", &seal(t, tracked, "W", numbers), &items);
                }
                if written > 0 {
                    items.push(b',');
                }
                first(call, t, tracked, &seen, &mut items);
                written += 1;
            }
        }
        State::Later { from, to, done } => {
            let appearances = later(call, t, tracked, from, to);
            for (i, item) in appearances.iter().skip(done).take(limit).enumerate() {
                if i > 0 {
                    items.push(b',');
                }
                items.extend_from_slice(item);
            }
            if done + limit < appearances.len() {
                let dash = || "-".to_owned();
                let numbers = [from.to_string(), to.to_string(), dash(), dash(), (done + limit).to_string()];
                return wrap(call, tracked, "nextLink", &seal(t, tracked, "N", numbers), &items);
            }
            finish(call, t, tracked, to, &items)
        }
    }
}

fn finish(call: &Call, t: &Tenant, tracked: &Tracked, from: usize, items: &[u8]) -> Reply {
    let dash = || "-".to_owned();
    let numbers = [from.to_string(), "0".to_owned(), dash(), dash(), dash()];
    wrap(call, tracked, "deltaLink", &seal(t, tracked, "I", numbers), items)
}

fn wrap(call: &Call, tracked: &Tracked, link: &str, token: &str, items: &[u8]) -> Reply {
    let mut out = Vec::with_capacity(items.len() + 1024);
    out.extend_from_slice(b"{\"@odata.context\":");
    let select: Vec<String> =
        tracked.select.split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    let set = super::list::context_set(tracked.kind.schema().set, Some(&select));
    push_str(&mut out, &call.context(&set));
    out.extend_from_slice(format!(",\"@odata.{link}\":").as_bytes());
    let name = if link == "nextLink" { "$skiptoken" } else { "$deltatoken" };
    push_str(&mut out, &format!("{}{}?{name}={token}", call.base, call.path));
    out.extend_from_slice(b",\"value\":[");
    out.extend_from_slice(items);
    out.extend_from_slice(b"]}");
    Reply::json(200, out)
}

fn removed(t: &Tenant, oid: Oid, out: &mut Vec<u8>) {
    let reason = if t.object(oid).life == Life::Purged { "deleted" } else { "changed" };
    out.extend_from_slice(
        format!("{{\"id\":\"{}\",\"@removed\":{{\"reason\":\"{reason}\"}}}}", t.object(oid).id).as_bytes(),
    );
}

fn links_open(rel: Rel, out: &mut Vec<u8>) {
    let name = match rel {
        Rel::Members => "members",
        Rel::Owners => "owners",
        Rel::Manager => "manager",
    };
    out.extend_from_slice(format!(",\"{name}@delta\":[").as_bytes());
}

fn push_link(t: &Tenant, target: Oid, gone: bool, first: bool, out: &mut Vec<u8>) {
    if !first {
        out.push(b',');
    }
    let at = out.len();
    push_type(out, t.object(target).kind);
    out.extend_from_slice(b",\"id\":\"");
    let mut buf = [0; 36];
    out.extend_from_slice(t.object(target).id.hyphenated().encode_lower(&mut buf).as_bytes());
    out.push(b'"');
    if gone {
        out.extend_from_slice(b",\"@removed\":{\"reason\":\"deleted\"}");
    }
    close(out, at);
}

fn links(t: &Tenant, rel: Rel, list: &[(Oid, bool)], out: &mut Vec<u8>) {
    if list.is_empty() {
        return;
    }
    links_open(rel, out);
    for (i, (target, gone)) in list.iter().enumerate() {
        push_link(t, *target, *gone, i == 0, out);
    }
    out.push(b']');
}

/// An object of the first round: what is unset is left out.
fn first(call: &Call, t: &Tenant, tracked: &Tracked, seen: &Appearance, out: &mut Vec<u8>) {
    if seen.removed {
        return removed(t, seen.oid, out);
    }
    let at = out.len();
    tracked.projection.object(t, out, seen.oid, false);
    let visible = membership_visible(call, t, seen.oid);
    if tracked.members && visible {
        let list: Vec<_> = seen.members.iter().map(|m| (*m, false)).collect();
        links(t, Rel::Members, &list, out);
    }
    if tracked.owners && seen.owners {
        let list: Vec<_> = t.live_links(Rel::Owners, seen.oid).map(|m| (m, false)).collect();
        links(t, Rel::Owners, &list, out);
    }
    if tracked.manager && t.is_live(t.object(seen.oid).manager) {
        links(t, Rel::Manager, &[(t.object(seen.oid).manager, false)], out);
    }
    close(out, at);
}

/// Every appearance of a later round, ready to send.
fn later(call: &Call, t: &Tenant, tracked: &Tracked, from: usize, to: usize) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (oid, net) in t.changes(tracked.kind, from, to) {
        if !tracked.asked_for(t, oid) {
            continue;
        }
        if t.object(oid).life != Life::Live {
            // What was already in the bin and changed no further is no news.
            if net.life {
                let mut out = Vec::new();
                removed(t, oid, &mut out);
                all.push(out);
            }
            continue;
        }
        let changed = net.props & tracked.projection.mask;
        let news = news(call, t, tracked, oid, &net);
        if !net.life && changed == 0 && news.is_empty() {
            continue;
        }
        let mut chunks = news.chunks(SLICE);
        let mut chunk = chunks.next();
        loop {
            let mut out = Vec::new();
            if call.minimal && !net.life {
                tracked.projection.only(changed).object(t, &mut out, oid, false);
            } else {
                tracked.projection.object(t, &mut out, oid, false);
            }
            tracked.projection.nulls(&mut out, &t.object(oid).rec, changed);
            for rel in [Rel::Members, Rel::Owners, Rel::Manager] {
                let list: Vec<_> = chunk
                    .unwrap_or_default()
                    .iter()
                    .filter(|(r, ..)| *r == rel)
                    .map(|(_, target, gone)| (*target, *gone))
                    .collect();
                links(t, rel, &list, &mut out);
            }
            close(&mut out, 0);
            all.push(out);
            chunk = chunks.next();
            if chunk.is_none() {
                break;
            }
        }
    }
    all
}

/// The links of an object that a later round tells: relation, target, gone. Only those that changed: an
/// object that came back from the recycle bin has its links, and is told without them.
fn news(call: &Call, t: &Tenant, tracked: &Tracked, oid: Oid, net: &Net) -> Vec<(Rel, Oid, bool)> {
    let visible = membership_visible(call, t, oid);
    let wanted = |rel: Rel| tracked.wants(rel) && (rel != Rel::Members || visible);
    let mut list = Vec::new();
    for (rel, target) in &net.links {
        if !wanted(*rel) {
            continue;
        }
        let linked = t.linked(*rel, oid, *target);
        // A link whose end is in the bin is still there, only unseen.
        if linked {
            if t.is_live(*target) {
                list.push((*rel, *target, false));
            }
        } else {
            list.push((*rel, *target, true));
        }
    }
    list
}
