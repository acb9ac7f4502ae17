//! Counting, and queries of the index.

use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Verdict, agreed, hold};
use crate::world::World;

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "count-needs-header",
        "`/$count` without `ConsistencyLevel: eventual` is refused with 400",
        COUNT_REFUSED,
        &[READ_USERS],
        run!(needs_header),
    )
    .reported(),
    Probe::reads(
        "count-is-plain-text",
        "`/users/$count` and `/groups/$count` with it are a bare number as plain text",
        ADVANCED,
        &[READ_USERS, READ_GROUPS],
        run!(plain_text),
    ),
    Probe::reads(
        "count-ignored-without-header",
        "`$count=true` without the header is ignored",
        ADVANCED,
        &[READ_USERS],
        run!(ignored),
    ),
    Probe::reads(
        "count-on-first-page",
        "`$count=true` with the header gives `@odata.count` on the first page only",
        ADVANCED,
        &[READ_USERS],
        run!(first_page),
    ),
    Probe::reads(
        "not-equal-needs-index",
        "`ne` without the header is refused with 400 `Request_UnsupportedQuery`, and answered with it",
        ADVANCED,
        &[READ_USERS],
        run!(not_equal),
    ),
    Probe::reads(
        "search-needs-index",
        "`$search` without the header is refused with 400 `Request_UnsupportedQuery`, and answered with it",
        ADVANCED,
        &[READ_USERS],
        run!(search),
    ),
    Probe::reads(
        "sorted-filter-needs-index",
        "`$filter` with `$orderby` is refused without the header, and answered with it",
        ADVANCED,
        &[READ_USERS],
        run!(sorted),
    ),
];

async fn needs_header(w: &World<'_>) -> Verdict {
    let answer = w.get("/users/$count").await?.expect(400)?;
    Ok(format!("with {}", answer.code()))
}

async fn plain_text(w: &World<'_>) -> Verdict {
    for path in ["/users/$count", "/groups/$count"] {
        let answer = w.eventual(path).await?.expect(200)?;
        let number = answer.text.trim_start_matches('\u{feff}').trim().parse::<u64>();
        hold(number.is_ok(), || format!("{path} was answered with something else than a number"))?;
        let kind = answer.header("content-type").unwrap_or("nothing").to_owned();
        hold(kind.starts_with("text/plain"), || format!("{path} came as {kind}"))?;
    }
    agreed()
}

async fn ignored(w: &World<'_>) -> Verdict {
    let page = w.get("/users?$select=id&$top=1&$count=true").await?.expect(200)?;
    hold(!page.names("@odata.count"), || "there is a count all the same".to_owned())?;
    agreed()
}

async fn first_page(w: &World<'_>) -> Verdict {
    let page = w.eventual("/users?$select=id&$top=1&$count=true").await?.expect(200)?;
    hold(page.body["@odata.count"].is_u64(), || "there is no @odata.count".to_owned())?;
    if let Some(link) = page.body["@odata.nextLink"].as_str() {
        let next = w.eventual(link).await?.expect(200)?;
        hold(!next.names("@odata.count"), || "the second page has one, too".to_owned())?;
    }
    agreed()
}

async fn not_equal(w: &World<'_>) -> Verdict {
    let path = "/users?$select=id&$top=1&$filter=department ne 'holdfast-conform'";
    w.get(path).await?.refused(400, "Request_UnsupportedQuery")?;
    w.eventual(&format!("{path}&$count=true")).await?.expect(200)?;
    agreed()
}

async fn search(w: &World<'_>) -> Verdict {
    let path = "/users?$select=id&$top=1&$search=\"displayName:holdfast-conform\"";
    w.get(path).await?.refused(400, "Request_UnsupportedQuery")?;
    w.eventual(path).await?.expect(200)?;
    agreed()
}

async fn sorted(w: &World<'_>) -> Verdict {
    let path = "/users?$select=id&$top=1&$filter=accountEnabled eq true&$orderby=displayName";
    w.get(path).await?.expect(400)?;
    w.eventual(&format!("{path}&$count=true")).await?.expect(200)?;
    agreed()
}
