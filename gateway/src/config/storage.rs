//! Which hosts a blob's redirect may lead to. Matching only; following is `forward::redirect`'s.

use std::str::FromStr;

use http::Uri;

/// A host, or a pattern of hosts, that may be asked for a blob's bytes.
///
/// A pattern's `*` stands for exactly one label. A scheme other than https and a port other than its default must be written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageHost {
    scheme: &'static str,
    labels: Vec<String>,
    port: u16,
}

impl StorageHost {
    /// The blob storage of the public cloud.
    pub(crate) fn azure() -> Vec<Self> {
        "*.blob.core.windows.net".parse().into_iter().collect()
    }

    /// The dedicated data endpoints of a login server: `NAME.*.data.azurecr.io`. None for hosts outside Azure.
    pub(crate) fn data_endpoints(login_server: &str) -> Option<Self> {
        let (name, domain) = azure_registry(login_server)?;
        format!("{name}.*.data.{domain}").parse().ok()
    }

    /// Where `acr-emulator` redirects blobs to: the port after the registry's, under any name of this machine. Empty for
    /// registries that are not on this machine.
    pub(crate) fn next_to_emulator(
        scheme: &http::uri::Scheme,
        authority: &http::uri::Authority,
    ) -> Vec<Self> {
        let host = authority.host();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        let port = authority.port_u16().and_then(|port| port.checked_add(1)).filter(|_| is_here);
        let names = [host, "localhost", "127.0.0.1"];
        let hosts = port.into_iter().flat_map(|port| names.map(|name| format!("{scheme}://{name}:{port}")));
        hosts.filter_map(|host| host.parse().ok()).collect()
    }

    /// Whether an absolute URL leads to this host.
    #[must_use]
    pub fn matches(&self, uri: &Uri) -> bool {
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
        if scheme != self.scheme || authority.as_str().contains('@') {
            return false;
        }
        let port = authority.port_u16().unwrap_or(default_port(self.scheme));
        let host = authority.host().to_ascii_lowercase();
        let labels: Vec<&str> = host.split('.').collect();
        port == self.port
            && labels.len() == self.labels.len()
            && labels
                .iter()
                .zip(&self.labels)
                .all(|(label, pattern)| if pattern == "*" { is_label(label) } else { label == pattern })
    }

    /// The pattern as it is written.
    pub(crate) fn pattern(&self) -> String {
        let (host, port) = (self.labels.join("."), self.port);
        match (self.scheme, port) {
            ("https", 443) => host,
            (scheme, port) if port == default_port(scheme) => format!("{scheme}://{host}"),
            (scheme, port) => format!("{scheme}://{host}:{port}"),
        }
    }

    /// The host when it is one host rather than a pattern.
    pub(crate) fn literal_host(&self) -> Option<String> {
        (!self.labels.iter().any(|label| label == "*")).then(|| self.labels.join("."))
    }
}

/// The first label of a login server in Azure, and the domain of its cloud's registries. None for hosts outside Azure.
pub(super) fn azure_registry(login_server: &str) -> Option<(&str, &str)> {
    let login_server = login_server.strip_suffix(":443").unwrap_or(login_server);
    let (label, rest) = login_server.split_once('.')?;
    // A regional endpoint of a geo-replicated registry is NAME.REGION.geo.azurecr.io.
    let domain =
        rest.split_once(".geo.").filter(|(region, _)| is_label(region)).map_or(rest, |(_, domain)| domain);
    matches!(domain, "azurecr.io" | "azurecr.us" | "azurecr.cn").then_some((label, domain))
}

