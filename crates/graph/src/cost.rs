//! What a request takes from which quota, estimated before it is sent.
//!
//! The table is Microsoft's, per shape of the path; `x-ms-resource-unit` corrects it afterwards
//! where the answer has it.

use std::iter::Sum;

use crate::write::Method;

/// What one HTTP request takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Resource units.
    pub(crate) units: u32,
    /// Writes.
    pub(crate) writes: u32,
    /// Requests to Conditional Access and Identity Protection.
    pub(crate) policies: u32,
    /// Requests to the audit and sign-in logs.
    pub(crate) reports: u32,
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(items: I) -> Cost {
        items.fold(Cost::default(), |all, one| Cost {
            units: all.units + one.units,
            writes: all.writes + one.writes,
            policies: all.policies + one.policies,
            reports: all.reports + one.reports,
        })
    }
}

/// The cost of a request. `path` may have a query, and `/v1.0` before it.
pub(crate) fn of(method: Method, path: &str) -> Cost {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != "v1.0")
        .map(str::to_ascii_lowercase)
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();

    let mut cost = Cost::default();
    match segments.first().copied() {
        Some("identityprotection") => cost.policies = 1,
        Some("identity") if segments.get(1) == Some(&"conditionalaccess") => cost.policies = 1,
        Some("auditlogs") => cost.reports = 1,
        _ => {}
    }
    if method == Method::Get || reads(method, path) {
        cost.units = units(&segments, query);
    } else {
        cost.units = 1;
        cost.writes = 1;
    }
    cost
}

/// Whether a request changes nothing, so that it may be sent again after any failure: every GET,
/// and the POSTs that only ask.
pub(crate) fn reads(method: Method, path: &str) -> bool {
    if method == Method::Get {
        return true;
    }
    let path = path.split('?').next().unwrap_or_default();
    let action = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let action = action.rsplit('.').next().unwrap_or_default();
    method == Method::Post
        && [
            "getByIds",
            "checkMemberGroups",
            "checkMemberObjects",
            "getMemberGroups",
            "getMemberObjects",
            "validateProperties",
        ]
        .iter()
        .any(|asks| action.eq_ignore_ascii_case(asks))
}

fn units(segments: &[&str], query: &str) -> u32 {
    let base = match segments {
        // Delta is not in Microsoft's table, so it falls under "any other path".
        [.., "delta"] => 1,
        [.., "getbyids"] => 5,
        [.., "checkmembergroups" | "checkmemberobjects"] => 4,
        [.., "getmembergroups" | "getmemberobjects"] => 2,
        [.., "domainnamereferences"] => 4,
        [.., "memberof" | "transitivememberof" | "ownedobjects" | "approleassignments"] => 2,
        ["groups", _, "members", ..] => 3,
        ["groups", _, "transitivemembers", ..] => 5,
        ["contracts" | "subscribedskus", ..] => 3,
        ["users" | "applications" | "oauth2permissiongrants"] => 2,
        ["users" | "applications" | "oauth2permissiongrants", _] => 2,
        _ => 1,
    };
    // With $select getByIds costs 2 by Microsoft's text, not 4.
    let getbyids = matches!(segments, [.., "getbyids"]);
    let mut units: i32 = base;
    for option in query.split('&') {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match name.to_ascii_lowercase().trim_start_matches("%24").trim_start_matches('$') {
            "select" => units -= if getbyids { 3 } else { 1 },
            "expand" => units += 1,
            "top" if value.parse::<u32>().is_ok_and(|top| top < 20) => units -= 1,
            _ => {}
        }
    }
    u32::try_from(units.max(1)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_by_path_and_query() {
        let get = |path| of(Method::Get, path).units;
        assert_eq!(get("/users?$top=999&$select=id"), 1);
        assert_eq!(get("/users"), 2);
        assert_eq!(get("/v1.0/users/1"), 2);
        assert_eq!(get("/users/delta?$select=id"), 1);
        assert_eq!(get("/groups/1/members"), 3);
        assert_eq!(get("/groups/1/members?$select=id&$top=999"), 2);
        assert_eq!(get("/groups/1/members?%24select=id"), 2);
        assert_eq!(get("/groups/1/transitiveMembers"), 5);
        assert_eq!(get("/groups/1/owners?$select=id"), 1);
        assert_eq!(get("/groups?$expand=members"), 2);
        assert_eq!(get("/users?$top=5&$select=id"), 1);
        assert_eq!(get("/users/1/memberOf"), 2);
        assert_eq!(get("/servicePrincipals/1/appRoleAssignments"), 2);
        assert_eq!(get("/subscribedSkus"), 3);
    }

    #[test]
    fn writes_and_questions() {
        let patch = of(Method::Patch, "/users/1");
        assert_eq!((patch.units, patch.writes), (1, 1));
        let ask = of(Method::Post, "/directoryObjects/getByIds?$select=id");
        assert_eq!((ask.units, ask.writes), (2, 0));
        assert_eq!(of(Method::Post, "/directoryObjects/getByIds").units, 5);
        assert!(reads(Method::Post, "/directoryObjects/microsoft.graph.getByIds"));
        assert!(!reads(Method::Post, "/groups"));
        assert!(!reads(Method::Patch, "/x/getByIds"));
    }

    #[test]
    fn narrow_quotas() {
        assert_eq!(of(Method::Get, "/identity/conditionalAccess/policies").policies, 1);
        assert_eq!(of(Method::Get, "/auditLogs/directoryAudits").reports, 1);
        assert_eq!(of(Method::Get, "/identity/userFlows").policies, 0);
    }
}
