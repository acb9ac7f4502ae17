//! API tokens: made, listed and revoked by people, and shown by programs in their place.

mod secret;

use chrono::Duration;
use domain::access::{Action, PartnerAction};
use domain::api_token::{ApiTokenMade, ApiTokensView};
use domain::feature::Feature;
use secrecy::{ExposeSecret, SecretString};
use store::audit::Entry;
use store::people::Home;
use store::scope::{Actor, PartnerActor};
use store::token::TokenHash;
use store::tokens::{Bearer, NewToken, TokenPlace};
use uuid::Uuid;

use crate::{Error, Event, Portal, Result, TOUCH, rules};

/// The longest that a token lives, in days.
const LONGEST: i64 = 365;
/// Tokens of one place that may live at a time.
const MOST: usize = 50;
/// A key of a request is remembered for so many hours.
const KEYS: i64 = 24;

/// A token as it was typed.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    pub name: String,
    pub back_up: bool,
    /// How long it is to live.
    pub days: String,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadToken {
    /// It is none of ours: mistyped, or cut.
    Malformed,
    /// Unknown, revoked or expired; or its maker's role or the organization's logins are gone.
    Dead,
}

/// Who makes a token, and for what.
struct Making<'a> {
    place: TokenPlace,
    account: Uuid,
    made_at: Option<Uuid>,
    /// Whether the maker's role includes starting backups.
    back_up: bool,
    signature: String,
    address: &'a str,
}

/// Of an organization, by its own people and by visitors.
impl Portal {
    /// The organization's tokens.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Off`].
    pub async fn tokens(&self, actor: &Actor) -> Result<ApiTokensView> {
        self.listed(own(actor)?).await
    }

    /// Makes a token for the organization.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Forbidden`], [`Error::Off`].
    pub async fn create_token(&self, actor: &Actor, new: NewApiToken) -> Result<ApiTokenMade> {
        self.make(own(actor)?, new).await
    }

    /// Ends a token of the organization, at once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Off`].
    pub async fn revoke_token(&self, actor: &Actor, id: Uuid) -> Result<()> {
        self.revoke(own(actor)?, id).await
    }
}

/// Of the partner, or of a customer of its branch.
impl Portal {
    /// The tokens of the actor's partner, or of a customer.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well; [`Error::Forbidden`].
    pub async fn partner_tokens(
        &self,
        actor: &PartnerActor,
        organization: Option<Uuid>,
    ) -> Result<ApiTokensView> {
        self.listed(self.partners(actor, organization).await?).await
    }

    /// Makes a token for the actor's partner, or for a customer.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn create_partner_token(
        &self,
        actor: &PartnerActor,
        organization: Option<Uuid>,
        new: NewApiToken,
    ) -> Result<ApiTokenMade> {
        let at = self.partners(actor, organization).await?;
        if let TokenPlace::Organization(scope) = at.place {
            self.lets_in(Home::Organization(scope)).await?;
        }
        self.make(at, new).await
    }

    /// Ends a token of the actor's partner, or of a customer, at once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn revoke_partner_token(
        &self,
        actor: &PartnerActor,
        organization: Option<Uuid>,
        id: Uuid,
    ) -> Result<()> {
        self.revoke(self.partners(actor, organization).await?, id).await
    }

    async fn partners<'a>(&self, actor: &'a PartnerActor, organization: Option<Uuid>) -> Result<Making<'a>> {
        crate::partner::require(actor, PartnerAction::ManageTokens)?;
        let place = match organization {
            Some(id) => TokenPlace::Organization(self.customer(actor, id).await?.scope()),
            None => TokenPlace::Partner(actor.scope()),
        };
        Ok(Making {
            place,
            account: actor.account,
            made_at: Some(actor.scope().partner()),
            back_up: actor.may(PartnerAction::BackUp),
            signature: actor.email.clone(),
            address: &actor.address,
        })
    }
}

