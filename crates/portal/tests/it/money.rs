//! Use and bills, from what partners' people do over months, on both databases.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::access::PartnerRole;
use domain::bill::Month;
use domain::bulk::Bulk;
use domain::money::Money;
use domain::seats::ProtectionRule;
use domain::subscription::Move;
use domain::view::Completeness;
use portal::{Error, NewPlan};
use store::scope::PartnerActor;
use uuid::Uuid;

use crate::lists::{connect, publish};
use crate::partner::{Trade, customer, field, person, plan};

impl Trade {
    async fn plan_at(&self, of: &PartnerActor, currency: &str, price: &str, periodicity: &str) -> Uuid {
        let new = NewPlan {
            price: price.to_owned(),
            periodicity: periodicity.to_owned(),
            ..plan(of, "backup-entra", currency)
        };
        self.house.portal.create_plan(of, new).await.unwrap()
    }

    fn today(&self) -> NaiveDate {
        self.house.portal.now().date_naive()
    }

    /// To noon of a day that is to come.
    async fn go_to(&self, day: &str) {
        let noon = day.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
        self.house.wait((noon - self.house.portal.now()).num_minutes());
        self.house.portal.sweep().await.unwrap();
    }

    async fn lines(&self, of: &PartnerActor, id: Uuid, month: &str) -> Vec<(String, i64)> {
        let bill = self.house.portal.organization_bill(of, id, Month::read(month)).await.unwrap();
        let lines = bill.rows.into_iter().flat_map(|row| row.lines);
        lines.map(|line| (line.description(), line.amount.minor)).collect()
    }
}

