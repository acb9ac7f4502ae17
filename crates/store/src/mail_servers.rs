//! The servers through which partners send their mail, and in whose name.

use chrono::{DateTime, Utc};
use domain::brand::BrandView;
use domain::mail::Security;
use sea_orm::{ActiveValue::Set, EntityTrait};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{mail_server, notification};
use crate::scope::{PartnerScope, Sender};
use crate::{Error, Result, Store, partners, seal};

/// A partner's own server.
#[derive(Clone, Debug)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty: nobody signs in to it.
    pub username: String,
    pub password: Option<SecretString>,
    pub sender_name: String,
    pub sender_email: String,
}

/// The server that a partner's mail goes through.
#[derive(Clone, Debug)]
pub struct InheritedServer {
    pub server: MailServer,
    /// Whose it is, if not the partner's own.
    pub from: Option<String>,
    /// Whether it is that of the partner who runs the installation.
    pub is_root: bool,
}

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The name that was chosen for it, or else its own.
    pub partner: String,
    /// Its own, or that of the nearest partner above that has one.
    pub support_email: Option<String>,
    pub brand: BrandView,
}

/// What a password is sealed for: that partner's server and nothing else.
fn context(partner: Uuid) -> Vec<u8> {
    format!("holdfast mail server {partner}").into_bytes()
}

impl Store {
    /// The server of the partner, or of the nearest one above that has one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mail_server(&self, sender: Sender) -> Result<Option<InheritedServer>> {
        let (db, scope) = (self.db().read(), sender.partner());
        for partner in partners::upwards(db, scope).await? {
            let Some(m) = mail_server::Entity::find_by_id(partner.id).one(db).await? else { continue };
            return Ok(Some(InheritedServer {
                server: self.opened(m)?,
                is_root: partner.parent_id.is_none(),
                from: (partner.id != scope.partner()).then_some(partner.name),
            }));
        }
        Ok(None)
    }

    /// Sets the partner's own server, or, with None, goes back to the one from above.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_mail_server(
        &self,
        scope: PartnerScope,
        server: Option<MailServer>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let id = scope.partner();
        let tx = self.db().begin().await?;
        mail_server::Entity::delete_by_id(id).exec(&tx).await?;
        if let Some(server) = server {
            let sealed = server
                .password
                .map(|password| seal::wrap(self.master(), &context(id), password.expose_secret().as_bytes()));
            mail_server::Entity::insert(mail_server::ActiveModel {
                partner_id: Set(id),
                host: Set(server.host),
                port: Set(i32::from(server.port)),
                security: Set(server.security.slug().to_owned()),
                username: Set(server.username),
                password: Set(sealed.transpose()?),
                sender_name: Set(server.sender_name),
                sender_email: Set(server.sender_email),
            })
            .exec_without_returning(&tx)
            .await?;
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// In whose name a partner's people and customers are spoken to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letterhead(&self, sender: Sender) -> Result<Letterhead> {
        let line = partners::upwards(self.db().read(), sender.partner()).await?;
        let brand = self.brand(sender.partner()).await?;
        let own = || line.first().map(|partner| partner.name.clone()).unwrap_or_default();
        Ok(Letterhead {
            partner: brand.name.clone().unwrap_or_else(own),
            support_email: line.into_iter().find_map(|partner| partner.support_email),
            brand,
        })
    }

    /// Whether the partner's people are asked, when they create an organization, if its link is to go by mail.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers_sign_in_mail(&self, scope: PartnerScope) -> Result<bool> {
        let row = notification::Entity::find_by_id(scope.partner()).one(self.db().read()).await?;
        Ok(row.is_none_or(|m| m.offers_sign_in_mail != 0))
    }

    /// Sets whether they are asked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_offers_sign_in_mail(
        &self,
        scope: PartnerScope,
        offers: bool,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        notification::Entity::delete_by_id(scope.partner()).exec(&tx).await?;
        notification::Entity::insert(notification::ActiveModel {
            partner_id: Set(scope.partner()),
            offers_sign_in_mail: Set(i16::from(offers)),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    fn opened(&self, m: mail_server::Model) -> Result<MailServer> {
        let broken = || Error::Inconsistent("mail_server");
        let password = m.password.map(|sealed| {
            let plain = seal::unwrap(self.master(), &context(m.partner_id), &sealed)?;
            Ok::<_, Error>(SecretString::from(std::str::from_utf8(&plain).map_err(|_| broken())?))
        });
        Ok(MailServer {
            host: m.host,
            port: u16::try_from(m.port).map_err(|_| broken())?,
            security: Security::from_slug(&m.security).ok_or_else(broken)?,
            username: m.username,
            password: password.transpose()?,
            sender_name: m.sender_name,
            sender_email: m.sender_email,
        })
    }
}
