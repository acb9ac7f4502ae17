//! E-mails that change once both addresses have agreed: the old one, so that nobody is locked out behind their back,
//! and the new one, so that no mistyped address becomes a login.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::accounts::fold_email;
use crate::audit::{self, Entry, Log};
use crate::db::Tx;
use crate::entity::{account, email_change, membership, organization};
use crate::invitations;
use crate::outbox::{self, Mail};
use crate::scope::OrgScope;
use crate::time::instant;
use crate::token::TokenHash;
use crate::{Error, Result, Store, passwords};

/// Whose e-mail it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person's own.
    Account(Uuid),
    /// An organization's, and with it the login of its contact.
    Organization(OrgScope),
}

/// A change to begin.
#[derive(Clone, Debug)]
pub struct NewEmailChange {
    /// None where nobody has signed in with the e-mail yet, and so nobody is to be asked: it may be mistyped.
    pub old: Option<(String, TokenHash)>,
    pub new: (String, TokenHash),
    pub expires_at: DateTime<Utc>,
    /// What brings the links.
    pub mails: Vec<Mail>,
}

/// A change that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    pub id: Uuid,
    pub old_email: String,
    pub new_email: String,
    pub old_agreed: bool,
    pub new_agreed: bool,
    pub begun_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What a link asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub change: EmailChange,
    /// Whether it was sent to the new address; else to the old one.
    pub by_new: bool,
    /// The organization's name, where it is the organization's e-mail.
    pub organization: Option<String>,
    scope: Option<OrgScope>,
    account: Option<Uuid>,
}

impl Asked {
    /// Whose e-mail it is, where it is an organization's.
    #[must_use]
    pub fn organization_scope(&self) -> Option<OrgScope> {
        self.scope
    }

    /// Whose e-mail it is, where it is a person's.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        self.account
    }

    /// Who agrees with it.
    #[must_use]
    pub fn email(&self) -> &str {
        if self.by_new { &self.change.new_email } else { &self.change.old_email }
    }
}

/// What came of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// The other address has not agreed yet.
    Waiting,
    Changed,
}

