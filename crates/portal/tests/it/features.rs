//! Features, switched at a plan, a partner or an organization.

use std::collections::BTreeMap;

use domain::access::{Action, OrgRole, PartnerRole};
use domain::feature::{Feature, FeatureLevel, FeatureRow};
use portal::{Error, Portal};
use secrecy::SecretString;
use store::scope::{Actor, Denied, PartnerActor};
use uuid::Uuid;

use crate::partner::{Trade, field, person};
use crate::{HOME, PASSWORD};

const PLAN: FeatureLevel = FeatureLevel::Plan;
const PARTNER: FeatureLevel = FeatureLevel::Partner;
const ORGANIZATION: FeatureLevel = FeatureLevel::Organization;

fn one(feature: &str, setting: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(feature.to_owned(), setting.to_owned())])
}

/// An Admin of the customer of that e-mail.
pub(crate) async fn admin(portal: &Portal, of: &PartnerActor, organization: Uuid, email: &str) -> Actor {
    let found = portal.store().organization_below(of.scope(), organization).await.unwrap().unwrap();
    let password = SecretString::from(PASSWORD);
    portal.create_account(found.scope(), "Ada", email, password, OrgRole::FullAdmin).await.unwrap()
}

async fn restore_at(portal: &Portal, of: &PartnerActor, level: FeatureLevel, id: Uuid) -> FeatureRow {
    let view = portal.features(of, level, id).await.unwrap();
    view.rows.into_iter().find(|row| row.feature == Feature::Restore).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_setting_holds_at_once_and_says_where_it_comes_from() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let ada = admin(portal, &t.below, id, "ada@n.example").await;
        let restores = async || {
            let ada = portal.store().actor(ada.account, id).await.unwrap().unwrap();
            ada.check(Action::Restore)
        };
        let (top, own) = (t.root.scope().partner(), t.below.scope().partner());
        let steps: [(FeatureLevel, Uuid, &str, bool, &str); 7] = [
            (PLAN, plan, "off", false, "from the plan backup-entra in EUR"),
            (PARTNER, top, "on", true, "from Lighthouse"),
            (PARTNER, own, "off", false, "from Harbour IT"),
            (ORGANIZATION, id, "on", true, "from Harbour IT"),
            (PARTNER, own, "", true, "from Lighthouse"),
            (ORGANIZATION, id, "", true, "from Lighthouse"),
            (PARTNER, top, "", false, "from the plan backup-entra in EUR"),
        ];
        assert_eq!(restores().await, Ok(()), "on from the start");
        for (level, place, setting, on, from) in steps {
            portal.set_features(&t.root, level, place, &one("restore", setting)).await.unwrap();
            let expected = if on { Ok(()) } else { Err(Denied::Off(Feature::Restore)) };
            assert_eq!(restores().await, expected, "{level:?} {setting}");
            let row = restore_at(portal, &t.root, ORGANIZATION, id).await;
            assert_eq!(
                (row.own.unwrap_or(row.inherited), row.from.as_str()),
                (on, from),
                "{level:?} {setting}"
            );
        }
        // Whoever stands below does not learn who stands above.
        portal.set_features(&t.root, PARTNER, top, &one("restore", "off")).await.unwrap();
        let row = restore_at(portal, &t.below, ORGANIZATION, id).await;
        assert_eq!((row.inherited, row.from.as_str()), (false, "from a partner above yours"));
        let row = restore_at(portal, &t.below, PARTNER, own).await;
        assert_eq!((row.own, row.from.as_str()), (None, "from a partner above yours"));

        // A visitor from the partner meets the same.
        let identity = portal.begin_visit(&t.below, id, "They asked").await.unwrap();
        let Some(portal::Who::Organization(visitor)) = portal.who(identity, HOME).await.unwrap() else {
            panic!("no visitor")
        };
        assert_eq!(visitor.check(Action::Restore), Err(Denied::Off(Feature::Restore)));
        assert_eq!(portal.session_view(&visitor).await.unwrap().off, [Feature::Restore]);

        let unknown = portal.set_features(&t.below, ORGANIZATION, id, &one("flying", "on")).await;
        assert_eq!(field(unknown), "features");
        let log = portal.audit_page(&t.root, None).await.unwrap().entries;
        let last = log.iter().find(|e| e.event == "features-changed").unwrap();
        assert_eq!(
            (&*last.object, &*last.detail.to_string()),
            (&*top.to_string(), "Restore: inherited → off")
        );
    }
}

/// Every role at each level, on one's own, a sub-partner's and a stranger's. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_manage_features_switch_them_and_only_in_their_branch() {
    use PartnerRole::{Admin, Owner, SuperAdmin, Support};
    let (mut cases, mut leaks) = (0, 0);
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let mut places = Vec::new();
        for (owner, reaches) in [(&t.below, true), (&t.beside, false), (&t.root, false)] {
            let product = if reaches { "backup-entra" } else { "backup" };
            let plan = t.plan(owner, product, "EUR").await;
            let email = format!("it@{}.example", owner.email.split('@').next().unwrap());
            let organization = t.organization(owner, plan, &email).await;
            let partner = owner.scope().partner();
            places.extend([
                (PLAN, plan, reaches),
                (PARTNER, partner, reaches),
                (ORGANIZATION, organization, reaches),
            ]);
        }
        for role in PartnerRole::ALL {
            let own = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            let top = person(&t.house, t.root.scope(), &format!("{}@a.example", role.slug()), role).await;
            for (level, id, below) in &places {
                for (who, reaches) in [(&own, *below), (&top, true)] {
                    let sees = *level != PLAN || role != Support;
                    let seen = portal.features(who, *level, *id).await;
                    let manages = matches!(role, Owner | SuperAdmin | Admin);
                    let set = portal.set_features(who, *level, *id, &one("download", "off")).await;
                    let fits = |ok: bool, may: bool, error: Option<&Error>| match error {
                        None => ok && may && reaches,
                        Some(Error::Forbidden) => !may,
                        Some(Error::NotFound) => may && !reaches,
                        Some(_) => false,
                    };
                    for (good, what) in [
                        (fits(seen.is_ok(), sees, seen.as_ref().err()), "see"),
                        (fits(set.is_ok(), manages, set.as_ref().err()), "set"),
                    ] {
                        cases += 1;
                        if !good {
                            leaks += 1;
                            println!("{role:?} {what} {level:?} reaches {reaches}: {seen:?} {set:?}");
                        }
                    }
                }
            }
        }
    }
    println!("{cases} cases, {leaks} leaks");
    assert_eq!(leaks, 0);
}
