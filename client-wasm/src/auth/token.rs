//! Tokens as the client keeps them: what they are good for and until when, read from the claims of the JWT. Nothing is verified here;
//! that is the registry's work. A token that cannot be read is used until the registry refuses it.

use std::time::Duration;

use super::{Access, Secret};
use crate::base64::decode_url;
use crate::json::Json;

/// Renewal starts this long before a token ends, or a tenth of its life where that is less.
const RENEW_EARLY: Duration = Duration::from_secs(300);

/// Who this client is to the registry and what it may do, by the tokens it holds now. Holds no token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The subject of the tokens: a user, a token name, an application id.
    pub subject: Option<String>,
    /// What the tokens grant, by resource, the scopes seen so far.
    pub granted: Vec<Access>,
    /// When the session ends unless renewed, since the Unix epoch, UTC: of the refresh token where there is one, else of the last token.
    pub expires: Option<Duration>,
}

#[derive(Default)]
struct Claims {
    sub: Option<String>,
    exp: Option<u64>,
    iat: Option<u64>,
    access: Vec<Access>,
}

/// A token and what its claims say.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) subject: Option<String>,
    pub(crate) access: Vec<Access>,
    /// By this machine's clock, since the Unix epoch.
    pub(crate) expires: Option<Duration>,
    renew_at: Option<Duration>,
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

impl Token {
    /// Takes a token received at `now`. Its life is counted from then, so that a clock that runs off does no harm.
    pub(crate) fn received(secret: Secret, now: Duration) -> Self {
        let claims = read_claims(secret.expose()).unwrap_or_default();
        let life = match (claims.exp, claims.iat) {
            (Some(exp), Some(iat)) if exp > iat => Some(Duration::from_secs(exp - iat)),
            (Some(exp), _) => Some(Duration::from_secs(exp).saturating_sub(now)),
            (None, _) => None,
        };
        let expires = life.and_then(|life| now.checked_add(life));
        let early = life.map_or(RENEW_EARLY, |life| RENEW_EARLY.min(life / 10));
        Self {
            secret,
            subject: claims.sub,
            access: claims.access,
            expires,
            renew_at: expires.map(|end| end.saturating_sub(early)),
        }
    }

    /// Takes a token that the caller brought along: when it was made is unknown, so its claims are taken at their word.
    pub(crate) fn brought(secret: Secret) -> Self {
        let expires = read_claims(secret.expose()).and_then(|claims| claims.exp).map(Duration::from_secs);
        Self { expires, ..Self::received(secret, Duration::ZERO) }
    }

    /// No token at all: for registries that want none.
    pub(crate) fn none() -> Self {
        Self { secret: Secret::default(), subject: None, access: Vec::new(), expires: None, renew_at: None }
    }

    pub(crate) fn is_fresh(&self, now: Duration) -> bool {
        self.renew_at.is_none_or(|renew_at| now < renew_at)
    }
}

/// The claims of a JWT: its second part, base64url of JSON. `None` where the text is none.
fn read_claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    let bytes = decode_url(payload)?;
    let claims = Json::parse(&bytes).filter(|claims| claims.is_object())?;
    let mut accesses = Vec::new();
    for access in claims.get("access").into_iter().flat_map(Json::items) {
        accesses.extend(read_access(access));
    }
    Some(Claims {
        sub: claims.get("sub").and_then(Json::string),
        exp: claims.get("exp").and_then(Json::integer),
        iat: claims.get("iat").and_then(Json::integer),
        access: accesses,
    })
}

fn read_access(access: Json<'_>) -> Option<Access> {
    // The service writes the names with a capital letter, its documentation without.
    let field = |documented, sent| access.get(sent).or_else(|| access.get(documented));
    let mut actions = Vec::new();
    for action in field("actions", "Actions")?.items() {
        actions.extend(action.string());
    }
    Access::checked(field("type", "Type")?.string()?, field("name", "Name")?.string()?, actions)
}

#[cfg(test)]
mod tests {
    use crate::base64::encode;

    use super::*;

    fn url(text: &str) -> String {
        encode(text.as_bytes()).replace('+', "-").replace('/', "_")
    }

    fn jwt(claims: &str) -> Secret {
        Secret::new(format!("e30.{}.sig", url(claims)))
    }

    #[test]
    fn a_token_is_renewed_five_minutes_early() {
        let now = Duration::from_secs(1_000_000);
        let token = Token::received(jwt(r#"{"iat":50,"exp":4550,"sub":"me"}"#), now);
        assert!(token.is_fresh(now + Duration::from_secs(4199)));
        assert!(!token.is_fresh(now + Duration::from_secs(4200)));
        assert_eq!(token.expires, Some(now + Duration::from_secs(4500)));
    }

    #[test]
    fn a_short_token_is_renewed_after_nine_tenths_of_its_life() {
        let now = Duration::from_secs(10);
        let token = Token::received(jwt(r#"{"iat":0,"exp":60}"#), now);
        assert!(token.is_fresh(now + Duration::from_secs(53)));
        assert!(!token.is_fresh(now + Duration::from_secs(54)));
    }

    #[test]
    fn a_token_that_cannot_be_read_lasts_until_it_is_refused() {
        for odd in ["Sanitized", "", "a.b.c", "..", "e30.e30.", &format!("x.{}.y", url("[1]"))] {
            assert!(Token::received(Secret::new(odd), Duration::ZERO).is_fresh(Duration::MAX), "{odd}");
        }
    }

    #[test]
    fn hostile_lifetimes_do_not_overflow() {
        let token = Token::received(jwt(&format!(r#"{{"iat":0,"exp":{}}}"#, u64::MAX)), Duration::MAX);
        assert!(token.is_fresh(Duration::MAX));
    }
}
