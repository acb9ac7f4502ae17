//! A simulated directory, a database and the engine between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use backup::capture::{self, Request, Watch};
use backup::{Backup, Clock, Settings, SystemClock};
use domain::access::OrgRole;
use domain::change::Selection;
use domain::permission::Granted;
use domain::plan::{RestoreView, StepView};
use domain::seats::ProtectionRule;
use domain::view::{SnapshotRow, Trigger};
use domain::{Kind, LinkKind};
use graph::{Budgets, Client, Cloud, Credential, Hosts, Http, Proof};
use graph_sim::{Options, Sim};
use serde_json::Value;
use store::accounts::NewAccount;
use store::history::BrowseAt;
use store::scope::{Actor, TenantScope};
use store::tenants::{NewConnection, NewTenant};
use store::{MasterKey, Store};

pub struct World {
    pub sim: Sim,
    pub backup: Backup,
    pub store: Store,
    pub client: Client,
    pub tenant: TenantScope,
    pub actor: Actor,
    pub clock: Arc<dyn Clock>,
    /// Holds a database file while the world lives.
    _files: Option<tempfile::TempDir>,
}

const EMAIL: &str = "ana@northwind.example";
fn master() -> MasterKey {
    MasterKey::from_bytes([5; 32])
}

fn client(base: &str, directory: &str, client_id: &str, secret: &str) -> Client {
    let base: url::Url = base.parse().unwrap();
    let credential = Credential {
        tenant: directory.to_owned(),
        client_id: client_id.to_owned(),
        proof: Proof::secret(secret.to_owned()),
    };
    let hosts = Hosts::of(Cloud::Global).with_overrides(Some(base.clone()), Some(base));
    Client::new(Http::new().unwrap(), hosts, credential, Budgets::default())
}

/// A small directory with something of everything.
pub fn small(seed: u64) -> Options {
    Options { users: 120, groups: 24, members: 8, seed, ..Options::default() }
}

impl World {
    /// A world on a fresh SQLite file.
    pub async fn new(options: Options) -> World {
        let files = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", files.path().join("holdfast.db").display());
        let mut world = World::on(&url, options).await;
        world._files = Some(files);
        world
    }

    /// A world on the database at `url`.
    pub async fn on(url: &str, options: Options) -> World {
        graph::install_crypto();
        let sim = Sim::start(options).await.unwrap();
        let store = Store::open(url, master()).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let now = clock.now();
        let partner = store.create_partner(None, "Northwind", now).await.unwrap();
        let org = store.create_organization(partner, "Contoso", now).await.unwrap();
        let account =
            NewAccount { email: EMAIL.into(), name: "Ana Ruiz".into(), password_hash: "none".into() };
        let actor = store.create_account(org, account, OrgRole::FullAdmin, now).await.unwrap();
        let secret = sim.client_secret().to_owned();
        let tenant = store
            .create_tenant(
                org,
                NewTenant {
                    directory: sim.tenant_id().parse().unwrap(),
                    name: "Contoso".into(),
                    domain: "contoso.example".into(),
                    connection: NewConnection {
                        cloud: "global".into(),
                        client_id: sim.client_id().to_owned(),
                        proof: domain::connection::ProofKind::Secret,
                        secret: secret.clone().into(),
                        expires_at: None,
                        granted: Granted::default(),
                    },
                    every_min: 60,
                    full_every_min: 7 * 24 * 60,
                },
                now,
            )
            .await
            .unwrap();
        let client = client(sim.base(), sim.tenant_id(), sim.client_id(), &secret);
        let settings = Settings {
            graph_url: Some(sim.base().to_owned()),
            login_url: Some(sim.base().to_owned()),
            app: None,
        };
        let backup = Backup::new(store.clone(), settings, clock.clone());
        World { sim, backup, store, client, tenant, actor, clock, _files: None }
    }

    /// The world of a database that is there already, with another simulator of the same directory.
    pub async fn of_earlier(url: &str, options: Options) -> World {
        graph::install_crypto();
        let sim = Sim::start(options).await.unwrap();
        let store = Store::open(url, master()).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let account = store.account_by_email(EMAIL).await.unwrap().unwrap();
        let actor = store.actors(account.id).await.unwrap().remove(0);
        let tenant = store.tenants(actor.scope()).await.unwrap().remove(0);
        let tenant = store.open_tenant(actor.scope(), tenant.id).await.unwrap().unwrap();
        let client = client(sim.base(), sim.tenant_id(), sim.client_id(), sim.client_secret());
        let base = Some(sim.base().to_owned());
        let settings = Settings { graph_url: base.clone(), login_url: base, app: None };
        let backup = Backup::new(store.clone(), settings, clock.clone());
        World { sim, backup, store, client, tenant, actor, clock, _files: None }
    }

