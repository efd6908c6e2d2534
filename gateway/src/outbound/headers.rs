//! Which header fields pass through the gateway, in each direction: those on a list, and no others. Pure.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::quoted::Quotes;

/// What the gateway calls itself to a registry.
pub const SOURCE_CLIENT: &str = concat!("acr-dashboard-gateway/", env!("CARGO_PKG_VERSION"));

/// The id of a request, which the registry records and gives back.
const CLIENT_REQUEST_ID: &str = "x-ms-client-request-id";

/// Fields of a request that a registry reads. Nothing else is sent: other fields can identify the browser, the person or the network,
/// hold a credential of the proxy in front, or state method or URL a second time. The body's length is the gateway's own to state.
const FORWARDED: [&str; 17] = [
    "accept",
    "accept-encoding",
    "authorization",
    "content-encoding",
    "content-md5",
    "content-range",
    "content-type",
    "docker-content-digest",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
    CLIENT_REQUEST_ID,
    "x-ms-return-client-request-id",
    "x-ms-version",
];

/// Fields of an answer that pages and registry clients read. Nothing else is returned: other fields can govern the gateway's own origin,
/// or instruct a cache or proxy in front of it.
const RETURNED: [&str; 33] = [
    "accept-ranges",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "docker-content-digest",
    "docker-distribution-api-version",
    "docker-upload-uuid",
    "etag",
    "last-modified",
    "link",
    "location",
    "oci-chunk-min-length",
    "oci-filters-applied",
    "oci-subject",
    "oci-tag",
    "range",
    "retry-after",
    "vary",
    "warning",
    "www-authenticate",
    CLIENT_REQUEST_ID,
    "x-ms-correlation-request-id",
    "x-ms-error-code",
    "x-ms-int-docker-content-digest",
    "x-ms-request-id",
    "ratelimit-limit",
    "ratelimit-remaining",
];

/// Fields that name what is left of a caller's rate, with a suffix each.
const RATE_PREFIX: &str = "x-ms-ratelimit-";

/// The fields a registry is sent, out of those that a client sent.
pub(crate) fn to_registry(client: &HeaderMap) -> HeaderMap {
    let named = named_by_connection(client);
    let mut sent = HeaderMap::with_capacity(client.len() + 2);
    for (name, value) in client {
        if FORWARDED.contains(&name.as_str()) && !named.contains(name) {
            sent.append(name.clone(), value.clone());
        }
    }
    identify(&mut sent);
    sent
}

/// Says who asks: the gateway, whichever client it asks for.
pub(crate) fn identify(sent: &mut HeaderMap) {
    sent.insert("x-meta-source-client", HeaderValue::from_static(SOURCE_CLIENT));
    sent.insert(header::USER_AGENT, HeaderValue::from_static(SOURCE_CLIENT));
}

/// What is wrong with how an answer is framed, so that its fields cannot be passed on: its body is coded for this hop otherwise than in
/// chunks, or its length is not one number (RFC 9110, section 8.6; RFC 9112, sections 6.1 and 6.3).
pub(crate) fn framing_problem(upstream: &HeaderMap) -> Option<&'static str> {
    let mut codings = upstream.get_all(header::TRANSFER_ENCODING).iter();
    let is_chunked = |coding: &HeaderValue| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked");
    match (codings.next(), codings.next()) {
        (None, _) => length(upstream).is_err().then_some("a length that is not one number"),
        (Some(coding), None) if is_chunked(coding) => None,
        (Some(_), _) => Some("a transfer coding other than chunked"),
    }
}

/// The length that an answer states, be it several times.
fn length(upstream: &HeaderMap) -> Result<Option<u64>, ()> {
    let mut stated = None;
    for value in upstream.get_all(header::CONTENT_LENGTH) {
        for number in value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
            let text = std::str::from_utf8(number).ok().filter(|_| is_number).ok_or(())?;
            let number: u64 = text.parse().map_err(drop)?;
            if stated.replace(number).is_some_and(|other| other != number) {
                return Err(());
            }
        }
    }
    Ok(stated)
}

/// The fields a client is sent, out of those that a registry or its storage answered.
pub(crate) fn to_client(upstream: &HeaderMap) -> HeaderMap {
    let named = named_by_connection(upstream);
    // RFC 9112 section 6.3: a length next to a transfer coding is not the body's.
    let coded = upstream.contains_key(header::TRANSFER_ENCODING);
    let mut sent = HeaderMap::with_capacity(upstream.len() + 8);
    for (name, value) in upstream {
        let text = name.as_str();
        let passes = (RETURNED.contains(&text) || text.starts_with(RATE_PREFIX))
            && !named.contains(name)
            && name != header::CONTENT_LENGTH;
        match passes.then(|| returned(name, value)).flatten() {
            Some(value) => sent.append(name.clone(), value),
            None => false,
        };
    }
    if let Some(length) = length(upstream).ok().flatten().filter(|_| !coded) {
        sent.insert(header::CONTENT_LENGTH, length.into());
    }
    sent
}

/// A field's value as a client is sent it. Of challenges only Bearer is left: for others a browser asks its user for a password, which it
/// then sends by itself, whichever page makes the request.
fn returned(name: &HeaderName, value: &HeaderValue) -> Option<HeaderValue> {
    if name == header::WWW_AUTHENTICATE {
        let bearer = bearer_challenges(value.to_str().ok()?)?;
        return HeaderValue::try_from(bearer).ok();
    }
    Some(value.clone())
}

