//! The way out: a mail as the internet wants it, over SMTP.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use domain::mail::Security;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use store::mail_servers::MailServer;
use store::outbox::Content;
use url::Url;
use uuid::Uuid;

/// A server that does not answer for so long is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where mail servers listen. A partner's server is at one of these: its address is not for looking around with.
pub(super) const PORTS: [u16; 4] = [25, 465, 587, 2525];

/// A mail server, and in whose name it sends.
#[derive(Clone, Debug)]
pub struct Server(MailServer);

/// Why a mail was not sent.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) words: String,
    /// Whether trying again could help.
    pub(super) passes: bool,
}

impl Failure {
    fn passing(words: impl Into<String>) -> Failure {
        Failure { words: words.into(), passes: true }
    }

    fn lasting(words: impl Into<String>) -> Failure {
        Failure { words: words.into(), passes: false }
    }
}

/// Whether a server may be on this machine or in a network behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// For whoever runs the installation.
    Everywhere,
    /// For partners below: public addresses, and the ports of mail servers.
    Public,
}

impl Server {
    pub(super) fn new(server: MailServer) -> Server {
        Server(server)
    }

    /// `smtps://user:password@host`, `smtp://user:password@host` (STARTTLS), or, on this machine, `smtp://localhost`
    /// without a user. `sender` is `Name <address>`.
    pub(super) fn of_url(url: &str, sender: &str) -> Result<Server, String> {
        let known = "write it as smtps://user:password@host, or smtp://user:password@host for STARTTLS";
        let url = Url::parse(url).map_err(|_| format!("the address cannot be read; {known}"))?;
        let host = url.host_str().ok_or_else(|| format!("the address has no host; {known}"))?.to_owned();
        let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let security = match url.scheme() {
            "smtps" => Security::Tls,
            "smtp" if local => Security::Plain,
            "smtp" => Security::StartTls,
            other => return Err(format!("{other}: is no mail server's address; {known}")),
        };
        let sender: Mailbox =
            sender.parse().map_err(|_| format!("{sender:?} is no sender; write it as Name <address>"))?;
        let decoded = |text: &str| {
            let pair = format!("x={}", text.replace('+', "%2B"));
            url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
        };
        Ok(Server(MailServer {
            host,
            port: url.port().unwrap_or(security.port()),
            security,
            username: decoded(url.username()).unwrap_or_default(),
            password: url.password().and_then(decoded).map(SecretString::from),
            sender_name: sender.name.unwrap_or_default(),
            sender_email: sender.email.to_string(),
        }))
    }

    /// The sender line; a server without a name in it writes in `brand`'s.
    pub(super) fn sender(&self, brand: &str) -> String {
        let name = if self.0.sender_name.is_empty() { brand } else { &self.0.sender_name };
        format!("{name} <{}>", self.0.sender_email)
    }

    /// Sends a mail.
    pub(super) async fn send(
        &self,
        id: Uuid,
        to: &str,
        content: &Content,
        brand: &str,
        reach: Reach,
    ) -> Result<(), Failure> {
        let message = self.message(id, to, content, brand)?;
        self.transport(reach).await?.send(message).await.map(drop).map_err(|error| refused(&error))
    }

    fn message(&self, id: Uuid, to: &str, content: &Content, brand: &str) -> Result<Message, Failure> {
        let address =
            |text: &str| text.parse().map_err(|_| Failure::lasting(format!("{text} is no e-mail address.")));
        let name = if self.0.sender_name.is_empty() { brand } else { &self.0.sender_name };
        let from = Mailbox::new(Some(name.to_owned()), address(&self.0.sender_email)?);
        let host = from.email.domain().to_owned();
        let text = SinglePart::plain(content.text.clone());
        let body =
            MultiPart::alternative().singlepart(text).singlepart(SinglePart::html(content.html.clone()));
        Message::builder()
            .from(from)
            .to(Mailbox::new(Some(content.name.clone()), address(to)?))
            .subject(&content.subject)
            // The same at every attempt, so that a mail that arrives twice is known for one.
            .message_id(Some(format!("<{}@{host}>", id.simple())))
            .multipart(body)
            .map_err(|error| Failure::lasting(format!("The mail could not be written: {error}.")))
    }

