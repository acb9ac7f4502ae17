//! Where a request came from.

use std::net::{IpAddr, SocketAddr};

use app::context::ClientAddress;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use super::Front;

/// Notes the client's address with the request.
pub(super) async fn find(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = peer.map(|peer| client(peer, request.headers(), &front.trusted_proxies).to_string());
    request.extensions_mut().insert(ClientAddress(address.unwrap_or_default()));
    next.run(request).await
}

/// The last address before the proxies that we trust. Anybody can write the header, so what stands before
/// an untrusted address counts for nothing.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut client = peer;
    for hop in hops.iter().rev() {
        if !trusted.contains(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(hop) => client = hop.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|t| t.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_proxy_is_believed_only_when_trusted() {
        assert_eq!(found("192.0.2.1", &[], &[]), "192.0.2.1");
        assert_eq!(found("192.0.2.1", &["203.0.113.5"], &[]), "192.0.2.1");
        assert_eq!(found("10.0.0.1", &["203.0.113.5"], &["10.0.0.1"]), "203.0.113.5");
        assert_eq!(found("10.0.0.1", &["1.1.1.1, 203.0.113.5"], &["10.0.0.1"]), "203.0.113.5");
        assert_eq!(found("10.0.0.1", &["203.0.113.5", "10.0.0.2"], &["10.0.0.1", "10.0.0.2"]), "203.0.113.5");
        assert_eq!(found("10.0.0.1", &["nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(found("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
    }
}
