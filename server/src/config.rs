//! What the settings amount to, checked before anything starts.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, bail};
use backup::InstallationApp;
use graph::oidc::Oidc;
use graph::{Cloud, Hosts, Http, Proof};
use secrecy::SecretString;
use store::{MasterKey, Store};
use url::{Host, Url};

use crate::cli::Settings;
use crate::http::Front;
use crate::key;

/// Opens the database of the settings, which also brings it up to date.
pub(crate) async fn open_store(settings: &Settings) -> Result<Store> {
    let key = master_key(settings)?;
    let url = database_url(settings)?;
    Store::open(&url, key).await.with_context(|| format!("the database {} could not be opened", shown(&url)))
}

fn master_key(settings: &Settings) -> Result<MasterKey> {
    match std::env::var("HOLDFAST_MASTER_KEY") {
        Ok(text) if !text.trim().is_empty() => key::parse(&text).context("HOLDFAST_MASTER_KEY"),
        _ => {
            create_private_dir(&settings.data_dir)?;
            key::read_or_create(&settings.data_dir.join("master.key"))
        }
    }
}

fn database_url(settings: &Settings) -> Result<String> {
    match &settings.database_url {
        Some(url) if ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) => {
            Ok(url.clone())
        }
        Some(_) => bail!("HOLDFAST_DATABASE_URL must begin with sqlite:// or postgresql://"),
        None => {
            create_private_dir(&settings.data_dir)?;
            let file = settings.data_dir.join("holdfast.db");
            create_private_file(&file)?;
            Ok(format!("sqlite://{}", file.display()))
        }
    }
}

/// A database's address without the password in it.
fn shown(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut url) if url.password().is_some() => {
            let _ = url.set_password(Some("…"));
            url.to_string()
        }
        _ => url.to_owned(),
    }
}

fn create_private_dir(dir: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if dir.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .with_context(|| format!("the data directory {} could not be created", dir.display()))
}

/// SQLite gives its other files the same permissions.
fn create_private_file(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map(drop)
        .with_context(|| format!("the database {} could not be written", path.display()))
}

/// The installation's own app, if the settings name one.
pub(crate) fn app(settings: &Settings) -> Result<Option<InstallationApp>> {
    let Some(client_id) = settings.app_client_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) else {
        return Ok(None);
    };
    let client_id = uuid::Uuid::parse_str(client_id)
        .context("HOLDFAST_APP_CLIENT_ID must be the application (client) ID of an app registration")?
        .to_string();
    if let Some(file) = &settings.app_certificate {
        let pem = std::fs::read_to_string(file)
            .with_context(|| format!("HOLDFAST_APP_CERTIFICATE ({}) could not be read", file.display()))?;
        let app = InstallationApp::with_certificate(client_id, &SecretString::from(pem));
        return app.map(Some).map_err(|why| anyhow::anyhow!("HOLDFAST_APP_CERTIFICATE: {why}"));
    }
    match std::env::var("HOLDFAST_APP_SECRET") {
        Ok(secret) if !secret.trim().is_empty() => {
            Ok(Some(InstallationApp::with_secret(client_id, SecretString::from(secret.trim()))))
        }
        _ => bail!("HOLDFAST_APP_CLIENT_ID needs HOLDFAST_APP_SECRET or HOLDFAST_APP_CERTIFICATE beside it"),
    }
}

/// How the server is seen from outside. `heard_at` is where it listens in fact.
pub(crate) fn front(settings: &Settings, heard_at: SocketAddr) -> Result<Front> {
    let public_url = match &settings.public_url {
        Some(url) => url.clone(),
        None => {
            let host = if heard_at.ip().is_unspecified() {
                "localhost".to_owned()
            } else {
                heard_at.ip().to_string()
            };
            let host = if host.contains(':') { format!("[{host}]") } else { host };
            Url::parse(&format!("http://{host}:{}", heard_at.port()))?
        }
    };
    match public_url.scheme() {
        "https" => {}
        "http" if is_loopback(&public_url) => {}
        "http" => bail!(
            "HOLDFAST_PUBLIC_URL ({public_url}) must be https: over plain http anybody on the way could take a \
             session. Put a proxy with a certificate in front, or use http://localhost for a trial"
        ),
        other => bail!("HOLDFAST_PUBLIC_URL must be an https address, not {other}"),
    }
    if public_url.path() != "/" {
        bail!("HOLDFAST_PUBLIC_URL ({public_url}) must have no path: Holdfast lives at the root of its host");
    }
    Ok(Front { public_url, trusted_proxies: settings.trusted_proxies.clone() })
}

