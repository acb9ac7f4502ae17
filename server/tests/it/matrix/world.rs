//! Four partners, three customers with a captured tenant each, and everybody who might call.

use axum::http::StatusCode;
use backup::{Backup, Credentials, Settings, SystemClock};
use domain::access::{OrgRole, PartnerRole};
use domain::change::{Filter, Selection};
use domain::feature::FeatureLevel;
use graph_sim::{Options, Sim};
use portal::{NewApiToken, NewOrganization, NewPlan};
use secrecy::SecretString;
use std::sync::Arc;
use store::scope::{Actor, PartnerActor, PartnerScope};
use uuid::Uuid;

use crate::browser::{Browser, House, PASSWORD, named};

/// A partner's customer, and what there is of it.
pub(super) struct Company {
    pub(super) word: &'static str,
    pub(super) partner: Uuid,
    pub(super) organization: Uuid,
    pub(super) plan: Uuid,
    pub(super) tenant: Uuid,
    pub(super) job: Uuid,
    pub(super) restore: i64,
    pub(super) user: String,
    pub(super) changed: String,
    pub(super) token: Uuid,
    pub(super) owner: PartnerActor,
    pub(super) admin: Actor,
    /// What only its directory knows.
    pub(super) directory: Vec<String>,
}

impl Company {
    pub(super) fn name(&self) -> String {
        format!("{} Works", self.word)
    }

    /// What nobody else's answers may hold.
    pub(super) fn marks(&self) -> Vec<String> {
        let mut marks = vec![self.word.to_owned(), self.word.to_lowercase()];
        for id in [self.organization, self.plan, self.tenant, self.job, self.token] {
            marks.push(id.to_string());
        }
        marks.extend(self.directory.iter().cloned());
        marks
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Partner,
    Organization,
    Visitor,
    Nobody,
}

pub(super) struct Caller {
    pub(super) kind: Kind,
    pub(super) letter: char,
    pub(super) email: String,
    pub(super) browser: Browser,
}

pub(super) struct World {
    pub(super) house: House,
    pub(super) own: Company,
    pub(super) sub: Company,
    pub(super) stranger: Company,
    pub(super) callers: Vec<Caller>,
    _sims: Vec<Sim>,
}

const PARTNERS: [(PartnerRole, char); 6] = [
    (PartnerRole::Owner, 'O'),
    (PartnerRole::SuperAdmin, 'S'),
    (PartnerRole::Admin, 'A'),
    (PartnerRole::Finance, 'F'),
    (PartnerRole::Support, 'T'),
    (PartnerRole::ReadOnly, 'R'),
];
const PEOPLE: [(OrgRole, char); 4] = [
    (OrgRole::FullAdmin, 'F'),
    (OrgRole::ItAdmin, 'I'),
    (OrgRole::RestoreOperator, 'O'),
    (OrgRole::Viewer, 'V'),
];

/// Somebody of the same role, whose sessions may come and go.
pub(super) fn twin(email: &str) -> String {
    format!("twin-{email}")
}

fn secret() -> SecretString {
    SecretString::from(PASSWORD)
}

impl World {
    pub(super) async fn new() -> World {
        let house = House::empty("http://localhost:4000").await;
        let (store, now) = (house.portal.store().clone(), house.portal.now());
        let top = store.create_partner(None, "Lighthouse Distribution", now).await.unwrap();
        let harbour = store.create_partner(Some(top), "Harbour IT", now).await.unwrap();
        let cove = store.create_partner(Some(harbour), "Cove", now).await.unwrap();
        let quayside = store.create_partner(Some(top), "Quayside", now).await.unwrap();
        let mut sims = Vec::new();
        let mut made = Vec::new();
        for (word, partner) in [("Zanzibar", harbour), ("Kilimanjaro", cove), ("Patagonia", quayside)] {
            let options =
                Options { users: 30, groups: 8, seed: 70 + sims.len() as u64, ..Options::default() };
            let sim = Sim::start(options).await.unwrap();
            made.push(company(&house, word, partner, &sim).await);
            sims.push(sim);
        }
        let (stranger, sub, own) = (made.pop().unwrap(), made.pop().unwrap(), made.pop().unwrap());
        let mut world = World { house, own, sub, stranger, callers: Vec::new(), _sims: sims };
        for (role, letter) in PARTNERS {
            let email = format!("{}@harbour.example", role.slug());
            for email in [&email, &twin(&email)] {
                world.house.portal.create_partner_account(harbour, "P", email, secret(), role).await.unwrap();
            }
            world.add(Kind::Partner, letter, &email).await;
            if role.as_visitor().is_some() {
                world.add(Kind::Visitor, letter, &email).await;
            }
        }
        for (role, letter) in PEOPLE {
            let email = format!("{}@customer.example", role.slug());
            let scope = world.own.admin.scope();
            for email in [&email, &twin(&email)] {
                world.house.portal.create_account(scope, "C", email, secret(), role).await.unwrap();
            }
            world.add(Kind::Organization, letter, &email).await;
        }
        let browser = world.house.browser();
        world.callers.push(Caller { kind: Kind::Nobody, letter: '-', email: String::new(), browser });
        world
    }

    async fn add(&mut self, kind: Kind, letter: char, email: &str) {
        let browser = self.enter(kind, email).await;
        self.callers.push(Caller { kind, letter, email: email.to_owned(), browser });
    }