/// In the place of people.
impl Portal {
    /// Who asks by a token, as its maker is now.
    ///
    /// # Errors
    /// [`Error::Off`] where the API is switched off for the organization; when the database cannot be read.
    pub async fn bearer(
        &self,
        secret: &SecretString,
        address: &str,
    ) -> Result<std::result::Result<Bearer, BadToken>> {
        let secret = secret.expose_secret();
        if !secret::is_whole(secret) {
            return Ok(Err(BadToken::Malformed));
        }
        let now = self.now();
        let Some(bearer) = self.store.bearer(TokenHash::of(secret), now).await? else {
            return Ok(Err(BadToken::Dead));
        };
        let (bearer, grant) = match bearer {
            Bearer::Organization(actor) => {
                actor.check_feature(Feature::Api)?;
                let actor = actor.from_address(address);
                let grant = actor.token.clone();
                (Bearer::Organization(actor), grant)
            }
            Bearer::Partner(actor) => {
                let actor = actor.from_address(address);
                let grant = actor.token.clone();
                (Bearer::Partner(actor), grant)
            }
        };
        if let Some(grant) = grant {
            self.store.touch_token(grant.id, now - TOUCH, now).await?;
        }
        Ok(Ok(bearer))
    }

    /// The actor with which a partner's token (or person) looks into a customer of the branch.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well; [`Error::Forbidden`] without the right to see how backups stand.
    pub async fn in_customer(&self, actor: &PartnerActor, organization: Uuid) -> Result<Actor> {
        let org = self.customer(actor, organization).await?;
        crate::partner::require(actor, PartnerAction::SeeHealth)?;
        self.store.partner_in(actor, org.id).await?.ok_or_else(|| {
            Error::Refused(
                "Backups of this organization are stopped. Resume its subscription to reach them.".to_owned(),
            )
        })
    }

    /// The same, for the customer that a tenant belongs to.
    ///
    /// # Errors
    /// As [`Portal::in_customer`].
    pub async fn in_customer_of_tenant(&self, actor: &PartnerActor, tenant: Uuid) -> Result<Actor> {
        let organization =
            self.store.organization_of_tenant(actor.scope(), tenant).await?.ok_or(Error::NotFound)?;
        self.in_customer(actor, organization).await
    }

    /// Forgets what time has made useless.
    pub(crate) async fn sweep_tokens(&self) -> Result<()> {
        self.store.forget_requests(self.now() - Duration::hours(KEYS)).await?;
        Ok(())
    }
}

impl Portal {
    async fn listed(&self, at: Making<'_>) -> Result<ApiTokensView> {
        Ok(ApiTokensView { tokens: self.store.tokens(at.place).await?, back_up: at.back_up, made: None })
    }

    async fn make(&self, at: Making<'_>, new: NewApiToken) -> Result<ApiTokenMade> {
        let name = rules::line("name", "what the token is for", &new.name)?;
        let days = match new.days.trim().parse::<i64>() {
            Ok(days) if (1..=LONGEST).contains(&days) => days,
            _ => return Err(Error::invalid("days", "Choose how long it lives: 1 to 365 days.")),
        };
        if new.back_up && !at.back_up {
            let message =
                "Your role starts no backups, so a token of yours cannot either. Make one that reads.";
            return Err(Error::invalid("back_up", message));
        }
        let now = self.now();
        let living = self.store.tokens(at.place).await?.iter().filter(|t| t.expires > now).count();
        if living >= MOST {
            return Err(Error::Refused(format!(
                "There are {MOST} tokens already. Revoke one that is not used any more, then make this one."
            )));
        }
        let secret = secret::random();
        let expires = now + Duration::days(days);
        let detail = format!("{}, {days} days", if new.back_up { "read, back up" } else { "read" });
        let entry = Entry {
            actor: &at.signature,
            event: Event::TokenCreated.slug(),
            object: "",
            detail: &detail,
            address: at.address,
        };
        let kept = NewToken {
            account: at.account,
            made_at: at.made_at,
            name: name.clone(),
            hint: secret::hint(&secret).to_owned(),
            back_up: new.back_up,
            expires_at: expires,
        };
        self.store.create_token(at.place, TokenHash::of(&secret), kept, &entry, now).await?;
        Ok(ApiTokenMade { name, secret, expires })
    }

    async fn revoke(&self, at: Making<'_>, id: Uuid) -> Result<()> {
        let entry = Entry {
            actor: &at.signature,
            event: Event::TokenRevoked.slug(),
            object: "",
            detail: "",
            address: at.address,
        };
        let ended = self.store.revoke_token(at.place, id, &entry, self.now()).await?;
        if ended { Ok(()) } else { Err(Error::NotFound) }
    }
}

fn own(actor: &Actor) -> Result<Making<'_>> {
    actor.check(Action::ManageTokens)?;
    Ok(Making {
        place: TokenPlace::Organization(actor.scope()),
        account: actor.account,
        made_at: actor.visit.as_ref().map(|visit| visit.partner),
        back_up: actor.may(Action::BackUp),
        signature: actor.signature(),
        address: &actor.address,
    })
}
