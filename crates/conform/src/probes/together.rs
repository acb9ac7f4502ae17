//! How long reads lag behind writes, and what two writes at once get.

use futures::future::join_all;
use graph::Method;
use serde_json::json;

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, hold};
use crate::world::{World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "lag-of-list",
        "A new user is listed within the patience of a restore",
        NOT_YET,
        USER,
        run!(list),
    )
    .reported(),
    Probe::writes(
        "lag-of-index",
        "The index that counts finds a new user within the patience of a restore",
        ADVANCED,
        USER,
        run!(index),
    ),
    Probe::writes(
        "lag-after-restore",
        "A user that was just brought back can be changed, at the latest after some attempts that find nobody",
        NOT_YET,
        USER,
        run!(after_restore),
    )
    .reported(),
    Probe::writes(
        "two-changes-of-one-user",
        "Of two changes of one user at once, each is made, or refused as too many or conflicting; the last one stays",
        TWO_WRITES,
        USER,
        run!(two_changes),
    )
    .reported(),
    Probe::writes(
        "many-members-at-once",
        "Of several members added to one group at once, each is added, or refused with 409, 429 or 503 and can be repeated",
        TWO_WRITES,
        GROUP,
        run!(many_members),
    )
    .reported(),
];

/// What a write may be answered when another is under way.
fn bearable(status: u16) -> bool {
    matches!(status, 204 | 409 | 412 | 423 | 429 | 503)
}

async fn list(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let path = format!("/users?$select=id&$filter=userPrincipalName eq '{}'", user.upn);
    Ok(shown(w.lists(&path, &[&user.id], &[]).await?))
}

async fn index(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let path = format!("/users/$count?$filter=userPrincipalName eq '{}'", user.upn);
    let began = std::time::Instant::now();
    loop {
        let answer = w.eventual(&path).await?.expect(200)?;
        let after = began.elapsed();
        if answer.text.trim_start_matches('\u{feff}').trim() == "1" {
            return Ok(shown(after));
        }
        hold(after < w.graph().patience(), || format!("not found within {} s", after.as_secs()))?;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

async fn after_restore(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    w.delete(&format!("/users/{}", user.id)).await?.expect(204).map_err(Stop::preparing)?;
    let bin = format!("/directory/deletedItems/{}/restore", user.id);
    w.steady(Method::Post, &bin, Some(json!({}))).await?.expect(200).map_err(Stop::preparing)?;
    let began = std::time::Instant::now();
    let body = json!({"jobTitle": "Pilot"});
    w.steady(Method::Patch, &format!("/users/{}", user.id), Some(body)).await?.expect(204)?;
    Ok(shown(began.elapsed()))
}

async fn two_changes(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let path = format!("/users/{}", user.id);
    let titles = ["Pilot", "Captain"];
    let answers = join_all(titles.iter().map(|title| w.patch(&path, json!({ "jobTitle": title })))).await;
    let mut statuses = Vec::new();
    for answer in answers {
        let answer = answer?;
        hold(bearable(answer.status), || answer.came())?;
        statuses.push(answer.status.to_string());
    }
    let one = |answer: &Answer| titles.contains(&answer.text_of("jobTitle"));
    w.settle(&format!("{path}?$select=id,jobTitle"), "one of the values", one).await?;
    Ok(format!("answered {}", statuses.join(" and ")))
}

async fn many_members(w: &World<'_>) -> Verdict {
    let users = w.users(6).await?;
    let group = w.group().await?;
    let path = format!("/groups/{group}/members/$ref");
    let answers = join_all(users.iter().map(|user| w.post(&path, w.reference(&user.id)))).await;
    let mut refused = 0;
    for (answer, user) in answers.into_iter().zip(&users) {
        let answer = answer?;
        hold(bearable(answer.status) || answer.status == 404, || answer.came())?;
        if answer.status != 204 {
            refused += 1;
            w.join(&group, &user.id).await?;
        }
    }
    let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    let after = w.lists(&format!("/groups/{group}/members?$select=id"), &ids, &[]).await?;
    Ok(format!("{refused} of 6 refused; all listed {}", shown(after)))
}
