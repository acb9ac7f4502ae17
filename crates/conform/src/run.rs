//! Asking all probes, one after the other, those that only read first.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use chrono::Utc;
use serde_json::Value;
use uuid::Uuid;

use crate::connection::{Account, Connection};
use crate::lab::Lab;
use crate::probe::{Door, Effect, Probe, Work};
use crate::probes;
use crate::report::{Line, Outcome, Report};
use crate::seen::Place;
use crate::verdict::{Stop, Verdict, have, hold};
use crate::world::World;

/// Stands for an app that was granted no permission.
const NOTHING: &str = "no permission";

/// What to ask.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Also probes that write.
    pub write: bool,
    /// Only these; all when empty.
    pub only: Vec<String>,
}

/// Asks the probes of an account's tenant, or of a simulator, and tells each as it ends. Fails when a name is
/// of no probe, or nobody can sign in.
pub async fn run(
    account: Account,
    lab: Option<&Lab>,
    what: &Run,
    mut told: impl FnMut(&Line),
) -> Result<Report> {
    for name in &what.only {
        if probes::all().all(|probe| probe.id != name) {
            bail!("there is no probe `{name}`; --list names them");
        }
    }
    let cloud = account.cloud.to_string();
    let graph = Connection::new(account)?;
    if let Err(Stop::NotTried(why) | Stop::Differs(why)) = graph.sign_in().await {
        bail!("{why}");
    }
    let tail = Uuid::new_v4().simple().to_string();
    let prefix = format!("holdfast-conform-{}", &tail[..6]);
    let mut wanted: Vec<&'static Probe> = probes::all()
        .filter(|probe| what.only.is_empty() || what.only.iter().any(|name| name == probe.id))
        .collect();
    wanted.sort_by_key(|probe| probe.effect);

    let mut lines = Vec::with_capacity(wanted.len());
    let mut left_behind = 0;
    for probe in wanted {
        let world = World::new(&graph, lab, &prefix);
        let verdict = match ready(&world, probe, what.write).await {
            Ok(()) => ask(&world, probe).await,
            Err(stop) => Err(stop),
        };
        let line = Line { probe, outcome: Outcome::from(verdict) };
        told(&line);
        lines.push(line);
        left_behind += world.clean_up().await;
    }
    Ok(Report {
        place: if lab.is_some() { Place::Simulator } else { Place::Tenant },
        cloud,
        day: Utc::now().format("%Y-%m-%d").to_string(),
        lines,
        left_behind,
        prefix,
        requests: graph.tally().requests,
    })
}

/// Whether a probe can be asked: writing was allowed, and the app holds what it takes and no more.
async fn ready(world: &World<'_>, probe: &Probe, write: bool) -> Result<(), Stop> {
    if probe.effect == Effect::Writes && !write {
        return Err(Stop::NotTried("it writes, and --write was not given".to_owned()));
    }
    if let Some(lab) = world.lab() {
        let all: Vec<&str> = permissions().into_iter().filter(|p| !probe.without.contains(p)).collect();
        lab.grant(&all).await?;
        world.graph().sign_in().await?;
    }
    let held = world.graph().roles();
    let holds = |name: &&str| held.iter().any(|role| role == name);
    for any in probe.needs {
        if !any.iter().any(holds) {
            let least = any.first().copied().unwrap_or_default();
            return Err(Stop::NotTried(format!("the app does not hold {least}")));
        }
    }
    if let Some(name) = probe.without.iter().find(|name| holds(name)) {
        return Err(Stop::NotTried(format!("the app holds {name}; ask as an app that does not")));
    }
    Ok(())
}

/// The least that all probes together take.
fn permissions() -> BTreeSet<&'static str> {
    probes::all().flat_map(|probe| probe.needs).filter_map(|any| any.first().copied()).collect()
}

async fn ask(world: &World<'_>, probe: &Probe) -> Verdict {
    match probe.run {
        Work::Program(program) => program(world).await,
        Work::Door(door) => knock(world, door).await,
    }
}

/// Tries which permissions open a path. Where they cannot be taken away, the app's own tell one case.
async fn knock(world: &World<'_>, door: Door) -> Verdict {
    let path = resolve(world, door.path).await?;
    let body: Option<Value> = door.body.and_then(|text| serde_json::from_str(text).ok());
    let Some(lab) = world.lab() else {
        let held = world.graph().roles();
        let holds = |list: &[&str]| list.iter().any(|name| held.iter().any(|role| role == name));
        if !holds(door.opens) && !holds(door.shut) && !held.is_empty() {
            return Err(Stop::NotTried("the app holds nothing that tells".to_owned()));
        }
        return try_door(world, &path, body.as_ref(), holds(door.opens), "what the app holds").await;
    };
    let mut wrong = Vec::new();
    for (names, open) in [(door.opens, true), (door.shut, false), (&[NOTHING][..], false)] {
        for name in names {
            lab.grant(if *name == NOTHING { &[] } else { std::slice::from_ref(name) }).await?;
            world.graph().sign_in().await?;
            // A permission that the simulator has never heard of cannot be granted there.
            if *name != NOTHING && world.graph().roles().is_empty() {
                return Err(Stop::NotTried(format!("the simulator does not know {name}")));
            }
            match try_door(world, &path, body.as_ref(), open, name).await {
                Err(Stop::Differs(came)) => wrong.push(came),
                other => drop(other?),
            }
        }
    }
    hold(wrong.is_empty(), || wrong.join("; "))?;
    Ok(String::new())
}

async fn try_door(world: &World<'_>, path: &str, body: Option<&Value>, open: bool, with: &str) -> Verdict {
    let answer = match body {
        Some(body) => world.ask(path, body.clone()).await?,
        None => world.get(path).await?,
    };
    // Nothing there is an answer to somebody who was let in.
    let answered_well = if open { matches!(answer.status, 200 | 404) } else { answer.status == 403 };
    hold(answered_well, || {
        let expected = if open { "200" } else { "403" };
        format!("with {with}, {}; expected {expected}", answer.came())
    })?;
    Ok(String::new())
}

/// Puts ids of the tenant into a path.
async fn resolve(world: &World<'_>, path: &str) -> Result<String, Stop> {
    let mut path = path.to_owned();
    for (mark, collection) in
        [("{user}", "/users"), ("{group}", "/groups"), ("{unit}", "/directory/administrativeUnits")]
    {
        if path.contains(mark) {
            let some = world.get(&format!("{collection}?$top=1&$select=id")).await?;
            let some = some.expect(200).map_err(Stop::preparing)?;
            let id = some.items().first().and_then(|object| object["id"].as_str());
            path = path.replace(mark, have(id, "the tenant has none")?);
        }
    }
    Ok(path)
}
