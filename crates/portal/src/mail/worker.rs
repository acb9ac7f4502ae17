//! Sending what waits in the outbox.

use chrono::Duration;
use store::outbox::Claimed;
use store::scope::Sender;

use super::message::opens_account;
use super::outgoing::{Failure, Reach, Server};
use crate::{Portal, Result};

/// How long after each attempt the next one is made, in minutes; after the last one nothing more is tried.
const AGAIN: [i64; 8] = [1, 2, 5, 15, 60, 180, 360, 720];
/// What failed mails say is kept so long for another try, in days.
const STALE_DAYS: i64 = 7;
/// What became of mails is kept so long, in days.
const OLD_DAYS: i64 = 90;

impl Portal {
    /// Sends the next mail that is due; false when there is none.
    ///
    /// # Errors
    /// When the database cannot be read or written. What a mail server says is noted with the mail.
    pub async fn send_mail(&self) -> Result<bool> {
        let Some(mail) = self.store.claim_mail(self.now()).await? else { return Ok(false) };
        let noted = match self.deliver(&mail).await? {
            Ok(()) => self.store.mail_sent(&mail, self.now()).await,
            Err(Failure { words, passes }) => {
                let after =
                    usize::try_from(mail.attempt - 1).ok().and_then(|n| AGAIN.get(n)).filter(|_| passes);
                let again = after.map(|minutes| self.now() + Duration::minutes(*minutes));
                // What the server said may name the person; it stands in the outbox, not in the log.
                tracing::warn!(mail = %mail.id, attempt = mail.attempt, "a mail was not sent");
                self.store.mail_not_sent(&mail, &words, again, self.now()).await
            }
        };
        match noted {
            // Another worker has it now, and will note what becomes of it.
            Err(store::Error::LeaseLost) => Ok(true),
            other => Ok(other.map(|()| true)?),
        }
    }

    async fn deliver(&self, mail: &Claimed) -> Result<std::result::Result<(), Failure>> {
        let Some((server, reach)) = self.server_for(mail.sender, &mail.kind).await? else {
            let words = "No mail server is configured any more.".to_owned();
            return Ok(Err(Failure { words, passes: true }));
        };
        let name = self.store.letterhead(mail.sender).await?.partner;
        Ok(server.send(mail.id, &mail.to, &mail.content, &name, reach).await)
    }

    /// The server that mail of that kind in somebody's name goes through, and how far it may reach. Whoever runs a
    /// server reads what goes through it: mail that opens an account goes through the installation's own or, without
    /// one, through that of the partner who runs the installation, in whose name ever it is written.
    pub(super) async fn server_for(&self, sender: Sender, kind: &str) -> Result<Option<(Server, Reach)>> {
        let installations = self.post.settings.server.clone().map(|server| (server, Reach::Everywhere));
        let chosen = match opens_account(kind) {
            true if installations.is_some() => None,
            true => self.store.root_partner().await?.map(Sender::Partner),
            false => Some(sender),
        };
        let found = match chosen {
            Some(sender) => self.store.mail_server(sender).await?,
            None => None,
        };
        Ok(match found {
            Some(found) => {
                let reach = if found.is_root { Reach::Everywhere } else { Reach::Public };
                Some((Server::new(found.server), reach))
            }
            None => installations,
        })
    }

    pub(crate) async fn sweep_mail(&self) -> Result<()> {
        let now = self.now();
        Ok(self
            .store
            .delete_old_mail(now - Duration::days(STALE_DAYS), now - Duration::days(OLD_DAYS))
            .await?)
    }
}