/// The Bearer challenges of a `WWW-Authenticate` value (RFC 9110 section 11.6.1); none when there are none.
fn bearer_challenges(value: &str) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    let mut bearer = false;
    for element in elements(value) {
        // An element that begins with a scheme begins a challenge; the others are parameters of the one before.
        let (first, rest) = element.split_once([' ', '\t']).unwrap_or((element, ""));
        let parameter = first.contains('=') || rest.trim_start().starts_with('=');
        if !parameter {
            bearer = first.eq_ignore_ascii_case("bearer");
        }
        if bearer {
            kept.push(element);
        }
    }
    (!kept.is_empty()).then(|| kept.join(","))
}

/// The elements of a comma-separated value, with commas in quotes left alone.
fn elements(value: &str) -> Vec<&str> {
    let mut quotes = Quotes::default();
    let parts = value.split(|c: char| quotes.take(c) && c == ',');
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Keeps ids and digest of a registry's redirect, since storage does not know them.
pub(crate) fn keep_of_redirect(redirect: &HeaderMap, sent: &mut HeaderMap) {
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

/// The fields that `Connection` names as those of one hop, except what the exchange cannot do without.
fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .filter(|name| {
            *name != header::AUTHORIZATION && *name != header::CONTENT_TYPE && *name != CLIENT_REQUEST_ID
        })
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
    fn a_registry_is_sent_what_it_reads_and_who_the_gateway_is() {
        let read = [
            ("authorization", "Bearer x"),
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("range", "bytes=0-1"),
            ("content-range", "0-1"),
            ("x-ms-client-request-id", "id"),
        ];
        let mut client = map(&read);
        client.extend(map(&[
            ("host", "a"),
            ("cookie", "a"),
            ("user-agent", "a"),
            ("content-length", "5"),
            ("transfer-encoding", "chunked"),
            ("x-original-url", "/admin"),
            ("x-unheard-of", "a"),
            ("x-meta-source-client", "a client"),
            ("connection", "range, x-ms-client-request-id"),
        ]));
        let mut expected = map(&read);
        expected.remove("range");
        expected.extend(map(&[("x-meta-source-client", SOURCE_CLIENT), ("user-agent", SOURCE_CLIENT)]));
        assert_eq!(to_registry(&client), expected);
    }

    #[test]
    fn a_client_is_sent_what_it_reads() {
        let read = [
            ("www-authenticate", "Bearer realm=\"x\""),
            ("link", "</v2/>"),
            ("location", "/v2/x"),
            ("retry-after", "1"),
            ("docker-content-digest", "sha256:0"),
            ("x-ms-correlation-request-id", "id"),
            ("x-ms-ratelimit-remaining-calls-per-second", "8"),
            ("content-length", "3"),
        ];
        let mut upstream = map(&read);
        upstream.extend(map(&[
            ("set-cookie", "a"),
            ("x-accel-expires", "9"),
            ("x-unheard-of", "a"),
            ("connection", "warning"),
            ("warning", "a"),
        ]));
        assert_eq!(to_client(&upstream), map(&read));
    }

    #[test]
    fn an_answer_has_one_length_and_no_coding_but_chunks() {
        for (fields, problem) in [
            (&[("content-length", "5"), ("content-length", "5")][..], None),
            (&[("content-length", "5 , 5")], None),
            (&[("content-length", "5"), ("content-length", "7")], Some("a length")),
            (&[("content-length", "5, 7")], Some("a length")),
            (&[("content-length", "+5")], Some("a length")),
            (&[("content-length", "-5")], Some("a length")),
            (&[("content-length", "")], Some("a length")),
            (&[("content-length", "99999999999999999999")], Some("a length")),
            (&[("transfer-encoding", "Chunked"), ("content-length", "x")], None),
            (&[("transfer-encoding", "gzip, chunked")], Some("a transfer coding")),
            (
                &[("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")],
                Some("a transfer coding"),
            ),
        ] {
            let mut upstream = HeaderMap::new();
            for (name, value) in fields {
                upstream.append(*name, HeaderValue::from_static(value));
            }
            let found = framing_problem(&upstream);
            let is_expected = problem
                .map_or(found.is_none(), |problem| found.is_some_and(|found| found.starts_with(problem)));
            assert!(is_expected, "{fields:?}: {found:?}");
        }
        let twice = map(&[("content-length", "5, 5")]);
        assert_eq!(to_client(&twice), map(&[("content-length", "5")]));
    }

    #[test]
    fn a_length_next_to_chunks_is_dropped() {
        let upstream = map(&[("content-length", "5"), ("transfer-encoding", "chunked")]);
        assert_eq!(to_client(&upstream), HeaderMap::new());
    }

    #[test]
    fn only_bearer_challenges_are_left() {
        for (value, left) in [
            ("Bearer realm=\"x\",service=\"y\"", Some("Bearer realm=\"x\",service=\"y\"")),
            ("bearer realm=\"x, Basic y\"", Some("bearer realm=\"x, Basic y\"")),
            ("Basic realm=\"x\"", None),
            ("Negotiate", None),
            ("NTLM abc==", None),
            ("Basic realm=\"x\", Bearer realm=\"y\", scope=\"z\"", Some("Bearer realm=\"y\",scope=\"z\"")),
            ("Bearer realm=\"y\", Basic realm=\"x\", charset=\"UTF-8\"", Some("Bearer realm=\"y\"")),
            ("Bearer realm = \"y\", Digest", Some("Bearer realm = \"y\"")),
            ("Basic realm=\"\\\", Bearer realm=\\\"\"", None),
            ("", None),
        ] {
            assert_eq!(bearer_challenges(value).as_deref(), left, "{value}");
        }
    }
}
