//! A customer's administrator lets the installation's app in, and nobody else does.

use std::sync::Arc;

use backup::{Backup, ConsentAnswer, ConsentFlow, ConsentNext, Error, InstallationApp, Settings};
use domain::audit::Detail;
use domain::connection::{ConsentState, ProofKind};
use domain::subscription::State;
use reqwest::redirect::Policy;
use serde_json::json;
use store::audit::Entry;
use store::consent::NewConsentLink;
use store::scope::OrgScope;
use store::subscriptions::Becomes;
use store::token::TokenHash;
use url::Url;
use uuid::Uuid;

use crate::world::{World, small};

const RETURN: &str = "http://localhost:4000/consent/return";
const NOTE: Entry<'static> =
    Entry { actor: "test", event: "consent-link-made", object: "", detail: "", address: "" };

/// An installation with an app of its own, and a customer without a tenant.
struct Office {
    world: World,
    backup: Backup,
    customer: OrgScope,
    database: testbed::Database,
}

impl Office {
    async fn all(seed: u64) -> Vec<Office> {
        let mut all = Vec::new();
        for database in testbed::databases() {
            let world = World::on(&database.url, small(seed)).await;
            world.sim.register_redirect_uri(RETURN);
            let base = Some(world.sim.base().to_owned());
            let secret = world.sim.client_secret().to_owned().into();
            let app = InstallationApp::with_secret(world.sim.client_id().to_owned(), secret);
            let settings = Settings { graph_url: base.clone(), login_url: base, app: Some(app) };
            let backup = Backup::new(world.store.clone(), settings, Arc::clone(&world.clock));
            let partner = world.store.root_partner().await.unwrap().unwrap();
            let customer =
                world.store.create_organization(partner, "Fabrikam", world.clock.now()).await.unwrap();
            all.push(Office { world, backup, customer, database });
        }
        all
    }

    async fn link(&self, of: OrgScope, token: &str) -> Uuid {
        let now = self.world.clock.now();
        let new = NewConsentLink {
            token: TokenHash::of(token),
            made_by: "alba@lighthouse.example".to_owned(),
            sent_to: None,
            expires_at: now + chrono::Duration::days(7),
            mail: None,
        };
        self.world.store.create_consent_link(of, new, &NOTE, now).await.unwrap()
    }

    async fn begun(&self, token: &str) -> (Url, ConsentFlow) {
        let flow = self.backup.consent_flow(token).await.unwrap();
        self.backup.consent_begin(&flow, RETURN).await.unwrap()
    }

    async fn answered(&self, flow: &ConsentFlow, answer: &ConsentAnswer) -> Result<ConsentNext, Error> {
        self.backup.consent_answered(flow, answer, RETURN, "192.0.2.7").await
    }

    /// As far as Microsoft's question.
    async fn asked(&self, token: &str, who: &Administrator) -> (Url, ConsentFlow) {
        let (url, flow) = self.begun(token).await;
        let answer = who.signs_in(&url).await;
        match self.answered(&flow, &answer).await.unwrap() {
            ConsentNext::Ask(url, flow) => (url, flow),
            other => panic!("{other:?}"),
        }
    }

    async fn tenants(&self) -> usize {
        self.world.store.tenants(self.customer).await.unwrap().len()
    }

    async fn state(&self) -> ConsentState {
        let links = self.world.store.consent_links(self.customer, self.world.clock.now()).await.unwrap();
        links[0].state
    }

    fn directory(&self, name: &str, domain: &str) -> Administrator {
        let told = self.world.sim.add_tenant(&json!({"displayName": name, "domain": domain})).unwrap();
        Administrator::of(&told)
    }

    /// The directory that is connected for somebody else.
    fn taken(&self) -> Administrator {
        Administrator::of(&self.world.sim.tenants()[0])
    }
}

/// Somebody at a browser that keeps cookies and stops at redirects.
struct Administrator {
    login: String,
    directory: String,
}

impl Administrator {
    fn of(directory: &serde_json::Value) -> Administrator {
        Administrator {
            login: directory["globalAdministrators"][0].as_str().unwrap().to_owned(),
            directory: directory["tenantId"].as_str().unwrap().to_owned(),
        }
    }

    async fn signs_in(&self, url: &Url) -> ConsentAnswer {
        let form = [("login", self.login.as_str()), ("password", "any")];
        read(&http().post(url.clone()).form(&form).send().await.unwrap())
    }

    async fn decides(&self, url: &Url, decision: &str) -> ConsentAnswer {
        let form = [("login", self.login.as_str()), ("password", "any")];
        let page = http().post(url.clone()).form(&form).send().await.unwrap();
        let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let form = [("decision", decision)];
        read(&http().post(url.clone()).header("cookie", cookie).form(&form).send().await.unwrap())
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).build().unwrap()
}

