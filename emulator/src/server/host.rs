//! The `Host` that a request came to, which answers repeat: valid only as a host and an optional port.

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Version};

use crate::server::client_address::ClientAddress;

/// What stands for the host where a caller may leave it out.
const UNNAMED: &str = "localhost";

/// The host of a request; `None` when it is missing or can be none. HTTP/1.0 and callers in this process may leave it
/// out (RFC 9112, section 3.2).
pub(crate) fn host(parts: &Parts) -> Option<&str> {
    let mut named = parts.headers.get_all(HOST).iter();
    let host = match (named.next().map(HeaderValue::to_str), parts.uri.authority()) {
        (Some(host), _) => host.ok()?,
        (None, Some(authority)) => authority.as_str(),
        (None, None) if parts.version <= Version::HTTP_10 => UNNAMED,
        (None, None) if parts.extensions.get::<ClientAddress>().is_none() => UNNAMED,
        (None, None) => return None,
    };
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b));
    (named.next().is_none() && plain && host.parse::<Authority>().is_ok()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_of(values: &[&str]) -> Option<String> {
        let mut request = http::Request::get("/v2/").body(()).unwrap();
        for value in values {
            request.headers_mut().append(HOST, value.parse().unwrap());
        }
        host(&request.into_parts().0).map(str::to_owned)
    }

    #[test]
    fn a_host_and_a_port_are_taken_and_nothing_else() {
        for good in ["contoso.azurecr.io", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "my_host"] {
            assert_eq!(host_of(&[good]).as_deref(), Some(good));
        }
        for bad in ["", "evil\"x", "a b", "a/b", "user@host", "a,b", "[::1", "a\\b", "a?b"] {
            assert_eq!(host_of(&[bad]), None, "{bad}");
        }
        assert_eq!(host_of(&["a", "b"]), None);
        assert_eq!(host_of(&[]).as_deref(), Some("localhost"));
    }
}
