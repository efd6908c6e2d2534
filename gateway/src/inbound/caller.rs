//! Who calls: the client's address as trusted proxies report it, and the user that an authenticating proxy names. Pure.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::{IpNet, Ipv4Net};

use crate::config::Config;
use crate::problem::Problem;
use crate::quoted::Quotes;

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

/// The address at the other end of the connection: a client, or a proxy that stands for many.
pub(crate) fn peer(parts: &Parts) -> IpAddr {
    parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip())
}

/// Whether a trusted proxy is at the other end of the connection.
pub(crate) fn is_from_trusted_proxy(parts: &Parts, config: &Config) -> bool {
    is_trusted(&config.trusted_proxies, peer(parts))
}

pub(super) fn is_trusted(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| canonical(*network).contains(&address))
}

/// A network of IPv4-mapped addresses (`::ffff:10.0.0.0/104`) as the IPv4 network that it maps, as addresses are compared.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let IpAddr::V4(address) = IpAddr::V6(mapped.addr()).to_canonical() else { return network };
    let prefix = mapped.prefix_len().checked_sub(96).and_then(|bits| Ipv4Net::new(address, bits).ok());
    prefix.map_or(network, IpNet::V4)
}

/// The last address that is no trusted proxy: each proxy adds the one it sees at the end, and what stands before it is hearsay. The
/// addresses are those of `X-Forwarded-For`, or of `Forwarded` (RFC 7239) where there is no such field.
fn behind_proxies(headers: &HeaderMap, peer: IpAddr, trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let values = |name| headers.get_all(name).iter().map(HeaderValue::as_bytes).collect::<Vec<_>>();
    let hops: Vec<Option<IpAddr>> = match values("x-forwarded-for") {
        forwarded_for if !forwarded_for.is_empty() => hops(&forwarded_for).map(address).collect(),
        _ => values("forwarded").iter().rev().flat_map(|value| forwarded(value)).collect(),
    };
    let mut seen = peer;
    for hop in hops {
        // Who spoke to the proxy that wrote this is not known, so what stands before it is not believed.
        let Some(address) = hop else { return seen };
        seen = address;
        if !trusted(address) {
            return seen;
        }
    }
    seen
}

/// The elements of `X-Forwarded-For`, the last first. Empty ones say nothing (RFC 9110, section 5.6.1.2).
fn hops<'a>(values: &'a [&'a [u8]]) -> impl Iterator<Item = &'a [u8]> {
    let elements = values.iter().rev().flat_map(|value| value.rsplit(|byte| *byte == b','));
    elements.map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}

/// The addresses in a value of `Forwarded`, the last first; `None` for an element without a readable one. What a proxy writes in quotes may be
/// the client's own words, with commas and semicolons in them. A value with a quote too many is one unreadable element.
fn forwarded(value: &[u8]) -> Vec<Option<IpAddr>> {
    let Some(elements) = outside_quotes(value, b',') else { return vec![None] };
    let elements = elements.into_iter().rev().filter(|element| !element.trim_ascii().is_empty());
    elements.map(|element| address(forwarded_for(element)?)).collect()
}

/// The `for` parameter of an element of `Forwarded`.
fn forwarded_for(element: &[u8]) -> Option<&[u8]> {
    outside_quotes(element, b';')?.into_iter().find_map(|pair| {
        let (name, value) = pair.trim_ascii().split_at_checked(4)?;
        name.eq_ignore_ascii_case(b"for=").then_some(value)
    })
}

/// The parts of a text between separators that are not within a quoted string (RFC 9110, section 5.6.4); `None` where such a string does not end.
fn outside_quotes(text: &[u8], separator: u8) -> Option<Vec<&[u8]>> {
    let mut quotes = Quotes::default();
    let parts = text.split(|byte| quotes.take(char::from(*byte)) && *byte == separator).collect();
    (!quotes.is_open()).then_some(parts)
}

/// An address as proxies write it: bare, with a port, in brackets, in quotes.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    // A port that a proxy hides (RFC 7239, section 6).
    let hidden = |port: &str| port.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let text = text.split_once(":_").filter(|(_, port)| hidden(port)).map_or(text, |(address, _)| address);
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

fn user(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), second) = (values.next(), values.next()) else { return Ok(None) };
    let text = user_name(value.as_bytes());
    match (text.trim(), second) {
        ("", None) => Ok(None),
        (text, None) if text.chars().count() <= 256 && !text.chars().any(char::is_control) => {
            Ok(Some(text.to_owned()))
        }
        _ => Err(Problem::bad_request(format!(
            "the header {name} must name one user in at most 256 visible characters"
        ))),
    }
}

