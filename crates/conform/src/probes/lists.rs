//! Lists: pages, selections, expansions.

use std::collections::HashSet;

use serde_json::Value;

use crate::answer::ids;
use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::World;

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "page-of-100",
        "A list of users has 100 on a page unless asked otherwise, and a `@odata.nextLink` where there are more",
        USER_LIST,
        &[READ_USERS],
        run!(page_of_100),
    ),
    Probe::reads(
        "page-of-999",
        "`$top=999` is allowed for users and groups",
        USER_LIST,
        &[READ_USERS, READ_GROUPS],
        run!(page_of_999),
    ),
    Probe::reads(
        "page-of-1000-refused",
        "`$top=1000` is refused with 400",
        USER_LIST,
        &[READ_USERS],
        run!(page_of_1000),
    )
    .reported(),
    Probe::reads(
        "skip-refused",
        "`$skip` is refused with 400: directory objects have no places",
        PARAMETERS,
        &[READ_USERS],
        run!(skip_refused),
    ),
    Probe::reads(
        "pages-hold-everybody-once",
        "Following `@odata.nextLink` to its end gives every group once",
        PAGING,
        &[READ_GROUPS],
        run!(everybody_once),
    ),
    Probe::reads(
        "next-link-keeps-query",
        "A next link leads to the same Graph and carries a `$skiptoken`",
        PAGING,
        &[READ_GROUPS],
        run!(next_link),
    ),
    Probe::reads(
        "page-token-broken-400",
        "A page token that is none, or has expired, is refused with 400",
        EXPIRED_PAGE,
        &[READ_USERS],
        run!(broken_token),
    )
    .reported(),
    Probe::reads(
        "users-default-set",
        "Without `$select` a user in a list has eleven properties",
        USER_LIST,
        &[READ_USERS],
        run!(default_set),
    ),
    Probe::reads(
        "list-names-nulls",
        "A selected property that has no value is there with null in a list",
        USER_LIST,
        &[READ_USERS],
        run!(names_nulls),
    )
    .inferred(),
    Probe::reads(
        "sharepoint-properties-not-in-lists",
        "What SharePoint keeps of a user (`aboutMe`) cannot be selected in a list: 501",
        USER_RESOURCE,
        &[READ_USERS],
        run!(sharepoint),
    )
    .reported(),
    Probe::reads(
        "list-expands-manager",
        "A list of users with `$top=999` may expand `manager($select=id)`",
        USER_LIST,
        &[READ_USERS],
        run!(expands_manager),
    ),
    Probe::reads(
        "filter-by-ids",
        "`$filter=id in (…)` gives those that are asked for",
        PARAMETERS,
        &[READ_USERS],
        run!(filter_ids),
    ),
    Probe::reads(
        "directory-roles-one-page",
        "`/directoryRoles` comes on one page",
        ROLES_LIST,
        &[READ_ROLES],
        run!(roles_one_page),
    ),
    Probe::writes(
        "expand-gives-twenty",
        "`$expand=members` gives twenty members at most, and no link to the rest",
        GROUP_LIST,
        GROUP,
        run!(expand_twenty),
    ),
    Probe::writes(
        "members-have-types",
        "Each entry of a member list has `@odata.type` and `id`",
        GROUP_MEMBERS,
        GROUP,
        run!(members_typed),
    ),
    Probe::writes(
        "get-by-ids-leaves-out",
        "`getByIds` leaves out ids that nothing has, and is no error",
        GET_BY_IDS,
        &[READ_ANY, WRITE_USERS, READ_TENANT],
        run!(by_ids),
    ),
    Probe::reads(
        "get-by-ids-thousand",
        "`getByIds` takes 1,000 ids",
        GET_BY_IDS,
        &[READ_ANY],
        run!(by_ids_thousand),
    ),
];