fn amounts(totals: &[Money]) -> BTreeMap<&'static str, i64> {
    totals.iter().map(|money| (money.currency.code(), money.minor)).filter(|(_, minor)| *minor != 0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_follows_from_what_happened() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        t.go_to("2026-06-01").await;
        let monthly = t.plan_at(&t.below, "EUR", "3.10", "monthly").await;
        let dearer = t.plan_at(&t.below, "EUR", "6.20", "monthly").await;
        let id = t.organization(&t.below, monthly, "it@n.example").await;
        t.go_to("2026-07-11").await;
        portal.change_seats(&t.below, id, "20", false, "").await.unwrap();
        t.go_to("2026-07-21").await;
        portal.change_plan(&t.below, id, dearer).await.unwrap();
        // Down again within the day: the day is billed by its end.
        portal.change_plan(&t.below, id, monthly).await.unwrap();
        t.go_to("2026-07-31").await;
        portal.move_organization(&t.below, id, Move::Unsubscribe, "").await.unwrap();
        t.go_to("2026-08-02").await;
        let june = t.lines(&t.below, id, "2026-06").await;
        let name = "backup-entra in EUR";
        assert_eq!(june, [(format!("{name}, 10 seats, 2026-06-01 to 2026-06-30 (30 of 30 days)"), 3100)]);
        assert_eq!(
            t.lines(&t.below, id, "2026-07").await,
            [
                (format!("{name}, 10 seats, 2026-07-01 to 2026-07-10 (10 of 31 days)"), 1000),
                (format!("{name}, 20 seats, 2026-07-11 to 2026-07-30 (20 of 31 days)"), 4000),
            ]
        );
        assert!(t.lines(&t.below, id, "2026-08").await.is_empty());
        let file = portal.bill_csv(&t.root, Month::read("2026-07"), None).await.unwrap();
        assert_eq!(file.lines().count(), 3);
        assert!(file.contains("2026-07-11,2026-07-31,20,31,20,3.10,monthly,40.00,EUR"), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_recorded_once_and_caught_up_and_backups_never_stop_for_want_of_seats() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        t.go_to("2026-06-01").await;
        let free = NewPlan { kind: "trial".into(), ..plan(&t.below, "backup-entra", "EUR") };
        let free = portal.create_plan(&t.below, free).await.unwrap();
        let monthly = t.plan_at(&t.below, "EUR", "3.00", "monthly").await;
        let id = t.organization(&t.below, monthly, "it@n.example").await;
        let trial = t.organization(&t.below, free, "it@t.example").await;
        let org = store.organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
        let tenant = connect(store, org, Default::default(), portal.now()).await;
        publish(store, tenant, 8, 0, Completeness::Complete, portal.now()).await;
        // Three days later twelve are there, of which two cannot sign in; nothing ran in between.
        t.house.wait(3 * 24 * 60);
        publish(store, tenant, 6, 2, Completeness::Complete, portal.now()).await;
        t.house.wait(2 * 24 * 60);
        for _ in 0..3 {
            portal.sweep().await.unwrap();
        }
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = store.days_of_branch(t.root.scope(), day("2026-05-01"), day("2027-01-01")).await.unwrap();
        let seen: Vec<_> = days.iter().map(|d| (d.day, d.organizations, d.seats, d.protected)).collect();
        let expected = [(1, 8), (2, 8), (3, 8), (4, 12), (5, 12)];
        assert_eq!(seen, expected.map(|(d, used)| (day(&format!("2026-06-0{d}")), 2, 20, used)));
        assert_eq!(store.recorded_until().await.unwrap(), Some(t.today()));

        let view = portal.organization(&t.below, id).await.unwrap();
        assert_eq!((view.row.seats_used, view.row.seats), (12, 10));
        assert!(view.shortage.unwrap().contains("Backups go on"), "a shortage is said");
        assert!(store.tenant(tenant).await.unwrap().next_at.is_none_or(|at| at <= portal.now()));
        // Today is counted with what is there now.
        let name = "backup-entra in EUR";
        assert_eq!(
            t.lines(&t.below, id, "2026-06").await,
            [
                (format!("{name}, 10 seats, 2026-06-01 to 2026-06-06 (6 of 30 days)"), 600),
                (
                    format!(
                        "{name}, 2 seats used beyond those bought, 2026-06-04 to 2026-06-06 (3 of 30 days)"
                    ),
                    60
                ),
            ]
        );
        let bill = portal.organization_bill(&t.below, id, None).await.unwrap();
        assert_eq!(amounts(&bill.expected)["EUR"], 3000 + 540, "as it is now, to the end of the month");
        assert_eq!((bill.rows[0].peak, bill.rows[0].user_days), (12, 48));
        let bill = portal.organization_bill(&t.below, trial, None).await.unwrap();
        assert_eq!(
            (bill.rows[0].lines.len(), bill.totals[0].minor),
            (1, 0),
            "a trial stands there and is free"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_seats_come_on_the_day_that_was_agreed() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        t.go_to("2026-06-10").await;
        let monthly = t.plan_at(&t.below, "EUR", "3.00", "monthly").await;
        let yearly = t.plan_at(&t.below, "EUR", "36.50", "yearly").await;
        let id = t.organization(&t.below, monthly, "it@n.example").await;
        t.go_to("2026-06-20").await;
        portal.change_seats(&t.below, id, "4", false, "").await.unwrap();
        // Nothing runs for a month, and the seats are fewer from the renewal on all the same.
        t.go_to("2026-07-20").await;
        let july = t.lines(&t.below, id, "2026-07").await;
        assert!(july[0].0.contains("10 seats, 2026-07-01 to 2026-07-09 (9 of 30 days)"), "{july:?}");
        assert!(july[1].0.contains("4 seats, 2026-07-10 to 2026-07-20 (11 of 31 days)"), "{july:?}");
        // A year begins on the day of the change, and so do its renewals.
        portal.change_plan(&t.below, id, yearly).await.unwrap();
        portal.change_seats(&t.below, id, "2", false, "").await.unwrap();
        let view = portal.organization(&t.below, id).await.unwrap();
        assert_eq!(view.seats_next.unwrap().1.date_naive().to_string(), "2027-07-20");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_the_bill_says_afterwards() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        t.go_to("2026-06-10").await;
        let monthly = t.plan_at(&t.below, "JPY", "311", "monthly").await;
        let dearer = t.plan_at(&t.below, "JPY", "977", "monthly").await;
        let id = t.organization(&t.below, monthly, "it@n.example").await;
        let both = async || {
            // The period from 10 June to 10 July lies in two months; all of it, as it stands.
            let mut sum = 0;
            t.house.wait(60 * 24 * 60);
            for month in ["2026-06", "2026-07"] {
                let bill = portal.organization_bill(&t.below, id, Month::read(month)).await.unwrap();
                let lines = bill.rows.iter().flat_map(|row| &row.lines);
                let inside = |from: NaiveDate| from < "2026-07-10".parse::<NaiveDate>().unwrap();
                sum += lines.filter(|line| inside(line.from)).map(|line| line.amount.minor).sum::<i64>();
            }
            t.house.wait(-60 * 24 * 60);
            sum
        };
        t.go_to("2026-06-23").await;
        let before = both().await;
        let cost = portal.cost_of_seats(&t.below, id, "17").await.unwrap().unwrap();
        portal.change_seats(&t.below, id, "17", false, "").await.unwrap();
        let after = both().await;
        assert_eq!(after - before, cost.preview.net.minor);
        t.go_to("2026-06-29").await;
        let view = portal.organization(&t.below, id).await.unwrap();
        let choice = view.choices.iter().find(|choice| choice.plan.id == dearer).unwrap();
        let net = choice.cost.as_ref().unwrap().preview.net.minor;
        portal.change_plan(&t.below, id, dearer).await.unwrap();
        assert_eq!(both().await - after, net);
        // A wish that is refused has no price.
        assert!(matches!(portal.cost_of_seats(&t.below, id, "0").await, Err(Error::Invalid { .. })));
    }
}

/// Random histories of several customers over months, in currencies of no, two and three decimals: what months, customers
/// and the file say adds up to the same, and partners below add up to the branch.
#[tokio::test(flavor = "multi_thread")]
async fn parts_of_bills_sum_to_the_whole() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let start = t.today();
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        let mut draw = move |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        let mut plans: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for (currency, price) in [("JPY", "317"), ("EUR", "4.23"), ("KWD", "1.337")] {
            for (periodicity, price) in [("monthly", price), ("yearly", price), ("monthly", "7")] {
                let plan = t.plan_at(&t.below, currency, price, periodicity).await;
                plans.entry(currency).or_default().push(plan);
            }
        }
        let mut customers = Vec::new();
        for (at, currency) in ["JPY", "EUR", "KWD", "EUR", "KWD", "JPY"].into_iter().enumerate() {
            let of = customer(&t.below, plans[currency][at % 3], &format!("{at}@x.example"));
            customers.push((currency, portal.create_organization(&t.below, of).await.unwrap().id));
        }
        let own = t.plan_at(&t.root, "EUR", "2.99", "monthly").await;
        t.organization(&t.root, own, "own@x.example").await;
        for _ in 0..60 {
            t.house.wait(i64::try_from(draw(9 * 24 * 60)).unwrap());
            portal.sweep().await.unwrap();
            let (currency, id) = customers[draw(6) as usize];
            // What cannot be done in its state is refused, and billed as if nobody had asked.
            let done = match draw(5) {
                0 => portal.change_plan(&t.below, id, plans[currency][draw(3) as usize]).await,
                1 | 2 => portal.change_seats(&t.below, id, &(1 + draw(40)).to_string(), false, "").await,
                3 => portal.move_organization(&t.below, id, Move::Unsubscribe, "").await,
                _ => portal.move_organization(&t.below, id, Move::Resume, "").await,
            };
            assert!(matches!(done, Ok(()) | Err(Error::Refused(_))), "{done:?}");
        }
        let mut months = vec![Month::of(start)];
        while *months.last().unwrap() < Month::of(t.today()) {
            months.push(months.last().unwrap().next());
        }
        assert!(months.len() > 5, "{months:?}");
        let mut billed = 0;
        for month in months {
            let whole = portal.bill(&t.root, Some(month), None, 0).await.unwrap();
            let below = t.below.scope().partner();
            let part = portal.bill(&t.root, Some(month), Some(below), 0).await.unwrap();
            let theirs = portal.bill(&t.below, Some(month), None, 0).await.unwrap();
            assert_eq!(part.totals, theirs.totals, "from above and from within");
            let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
            for (_, id) in &customers {
                let one = portal.organization_bill(&t.below, *id, Some(month)).await.unwrap();
                amounts(&one.totals)
                    .into_iter()
                    .for_each(|(code, minor)| *sums.entry(code).or_default() += minor);
            }
            sums.retain(|_, minor| *minor != 0);
            assert_eq!(sums, amounts(&part.totals), "{month:?}");
            let file = portal.bill_csv(&t.below, Some(month), None).await.unwrap();
            let mut filed: BTreeMap<&str, i64> = BTreeMap::new();
            for line in file.lines().skip(1) {
                let cells: Vec<&str> = line.split(',').collect();
                let currency = domain::money::Currency::from_code(cells[14]).unwrap();
                let minor = Money::parse(cells[13], currency).unwrap().minor;
                *filed.entry(currency.code()).or_default() += minor;
            }
            filed.retain(|_, minor| *minor != 0);
            assert_eq!(filed, sums, "{month:?}");
            let own = portal.bill(&t.root, Some(month), Some(t.root.scope().partner()), 0).await.unwrap();
            assert_eq!(own.totals, whole.totals, "a partner's branch is itself and those below");
            assert!(matches!(
                portal.bill(&t.below, Some(month), Some(t.root.scope().partner()), 0).await,
                Err(Error::NotFound)
            ));
            billed += sums.len();
        }
        assert!(billed > 10, "the months are not empty");
        let support = person(&t.house, t.below.scope(), "s@b.example", PartnerRole::Support).await;
        assert!(matches!(portal.bill(&support, None, None, 0).await, Err(Error::Forbidden)));
        assert!(matches!(portal.bill_csv(&support, None, None).await, Err(Error::Forbidden)));
        let id = customers[0].1;
        assert!(matches!(portal.organization_bill(&support, id, None).await, Err(Error::Forbidden)));
        assert!(matches!(portal.organization_bill(&t.beside, id, None).await, Err(Error::NotFound)));
        assert!(matches!(portal.cost_of_seats(&t.beside, id, "3").await, Err(Error::NotFound)));
    }
}

