//! Sealing: XChaCha20-Poly1305 over zstd, one key a tenant, wrapped by the master key.
//!
//! A sealed value is bound to its place (tenant, table, kind, object, key version and format), never to
//! its interval: thinning may move the ends of an interval without unsealing.

use std::sync::{Arc, LazyLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore;
use sea_orm::{ActiveValue::Set, EntityTrait};
use zeroize::Zeroizing;

use crate::entity::{installation, tenant_key};
use crate::{Error, Result, Store};

const NONCE: usize = 24;
/// Compressed with the built-in dictionary, first edition.
const FORMAT: u8 = 1;
const LEVEL: i32 = 3;
/// No sealed value unpacks to more than this many bytes; what claims to is refused.
const MAX_PLAIN: usize = 16 * 1024 * 1024;

/// Attribute names and Microsoft's enumerations only: nothing of any tenant.
static DICTIONARY: &[u8] = include_bytes!("seal_dictionary.txt");
static ENCODER: LazyLock<zstd::dict::EncoderDictionary<'static>> =
    LazyLock::new(|| zstd::dict::EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<zstd::dict::DecoderDictionary<'static>> =
    LazyLock::new(|| zstd::dict::DecoderDictionary::copy(DICTIONARY));

type Key = Zeroizing<[u8; 32]>;

/// The installation's key, from `HOLDFAST_MASTER_KEY` or a file outside the database.
pub struct MasterKey(Key);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> MasterKey {
        MasterKey(Zeroizing::new(bytes))
    }

    /// A new random key.
    #[must_use]
    pub fn generate() -> MasterKey {
        MasterKey(random())
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Where a sealed value lies; opening it elsewhere fails.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: Table,
    pub kind: i16,
    pub object: i64,
}

/// The tables that hold sealed values. The numbers are part of what is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Table {
    Body = 1,
    Connection = 2,
    Cursor = 3,
    Restore = 4,
    Step = 5,
}

impl Table {
    const fn name(self) -> &'static str {
        match self {
            Table::Body => "body",
            Table::Connection => "connection",
            Table::Cursor => "delta_cursor",
            Table::Restore => "restore",
            Table::Step => "restore_step",
        }
    }
}

/// A tenant's keys. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    tenant: i64,
    version: u16,
    seal: XChaCha20Poly1305,
    digest: Key,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys(tenant {}, version {})", self.0.tenant, self.0.version)
    }
}

/// Sixteen bytes that stand for a value: equal digests, equal values, within one tenant.
pub type Digest = [u8; 16];

impl Keys {
    /// A keyed digest of `parts`, none of which can be moved into another unnoticed.
    #[must_use]
    pub fn digest(&self, parts: &[&[u8]]) -> Digest {
        let mut hasher = blake3::Hasher::new_keyed(&self.0.digest);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut out = [0; 16];
        out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        out
    }

    /// Compresses and seals `plain` for `place`.
    ///
    /// # Errors
    /// When the machine has no randomness or memory left.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>> {
        self.sealer()?.seal(place, plain)
    }

    /// For sealing many values: keeps the compressor between them.
    ///
    /// # Errors
    /// When the compressor cannot be set up.
    pub fn sealer(&self) -> Result<Sealer> {
        let compressor = zstd::bulk::Compressor::with_prepared_dictionary(&ENCODER)
            .map_err(|_| Error::Seal("the compressor"))?;
        Ok(Sealer { keys: self.clone(), compressor })
    }

    /// Opens what [`Keys::seal`] made for the same place.
    ///
    /// # Errors
    /// [`Error::Seal`] when it was altered, moved, or sealed with another key.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::Seal(place.table.name());
        let (head, rest) = sealed.split_at_checked(3).ok_or_else(broken)?;
        let (nonce, cipher) = rest.split_at_checked(NONCE).ok_or_else(broken)?;
        if head[0] != FORMAT || u16::from_le_bytes([head[1], head[2]]) != self.0.version {
            return Err(broken());
        }
        let nonce = XNonce::try_from(nonce).map_err(|_| broken())?;
        let packed = self
            .0
            .seal
            .decrypt(&nonce, Payload { msg: cipher, aad: &self.aad(place) })
            .map_err(|_| broken())?;
        let mut decompressor =
            zstd::bulk::Decompressor::with_prepared_dictionary(&DECODER).map_err(|_| broken())?;
        let size = zstd::bulk::Decompressor::upper_bound(&packed).unwrap_or(MAX_PLAIN).min(MAX_PLAIN);
        decompressor.decompress(&packed, size).map_err(|_| broken())
    }

    fn aad(&self, place: Place) -> [u8; 22] {
        let mut aad = [0; 22];
        aad[..8].copy_from_slice(&self.0.tenant.to_le_bytes());
        aad[8] = place.table as u8;
        aad[9..11].copy_from_slice(&place.kind.to_le_bytes());
        aad[11..19].copy_from_slice(&place.object.to_le_bytes());
        aad[19..21].copy_from_slice(&self.0.version.to_le_bytes());
        aad[21] = FORMAT;
        aad
    }
}

