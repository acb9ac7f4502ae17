//! Ids and hashes: fast, and the same for the same seed.

use std::hash::{BuildHasher, Hasher};

use rand::Rng;
use uuid::Uuid;

/// For keys that are already random: object ids and hashed names.
#[derive(Clone, Copy, Default)]
pub(crate) struct FastHash;

/// Folds what it is given with one multiplication a word.
pub(crate) struct Fold(u64);

impl BuildHasher for FastHash {
    type Hasher = Fold;

    fn build_hasher(&self) -> Fold {
        Fold(0)
    }
}

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// Hash of a name within its space; names compare without case.
pub(crate) fn key(space: &str, value: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for b in space.bytes().chain([0]).chain(value.bytes().map(|b| b.to_ascii_lowercase())) {
        hash = (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// A version 4 UUID from a seeded generator.
pub(crate) fn uuid(rng: &mut impl Rng) -> Uuid {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}
