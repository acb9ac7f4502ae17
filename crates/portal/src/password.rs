//! Password hashes: argon2id, away from the threads that serve requests, and no more at a time than
//! there are cores.

use std::sync::{Arc, OnceLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// For people: about 200 ms on one core.
    pub const STRONG: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// For tests that are about something else.
    pub const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
}

/// Makes and checks hashes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hasher(Arc<Inner>);

struct Inner {
    params: Params,
    cores: Arc<Semaphore>,
    /// Checked in place of an account's hash where there is no account.
    nobody: OnceLock<String>,
}

/// What a check showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed at another cost than is asked for now.
    RightButStale,
}

impl Hasher {
    pub(crate) fn new(cost: Cost) -> Result<Hasher> {
        let params =
            Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| Error::Hashing)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Hasher(Arc::new(Inner {
            params,
            cores: Arc::new(Semaphore::new(cores)),
            nobody: OnceLock::new(),
        })))
    }

    pub(crate) async fn hash(&self, password: SecretString) -> Result<String> {
        self.work(move |inner| inner.hash(&password)).await?
    }

    /// Checks against `hash`, or, where there is no account, against a hash that no password fits: both
    /// take the same time.
    pub(crate) async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<Verdict> {
        self.work(move |inner| match hash {
            Some(hash) => inner.verify(&password, &hash),
            None => {
                let nobody = match inner.nobody.get() {
                    Some(hash) => hash,
                    None => {
                        let hash = inner.hash(&SecretString::from("nobody has this password"))?;
                        inner.nobody.get_or_init(|| hash)
                    }
                };
                inner.verify(&password, nobody)?;
                Ok(Verdict::Wrong)
            }
        })
        .await?
    }

    /// Makes the hash that stands in for missing accounts, so that the first of them does not take
    /// longer than the others.
    pub(crate) async fn warm_up(&self) -> Result<()> {
        self.verify(SecretString::from(""), None).await.map(drop)
    }

    async fn work<T: Send + 'static>(&self, what: impl FnOnce(&Inner) -> T + Send + 'static) -> Result<T> {
        let inner = self.0.clone();
        let permit = inner.cores.clone().acquire_owned().await.map_err(|_| Error::Hashing)?;
        tokio::task::spawn_blocking(move || {
            let done = what(&inner);
            drop(permit);
            done
        })
        .await
        .map_err(|_| Error::Hashing)
    }
}

impl Inner {
    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    fn hash(&self, password: &SecretString) -> Result<String> {
        let hash =
            self.argon2().hash_password(password.expose_secret().as_bytes()).map_err(|_| Error::Hashing)?;
        Ok(hash.to_string())
    }

    fn verify(&self, password: &SecretString, hash: &str) -> Result<Verdict> {
        let hash = PasswordHash::new(hash).map_err(|_| Error::Hashing)?;
        // The cost is the hash's own.
        if self.argon2().verify_password(password.expose_secret().as_bytes(), &hash).is_err() {
            return Ok(Verdict::Wrong);
        }
        let same = Params::try_from(&hash).is_ok_and(|p| {
            (p.m_cost(), p.t_cost(), p.p_cost())
                == (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
        }) && hash.algorithm == argon2::ARGON2ID_IDENT;
        Ok(if same { Verdict::Right } else { Verdict::RightButStale })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn knows_right_from_wrong_and_stale() {
        let cheap = Hasher::new(Cost::CHEAP).unwrap();
        let hash = cheap.hash(secret("correct horse battery")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        let verify = async |h: &Hasher, p| h.verify(secret(p), Some(hash.clone())).await.unwrap();
        assert_eq!(verify(&cheap, "correct horse battery").await, Verdict::Right);
        assert_eq!(verify(&cheap, "correct horse batterz").await, Verdict::Wrong);
        let dearer = Hasher::new(Cost { passes: 2, ..Cost::CHEAP }).unwrap();
        assert_eq!(verify(&dearer, "correct horse battery").await, Verdict::RightButStale);
        assert_eq!(verify(&dearer, "").await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn nobody_is_never_right() {
        let hasher = Hasher::new(Cost::CHEAP).unwrap();
        let verdict = hasher.verify(secret("nobody has this password"), None).await.unwrap();
        assert_eq!(verdict, Verdict::Wrong);
    }
}
