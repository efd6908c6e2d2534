//! The values of flags: sizes, limits, faults, and the files that flags name.

use std::path::Path;

use acr_emulator::{EntraKeys, FaultRule, ScopedToken, Throttle};
use anyhow::{Context as _, bail};
use serde::Deserialize;

pub(super) fn parse_rule(text: &str) -> Result<FaultRule, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Reads a size such as `2GiB`, `512MiB` or a number of bytes.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let factor: Option<u64> = match unit {
        "" | "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        "TiB" => Some(1 << 40),
        _ => None,
    };
    let size = digits.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    size.ok_or_else(|| "not a number of bytes, KiB, MiB, GiB or TiB".to_owned())
}

pub(super) fn parse_throttle(text: &str) -> Result<Throttle, String> {
    match text {
        "off" => Ok(Throttle::Off),
        "standard" | "basic" => Ok(Throttle::Standard),
        "premium" => Ok(Throttle::Premium),
        _ => {
            text.parse().map(Throttle::Limit).map_err(|_| "not off, standard, premium or a number".to_owned())
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TokensFile {
    List(Vec<ScopedToken>),
    Object { tokens: Vec<ScopedToken> },
}

pub(super) fn read_tokens(path: &Path) -> anyhow::Result<Vec<ScopedToken>> {
    let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let file: TokensFile = serde_json::from_slice(&text)
        .with_context(|| format!("{} is not a JSON list of tokens", path.display()))?;
    let tokens = match file {
        TokensFile::List(tokens) | TokensFile::Object { tokens } => tokens,
    };
    for token in &tokens {
        if let Some(action) = token.scope_map.first_invalid() {
            bail!(
                "{}: token {} has the action {action:?}, which is not of the form repositories/NAME/content|metadata/…",
                path.display(),
                token.name
            );
        }
    }
    Ok(tokens)
}

/// Reads a JSON Web Key Set.
pub(super) fn read_keys(path: &Path) -> anyhow::Result<EntraKeys> {
    let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    EntraKeys::parse(&text).with_context(|| format!("{} cannot be used", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_a_tier_or_a_number() {
        assert_eq!(parse_throttle("premium"), Ok(Throttle::Premium));
        assert_eq!(parse_throttle("basic"), Ok(Throttle::Standard));
        assert_eq!(parse_throttle("12"), Ok(Throttle::Limit(12)));
        assert!(parse_throttle("-1").is_err() && parse_throttle("gold").is_err());
    }

    #[test]
    fn sizes_have_binary_units() {
        assert_eq!((parse_size("2GiB"), parse_size("10")), (Ok(2 << 30), Ok(10)));
        for bad in ["", "GiB", "2GB", "-1", "1.5GiB", "99999999TiB"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tokens_are_read_as_a_list_or_an_object_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let list =
            r#"[{"name":"ci","passwords":["x"],"scopeMap":{"actions":["repositories/a/content/read"]}}]"#;
        for (text, good) in [
            (list.to_owned(), true),
            (format!("{{\"tokens\":{list}}}"), true),
            (list.replace("content/read", "pull"), false),
            (list.replace("passwords", "password"), false),
            ("{".to_owned(), false),
        ] {
            std::fs::write(&path, &text).unwrap();
            assert_eq!(read_tokens(&path).is_ok(), good, "{text}");
        }
    }
}
