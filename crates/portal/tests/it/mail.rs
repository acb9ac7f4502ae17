//! Mail: what is put into the outbox, and what becomes of it at a server that really answers.

use std::sync::{Arc, Mutex};

use domain::access::PartnerRole;
use domain::mail::MailState;
use domain::partner::TakenUp;
use domain::subscription::Move;
use portal::mail::{Settings, server_of_url};
use portal::{Error, Portal};
use store::outbox::MailRecord;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::partner::{Trade, customer, field, person};

/// A mail server that knows as much SMTP as it takes, and keeps what it is given.
#[derive(Clone)]
pub(crate) struct Smtp {
    pub(crate) url: String,
    mails: Arc<Mutex<Vec<String>>>,
    /// What it says to a recipient.
    answer: Arc<Mutex<&'static str>>,
}

impl Smtp {
    pub(crate) async fn start() -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let smtp = Smtp { url, mails: Arc::default(), answer: Arc::new(Mutex::new("250 well")) };
        let kept = smtp.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(kept.clone().talk(stream));
            }
        });
        smtp
    }

    pub(crate) fn port(&self) -> String {
        self.url.rsplit(':').next().unwrap().to_owned()
    }

    async fn talk(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await.unwrap();
        let mut line = String::new();
        while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
            let answer = match line.get(..4).unwrap_or_default() {
                "RCPT" => *self.answer.lock().unwrap(),
                "QUIT" => return,
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.unwrap();
                    let mut mail = String::new();
                    while !mail.ends_with("\r\n.\r\n") {
                        stream.read_line(&mut mail).await.unwrap();
                    }
                    self.mails.lock().unwrap().push(mail);
                    "250 kept"
                }
                _ => "250 well",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            line.clear();
        }
    }

    fn answers(&self, what: &'static str) {
        *self.answer.lock().unwrap() = what;
    }

    pub(crate) fn count(&self) -> usize {
        self.mails.lock().unwrap().len()
    }

    /// The mails to a recipient, with the breaks that their encoding makes undone.
    pub(crate) fn to(&self, email: &str) -> Vec<String> {
        let to = format!("<{email}>");
        let plain = |mail: &String| mail.replace("=\r\n", "").replace("=3D", "=");
        let all: Vec<String> = self.mails.lock().unwrap().iter().map(plain).collect();
        all.into_iter()
            .filter(|mail| mail.lines().any(|l| l.starts_with("To: ") && l.contains(&to)))
            .collect()
    }

    /// The newest mail, with the breaks that its encoding makes undone.
    pub(crate) fn last(&self) -> String {
        self.mails.lock().unwrap().last().unwrap().replace("=\r\n", "").replace("=3D", "=")
    }

    pub(crate) fn settings(&self) -> Settings {
        let server = server_of_url(&self.url, "backup@lighthouse.example").unwrap();
        Settings { base: "https://backup.example".to_owned(), server: Some(server) }
    }
}

/// The trade with mail.
pub(crate) async fn trades() -> Vec<(Trade, Portal, Smtp)> {
    let mut all = Vec::new();
    for t in Trade::all().await {
        let smtp = Smtp::start().await;
        let portal = t.house.portal.clone().with_mail(smtp.settings());
        all.push((t, portal, smtp));
    }
    all
}