fn read(response: &reqwest::Response) -> ConsentAnswer {
    let url = Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert!(url.as_str().starts_with(RETURN), "{url}");
    let value = |name: &str| url.query_pairs().find(|(k, _)| k == name).map(|(_, v)| v.into_owned());
    ConsentAnswer {
        state: value("state").unwrap(),
        code: value("code"),
        tenant: value("tenant"),
        error: value("error"),
    }
}

fn why(result: Result<ConsentNext, Error>) -> String {
    match result {
        Err(Error::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_lets_the_app_in_and_the_first_backup_runs() {
    for office in Office::all(41).await {
        let fabrikam = office.directory("Fabrikam", "fabrikam.example");
        office.link(office.customer, "the link").await;
        let offer = office.backup.consent_flow("the link").await.unwrap();
        let offer = office.backup.consent_offer(&offer).await.unwrap();
        assert_eq!((offer.organization.as_str(), offer.partner.as_str()), ("Fabrikam", "Northwind"));

        let (url, flow) = office.asked("the link", &fabrikam).await;
        assert!(url.path().contains(&fabrikam.directory), "asked where the administrator signed in: {url}");
        let answer = fabrikam.decides(&url, "accept").await;
        let ConsentNext::Done(done) = office.answered(&flow, &answer).await.unwrap() else { panic!() };
        assert_eq!(done.organization, "Fabrikam");
        assert!(done.can_restore && done.domain.contains('.'), "{done:?}");

        let store = &office.world.store;
        let tenant = store.tenants(office.customer).await.unwrap().remove(0);
        let scope = store.open_tenant(office.customer, tenant.id).await.unwrap().unwrap();
        let connection = store.connection(scope).await.unwrap();
        assert_eq!(connection.directory.to_string(), fabrikam.directory);
        assert_eq!(connection.proof, ProofKind::Installation);
        assert!(connection.healthy && connection.granted.has("User.Read.All"));
        assert!(office.backup.run_due().await.unwrap(), "the first backup was asked for");
        assert_eq!(store.tenant(scope).await.unwrap().published, 1);

        let links = store.consent_links(office.customer, office.world.clock.now()).await.unwrap();
        assert_eq!((links[0].state, links[0].used_by.as_ref()), (ConsentState::Used, Some(&fabrikam.login)));
        assert!(matches!(office.backup.consent_flow("the link").await, Err(Error::LinkSpent)));
        assert!(matches!(office.answered(&flow, &answer).await, Err(Error::LinkSpent)), "once is enough");
        let partner = store.root_partner().await.unwrap().unwrap();
        let log = store.audit_page(partner, None, 1).await.unwrap().remove(0);
        assert_eq!((log.event.as_str(), log.actor.as_str()), ("tenant-connected", "by link"));
        assert!(log.detail.is_some_and(|detail| detail.note.contains(&fabrikam.login)));
        assert_eq!((log.object, log.address.as_str()), (tenant.id.to_string(), "192.0.2.7"));

        // Once more, for the permissions: the same tenant, not another one.
        office.link(office.customer, "again").await;
        let (url, flow) = office.asked("again", &fabrikam).await;
        office.answered(&flow, &fabrikam.decides(&url, "accept").await).await.unwrap();
        assert_eq!(office.tenants().await, 1);
    }
}

/// Two directories have let the app in; an answer that names the one must not bind it where the other was meant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_return_from_consent_binds_nothing() {
    for office in Office::all(42).await {
        let (victim, thief) =
            (office.directory("Victim", "victim.example"), office.directory("Thief", "thief.example"));
        // The victim's directory knows the app, as any customer's does.
        office.link(office.customer, "victim's").await;
        let (url, _) = office.asked("victim's", &victim).await;
        assert!(victim.decides(&url, "accept").await.error.is_none());

        office.link(office.customer, "thief's").await;
        let (_, flow) = office.begun("thief's").await;
        let bare = |state: &str, tenant: &str| ConsentAnswer {
            state: state.to_owned(),
            code: None,
            tenant: Some(tenant.to_owned()),
            error: None,
        };
        // Straight to the end, without signing in.
        why(office.answered(&flow, &bare("guess", &victim.directory)).await);
        why(office.answered(&flow.at_its_start(), &bare("", &victim.directory)).await);

        let (url, flow) = office.asked("thief's", &thief).await;
        let state = url.query_pairs().find(|(k, _)| k == "state").unwrap().1.into_owned();
        why(office.answered(&flow, &bare("guess", &victim.directory)).await);
        let said = why(office.answered(&flow, &bare(&state, &victim.directory)).await);
        assert!(said.contains("another directory"), "{said}");
        why(office.answered(&flow, &ConsentAnswer { tenant: None, ..bare(&state, "") }).await);
        why(office.answered(&flow, &bare(&state, "victim.example")).await);
        assert_eq!(office.tenants().await, 0, "nothing is bound");
        assert_eq!(office.state().await, ConsentState::Open);
        // Their own directory is another matter, and only once it was let in.
        // That is tried for a while, so one database is enough.
        if office.database.url.starts_with("sqlite") {
            let early = office.answered(&flow, &bare(&state, &thief.directory)).await;
            assert!(early.is_err() && office.tenants().await == 0, "{early:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_or_will_not_connects_nothing() {
    for office in Office::all(43).await {
        let fabrikam = office.directory("Fabrikam", "fabrikam.example");
        office.link(office.customer, "the link").await;
        let clerk = Administrator { login: "eve.marchetti@contoso.example".into(), ..office.taken() };
        let (url, flow) = office.begun("the link").await;
        let said = why(office.answered(&flow, &clerk.signs_in(&url).await).await);
        assert!(said.contains("Global Administrator") && said.contains(&clerk.login), "{said}");

        // Connected for another organization: said to nobody.
        let (url, flow) = office.begun("the link").await;
        let said = why(office.answered(&flow, &office.taken().signs_in(&url).await).await);
        assert!(!said.contains("Contoso") && !said.contains("already"), "{said}");

        let (url, flow) = office.asked("the link", &fabrikam).await;
        let said = why(office.answered(&flow, &fabrikam.decides(&url, "cancel").await).await);
        assert!(said.contains("Consent was not given"), "{said}");
        assert_eq!((office.tenants().await, office.state().await), (0, ConsentState::Open));

        // Another browser's answer, with a code of its own.
        let (url, _) = office.begun("the link").await;
        let stolen = fabrikam.signs_in(&url).await;
        let (_, flow) = office.begun("the link").await;
        why(office.answered(&flow, &stolen).await);

        // Taken back while the administrator was deciding.
        let (url, flow) = office.asked("the link", &fabrikam).await;
        let store = &office.world.store;
        let now = office.world.clock.now();
        let links = store.consent_links(office.customer, now).await.unwrap();
        assert!(
            !store.revoke_consent_link(office.world.actor.scope(), links[0].id, &NOTE, now).await.unwrap()
        );
        assert!(store.revoke_consent_link(office.customer, links[0].id, &NOTE, now).await.unwrap());
        let late = office.answered(&flow, &fabrikam.decides(&url, "accept").await).await;
        assert!(matches!(late, Err(Error::LinkSpent)), "{late:?}");
        assert_eq!((office.tenants().await, office.state().await), (0, ConsentState::Revoked));

        // Its time is over.
        office.link(office.customer, "another").await;
        let later = office.world.clock.now() + chrono::Duration::days(7);
        assert!(store.consent_link(TokenHash::of("another"), later).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn without_an_app_nothing_is_offered() {
    let world = World::new(small(44)).await;
    let office = Office {
        customer: world.actor.scope(),
        backup: world.backup.clone(),
        world,
        database: testbed::sqlite(),
    };
    assert!(!office.backup.offers_consent());
    office.link(office.customer, "the link").await;
    let flow = office.backup.consent_flow("the link").await.unwrap();
    let refused = office.backup.consent_begin(&flow, RETURN).await.unwrap_err();
    assert!(refused.to_string().contains("HOLDFAST_APP_CLIENT_ID"), "{refused}");
}

/// Who consented is a person at the customer, whose name goes with all the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_takes_the_administrator_and_the_directory_along() {
    for office in Office::all(45).await {
        let (world, database) = (&office.world, &office.database);
        let drumlin = office.directory("Drumlin Surveyors", "drumlin.example");
        office.link(office.customer, "the link").await;
        let (url, flow) = office.asked("the link", &drumlin).await;
        let answer = drumlin.decides(&url, "accept").await;
        office.answered(&flow, &answer).await.unwrap();
        assert!(office.backup.run_due().await.unwrap(), "the first backup was asked for");

        let traces = ["Drumlin Surveyors", drumlin.login.as_str(), "drumlin.example"];
        assert!(database.files_hold(&drumlin.login), "the test looks where nothing is");
        let (customer, now) = (office.customer, world.clock.now());
        let deleted = Becomes::State { to: State::Deleted, before: Some(State::Active) };
        assert!(!world.store.erase_organization(customer, now, now).await.unwrap(), "nobody deleted it");
        let seen = world.store.organization_of(customer).await.unwrap().unwrap();
        let detail = Detail::note("Deleted");
        let done = world.store.change_subscription(&seen, deleted, &detail, &NOTE, now).await;
        assert!(done.unwrap());
        assert!(world.store.erase_organization(customer, now, now).await.unwrap());
        world.store.forget_erased().await.unwrap();
        for trace in traces {
            assert!(!database.files_hold(trace), "{}: the files still hold {trace}", database.name);
        }
        let partner = world.store.root_partner().await.unwrap().unwrap();
        let check = world.store.verify_audit(partner).await.unwrap();
        assert!(matches!(check, store::audit::AuditCheck::Intact { .. }), "{check:?}");
    }
}
