//! The token service: refresh tokens for Entra tokens, access tokens for refresh tokens, passwords or nothing.
//! Secrets go into the body or the Authorization header, never into the URL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;

use super::answer::Answer;
use super::call::{Auth, Call, Operation};
use super::query::push_field;
use crate::error::{Error, ErrorKind};
use crate::http::Members;
use crate::name::{Scope, Secret};

pub(crate) const EXCHANGE: &str = "RefreshTokens_GetFromExchange";
pub(crate) const ACCESS: &str = "AccessTokens_Get";
pub(crate) const LOGIN: &str = "AccessTokens_GetFromLogin";

static EXCHANGING: Operation =
    Operation { repeatable: true, ..Operation::writing(EXCHANGE, &Method::POST, &[], &[200]) };
static BUYING: Operation =
    Operation { repeatable: true, ..Operation::writing(ACCESS, &Method::POST, &[], &[200]) };
static LOGGING_IN: Operation = Operation::reading(LOGIN, &[]);

/// RefreshTokens_GetFromExchange with an Entra access token.
pub(crate) fn exchange_entra(service: &str, tenant: Option<&str>, access_token: &str) -> Call {
    let fields = [
        ("grant_type", Some("access_token")),
        ("service", Some(service)),
        ("tenant", tenant),
        ("access_token", Some(access_token)),
    ];
    exchange(&fields)
}

/// RefreshTokens_GetFromExchange with these form fields.
pub(crate) fn exchange(fields: &[(&str, Option<&str>)]) -> Call {
    post(&EXCHANGING, "/oauth2/exchange", fields)
}

/// AccessTokens_Get: for a refresh token.
pub(crate) fn access(service: &str, scope: &str, refresh_token: &str) -> Call {
    let fields = [
        ("grant_type", Some("refresh_token")),
        ("service", Some(service)),
        ("scope", Some(scope)),
        ("refresh_token", Some(refresh_token)),
    ];
    post(&BUYING, "/oauth2/token", &fields)
}

/// AccessTokens_Get without a credential: how the service issues tokens for anonymous pull.
pub(crate) fn access_anonymous(service: &str, scope: &Scope) -> Call {
    let scope = scope.to_string();
    let fields = [
        ("grant_type", Some("password")),
        ("service", Some(service)),
        ("scope", Some(scope.as_str())),
        ("refresh_token", Some("")),
    ];
    post(&BUYING, "/oauth2/token", &fields)
}

/// AccessTokens_GetFromLogin: for user name and password.
pub(crate) fn access_from_login(
    service: &str,
    scopes: &[String],
    username: &str,
    password: &str,
) -> Result<Call, Error> {
    if username.contains(':') {
        return Err(Error::invalid_input(LOGIN, "a user name cannot hold a colon"));
    }
    let mut query = String::new();
    push_field(&mut query, "service", service);
    for scope in scopes {
        if !scope.is_empty() {
            push_field(&mut query, "scope", scope);
        }
    }
    let mut call = Call::new(&LOGGING_IN, ["/oauth2/token?", &query].concat(), Auth::None);
    let pair = [username, ":", password].concat();
    call.headers.set("authorization", ["Basic ", &STANDARD.encode(pair)].concat());
    Ok(call)
}

/// The access token in an answer of the token service.
pub(crate) fn read_access_token(answer: &Answer) -> Result<Secret, Error> {
    read_token(answer, "access_token")
}

/// The refresh token in an answer of the token service.
pub(crate) fn read_refresh_token(answer: &Answer) -> Result<Secret, Error> {
    read_token(answer, "refresh_token")
}

fn read_token(answer: &Answer, member: &str) -> Result<Secret, Error> {
    let token = Members::from_slice(&answer.body).and_then(|answer| answer.string(member));
    token.map(Secret::new).ok_or_else(|| {
        let message = "the registry's answer cannot be read: it holds no token";
        Error::new(ErrorKind::Decode, answer.operation, message)
    })
}

fn post(operation: &'static Operation, path: &str, fields: &[(&str, Option<&str>)]) -> Call {
    let mut form = String::new();
    for (name, value) in fields {
        if let Some(value) = value {
            push_field(&mut form, name, value);
        }
    }
    Call::new(operation, path.to_owned(), Auth::None).body("application/x-www-form-urlencoded", form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anonymous_token_is_asked_for_with_an_empty_refresh_token() {
        let call = access_anonymous("r.azurecr.io", &Scope::catalog());
        assert_eq!(call.path, "/oauth2/token");
        assert_eq!(
            call.body,
            "grant_type=password&service=r.azurecr.io&scope=registry%3Acatalog%3A%2A&refresh_token="
        );
    }

    #[test]
    fn a_login_names_each_scope_and_keeps_the_password_out_of_the_url() {
        let call = access_from_login(
            "r",
            &["repository:a:pull".into(), "repository:b:pull".into()],
            "user",
            "pä:ss",
        )
        .unwrap();
        assert_eq!(
            call.path,
            "/oauth2/token?service=r&scope=repository%3Aa%3Apull&scope=repository%3Ab%3Apull"
        );
        assert_eq!(
            call.headers.get("authorization").unwrap(),
            format!("Basic {}", STANDARD.encode("user:pä:ss"))
        );
        assert!(access_from_login("r", &[], "a:b", "c").is_err());
    }

    #[test]
    fn an_exchange_names_the_tenant_only_where_there_is_one() {
        assert!(!exchange_entra("r", None, "t").body.windows(6).any(|window| window == b"tenant"));
        assert_eq!(
            exchange_entra("r", Some("x"), "t").body,
            "grant_type=access_token&service=r&tenant=x&access_token=t"
        );
    }
}
