//! The registry's challenge: the `Bearer` scheme of `WWW-Authenticate` (RFC 9110, "Authentication", and RFC 6750).
//! Only what it asks for is used. Its realm never is: tokens are asked for at the endpoint, whatever host a challenge names.

use super::scope::Scope;

/// What an answer with status 401 asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Where the registry says tokens are to be had. Never followed.
    pub realm: String,
    /// The service to name in the token request.
    pub service: String,
    /// What the call needs.
    pub scope: Scope,
    /// `invalid_token` or `insufficient_scope`, where a token was sent.
    pub error: Option<String>,
}

impl Challenge {
    /// Parses a header's value: the first `Bearer` challenge in it. `None` where there is none.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let parameters = bearer_parameters(value)?;
        let mut challenge = Self::default();
        for (name, value) in Parameters(parameters) {
            match name.to_ascii_lowercase().as_str() {
                "realm" => challenge.realm = value,
                "service" => challenge.service = value,
                "scope" => challenge.scope = Scope::parse(&value),
                "error" => challenge.error = Some(value),
                _ => {}
            }
        }
        Some(challenge)
    }
}

/// What follows the word `Bearer` where that begins a challenge: at the start, or after a comma.
fn bearer_parameters(value: &str) -> Option<&str> {
    const SCHEME: &str = "bearer";
    let starts = std::iter::once(0).chain(value.match_indices(',').map(|(comma, _)| comma + 1));
    starts.filter_map(|start| value.get(start..)).map(str::trim_start).find_map(|challenge| {
        let (scheme, rest) = (challenge.get(..SCHEME.len())?, challenge.get(SCHEME.len()..)?);
        let begins = scheme.eq_ignore_ascii_case(SCHEME) && (rest.is_empty() || rest.starts_with(' '));
        begins.then_some(rest)
    })
}

/// `name=token` and `name="quoted"`, separated by commas; stops at the first thing that is neither.
struct Parameters<'a>(&'a str);

impl Iterator for Parameters<'_> {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.trim_start_matches([' ', ',', '\t']).split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            return None;
        }
        let rest = rest.trim_start();
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find([',', ' ']).unwrap_or(rest.len());
                (rest.get(..end)?.to_owned(), rest.get(end..)?)
            }
        };
        self.0 = rest;
        Some((name.to_owned(), value))
    }
}

/// The text up to the closing quote, its escapes resolved, and what follows.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((index, c)) = chars.next() {
        match c {
            '"' => return Some((value, text.get(index + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrys_challenge_is_read() {
        let challenge = Challenge::parse(
            r#"Bearer realm="https://r.azurecr.io/oauth2/token",service="r.azurecr.io",scope="repository:a:pull,push repository:b:pull",error="insufficient_scope""#,
        )
        .unwrap();
        assert_eq!(challenge.realm, "https://r.azurecr.io/oauth2/token");
        assert_eq!(challenge.service, "r.azurecr.io");
        assert_eq!(challenge.scope.to_string(), "repository:a:pull,push repository:b:pull");
        assert_eq!(challenge.error.as_deref(), Some("insufficient_scope"));
    }

    #[test]
    fn spelling_order_and_spaces_do_not_matter() {
        let challenge =
            Challenge::parse(r#"Basic realm="bearer", bEARER  Scope = "registry:catalog:*" , realm=x"#)
                .unwrap();
        assert_eq!(challenge.scope, Scope::catalog());
        assert_eq!(challenge.realm, "x");
    }

    #[test]
    fn what_is_no_bearer_challenge_is_none() {
        for other in ["", "Basic realm=\"x\"", "Bearertoken x=y", "Negotiate abc"] {
            assert_eq!(Challenge::parse(other), None, "{other}");
        }
        assert_eq!(Challenge::parse("Bearer").unwrap(), Challenge::default());
    }

    #[test]
    fn a_quote_that_never_closes_ends_the_reading() {
        let challenge = Challenge::parse(r#"Bearer service="a\"b",realm="never"#).unwrap();
        assert_eq!(challenge.service, "a\"b");
        assert_eq!(challenge.realm, "");
    }
}