async fn newest(portal: &Portal, t: &Trade) -> MailRecord {
    portal.store().mails(t.root.scope(), 10).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_link_goes_by_mail_and_is_made_anew() {
    for (t, portal, smtp) in trades().await {
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut new = customer(&t.below, plan, "it@n.example");
        new.send_email = true;
        let made = portal.create_organization(&t.below, new).await.unwrap();
        assert_eq!(made.link, None, "mailed, and shown all the same");
        assert!(!t.house.database.files_hold("/invite/"), "the link lies open in the database");
        assert!(portal.send_mail().await.unwrap() && !portal.send_mail().await.unwrap());
        let mail = smtp.last();
        assert!(mail.contains("To: \"Maya Okafor\" <it@n.example>"), "{mail}");
        assert!(mail.contains("https://backup.example/invite/") && mail.contains("Harbour IT"), "{mail}");
        let sent = newest(&portal, &t).await;
        assert_eq!((sent.state, sent.has_content, sent.attempts), (MailState::Sent, false, 1));

        let token = |mail: &str| {
            let (_, rest) = mail.split_once("/invite/").unwrap();
            rest.split(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).next().unwrap().to_owned()
        };
        portal.renew_link(&t.below, made.id, true).await.unwrap();
        portal.send_mail().await.unwrap();
        let (first, second) = (token(&mail), token(&smtp.last()));
        assert_ne!(first, second);
        assert!(matches!(portal.invitation(&first).await, Err(Error::InvitationSpent)));
        portal.invitation(&second).await.unwrap();
        let shown = portal.renew_link(&t.below, made.id, false).await.unwrap().link.unwrap();
        assert!(matches!(portal.invitation(&second).await, Err(Error::InvitationSpent)));
        let view = portal.organization(&t.below, made.id).await.unwrap();
        assert!(matches!(view.taken_up, TakenUp::LinkUntil(_)));

        portal.move_organization(&t.below, made.id, Move::Suspend, "").await.unwrap();
        assert!(matches!(portal.renew_link(&t.below, made.id, false).await, Err(Error::Refused(_))));
        portal.move_organization(&t.below, made.id, Move::Resume, "").await.unwrap();
        let token = shown.strip_prefix("/invite/").unwrap();
        portal.accept_invitation(token, "lanterns at the zugspitze".into(), crate::HOME).await.unwrap();
        assert!(matches!(portal.renew_link(&t.below, made.id, false).await, Err(Error::Refused(_))));
        assert_eq!(portal.organization(&t.below, made.id).await.unwrap().taken_up, TakenUp::Yes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_the_link_is_shown() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        assert!(!portal.organization_options(&t.below).await.unwrap().offers_mail);
        let mut new = customer(&t.below, plan, "it@n.example");
        new.send_email = true;
        assert!(portal.create_organization(&t.below, new).await.unwrap().link.is_some());
        assert!(portal.store().mails(t.root.scope(), 10).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_again_and_what_lasts_is_not() {
    for (t, portal, smtp) in trades().await {
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut new = customer(&t.below, plan, "it@n.example");
        new.send_email = true;
        let id = portal.create_organization(&t.below, new).await.unwrap().id;

        smtp.answers("451 busy, later");
        assert!(portal.send_mail().await.unwrap());
        let waits = newest(&portal, &t).await;
        assert_eq!((waits.state, waits.attempts), (MailState::Waiting, 1));
        assert!(waits.problem.unwrap().contains("busy, later"), "the server's own words");
        assert!(!portal.send_mail().await.unwrap(), "at once again");
        t.house.wait(1);
        smtp.answers("550 no such mailbox");
        assert!(portal.send_mail().await.unwrap());
        let failed = newest(&portal, &t).await;
        assert_eq!((failed.state, failed.attempts, failed.has_content), (MailState::Failed, 2, true));
        t.house.wait(60 * 24);
        assert!(!portal.send_mail().await.unwrap());

        // Somebody looked into it, and has it tried again; a stranger cannot.
        assert!(matches!(portal.retry_mail(&t.beside, failed.id).await, Err(Error::NotFound)));
        smtp.answers("250 well");
        portal.retry_mail(&t.below, failed.id).await.unwrap();
        assert!(portal.send_mail().await.unwrap());
        assert_eq!((newest(&portal, &t).await.state, smtp.count()), (MailState::Sent, 1));

        // The link ends before the mail can go.
        portal.renew_link(&t.below, id, true).await.unwrap();
        t.house.wait(7 * 24 * 60);
        assert!(!portal.send_mail().await.unwrap());
        let late = newest(&portal, &t).await;
        assert_eq!((late.state, late.has_content, smtp.count()), (MailState::Failed, false, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_with_the_organization_it_is_about() {
    for (t, portal, _) in trades().await {
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut new = customer(&t.below, plan, "it@gone.example");
        new.send_email = true;
        let made = portal.create_organization(&t.below, new).await.unwrap();
        portal.move_organization(&t.below, made.id, Move::Delete, &made.name).await.unwrap();
        t.house.wait(30 * 24 * 60);
        portal.sweep().await.unwrap();
        assert!(portal.store().mails(t.root.scope(), 10).await.unwrap().is_empty());
        assert!(!t.house.database.files_hold("it@gone.example"), "{}", t.house.database.name);
    }
}

/// Who may do what with mail, on one's own, a sub-partner's and strangers'. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_beyond_their_branch_or_their_role() {
    use PartnerRole::{Admin, Owner, SuperAdmin};
    let who = [Owner, SuperAdmin, Admin];
    for (t, portal, smtp) in trades().await {
        for role in PartnerRole::ALL {
            let actor = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            for (place, reaches) in [(&t.below, true), (&t.root, false), (&t.beside, false)] {
                let product = if place.account == t.beside.account { "backup" } else { "backup-entra" };
                let plan = t.plan(place, product, "EUR").await;
                let email = format!("{}-{}@x.example", role.slug(), place.partner_name.replace(' ', "-"));
                let mut new = customer(place, plan, &email);
                new.send_email = true;
                let id = portal.create_organization(place, new).await.unwrap().id;
                smtp.answers("550 no");
                while portal.send_mail().await.unwrap() {}
                let mail = newest(&portal, &t).await.id;
                for done in [
                    portal.renew_link(&actor, id, false).await.map(drop),
                    portal.retry_mail(&actor, mail).await,
                ] {
                    let as_expected = match &done {
                        Ok(()) => who.contains(&role) && reaches,
                        Err(Error::Forbidden) => !who.contains(&role),
                        Err(Error::NotFound) => !reaches && who.contains(&role),
                        Err(_) => false,
                    };
                    assert!(as_expected, "{role:?} reaches {reaches}: {done:?}");
                }
                if let Ok(page) = portal.mail_page(&actor).await {
                    assert!(who.contains(&role));
                    assert!(reaches || page.mails.iter().all(|row| row.to != email), "a stranger's mail");
                }
            }
            let page = portal.mail_page(&actor).await;
            assert_eq!(page.is_ok(), who.contains(&role), "{role:?}");
            for done in [
                portal.remove_mail_server(&actor).await,
                portal.offer_sign_in_mail(&actor, false).await,
                portal.offer_sign_in_mail(&actor, true).await,
            ] {
                assert_eq!(done.is_ok(), who.contains(&role), "{role:?}: {done:?}");
            }
        }
    }
}

/// A partner's own server, as it is typed.
pub(crate) fn form(host: &str, port: &str, security: &str) -> portal::mail::ServerForm {
    portal::mail::ServerForm {
        host: host.to_owned(),
        port: port.to_owned(),
        security: security.to_owned(),
        username: String::new(),
        password: "".into(),
        sender_name: "Lighthouse Mail".to_owned(),
        sender_email: "mail@lighthouse.example".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_own_server_is_checked_inherited_and_tried() {
    for (t, portal, smtp) in trades().await {
        let port = smtp.port();
        assert_eq!(field(portal.set_mail_server(&t.root, form("", "25", "plain")).await), "host");
        assert_eq!(field(portal.set_mail_server(&t.root, form("127.0.0.1", "x", "plain")).await), "port");
        assert_eq!(
            field(portal.set_mail_server(&t.root, form("mail.x.example", "25", "plain")).await),
            "security"
        );
        // A partner below does not look around in the installation's own network.
        assert_eq!(
            field(portal.set_mail_server(&t.below, form("127.0.0.1", &port, "starttls")).await),
            "port"
        );

        portal.set_mail_server(&t.root, form("127.0.0.1", &port, "plain")).await.unwrap();
        portal.test_mail(&t.below).await.unwrap();
        assert!(
            smtp.last().contains("From: \"Lighthouse Mail\" <mail@lighthouse.example>"),
            "{}",
            smtp.last()
        );
        let page = portal.mail_page(&t.below).await.unwrap();
        assert_eq!(page.route, domain::mail::MailRoute::From("Lighthouse".to_owned()));
        assert!(page.own.is_none());

        smtp.answers("554 not from you");
        let said = portal.test_mail(&t.root).await.unwrap_err().to_string();
        assert!(said.contains("not from you"), "{said}");

        let mut secret = form("smtp.example.com", "465", "tls");
        secret.username = "backup".to_owned();
        secret.password = "geheimnisvoll".into();
        portal.set_mail_server(&t.below, secret.clone()).await.unwrap();
        assert!(!t.house.database.files_hold("geheimnisvoll"), "the password lies open");
        let own = portal.mail_page(&t.below).await.unwrap().own.unwrap();
        assert!(own.has_password && own.username == "backup");
        // The kept password goes along with a new sender, and nowhere else.
        secret.password = "".into();
        secret.sender_name = "Harbour".to_owned();
        portal.set_mail_server(&t.below, secret.clone()).await.unwrap();
        assert!(portal.mail_page(&t.below).await.unwrap().own.unwrap().has_password);
        secret.host = "smtp.elsewhere.example".to_owned();
        assert_eq!(field(portal.set_mail_server(&t.below, secret.clone()).await), "password");
        // An address inside is not called, whatever name leads there.
        portal.set_mail_server(&t.below, form("localhost", "2525", "plain")).await.unwrap();
        let said = portal.test_mail(&t.below).await.unwrap_err().to_string();
        assert!(said.contains("may not be used"), "{said}");
        portal.remove_mail_server(&t.below).await.unwrap();
        assert!(portal.mail_page(&t.below).await.unwrap().own.is_none());

        assert!(portal.organization_options(&t.below).await.unwrap().offers_mail);
        portal.offer_sign_in_mail(&t.below, false).await.unwrap();
        assert!(!portal.organization_options(&t.below).await.unwrap().offers_mail);
        assert!(portal.organization_options(&t.root).await.unwrap().offers_mail, "each partner for itself");
    }
}
