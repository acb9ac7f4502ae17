//! What a partner's people do with plans and customers, and what they cannot.

use domain::access::PartnerRole;
use domain::partner::{Health, OrganizationFilter};
use domain::subscription::{Move, State};
use portal::{At, Error, Identity, NewApiToken, NewOrganization, NewPlan, Passed, Who};
use secrecy::SecretString;
use store::scope::{PartnerActor, PartnerScope};
use uuid::Uuid;

use crate::{HOME, House, PASSWORD, inside};

/// A distributor with a reseller below it and one beside that, each with an Owner.
pub(crate) struct Trade {
    pub(crate) house: House,
    pub(crate) root: PartnerActor,
    pub(crate) below: PartnerActor,
    pub(crate) beside: PartnerActor,
}

impl Trade {
    pub(crate) async fn all() -> Vec<Trade> {
        let mut all = Vec::new();
        for house in House::all().await {
            let (store, now) = (house.portal.store(), house.portal.now());
            let top = store.create_partner(None, "Lighthouse", now).await.unwrap();
            let one = store.create_partner(Some(top), "Harbour IT", now).await.unwrap();
            let two = store.create_partner(Some(top), "Quayside", now).await.unwrap();
            store.set_entra(one, true).await.unwrap();
            let root = person(&house, top, "alba@a.example", PartnerRole::Owner).await;
            let below = person(&house, one, "bela@b.example", PartnerRole::Owner).await;
            let beside = person(&house, two, "cleo@c.example", PartnerRole::Owner).await;
            all.push(Trade { house, root, below, beside });
        }
        all
    }

    pub(crate) async fn plan(&self, of: &PartnerActor, product: &str, currency: &str) -> Uuid {
        self.house.portal.create_plan(of, plan(of, product, currency)).await.unwrap()
    }

    pub(crate) async fn organization(&self, of: &PartnerActor, plan: Uuid, email: &str) -> Uuid {
        self.house.portal.create_organization(of, customer(of, plan, email)).await.unwrap().id
    }

    pub(crate) async fn state(&self, of: &PartnerActor, id: Uuid) -> State {
        self.house.portal.organization(of, id).await.unwrap().row.state
    }
}

pub(crate) async fn person(house: &House, at: PartnerScope, email: &str, role: PartnerRole) -> PartnerActor {
    let password = SecretString::from(PASSWORD);
    house.portal.create_partner_account(at, "Somebody", email, password, role).await.unwrap()
}

pub(crate) fn plan(of: &PartnerActor, product: &str, currency: &str) -> NewPlan {
    NewPlan {
        partner: of.scope().partner().to_string(),
        name: format!("{product} in {currency}"),
        product: product.to_owned(),
        currency: currency.to_owned(),
        price: "4.20".to_owned(),
        periodicity: "monthly".to_owned(),
        kind: "standard".to_owned(),
        rule: "enabled-members".to_owned(),
    }
}

pub(crate) fn customer(of: &PartnerActor, plan: Uuid, email: &str) -> NewOrganization {
    NewOrganization {
        first_name: "Maya".to_owned(),
        last_name: "Okafor".to_owned(),
        email: email.to_owned(),
        country: "GB".to_owned(),
        partner: of.scope().partner().to_string(),
        plan: plan.to_string(),
        name: format!("Company of {email}"),
        seats: "10".to_owned(),
        auto_license: false,
        auto_license_cap: String::new(),
        send_email: false,
    }
}

