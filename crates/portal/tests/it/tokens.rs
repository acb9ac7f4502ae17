//! API tokens: who makes them, what they open, and what ends them.

use std::collections::BTreeMap;

use domain::access::{Action, OrgRole, PartnerAction, PartnerRole};
use domain::feature::{Feature, FeatureLevel};
use domain::subscription::Move;
use portal::{BadToken, Bearer, Error, NewApiToken, Who};
use secrecy::SecretString;
use store::scope::Actor;
use uuid::Uuid;

use crate::features::admin;
use crate::partner::{Trade, field, person};
use crate::{HOME, PASSWORD};

fn token(back_up: bool) -> NewApiToken {
    NewApiToken { name: "Night watch".to_owned(), back_up, days: "30".to_owned() }
}

type Answer = Result<Result<Bearer, BadToken>, Error>;

async fn asks(t: &Trade, secret: &str) -> Answer {
    t.house.portal.bearer(&SecretString::from(secret), HOME).await
}

async fn actor(t: &Trade, secret: &str) -> Actor {
    match asks(t, secret).await {
        Ok(Ok(Bearer::Organization(actor))) => actor,
        other => panic!("{other:?}"),
    }
}

async fn is_dead(t: &Trade, secret: &str) -> bool {
    matches!(asks(t, secret).await, Ok(Err(BadToken::Dead)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_opens_little_and_ends() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let ada = admin(portal, &t.below, id, "ada@n.example").await;
        for (days, name) in [("0", "x"), ("366", "x"), ("", "x"), ("30", " ")] {
            let new = NewApiToken { name: name.to_owned(), back_up: false, days: days.to_owned() };
            let wrong = field(portal.create_token(&ada, new).await);
            assert_eq!(wrong, if name == "x" { "days" } else { "name" });
        }
        let reads = portal.create_token(&ada, token(false)).await.unwrap();
        let backs_up = portal.create_token(&ada, token(true)).await.unwrap();
        assert!(!format!("{reads:?}").contains(&reads.secret), "shown in a log");
        let listed = portal.tokens(&ada).await.unwrap();
        assert_eq!(listed.tokens.len(), 2);
        assert!(!serde_json::to_string(&listed).unwrap().contains(&reads.secret), "shown twice");
        assert!(listed.tokens.iter().all(|row| row.used.is_none() && row.maker == "Ada"));

        let (reader, starter) = (actor(&t, &reads.secret).await, actor(&t, &backs_up.secret).await);
        for action in Action::ALL {
            assert_eq!(reader.may(action), action == Action::See, "{action:?}");
            assert_eq!(starter.may(action), matches!(action, Action::See | Action::BackUp), "{action:?}");
        }
        // Its use is noted once a minute.
        let used =
            async || portal.tokens(&ada).await.unwrap().tokens.iter().find_map(|row| row.used).unwrap();
        let first = used().await;
        actor(&t, &reads.secret).await;
        assert_eq!(used().await, first);
        t.house.wait(1);
        actor(&t, &backs_up.secret).await;
        assert!(used().await > first);

        // Another last letter, whichever it has.
        let other = if reads.secret.ends_with('x') { 'y' } else { 'x' };
        let mistyped = format!("{}{other}", &reads.secret[..reads.secret.len() - 1]);
        for bad in ["", "hf_", &mistyped] {
            assert!(matches!(asks(&t, bad).await, Ok(Err(BadToken::Malformed))), "{bad}");
        }
        // What a token may do is never more than what its maker may now.
        let store = portal.store();
        store.set_role(ada.scope(), ada.account, OrgRole::Viewer, portal.now()).await.unwrap();
        assert!(!actor(&t, &backs_up.secret).await.may(Action::BackUp), "more than its maker");
        assert!(matches!(portal.tokens(&actor(&t, &backs_up.secret).await).await, Err(Error::Forbidden)));
        store.set_role(ada.scope(), ada.account, OrgRole::ItAdmin, portal.now()).await.unwrap();

        let revoked = listed.tokens.iter().find(|row| !row.back_up).unwrap().id;
        portal.revoke_token(&ada, revoked).await.unwrap();
        assert!(is_dead(&t, &reads.secret).await);
        assert!(matches!(portal.revoke_token(&ada, revoked).await, Err(Error::NotFound)));
        t.house.wait(30 * 24 * 60);
        assert!(is_dead(&t, &backs_up.secret).await, "expired");
        let events: Vec<String> =
            portal.audit_page(&t.below, None).await.unwrap().entries.into_iter().map(|e| e.event).collect();
        assert_eq!(events[..3], ["token-revoked", "token-created", "token-created"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_people_out_keeps_their_tokens_out() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let ada = admin(portal, &t.below, id, "ada@n.example").await;
        let identity = portal.begin_visit(&t.below, id, "They asked").await.unwrap();
        let Some(Who::Organization(visitor)) = portal.who(identity, HOME).await.unwrap() else { panic!() };
        let secrets = [
            portal.create_token(&ada, token(true)).await.unwrap().secret,
            portal.create_token(&visitor, token(true)).await.unwrap().secret,
            portal.create_partner_token(&t.below, Some(id), token(true)).await.unwrap().secret,
        ];
        let all_live = async || {
            for secret in &secrets {
                assert!(actor(&t, secret).await.may(Action::BackUp));
            }
        };
        let all_dead = async || {
            for secret in &secrets {
                assert!(is_dead(&t, secret).await);
            }
        };
        all_live().await;
        for (to, back) in [(Move::Suspend, Move::Resume), (Move::Unsubscribe, Move::Resume)] {
            portal.move_organization(&t.below, id, to, "").await.unwrap();
            all_dead().await;
            portal.move_organization(&t.below, id, back, "").await.unwrap();
            all_live().await;
        }
        let off = |setting: &str| BTreeMap::from([("api".to_owned(), setting.to_owned())]);
        let at = FeatureLevel::Organization;
        portal.set_features(&t.below, at, id, &off("off")).await.unwrap();
        for secret in &secrets {
            assert!(matches!(asks(&t, secret).await, Err(Error::Off(Feature::Api))));
        }
        let ada_now = portal.store().actor(ada.account, id).await.unwrap().unwrap();
        let refused = portal.create_token(&ada_now, token(false)).await.unwrap_err();
        assert!(refused.to_string().contains("Ask your service provider"), "{refused}");
        portal.set_features(&t.below, at, id, &off("")).await.unwrap();
        all_live().await;

        // The maker's role gone, the token is gone.
        portal.store().remove_member(ada.scope(), ada.account).await.unwrap();
        assert!(is_dead(&t, &secrets[0]).await);
        portal.move_organization(&t.below, id, Move::Delete, "Company of it@n.example").await.unwrap();
        t.house.wait(31 * 24 * 60);
        portal.sweep().await.unwrap();
        all_dead().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_token_opens_its_branch_and_no_more_than_its_makers_role() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let other = t.plan(&t.beside, "backup", "EUR").await;
        let strangers = t.organization(&t.beside, other, "it@s.example").await;
        let secret = portal.create_partner_token(&t.below, None, token(true)).await.unwrap().secret;
        let bearer = async || match asks(&t, &secret).await {
            Ok(Ok(Bearer::Partner(actor))) => actor,
            other => panic!("{other:?}"),
        };
        let partner = bearer().await;
        for action in PartnerAction::ALL {
            use PartnerAction::{BackUp, SeeHealth, SeeMoney, SeeOrganizations};
            let expected = matches!(action, SeeOrganizations | SeeHealth | SeeMoney | BackUp);
            assert_eq!(partner.may(action), expected, "{action:?}");
        }
        let inside = portal.in_customer(&partner, id).await.unwrap();
        assert!(
            inside.may(Action::BackUp) && !inside.may(Action::Restore) && !inside.may(Action::ManageUsers)
        );
        assert!(inside.signature().contains("token"), "{}", inside.signature());
        for nobodys in [strangers, Uuid::nil()] {
            assert!(matches!(portal.in_customer(&partner, nobodys).await, Err(Error::NotFound)));
        }
        assert!(matches!(portal.partner_tokens(&partner, None).await, Err(Error::Forbidden)));
    }
}

/// Every role, own and stranger's. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_by_those_who_may() {
    use PartnerRole::{Admin, Owner, SuperAdmin};
    let (mut cases, mut leaks) = (0, 0);
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let own = t.organization(&t.below, plan, "it@n.example").await;
        let other = t.plan(&t.beside, "backup", "EUR").await;
        let strangers = t.organization(&t.beside, other, "it@s.example").await;
        for role in PartnerRole::ALL {
            let manages = matches!(role, Owner | SuperAdmin | Admin);
            for (at, level) in [(&t.below, "b"), (&t.root, "a")] {
                let email = format!("{}@{level}.example", role.slug());
                let who = person(&t.house, at.scope(), &email, role).await;
                let top = level == "a";
                for (organization, reaches) in
                    [(None, true), (Some(own), true), (Some(strangers), top), (Some(Uuid::nil()), false)]
                {
                    let made = portal.create_partner_token(&who, organization, token(true)).await.map(drop);
                    let listed = portal.partner_tokens(&who, organization).await;
                    let first = listed.as_ref().ok().and_then(|l| Some(l.tokens.first()?.id));
                    let revoked =
                        portal.revoke_partner_token(&who, organization, first.unwrap_or(Uuid::nil())).await;
                    for (what, done) in [("make", made), ("list", listed.map(drop)), ("revoke", revoked)] {
                        cases += 1;
                        let good = match &done {
                            Ok(()) => manages && reaches,
                            Err(Error::Forbidden) => !manages,
                            Err(Error::NotFound) => manages && !reaches,
                            Err(_) => false,
                        };
                        if !good {
                            leaks += 1;
                            println!("{role:?} {what} {organization:?} {reaches}: {done:?}");
                        }
                    }
                }
            }
        }
        for role in OrgRole::ALL {
            let found = portal.store().organization_below(t.below.scope(), own).await.unwrap().unwrap();
            let (email, password) = (format!("{}@n.example", role.slug()), SecretString::from(PASSWORD));
            let who = portal.create_account(found.scope(), "P", &email, password, role).await.unwrap();
            let made = portal.create_token(&who, token(true)).await;
            cases += 1;
            assert_eq!(made.is_ok(), matches!(role, OrgRole::FullAdmin | OrgRole::ItAdmin), "{role:?}");
        }
    }
    println!("{cases} cases, {leaks} leaks");
    assert_eq!(leaks, 0);
}
