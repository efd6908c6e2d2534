//! Origins and hosts that a configuration names: who may frame the page, who may call across origins, which names the gateway
//! answers to. Parsing and comparing only.

use std::fmt;
use std::str::FromStr;

use http::uri::Authority;

/// A web origin such as `https://portal.contoso.com`: scheme, host and port, nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The origin as browsers send it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!("{text:?} is not an origin; write one such as https://portal.contoso.com, without a path")
        };
        let lower = text.to_ascii_lowercase();
        let (scheme, host) = lower.split_once("://").ok_or_else(wrong)?;
        let host = host.strip_suffix('/').unwrap_or(host);
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'[' | b']');
        if !matches!(scheme, "http" | "https")
            || !host.bytes().all(plain)
            || !host.parse::<Authority>().is_ok_and(|authority| has_usable_port(&authority))
        {
            return Err(wrong());
        }
        let default = if scheme == "http" { ":80" } else { ":443" };
        Ok(Self(format!("{scheme}://{}", host.strip_suffix(default).unwrap_or(host))))
    }
}

/// Whether an authority has no port, or one from 1 to 65535: `port_u16` is none for both an absent and an impossible one.
fn has_usable_port(authority: &Authority) -> bool {
    authority.as_str().len() == authority.host().len() || authority.port_u16().is_some_and(|port| port != 0)
}

/// The names a request's Host may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPolicy {
    /// Any well-formed name.
    Any,
    /// `localhost`, `127.0.0.1` and `[::1]` at any port: what a gateway bound to loopback is called.
    Loopback,
    /// These names. One without a port is good at any port.
    Listed(Vec<AllowedHost>),
}

impl HostPolicy {
    /// Whether a request for this authority is answered.
    #[must_use]
    pub fn permits(&self, authority: &Authority) -> bool {
        let host = host(authority);
        match self {
            Self::Any => true,
            Self::Loopback => is_loopback(&host),
            Self::Listed(hosts) => {
                hosts.iter().any(|a| a.host == host && (a.port.is_none() || a.port == authority.port_u16()))
            }
        }
    }
}

/// A host as it is compared. A closing dot says that the name is whole, and is the same name.
fn host(authority: &Authority) -> String {
    let host = authority.host();
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|a| a.is_loopback())
}

/// One name the gateway answers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    port: Option<u16>,
}

impl FromStr for AllowedHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let authority: Authority = text
            .parse()
            .ok()
            .filter(|a: &Authority| {
                // Names are compared as they are: a pattern would match none.
                !a.as_str().contains(['@', '*']) && !a.host().is_empty() && has_usable_port(a)
            })
            .ok_or_else(|| {
                format!("{text:?} is not a host; write one such as registry.contoso.com or localhost:8080")
            })?;
        Ok(Self { host: host(&authority), port: authority.port_u16() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(text: &str) -> Authority {
        text.parse().unwrap()
    }

    #[test]
    fn an_origin_is_normalised_as_a_browser_sends_it() {
        for (text, origin) in [
            ("https://Portal.Contoso.com/", "https://portal.contoso.com"),
            ("https://portal.contoso.com:443", "https://portal.contoso.com"),
            ("http://localhost:3000", "http://localhost:3000"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), origin);
        }
    }

    #[test]
    fn what_could_break_out_of_a_header_is_no_origin() {
        for text in [
            "*",
            "null",
            "portal",
            "https://",
            "https://a/b",
            "https://a;script-src *",
            "https://a b",
            "https://u@a",
            "https://a:99999",
            "https://a:0",
            "data:x",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_loopback_gateway_answers_to_loopback_names_only() {
        for host in [
            "localhost",
            "localhost.",
            "localhost.:80",
            "localhost:8080",
            "127.0.0.1:1",
            "[::1]:8080",
            "demo.localhost",
        ] {
            assert!(HostPolicy::Loopback.permits(&authority(host)), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost..", "localhost.evil.example", "10.0.0.1"]
        {
            assert!(!HostPolicy::Loopback.permits(&authority(host)), "{host}");
        }
    }

    #[test]
    fn a_listed_host_without_a_port_is_good_at_any() {
        let policy =
            HostPolicy::Listed(vec!["acr.contoso.com".parse().unwrap(), "other:8443".parse().unwrap()]);
        assert!(policy.permits(&authority("ACR.contoso.com:9000")));
        assert!(policy.permits(&authority("other:8443")));
        assert!(!policy.permits(&authority("other")));
        assert!(!policy.permits(&authority("localhost")));
    }
}