pub(crate) fn field(result: Result<impl std::fmt::Debug, Error>) -> &'static str {
    match result {
        Err(Error::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_made_and_its_first_admin_takes_up_the_portal() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let made =
            portal.create_organization(&t.below, customer(&t.below, plan, "IT@Northwind.example")).await;
        let made = made.unwrap();
        assert_eq!(made.email, "it@northwind.example");
        let token = made.link.as_deref().unwrap().strip_prefix("/invite/").unwrap();
        let asked = portal.invitation(token).await.unwrap();
        assert_eq!((asked.role.as_str(), asked.is_known), ("Full Admin", false));

        let secret = || SecretString::from("lanterns at the zugspitze");
        let weak = portal.accept_invitation(token, SecretString::from("short"), HOME).await;
        assert_eq!(field(weak), "password");
        let identity = inside(portal.accept_invitation(token, secret(), HOME).await.unwrap());
        assert_eq!(identity.at, At::Organization(made.id));
        assert!(matches!(portal.accept_invitation(token, secret(), HOME).await, Err(Error::InvitationSpent)));
        let signed_in = portal.sign_in("it@northwind.example", secret(), HOME).await.unwrap();
        assert!(matches!(signed_in, Passed::In(signed) if !signed.several));

        let view = portal.organization(&t.below, made.id).await.unwrap();
        assert_eq!(
            (view.row.number.as_str(), view.row.standing.unwrap().health),
            ("100002-1", Health::NotConnected)
        );
        assert_eq!(view.history.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_at_its_field() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        assert_eq!(
            field(
                portal
                    .create_plan(
                        &t.below,
                        NewPlan { price: "4.205".into(), ..plan(&t.below, "backup", "EUR") }
                    )
                    .await
            ),
            "price"
        );
        assert_eq!(field(portal.create_plan(&t.below, plan(&t.below, "backup", "DEM")).await), "currency");
        // The Entra products are not open to this partner, and its distributor is no choice of its own.
        assert_eq!(
            field(portal.create_plan(&t.beside, plan(&t.beside, "backup-entra", "EUR")).await),
            "product"
        );
        assert_eq!(field(portal.create_plan(&t.beside, plan(&t.root, "backup", "EUR")).await), "partner");

        let plan = t.plan(&t.below, "backup", "EUR").await;
        t.organization(&t.below, plan, "it@b.example").await;
        let with = |change: fn(&mut NewOrganization)| {
            let mut new = customer(&t.below, plan, "other@b.example");
            change(&mut new);
            portal.create_organization(&t.below, new)
        };
        assert_eq!(field(with(|n| n.country = "XX".into()).await), "country");
        assert_eq!(field(with(|n| n.seats = "0".into()).await), "seats");
        assert_eq!(field(with(|n| n.plan = Uuid::nil().to_string()).await), "plan");
        assert_eq!(field(with(|n| n.name = " ".into()).await), "name");
        let taken = with(|n| n.email = " IT@B.example".into()).await.unwrap_err();
        assert!(taken.to_string().contains("100002-1"), "{taken}");

        // Beyond one's own branch, nothing more than that it cannot be used.
        let theirs = t.plan(&t.beside, "backup", "EUR").await;
        let taken = portal.create_organization(&t.beside, customer(&t.beside, theirs, "it@b.example")).await;
        assert_eq!(taken.unwrap_err().to_string(), "This e-mail cannot be used. Enter another one.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_goes_through_its_states() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let made =
            portal.create_organization(&t.below, customer(&t.below, plan, "it@n.example")).await.unwrap();
        let token = made.link.as_deref().unwrap().strip_prefix("/invite/").unwrap();
        let secret = SecretString::from("lanterns at the zugspitze");
        let admin = inside(portal.accept_invitation(token, secret, HOME).await.unwrap());
        let is_in = async || portal.who(admin, HOME).await.unwrap().is_some();
        let go = async |what, typed: &str| portal.move_organization(&t.below, made.id, what, typed).await;

        assert!(is_in().await);
        go(Move::Suspend, "").await.unwrap();
        assert!(!is_in().await, "suspended, and still inside");
        assert!(matches!(go(Move::Suspend, "").await, Err(Error::Refused(_))));
        go(Move::Resume, "").await.unwrap();
        assert!(is_in().await);
        go(Move::Unsubscribe, "").await.unwrap();
        assert_eq!(field(go(Move::Delete, "something else").await), "typed");
        assert_eq!(t.state(&t.below, made.id).await, State::Unsubscribed);
        go(Move::Delete, &made.name).await.unwrap();
        assert!(portal.organization(&t.below, made.id).await.unwrap().erased_at.is_some());
        go(Move::UndoDelete, "").await.unwrap();
        assert_eq!(t.state(&t.below, made.id).await, State::Unsubscribed, "as it was before the deletion");

        go(Move::Resume, "").await.unwrap();
        portal.change_seats(&t.below, made.id, "25", true, "").await.unwrap();
        portal.change_seats(&t.below, made.id, "5", true, "").await.unwrap();
        let view = portal.organization(&t.below, made.id).await.unwrap();
        assert_eq!((view.row.seats, view.seats_next.map(|(n, _)| n)), (25, Some(5)), "fewer at the renewal");

        let better = t.plan(&t.below, "archiver-entra", "EUR").await;
        let mail = t.plan(&t.below, "archiver", "EUR").await;
        portal.change_plan(&t.below, made.id, better).await.unwrap();
        for refused in [plan, mail] {
            let why = portal.change_plan(&t.below, made.id, refused).await;
            assert!(matches!(why, Err(Error::Refused(_))), "{why:?}");
        }
        let view = portal.organization(&t.below, made.id).await.unwrap();
        assert_eq!(view.row.plan.map(|p| p.id), Some(better));
        assert!(view.choices.iter().all(|c| c.verdict.is_err()));
        assert_eq!(view.history.len(), 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_erased_when_its_time_is_over() {
    const NAME: &str = "Kestrel and Daughters";
    let names = ["it@gone.example", "Okafor", NAME];
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let made =
            portal.create_organization(&t.below, customer(&t.below, plan, "it@gone.example")).await.unwrap();
        let token = made.link.as_deref().unwrap().strip_prefix("/invite/").unwrap();
        let secret = || SecretString::from("lanterns at the zugspitze");
        portal.accept_invitation(token, secret(), HOME).await.unwrap();
        // What the log tells of people and of the company.
        portal.sign_in("it@gone.example", secret(), HOME).await.unwrap();
        let wrong = SecretString::from("not the one that I chose");
        assert!(portal.sign_in("it@gone.example", wrong, HOME).await.is_err());
        portal.edit_organization(&t.below, made.id, "Maya", "Okafor", NAME, "DE").await.unwrap();
        portal.move_organization(&t.below, made.id, Move::Delete, NAME).await.unwrap();
        for name in names {
            assert!(t.house.database.files_hold(name), "the test looks for {name} where nothing is");
        }
        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        let of = |event: &str| log.iter().find(|e| e.event == event).unwrap().names.clone();
        assert_eq!(of("organization-deleted").object.as_deref(), Some(NAME), "the log is read by names");
        assert_eq!(of("sign-in").organization.as_deref(), Some(NAME));
        assert_eq!(of("plan-created").object.as_deref(), Some("backup-entra in EUR"));
        assert!(log.iter().any(|e| e.actor == "it@gone.example" && e.event == "sign-in-failed"), "{log:?}");
        assert!(log.iter().any(|e| e.detail.to_string().contains(NAME)), "{log:?}");
        t.house.wait(30 * 24 * 60 - 1);
        portal.sweep().await.unwrap();
        assert_eq!(t.state(&t.below, made.id).await, State::Deleted, "there is a minute left to undo it");
        t.house.wait(1);
        let late = portal.move_organization(&t.below, made.id, Move::UndoDelete, "").await;
        assert!(matches!(late, Err(Error::Refused(_))));
        portal.sweep().await.unwrap();
        assert!(matches!(portal.organization(&t.below, made.id).await, Err(Error::NotFound)));
        for name in names {
            assert!(
                !t.house.database.files_hold(name),
                "{}: the files still hold {name}",
                t.house.database.name
            );
        }
        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        assert!(log.iter().any(|e| e.actor == "somebody erased since" && e.event == "sign-in"), "{log:?}");
        assert!(log.iter().all(|e| e.names.organization.is_none()), "what was erased has no name");
        let nobody = portal.sign_in("it@gone.example", secret(), HOME).await;
        assert!(matches!(nobody, Err(Error::WrongCredentials)), "{nobody:?}");
        // The e-mail is free again, and the chain of the log still holds.
        t.organization(&t.below, plan, "it@gone.example").await;
        let store = portal.store();
        let check = store.verify_audit(t.below.scope()).await.unwrap();
        assert!(matches!(check, store::audit::AuditCheck::Intact { .. }));
    }
}

/// The database refuses three things; what does not hang on them is done, and what does is done in the next round.
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_one_keeps_nobody_else_from_their_turn() {
    for t in Trade::all().await {
        // One of the two databases can be made to fail.
        if t.house.database.name != "postgres" {
            continue;
        }
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut ids = Vec::new();
        for n in 0..3 {
            let new = customer(&t.below, plan, &format!("it@{n}.example"));
            let made = portal.create_organization(&t.below, new).await.unwrap();
            portal.move_organization(&t.below, made.id, Move::Delete, &made.name).await.unwrap();
            ids.push(made.id);
        }
        t.house.database.meddle(&format!(
            "CREATE FUNCTION no() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql;
             CREATE TRIGGER no BEFORE DELETE ON attempt EXECUTE FUNCTION no();
             CREATE TRIGGER no BEFORE INSERT ON usage_day EXECUTE FUNCTION no();
             CREATE TRIGGER no BEFORE DELETE ON organization_key FOR EACH ROW
             WHEN (OLD.organization_id IN ('{}', '{}')) EXECUTE FUNCTION no()",
            ids[0], ids[2]
        ));
        t.house.wait(30 * 24 * 60);
        let failed = portal.sweep().await;
        assert!(matches!(failed, Err(Error::Store(_))), "it says that something failed: {failed:?}");
        assert_eq!(t.state(&t.below, ids[0]).await, State::Deleted);
        assert_eq!(t.state(&t.below, ids[2]).await, State::Deleted);
        assert!(matches!(portal.organization(&t.below, ids[1]).await, Err(Error::NotFound)), "it is erased");

        t.house.database.meddle(
            "DROP TRIGGER no ON attempt; DROP TRIGGER no ON usage_day; DROP TRIGGER no ON organization_key",
        );
        portal.sweep().await.unwrap();
        for id in ids {
            assert!(matches!(portal.organization(&t.below, id).await, Err(Error::NotFound)));
        }
    }
}

/// A plan can be deleted as long as nobody ever was on it; who is or was on one keeps it, for histories and bills.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_nobody_ever_was_on_can_be_deleted() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let wrong = t.plan(&t.below, "backup-entra", "EUR").await;
        let first = t.plan(&t.below, "backup-entra", "EUR").await;
        let second = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, first, "it@n.example").await;
        portal.change_plan(&t.below, id, second).await.unwrap();
        let off = [("download".to_owned(), "off".to_owned())].into();
        portal.set_features(&t.below, domain::feature::FeatureLevel::Plan, wrong, &off).await.unwrap();

        let used =
            |plans: &domain::partner::PlansPage, id| plans.plans.iter().find(|p| p.id == id).map(|p| p.used);
        let plans = portal.plans(&t.below).await.unwrap();
        assert_eq!([wrong, first, second].map(|p| used(&plans, p)), [Some(false), Some(true), Some(true)]);
        for kept in [first, second] {
            portal.set_plan_archived(&t.below, kept, true).await.unwrap();
            let refused = portal.delete_plan(&t.below, kept).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        }
        assert!(matches!(portal.delete_plan(&t.beside, wrong).await, Err(Error::NotFound)));
        portal.delete_plan(&t.below, wrong).await.unwrap();
        assert!(matches!(portal.delete_plan(&t.below, wrong).await, Err(Error::NotFound)));
        let plans = portal.plans(&t.below).await.unwrap();
        assert_eq!([wrong, first, second].map(|p| used(&plans, p)), [None, Some(true), Some(true)]);

        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        let entry = log.iter().find(|e| e.event == "plan-deleted").unwrap();
        assert!(entry.detail.note.contains("backup-entra in EUR: Backup Entra, "), "{}", entry.detail.note);
        assert_eq!(entry.object, wrong.to_string());
    }
}

/// Every role, every deed, on one's own, a sub-partner's and a stranger's customer. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_beyond_their_branch_or_their_role() {
    use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
    let deeds: [(&str, &[PartnerRole]); 11] = [
        ("see", &[Owner, SuperAdmin, Admin, Finance, Support, ReadOnly]),
        ("edit", &[Owner, SuperAdmin, Admin]),
        ("suspend", &[Owner, SuperAdmin, Admin]),
        ("delete", &[Owner, SuperAdmin]),
        ("plan", &[Owner, SuperAdmin, Admin, Finance]),
        ("seats", &[Owner, SuperAdmin, Admin, Finance]),
        ("visit", &[Owner, SuperAdmin, Admin, Support, ReadOnly]),
        ("archive", &[Owner, SuperAdmin, Finance]),
        ("delete plan", &[Owner, SuperAdmin, Finance]),
        ("create", &[Owner, SuperAdmin, Admin]),
        ("audit", &[Owner, SuperAdmin, Admin, ReadOnly]),
    ];
    let (mut cases, mut leaks) = (0, 0);
    for t in Trade::all().await {
        let portal = &t.house.portal;
        for role in PartnerRole::ALL {
            let actor = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            let top = person(&t.house, t.root.scope(), &format!("{}@a.example", role.slug()), role).await;
            for (deed, who) in deeds {
                for (asks, place, reaches) in [
                    (&actor, &t.below, true),
                    (&top, &t.below, true),
                    (&actor, &t.root, false),
                    (&actor, &t.beside, false),
                ] {
                    let email = format!("{cases}@x.example");
                    let product = if place.account == t.beside.account { "backup" } else { "backup-entra" };
                    let plan = t.plan(place, product, "EUR").await;
                    let other = t.plan(place, product, "EUR").await;
                    let id = t.organization(place, plan, &email).await;
                    let name = format!("Company of {email}");
                    let done = match deed {
                        "see" => portal.organization(asks, id).await.map(drop),
                        "edit" => portal.edit_organization(asks, id, "A", "B", &name, "DE").await,
                        "suspend" => portal.move_organization(asks, id, Move::Suspend, "").await,
                        "delete" => portal.move_organization(asks, id, Move::Delete, &name).await,
                        "plan" => portal.change_plan(asks, id, other).await,
                        "seats" => portal.change_seats(asks, id, "11", false, "").await,
                        "visit" => portal.begin_visit(asks, id, "They asked").await.map(drop),
                        "delete plan" => portal.delete_plan(asks, other).await,
                        "archive" => portal.set_plan_archived(asks, plan, true).await,
                        "create" => {
                            let new = customer(place, plan, &format!("new{cases}@x.example"));
                            portal.create_organization(asks, new).await.map(drop)
                        }
                        _ => portal.audit_page(asks, None).await.map(drop),
                    };
                    cases += 1;
                    // One's own audit log is one's own wherever the customer is.
                    let expected = who.contains(&role) && (reaches || deed == "audit");
                    let refused = match &done {
                        Ok(()) => false,
                        Err(Error::Forbidden) => !who.contains(&role),
                        Err(Error::NotFound) => !reaches,
                        Err(Error::Invalid { field: "partner", .. }) => deed == "create" && !reaches,
                        Err(_) => false,
                    };
                    if done.is_ok() != expected || (done.is_err() && !refused) {
                        leaks += 1;
                        println!("{role:?} {deed} reaches {reaches}: {done:?}");
                    }
                    let list = OrganizationFilter { words: email.clone(), ..Default::default() };
                    let seen = portal.organizations(asks, &list, None).await.unwrap().rows;
                    if !reaches && !seen.is_empty() {
                        leaks += 1;
                    }
                }
            }
        }
    }
    println!("{cases} cases, {leaks} leaks");
    assert_eq!(leaks, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_marked_limited_and_ends() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        assert_eq!(field(portal.begin_visit(&t.below, id, " ").await), "reason");
        let support = person(&t.house, t.below.scope(), "sten@b.example", PartnerRole::Support).await;
        let identity = portal.begin_visit(&support, id, "Ticket 4711").await.unwrap();
        let Some(Who::Organization(visitor)) = portal.who(identity, HOME).await.unwrap() else { panic!() };
        use domain::access::Action;
        assert!(
            visitor.may(Action::BackUp) && !visitor.may(Action::Restore) && !visitor.may(Action::ManageUsers)
        );
        assert_eq!(portal.session_view(&visitor).await.unwrap().visit.unwrap().reason, "Ticket 4711");
        // Nobody else's session can take the visit over.
        let thief = Identity { account: t.beside.account, ..identity };
        assert!(portal.who(thief, HOME).await.unwrap().is_none());

        let back = portal.end_visit(&visitor).await.unwrap();
        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        assert!(log[0].actor.contains("visiting") && log[0].actor.contains(&id.to_string()), "{:?}", log[0]);
        let names = |text: &str| text.contains("Company of");
        assert!(
            log.iter().all(|e| !names(&e.actor) && !names(&e.detail.to_string())),
            "the log outlives the customer's name"
        );
        let began = log.iter().find(|e| e.event == "visit-began").unwrap();
        assert_eq!(began.detail.note, "Ticket 4711");
        assert_eq!(back.at, At::Partner(t.below.scope().partner()));
        assert!(portal.who(identity, HOME).await.unwrap().is_none(), "ended, and still inside");
        let again = portal.begin_visit(&support, id, "Ticket 4712").await.unwrap();
        t.house.wait(60);
        assert!(portal.who(again, HOME).await.unwrap().is_none(), "an hour is over");
        assert_eq!(portal.organization(&t.below, id).await.unwrap().visits.len(), 2, "both are listed");

        let last = portal.begin_visit(&support, id, "Ticket 4713").await.unwrap();
        portal.move_organization(&t.below, id, Move::Suspend, "").await.unwrap();
        assert!(
            portal.who(last, HOME).await.unwrap().is_some(),
            "backups go on, and somebody looks after them"
        );
        portal.move_organization(&t.below, id, Move::Unsubscribe, "").await.unwrap();
        assert!(portal.who(last, HOME).await.unwrap().is_none(), "unsubscribed, and still inside");

        let mail = t.plan(&t.below, "backup", "EUR").await;
        let closed = t.organization(&t.below, mail, "it@m.example").await;
        let why = portal.begin_visit(&t.below, closed, "Looking").await.unwrap_err();
        assert!(why.to_string().contains("no Entra portal"), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_found_filtered_paged_and_taken_along() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let entra = t.plan(&t.below, "backup-entra", "EUR").await;
        let mail = t.plan(&t.below, "backup", "EUR").await;
        for n in 0..60 {
            let plan = if n % 10 == 0 { mail } else { entra };
            t.organization(&t.below, plan, &format!("n{n:02}_%@x.example")).await;
        }
        let all = OrganizationFilter::default();
        let first = portal.organizations(&t.below, &all, None).await.unwrap();
        assert_eq!((first.rows.len(), first.counts[0]), (50, (State::Active, 60)));
        let rest = portal.organizations(&t.below, &all, first.next.as_deref()).await.unwrap();
        assert_eq!((rest.rows.len(), rest.next), (10, None));

        let count = async |filter: OrganizationFilter| {
            portal.organizations(&t.root, &filter, None).await.unwrap().rows.len()
        };
        let words = |w: &str| OrganizationFilter { words: w.to_owned(), ..Default::default() };
        assert_eq!(count(words("N07_%")).await, 1, "a sign of patterns is just a sign");
        assert_eq!(count(words("100002-33")).await, 1);
        assert_eq!(count(words("nobody")).await, 0);
        assert_eq!(count(OrganizationFilter { plan: Some(mail), ..Default::default() }).await, 6);
        assert_eq!(
            count(OrganizationFilter { health: Some(Health::NoEntra), ..Default::default() }).await,
            6
        );
        assert_eq!(count(OrganizationFilter { state: Some(State::Deleted), ..Default::default() }).await, 0);

        let csv = portal.organizations_csv(&t.below, &words("n07")).await.unwrap();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains("4.20,EUR,monthly"), "{csv}");
        let support = person(&t.house, t.below.scope(), "s@b.example", PartnerRole::Support).await;
        let csv = portal.organizations_csv(&support, &words("n07")).await.unwrap();
        assert!(!csv.contains("4.20"), "support sees no prices");
    }
}

