//! How portals and mails look: what a partner chooses, who sees it, and who may choose.

use domain::access::PartnerRole;
use domain::brand::{BrandField, BrandOrigin, BrandView, PictureKind};
use domain::help::HelpTopic;
use portal::{At, Error, Identity, Oneself, Onlooker, Who};
use secrecy::SecretString;

use crate::HOME;
use crate::mail::trades;
use crate::partner::{Trade, customer, field, person};

const DRAWING: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 10'><path d='M0 0h40'/></svg>";

fn png(width: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(40_u32.to_be_bytes());
    png
}

async fn shown(t: &Trade, onlooker: Onlooker<'_>) -> BrandView {
    t.house.portal.brand(onlooker).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_comes_from_the_nearest_who_chose_it() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let start = portal.branding(&t.below).await.unwrap();
        assert_eq!((start.shown.name(), start.origins.len()), ("Holdfast", 4));
        assert!(start.origins.iter().all(|origin| *origin == BrandOrigin::Product));

        portal.set_brand_name(&t.root, " Lighthouse Cloud ").await.unwrap();
        portal.set_brand_accent(&t.root, "#4CC2A5").await.unwrap();
        portal.set_brand_picture(&t.root, BrandField::Logo, DRAWING.to_vec()).await.unwrap();
        portal.set_brand_name(&t.below, "Harbour Backup").await.unwrap();
        let page = portal.branding(&t.below).await.unwrap();
        assert_eq!(page.origin(BrandField::Name), BrandOrigin::Own);
        assert_eq!(page.origin(BrandField::Accent), BrandOrigin::From("Lighthouse".to_owned()));
        assert_eq!(page.origin(BrandField::Icon), BrandOrigin::Product);
        assert_eq!((page.shown.name(), page.shown.accent.as_deref()), ("Harbour Backup", Some("#4cc2a5")));
        let (light, dark) = page.shades.unwrap();
        assert_ne!(light, "#4cc2a5", "mint cannot be read on white");
        assert_eq!(dark, "#4cc2a5");
        // A neighbour has what is above it, and nothing of ours.
        let beside = portal.branding(&t.beside).await.unwrap();
        assert_eq!(beside.shown.name(), "Lighthouse Cloud");
        assert_eq!(beside.shown.logo, page.shown.logo);

        let picture = portal.brand_picture(page.shown.logo.unwrap().id).await.unwrap().unwrap();
        assert_eq!(
            (picture.kind, picture.width, picture.content.as_slice()),
            (PictureKind::Svg, 1000, DRAWING)
        );

        for reset in BrandField::ALL {
            portal.reset_brand(&t.root, reset.slug()).await.unwrap();
        }
        let page = portal.branding(&t.below).await.unwrap();
        assert_eq!((page.shown.accent, page.shown.logo), (None, None));
        assert_eq!(page.shown.name.as_deref(), Some("Harbour Backup"));
        assert!(portal.brand_picture(picture_id(&beside.shown)).await.unwrap().is_none(), "still there");
    }
}