    /// A browser in which that person is where their kind is.
    pub(super) async fn enter(&self, kind: Kind, email: &str) -> Browser {
        let mut browser = self.house.browser();
        if kind == Kind::Nobody {
            return browser;
        }
        assert_eq!(browser.sign_in(email, PASSWORD).await.status, StatusCode::OK, "{email}");
        if kind == Kind::Visitor {
            let id = self.own.organization.to_string();
            let answer = browser.call(named("visit"), &[("id", &id), ("reason", "They asked")]).await;
            assert!(answer.status.is_success() || answer.status.is_redirection(), "{}", answer.text);
        }
        browser
    }

    /// The customer as its own people see it, whole; the log only of a stranger's, since signing in writes there.
    pub(super) async fn state(&self, of: &Company, with_log: bool) -> Vec<String> {
        let (portal, backup, owner, admin) = (&self.house.portal, &self.house.backup, &of.owner, &of.admin);
        let json = |value: serde_json::Result<String>| value.unwrap();
        let mut organization = portal.organization(owner, of.organization).await.unwrap();
        organization.visits.clear();
        let mut state = vec![
            json(serde_json::to_string(&organization)),
            json(serde_json::to_string(&portal.plans(owner).await.unwrap())),
            json(serde_json::to_string(&portal.partner_tokens(owner, None).await.unwrap())),
            json(serde_json::to_string(&portal.tokens(admin).await.unwrap())),
            json(serde_json::to_string(&backup.overview(admin, of.tenant).await.unwrap())),
            json(serde_json::to_string(&backup.connection(admin, of.tenant).await.unwrap())),
            json(serde_json::to_string(&backup.restores(admin, of.tenant).await.unwrap())),
            json(serde_json::to_string(&backup.steps(admin, of.tenant, of.restore, 0).await.unwrap())),
            json(serde_json::to_string(&backup.job_records(admin, of.tenant, None, 100).await.unwrap())),
        ];
        for (level, id) in [
            (FeatureLevel::Plan, of.plan),
            (FeatureLevel::Partner, of.partner),
            (FeatureLevel::Organization, of.organization),
        ] {
            state.push(json(serde_json::to_string(&portal.features(owner, level, id).await.unwrap())));
        }
        if with_log {
            let log = portal.store().audit_page(owner.scope(), None, 1000).await.unwrap();
            state.push(format!("{log:?}"));
        }
        state
    }
}

/// Sells to a customer, connects its tenant, captures it twice and plans a restore of what changed.
async fn company(house: &House, word: &'static str, at: PartnerScope, sim: &Sim) -> Company {
    let (portal, store) = (&house.portal, house.portal.store());
    let small = word.to_lowercase();
    store.set_entra(at, true).await.unwrap();
    let email = format!("owner@{small}.example");
    let owner = portal.create_partner_account(at, "O", &email, secret(), PartnerRole::Owner).await.unwrap();
    let partner = at.partner();
    let plan = NewPlan {
        partner: partner.to_string(),
        name: format!("{word} plan"),
        product: "backup-entra".to_owned(),
        currency: "EUR".to_owned(),
        price: "4.20".to_owned(),
        periodicity: "monthly".to_owned(),
        kind: "standard".to_owned(),
        rule: "enabled-members".to_owned(),
    };
    let plan = portal.create_plan(&owner, plan).await.unwrap();
    let new = NewOrganization {
        first_name: "Maya".to_owned(),
        last_name: word.to_owned(),
        email: format!("it@{small}.example"),
        country: "GB".to_owned(),
        partner: partner.to_string(),
        plan: plan.to_string(),
        name: format!("{word} Works"),
        seats: "40".to_owned(),
        auto_license: false,
        auto_license_cap: String::new(),
        send_email: false,
    };
    let organization = portal.create_organization(&owner, new).await.unwrap().id;
    let scope = store.organization_below(at, organization).await.unwrap().unwrap().scope();
    let email = format!("admin@{small}.example");
    let admin = portal.create_account(scope, word, &email, secret(), OrgRole::FullAdmin).await.unwrap();

    let elsewhere =
        Settings { graph_url: Some(sim.base().into()), login_url: Some(sim.base().into()), app: None };
    let backup = Backup::new(store.clone(), elsewhere, Arc::new(SystemClock));
    let form = Credentials {
        directory: sim.tenant_id().to_owned(),
        client_id: sim.client_id().to_owned(),
        secret: SecretString::from(sim.client_secret()),
        cloud: "global".to_owned(),
        ..Credentials::default()
    };
    let tenant = backup.connect(&admin, &form).await.unwrap();
    assert!(backup.run_due().await.unwrap());
    sim.incident("group-strip").unwrap();
    let job = backup.back_up_now(&admin, tenant).await.unwrap();
    assert!(backup.run_due().await.unwrap());
    let nothing = Filter { kind: None, sort: None, words: String::new() };
    let changes = backup.compare(&admin, tenant, 1, 2, &nothing, None).await.unwrap();
    let all = Selection::Everything(nothing);
    let restore = backup.plan(&admin, tenant, 1, 2, &all).await.unwrap();
    let kind = domain::Kind::User;
    let query = backup::BrowseQuery { at: None, kind, words: String::new(), after: None };
    let users = backup.browse(&admin, tenant, &query).await.unwrap();
    let new = NewApiToken { name: format!("{word} watch"), back_up: false, days: "30".to_owned() };
    portal.create_token(&admin, new).await.unwrap();
    let mut directory = vec![sim.tenant_id().to_owned()];
    directory.extend(users.rows.iter().map(|row| row.object.id.to_string()));
    Company {
        word,
        partner,
        organization,
        plan,
        tenant,
        job,
        restore,
        user: users.rows[0].object.id.to_string(),
        changed: format!("{}:{}", changes.rows[0].object.kind.slug(), changes.rows[0].object.id),
        token: portal.tokens(&admin).await.unwrap().tokens[0].id,
        owner,
        admin,
        directory,
    }
}
