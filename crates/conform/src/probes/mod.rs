//! Every probe, by what it is about.

use crate::probe::Probe;

/// Makes a probe's program of an async function.
macro_rules! run {
    ($program:ident) => {
        |w| Box::pin($program(w))
    };
}

mod batch;
mod bin;
mod counting;
mod delta;
mod delta_links;
mod delta_users;
mod doors;
mod groups;
mod hidden;
mod licences;
mod lists;
mod managers;
mod members;
mod restore;
mod roles;
mod sign_in;
mod tenant;
mod together;
mod units;
mod users;
mod wire;

/// Probes about one thing.
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// The probes.
    pub probes: &'static [Probe],
}

/// All sections, in the order of the list.
pub static SECTIONS: &[Section] = &[
    Section { title: "Signing in", probes: sign_in::PROBES },
    Section { title: "How Graph speaks", probes: wire::PROBES },
    Section { title: "Lists and pages", probes: lists::PROBES },
    Section { title: "Counting and the index", probes: counting::PROBES },
    Section { title: "Batches", probes: batch::PROBES },
    Section { title: "Who may read what", probes: doors::PROBES },
    Section { title: "Delta: how it begins and ends", probes: delta::PROBES },
    Section { title: "Delta: objects", probes: delta_users::PROBES },
    Section { title: "Delta: links", probes: delta_links::PROBES },
    Section { title: "Users", probes: users::PROBES },
    Section { title: "Managers", probes: managers::PROBES },
    Section { title: "Groups", probes: groups::PROBES },
    Section { title: "Members and owners", probes: members::PROBES },
    Section { title: "Hidden members", probes: hidden::PROBES },
    Section { title: "The recycle bin", probes: bin::PROBES },
    Section { title: "What a restore brings back", probes: restore::PROBES },
    Section { title: "Roles", probes: roles::PROBES },
    Section { title: "Administrative units", probes: units::PROBES },
    Section { title: "Licences", probes: licences::PROBES },
    Section { title: "The tenant and its audit log", probes: tenant::PROBES },
    Section { title: "Lag, and two writes at once", probes: together::PROBES },
];

/// All probes, in the order of the list.
pub fn all() -> impl Iterator<Item = &'static Probe> {
    SECTIONS.iter().flat_map(|section| section.probes)
}