    async fn transport(&self, reach: Reach) -> Result<AsyncSmtpTransport<Tokio1Executor>, Failure> {
        let MailServer { host, port, security, username, password, .. } = &self.0;
        let mut addresses = tokio::net::lookup_host((host.as_str(), *port))
            .await
            .map_err(|_| Failure::passing(format!("The name {host} is not known.")))?;
        let address = match reach {
            Reach::Everywhere => addresses.next(),
            Reach::Public if !PORTS.contains(port) => None,
            Reach::Public => addresses.find(|address| is_public(address.ip())),
        };
        let address: SocketAddr = address
            .ok_or_else(|| Failure::passing(format!("{host} may not be used as a mail server here.")))?;
        // What was looked at is what is called, whatever the name leads to a moment later.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
            .port(*port)
            .timeout(Some(PATIENCE))
            .tls(self.tls(*security).map_err(|error| refused(&error))?);
        if !username.is_empty() {
            let password = password.as_ref().map(|p| p.expose_secret().to_owned()).unwrap_or_default();
            builder = builder.credentials(Credentials::new(username.clone(), password));
        }
        Ok(builder.build())
    }

    fn tls(&self, security: Security) -> Result<Tls, lettre::transport::smtp::Error> {
        Ok(match security {
            Security::Tls => Tls::Wrapper(TlsParameters::new(self.0.host.clone())?),
            Security::StartTls => Tls::Required(TlsParameters::new(self.0.host.clone())?),
            Security::Plain => Tls::None,
        })
    }
}

/// An address that anybody on the internet could call.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(ip) => {
            // Global unicast, without what carries an IPv4 address inside.
            let [first, second, ..] = ip.segments();
            (first & 0xe000) == 0x2000 && first != 0x2002 && !(first == 0x2001 && second == 0)
        }
    }
}

/// What the server said, in its own words where it said something.
fn refused(error: &lettre::transport::smtp::Error) -> Failure {
    use std::error::Error as _;
    let mut words = error.to_string();
    if let Some(cause) = error.source().filter(|_| !error.is_permanent() && !error.is_transient()) {
        words = format!("{words}: {cause}");
    }
    // A server that does not know us may after somebody mended the password; a mailbox that is not there stays away.
    let mendable = error.status().is_some_and(|code| matches!(u16::from(code), 530..=538));
    Failure { words: words.chars().take(500).collect(), passes: !error.is_permanent() || mendable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_a_server_is_reached() {
        let server = |url| Server::of_url(url, "Holdfast <backup@x.example>").map(|s| s.0);
        let tls = server("smtps://ada%40x.example:p%2Bq+r@mail.x.example").unwrap();
        assert_eq!((tls.host.as_str(), tls.port, tls.security), ("mail.x.example", 465, Security::Tls));
        assert_eq!(tls.username, "ada@x.example");
        assert_eq!(tls.password.unwrap().expose_secret(), "p+q+r");
        assert_eq!(server("smtp://mail.x.example").unwrap().security, Security::StartTls);
        assert_eq!(server("smtp://127.0.0.1:2525").unwrap().security, Security::Plain);
        assert!(server("http://mail.x.example").is_err() && server("mail.x.example").is_err());
        assert!(Server::of_url("smtps://mail.x.example", "nobody").is_err());
        assert_eq!((tls.sender_name.as_str(), tls.sender_email.as_str()), ("Holdfast", "backup@x.example"));
    }

    #[test]
    fn a_partners_server_is_out_in_the_open() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.9",
            "172.20.0.1",
            "169.254.169.254",
            "100.100.0.1",
            "0.0.0.0",
            "::1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fd00::1",
            "64:ff9b::a00:1",
            "2002:0a00:0001::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "2a00:1450:4001:81b::2005"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
