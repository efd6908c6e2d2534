//! Which header fields pass through the gateway, in each direction. Pure.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// What the gateway calls itself to a registry.
pub const SOURCE_CLIENT: &str = concat!("acr-dashboard-gateway/", env!("CARGO_PKG_VERSION"));

/// Fields that mean one connection only (RFC 9110 section 7.6.1), besides those that `Connection` names.
const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "proxy-authentication-info",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Fields of a request that tell a registry about the browser, the person or the network, or that are the gateway's to set.
const NOT_FORWARDED: [&str; 16] = [
    "host",
    "cookie",
    "cookie2",
    "origin",
    "referer",
    "expect",
    "forwarded",
    "via",
    "true-client-ip",
    "cf-connecting-ip",
    "client-ip",
    "dnt",
    "upgrade-insecure-requests",
    "x-meta-source-client",
    "http2-settings",
    "x-http-method-override",
];

/// Prefixes of such fields: proxies' and identity providers' names, client hints, and other ways to say method or URL.
const NOT_FORWARDED_PREFIXES: [&str; 9] = [
    "x-forwarded-",
    "x-real-",
    "x-auth-request-",
    "x-original-",
    "x-rewrite-",
    "x-http-method",
    "x-method-override",
    "x-envoy-",
    "sec-",
];

/// Fields of an answer that would govern the gateway's own origin, or that the gateway sets itself.
const NOT_RETURNED: [&str; 31] = [
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "public-key-pins",
    "alt-svc",
    "clear-site-data",
    "refresh",
    "service-worker-allowed",
    "server",
    "content-security-policy",
    "content-security-policy-report-only",
    "nel",
    "report-to",
    "reporting-endpoints",
    "x-frame-options",
    "permissions-policy",
    "feature-policy",
    "document-policy",
    "origin-agent-cluster",
    "speculation-rules",
    "accept-ch",
    "critical-ch",
    "sourcemap",
    "x-sourcemap",
    "content-location",
    "via",
    // What a proxy or cache in front of the gateway would act on.
    "x-accel-redirect",
    "x-sendfile",
    "x-lighttpd-send-file",
    "surrogate-control",
    "cdn-cache-control",
];

/// The fields a registry is sent, out of those a client sent.
pub(crate) fn to_registry(client: &HeaderMap, user_header: Option<&HeaderName>) -> HeaderMap {
    let named = named_by_connection(client);
    let mut sent = HeaderMap::with_capacity(client.len() + 2);
    for (name, value) in client {
        let text = name.as_str();
        let dropped = HOP_BY_HOP.contains(&text)
            || NOT_FORWARDED.contains(&text)
            || NOT_FORWARDED_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
            || named.contains(name)
            || user_header == Some(name)
            // The client frames its own body; a length that disagreed with it would be a way to smuggle.
            || name == header::CONTENT_LENGTH;
        if !dropped {
            sent.append(name.clone(), value.clone());
        }
    }
    sent.insert("x-meta-source-client", HeaderValue::from_static(SOURCE_CLIENT));
    sent
}

/// The fields a client is given, out of those a registry or its storage answered.
pub(crate) fn to_client(mut upstream: HeaderMap) -> HeaderMap {
    let named = named_by_connection(&upstream);
    let is_dropped = |name: &&HeaderName| {
        let text = name.as_str();
        HOP_BY_HOP.contains(&text)
            || NOT_RETURNED.contains(&text)
            || text.starts_with("access-control-")
            || text.starts_with("cross-origin-")
            || named.contains(name)
    };
    let dropped: Vec<HeaderName> = upstream.keys().filter(is_dropped).cloned().collect();
    for name in dropped {
        upstream.remove(name);
    }
    upstream
}

/// Keeps ids and digest of a registry's redirect, since storage does not know them.
pub(crate) fn keep_registrys(redirect: &HeaderMap, sent: &mut HeaderMap) {
    for name in ["docker-content-digest", "docker-distribution-api-version", "x-ms-correlation-request-id"] {
        if let Some(value) = redirect.get(name) {
            sent.insert(HeaderName::from_static(name), value.clone());
        }
    }
}

/// Keeps an answer out of caches: always when the gateway's identity fetched it, since a cache would hand it to people the gateway
/// would not; else when the registry says nothing of its own.
pub(crate) fn forbid_caching(sent: &mut HeaderMap, with_identity: bool) {
    if with_identity {
        sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    } else if !sent.contains_key(header::CACHE_CONTROL) {
        sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        // What a registry's answer needs to be understood is nobody's to drop.
        .filter(|name| *name != header::AUTHORIZATION && *name != header::CONTENT_TYPE)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(fields: &[(&str, &str)]) -> HeaderMap {
        fields
            .iter()
            .map(|(name, value)| {
                (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
            })
            .collect()
    }

    #[test]
    fn what_a_registry_needs_passes() {
        let sent = to_registry(
            &map(&[
                ("authorization", "Bearer x"),
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("range", "bytes=0-1"),
                ("content-range", "0-1"),
                ("x-ms-client-request-id", "id"),
            ]),
            None,
        );
        assert_eq!(sent.len(), 7);
        assert_eq!(sent["x-meta-source-client"], SOURCE_CLIENT);
    }

    #[test]
    fn what_tells_of_the_browser_the_person_or_the_network_does_not() {
        let sent = to_registry(
            &map(&[
                ("host", "a"),
                ("cookie", "a"),
                ("origin", "a"),
                ("referer", "a"),
                ("x-forwarded-for", "a"),
                ("x-forwarded-user", "a"),
                ("forwarded", "a"),
                ("x-real-ip", "a"),
                ("sec-fetch-site", "a"),
                ("connection", "x-secret, close"),
                ("x-secret", "a"),
                ("keep-alive", "a"),
                ("te", "a"),
                ("upgrade", "a"),
                ("transfer-encoding", "chunked"),
                ("content-length", "5"),
                ("proxy-authorization", "a"),
                ("x-meta-source-client", "somebody"),
                ("x-remote-user", "jane"),
                ("x-original-url", "/admin"),
            ]),
            Some(&HeaderName::from_static("x-remote-user")),
        );
        assert_eq!(sent, map(&[("x-meta-source-client", SOURCE_CLIENT)]));
    }

    #[test]
    fn what_would_govern_the_gateways_origin_does_not_come_back() {
        let sent = to_client(map(&[
            ("set-cookie", "a"),
            ("set-cookie", "b"),
            ("strict-transport-security", "max-age=1"),
            ("access-control-allow-origin", "*"),
            ("content-security-policy", "x"),
            ("clear-site-data", "\"*\""),
            ("connection", "x-hop"),
            ("x-hop", "a"),
            ("www-authenticate", "Bearer realm=\"x\""),
            ("link", "</v2/>"),
            ("location", "/v2/x"),
            ("retry-after", "1"),
            ("docker-content-digest", "sha256:0"),
            ("x-ms-correlation-request-id", "id"),
            ("content-length", "3"),
        ]));
        let mut names: Vec<&str> = sent.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "content-length",
                "docker-content-digest",
                "link",
                "location",
                "retry-after",
                "www-authenticate",
                "x-ms-correlation-request-id",
            ]
        );
    }
}
