//! People and what they may do, and what partners sell: sign-in, invitations, the set-up of an empty
//! installation, plans, organizations and their subscriptions, visits, and the audit log. Its face is [`Portal`].

mod account;
mod audit;
mod brand;
mod consent;
mod error;
mod help;
mod invitation;
mod limits;
mod links;
pub mod mail;
mod microsoft;
mod notices;
mod partner;
mod password;
mod people;
mod picture;
mod rules;
mod session;
mod setup;
mod sign_in;
mod sweep;
mod tokens;
mod visits;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::Store;

pub use account::{Device, Half, Oneself, Passed, SignedIn};
pub use audit::Event;
pub use brand::Onlooker;
pub use error::Error;
pub use links::PrintedLink;
pub use microsoft::{Journey, Microsoft, Purpose};
pub use partner::{NewOrganization, NewPartner, NewPlan, PartnerForm, Proposal, ToBackUp, is_mark};
pub use password::Cost;
pub use session::{ABSOLUTE, At, BEGAN, IDLE, Identity, TOUCH, TOUCHED, Who};
pub use setup::SetUp;
pub use store::tokens::Bearer;
pub use tokens::{BadToken, NewApiToken};

use password::Hasher;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Where the time comes from, so that every rule about time can be tested.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A secret for an address: 256 random bits, in letters that need no escaping.
fn random_token() -> String {
    use base64::Engine;
    use rand::RngCore;
    let mut random = [0; 32];
    rand::rng().fill_bytes(&mut random);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Portal {
    store: Store,
    hasher: Hasher,
    now: Now,
    microsoft: Option<Arc<Microsoft>>,
    installation: Arc<Installation>,
    post: mail::Post,
    /// How long notices gather before they are told.
    gather: chrono::TimeDelta,
}

/// What the operator says of the installation.
#[derive(Clone, Debug, Default)]
pub struct Installation {
    /// Where it keeps its data: "Frankfurt, Germany".
    pub data_location: Option<String>,
    /// Whether it has an app of its own, which administrators can consent to.
    pub offers_consent: bool,
}

impl std::fmt::Debug for Portal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Portal")
    }
}

impl Portal {
    /// `cost` is what a password hash costs from now on; hashes of another cost are renewed at the next
    /// sign-in.
    ///
    /// # Errors
    /// When the cost is out of the algorithm's bounds.
    pub fn new(store: Store, cost: Cost, now: Now) -> Result<Portal> {
        Ok(Portal {
            store,
            hasher: Hasher::new(cost)?,
            now,
            microsoft: None,
            installation: Arc::default(),
            post: mail::Post::default(),
            gather: notices::GATHER,
        })
    }

    /// The same, with mail.
    #[must_use]
    pub fn with_mail(mut self, settings: mail::Settings) -> Portal {
        self.post = mail::Post::new(settings);
        self
    }

    /// The same, of an installation of which more is known.
    #[must_use]
    pub fn of_installation(mut self, installation: Installation) -> Portal {
        self.installation = Arc::new(installation);
        self
    }

    /// What the operator says of the installation.
    #[must_use]
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// The database beneath.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }
}
