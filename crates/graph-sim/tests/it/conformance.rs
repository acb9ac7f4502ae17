//! What is sent fits Microsoft's own schema, where that file is at hand.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::World;

/// Properties and navigation properties of a type: name, and whether it is a collection.
type Types = BTreeMap<String, (Option<String>, BTreeMap<String, (bool, bool)>)>;

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn read(text: &str) -> Types {
    let mut types = Types::new();
    let mut current: Option<String> = None;
    for tag in text.split('<') {
        let word = tag.split([' ', '>', '/']).next().unwrap_or_default();
        match word {
            "EntityType" | "ComplexType" => {
                let name = attribute(tag, "Name").unwrap().to_owned();
                let base = attribute(tag, "BaseType").map(|b| b.trim_start_matches("graph.").to_owned());
                types.entry(name.clone()).or_insert((base, BTreeMap::new()));
                current = (!tag.contains("/>")).then_some(name);
            }
            "Property" | "NavigationProperty" => {
                if let Some(name) = &current {
                    let property = attribute(tag, "Name").unwrap().to_owned();
                    let many = attribute(tag, "Type").unwrap().starts_with("Collection(");
                    let null = attribute(tag, "Nullable") != Some("false");
                    types.get_mut(name).unwrap().1.insert(property, (many, null));
                }
            }
            _ if tag.starts_with("/EntityType") || tag.starts_with("/ComplexType") => current = None,
            _ => {}
        }
    }
    types
}

fn property(types: &Types, name: &str, property: &str) -> Option<(bool, bool)> {
    let (base, own) = types.get(name)?;
    own.get(property).copied().or_else(|| self::property(types, base.as_deref()?, property))
}

fn check(types: &Types, name: &str, object: &Value) {
    for (key, value) in object.as_object().unwrap() {
        if key.contains('@') {
            continue;
        }
        let (many, null) =
            property(types, name, key).unwrap_or_else(|| panic!("{name} has no property {key}"));
        assert_eq!(value.is_array(), many && !value.is_null(), "{name}.{key} = {value}");
        assert!(null || !value.is_null(), "{name}.{key} must not be null");
    }
}

#[tokio::test]
async fn everything_sent_is_in_the_schema() {
    let shared = std::env::var_os("HOLDFAST_TEST_SHARED_DATA")
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let file = std::path::PathBuf::from(shared).join("graph-v1.0.csdl");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: {} is not here", file.display());
        return;
    };
    let types = read(&text);
    let w = World::new().await;
    let rm = "/roleManagement/directory";
    w.sim.incident("privilege-grab").unwrap();
    let unit = w.sim.export()["administrativeUnits"][0]["id"].as_str().unwrap().to_owned();
    let licensed = w.users(|u| u["assignedLicenses"].as_array().is_some_and(|l| !l.is_empty())).remove(0);
    for (path, name) in [
        ("/users".to_owned(), "user"),
        ("/groups?$top=999".to_owned(), "group"),
        ("/directoryRoles".to_owned(), "directoryRole"),
        ("/directoryRoleTemplates".to_owned(), "directoryRoleTemplate"),
        (format!("{rm}/roleDefinitions"), "unifiedRoleDefinition"),
        (format!("{rm}/roleAssignments"), "unifiedRoleAssignment"),
        (format!("{rm}/roleAssignmentSchedules"), "unifiedRoleAssignmentSchedule"),
        (format!("{rm}/roleAssignmentScheduleInstances"), "unifiedRoleAssignmentScheduleInstance"),
        (format!("{rm}/roleEligibilitySchedules"), "unifiedRoleEligibilitySchedule"),
        (format!("{rm}/roleEligibilityScheduleInstances"), "unifiedRoleEligibilityScheduleInstance"),
        ("/directory/administrativeUnits".to_owned(), "administrativeUnit"),
        (format!("/directory/administrativeUnits/{unit}/scopedRoleMembers"), "scopedRoleMembership"),
        ("/organization".to_owned(), "organization"),
        ("/domains".to_owned(), "domain"),
        ("/subscribedSkus".to_owned(), "subscribedSku"),
        (format!("/users/{licensed}/licenseDetails"), "licenseDetails"),
        ("/servicePrincipals".to_owned(), "servicePrincipal"),
        ("/devices".to_owned(), "device"),
        ("/contacts".to_owned(), "orgContact"),
        ("/auditLogs/directoryAudits".to_owned(), "directoryAudit"),
        ("/directory/deletedItems/microsoft.graph.user".to_owned(), "user"),
        ("/users/delta".to_owned(), "user"),
        ("/groups/delta".to_owned(), "group"),
    ] {
        let page = w.get(&path).await.expect(200);
        assert!(!page.values().is_empty(), "{path}");
        for object in page.values() {
            check(&types, name, object);
        }
    }
    let truth = w.sim.export();
    for (list, name) in [
        ("users", "user"),
        ("groups", "group"),
        ("administrativeUnits", "administrativeUnit"),
        ("roleDefinitions", "unifiedRoleDefinition"),
        ("servicePrincipals", "servicePrincipal"),
        ("devices", "device"),
        ("contacts", "orgContact"),
    ] {
        for object in truth[list].as_array().unwrap() {
            check(&types, name, object);
        }
    }
    for user in truth["users"].as_array().unwrap() {
        for (list, name) in [
            ("licenseAssignmentStates", "licenseAssignmentState"),
            ("assignedLicenses", "assignedLicense"),
            ("assignedPlans", "assignedPlan"),
            ("identities", "objectIdentity"),
        ] {
            for value in user[list].as_array().unwrap() {
                check(&types, name, value);
            }
        }
    }
}
