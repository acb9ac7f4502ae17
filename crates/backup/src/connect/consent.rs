//! A customer's administrator lets Holdfast in: signs in first, then consents to the installation's own app; then the
//! app itself signs in and is tried before anything is kept.
//!
//! Which directory it is comes from the validated id token alone. What the return from consent says in its address is
//! compared with that, and binds nothing by itself.

use std::time::{Duration, SystemTime};

use domain::connection::{ConsentDone, ConsentOffer};
use domain::permission;
use domain::view::Trigger;
use graph::oidc::{NotSignedIn, Oidc, Pending, PendingConsent, Prompt};
use graph::{Cloud, Hosts, Meaning};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::audit::Entry;
use store::consent::{ConsentLink, DirectoryOf};
use store::jobs::Work;
use store::tenants::{NewConnection, NewTenant};
use store::token::TokenHash;
use url::Url;
use uuid::Uuid;

use super::{
    EVERY_MIN, FULL_EVERY_MIN, Found, IMPATIENT, InstallationApp, Organization, SignIn, address, client,
    look, permissions,
};
use crate::{Backup, Error, Result};

/// How often the app is tried after consent, and the pause between: Microsoft passes consent on within seconds, mostly.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_secs(3);

/// How far a browser has come with a link; its session keeps it. The link's token is not in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConsentFlow {
    link: Uuid,
    step: Step,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Step {
    /// The link was shown.
    Shown,
    /// The administrator is signing in.
    SigningIn(Pending),
    /// The administrator has signed in, and decides.
    Deciding { pending: PendingConsent, administrator: String },
}

/// What Microsoft sent the browser back with.
#[derive(Clone, Default, Deserialize)]
pub struct ConsentAnswer {
    #[serde(default)]
    pub state: String,
    pub code: Option<String>,
    pub tenant: Option<String>,
    pub error: Option<String>,
}

impl std::fmt::Debug for ConsentAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentAnswer")
            .field("tenant", &self.tenant)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// What follows an answer.
#[derive(Debug)]
pub enum ConsentNext {
    /// On to Microsoft's page, with what to keep meanwhile.
    Ask(Url, ConsentFlow),
    Done(ConsentDone),
}

impl ConsentFlow {
    /// The same link, with nothing under way: whatever was, cannot be answered any more.
    #[must_use]
    pub fn at_its_start(&self) -> ConsentFlow {
        ConsentFlow { link: self.link, step: Step::Shown }
    }
}

impl Backup {
    /// Whether the installation has an app of its own to consent to.
    #[must_use]
    pub fn offers_consent(&self) -> bool {
        self.settings().app.is_some()
    }

    /// Begins with the link that somebody holds.
    ///
    /// # Errors
    /// [`Error::LinkSpent`].
    pub async fn consent_flow(&self, token: &str) -> Result<ConsentFlow> {
        let link = self.store().consent_link(TokenHash::of(token), self.now()).await?;
        Ok(ConsentFlow { link: link.ok_or(Error::LinkSpent)?.id, step: Step::Shown })
    }

    /// What a link asks, for somebody without an account.
    ///
    /// # Errors
    /// [`Error::LinkSpent`].
    pub async fn consent_offer(&self, flow: &ConsentFlow) -> Result<ConsentOffer> {
        let link = self.good(flow).await?;
        Ok(ConsentOffer {
            organization: link.organization_name,
            partner: link.partner_name,
            support: link.support_email,
            until: link.expires_at,
            data_location: None,
            problem: None,
            go: String::new(),
        })
    }

    /// Where the administrator signs in, and what to keep until the browser is back at `redirect_uri`.
    ///
    /// # Errors
    /// [`Error::LinkSpent`]; [`Error::Refused`] where the installation has no app.
    pub async fn consent_begin(&self, flow: &ConsentFlow, redirect_uri: &str) -> Result<(Url, ConsentFlow)> {
        let link = self.good(flow).await?;
        let (url, pending) = self.oidc()?.begin(redirect_uri, Prompt::SelectAccount)?;
        Ok((url, ConsentFlow { link: link.id, step: Step::SigningIn(pending) }))
    }