/// The registration with which people sign in with Microsoft, where the installation has one.
pub(crate) fn microsoft(settings: &Settings) -> Result<Option<Oidc>> {
    let Some(client_id) = settings.microsoft_client_id.as_deref().map(str::trim).filter(|id| !id.is_empty())
    else {
        return Ok(None);
    };
    let secret = settings.microsoft_secret.clone().or_else(|| {
        std::env::var("HOLDFAST_MICROSOFT_CLIENT_SECRET")
            .ok()
            .filter(|s| !s.is_empty())
            .map(SecretString::from)
    });
    let proof = match (&settings.microsoft_certificate, &settings.microsoft_key, secret) {
        (Some(certificate), Some(key), _) => {
            let read = |path: &Path| {
                std::fs::read_to_string(path).with_context(|| format!("{} could not be read", path.display()))
            };
            Proof::certificate(SecretString::from(read(key)?), &read(certificate)?)?
        }
        (_, _, Some(secret)) => Proof::Secret(secret),
        _ => bail!(
            "HOLDFAST_MICROSOFT_CLIENT_ID is set, but nothing to prove it with: set HOLDFAST_MICROSOFT_CLIENT_SECRET, \
             or HOLDFAST_MICROSOFT_CERTIFICATE and HOLDFAST_MICROSOFT_KEY"
        ),
    };
    let login = settings.login_url.as_deref().map(Url::parse).transpose().context("HOLDFAST_LOGIN_URL")?;
    let hosts = Hosts::of(Cloud::Global).with_overrides(None, login);
    Ok(Some(Oidc::new(Http::new()?, hosts, client_id, proof)))
}

/// How mail is sent, and what the links in it begin with.
pub(crate) fn mail(settings: &Settings, front: &Front) -> Result<portal::mail::Settings> {
    let server = match (&settings.mail_url, &settings.mail_from) {
        (Some(url), Some(from)) => Some(
            portal::mail::server_of_url(url, from)
                .map_err(|why| anyhow::anyhow!("HOLDFAST_MAIL_URL or HOLDFAST_MAIL_FROM: {why}"))?,
        ),
        (None, _) => None,
        (Some(_), None) => {
            bail!("HOLDFAST_MAIL_FROM is missing: say in whose name mail is sent, as Name <address>")
        }
    };
    Ok(portal::mail::Settings { base: front.public_url.as_str().trim_end_matches('/').to_owned(), server })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn front_of(args: &[&str]) -> Result<Front> {
        let args = ["holdfast"].into_iter().chain(args.iter().copied());
        front(&Cli::try_parse_from(args).unwrap().settings, "127.0.0.1:4000".parse().unwrap())
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert_eq!(front_of(&[]).unwrap().public_url.as_str(), "http://127.0.0.1:4000/");
        assert!(!front_of(&[]).unwrap().is_secure());
        assert!(front_of(&["--public-url", "https://backup.example"]).unwrap().is_secure());
        assert!(front_of(&["--public-url", "http://localhost:4000"]).is_ok());
        for bad in ["http://backup.example", "ftp://localhost", "https://backup.example/holdfast"] {
            assert!(front_of(&["--public-url", bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_registration_needs_a_proof() {
        let of = |args: &[&str], secret: Option<&str>| {
            let args = ["holdfast"].into_iter().chain(args.iter().copied());
            let mut settings = Cli::try_parse_from(args).unwrap().settings;
            settings.microsoft_secret = secret.map(SecretString::from);
            microsoft(&settings)
        };
        assert!(of(&[], None).unwrap().is_none());
        assert!(of(&["--microsoft-client-id", "app"], None).is_err());
        let oidc = of(&["--microsoft-client-id", "app"], Some("s3cret")).unwrap().unwrap();
        assert_eq!(oidc.client_id(), "app");
        assert!(!format!("{oidc:?}").contains("s3cret"));
    }

    #[test]
    fn no_password_is_shown() {
        assert_eq!(shown("postgresql://u:geheim@db/h"), "postgresql://u:%E2%80%A6@db/h");
        assert_eq!(shown("sqlite://a/b.db"), "sqlite://a/b.db");
    }
}
