//! A token issued to the gateway: redacted, and aware of when it expires.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use tokio::time::Instant;

use crate::config::Secret;
use crate::problem::Problem;

/// Tokens are renewed this long before they end, so that none ends on its way.
const MARGIN: Duration = Duration::from_secs(300);
/// How long a token is kept that does not say when it ends.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(60);

/// A bearer or refresh token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    secret: Secret,
    renew: Instant,
}

impl Token {
    /// Takes a token and reads its end from its own claims, which is not to trust it: the registry still judges it.
    pub(super) fn new(text: String) -> Self {
        let lifetime = expiry(&text).map_or(UNKNOWN_LIFETIME, |end| {
            let left = end.duration_since(SystemTime::now()).unwrap_or_default();
            // A short-lived token is used for half its life rather than never.
            left.saturating_sub(MARGIN).max(left / 2)
        });
        Self { secret: Secret::new(text), renew: Instant::now() + lifetime }
    }

    pub(super) fn is_fresh(&self) -> bool {
        Instant::now() < self.renew
    }

    pub(super) fn expose(&self) -> &str {
        self.secret.expose()
    }

    /// The Authorization value, marked so that it is never printed.
    pub(super) fn bearer(&self) -> Result<HeaderValue, Problem> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.expose()))
            .map_err(|_| Problem::bad_upstream("GATEWAY_IDENTITY", "the registry issued an invalid token"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

fn expiry(token: &str) -> Option<SystemTime> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    let seconds = claims.get("exp")?.as_u64()?;
    // A year at most: what says more does not mean it.
    let latest = SystemTime::now() + Duration::from_secs(365 * 86_400);
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).map(|end| end.min(latest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(seconds_left: u64) -> String {
        let end = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + seconds_left;
        format!("e30.{}.x", URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{end}}}")))
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_five_minutes_before_its_end() {
        let token = Token::new(jwt(4500));
        tokio::time::advance(Duration::from_secs(4190)).await;
        assert!(token.is_fresh());
        tokio::time::advance(Duration::from_secs(20)).await;
        assert!(!token.is_fresh());
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_say_its_end_is_kept_a_minute() {
        for text in ["opaque", "a.b.c", "..", "e30.e30.x"] {
            let token = Token::new(text.to_owned());
            assert!(token.is_fresh(), "{text}");
            tokio::time::advance(UNKNOWN_LIFETIME).await;
            assert!(!token.is_fresh(), "{text}");
        }
    }

    #[test]
    fn a_token_prints_as_redacted() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let printed = runtime.block_on(async { format!("{:?}", Token::new("hunter2".to_owned())) });
        assert!(!printed.contains("hunter2"));
    }
}
