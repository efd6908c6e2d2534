//! What was entered into the sign-in form: which registry it is for, and the credential in it. People paste the output of
//! `az acr login --expose-token` as it is, tokens in quotes, and login servers as addresses.

use acr_artifact::paste::{PastedToken, TokenError};

use crate::config::{Config, RegistryConfig, SignInMethod};
use crate::failure::Failure;
use crate::pasted::PARSERS;
use crate::session::Credentials;
use crate::text::failure as failure_text;
use crate::text::session as text;

/// The user name that stands for a refresh token.
const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

/// The fields of the form.
pub(super) struct Entered {
    pub(super) login_server: String,
    pub(super) method: SignInMethod,
    pub(super) username: String,
    pub(super) secret: String,
}

impl Entered {
    /// Whether a field that the method needs is empty.
    pub(super) fn is_incomplete(&self) -> bool {
        let empty = |text: &str| text.trim().is_empty();
        match self.method {
            SignInMethod::Password => empty(&self.secret) || empty(&self.username) && !self.may_hold_output(),
            SignInMethod::RefreshToken | SignInMethod::Entra => empty(&self.secret),
            _ => false,
        }
    }

    /// Whether the secret could be more than itself. Nothing else takes a parser.
    fn may_hold_output(&self) -> bool {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        match self.method {
            SignInMethod::Password => {
                self.username.trim() == TOKEN_USER || self.secret.trim_start().starts_with('{')
            }
            SignInMethod::RefreshToken | SignInMethod::Entra => !self.secret.bytes().all(plain),
            _ => false,
        }
    }

    /// The registry, and the credential to sign in with.
    ///
    /// # Errors
    /// A failure that names the registry, where the gateway does not serve it, or says what is wrong with what was pasted.
    pub(super) async fn read(self, config: &Config) -> Result<(RegistryConfig, Credentials), Failure> {
        let typed = self.login_server.trim();
        let target = match config.served(typed) {
            Some(target) => target,
            None => {
                let host = (PARSERS().await?.login_server)(typed);
                let host = host.as_deref().unwrap_or(typed);
                config.served(host).ok_or_else(|| not_served(config, host))?
            }
        };
        if !self.may_hold_output() {
            return Ok((target.clone(), self.credentials(None)));
        }
        let pasted = (PARSERS().await?.token)(&self.secret);
        self.with_token(config, target, pasted)
    }

    /// The same, once what was pasted as a token has been parsed.
    fn with_token(
        &self,
        config: &Config,
        target: &RegistryConfig,
        pasted: Result<PastedToken, TokenError>,
    ) -> Result<(RegistryConfig, Credentials), Failure> {
        let pasted = match pasted {
            Ok(pasted) => pasted,
            // A password may be anything.
            Err(_) if self.method == SignInMethod::Password && !self.username.trim().is_empty() => {
                return Ok((target.clone(), self.credentials(None)));
            }
            Err(error) => {
                let what = text::failed(&target.login_server);
                return Err(Failure::local(what, error.to_string(), text::TOKEN_REMEDY));
            }
        };
        let target = match &pasted.login_server {
            Some(host) => config.served(host).ok_or_else(|| not_served(config, host))?,
            None => target,
        };
        Ok((target.clone(), self.credentials(Some(&pasted))))
    }

    fn credentials(&self, pasted: Option<&PastedToken>) -> Credentials {
        let token = pasted.and_then(PastedToken::token).map(|token| token.expose().to_owned());
        let secret = self.secret.trim().to_owned();
        match (self.method, token) {
            (SignInMethod::Entra, token) => Credentials::EntraToken(token.unwrap_or(secret)),
            (SignInMethod::RefreshToken, token) => Credentials::RefreshToken(token.unwrap_or(secret)),
            (SignInMethod::Password, Some(token)) => Credentials::RefreshToken(token),
            (SignInMethod::Password, None) => {
                Credentials::Password { username: self.username.trim().to_owned(), password: secret }
            }
            _ => Credentials::Anonymous,
        }
    }
}

