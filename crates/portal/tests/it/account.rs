//! One's own account: second factors, sessions, passwords.

use domain::access::{OrgRole, PartnerRole};
use domain::account::{Need, SecondFactorSetUp};
use portal::{Error, Half, Identity, Oneself, Passed, Who};
use secrecy::SecretString;
use store::scope::{PartnerActor, PartnerScope};
use totp_rs::{Builder, Secret};

use crate::{HOME, House, PASSWORD, inside};

const ADA: &str = "ada@contoso.example";

impl House {
    async fn ready() -> Vec<House> {
        let all = House::all().await;
        for house in &all {
            house.set_up().await;
        }
        all
    }

    /// What the phone shows now.
    fn code(&self, set_up: &SecondFactorSetUp) -> String {
        let secret = Secret::try_from_base32(set_up.secret.replace(' ', "")).unwrap();
        let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
        totp.generate(u64::try_from(self.portal.now().timestamp()).unwrap()).to_string()
    }

    async fn me(&self, identity: Identity) -> Oneself {
        Oneself::from(&self.portal.who(identity, HOME).await.unwrap().unwrap())
    }

    async fn ada(&self) -> Oneself {
        let identity = self.sign_in(ADA, PASSWORD, HOME).await.unwrap();
        self.me(identity).await
    }

    /// Sets a second factor up for somebody.
    pub(crate) async fn protect(&self, me: &Oneself) -> (SecondFactorSetUp, Vec<String>) {
        let set_up = self.portal.second_factor_set_up(me).await.unwrap();
        let codes = self.portal.confirm_second_factor(me, &self.code(&set_up), None).await.unwrap();
        (set_up, codes.0)
    }

    async fn half(&self, email: &str) -> Half {
        match self.portal.sign_in(email, SecretString::from(PASSWORD), HOME).await.unwrap() {
            Passed::Half(half) => half,
            Passed::In(signed) => panic!("nothing more was asked of {signed:?}"),
        }
    }

    async fn partner_user(&self, at: PartnerScope, email: &str, role: PartnerRole) -> PartnerActor {
        let password = SecretString::from(PASSWORD);
        self.portal.create_partner_account(at, "Somebody", email, password, role).await.unwrap()
    }
}

