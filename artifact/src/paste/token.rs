//! What `az acr login --expose-token` prints, pasted in full or in part.

use acr_client_wasm::Secret;
use serde_json::{Map, Value};

use super::reference::host;
use super::{document, text};

/// How the tokens of a registry begin: the first letters of a JSON object in base64 (RFC 7519, section 3.1).
const BEGINNING: &str = "eyJ";

/// A token with what was pasted around it. Its debug form does not show the tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedToken {
    /// The login server in lower case.
    pub login_server: Option<String>,
    /// The user name: the zero UUID, unless the output changes.
    pub username: Option<String>,
    /// The field `refreshToken`, which `az` prints since 2.74.
    pub refresh_token: Option<Secret>,
    /// The field `accessToken`, or a token that was pasted alone. Despite its name, `az` prints a refresh token of the registry here.
    pub access_token: Option<Secret>,
}

/// Why a text holds no token. No variant repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// Nothing was pasted.
    Empty,
    /// The JSON has no token in it.
    NoToken,
    /// The text has characters that no token has.
    NotAToken,
}

impl std::fmt::Display for TokenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "Nothing was entered.",
            Self::NoToken => {
                "This JSON contains no token. Paste the output of az acr login --expose-token, or the value of refreshToken."
            }
            Self::NotAToken => {
                "This is not a token: it contains spaces or characters that tokens do not have. Paste the output of az acr login --expose-token, or the token alone."
            }
        })
    }
}

impl std::error::Error for TokenError {}

impl PastedToken {
    /// Reads the output of `az acr login --expose-token` (JSON, YAML or a table), or a token with quotes, line breaks or `Bearer` around it.
    ///
    /// ```
    /// use acr_artifact::paste::PastedToken;
    ///
    /// let pasted = PastedToken::parse(r#"{"accessToken":"eyJh.eyJq.c2ln","loginServer":"contoso.azurecr.io"}"#)?;
    /// assert_eq!(pasted.token().map(|token| token.expose()), Some("eyJh.eyJq.c2ln"));
    /// assert_eq!(PastedToken::parse("\"eyJh.ey\nJq.c2ln\"\n")?.token().map(|token| token.expose()), Some("eyJh.eyJq.c2ln"));
    /// # Ok::<(), acr_artifact::paste::TokenError>(())
    /// ```
    ///
    /// # Errors
    /// [`TokenError`], whose text is a sentence for the person and never repeats the token.
    pub fn parse(pasted: &str) -> Result<Self, TokenError> {
        if text::trimmed(pasted).is_empty() {
            return Err(TokenError::Empty);
        }
        // Warnings of `az` may stand around the object.
        let bounds = pasted.find('{').zip(pasted.rfind('}'));
        let object = bounds.and_then(|(from, to)| document::parse(pasted.get(from..=to)?));
        if let Some(Value::Object(fields)) = object {
            return Self::of_object(&fields);
        }
        if pasted.trim_start().starts_with('{') {
            return Err(TokenError::NotAToken);
        }
        if let Some(fields) = yaml(pasted) {
            return Self::of_object(&fields);
        }
        if let Some(this) = Self::of_values(pasted) {
            return Ok(this);
        }
        Ok(Self { access_token: Some(token(pasted)?), ..Self::default() })
    }

    /// The token to sign in with: the refresh token where there is one.
    #[must_use]
    pub fn token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref().or(self.access_token.as_ref())
    }

    /// `--output tsv`: the values alone, between tabs.
    fn of_values(pasted: &str) -> Option<Self> {
        let line = pasted.trim();
        let values: Vec<&str> = line.split('\t').map(str::trim).collect();
        if values.len() < 2 || text::is_wrapped(line) {
            return None;
        }
        let mut tokens =
            values.iter().filter(|value| value.starts_with(BEGINNING)).map(|value| token(value).ok());
        let server = values.iter().find(|value| value.contains(".azurecr."));
        Some(Self {
            access_token: Some(tokens.next().flatten()?),
            refresh_token: tokens.next().flatten(),
            login_server: server.and_then(|server| host(server)),
            username: None,
        })
    }

    fn of_object(fields: &Map<String, Value>) -> Result<Self, TokenError> {
        let field = |names: &[&str]| {
            let (_, value) =
                fields.iter().find(|(key, _)| names.iter().any(|it| key.eq_ignore_ascii_case(it)))?;
            value.as_str().map(text::trimmed).filter(|value| !value.is_empty())
        };
        let this = Self {
            login_server: field(&["loginServer"]).and_then(host),
            username: field(&["username"]).map(text::unwrapped),
            refresh_token: field(&["refreshToken", "refresh_token"]).map(token).transpose()?,
            access_token: field(&["accessToken", "access_token"]).map(token).transpose()?,
        };
        if this.token().is_none() { Err(TokenError::NoToken) } else { Ok(this) }
    }
}

/// A token alone. A token has no spaces, so a line break within it is one of a terminal, and so is a space that a field of one line put in
/// the place of a line break.
fn token(pasted: &str) -> Result<Secret, TokenError> {
    let clean = text::trimmed(pasted);
    let clean = clean.strip_prefix("Bearer ").or_else(|| clean.strip_prefix("bearer ")).unwrap_or(clean);
    let joined = if clean.starts_with(BEGINNING) {
        clean.split_whitespace().collect()
    } else {
        text::unwrapped(clean)
    };
    let joined = text::trimmed(&joined);
    let visible = !joined.is_empty() && joined.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    if visible { Ok(Secret::new(joined)) } else { Err(TokenError::NotAToken) }
}

/// `--output yaml`: a field a line; and `--output table`: names, dashes, values.
fn yaml(pasted: &str) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    let lines: Vec<&str> = pasted.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for line in &lines {
        if let Some((name, value)) = line.split_once(": ") {
            fields.insert(text::trimmed(name).to_owned(), Value::from(value.trim()));
        }
    }
    if let [names, dashes, values] = lines.as_slice()
        && dashes.chars().all(|c| c == '-' || c == ' ')
    {
        let values = values.split_whitespace().map(Value::from);
        fields = names.split_whitespace().map(str::to_owned).zip(values).collect();
    }
    let known =
        |name: &String| name.eq_ignore_ascii_case("accessToken") || name.eq_ignore_ascii_case("refreshToken");
    fields.keys().any(known).then_some(fields)
}