const DEFAULT: [&str; 11] = [
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

async fn page_of_100(w: &World<'_>) -> Verdict {
    let page = w.get("/users?$select=id").await?.expect(200)?;
    let more = page.names("@odata.nextLink");
    let fits = if more { page.items().len() == 100 } else { page.items().len() <= 100 };
    hold(fits, || format!("a page of {} users, more to come: {more}", page.items().len()))?;
    agreed()
}

async fn page_of_999(w: &World<'_>) -> Verdict {
    w.get("/users?$select=id&$top=999").await?.expect(200)?;
    w.get("/groups?$select=id&$top=999").await?.expect(200)?;
    agreed()
}

async fn page_of_1000(w: &World<'_>) -> Verdict {
    w.get("/users?$select=id&$top=1000").await?.expect(400)?;
    agreed()
}

async fn skip_refused(w: &World<'_>) -> Verdict {
    w.get("/users?$select=id&$skip=1").await?.expect(400)?;
    agreed()
}

async fn everybody_once(w: &World<'_>) -> Verdict {
    let few = w.all("/groups?$select=id&$top=47").await?;
    let many = w.all("/groups?$select=id&$top=999").await?;
    let unique: HashSet<&str> = ids(&few).into_iter().collect();
    hold(unique.len() == few.len(), || format!("{} entries, {} groups", few.len(), unique.len()))?;
    hold(few.len() == many.len(), || format!("{} in small pages, {} in large", few.len(), many.len()))?;
    agreed()
}

async fn next_link(w: &World<'_>) -> Verdict {
    let page = w.get("/groups?$select=id&$top=1").await?.expect(200)?;
    let Some(link) = page.body["@odata.nextLink"].as_str() else {
        return Err(Stop::NotTried("the tenant has one group at most".to_owned()));
    };
    hold(link.starts_with(w.graph().root()), || "the link leads elsewhere".to_owned())?;
    hold(link.contains("skiptoken="), || "the link has no $skiptoken".to_owned())?;
    let next = w.get(link).await?.expect(200)?;
    hold(next.items().len() == 1, || format!("the next page has {} groups", next.items().len()))?;
    agreed()
}

async fn broken_token(w: &World<'_>) -> Verdict {
    let answer = w.get("/users?$select=id&$top=10&$skiptoken=not-a-token").await?.expect(400)?;
    Ok(format!("with {}", answer.code()))
}

async fn default_set(w: &World<'_>) -> Verdict {
    let page = w.get("/users?$top=1").await?.expect(200)?;
    let user = page.items().first().and_then(Value::as_object);
    let mut names: Vec<&str> =
        user.into_iter().flatten().map(|(name, _)| name.as_str()).filter(|n| !n.contains('@')).collect();
    names.sort_unstable();
    hold(names == DEFAULT, || format!("the properties were {}", names.join(", ")))?;
    agreed()
}

async fn names_nulls(w: &World<'_>) -> Verdict {
    let page = w.get("/users?$select=id,faxNumber,employeeType&$top=999").await?.expect(200)?;
    let named = page.items().iter().all(|u| u.get("faxNumber").is_some() && u.get("employeeType").is_some());
    hold(named, || "a selected property was left out".to_owned())?;
    agreed()
}

async fn sharepoint(w: &World<'_>) -> Verdict {
    w.get("/users?$select=id,aboutMe&$top=5").await?.expect(501)?;
    agreed()
}

async fn expands_manager(w: &World<'_>) -> Verdict {
    let page = w.get("/users?$top=999&$select=id&$expand=manager($select=id)").await?.expect(200)?;
    let managed: Vec<&Value> = page.items().iter().filter(|u| !u["manager"].is_null()).collect();
    hold(managed.iter().all(|u| u["manager"]["id"].is_string()), || "a manager has no id".to_owned())?;
    Ok(format!("{} of {} users on the page have one", managed.len(), page.items().len()))
}

async fn filter_ids(w: &World<'_>) -> Verdict {
    let some = w.get("/users?$select=id&$top=2").await?.expect(200)?;
    let wanted = ids(some.items());
    let quoted: Vec<String> = wanted.iter().map(|id| format!("'{id}'")).collect();
    let path = format!("/users?$select=id&$filter=id in ({})", quoted.join(","));
    let found = w.get(&path).await?.expect(200)?;
    let (wanted, found): (HashSet<_>, HashSet<_>) =
        (wanted.into_iter().collect(), ids(found.items()).into_iter().collect());
    hold(wanted == found, || format!("{} asked for, {} given", wanted.len(), found.len()))?;
    agreed()
}

async fn roles_one_page(w: &World<'_>) -> Verdict {
    let page = w.get("/directoryRoles?$select=id,roleTemplateId").await?.expect(200)?;
    hold(!page.names("@odata.nextLink"), || "there is a next page".to_owned())?;
    let templates = page.items().iter().all(|role| role["roleTemplateId"].is_string());
    hold(templates, || "a role has no roleTemplateId".to_owned())?;
    agreed()
}

async fn expand_twenty(w: &World<'_>) -> Verdict {
    let users = w.users(22).await?;
    let members: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    let group = w
        .group_with(serde_json::json!({ "members@odata.bind": w.bind(members[..20].iter().copied()) }))
        .await?;
    for member in &members[20..] {
        w.join(&group, member).await?;
    }
    w.lists(&format!("/groups/{group}/members?$select=id"), &members, &[]).await?;
    let answer =
        w.get(&format!("/groups/{group}?$select=id&$expand=members($select=id)")).await?.expect(200)?;
    let shown = answer.body["members"].as_array().map_or(0, Vec::len);
    hold(shown == 20, || format!("22 members, {shown} shown"))?;
    hold(!answer.names("members@odata.nextLink"), || "there is a link to the rest".to_owned())?;
    agreed()
}

async fn members_typed(w: &World<'_>) -> Verdict {
    let (user, inner) = (w.user().await?, w.group().await?);
    let group = w.group_of(&[&user.id, &inner]).await?;
    let path = format!("/groups/{group}/members?$select=id");
    w.lists(&path, &[&user.id, &inner], &[]).await?;
    let list = w.get(&path).await?.expect(200)?;
    for (id, kind) in [(&user.id, "#microsoft.graph.user"), (&inner, "#microsoft.graph.group")] {
        let entry = crate::answer::find(list.items(), id);
        let shown = entry.map(|e| e["@odata.type"].to_string()).unwrap_or_default();
        hold(entry.is_some_and(|e| e["@odata.type"] == kind), || format!("the type was {shown}"))?;
    }
    agreed()
}

async fn by_ids(w: &World<'_>) -> Verdict {
    let user = w.user().await?;
    let body = serde_json::json!({"ids": [user.id, w.nobody()], "types": ["user"]});
    let answer = w.ask("/directoryObjects/getByIds?$select=id", body).await?.expect(200)?;
    hold(ids(answer.items()) == [user.id.as_str()], || format!("{} were given", answer.items().len()))?;
    agreed()
}

async fn by_ids_thousand(w: &World<'_>) -> Verdict {
    let many: Vec<String> = (0..1_000).map(|_| w.nobody()).collect();
    let body = serde_json::json!({"ids": many, "types": ["user"]});
    let answer = w.ask("/directoryObjects/getByIds?$select=id", body).await?.expect(200)?;
    hold(answer.items().is_empty(), || format!("{} were given", answer.items().len()))?;
    agreed()
}
