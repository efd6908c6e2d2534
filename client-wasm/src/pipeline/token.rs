//! Tokens as the client keeps them: what they are good for and until when, read from the claims of the JWT. Nothing is verified here;
//! that is the registry's work. A token that cannot be read is used until the registry refuses it.

use std::time::Duration;

use base64::Engine as _;

use crate::http::url::BASE64_URL;
use crate::http::{Json, Members};
use crate::name::{Access, Scope, Secret};

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
    /// What it grants; `None` where it cannot be read.
    access: Option<Vec<Access>>,
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
    /// A token that the registry issued at `now`. Its life is counted from then, so that a wrong clock does no harm.
    pub(crate) fn issued(secret: Secret, now: Duration) -> Self {
        let claims = read_claims(secret.expose());
        let is_readable = claims.is_some();
        let claims = claims.unwrap_or_default();
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
            access: is_readable.then_some(claims.access),
            expires,
            renew_at: expires.map(|end| end.saturating_sub(early)),
        }
    }

    /// A token that the caller supplied: when it was issued is unknown, so its claims are believed.
    pub(crate) fn supplied(secret: Secret) -> Self {
        let expires = read_claims(secret.expose()).and_then(|claims| claims.exp).map(Duration::from_secs);
        Self { expires, ..Self::issued(secret, Duration::ZERO) }
    }

    /// No token at all: for registries that want none.
    pub(crate) fn none() -> Self {
        Self { secret: Secret::default(), subject: None, access: None, expires: None, renew_at: None }
    }

    /// What it grants, as far as it can be read.
    pub(crate) fn granted(&self) -> &[Access] {
        self.access.as_deref().unwrap_or_default()
    }

    /// Whether it grants less than a scope. Of a token that cannot be read that is not known.
    pub(crate) fn lacks(&self, scope: &Scope) -> bool {
        let grants = |granted: &Vec<Access>| {
            scope.accesses().iter().all(|wanted| granted.iter().any(|access| access.covers(wanted)))
        };
        self.access.as_ref().is_some_and(|granted| !grants(granted))
    }

    pub(crate) fn is_fresh(&self, now: Duration) -> bool {
        self.renew_at.is_none_or(|renew_at| now < renew_at)
    }
}

/// The claims of a JWT: its second part, base64url of JSON. `None` if the text is not one.
fn read_claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    let claims = Members::from_slice(&BASE64_URL.decode(payload).ok()?)?;
    let access = claims.elements("access");
    Some(Claims {
        sub: claims.string("sub"),
        exp: claims.integer("exp"),
        iat: claims.integer("iat"),
        access: access.iter().filter_map(read_access).collect(),
    })
}

fn read_access(access: &Json) -> Option<Access> {
    let access = access.members()?;
    let actions = access.elements("actions").iter().filter_map(Json::string).collect();
    Access::checked(access.string("type")?, access.string("name")?, actions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> String {
        BASE64_URL.encode(text)
    }

    fn jwt(claims: &str) -> Secret {
        Secret::new(format!("e30.{}.sig", url(claims)))
    }

    #[test]
    fn a_token_is_renewed_five_minutes_early() {
        let now = Duration::from_secs(1_000_000);
        let token = Token::issued(jwt(r#"{"iat":50,"exp":4550,"sub":"me"}"#), now);
        assert!(token.is_fresh(now + Duration::from_secs(4199)));
        assert!(!token.is_fresh(now + Duration::from_secs(4200)));
        assert_eq!(token.expires, Some(now + Duration::from_secs(4500)));
    }

    #[test]
    fn a_short_token_is_renewed_after_nine_tenths_of_its_life() {
        let now = Duration::from_secs(10);
        let token = Token::issued(jwt(r#"{"iat":0,"exp":60}"#), now);
        assert!(token.is_fresh(now + Duration::from_secs(53)));
        assert!(!token.is_fresh(now + Duration::from_secs(54)));
    }

    #[test]
    fn a_token_that_cannot_be_read_lasts_until_it_is_refused() {
        for odd in ["Sanitized", "", "a.b.c", "..", "e30.e30.", &format!("x.{}.y", url("[1]"))] {
            assert!(Token::issued(Secret::new(odd), Duration::ZERO).is_fresh(Duration::MAX), "{odd}");
        }
    }

    #[test]
    fn hostile_lifetimes_do_not_overflow() {
        let token = Token::issued(jwt(&format!(r#"{{"iat":0,"exp":{}}}"#, u64::MAX)), Duration::MAX);
        assert!(token.is_fresh(Duration::MAX));
    }

    #[test]
    fn the_services_spelling_of_claims_is_read() {
        let claims = r#"{"access":[{"Type":"repository","Name":"team/app","Actions":["pull","push"]}]}"#;
        let token = Token::issued(jwt(claims), Duration::ZERO);
        assert_eq!(token.granted()[0].to_string(), "repository:team/app:pull,push");
    }

    #[test]
    fn an_odd_claim_loses_that_claim_only() {
        let claims = r#"{"sub":7,"exp":60,"access":[1,{"type":"repository","name":"a","actions":["pull"]}]}"#;
        let token = Token::issued(jwt(claims), Duration::ZERO);
        assert_eq!((token.subject.clone(), token.granted().len()), (None, 1));
        assert_eq!(token.expires, Some(Duration::from_secs(60)));
    }
}