fn default_port(scheme: &str) -> u16 {
    if scheme == "http" { 80 } else { 443 }
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl FromStr for StorageHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "{text:?} is not a storage host; write *.blob.core.windows.net, a host name, or a URL such as http://127.0.0.1:5001"
            )
        };
        let (scheme, rest) = match text.split_once("://") {
            Some(("https", rest)) => ("https", rest),
            Some(("http", rest)) => ("http", rest),
            Some(_) => return Err(wrong()),
            None => ("https", text),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                (host, port.parse().ok().filter(|p| *p != 0).ok_or_else(wrong)?)
            }
            _ => (rest, default_port(scheme)),
        };
        let ipv6 =
            host.starts_with('[') && host.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>().is_ok();
        let labels: Vec<String> = host.to_ascii_lowercase().split('.').map(str::to_owned).collect();
        let starred = labels.iter().any(|label| label == "*");
        // A pattern needs fixed labels at its end: `*.net` would permit half the world.
        let anchored = labels.iter().rev().take(2).all(|label| label != "*") && labels.len() >= 3;
        if !(ipv6 || labels.iter().all(|label| label == "*" || is_label(label))) || (starred && !anchored) {
            return Err(wrong());
        }
        Ok(Self { scheme, labels, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, uri: &str) -> bool {
        pattern.parse::<StorageHost>().unwrap().matches(&uri.parse().unwrap())
    }

    #[test]
    fn a_star_is_one_whole_label() {
        assert!(matches("*.blob.core.windows.net", "https://eus2.blob.core.windows.net/x?sig=1"));
        assert!(matches("*.blob.core.windows.net", "https://EUS2.Blob.core.windows.net:443/x"));
        for uri in [
            "https://blob.core.windows.net/",
            "https://a.b.blob.core.windows.net/",
            "https://.blob.core.windows.net/",
            "https://a.blob.core.windows.net.evil.example/",
            "https://ablob.core.windows.net/",
            "http://a.blob.core.windows.net/",
            "https://a.blob.core.windows.net:8443/",
            "https://user@a.blob.core.windows.net/",
            "https://a_b.blob.core.windows.net/",
        ] {
            assert!(!matches("*.blob.core.windows.net", uri), "{uri}");
        }
    }

    #[test]
    fn data_endpoints_are_the_registrys_own() {
        let host = StorageHost::data_endpoints("contoso.azurecr.io").unwrap();
        assert!(host.matches(&"https://contoso.westeurope.data.azurecr.io/x".parse().unwrap()));
        assert!(!host.matches(&"https://other.westeurope.data.azurecr.io/x".parse().unwrap()));
        for same in [
            "contoso.azurecr.io:443",
            "contoso.westeurope.geo.azurecr.io",
            "contoso.westeurope.geo.azurecr.io:443",
        ] {
            assert_eq!(StorageHost::data_endpoints(same), Some(host.clone()), "{same}");
        }
        assert_eq!(StorageHost::data_endpoints("contoso.azurecr.io:8443"), None);
        assert_eq!(StorageHost::data_endpoints("contoso.a.b.geo.azurecr.io"), None);
        assert_eq!(StorageHost::data_endpoints("127.0.0.1:5000"), None);
        assert_eq!(StorageHost::data_endpoints("localhost"), None);
    }

    #[test]
    fn an_emulator_on_this_machine_has_its_storage_at_the_next_port() {
        let next_to = |scheme: http::uri::Scheme, authority: &str| {
            StorageHost::next_to_emulator(&scheme, &authority.parse().unwrap())
        };
        let hosts = next_to(http::uri::Scheme::HTTP, "127.0.0.1:5000");
        let permits = |uri: &str| hosts.iter().any(|host| host.matches(&uri.parse().unwrap()));
        assert!(permits("http://127.0.0.1:5001/x") && permits("http://localhost:5001/x"));
        assert!(!permits("http://127.0.0.1:5002/x") && !permits("https://localhost:5001/x"));
        for remote in ["contoso.azurecr.io:5000", "10.0.0.1:5000", "127.0.0.1:65535", "127.0.0.1"] {
            assert_eq!(next_to(http::uri::Scheme::HTTP, remote), [], "{remote}");
        }
    }

    #[test]
    fn a_url_names_one_origin() {
        assert!(matches("http://127.0.0.1:5001", "http://127.0.0.1:5001/blob"));
        assert!(!matches("http://127.0.0.1:5001", "http://127.0.0.1:5002/blob"));
        assert!(!matches("http://127.0.0.1:5001", "https://127.0.0.1:5001/blob"));
        assert!(matches("http://[::1]:5001", "http://[::1]:5001/blob"));
    }

    #[test]
    fn patterns_without_a_fixed_end_are_refused() {
        for text in [
            "*",
            "*.net",
            "a.*",
            "*.*.net",
            "",
            "ftp://x.example",
            "a b.example",
            "x.example:0",
            "x.example:http",
        ] {
            assert!(text.parse::<StorageHost>().is_err(), "{text}");
        }
    }
}
