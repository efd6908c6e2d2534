//! Who calls: the address behind trusted proxies, and the user an authenticating proxy names. Pure.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::request::Parts;
use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::config::Config;
use crate::problem::Problem;

/// The address a connection came from, as the server puts it into a request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// A caller, as far as it can be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Its address.
    pub(crate) address: IpAddr,
    /// The user an authenticating proxy names; none without one.
    pub(crate) user: Option<String>,
}

/// Reads who calls. A header is believed only from a trusted proxy.
///
/// # Errors
/// A user header that is there twice or holds what no user name does.
pub(crate) fn caller(parts: &Parts, config: &Config) -> Result<Caller, Problem> {
    let peer = peer(parts);
    let trusted = |address: IpAddr| is_trusted(&config.trusted_proxies, address);
    if !trusted(peer) {
        return Ok(Caller { address: peer, user: None });
    }
    let user = match &config.user_header {
        Some(name) => user(&parts.headers, name)?,
        None => None,
    };
    Ok(Caller { address: behind_proxies(&parts.headers, peer, trusted), user })
}

/// The address at the other end of the connection, whoever that stands for.
pub(crate) fn peer(parts: &Parts) -> IpAddr {
    parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip())
}

fn is_trusted(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// The last address of `X-Forwarded-For` that is no trusted proxy: each proxy adds the one it sees, and the rest is hearsay.
fn behind_proxies(headers: &HeaderMap, peer: IpAddr, trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut seen = peer;
    let values: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { return seen };
        seen = address;
        if !trusted(address) {
            return seen;
        }
    }
    seen
}

fn user(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), second) = (values.next(), values.next()) else { return Ok(None) };
    let text = value.to_str().ok().map(str::trim).filter(|text| text.len() <= 256);
    match (text, second) {
        (Some(""), None) => Ok(None),
        (Some(text), None) => Ok(Some(text.to_owned())),
        _ => Err(Problem::bad_request(format!(
            "the header {name} must name one user in at most 256 visible characters"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn config() -> Config {
        let mut config = Config::new(vec!["contoso.azurecr.io".parse().unwrap()]).unwrap();
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        config.user_header = Some(HeaderName::from_static("x-forwarded-user"));
        config
    }

    fn call(peer: &str, fields: &[(&str, &str)]) -> Result<Caller, Problem> {
        let mut request = Request::get("/");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        parts.extensions.insert(Peer(peer.parse().unwrap()));
        caller(&parts, &config())
    }

    #[test]
    fn a_stranger_cannot_say_who_it_is() {
        let fields = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-user", "admin")];
        let caller = call("203.0.113.9:1", &fields).unwrap();
        assert_eq!(caller, Caller { address: "203.0.113.9".parse().unwrap(), user: None });
    }

    #[test]
    fn a_trusted_proxy_names_the_user_and_the_address_it_saw() {
        let fields = [("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.3"), ("x-forwarded-user", "jane")];
        let caller = call("10.0.0.2:1", &fields).unwrap();
        assert_eq!(caller, Caller { address: "203.0.113.9".parse().unwrap(), user: Some("jane".to_owned()) });
        assert_eq!(call("[::ffff:10.0.0.2]:1", &fields).unwrap().user.as_deref(), Some("jane"));
    }

    #[test]
    fn a_user_said_twice_is_refused() {
        assert!(call("10.0.0.2:1", &[("x-forwarded-user", "jane"), ("x-forwarded-user", "admin")]).is_err());
    }

    #[test]
    fn an_address_that_is_none_ends_the_chain() {
        let caller = call("10.0.0.2:1", &[("x-forwarded-for", "1.2.3.4, unknown, 10.0.0.3")]).unwrap();
        assert_eq!(caller.address.to_string(), "10.0.0.3");
    }
}
