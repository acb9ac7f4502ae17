//! Paths below `/v1.0`, built so that an id cannot break out of its place and `/$ref` cannot be
//! forgotten.
//!
//! `DELETE /groups/{id}/members/{id}` without `/$ref` deletes the member itself, not the
//! membership, so nobody writes such a path by hand. `x_ref(owner, target)` names one link, to be
//! deleted; `xs_ref(owner)` is where a link is added with a POST of [`reference()`].

use serde_json::{Value, json};

use crate::Hosts;

/// One path segment, percent-encoded.
///
/// An id that is empty, `.` or `..` names nothing and would change the path around it; it becomes
/// `-`, which Graph answers as an unknown id.
pub fn segment(id: &str) -> String {
    if id.is_empty() || id == "." || id == ".." {
        return "-".to_owned();
    }
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    out
}

/// A user.
pub fn user(id: &str) -> String {
    format!("/users/{}", segment(id))
}

/// A group.
pub fn group(id: &str) -> String {
    format!("/groups/{}", segment(id))
}

/// An application registration.
pub fn application(id: &str) -> String {
    format!("/applications/{}", segment(id))
}

/// A service principal.
pub fn service_principal(id: &str) -> String {
    format!("/servicePrincipals/{}", segment(id))
}

/// An administrative unit.
pub fn administrative_unit(id: &str) -> String {
    format!("/directory/administrativeUnits/{}", segment(id))
}

/// A directory object of any type.
pub fn directory_object(id: &str) -> String {
    format!("/directoryObjects/{}", segment(id))
}

/// An object in the recycle bin.
pub fn deleted_item(id: &str) -> String {
    format!("/directory/deletedItems/{}", segment(id))
}

/// Where an object is brought back from the recycle bin (POST).
pub fn restore_deleted_item(id: &str) -> String {
    format!("/directory/deletedItems/{}/restore", segment(id))
}

/// A group's members, to be read.
pub fn members(group_id: &str) -> String {
    format!("{}/members", group(group_id))
}

/// Where a member is added to a group (POST).
pub fn members_ref(group_id: &str) -> String {
    format!("{}/members/$ref", group(group_id))
}

/// One membership of a group, to be deleted.
pub fn member_ref(group_id: &str, member: &str) -> String {
    format!("{}/members/{}/$ref", group(group_id), segment(member))
}

/// A group's owners, to be read.
pub fn owners(group_id: &str) -> String {
    format!("{}/owners", group(group_id))
}

/// Where an owner is added to a group (POST).
pub fn owners_ref(group_id: &str) -> String {
    format!("{}/owners/$ref", group(group_id))
}

/// One ownership of a group, to be deleted.
pub fn owner_ref(group_id: &str, owner: &str) -> String {
    format!("{}/owners/{}/$ref", group(group_id), segment(owner))
}

/// A user's manager: set with PUT of [`reference()`], removed with DELETE.
pub fn manager_ref(user_id: &str) -> String {
    format!("{}/manager/$ref", user(user_id))
}

/// Where a sponsor is added to a user (POST).
pub fn sponsors_ref(user_id: &str) -> String {
    format!("{}/sponsors/$ref", user(user_id))
}

/// One sponsorship of a user, to be deleted.
pub fn sponsor_ref(user_id: &str, sponsor: &str) -> String {
    format!("{}/sponsors/{}/$ref", user(user_id), segment(sponsor))
}

/// An administrative unit's members, to be read.
pub fn au_members(unit: &str) -> String {
    format!("{}/members", administrative_unit(unit))
}

/// Where a member is added to an administrative unit (POST).
pub fn au_members_ref(unit: &str) -> String {
    format!("{}/members/$ref", administrative_unit(unit))
}

/// One membership of an administrative unit, to be deleted.
pub fn au_member_ref(unit: &str, member: &str) -> String {
    format!("{}/members/{}/$ref", administrative_unit(unit), segment(member))
}