fn picture_id(brand: &BrandView) -> uuid::Uuid {
    brand.logo.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_replaces_the_one_before_and_no_other() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        portal.set_brand_picture(&t.root, BrandField::Logo, png(100)).await.unwrap();
        portal.set_brand_picture(&t.root, BrandField::Icon, DRAWING.to_vec()).await.unwrap();
        portal.set_brand_picture(&t.below, BrandField::Logo, png(60)).await.unwrap();
        let first = portal.branding(&t.root).await.unwrap().shown;
        portal.set_brand_picture(&t.root, BrandField::Logo, png(200)).await.unwrap();
        let second = portal.branding(&t.root).await.unwrap().shown;
        assert_eq!(second.logo.unwrap().width, 200);
        assert_eq!(second.icon, first.icon);
        assert!(portal.brand_picture(picture_id(&first)).await.unwrap().is_none());
        for kept in [second.logo, second.icon, portal.branding(&t.below).await.unwrap().shown.logo] {
            assert!(portal.brand_picture(kept.unwrap().id).await.unwrap().is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_sees_the_brand_of_their_partner() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        portal.set_brand_name(&t.root, "Lighthouse Cloud").await.unwrap();
        portal.set_brand_name(&t.below, "Harbour Backup").await.unwrap();
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let made =
            portal.create_organization(&t.below, customer(&t.below, plan, "it@n.example")).await.unwrap();
        let token = made.link.as_deref().unwrap().strip_prefix("/invite/").unwrap();
        assert_eq!(shown(&t, Onlooker::Invited(token)).await.name(), "Harbour Backup");
        assert_eq!(shown(&t, Onlooker::Invited("guess")).await.name(), "Lighthouse Cloud");
        assert_eq!(shown(&t, Onlooker::Asked("guess")).await.name(), "Lighthouse Cloud");
        assert_eq!(shown(&t, Onlooker::Anybody).await.name(), "Lighthouse Cloud");
        let consent = portal.make_consent_link(&t.below, made.id, "").await.unwrap().link.unwrap();
        let asked = consent.rsplit('/').next().unwrap();
        assert_eq!(shown(&t, Onlooker::Asked(asked)).await.name(), "Harbour Backup");

        let password = SecretString::from("lanterns at the zugspitze");
        portal.accept_invitation(token, password, HOME).await.unwrap();
        let people = portal.store().account_by_email("it@n.example").await.unwrap().unwrap();
        let identity = Identity { account: people.id, at: At::Organization(made.id), proved_twice: false };
        let who = portal.who(identity, HOME).await.unwrap().unwrap();
        assert_eq!(shown(&t, Onlooker::Somebody(&who)).await.name(), "Harbour Backup");
        // A visitor from above sees what the customer sees.
        let visit = portal.begin_visit(&t.root, made.id, "They asked").await.unwrap();
        let visitor = portal.who(visit, HOME).await.unwrap().unwrap();
        assert_eq!(shown(&t, Onlooker::Somebody(&visitor)).await.name(), "Harbour Backup");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_in_the_name_and_colour_of_the_partner() {
    for (t, portal, smtp) in trades().await {
        portal.set_brand_name(&t.root, "Lighthouse Cloud").await.unwrap();
        portal.set_brand_accent(&t.below, "#7a1fa2").await.unwrap();
        portal.set_brand_picture(&t.below, BrandField::Logo, png(50)).await.unwrap();
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut new = customer(&t.below, plan, "it@n.example");
        new.send_email = true;
        portal.create_organization(&t.below, new).await.unwrap();
        portal.send_mail().await.unwrap();
        let mail = smtp.last();
        let logo = portal.branding(&t.below).await.unwrap().shown.logo.unwrap();
        assert!(mail.contains("background:#7a1fa2"), "{mail}");
        assert!(mail.contains(&format!("https://backup.example{}", logo.address())), "{mail}");
        assert!(mail.contains("Lighthouse Cloud") && !mail.contains("Harbour IT"), "{mail}");
        assert!(mail.contains("From: \"Lighthouse Cloud\""), "{mail}");

        // A drawing is no picture for mail; the name stands there instead.
        portal.set_brand_picture(&t.below, BrandField::Logo, DRAWING.to_vec()).await.unwrap();
        portal.test_mail(&t.below).await.unwrap();
        let mail = smtp.last();
        assert!(!mail.contains("<img") && mail.contains(">Lighthouse Cloud</span>"), "{mail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_said_at_its_field() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        for bad in ["", " ", "two\nlines", &"x".repeat(41)] {
            assert_eq!(field(portal.set_brand_name(&t.below, bad).await), "name", "{bad:?}");
        }
        for bad in ["", "teal", "#12", "#12345g", "red;}body{display:none"] {
            assert_eq!(field(portal.set_brand_accent(&t.below, bad).await), "accent", "{bad:?}");
        }
        let wrong = portal.set_brand_picture(&t.below, BrandField::Icon, b"GIF89a".to_vec()).await;
        assert_eq!(field(wrong), "icon");
        assert!(matches!(portal.reset_brand(&t.below, "font").await, Err(Error::NotFound)));
        assert_eq!(portal.branding(&t.below).await.unwrap().shown, BrandView::default());
    }
}

/// Who may choose, role by role. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_may_chooses_and_the_log_says_who() {
    use PartnerRole::{Admin, Owner, SuperAdmin};
    let who = [Owner, SuperAdmin, Admin];
    for t in Trade::all().await {
        let portal = &t.house.portal;
        for role in PartnerRole::ALL {
            let actor = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            for done in [
                portal.branding(&actor).await.map(drop),
                portal.set_brand_name(&actor, role.label()).await,
                portal.set_brand_accent(&actor, "#123456").await,
                portal.set_brand_picture(&actor, BrandField::Logo, png(9)).await,
                portal.set_brand_picture(&actor, BrandField::Icon, png(9)).await,
                portal.reset_brand(&actor, "logo").await,
            ] {
                let as_expected = match done {
                    Ok(()) => who.contains(&role),
                    Err(Error::Forbidden) => !who.contains(&role),
                    Err(_) => false,
                };
                assert!(as_expected, "{role:?}");
            }
            // Neither above nor beside: what somebody chooses is their own partner's.
            for other in [&t.root, &t.beside] {
                assert_eq!(portal.branding(other).await.unwrap().shown, BrandView::default(), "{role:?}");
            }
        }
        let log = portal.store().audit_page(t.below.scope(), None, 100).await.unwrap();
        let told: Vec<_> = log.iter().filter(|row| row.event == "brand-changed").collect();
        assert_eq!(told.len(), who.len() * 5);
        assert!(told.iter().any(|row| row.detail.as_ref().is_some_and(|d| {
            d.changes.iter().any(|c| c.what == "Logo" && c.after.starts_with("png, 9 × 40"))
        })));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_and_an_authenticator_call_the_product_by_its_name() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        portal.set_brand_name(&t.below, "Harbour Backup").await.unwrap();
        let who = Who::Partner(t.below.clone());
        let page = portal.help(&who, HelpTopic::Guide).await.unwrap();
        assert!(page.html.contains("Harbour Backup") && !page.html.contains("Holdfast"), "{}", page.html);
        let set_up = portal.second_factor_set_up(&Oneself::from(&who)).await.unwrap();
        assert!(set_up.uri.starts_with("otpauth://totp/Harbour%20Backup:"), "{}", set_up.uri);
    }
}
