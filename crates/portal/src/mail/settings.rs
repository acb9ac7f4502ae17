//! A partner's own mail server, and what became of its mail.

use std::net::IpAddr;

use domain::access::{PartnerAction, PartnerRole};
use domain::audit::Detail;
use domain::mail::{MailPage, MailRoute, MailRow, MailServerView, MailState, Security};
use secrecy::{ExposeSecret, SecretString};
use store::mail_servers::MailServer;
use store::scope::{PartnerActor, Sender};
use uuid::Uuid;

use super::Message;
use super::message::about;
use super::outgoing::PORTS;
use crate::partner::{entry, require};
use crate::{Error, Event, Portal, Result, rules};

/// Mails in the list.
const SHOWN: u64 = 100;
/// What a mail that shows whether mail arrives is called in the outbox.
const TEST: &str = "test";

/// A server as it was typed.
#[derive(Clone, Debug)]
pub struct ServerForm {
    pub host: String,
    pub port: String,
    pub security: String,
    pub username: String,
    /// Empty: the one that is kept for this server.
    pub password: SecretString,
    pub sender_name: String,
    pub sender_email: String,
}

impl Portal {
    /// Where the partner's mail goes through, and what became of it.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn mail_page(&self, actor: &PartnerActor) -> Result<MailPage> {
        require(actor, PartnerAction::ManageSettings)?;
        let sender = Sender::Partner(actor.scope());
        let found = self.store.mail_server(sender).await?;
        let name = self.store.letterhead(sender).await?.partner;
        let line = self.server_for(sender, TEST).await?.map(|(server, _)| server.sender(&name));
        let route = match (&found, &self.post.settings.server) {
            (Some(found), _) => found.from.clone().map_or(MailRoute::Own, MailRoute::From),
            (None, Some(_)) => MailRoute::Installation,
            (None, None) => MailRoute::None,
        };
        let mails = self.store.mails(actor.scope(), SHOWN).await?.into_iter().map(|m| MailRow {
            id: m.id,
            about: about(&m.kind).to_owned(),
            partner: m.partner,
            to: m.to,
            again: (m.state == MailState::Waiting && m.attempts > 0).then_some(m.due),
            can_retry: m.state == MailState::Failed && m.has_content,
            state: m.state,
            attempts: m.attempts,
            problem: m.problem,
            created: m.created,
            ended: m.ended,
        });
        Ok(MailPage {
            route,
            sender: line,
            own: found.filter(|found| found.from.is_none()).map(|found| shown(found.server)),
            offers_sign_in_mail: self.store.offers_sign_in_mail(actor.scope()).await?,
            mails: mails.collect(),
        })
    }

    /// Sends the partner's mail, and that of partners below without a server, through a server of its own.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Forbidden`].
    pub async fn set_mail_server(&self, actor: &PartnerActor, form: ServerForm) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let host = rules::line("host", "the server's name", &form.host)?.to_lowercase();
        if host.contains([' ', '/', '@', ':']) {
            let message = "Enter the server's name alone, such as smtp.example.com.";
            return Err(Error::invalid("host", message));
        }
        let security = Security::from_slug(&form.security)
            .ok_or_else(|| Error::invalid("security", "Choose how the connection is protected."))?;
        let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if security == Security::Plain && !is_here {
            let message =
                "Without TLS anybody on the way reads the mail and the links in it. Choose TLS or STARTTLS.";
            return Err(Error::invalid("security", message));
        }
        let port = match form.port.trim().parse() {
            Ok(0) | Err(_) => return Err(Error::invalid("port", "Enter a port, such as 465 or 587.")),
            Ok(port) => port,
        };
        let is_root = self.store.root_partner().await? == Some(actor.scope());
        // Links that open accounts may go through it: no less than the Owner says where.
        if is_root && actor.role != PartnerRole::Owner {
            return Err(Error::Refused(
                "Only an Owner sets the mail server of the partner who runs the installation: links to a new password \
                 may go through it."
                    .to_owned(),
            ));
        }
        if !is_root && !PORTS.contains(&port) {
            return Err(Error::invalid("port", "Mail servers are called at port 25, 465, 587 or 2525."));
        }
        let username = form.username.trim().to_owned();
        let sender_email = rules::email(&form.sender_email).map_err(|_| {
            Error::invalid("sender_email", "Enter a whole e-mail address, such as backup@example.com.")
        })?;
        let server = MailServer {
            password: self.password_for(actor, &host, port, security, &username, form.password).await?,
            host,
            port,
            security,
            username,
            sender_name: rules::line("sender_name", "the name of the sender", &form.sender_name)?,
            sender_email,
        };
        let detail = self.mail_detail(actor, Some(&server)).await?;
        let entry = entry(actor, Event::MailServerChanged, "", &detail);
        Ok(self.store.set_mail_server(actor.scope(), Some(server), &entry, self.now()).await?)
    }

    /// From which server to which, for the log. None: the one from above.
    async fn mail_detail(&self, actor: &PartnerActor, after: Option<&MailServer>) -> Result<String> {
        let used = self.store.mail_server(Sender::Partner(actor.scope())).await?;
        let before = used.filter(|used| used.from.is_none()).map(|used| used.server);
        let before = before.as_ref();
        let part = |server: Option<&MailServer>, part: fn(&MailServer) -> String| {
            server.map_or_else(|| "from above".to_owned(), part)
        };
        let parts: [(&str, fn(&MailServer) -> String); 4] = [
            ("Server", |s| format!("{}:{}", s.host, s.port)),
            ("Protection", |s| s.security.label().to_owned()),
            ("User", |s| if s.username.is_empty() { "none".to_owned() } else { s.username.clone() }),
            ("Sender", |s| format!("{} <{}>", s.sender_name, s.sender_email)),
        ];
        let told = parts
            .into_iter()
            .fold(Detail::default(), |told, (what, of)| told.change(what, part(before, of), part(after, of)));
        Ok(told.line())
    }

    /// The password as typed or, when none was, the one that is kept for that very server: nobody learns it by sending
    /// it elsewhere.
    async fn password_for(
        &self,
        actor: &PartnerActor,
        host: &str,
        port: u16,
        security: Security,
        username: &str,
        typed: SecretString,
    ) -> Result<Option<SecretString>> {
        if username.is_empty() {
            return Ok(None);
        }
        if !typed.expose_secret().is_empty() {
            return Ok(Some(typed));
        }
        let own = self.store.mail_server(Sender::Partner(actor.scope())).await?;
        let same = own.filter(|own| own.from.is_none()).map(|own| own.server).filter(|own| {
            own.host == host && own.port == port && own.security == security && own.username == username
        });
        same.and_then(|own| own.password).map(Some).ok_or_else(|| {
            Error::invalid(
                "password",
                "Enter the password. The one that was kept is for another server or user.",
            )
        })
    }

    /// Goes back to the server from above.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn remove_mail_server(&self, actor: &PartnerActor) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let detail = self.mail_detail(actor, None).await?;
        let entry = entry(actor, Event::MailServerChanged, "", &detail);
        Ok(self.store.set_mail_server(actor.scope(), None, &entry, self.now()).await?)
    }

    /// Sends the actor a mail, now, to see whether it goes. Answers with the address.
    ///
    /// # Errors
    /// [`Error::Refused`] with the server's own words; [`Error::Forbidden`].
    pub async fn test_mail(&self, actor: &PartnerActor) -> Result<String> {
        require(actor, PartnerAction::ManageSettings)?;
        let sender = Sender::Partner(actor.scope());
        let Some((server, reach)) = self.server_for(sender, TEST).await? else {
            let message = "No mail server is configured. Enter one first.".to_owned();
            return Err(Error::Refused(message));
        };
        let content = self.content(sender, &actor.name, &Message::Test { by: &actor.name }).await?;
        let name = self.store.letterhead(sender).await?.partner;
        server
            .send(Uuid::now_v7(), &actor.email, &content, &name, reach)
            .await
            .map_err(|failure| Error::Refused(format!("The mail was not sent. {}", failure.words)))?;
        Ok(actor.email.clone())
    }

    /// Has a mail that failed tried again.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none such in the branch; [`Error::Forbidden`].
    pub async fn retry_mail(&self, actor: &PartnerActor, id: Uuid) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let object = id.to_string();
        let entry = entry(actor, Event::MailRetried, &object, "");
        let found = self.store.retry_mail(actor.scope(), id, &entry, self.now()).await?;
        self.post.bell.notify_one();
        if found { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Whether the form for a new organization offers to send its link by mail.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn offer_sign_in_mail(&self, actor: &PartnerActor, offers: bool) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let words = |offers| if offers { "offered" } else { "not offered" };
        let before = self.store.offers_sign_in_mail(actor.scope()).await?;
        let detail = Detail::default().change("Sign-in e-mail", words(before), words(offers)).line();
        let entry = entry(actor, Event::NotificationsChanged, "", &detail);
        Ok(self.store.set_offers_sign_in_mail(actor.scope(), offers, &entry, self.now()).await?)
    }
}

fn shown(server: MailServer) -> MailServerView {
    MailServerView {
        host: server.host,
        port: server.port.to_string(),
        security: server.security.slug().to_owned(),
        username: server.username,
        has_password: server.password.is_some(),
        sender_name: server.sender_name,
        sender_email: server.sender_email,
    }
}