fn not_served(config: &Config, host: &str) -> Failure {
    let why = text::not_served(host, &config.login_servers());
    Failure::local(text::failed(host), why, failure_text::CHECK_LOGIN_SERVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = r#"{
  "accessToken": "eyJh.eyJq.c2ln",
  "loginServer": "Fabrikam.azurecr.io",
  "refreshToken": "eyJy.eyJq.c2ln",
  "username": "00000000-0000-0000-0000-000000000000"
}"#;

    fn config() -> Config {
        let json = br#"{"registries":[
            {"name":"contoso","loginServer":"contoso.azurecr.io","endpoint":"/registries/contoso"},
            {"name":"fabrikam","loginServer":"fabrikam.azurecr.io","endpoint":"/registries/fabrikam"}]}"#;
        Config::parse(json).unwrap()
    }

    fn read(
        method: SignInMethod,
        login_server: &str,
        username: &str,
        secret: &str,
    ) -> Result<(String, String), Failure> {
        let [login_server, username, secret] = [login_server, username, secret].map(str::to_owned);
        let entered = Entered { login_server, method, username, secret };
        assert!(!entered.is_incomplete());
        let (registry, credentials) =
            futures_util::FutureExt::now_or_never(entered.read(&config())).unwrap()?;
        let credential = match credentials {
            Credentials::RefreshToken(token) => format!("refresh {token}"),
            Credentials::EntraToken(token) => format!("entra {token}"),
            Credentials::Password { username, password } => format!("{username}:{password}"),
            _ => String::new(),
        };
        Ok((registry.name, credential))
    }

    #[test]
    fn the_output_of_az_is_a_token_and_picks_its_registry() {
        let expected = ("fabrikam".to_owned(), "refresh eyJy.eyJq.c2ln".to_owned());
        for (method, username) in [
            (SignInMethod::RefreshToken, ""),
            (SignInMethod::Password, TOKEN_USER),
            (SignInMethod::Password, ""),
        ] {
            assert_eq!(read(method, "contoso.azurecr.io", username, OUTPUT).unwrap(), expected);
        }
    }

    #[test]
    fn quotes_and_line_breaks_are_no_part_of_a_token() {
        for pasted in
            ["eyJh.eyJq.c2ln", "\"eyJh.eyJq.c2ln\"\n", "eyJh.ey\n  Jq.c2ln", "Bearer eyJh.eyJq.c2ln"]
        {
            let (_, token) = read(SignInMethod::RefreshToken, "contoso", "", pasted).unwrap();
            assert_eq!(token, "refresh eyJh.eyJq.c2ln", "{pasted:?}");
        }
        let (_, token) =
            read(SignInMethod::Entra, "contoso", "", r#"{"accessToken":"eyJh.eyJq.c2ln"}"#).unwrap();
        assert_eq!(token, "entra eyJh.eyJq.c2ln");
    }

    #[test]
    fn what_is_no_token_is_refused_without_repeating_it() {
        let failure = read(SignInMethod::RefreshToken, "contoso", "", "my secret words").unwrap_err();
        assert!(!failure.sentence().contains("secret words"), "{}", failure.sentence());
    }

    #[test]
    fn a_password_is_taken_as_it_is() {
        for password in ["correct-horse/battery+staple", "{curly", "two words"] {
            let (_, credential) = read(SignInMethod::Password, "contoso", "robot", password).unwrap();
            assert_eq!(credential, format!("robot:{password}"));
        }
    }

    #[test]
    fn the_login_server_is_read_in_any_form_and_another_one_refused_by_name() {
        for typed in
            ["Contoso.azurecr.io:443", "https://contoso.azurecr.io/", "docker login contoso.azurecr.io"]
        {
            assert_eq!(read(SignInMethod::Anonymous, typed, "", "").unwrap().0, "contoso", "{typed}");
        }
        let failure = read(SignInMethod::Anonymous, "https://other.azurecr.io", "", "").unwrap_err();
        assert!(failure.why.starts_with("This gateway does not serve other.azurecr.io."), "{}", failure.why);
    }
}