/// A tenant's keys with a compressor at hand.
pub struct Sealer {
    keys: Keys,
    compressor: zstd::bulk::Compressor<'static>,
}

impl Sealer {
    /// See [`Keys::seal`].
    ///
    /// # Errors
    /// When the machine has no randomness or memory left.
    pub fn seal(&mut self, place: Place, plain: &[u8]) -> Result<Vec<u8>> {
        let broken = |_| Error::Seal(place.table.name());
        let packed = self.compressor.compress(plain).map_err(|_| Error::Seal(place.table.name()))?;
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let cipher = self
            .keys
            .0
            .seal
            .encrypt(&XNonce::from(nonce), Payload { msg: &packed, aad: &self.keys.aad(place) })
            .map_err(broken)?;
        let mut out = Vec::with_capacity(3 + NONCE + cipher.len());
        out.push(FORMAT);
        out.extend_from_slice(&self.keys.0.version.to_le_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&cipher);
        Ok(out)
    }
}

fn random() -> Key {
    let mut key = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(key.as_mut());
    key
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*key).into())
}

/// Seals a secret with the master key itself, for what belongs to no tenant; `context` says whose it is and what for,
/// and it opens with the same only.
pub(crate) fn wrap(master: &MasterKey, context: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let sealed = cipher(&master.0)
        .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: context })
        .map_err(|_| Error::Seal("a wrapped secret"))?;
    Ok([&nonce[..], &sealed].concat())
}

/// Opens what [`wrap`] made.
pub(crate) fn unwrap(master: &MasterKey, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let broken = || Error::Seal("a wrapped secret");
    let (nonce, sealed) = wrapped.split_at_checked(NONCE).ok_or_else(broken)?;
    cipher(&master.0)
        .decrypt(&XNonce::try_from(nonce).map_err(|_| broken())?, Payload { msg: sealed, aad: context })
        .map(Zeroizing::new)
        .map_err(|_| broken())
}

fn unwrap_key(master: &MasterKey, context: &[u8], wrapped: &[u8]) -> Result<Key> {
    let plain = unwrap(master, context, wrapped)?;
    Ok(Zeroizing::new(plain.as_slice().try_into().map_err(|_| Error::Seal("tenant_key"))?))
}

/// Seals short texts that lie beside others in the clear: one key an organization.
pub(crate) struct TextKey(XChaCha20Poly1305);

impl TextKey {
    /// Seals a text for the place that `at` tells, and only that.
    pub(crate) fn seal(&self, at: &[u8], text: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), Payload { msg: text.as_bytes(), aad: at })
            .map_err(|_| Error::Seal("audit"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub(crate) fn open(&self, at: &[u8], sealed: &[u8]) -> Result<String> {
        let broken = || Error::Seal("audit");
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| broken())?;
        let text = self.0.decrypt(&nonce, Payload { msg: sealed, aad: at }).map_err(|_| broken())?;
        String::from_utf8(text).map_err(|_| broken())
    }
}

/// A new key for texts, wrapped.
pub(crate) fn new_text_key(master: &MasterKey, context: &[u8]) -> Result<Vec<u8>> {
    wrap(master, context, random().as_ref())
}

/// The key that [`new_text_key`] wrapped.
pub(crate) fn text_key(master: &MasterKey, context: &[u8], wrapped: &[u8]) -> Result<TextKey> {
    let key = unwrap_key(master, context, wrapped)?;
    Ok(TextKey(cipher(&key)))
}

/// What the two keys of a tenant are for.
const SEALING: i32 = 1;
const DIGESTS: i32 = 2;

fn context(tenant: i64, version: i32, purpose: i32) -> Vec<u8> {
    format!("holdfast tenant key {tenant} {version} {purpose}").into_bytes()
}