/// Where an owner is added to an application (POST).
pub fn application_owners_ref(app: &str) -> String {
    format!("{}/owners/$ref", application(app))
}

/// One ownership of an application, to be deleted.
pub fn application_owner_ref(app: &str, owner: &str) -> String {
    format!("{}/owners/{}/$ref", application(app), segment(owner))
}

/// Where an owner is added to a service principal (POST).
pub fn service_principal_owners_ref(principal: &str) -> String {
    format!("{}/owners/$ref", service_principal(principal))
}

/// One ownership of a service principal, to be deleted.
pub fn service_principal_owner_ref(principal: &str, owner: &str) -> String {
    format!("{}/owners/{}/$ref", service_principal(principal), segment(owner))
}

/// The full address of a directory object, as `@odata.id` and `members@odata.bind` want it.
pub fn directory_object_url(hosts: &Hosts, id: &str) -> String {
    let root = hosts.graph.as_str().trim_end_matches('/');
    format!("{root}/v1.0{}", directory_object(id))
}

/// The body that adds or sets a link to a directory object.
pub fn reference(hosts: &Hosts, id: &str) -> Value {
    json!({ "@odata.id": directory_object_url(hosts, id) })
}

/// The body of a PATCH on a group (or administrative unit) that adds up to 20 members at once.
pub fn bind_members<'a>(hosts: &Hosts, ids: impl IntoIterator<Item = &'a str>) -> Value {
    let links: Vec<String> = ids.into_iter().map(|id| directory_object_url(hosts, id)).collect();
    json!({ "members@odata.bind": links })
}

/// The shape of a path for logs: no ids, no query, nothing personal.
///
/// A segment is kept only when it is letters alone (or one of the few fixed names that are not),
/// which no id, principal name or domain is.
pub(crate) fn shape(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut out = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !part.is_empty()) {
        out.push('/');
        let word = part.strip_prefix('$').unwrap_or(part);
        let known = matches!(part, "v1.0" | "oauth2PermissionGrants" | "oauth2" | "v2.0")
            || part.starts_with("microsoft.graph.")
            || (word.len() <= 40 && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
        out.push_str(if known { part } else { "{id}" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cloud;

    #[test]
    fn a_link_path_always_ends_in_ref() {
        let paths = [
            members_ref("g"),
            member_ref("g", "m"),
            owners_ref("g"),
            owner_ref("g", "m"),
            manager_ref("u"),
            sponsors_ref("u"),
            sponsor_ref("u", "m"),
            au_members_ref("a"),
            au_member_ref("a", "m"),
            application_owners_ref("a"),
            application_owner_ref("a", "m"),
            service_principal_owners_ref("s"),
            service_principal_owner_ref("s", "m"),
        ];
        for path in paths {
            assert!(path.ends_with("/$ref"), "{path}");
        }
    }

    #[test]
    fn ids_stay_in_their_place() {
        assert_eq!(member_ref("a/b", "c?d#e"), "/groups/a%2Fb/members/c%3Fd%23e/$ref");
        assert_eq!(user("ana@contoso.com"), "/users/ana%40contoso.com");
        let hosts = Hosts::of(Cloud::Global);
        for id in ["", ".", ".."] {
            let url = hosts.graph_url(&member_ref("g", id)).unwrap();
            assert_eq!(url.path(), "/v1.0/groups/g/members/-/$ref");
        }
        assert_eq!(
            reference(&hosts, "x y"),
            json!({ "@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/x%20y" })
        );
    }

    #[test]
    fn shapes_hold_no_ids() {
        assert_eq!(shape("/v1.0/users/ana%40contoso.com/manager/$ref?$x=1"), "/v1.0/users/{id}/manager/$ref");
        assert_eq!(shape("/domains/contoso.com"), "/domains/{id}");
        assert_eq!(shape("/users/delta?$deltatoken=secret"), "/users/delta");
        assert_eq!(shape("/groups/0c0a4b7e-0000-4000-8000-000000000001/members"), "/groups/{id}/members");
    }
}