    /// One incremental capture of a tenant that another process has set up.
    pub async fn capture_elsewhere(url: &str, base: &str, directory: &str, client_id: &str, secret: &str) {
        graph::install_crypto();
        let store = Store::open(url, master()).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let account = store.account_by_email(EMAIL).await.unwrap().unwrap();
        let actor = store.actors(account.id).await.unwrap().remove(0);
        let tenant = store.tenants(actor.scope()).await.unwrap().remove(0);
        let tenant = store.open_tenant(actor.scope(), tenant.id).await.unwrap().unwrap();
        let client = client(base, directory, client_id, secret);
        let mut watch = Watch::new(store.clone(), None);
        let request = Request { reason: Trigger::Person, full: false, ends_job: false };
        capture::run(&store, &client, &clock, tenant, request, &mut watch).await.unwrap();
    }

    /// A worker of another process: takes jobs until none is due.
    pub async fn worker_elsewhere(url: &str, base: &str) {
        graph::install_crypto();
        let store = Store::open(url, master()).await.unwrap();
        let settings =
            Settings { graph_url: Some(base.to_owned()), login_url: Some(base.to_owned()), app: None };
        let backup = Backup::new(store, settings, Arc::new(SystemClock));
        while backup.run_due().await.unwrap() {}
    }

    /// The engine on the same database, at another time.
    pub fn at(&self, clock: Arc<dyn Clock>) -> Backup {
        let base = Some(self.sim.base().to_owned());
        Backup::new(
            self.store.clone(),
            Settings { graph_url: base.clone(), login_url: base, app: None },
            clock,
        )
    }

    pub async fn capture(&self, full: bool) -> SnapshotRow {
        self.try_capture(full).await.unwrap()
    }

    pub async fn try_capture(&self, full: bool) -> backup::Result<SnapshotRow> {
        let mut watch = Watch::new(self.store.clone(), None);
        let request = Request { reason: Trigger::Person, full, ends_job: false };
        let row =
            capture::run(&self.store, &self.client, &self.clock, self.tenant, request, &mut watch).await?;
        // Seats are carried on from snapshot to snapshot; they are what counting anew would find.
        let carried = self.store.tenant(self.tenant).await?.protected;
        assert_eq!(
            carried,
            self.store.count_protected(self.tenant, row.seq, ProtectionRule::default()).await?
        );
        Ok(row)
    }

    /// Somebody plans to put a selection back to how it was at `to`, confirms what needs it, and lets it
    /// run to its end.
    pub async fn restore(&self, to: i64, seen: i64, selection: Selection) -> (RestoreView, Vec<StepView>) {
        let number = self.plan(to, seen, selection).await;
        for step in self.steps(number).await.iter().filter(|s| s.needs_confirmation) {
            self.backup.confirm_step(&self.actor, self.id(), number, step.number, true).await.unwrap();
        }
        self.backup.start_restore(&self.actor, self.id(), number).await.unwrap();
        self.work().await;
        (self.view(number).await, self.steps(number).await)
    }

    pub async fn plan(&self, to: i64, seen: i64, selection: Selection) -> i64 {
        self.backup.plan(&self.actor, self.id(), to, seen, &selection).await.unwrap()
    }

    pub async fn view(&self, number: i64) -> RestoreView {
        self.backup.restore(&self.actor, self.id(), number).await.unwrap()
    }

    pub async fn steps(&self, number: i64) -> Vec<StepView> {
        let mut out: Vec<StepView> = Vec::new();
        loop {
            let after = out.last().map_or(0, |s| s.number);
            let page = self.backup.steps(&self.actor, self.id(), number, after).await.unwrap();
            if page.is_empty() {
                return out;
            }
            out.extend(page);
        }
    }

    /// The worker takes jobs until none is due.
    pub async fn work(&self) {
        while self.backup.run_due().await.unwrap() {}
    }

    pub fn id(&self) -> uuid::Uuid {
        self.tenant.public_id()
    }