/// Every role, everything of use and money and everything done to several, on one's own, a sub-partner's and a stranger's
/// customer. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_bills_or_acts_on_many_beyond_their_branch_or_their_role() {
    use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
    let everybody: &[PartnerRole] = &[Owner, SuperAdmin, Admin, Finance, Support, ReadOnly];
    let money: &[PartnerRole] = &[Owner, SuperAdmin, Admin, Finance, ReadOnly];
    let deeds: [(&str, &[PartnerRole]); 9] = [
        ("dashboard", everybody),
        ("bill", money),
        ("bill as a file", money),
        ("bill of one", money),
        ("cost of seats", &[Owner, SuperAdmin, Admin, Finance]),
        ("ask to suspend several", &[Owner, SuperAdmin, Admin]),
        ("suspend several", &[Owner, SuperAdmin, Admin]),
        ("back up several", &[Owner, SuperAdmin, Admin, Support]),
        ("read the log of another", &[Owner, SuperAdmin, Admin, ReadOnly]),
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
                    let id = t.organization(place, plan, &email).await;
                    let partner = Some(place.scope().partner());
                    // What is chosen and is a stranger's is not there, and nothing is done to it.
                    let some = |found: usize| if found == 1 { Ok(()) } else { Err(Error::NotFound) };
                    let done = match deed {
                        "dashboard" => portal.dashboard(asks).await.map(|page| {
                            assert_eq!(page.billing.is_some(), money.contains(&role), "{role:?}");
                            assert_eq!(page.health.is_some(), role != Finance, "{role:?}");
                        }),
                        "bill" => portal.bill(asks, None, partner, 0).await.map(drop),
                        "bill as a file" => portal.bill_csv(asks, None, partner).await.map(drop),
                        "bill of one" => portal.organization_bill(asks, id, None).await.map(drop),
                        "cost of seats" => portal.cost_of_seats(asks, id, "11").await.map(drop),
                        "ask to suspend several" => {
                            match portal.bulk_question(asks, Bulk::Suspend, &[id]).await {
                                Ok(question) => some(question.rows.len()),
                                Err(why) => Err(why),
                            }
                        }
                        "suspend several" => match portal.bulk_move(asks, Bulk::Suspend, &[id]).await {
                            Ok(done) => some(done.results.len()),
                            Err(why) => Err(why),
                        },
                        "back up several" => match portal.to_back_up(asks, &[id]).await {
                            Ok(found) => some(found.len()),
                            Err(why) => Err(why),
                        },
                        _ => {
                            let filter = domain::audit::AuditFilter { partner, ..Default::default() };
                            portal.audit_log(asks, &filter, None).await.map(drop)
                        }
                    };
                    cases += 1;
                    // One's own first page is one's own wherever the customer is.
                    let expected = who.contains(&role) && (reaches || deed == "dashboard");
                    let refused = match &done {
                        Ok(()) => false,
                        Err(Error::Forbidden) => !who.contains(&role),
                        Err(Error::NotFound) => !reaches,
                        Err(_) => false,
                    };
                    let suspended = t.state(place, id).await == domain::subscription::State::Suspended;
                    let may = deed == "suspend several" && expected;
                    if done.is_ok() != expected || (done.is_err() && !refused) || suspended != may {
                        leaks += 1;
                        println!("{role:?} {deed} reaches {reaches}: {done:?}");
                    }
                }
            }
        }
    }
    println!("{cases} cases, {leaks} leaks");
    assert_eq!(leaks, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_to_one_of_several_keeps_no_other_from_it() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut ids = Vec::new();
        for n in 0..3 {
            ids.push(t.organization(&t.below, plan, &format!("{n}@x.example")).await);
        }
        portal.move_organization(&t.below, ids[1], Move::Suspend, "").await.unwrap();
        ids.push(Uuid::new_v4());
        ids.push(ids[0]);
        let question = portal.bulk_question(&t.below, Bulk::Suspend, &ids).await.unwrap();
        assert_eq!((question.rows.len(), question.unknown), (3, 1));
        assert_eq!(question.rows.iter().filter(|row| row.obstacle.is_some()).count(), 1);
        let done = portal.bulk_move(&t.below, Bulk::Suspend, &ids).await.unwrap();
        let good = done.results.iter().filter(|result| result.outcome.is_ok()).count();
        assert_eq!((done.results.len(), good), (3, 2), "{done:?}");
        assert!(matches!(portal.bulk_move(&t.below, Bulk::Suspend, &[]).await, Err(Error::Refused(_))));
        let many: Vec<Uuid> = (0..201).map(|_| Uuid::new_v4()).collect();
        assert!(matches!(portal.bulk_move(&t.below, Bulk::Suspend, &many).await, Err(Error::Refused(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auto_license_adds_seats_as_people_appear_up_to_its_cap() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let monthly = t.plan_at(&t.below, "EUR", "3.00", "monthly").await;
        let id = t.organization(&t.below, monthly, "it@n.example").await;
        let org = store.organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
        let tenant = connect(store, org, Default::default(), portal.now()).await;
        let seats = async |people| {
            publish(store, tenant, people, 0, Completeness::Complete, portal.now()).await;
            portal.sweep().await.unwrap();
            portal.organization(&t.below, id).await.unwrap().row.seats
        };
        assert_eq!(seats(12).await, 10, "it is off");
        portal.change_seats(&t.below, id, "10", true, "15").await.unwrap();
        for cap in ["0", "-1", "many"] {
            let wrong = portal.change_seats(&t.below, id, "10", true, cap).await;
            assert!(
                matches!(wrong, Err(Error::Invalid { field: "auto_license_cap", .. })),
                "{cap}: {wrong:?}"
            );
        }
        assert_eq!(seats(2).await, 14);
        assert_eq!(seats(2).await, 15, "sixteen people, and no more seats than the cap");
        let view = portal.organization(&t.below, id).await.unwrap();
        assert_eq!(view.auto_license.to_string(), "On, up to 15 seats");
        assert!(view.shortage.unwrap().contains("Backups go on"));
        let said: Vec<String> = view.history.into_iter().map(|event| event.what).collect();
        assert!(
            said.iter().any(|what| what.contains("14 → 15; by auto license, up to its cap; 1 more")),
            "{said:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_who_takes_a_seat_and_another_plan_counts_anew() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let nobody = NewPlan { rule: "nobody".into(), ..plan(&t.below, "backup-entra", "EUR") };
        assert_eq!(field(portal.create_plan(&t.below, nobody).await), "rule");
        let members = t.plan(&t.below, "backup-entra", "EUR").await;
        let all = NewPlan { rule: "all-members".into(), ..plan(&t.below, "archiver-entra", "EUR") };
        let all = portal.create_plan(&t.below, all).await.unwrap();
        let id = t.organization(&t.below, members, "it@n.example").await;
        let org = store.organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
        let tenant = connect(store, org, Default::default(), portal.now()).await;
        let used = async || {
            let view = portal.organization(&t.below, id).await.unwrap();
            (view.row.seats_used, view.rule)
        };
        publish(store, tenant, 10, 3, Completeness::Complete, portal.now()).await;
        assert_eq!(used().await, (7, ProtectionRule::EnabledMembers));
        portal.change_plan(&t.below, id, all).await.unwrap();
        assert_eq!(used().await, (10, ProtectionRule::AllMembers), "at once, not with the next backup");
        publish(store, tenant, 5, 2, Completeness::Complete, portal.now()).await;
        assert_eq!(used().await.0, 15);
    }
}
