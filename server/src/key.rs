//! The master key: 32 random bytes in base64, from the environment or a file that only its owner reads.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use store::MasterKey;
use zeroize::Zeroizing;

/// Reads the file, or makes it with a new key.
pub(crate) fn read_or_create(path: &Path) -> Result<MasterKey> {
    match fs::metadata(path) {
        Ok(about) => {
            let mode = about.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                bail!(
                    "the master key {0} may be read by others (mode {mode:03o}); run `chmod 600 {0}`, and take a new \
                     key if somebody did read it",
                    path.display()
                );
            }
            let text = Zeroizing::new(
                fs::read_to_string(path)
                    .with_context(|| format!("the master key {} could not be read", path.display()))?,
            );
            parse(&text).with_context(|| format!("the master key {}", path.display()))
        }
        Err(e) if e.kind() == ErrorKind::NotFound => create(path),
        Err(e) => Err(e).with_context(|| format!("the master key {} could not be read", path.display())),
    }
}

fn create(path: &Path) -> Result<MasterKey> {
    let key = MasterKey::generate();
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.as_bytes())));
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("the master key {} could not be written", path.display()))?;
    println!(
        "A master key was made: {}. Without it no backup can be read: keep a copy, apart from the database.",
        path.display()
    );
    Ok(key)
}

/// A key as text.
pub(crate) fn parse(text: &str) -> Result<MasterKey> {
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| store::Error::MalformedMasterKey)?);
    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| store::Error::MalformedMasterKey)?;
    Ok(MasterKey::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let made = read_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read_or_create(&path).unwrap().as_bytes(), made.as_bytes());
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        read_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = read_or_create(&path).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for bad in ["", "short", "QUJD", "not base64 at all, by any means, whatever"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&STANDARD.encode([9; 32])).is_ok());
    }
}
