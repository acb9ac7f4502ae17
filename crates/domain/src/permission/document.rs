//! The permissions as a page to read, made of the list and of the descriptors. The product shows it, and
//! `docs/PERMISSIONS.md` is the same text.

use std::fmt::Write;

use super::{AnyOf, NEEDS, Need};
use crate::descriptor::{DESCRIPTORS, Descriptor, Restorable};
use crate::kind::LinkKind;

const HEAD: &str = "\
Holdfast signs in to Microsoft Graph as an application, with application permissions that an administrator of the \
directory grants. The list is short on purpose: what backups use only reads. What restores use may be granted when \
a restore is due and taken away afterwards; its plan names what is missing before anything is written.
";

/// The page, in Markdown.
#[must_use]
pub fn document() -> String {
    let mut out = format!("# Permissions\n\n{HEAD}");
    let part = |out: &mut String, title: &str, lead: &str, restore: bool| {
        let _ = write!(
            out,
            "\n## {title}\n\n{lead}\n\n| permission | what for | used for | without it |\n|---|---|---|---|\n"
        );
        for need in NEEDS.iter().filter(|n| n.restore == restore) {
            let _ = writeln!(
                out,
                "| `{}` | {}.{} | {} | {} |",
                need.permission.least(),
                need.why,
                enough(need.permission),
                uses(need),
                need.without
            );
        }
    };
    part(&mut out, "For backups", "The first two are enough to begin.", false);
    part(&mut out, "For restores", "None of these is needed to back up and to compare.", true);
    out.push_str("\n## What is read and what can be put back\n\n| kind | attributes | put back | links |\n|---|---|---|---|\n");
    for d in DESCRIPTORS {
        let back = d.attributes.iter().filter(|a| !matches!(a.restorable, Restorable::Never(_))).count();
        let links: Vec<&str> = d.links.iter().map(|l| link(l.kind)).collect();
        let _ =
            writeln!(out, "| {} | {} | {back} | {} |", d.kind.plural(), d.attributes.len(), links.join(", "));
    }
    out
}

/// What else is enough, least first.
fn enough(permission: AnyOf) -> String {
    let larger: Vec<String> = permission.0.iter().skip(1).map(|p| format!("`{p}`")).collect();
    if larger.is_empty() { String::new() } else { format!(" Also enough: {}.", larger.join(", ")) }
}

/// The parts of the descriptors that name it.
fn uses(need: &Need) -> String {
    let mut parts: Vec<String> = Vec::new();
    for d in DESCRIPTORS {
        parts.extend(of(d, need).into_iter().map(|part| format!("{}: {part}", d.kind.plural())));
    }
    if parts.is_empty() { "what is shown beside".to_owned() } else { parts.join("; ") }
}

fn of(d: &Descriptor, need: &Need) -> Vec<String> {
    let is = |any: AnyOf| any == need.permission;
    let mut parts = Vec::new();
    if need.restore {
        if is(d.write) {
            parts.push("attributes".to_owned());
        }
        if d.bin.is_some() && d.restore.0.contains(&need.permission.least()) {
            parts.push("recycle bin".to_owned());
        }
        parts.extend(
            d.attributes
                .iter()
                .filter(|a| matches!(a.restorable, Restorable::Separate(own) if own.0.contains(&need.permission.least())))
                .map(|a| a.label.to_lowercase()),
        );
    } else if is(d.read) {
        parts.push("attributes".to_owned());
    }
    parts.extend(
        d.links
            .iter()
            .filter(|l| is(if need.restore { l.write } else { l.read }))
            .map(|l| link(l.kind).to_owned()),
    );
    parts
}

const fn link(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Member | LinkKind::UnitMember => "members",
        LinkKind::Owner => "owners",
        LinkKind::Manager => "manager",
        LinkKind::RoleAssignment => "assignments",
        LinkKind::ActivatedRole => "temporary assignments",
        LinkKind::Licence => "licences",
        LinkKind::GroupLicense => "licenses of groups",
    }
}

#[cfg(test)]
mod tests {
    use super::document;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PERMISSIONS.md");

    /// With `HOLDFAST_WRITE_DOCS=1` the file is written anew.
    #[test]
    fn the_file_says_what_the_descriptors_say() {
        let text = document();
        if std::env::var_os("HOLDFAST_WRITE_DOCS").is_some() {
            std::fs::write(FILE, &text).unwrap();
        }
        let file = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(
            file == text,
            "docs/PERMISSIONS.md is not what the descriptors say: HOLDFAST_WRITE_DOCS=1 cargo test -p domain document"
        );
    }

    #[test]
    fn every_permission_says_what_it_is_used_for_and_what_else_would_do() {
        let text = document();
        for line in text.lines().filter(|l| l.starts_with("| `")) {
            assert_eq!(line.matches(" | ").count(), 3, "{line}");
        }
        let users = text.lines().find(|l| l.starts_with("| `User.ReadWrite.All`")).unwrap();
        assert!(users.contains("Users: attributes") && users.contains("recycle bin"), "{users}");
        assert!(users.contains("`Directory.ReadWrite.All`"), "{users}");
    }
}