fn is_at(error: &Error, wanted: &str) -> bool {
    matches!(error, Error::Invalid { field, .. } if *field == wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_the_app_is_asked_for_after_the_password_and_serves_once() {
    for house in House::ready().await {
        let ada = house.ada().await;
        let set_up = house.portal.second_factor_set_up(&ada).await.unwrap();
        // Shown is not set up: the password alone still does, and the same secret is shown again.
        house.sign_in(ADA, PASSWORD, HOME).await.unwrap();
        assert!(house.portal.second_factor_set_up(&ada).await.unwrap() == set_up);
        let wrong = house.portal.confirm_second_factor(&ada, "000000", None).await.unwrap_err();
        assert!(is_at(&wrong, "code"), "{wrong}");
        let code = house.code(&set_up);
        let codes = house.portal.confirm_second_factor(&ada, &code, None).await.unwrap();
        assert_eq!(codes.0.len(), 10);
        assert!(house.portal.second_factor_set_up(&ada).await.is_err(), "there is one");

        let half = house.half(ADA).await;
        assert_eq!(house.portal.need(&half).await.unwrap(), Some(Need::Code));
        let used = house.portal.prove_again(&half, &code, HOME).await.unwrap_err();
        assert!(is_at(&used, "code"), "the code of the set-up was used up: {used}");
        house.wait(1);
        let code = house.code(&set_up);
        let signed = house.portal.prove_again(&half, &code, HOME).await.unwrap();
        assert!(signed.identity.proved_twice && signed.several);
        assert!(house.portal.who(signed.identity, HOME).await.unwrap().is_some());
        let again = house.half(ADA).await;
        assert!(house.portal.prove_again(&again, &code, HOME).await.is_err(), "{}", house.database.name);

        let events = house.events().await;
        let count = |event: &str| events.iter().filter(|e| **e == format!("{event} {ADA}")).count();
        assert_eq!(count("second-factor-set-up"), 1);
        assert_eq!(count("second-factor-failed"), 2);
        // Twice without a second factor, once with it; a password alone is no sign-in any more.
        assert_eq!(count("sign-in"), 3);
    }
}

/// A page may ask twice at once, and so may two windows: what one of them shows is what the other will take.
#[tokio::test(flavor = "multi_thread")]
async fn two_windows_at_once_show_one_secret() {
    for house in House::ready().await {
        let ada = house.ada().await;
        let ask = || house.portal.second_factor_set_up(&ada);
        let (one, other, third) = tokio::try_join!(ask(), ask(), ask()).unwrap();
        assert!(one == other && other == third, "{}", house.database.name);
        house.wait(61);
        assert!(ask().await.unwrap() != one, "what was shown an hour ago is not shown again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_serve_once_each_and_new_ones_replace_them() {
    for house in House::ready().await {
        let ada = house.ada().await;
        let (set_up, codes) = house.protect(&ada).await;
        let left = async || house.portal.account(&ada, None).await.unwrap().second_factor.codes_left;
        let half = house.half(ADA).await;
        // Typed as people type.
        let typed = codes[0].to_uppercase().replace('-', " ");
        house.portal.prove_again(&half, &typed, HOME).await.unwrap();
        assert_eq!(left().await, 9);
        let again = house.half(ADA).await;
        assert!(is_at(&house.portal.prove_again(&again, &codes[0], HOME).await.unwrap_err(), "code"));

        house.wait(1);
        let new = house.portal.new_recovery_codes(&ada, &house.code(&set_up)).await.unwrap().0;
        assert_eq!(left().await, 10);
        assert!(house.portal.prove_again(&again, &codes[1], HOME).await.is_err(), "an old one");
        house.portal.prove_again(&again, &new[1], HOME).await.unwrap();
        if let Some(file) = house.database.url.strip_prefix("sqlite://") {
            let file = file.split('?').next().unwrap();
            for part in [file.to_owned(), format!("{file}-wal")] {
                let bytes = std::fs::read(part).unwrap_or_default();
                let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
                assert!(!holds(&new[2]) && !holds(&new[2].replace('-', "")), "a code lies in the database");
                assert!(!holds(&set_up.secret.replace(' ', "")), "the secret lies in the database");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_cannot_be_guessed_for_long_and_half_a_sign_in_ends() {
    for house in House::ready().await {
        let ada = house.ada().await;
        let (set_up, _) = house.protect(&ada).await;
        house.wait(1);
        let half = house.half(ADA).await;
        for _ in 0..5 {
            assert!(house.portal.prove_again(&half, "000000", "198.51.100.1").await.is_err());
        }
        let closed = house.portal.prove_again(&half, &house.code(&set_up), "198.51.100.1").await.unwrap_err();
        assert!(matches!(closed, Error::Closed { .. }), "{closed}");
        // Ada herself, elsewhere, is not shut out.
        house.portal.prove_again(&half, &house.code(&set_up), HOME).await.unwrap();
        let half = house.half(ADA).await;
        house.wait(16);
        assert_eq!(house.portal.need(&half).await.unwrap(), None);
        let late = house.portal.prove_again(&half, &house.code(&set_up), HOME).await.unwrap_err();
        assert!(matches!(late, Error::Stale), "{late}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_switched_off_with_password_and_code_only() {
    for house in House::ready().await {
        let ada = house.ada().await;
        let (_, codes) = house.protect(&ada).await;
        let off = async |password: &str, code: &str| {
            house.portal.remove_second_factor(&ada, SecretString::from(password.to_owned()), code).await
        };
        assert!(is_at(&off("not the password", &codes[0]).await.unwrap_err(), "password"));
        assert!(is_at(&off(PASSWORD, "abcde-fghjk").await.unwrap_err(), "code"));
        house.half(ADA).await;
        off(PASSWORD, &codes[0]).await.unwrap();
        house.sign_in(ADA, PASSWORD, HOME).await.unwrap();
        assert_eq!(house.portal.account(&ada, None).await.unwrap().second_factor.codes_left, 0);
    }
}

/// A distributor's rule binds those below, who cannot loosen it, and their customers.
#[tokio::test(flavor = "multi_thread")]
async fn a_partner_asks_everybody_below_for_a_second_factor() {
    for house in House::all().await {
        let (portal, now) = (&house.portal, house.portal.now());
        let store = portal.store();
        let top = store.create_partner(None, "Lighthouse", now).await.unwrap();
        let one = store.create_partner(Some(top), "Harbour IT", now).await.unwrap();
        let two = store.create_partner(Some(top), "Quayside", now).await.unwrap();
        house.partner_user(top, "alba@a.example", PartnerRole::Owner).await;
        house.partner_user(one, "bela@b.example", PartnerRole::Owner).await;
        house.partner_user(two, "cleo@c.example", PartnerRole::Owner).await;
        let org = store.create_organization(one, "Northwind", now).await.unwrap();
        let secret = || SecretString::from(PASSWORD);
        portal.create_account(org, "Eve", "eve@n.example", secret(), OrgRole::Viewer).await.unwrap();
        let partner = async |identity| match portal.who(identity, HOME).await.unwrap() {
            Some(Who::Partner(actor)) => actor,
            other => panic!("{other:?}"),
        };

        // Harbour IT asks: its own and its customers' people, nobody else.
        let bela = house.sign_in("bela@b.example", PASSWORD, HOME).await.unwrap();
        let eve = house.sign_in("eve@n.example", PASSWORD, HOME).await.unwrap();
        let refused = portal.ask_second_factor(&partner(bela).await, true).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "she would shut herself out: {refused}");
        house.protect(&house.me(bela).await).await;
        let bela = Identity { proved_twice: true, ..bela };
        portal.ask_second_factor(&partner(bela).await, true).await.unwrap();
        assert!(portal.who(eve, HOME).await.unwrap().is_none(), "a session without ends");
        assert!(portal.who(bela, HOME).await.unwrap().is_some());
        house.sign_in("cleo@c.example", PASSWORD, HOME).await.unwrap();
        let alba = house.sign_in("alba@a.example", PASSWORD, HOME).await.unwrap();

        // Whoever has none sets one up before anything else, and is in.
        let half = house.half("eve@n.example").await;
        assert_eq!(portal.need(&half).await.unwrap(), Some(Need::SetUp));
        assert!(portal.prove_again(&half, "000000", HOME).await.is_err(), "there is nothing to prove with");
        let set_up = portal.half_set_up(&half).await.unwrap();
        let (signed, codes) = portal.half_confirm(&half, &house.code(&set_up), HOME).await.unwrap();
        assert_eq!(codes.0.len(), 10);
        let eve = house.me(signed.identity).await;
        let kept = portal.remove_second_factor(&eve, secret(), &codes.0[0]).await.unwrap_err();
        assert!(matches!(kept, Error::Refused(_)), "{kept}");

        // The distributor asks: Quayside cannot loosen it.
        house.protect(&house.me(alba).await).await;
        let alba = partner(Identity { proved_twice: true, ..alba }).await;
        portal.ask_second_factor(&alba, true).await.unwrap();
        let half = house.half("cleo@c.example").await;
        let set_up = portal.half_set_up(&half).await.unwrap();
        let (signed, _) = portal.half_confirm(&half, &house.code(&set_up), HOME).await.unwrap();
        let cleo = partner(signed.identity).await;
        portal.ask_second_factor(&cleo, false).await.unwrap();
        let rule = portal.second_factor_rule(&cleo).await.unwrap();
        assert_eq!((rule.own, rule.above.as_deref()), (false, Some("Lighthouse")));
        let bare = Identity { proved_twice: false, ..signed.identity };
        assert!(portal.who(bare, HOME).await.unwrap().is_none());
        // What Harbour IT asks for stays when the distributor stops.
        portal.ask_second_factor(&alba, false).await.unwrap();
        assert!(portal.who(bare, HOME).await.unwrap().is_some());
        assert!(portal.second_factor_rule(&partner(bela).await).await.unwrap().own);
    }
}

/// Owner, Super Admin, Admin, Finance, Support, Read-only.
#[tokio::test(flavor = "multi_thread")]
async fn each_role_rules_and_resets_as_written_out_here() {
    const MAY: [(&str, [bool; 6]); 4] = [
        ("see the rule", [true, true, true, false, false, false]),
        ("set the rule", [true, true, true, false, false, false]),
        ("reset a reader's factor", [true, true, true, false, false, false]),
        ("reset a customer's factor", [true, true, true, false, false, false]),
    ];
    for house in House::all().await {
        let (portal, now) = (&house.portal, house.portal.now());
        let store = portal.store();
        let top = store.create_partner(None, "Lighthouse", now).await.unwrap();
        let beside = store.create_partner(Some(top), "Quayside", now).await.unwrap();
        let org = store.create_organization(top, "Northwind", now).await.unwrap();
        let stranger = house.partner_user(beside, "cleo@c.example", PartnerRole::Owner).await;
        let reader = house.partner_user(top, "rea@a.example", PartnerRole::ReadOnly).await;
        let secret = || SecretString::from(PASSWORD);
        let eve = portal.create_account(org, "Eve", "eve@n.example", secret(), OrgRole::FullAdmin).await;
        let eve = eve.unwrap();
        let reset = async |by: &PartnerActor, account, me: &Oneself| {
            house.protect(me).await;
            let done = portal.reset_second_factor(by, account).await;
            let log = store.append_log(by.scope().into(), &quiet(), now).await;
            log.unwrap();
            if done.is_err() {
                let _ = store.remove_second_factor(account, (by.scope().into(), &quiet()), now).await;
            }
            done
        };
        for (i, role) in PartnerRole::ALL.into_iter().enumerate() {
            let actor = house.partner_user(top, &format!("p{i}@a.example"), role).await.proved(true);
            let tried = [
                portal.second_factor_rule(&actor).await.map(drop),
                portal.ask_second_factor(&actor, false).await,
                reset(&actor, reader.account, &Oneself::from(&reader)).await,
                reset(&actor, eve.account, &Oneself::from(&eve)).await,
            ];
            for ((what, may), done) in MAY.iter().zip(tried) {
                assert_eq!(done.is_ok(), may[i], "{role:?}: {what}: {done:?}");
            }
            // Nobody resets one of their own rank, and a stranger is nobody.
            let peer = house.partner_user(top, &format!("q{i}@a.example"), role).await;
            assert!(reset(&actor, peer.account, &Oneself::from(&peer)).await.is_err(), "{role:?}");
            let beyond = reset(&stranger, eve.account, &Oneself::from(&eve)).await.unwrap_err();
            assert!(matches!(beyond, Error::NotFound), "{beyond}");
        }
        // Somebody who is a stranger's user as well is not the partner's to unlock.
        let at = store.create_organization(beside, "Fabrikam", now).await.unwrap();
        store.set_role(at, eve.account, OrgRole::Viewer, now).await.unwrap();
        let top_owner = house.partner_user(top, "own@a.example", PartnerRole::Owner).await;
        reset(&top_owner, eve.account, &Oneself::from(&eve)).await.unwrap();
        let refused = reset(&stranger, eve.account, &Oneself::from(&eve)).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "{refused}");
    }
}

fn quiet() -> store::audit::Entry<'static> {
    store::audit::Entry { actor: "test", event: "test", object: "", detail: "", address: "" }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_needs_the_old_one_and_ends_what_was_begun_with_it() {
    for house in House::ready().await {
        let ada = house.ada().await;
        let change = async |current: &str, new: &str| {
            let secret = |text: &str| SecretString::from(text.to_owned());
            house.portal.change_password(&ada, secret(current), secret(new), None).await
        };
        assert!(is_at(&change(PASSWORD, "too short").await.unwrap_err(), "password"));
        let new = "lanterns over the dusk";
        assert!(is_at(&change("not the password", new).await.unwrap_err(), "current"));
        change(PASSWORD, new).await.unwrap();
        let old = house.portal.sign_in(ADA, SecretString::from(PASSWORD), HOME).await;
        assert!(matches!(old, Err(Error::WrongCredentials)));
        inside(house.portal.sign_in(ADA, SecretString::from(new), HOME).await.unwrap());
        house.portal.rename(&ada, "  Ada Lovelace ").await.unwrap();
        assert_eq!(house.portal.account(&ada, None).await.unwrap().name, "Ada Lovelace");
        assert!(is_at(&house.portal.rename(&ada, " ").await.unwrap_err(), "name"));
    }
}