/// Whoever decided on what is not so any more decides again.
#[tokio::test(flavor = "multi_thread")]
async fn two_changes_of_one_subscription_do_not_overwrite_each_other() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup", "EUR").await;
        let entra = t.plan(&t.below, "backup-entra", "EUR").await;
        let archiver = t.plan(&t.below, "archiver", "EUR").await;
        let org = t.organization(&t.below, plan, "it@n.example").await;
        let (one, other) = tokio::join!(
            portal.change_plan(&t.below, org, entra),
            portal.change_plan(&t.below, org, archiver)
        );
        let view = portal.organization(&t.below, org).await.unwrap();
        let now = view.row.plan.unwrap().id;
        assert!(one.is_ok() != other.is_ok(), "{}: {one:?}, {other:?}", t.house.database.name);
        assert_eq!(now, if one.is_ok() { entra } else { archiver });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_seats_that_were_agreed_stay_agreed_and_count_from_the_end_of_the_new_period() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let monthly = t.plan(&t.below, "backup-entra", "EUR").await;
        let yearly = NewPlan { periodicity: "yearly".to_owned(), ..plan(&t.below, "archiver-entra", "EUR") };
        let yearly = portal.create_plan(&t.below, yearly).await.unwrap();
        let org = t.organization(&t.below, monthly, "it@n.example").await;
        portal.change_seats(&t.below, org, "60", false, "").await.unwrap();
        portal.change_seats(&t.below, org, "40", false, "").await.unwrap();
        let next = async || portal.organization(&t.below, org).await.unwrap().seats_next;
        let agreed = next().await.unwrap();
        // The form says 40; another thing is changed.
        portal.change_seats(&t.below, org, "40", true, "").await.unwrap();
        assert_eq!(next().await, Some(agreed));
        portal.change_plan(&t.below, org, yearly).await.unwrap();
        let (seats, at) = next().await.unwrap();
        assert_eq!(seats, 40);
        assert!((at - portal.now()).num_days() > 360, "{at}: a whole year was charged for 60");
        // Typed again as it is now: the agreement is taken back, and the history says so.
        portal.change_seats(&t.below, org, "60", true, "").await.unwrap();
        assert_eq!(next().await, None);
        let said = portal.organization(&t.below, org).await.unwrap().history[0].what.clone();
        assert!(said.contains("Seats agreed: 40 from"), "{said}");
    }
}

