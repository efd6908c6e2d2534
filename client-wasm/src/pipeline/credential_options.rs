//! A credential as data: what a page hands to the npm package, to the element, and in a message to the dashboard in a frame.

use std::sync::Arc;

use serde::Deserialize;

use super::credential::{Credential, EntraTokenSource};
use crate::name::Secret;

/// The type `Credential` of the npm package, except for the function that supplies Microsoft Entra tokens.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialOptions {
    kind: String,
    username: Option<String>,
    password: Option<Secret>,
    refresh_token: Option<Secret>,
    tenant: Option<String>,
}

/// Why a value is not a credential. Never quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// It is no object, or a member has the wrong type.
    #[error("the credential must be an object with a kind, and its members must be strings")]
    NotACredential,
    /// Its kind is unknown.
    #[error("the kind of a credential must be \"anonymous\", \"password\", \"refreshToken\" or \"entra\"")]
    UnknownKind,
    /// A member that its kind needs is missing or empty.
    #[error("the credential needs its member {0}")]
    Missing(&'static str),
}

impl CredentialOptions {
    /// The credential. `source` supplies tokens to one of kind `entra`.
    ///
    /// # Errors
    /// Fails if the kind is unknown or a member is missing.
    pub fn into_credential(
        self,
        source: Option<Arc<dyn EntraTokenSource>>,
    ) -> Result<Credential, CredentialError> {
        let missing = CredentialError::Missing;
        let secret = |secret: Option<Secret>| secret.filter(|secret| !secret.is_empty());
        match self.kind.as_str() {
            "anonymous" => Ok(Credential::Anonymous),
            "password" => Ok(Credential::Password {
                username: self.username.filter(|name| !name.is_empty()).ok_or(missing("username"))?,
                password: secret(self.password).ok_or(missing("password"))?,
            }),
            "refreshToken" => {
                secret(self.refresh_token).map(Credential::RefreshToken).ok_or(missing("refreshToken"))
            }
            "entra" => Ok(Credential::Entra {
                tenant: self.tenant.filter(|tenant| !tenant.is_empty()),
                source: source.ok_or(missing("getToken, a function"))?,
            }),
            _ => Err(CredentialError::UnknownKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Credential, CredentialError> {
        let options: CredentialOptions =
            serde_json::from_str(json).map_err(|_| CredentialError::NotACredential)?;
        options.into_credential(None)
    }

    #[test]
    fn every_kind_is_read() {
        let password = read(r#"{"kind":"password","username":"u","password":"p"}"#);
        assert!(matches!(
            password,
            Ok(Credential::Password { username, password }) if username == "u" && password.expose() == "p"
        ));
        let token = read(r#"{"kind":"refreshToken","refreshToken":"t","other":1}"#);
        assert!(matches!(token, Ok(Credential::RefreshToken(token)) if token.expose() == "t"));
        assert!(matches!(read(r#"{"kind":"anonymous"}"#), Ok(Credential::Anonymous)));
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_is_quoted() {
        for (json, error) in [
            (r#"{"kind":"password","username":"u"}"#, CredentialError::Missing("password")),
            (r#"{"kind":"refreshToken","refreshToken":""}"#, CredentialError::Missing("refreshToken")),
            (r#"{"kind":"entra"}"#, CredentialError::Missing("getToken, a function")),
            (r#"{"kind":"magic"}"#, CredentialError::UnknownKind),
            (r#"{"password":"hunter2"}"#, CredentialError::NotACredential),
            (r#"{"kind":"password","username":"u","password":7}"#, CredentialError::NotACredential),
        ] {
            assert_eq!(read(json).err(), Some(error), "{json}");
        }
    }
}
