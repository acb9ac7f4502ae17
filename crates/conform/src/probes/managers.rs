//! Managers.

use graph::Method;

use crate::answer::Answer;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::{User, World, shown};

pub(crate) const PROBES: &[Probe] = &[
    Probe::writes(
        "manager-set",
        "`PUT /users/{id}/manager/$ref` is answered 204, and replaces the one before",
        USER_SET_MANAGER,
        USER,
        run!(set),
    ),
    Probe::writes(
        "manager-none-404",
        "A user without a manager: 404 `Request_ResourceNotFound`",
        USER_MANAGER,
        USER,
        run!(none),
    ),
    Probe::writes(
        "manager-expanded",
        "`$expand=manager($select=id)` of one user gives the manager's id, and nothing where there is none",
        USER_MANAGER,
        USER,
        run!(expanded),
    ),
    Probe::writes(
        "manager-cleared",
        "`DELETE /users/{id}/manager/$ref` is answered 204",
        USER_CLEAR_MANAGER,
        USER,
        run!(cleared),
    ),
    Probe::writes(
        "manager-unknown-404",
        "An id that nothing has cannot be a manager: 404",
        USER_SET_MANAGER,
        USER,
        run!(unknown),
    )
    .inferred(),
    Probe::writes(
        "manager-has-reports",
        "A manager's `directReports` name who reports to it",
        USER_REPORTS,
        USER,
        run!(reports),
    ),
    Probe::writes(
        "manager-in-bin-hidden",
        "While a manager lies in the recycle bin, its reports show none",
        RECOVER,
        USER,
        run!(in_bin),
    )
    .inferred(),
];

/// Makes one user another's manager.
pub(super) async fn manage(w: &World<'_>, user: &User, manager: &User) -> Result<Answer, Stop> {
    let path = format!("/users/{}/manager/$ref", user.id);
    w.steady(Method::Put, &path, Some(w.reference(&manager.id))).await?.expect(204)
}

/// Waits until a user's manager is one.
pub(super) async fn managed(w: &World<'_>, user: &User, manager: &User) -> Verdict {
    let path = format!("/users/{}/manager?$select=id", user.id);
    let (_, after) = w.settle(&path, "the manager", |answer| answer.text_of("id") == manager.id).await?;
    Ok(shown(after))
}

async fn unmanaged(w: &World<'_>, user: &User) -> Verdict {
    let path = format!("/users/{}/manager?$select=id", user.id);
    let (_, after) = w.settle(&path, "that there is none", |answer| answer.status == 404).await?;
    Ok(shown(after))
}

async fn set(w: &World<'_>) -> Verdict {
    let users = w.users(3).await?;
    manage(w, &users[0], &users[1]).await?;
    managed(w, &users[0], &users[1]).await?;
    manage(w, &users[0], &users[2]).await?;
    managed(w, &users[0], &users[2]).await
}

async fn none(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    w.get(&format!("/users/{}/manager", user.id)).await?.refused(404, "Request_ResourceNotFound")?;
    agreed()
}

async fn expanded(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    let path = |user: &User| format!("/users/{}?$select=id&$expand=manager($select=id)", user.id);
    manage(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    let there = |answer: &Answer| answer.body["manager"]["id"] == users[1].id;
    let (_, after) = w.settle(&path(&users[0]), "the manager", there).await?;
    let alone = w.get(&path(&users[1])).await?.expect(200)?;
    hold(alone.body["manager"].is_null(), || "somebody without a manager has one".to_owned())?;
    Ok(shown(after))
}

async fn cleared(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    manage(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    managed(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    w.delete(&format!("/users/{}/manager/$ref", users[0].id)).await?.expect(204)?;
    unmanaged(w, &users[0]).await
}

async fn unknown(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let body = w.reference(&w.nobody());
    w.write(Method::Put, &format!("/users/{}/manager/$ref", user.id), Some(body)).await?.expect(404)?;
    agreed()
}

async fn reports(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    manage(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    let path = format!("/users/{}/directReports?$select=id", users[1].id);
    Ok(shown(w.lists(&path, &[&users[0].id], &[]).await?))
}

async fn in_bin(w: &World<'_>) -> Verdict {
    let users = w.users(2).await?;
    manage(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    managed(w, &users[0], &users[1]).await.map_err(Stop::preparing)?;
    w.delete(&format!("/users/{}", users[1].id)).await?.expect(204)?;
    unmanaged(w, &users[0]).await
}