/// A plan without Entra: its people manage each other and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn without_entra_in_the_plan_there_is_no_entra_portal() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup", "EUR").await;
        let made =
            portal.create_organization(&t.below, customer(&t.below, plan, "it@n.example")).await.unwrap();
        let token = made.link.unwrap().strip_prefix("/invite/").unwrap().to_owned();
        let identity = inside(portal.accept_invitation(&token, PASSWORD.into(), HOME).await.unwrap());
        let on = async || {
            let Some(Who::Organization(actor)) = portal.who(identity, HOME).await.unwrap() else { panic!() };
            let on = domain::feature::Feature::ALL.into_iter().filter(|f| actor.check_feature(*f).is_ok());
            on.map(domain::feature::Feature::slug).collect::<Vec<_>>()
        };
        assert_eq!(on().await, ["user-management", "api"]);
        let entra = t.plan(&t.below, "backup-entra", "EUR").await;
        portal.change_plan(&t.below, made.id, entra).await.unwrap();
        assert_eq!(on().await.len(), domain::feature::Feature::ALL.len());
    }
}

/// A door that is closed: nothing is made that would lead to it, and no link is spent on it.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_organization_makes_no_keys_and_spends_none() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let own = Who::Partner(t.below.clone());
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let org = t.organization(&t.below, plan, "it@n.example").await;
        let at = org.to_string();
        let invited = portal.invite_person(&own, &at, "Ann", "ann@n.example", "viewer", false).await.unwrap();
        let token = invited.link.unwrap().strip_prefix("/invite/").unwrap().to_owned();
        portal.move_organization(&t.below, org, Move::Suspend, "").await.unwrap();
        let key = NewApiToken { name: "Nightly".to_owned(), back_up: false, days: "30".to_owned() };
        let made = portal.create_partner_token(&t.below, Some(org), key).await;
        assert!(matches!(made, Err(Error::Refused(_))), "{made:?}");
        let made = portal.invite_person(&own, &at, "Ben", "ben@n.example", "viewer", false).await;
        assert!(matches!(made, Err(Error::Refused(_))), "{made:?}");
        let taken = portal.accept_invitation(&token, PASSWORD.into(), HOME).await;
        assert!(matches!(taken, Err(Error::Refused(_))), "{taken:?}");
        portal.move_organization(&t.below, org, Move::Resume, "").await.unwrap();
        portal.accept_invitation(&token, PASSWORD.into(), HOME).await.unwrap();
    }
}
