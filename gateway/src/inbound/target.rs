//! What a request's path may look like below `/registries/NAME`. Pure: raw text in, decoded segments or a refusal out.
//!
//! The path that is forwarded is the one that was sent, byte for byte; what is decoded here only serves to judge it.

use percent_encoding::percent_decode_str;

/// Why a path is not forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// A `%` that two hexadecimal digits do not follow.
    #[error("the path holds a % that is not an escape")]
    BadEscape,
    /// A `.` or `..` segment, plain or escaped.
    #[error("the path holds a . or .. segment")]
    DotSegment,
    /// Two slashes in a row, plain or escaped.
    #[error("the path holds an empty segment")]
    EmptySegment,
    /// NUL, another control character, a backslash, a semicolon, `%25` or anything outside ASCII.
    #[error("the path holds a character that no registry name has")]
    Character,
    /// A slash that is escaped where only a plain one separates.
    #[error("the path holds an escaped slash outside a repository name")]
    EscapedSlash,
}

/// The API a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `/v2`
    Distribution,
    /// `/acr/v1`
    Metadata,
    /// `/oauth2`
    Token,
}

/// A path that may be judged further: its API and the decoded segments below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The API.
    pub api: Api,
    /// The decoded segments below the API's prefix. A closing slash leaves an empty one at the end.
    pub segments: Vec<String>,
}

/// Reads a raw path such as `/acr/v1/library%2Falpine/_tags`. `Ok(None)` is a path outside the three APIs.
///
/// # Errors
/// A path that no client of a registry sends.
pub fn parse(raw: &str) -> Result<Option<Target>, TargetError> {
    let decoded = decode(raw)?;
    let (api, raw_rest) = match raw.split_at_checked(3) {
        Some(("/v2", rest)) if rest.is_empty() || rest.starts_with('/') => (Api::Distribution, rest),
        _ => match (raw.strip_prefix("/acr/v1/"), raw.strip_prefix("/oauth2/")) {
            (Some(_), _) => (Api::Metadata, raw.get(7..).unwrap_or_default()),
            (_, Some(_)) => (Api::Token, raw.get(7..).unwrap_or_default()),
            _ => return Ok(None),
        },
    };
    debug_assert!(decoded.starts_with('/'));
    let rest = decode(raw_rest.strip_prefix('/').unwrap_or(raw_rest))?;
    if api == Api::Token && raw_rest.contains('%') {
        return Err(TargetError::EscapedSlash);
    }
    Ok(Some(Target { api, segments: rest.split('/').map(str::to_owned).collect() }))
}

/// Refuses a page's path by the same rules, since it names a repository as well.
///
/// # Errors
/// A path that no link of the dashboard leads to.
pub fn check(raw: &str) -> Result<(), TargetError> {
    decode(raw).map(|_| ())
}

/// Decodes a whole path once and refuses what could mean something else to a program that decodes it again.
fn decode(raw: &str) -> Result<String, TargetError> {
    check_escapes(raw)?;
    let decoded = percent_decode_str(raw).decode_utf8().map_err(|_| TargetError::Character)?;
    let hostile = |c: char| !c.is_ascii() || c.is_ascii_control() || matches!(c, '\\' | '%' | ';');
    if decoded.chars().any(hostile) {
        return Err(TargetError::Character);
    }
    let mut segments = decoded.split('/').peekable();
    let mut first = true;
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => return Err(TargetError::DotSegment),
            // The path begins with a slash and may end with one.
            "" if !first && !last => return Err(TargetError::EmptySegment),
            _ => {}
        }
        first = false;
    }
    Ok(decoded.into_owned())
}

fn check_escapes(raw: &str) -> Result<(), TargetError> {
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_hexdigit());
        if byte == b'%' && !(hex(bytes.next()) && hex(bytes.next())) {
            return Err(TargetError::BadEscape);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(raw: &str) -> Vec<String> {
        parse(raw).unwrap().unwrap().segments
    }

    #[test]
    fn slashes_are_the_same_raw_and_escaped() {
        assert_eq!(segments("/acr/v1/library%2Falpine/_tags"), ["library", "alpine", "_tags"]);
        assert_eq!(segments("/acr/v1/library/alpine/_tags"), ["library", "alpine", "_tags"]);
        assert_eq!(segments("/v2/a%2fb/manifests/sha256%3Aab"), ["a", "b", "manifests", "sha256:ab"]);
        assert_eq!(segments("/v2/a/blobs/uploads/"), ["a", "blobs", "uploads", ""]);
        assert_eq!(segments("/v2/"), [""]);
        assert_eq!(segments("/v2"), [""]);
        assert_eq!(segments("/oauth2/token"), ["token"]);
    }

    #[test]
    fn paths_outside_the_three_apis_are_refused() {
        for raw in [
            "/",
            "/v1/",
            "/v22/",
            "/acr/v2/x",
            "/acr",
            "/acr/v1",
            "/oauth2",
            "/mount/v1/x",
            "/%762/",
            "/acr%2Fv1/x",
            "",
        ] {
            assert_eq!(parse(raw), Ok(None), "{raw}");
        }
    }

    #[test]
    fn hostile_paths_are_refused_in_every_position() {
        use TargetError::*;
        for (part, error) in [
            ("..", DotSegment),
            (".", DotSegment),
            ("%2e%2e", DotSegment),
            ("%2E.", DotSegment),
            (".%2e", DotSegment),
            ("%2e", DotSegment),
            ("x%2f..", DotSegment),
            ("..%2fx", DotSegment),
            ("%2f", EmptySegment),
            ("", EmptySegment),
            ("x%00y", Character),
            ("%00", Character),
            ("%0a", Character),
            ("%0d%0aHost:%20x", Character),
            ("x\\y", Character),
            ("%5c", Character),
            ("..%5c..", Character),
            ("..;", Character),
            ("x;y", Character),
            ("%252e%252e", Character),
            ("%252f", Character),
            ("%c0%ae", Character),
            ("%ff", Character),
            ("caf\u{e9}", Character),
            ("%e2%80%ae", Character),
            ("%7f", Character),
            ("%", BadEscape),
            ("%2", BadEscape),
            ("%zz", BadEscape),
            ("%u002e", BadEscape),
        ] {
            for raw in [
                format!("/v2/{part}/manifests/latest"),
                format!("/v2/a/{part}/manifests/latest"),
                format!("/v2/a/manifests/{part}/b"),
                format!("/acr/v1/{part}/_tags"),
                format!("/acr/v1/a/_tags/{part}/b"),
                format!("/oauth2/{part}/token"),
            ] {
                assert_eq!(parse(&raw), Err(error), "{raw}");
            }
        }
    }
}
