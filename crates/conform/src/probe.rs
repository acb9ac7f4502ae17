//! What a probe is.

use std::pin::Pin;

use crate::verdict::Verdict;
use crate::world::World;

/// A probe's program.
pub(crate) type Program = for<'a> fn(&'a World<'a>) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>;

/// Whether a probe changes the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It only asks.
    Reads,
    /// It makes objects of its own, changes them and takes them away.
    Writes,
    /// It looks at the answers that the others got.
    Watches,
}

/// What an assumption rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Microsoft's page says so.
    Documented,
    /// People who met it said so in public; the source names where, or the page that it is about.
    Reported,
    /// Nobody says so; it is concluded from the page that the source names.
    Inferred,
}

/// One assumption about Graph, and the program that asks.
pub struct Probe {
    /// Its name, for the command line and the list.
    pub id: &'static str,
    /// The assumption, as a sentence.
    pub title: &'static str,
    /// Where it comes from: the address of a page.
    pub source: &'static str,
    /// What it rests on.
    pub basis: Basis,
    /// Whether it writes.
    pub effect: Effect,
    /// The application permissions: one of each list, the least first.
    pub needs: &'static [&'static [&'static str]],
    /// It asks what an app sees that holds none of these.
    pub without: &'static [&'static str],
    pub(crate) run: Work,
}

/// How a probe asks.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// By a program of its own.
    Program(Program),
    /// By trying which permission opens a path.
    Door(Door),
}

/// A path and the permissions that open it.
#[derive(Clone, Copy)]
pub(crate) struct Door {
    /// With `{user}`, `{group}` and `{unit}` for any object of the tenant.
    pub(crate) path: &'static str,
    /// A body makes it a POST.
    pub(crate) body: Option<&'static str>,
    /// Each of these suffices.
    pub(crate) opens: &'static [&'static str],
    /// None of these does.
    pub(crate) shut: &'static [&'static str],
}

impl Probe {
    pub(crate) const fn reads(
        id: &'static str,
        title: &'static str,
        source: &'static str,
        needs: &'static [&'static [&'static str]],
        run: Program,
    ) -> Probe {
        Probe {
            id,
            title,
            source,
            basis: Basis::Documented,
            effect: Effect::Reads,
            needs,
            without: &[],
            run: Work::Program(run),
        }
    }

    pub(crate) const fn writes(
        id: &'static str,
        title: &'static str,
        source: &'static str,
        needs: &'static [&'static [&'static str]],
        run: Program,
    ) -> Probe {
        Probe { effect: Effect::Writes, ..Probe::reads(id, title, source, needs, run) }
    }

    pub(crate) const fn door(
        id: &'static str,
        title: &'static str,
        source: &'static str,
        needs: &'static [&'static [&'static str]],
        door: Door,
    ) -> Probe {
        Probe {
            id,
            title,
            source,
            basis: Basis::Documented,
            effect: Effect::Reads,
            needs,
            without: &[],
            run: Work::Door(door),
        }
    }

    pub(crate) const fn watches(mut self) -> Probe {
        self.effect = Effect::Watches;
        self
    }

    pub(crate) const fn reported(mut self) -> Probe {
        self.basis = Basis::Reported;
        self
    }

    pub(crate) const fn inferred(mut self) -> Probe {
        self.basis = Basis::Inferred;
        self
    }

    pub(crate) const fn without(mut self, permissions: &'static [&'static str]) -> Probe {
        self.without = permissions;
        self
    }
}