    /// Calls the simulator's control surface.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let http = reqwest::Client::new();
        let url = format!("{}{path}", self.sim.base());
        let answer = http.request(method.parse().unwrap(), url).json(&body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// The same where the simulator may refuse.
    pub async fn control_may_refuse(&self, method: &str, path: &str, body: Value) {
        let url = format!("{}{path}", self.sim.base());
        let request = reqwest::Client::new().request(method.parse().unwrap(), url).json(&body);
        let status = request.send().await.unwrap().status();
        assert!(status.is_success() || status.is_client_error(), "{method} {path}: {status}");
    }

    /// A client that knows nothing of what Microsoft has closed for a while, as if the time had passed.
    pub fn forget_throttles(&mut self) {
        let sim = &self.sim;
        self.client = client(sim.base(), sim.tenant_id(), sim.client_id(), sim.client_secret());
    }

    /// Does something in the directory that no permission stands in the way of.
    pub async fn apply(&self, method: &str, path: &str, body: Value) -> Value {
        self.control("POST", "/sim/apply", serde_json::json!({"method": method, "path": path, "body": body}))
            .await
    }

    /// The directory as the simulator says it is, in the form of [`World::stored`].
    pub fn truth(&self) -> Picture {
        Picture::of_export(&self.sim.export())
    }

    /// The directory as a snapshot says it was.
    pub async fn stored(&self, seq: i64) -> Picture {
        let keys = self.store.keys(self.tenant).await.unwrap();
        let mut picture = Picture::default();
        for kind in Kind::CAPTURED {
            let mut after = None;
            loop {
                let query = BrowseAt { seq, kind, words: "", after: after.clone(), limit: 500 };
                let page = self.store.browse(self.tenant, query).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some((domain::fold::fold(&last.name), last.num));
                let wanted: Vec<_> = page.iter().map(|v| (v.kind, v.num, v.from_seq)).collect();
                let bodies = self.store.bodies(self.tenant, &keys, &wanted).await.unwrap();
                let nums = page.iter().map(|v| v.num).collect();
                let ids = self.store.identities(self.tenant, &nums, seq).await.unwrap();
                for (version, body) in page.iter().zip(bodies) {
                    let body: Value = serde_json::from_slice(&body).unwrap();
                    let id = ids[&version.num].id.to_string();
                    if version.is_live() {
                        picture.live.insert((kind.slug(), id), attributes(kind, &body));
                    } else {
                        picture.bin.insert((kind.slug(), id));
                    }
                }
            }
        }
        let unseen = self.store.unseen_at(self.tenant, &[seq]).await.unwrap();
        let lost: std::collections::HashSet<_> =
            unseen.iter().map(|(num, _)| num).filter(|num| unseen.existence(*num)).collect();
        let ids = self.store.identities(self.tenant, &lost, seq).await.unwrap();
        picture.unseen = ids.values().map(|known| known.id.to_string()).collect();
        for kind in LinkKind::ALL {
            let links = self.store.links_at(self.tenant, kind, seq).await.unwrap();
            let nums = links.iter().flat_map(|l| [l.key.source, l.key.target]).collect();
            let ids = self.store.identities(self.tenant, &nums, seq).await.unwrap();
            for l in links {
                picture.links.insert((
                    kind.slug(),
                    ids[&l.key.source].id.to_string(),
                    ids[&l.key.target].id.to_string(),
                    l.key.disc,
                    l.details.unwrap_or_default(),
                ));
            }
        }
        picture
    }
}

/// A directory in a form that can be compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub live: BTreeMap<(&'static str, String), BTreeMap<String, String>>,
    pub bin: BTreeSet<(&'static str, String)>,
    pub links: BTreeSet<(&'static str, String, String, String, String)>,
    /// Objects that are neither live nor in the recycle bin, which one capture alone does not believe.
    pub unseen: BTreeSet<String>,
}

/// The attributes that are compared, tidied so that the way they were written does not matter.
fn attributes(kind: Kind, object: &Value) -> BTreeMap<String, String> {
    let descriptor = domain::descriptor::of(kind).unwrap();
    descriptor
        .attributes
        .iter()
        .filter(|a| !a.volatile)
        .filter_map(|a| Some((a.name.to_owned(), tidy(object.get(a.name)?)?)))
        .collect()
}

pub fn tidy(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Array(items) => {
            let mut items: Vec<String> = items.iter().filter_map(tidy).collect();
            items.sort();
            (!items.is_empty()).then(|| format!("[{}]", items.join(",")))
        }
        Value::Object(map) => {
            let mut fields: Vec<String> =
                map.iter().filter_map(|(k, v)| Some(format!("{k}:{}", tidy(v)?))).collect();
            fields.sort();
            (!fields.is_empty()).then(|| format!("{{{}}}", fields.join(",")))
        }
        other => Some(other.to_string()),
    }
}

impl Picture {
    fn of_export(export: &Value) -> Picture {
        let mut p = Picture::default();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        for (kind, name) in [
            (Kind::User, "users"),
            (Kind::Group, "groups"),
            (Kind::Role, "roleDefinitions"),
            (Kind::AdministrativeUnit, "administrativeUnits"),
        ] {
            for o in export[name].as_array().unwrap() {
                p.live.insert((kind.slug(), text(&o["id"])), attributes(kind, o));
            }
            for o in export["deleted"][name].as_array().into_iter().flatten() {
                p.bin.insert((kind.slug(), text(&o["id"])));
            }
        }
        let mut pairs = |link: LinkKind, name: &str| {
            for (source, targets) in export[name].as_object().unwrap() {
                for target in targets.as_array().unwrap() {
                    p.links.insert((link.slug(), source.clone(), text(target), String::new(), String::new()));
                }
            }
        };
        pairs(LinkKind::Member, "members");
        pairs(LinkKind::Owner, "owners");
        pairs(LinkKind::UnitMember, "auMembers");
        for (user, manager) in export["manager"].as_object().unwrap() {
            p.links.insert((
                LinkKind::Manager.slug(),
                user.clone(),
                text(manager),
                String::new(),
                String::new(),
            ));
        }
        for a in export["roleAssignments"].as_array().unwrap() {
            let kind =
                if a["activated"] == true { LinkKind::ActivatedRole } else { LinkKind::RoleAssignment };
            p.links.insert((
                kind.slug(),
                text(&a["roleDefinitionId"]),
                text(&a["principalId"]),
                text(&a["directoryScopeId"]),
                String::new(),
            ));
        }
        for (kind, name) in [(LinkKind::Licence, "licences"), (LinkKind::GroupLicense, "groupLicences")] {
            for (holder, licences) in export[name].as_object().unwrap() {
                for l in licences.as_array().unwrap() {
                    let mut plans: Vec<&str> = l["disabledPlans"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .collect();
                    plans.sort_unstable();
                    p.links.insert((
                        kind.slug(),
                        holder.clone(),
                        text(&l["skuId"]),
                        l["assignedByGroup"].as_str().unwrap_or_default().to_owned(),
                        plans.join(","),
                    ));
                }
            }
        }
        p
    }

    /// Fails with the first few differences, said in words.
    #[track_caller]
    pub fn assert_same(&self, truth: &Picture) {
        // Graph hides the links of what lies in the bin, so that only those between live ends can be known.
        let effective = |p: &Picture| -> BTreeSet<_> {
            let binned: BTreeSet<&String> = p.bin.iter().map(|(_, id)| id).chain(&self.unseen).collect();
            p.links
                .iter()
                .filter(|l| !binned.contains(&l.1) && !binned.contains(&l.2))
                .filter(|l| !binned.iter().any(|id| l.3.ends_with(id.as_str())))
                .cloned()
                .collect()
        };
        let (stored, known) = (effective(self), effective(truth));
        let mut said = Vec::new();
        for (key, want) in &truth.live {
            match self.live.get(key) {
                None => said.push(format!("missing {key:?} (in bin: {})", self.bin.contains(key))),
                Some(got) if got != want => {
                    for name in got.keys().chain(want.keys()).collect::<BTreeSet<_>>() {
                        if got.get(name) != want.get(name) {
                            said.push(format!(
                                "{key:?} {name}: stored {:?}, true {:?}",
                                got.get(name),
                                want.get(name)
                            ));
                        }
                    }
                }
                Some(_) => {}
            }
        }
        let kept = |key: &(&'static str, String)| self.unseen.contains(&key.1);
        let unexpected = self.live.keys().filter(|k| !truth.live.contains_key(*k) && !kept(k));
        said.extend(unexpected.map(|k| format!("unexpected {k:?}")));
        said.extend(truth.bin.difference(&self.bin).map(|k| format!("not in bin {k:?}")));
        let unexpected = self.bin.difference(&truth.bin).filter(|k| !kept(k));
        said.extend(unexpected.map(|k| format!("unexpected in bin {k:?}")));
        said.extend(known.difference(&stored).map(|k| format!("missing link {k:?}")));
        said.extend(stored.difference(&known).map(|k| format!("unexpected link {k:?}")));
        assert!(said.is_empty(), "{} differences:\n{}", said.len(), said[..said.len().min(12)].join("\n"));
    }
}
