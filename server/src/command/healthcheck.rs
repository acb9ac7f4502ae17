//! `holdfast healthcheck`: for container images that have nothing else to ask with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cli::Settings;

const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn healthcheck(settings: &Settings) -> Result<()> {
    let address = reachable(settings.listen);
    let answer = tokio::time::timeout(PATIENCE, ask(address))
        .await
        .with_context(|| format!("no answer from {address} within {} seconds", PATIENCE.as_secs()))?
        .with_context(|| format!("no answer from {address}"))?;
    match answer.split(' ').nth(1) {
        Some("200") => Ok(()),
        Some(status) => bail!("{address} is not ready: it answered {status}"),
        None => bail!("{address} is not a Holdfast server"),
    }
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Somebody who listens everywhere is reached here.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => listen.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => listen.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    listen
}