impl Store {
    /// Begins a change, in place of an earlier one of the same subject.
    ///
    /// # Errors
    /// [`Error::Taken`] when somebody has the new e-mail already.
    pub async fn begin_email_change(
        &self,
        subject: Subject,
        change: NewEmailChange,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        let new_email = fold_email(&change.new.0);
        if is_taken(&tx, subject, &new_email, change.old.is_some()).await? {
            return Err(Error::Taken("email".to_owned()));
        }
        email_change::Entity::delete_many().filter(of(subject)).exec(&tx).await?;
        let (account_id, organization_id) = match subject {
            Subject::Account(id) => (Some(id), None),
            Subject::Organization(scope) => (None, Some(scope.organization())),
        };
        let (old_email, old_token) = change.old.unzip();
        email_change::Entity::insert(email_change::ActiveModel {
            id: Set(Uuid::now_v7()),
            account_id: Set(account_id),
            organization_id: Set(organization_id),
            old_email: Set(old_email.unwrap_or_default()),
            new_email: Set(new_email),
            old_token: Set(old_token.map(TokenHash::to_vec)),
            new_token: Set(Some(change.new.1.to_vec())),
            begun_at: Set(now.timestamp_millis()),
            expires_at: Set(change.expires_at.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        outbox::post_in(&tx, change.mails, now).await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The change that waits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn email_change(&self, subject: Subject, now: DateTime<Utc>) -> Result<Option<EmailChange>> {
        Ok(email_change::Entity::find()
            .filter(of(subject))
            .filter(email_change::Column::ExpiresAt.gt(now.timestamp_millis()))
            .one(self.db().read())
            .await?
            .map(EmailChange::from))
    }

    /// Withdraws the change that waits. False when there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn withdraw_email_change(
        &self,
        subject: Subject,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let gone = email_change::Entity::delete_many().filter(of(subject)).exec(&tx).await?;
        if gone.rows_affected == 0 {
            return Ok(false);
        }
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What a link asks, as long as it is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asked_email_change(&self, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Asked>> {
        asked_in(self.db().read(), token, now).await
    }

    /// Spends a link: its address agrees. When the other one has agreed before, the e-mail is the new one. None when
    /// the link is not good any more.
    ///
    /// # Errors
    /// [`Error::Taken`] when somebody has taken the new e-mail meanwhile; the link stays good.
    pub async fn agree_to_email_change(
        &self,
        token: TokenHash,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<Option<Agreed>> {
        let tx = self.db().begin().await?;
        let Some(asked) = asked_in(&tx, token, now).await? else { return Ok(None) };
        let column =
            if asked.by_new { email_change::Column::NewToken } else { email_change::Column::OldToken };
        let spent = email_change::Entity::update_many()
            .filter(email_change::Column::Id.eq(asked.change.id))
            .filter(column.eq(token.to_vec()))
            .col_expr(column, Expr::value(Option::<Vec<u8>>::None))
            .exec(&tx)
            .await?;
        if spent.rows_affected == 0 {
            return Ok(None);
        }
        // As it is now: both may have agreed at the same time.
        let open = email_change::Entity::find_by_id(asked.change.id)
            .filter(
                Condition::any()
                    .add(email_change::Column::OldToken.is_not_null())
                    .add(email_change::Column::NewToken.is_not_null()),
            )
            .one(&tx)
            .await?;
        let agreed = match open {
            Some(_) => Agreed::Waiting,
            None => {
                change_in(&tx, &asked).await?;
                Agreed::Changed
            }
        };
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(Some(agreed))
    }
}

async fn change_in(tx: &Tx, asked: &Asked) -> Result<()> {
    let EmailChange { id, old_email, new_email, .. } = &asked.change;
    match (asked.account, asked.scope) {
        (Some(person), _) => {
            // Somebody who is an organization's contact is it under the new e-mail, too.
            let Some(now) = account::Entity::find_by_id(person).one(tx).await? else {
                return Err(Error::Inconsistent("email_change"));
            };
            organization::Entity::update_many()
                .filter(contact_of(person, &now.email))
                .col_expr(organization::Column::Email, Expr::value(new_email.as_str()))
                .exec(tx)
                .await?;
            rename_in(tx, person, new_email).await?;
        }
        (None, Some(scope)) => {
            let organization = scope.organization();
            let found = organization::Entity::find_by_id(organization).one(tx).await?;
            let before = found.and_then(|m| m.email).unwrap_or_default();
            organization::Entity::update_many()
                .filter(organization::Column::Id.eq(organization))
                .col_expr(organization::Column::Email, Expr::value(new_email.as_str()))
                .exec(tx)
                .await?;
            // A link that was sent to the old e-mail lets nobody in any more.
            invitations::forget_in(tx, Some(organization), None, &before).await?;
            let login = account::Entity::find()
                .filter(account::Column::Email.eq(old_email))
                .filter(account::Column::Id.in_subquery(members(organization)))
                .one(tx)
                .await?;
            if let Some(login) = login {
                rename_in(tx, login.id, new_email).await?;
            }
        }
        (None, None) => return Err(Error::Inconsistent("email_change")),
    }
    email_change::Entity::delete_by_id(*id).exec(tx).await?;
    Ok(())
}

/// The person signs in with the new e-mail. A link to a new password that the old one was sent opens nothing any more.
async fn rename_in(tx: &Tx, person: Uuid, email: &str) -> Result<()> {
    account::Entity::update_many()
        .filter(account::Column::Id.eq(person))
        .col_expr(account::Column::Email, Expr::value(email))
        .exec(tx)
        .await?;
    passwords::forget_in(tx, person).await
}

fn members(organization: Uuid) -> SelectStatement {
    membership::Entity::find()
        .select_only()
        .column(membership::Column::AccountId)
        .filter(membership::Column::OrganizationId.eq(organization))
        .into_query()
}

/// The organization whose contact a person is: it has their e-mail, and they a role in it.
fn contact_of(person: Uuid, email: &str) -> Condition {
    let theirs = membership::Entity::find()
        .select_only()
        .column(membership::Column::OrganizationId)
        .filter(membership::Column::AccountId.eq(person))
        .into_query();
    Condition::all()
        .add(organization::Column::Email.eq(email))
        .add(organization::Column::Id.in_subquery(theirs))
}

/// Whether the e-mail cannot become the subject's: it is another login where a login changes, or another organization's
/// where an organization's changes.
async fn is_taken<C: ConnectionTrait>(db: &C, subject: Subject, email: &str, is_login: bool) -> Result<bool> {
    let login = account::Entity::find().filter(account::Column::Email.eq(email)).one(db).await?;
    if is_login && login.is_some() {
        return Ok(true);
    }
    let own = match subject {
        Subject::Organization(scope) => Some(scope.organization()),
        Subject::Account(person) => {
            let person = account::Entity::find_by_id(person).one(db).await?;
            let Some(person) = person else { return Ok(false) };
            let own = organization::Entity::find().filter(contact_of(person.id, &person.email));
            own.one(db).await?.map(|m| m.id)
        }
    };
    let Some(own) = own else { return Ok(false) };
    let other = organization::Entity::find()
        .filter(organization::Column::Email.eq(email))
        .filter(organization::Column::Id.ne(own))
        .one(db)
        .await?;
    Ok(other.is_some())
}

fn of(subject: Subject) -> Condition {
    Condition::all().add(match subject {
        Subject::Account(id) => email_change::Column::AccountId.eq(id),
        Subject::Organization(scope) => email_change::Column::OrganizationId.eq(scope.organization()),
    })
}

async fn asked_in<C: ConnectionTrait>(db: &C, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Asked>> {
    let found = email_change::Entity::find()
        .filter(
            Condition::any()
                .add(email_change::Column::OldToken.eq(token.to_vec()))
                .add(email_change::Column::NewToken.eq(token.to_vec())),
        )
        .filter(email_change::Column::ExpiresAt.gt(now.timestamp_millis()))
        .one(db)
        .await?;
    let Some(m) = found else { return Ok(None) };
    let org = match m.organization_id {
        Some(id) => Some(
            organization::Entity::find_by_id(id).one(db).await?.ok_or(Error::Inconsistent("email_change"))?,
        ),
        None => None,
    };
    Ok(Some(Asked {
        by_new: m.new_token == Some(token.to_vec()),
        organization: org.as_ref().map(|org| org.name.clone()),
        scope: org.map(|org| OrgScope::new(org.id, org.partner_id)),
        account: m.account_id,
        change: m.into(),
    }))
}

impl From<email_change::Model> for EmailChange {
    fn from(m: email_change::Model) -> EmailChange {
        EmailChange {
            id: m.id,
            old_agreed: m.old_token.is_none(),
            new_agreed: m.new_token.is_none(),
            old_email: m.old_email,
            new_email: m.new_email,
            begun_at: instant(m.begun_at),
            expires_at: instant(m.expires_at),
        }
    }
}