    /// Takes Microsoft's answer. The caller has taken `flow` out of the session, so that it serves once.
    ///
    /// # Errors
    /// [`Error::LinkSpent`]; [`Error::Refused`] with what to do; [`Error::Graph`] when Microsoft does not answer.
    /// Nothing is kept then.
    pub async fn consent_answered(
        &self,
        flow: &ConsentFlow,
        answer: &ConsentAnswer,
        redirect_uri: &str,
        from: &str,
    ) -> Result<ConsentNext> {
        let link = self.good(flow).await?;
        match &flow.step {
            Step::Shown => Err(unasked()),
            Step::SigningIn(pending) => {
                if !pending.is_answered_by(&answer.state) {
                    return Err(unasked());
                }
                self.signed_in(&link, pending, answer, redirect_uri).await
            }
            Step::Deciding { pending, administrator } => {
                if !pending.is_answered_by(&answer.state) {
                    return Err(unasked());
                }
                self.decided(&link, pending, administrator, answer, from).await
            }
        }
    }

    async fn signed_in(
        &self,
        link: &ConsentLink,
        pending: &Pending,
        answer: &ConsentAnswer,
        redirect_uri: &str,
    ) -> Result<ConsentNext> {
        let code = match (&answer.error, &answer.code) {
            (None, Some(code)) => code,
            _ => {
                return Err(refused(
                    "You were not signed in at Microsoft. Nothing was changed; try again when you are ready.",
                ));
            }
        };
        let oidc = self.oidc()?;
        let person = oidc.finish(pending, code, SystemTime::from(self.now())).await.map_err(|e| match e {
            NotSignedIn::Authority(error) => Error::Graph(error),
            NotSignedIn::Token(flaw) => {
                tracing::warn!(%flaw, "an id token was not accepted");
                refused("Microsoft's answer could not be trusted, so nobody was signed in. Nothing was changed; try again.")
            }
        })?;
        if !person.may_consent() {
            return Err(refused(&format!(
                "{} may not let an app into this directory: it takes a Global Administrator or a Privileged Role Administrator of it. Nothing was changed. Try again with such an account, or pass the link on to somebody who has one.",
                shown(&person.username),
            )));
        }
        if self.store().directory_of(link.scope(), person.directory).await? == DirectoryOf::Another {
            return Err(not_this_directory());
        }
        let (url, pending) = oidc.ask_consent(person.directory, redirect_uri)?;
        let step = Step::Deciding { pending, administrator: person.username };
        Ok(ConsentNext::Ask(url, ConsentFlow { link: link.id, step }))
    }

