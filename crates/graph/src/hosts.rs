//! The national clouds and the two hosts that each of them answers on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

/// A separate installation of Microsoft Entra and Microsoft Graph. A tenant lives in exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Worldwide, and the US government's GCC.
    #[default]
    Global,
    /// US government L4 (GCC High).
    UsGov,
    /// US government L5 (Department of Defense).
    UsGovDod,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// All clouds, in the order in which a form offers them.
    pub const ALL: [Cloud; 4] = [Cloud::Global, Cloud::UsGov, Cloud::UsGovDod, Cloud::China];

    /// The name used in configuration, in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Cloud::Global => "global",
            Cloud::UsGov => "usgov",
            Cloud::UsGovDod => "usgovdod",
            Cloud::China => "china",
        }
    }

    fn graph_host(self) -> &'static str {
        match self {
            Cloud::Global => "graph.microsoft.com",
            Cloud::UsGov => "graph.microsoft.us",
            Cloud::UsGovDod => "dod-graph.microsoft.us",
            Cloud::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    fn login_host(self) -> &'static str {
        match self {
            Cloud::Global => "login.microsoftonline.com",
            Cloud::UsGov | Cloud::UsGovDod => "login.microsoftonline.us",
            Cloud::China => "login.partner.microsoftonline.cn",
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of a cloud that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a cloud; use global, usgov, usgovdod or china")]
pub struct UnknownCloud(pub String);

impl FromStr for Cloud {
    type Err = UnknownCloud;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let wanted = name.trim();
        Cloud::ALL
            .into_iter()
            .find(|cloud| cloud.as_str().eq_ignore_ascii_case(wanted))
            .ok_or_else(|| UnknownCloud(name.to_owned()))
    }
}

/// Where one cloud's Graph and login authority are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// The root of Microsoft Graph, without `/v1.0`.
    pub graph: Url,
    /// The root of the login authority, without the tenant.
    pub login: Url,
    /// The scope asked for. It names the cloud's Graph as a resource, not as an address, so an
    /// override of the address does not change it.
    scope: String,
}

impl Hosts {
    /// The public hosts of a cloud.
    pub fn of(cloud: Cloud) -> Hosts {
        Hosts {
            graph: https(cloud.graph_host()),
            login: https(cloud.login_host()),
            scope: format!("https://{}/.default", cloud.graph_host()),
        }
    }

    /// The same cloud reached at other addresses: a proxy, or the simulator.
    #[must_use]
    pub fn with_overrides(mut self, graph: Option<Url>, login: Option<Url>) -> Hosts {
        if let Some(graph) = graph {
            self.graph = graph;
        }
        if let Some(login) = login {
            self.login = login;
        }
        self
    }

    pub(crate) fn scope(&self) -> &str {
        &self.scope
    }

    /// The address of a path below `/v1.0`. The path cannot change the host: it is appended after
    /// the slash that ends it.
    pub(crate) fn graph_url(&self, path: &str) -> Result<Url, url::ParseError> {
        let root = self.graph.as_str().trim_end_matches('/');
        let slash = if path.starts_with('/') { "" } else { "/" };
        Url::parse(&format!("{root}/v1.0{slash}{path}"))
    }

    /// The token endpoint of a tenant.
    pub(crate) fn token_url(&self, tenant: &str) -> Result<Url, url::ParseError> {
        self.login_url(tenant, "oauth2/v2.0/token")
    }

    /// A page or an endpoint of a tenant at the login authority.
    pub(crate) fn login_url(&self, tenant: &str, path: &str) -> Result<Url, url::ParseError> {
        let root = self.login.as_str().trim_end_matches('/');
        Url::parse(&format!("{root}/{}/{path}", crate::path::segment(tenant)))
    }

    /// What the tokens of a directory name as their issuer.
    pub(crate) fn issuer(&self, directory: &str) -> String {
        format!("{}/{directory}/v2.0", self.login.as_str().trim_end_matches('/'))
    }

    /// Whether a link lies on this Graph: same scheme, host and port, and no user name in it.
    ///
    /// Links come out of answers and out of the database, and each is followed with a bearer
    /// token: one that points elsewhere would hand the token to whoever wrote it.
    pub(crate) fn owns(&self, link: &Url) -> bool {
        link.origin() == self.graph.origin() && link.username().is_empty() && link.password().is_none()
    }
}

fn https(host: &str) -> Url {
    // The hosts are the constants above; the test below parses each of them.
    #[expect(clippy::unwrap_used, reason = "constant input, covered by a test")]
    Url::parse(&format!("https://{host}/")).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_has_hosts_and_a_name_that_reads_back() {
        for cloud in Cloud::ALL {
            let hosts = Hosts::of(cloud);
            assert_eq!(hosts.graph.scheme(), "https");
            assert_eq!(hosts.login.scheme(), "https");
            assert!(hosts.scope().ends_with("/.default"));
            assert_eq!(cloud.to_string().parse::<Cloud>(), Ok(cloud));
            assert_eq!(serde_json::to_value(cloud).unwrap(), cloud.as_str());
        }
        assert!("germany".parse::<Cloud>().is_err());
    }

    #[test]
    fn a_path_cannot_leave_the_host() {
        let hosts = Hosts::of(Cloud::Global);
        for path in ["/users", "users", "//evil.example/x", "@evil.example/x", "https://evil.example/"] {
            let url = hosts.graph_url(path).unwrap();
            assert_eq!(url.host_str(), Some("graph.microsoft.com"), "{path}");
        }
    }

    #[test]
    fn only_links_on_the_own_host_are_owned() {
        let base = Url::parse("http://127.0.0.1:8080").unwrap();
        let hosts = Hosts::of(Cloud::Global).with_overrides(Some(base), None);
        let owns = |link: &str| hosts.owns(&Url::parse(link).unwrap());
        assert!(owns("http://127.0.0.1:8080/v1.0/users?$skiptoken=x"));
        assert!(!owns("https://127.0.0.1:8080/v1.0/users"));
        assert!(!owns("http://127.0.0.1:8081/v1.0/users"));
        assert!(!owns("http://127.0.0.1:8080@evil.example/v1.0/users"));
        assert!(!owns("http://user@127.0.0.1:8080/v1.0/users"));
        assert_eq!(hosts.login.host_str(), Some("login.microsoftonline.com"));
    }
}
