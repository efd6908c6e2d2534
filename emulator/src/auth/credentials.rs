//! The credentials of a request: what its `Authorization` header carries.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::secret::Secret;

/// The credentials of a request.
pub(crate) enum Credentials {
    /// `Authorization: Bearer`
    Bearer(String),
    /// `Authorization: Basic`
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: Secret,
    },
}

impl Credentials {
    /// Reads the `Authorization` header; a header that cannot be read counts as none.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, rest) = value.split_once(' ')?;
        let rest = rest.trim();
        if rest.is_empty() {
            return None;
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self::Bearer(rest.to_owned()));
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        let (username, password) = decoded.split_once(':')?;
        Some(Self::Basic { username: username.to_owned(), password: Secret::new(password) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Credentials> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        Credentials::from_headers(&headers)
    }

    #[test]
    fn credentials_are_read_whatever_the_case_of_their_scheme() {
        assert!(matches!(read("bearer abc"), Some(Credentials::Bearer(token)) if token == "abc"));
        let basic = read("BASIC dXNlcjpwYTpzcw==");
        assert!(
            matches!(basic, Some(Credentials::Basic { username, password }) if username == "user" && password.expose() == "pa:ss")
        );
    }

    #[test]
    fn what_cannot_be_read_counts_as_no_credentials() {
        for bad in ["", "Bearer", "Bearer  ", "Basic !!!", "Basic dXNlcg==", "Digest abc"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