    async fn decided(
        &self,
        link: &ConsentLink,
        pending: &PendingConsent,
        administrator: &str,
        answer: &ConsentAnswer,
        from: &str,
    ) -> Result<ConsentNext> {
        // The newer endpoint says `admin_consent=True` beside an error as well: only the error tells.
        if answer.error.is_some() {
            return Err(refused(
                "Consent was not given. Nothing was connected; try again when you have decided.",
            ));
        }
        let named = answer.tenant.as_deref().and_then(|text| Uuid::parse_str(text).ok());
        if named != Some(pending.directory()) {
            tracing::warn!(?named, "a return from consent names another directory than the one signed in to");
            return Err(refused(
                "Microsoft's answer names another directory than the one that you signed in to, so nothing was connected. Start again, and sign in with an account of the directory that you mean.",
            ));
        }
        let (found, organization) = self.try_app(pending.directory()).await?;
        let now = self.now();
        let domain = organization.domain();
        let name =
            organization.display_name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| domain.clone());
        let can_restore = permissions::can_restore(&permission::rows(&found.granted));
        let new = NewTenant {
            directory: pending.directory(),
            name: name.clone(),
            domain: domain.clone(),
            connection: NewConnection {
                cloud: Cloud::default().as_str().to_owned(),
                client_id: self.app()?.client_id().to_owned(),
                proof: domain::connection::ProofKind::Installation,
                secret: SecretString::default(),
                expires_at: None,
                granted: found.granted,
            },
            every_min: EVERY_MIN,
            full_every_min: FULL_EVERY_MIN,
        };
        // The log outlives the customer: who it was, it says under the customer's seal.
        let detail = format!(
            "admin consent by {administrator}, directory {}, link made by {}",
            pending.directory(),
            link.made_by
        );
        let entry =
            Entry { actor: "by link", event: "tenant-connected", object: "", detail: &detail, address: from };
        let first = Work::Capture { reason: Trigger::First, full: true };
        let kept = self.store().connect_by_consent(link, new, &first, administrator, &entry, now).await;
        let (_, is_new) = match kept {
            Err(store::Error::Taken(_)) => return Err(not_this_directory()),
            other => other?.ok_or(Error::LinkSpent)?,
        };
        if is_new {
            self.wake().notify_one();
        }
        Ok(ConsentNext::Done(ConsentDone {
            organization: link.organization_name.clone(),
            partner: link.partner_name.clone(),
            tenant: name,
            domain,
            can_restore,
        }))
    }

    /// Signs in to the directory as the app, and again while Microsoft has not passed the consent on yet.
    async fn try_app(&self, directory: Uuid) -> Result<(Found, Organization)> {
        let app = self.app()?;
        for left in (0..TRIES).rev() {
            let client = client(
                self,
                SignIn {
                    tenant: &directory.to_string(),
                    client_id: app.client_id(),
                    proof: app.proof().clone(),
                    cloud: Cloud::default().as_str(),
                },
                IMPATIENT,
            )?;
            let problem = match look(&client).await {
                Ok(mut found) => {
                    match (permissions::problem(&permission::rows(&found.granted)), found.organization.take())
                    {
                        (None, Some(organization)) if organization.id == directory => {
                            return Ok((found, organization));
                        }
                        (None, Some(_)) => return Err(not_this_directory()),
                        (None, None) => refused(
                            "Consent was given, but the app may not read whose directory it is. Ask the operator to add Organization.Read.All to the app's permissions, and consent again.",
                        ),
                        (Some(problem), _) => refused(&problem),
                    }
                }
                Err(e)
                    if matches!(
                        e.meaning(),
                        Meaning::ConsentMissing | Meaning::ConsentUnfinished | Meaning::AppDisabled
                    ) =>
                {
                    Error::Graph(e)
                }
                Err(e) => return Err(Error::Graph(e)),
            };
            if left == 0 {
                return Err(problem);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::LinkSpent)
    }

    async fn good(&self, flow: &ConsentFlow) -> Result<ConsentLink> {
        self.store().consent_link_by_id(flow.link, self.now()).await?.ok_or(Error::LinkSpent)
    }

    fn app(&self) -> Result<&InstallationApp> {
        self.settings().app.as_ref().ok_or_else(|| {
            refused("This installation has no app of its own to consent to. Its operator sets HOLDFAST_APP_CLIENT_ID and HOLDFAST_APP_SECRET.")
        })
    }

    fn oidc(&self) -> Result<Oidc> {
        let app = self.app()?;
        let settings = self.settings();
        let hosts = Hosts::of(Cloud::default())
            .with_overrides(address(settings.graph_url.as_deref())?, address(settings.login_url.as_deref())?);
        Ok(Oidc::new(self.http()?.clone(), hosts, app.client_id(), app.proof().clone()))
    }
}

fn refused(text: &str) -> Error {
    Error::Refused(text.to_owned())
}

fn unasked() -> Error {
    refused(
        "This answer does not belong to anything that this browser asked. Nothing was changed; start again here.",
    )
}

/// Whose it is, is nobody else's business.
fn not_this_directory() -> Error {
    refused("This directory cannot be connected here. Nothing was changed. Ask whoever sent you the link.")
}

/// A name as somebody's directory gives it, short enough for a sentence.
fn shown(username: &str) -> String {
    let text: String = username.chars().filter(|c| !c.is_control()).take(120).collect();
    if text.is_empty() { "This account".to_owned() } else { text }
}