/// Makes the keys of a new tenant.
pub(crate) async fn create<C: sea_orm::ConnectionTrait>(
    db: &C,
    master: &MasterKey,
    tenant: i64,
) -> Result<()> {
    for purpose in [SEALING, DIGESTS] {
        let wrapped = wrap(master, &context(tenant, 1, purpose), random().as_ref())?;
        tenant_key::Entity::insert(tenant_key::ActiveModel {
            tenant: Set(tenant),
            version: Set(1),
            purpose: Set(purpose),
            wrapped: Set(wrapped),
        })
        .exec_without_returning(db)
        .await?;
    }
    Ok(())
}

/// Unwraps the keys of a tenant.
pub(crate) async fn keys(store: &Store, tenant: i64) -> Result<Keys> {
    keys_in(store.db().read(), store.master(), tenant).await
}

/// The same, as part of a larger transaction.
pub(crate) async fn keys_in<C: sea_orm::ConnectionTrait>(
    db: &C,
    master: &MasterKey,
    tenant: i64,
) -> Result<Keys> {
    let mut found: [Option<Key>; 2] = [None, None];
    for (slot, purpose) in [SEALING, DIGESTS].into_iter().enumerate() {
        let row = tenant_key::Entity::find_by_id((tenant, 1, purpose)).one(db).await?;
        let row = row.ok_or(Error::Inconsistent("tenant_key"))?;
        found[slot] = Some(unwrap_key(master, &context(tenant, 1, purpose), &row.wrapped)?);
    }
    let [Some(seal), Some(digest)] = found else { return Err(Error::Inconsistent("tenant_key")) };
    Ok(Keys(Arc::new(Inner { tenant, version: 1, seal: cipher(&seal), digest })))
}

const CHECK: &[u8] = b"holdfast master key check";

/// Refuses a master key that is not the one this database was made with.
pub(crate) async fn check_master(store: &Store) -> Result<()> {
    let db = store.db();
    match installation::Entity::find_by_id(1).one(db.write()).await? {
        Some(row) => {
            unwrap(store.master(), CHECK, &row.master_check).map(drop).map_err(|_| Error::WrongMasterKey)
        }
        None => {
            let master_check = wrap(store.master(), CHECK, &[0; 32])?;
            installation::Entity::insert(installation::ActiveModel {
                id: Set(1),
                master_check: Set(master_check),
            })
            .exec_without_returning(db.write())
            .await?;
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(tenant: i64) -> Keys {
        Keys(Arc::new(Inner { tenant, version: 1, seal: cipher(&[7; 32]), digest: Zeroizing::new([8; 32]) }))
    }

    const PLACE: Place = Place { table: Table::Body, kind: 1, object: 42 };

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let sealed = keys(1).seal(PLACE, b"{\"jobTitle\":\"Head of Treasury\"}").unwrap();
        assert_eq!(keys(1).open(PLACE, &sealed).unwrap(), b"{\"jobTitle\":\"Head of Treasury\"}");
        assert!(keys(2).open(PLACE, &sealed).is_err());
        assert!(keys(1).open(Place { object: 43, ..PLACE }, &sealed).is_err());
        assert!(keys(1).open(Place { kind: 2, ..PLACE }, &sealed).is_err());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let sealed = keys(1).seal(PLACE, b"some text that is long enough to matter").unwrap();
        for i in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[i / 8] ^= 1 << (i % 8);
            assert!(keys(1).open(PLACE, &bad).is_err(), "bit {i}");
        }
    }

    #[test]
    fn what_belongs_to_no_tenant_opens_in_its_place_only() {
        let master = MasterKey::from_bytes([9; 32]);
        let sealed = wrap(&master, b"outbox 1", b"a link").unwrap();
        assert_eq!(*unwrap(&master, b"outbox 1", &sealed).unwrap(), b"a link");
        assert!(unwrap(&master, b"outbox 2", &sealed).is_err());
        assert!(unwrap(&MasterKey::from_bytes([8; 32]), b"outbox 1", &sealed).is_err());
        assert!(unwrap(&master, b"outbox 1", &sealed[..10]).is_err());
    }

    #[test]
    fn secrets_do_not_show_in_debug() {
        assert_eq!(format!("{:?}", MasterKey::from_bytes([9; 32])), "MasterKey(…)");
        assert_eq!(format!("{:?}", keys(3)), "Keys(tenant 3, version 1)");
    }
}