/// A user's name in UTF-8, or in Latin-1, as which header fields were read before.
fn user_name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
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
    fn a_network_of_mapped_addresses_is_the_network_that_it_maps() {
        for (network, address, expected) in [
            ("::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "11.0.0.1", false),
            ("::ffff:10.0.0.7/128", "10.0.0.7", true),
            ("::ffff:0:0/96", "203.0.113.9", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            // Not a network of mapped addresses alone.
            ("::/0", "203.0.113.9", false),
            ("2001:db8::/32", "2001:db8::1", true),
        ] {
            let networks = [network.parse().unwrap()];
            assert_eq!(is_trusted(&networks, address.parse().unwrap()), expected, "{network} {address}");
        }
    }

    #[test]
    fn a_user_said_twice_is_refused() {
        assert!(call("10.0.0.2:1", &[("x-forwarded-user", "jane"), ("x-forwarded-user", "admin")]).is_err());
    }

    #[test]
    fn an_invalid_address_ends_the_chain() {
        let caller = call("10.0.0.2:1", &[("x-forwarded-for", "1.2.3.4, unknown, 10.0.0.3")]).unwrap();
        assert_eq!(caller.address.to_string(), "10.0.0.3");
    }

    #[test]
    fn an_address_is_read_with_port_brackets_and_quotes() {
        for (field, value, address) in [
            ("x-forwarded-for", "203.0.113.9:51234", "203.0.113.9"),
            ("x-forwarded-for", "[2001:db8::1]:443", "2001:db8::1"),
            ("x-forwarded-for", "[2001:db8::1]", "2001:db8::1"),
            ("x-forwarded-for", "\"[2001:db8::1]:443\" , 10.0.0.3:80", "2001:db8::1"),
            ("x-forwarded-for", "::ffff:203.0.113.9", "203.0.113.9"),
            ("forwarded", "for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            (
                "forwarded",
                "for=6.6.6.6, By=x;For=\"[2001:db8:cafe::17]:4711\", for=10.0.0.3",
                "2001:db8:cafe::17",
            ),
            ("forwarded", "for=_hidden, for=10.0.0.3", "10.0.0.3"),
            ("forwarded", "proto=https", "10.0.0.2"),
            ("forwarded", "for=203.0.113.9;host=\"x,for=6.6.6.6;y\"", "203.0.113.9"),
            ("forwarded", "for=203.0.113.9;host=\"x\\\",for=6.6.6.6;y\"", "203.0.113.9"),
            ("forwarded", "host=\"for=6.6.6.6\";for=203.0.113.9", "203.0.113.9"),
            ("forwarded", "for=6.6.6.6;host=\"x, for=203.0.113.9", "10.0.0.2"),
            ("forwarded", "for=\"203.0.113.9:_port\"", "203.0.113.9"),
            ("forwarded", "for=\"[2001:db8::1]:_p\",", "2001:db8::1"),
            ("x-forwarded-for", "203.0.113.9, ,", "203.0.113.9"),
        ] {
            assert_eq!(
                call("10.0.0.2:1", &[(field, value)]).unwrap().address.to_string(),
                address,
                "{value}"
            );
        }
        let both = [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(call("10.0.0.2:1", &both).unwrap().address.to_string(), "203.0.113.9");
    }

    #[test]
    fn an_unreadable_entry_hides_no_other() {
        let mut request = Request::get("/").body(()).unwrap().into_parts().0;
        let value = HeaderValue::from_bytes(b"\xff, 203.0.113.9").unwrap();
        request.headers.insert("x-forwarded-for", value);
        request.extensions.insert(Peer("10.0.0.2:1".parse().unwrap()));
        assert_eq!(caller(&request, &config()).unwrap().address.to_string(), "203.0.113.9");
    }

    #[test]
    fn a_user_is_named_in_utf_8_or_latin_1() {
        for bytes in ["J\u{f6}rg".as_bytes(), b"J\xf6rg"] {
            let mut request = Request::get("/").body(()).unwrap().into_parts().0;
            request.headers.insert("x-forwarded-user", HeaderValue::from_bytes(bytes).unwrap());
            request.extensions.insert(Peer("10.0.0.2:1".parse().unwrap()));
            assert_eq!(caller(&request, &config()).unwrap().user.as_deref(), Some("J\u{f6}rg"));
        }
    }
}
