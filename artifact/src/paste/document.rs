//! Finding the reference in JSON that `az acr`, `docker inspect` or `oras` print.

use serde_json::{Map, Value};

use super::reference::{PasteError, PastedReference, host};
use super::text;

/// Looks for a reference in JSON; none where the text is none.
pub(super) fn find(pasted: &str) -> Option<Result<PastedReference, PasteError>> {
    if !pasted.starts_with(['{', '[', '"']) {
        return None;
    }
    let value = parse(pasted)?;
    Some(match value {
        Value::String(text) => PastedReference::parse_word(&text),
        Value::Array(items) => of_list(&items),
        Value::Object(fields) => of_object(&fields),
        _ => Err(PasteError::NoReference),
    })
}

/// JSON as it is, or as it was before a terminal wrapped it within its strings.
pub(super) fn parse(text: &str) -> Option<Value> {
    let whole = serde_json::from_str(text).ok();
    whole.or_else(|| {
        text::is_wrapped(text).then(|| serde_json::from_str(&text::unwrapped(text)).ok()).flatten()
    })
}

fn of_list(items: &[Value]) -> Result<PastedReference, PasteError> {
    match items {
        [] => Err(PasteError::NoReference),
        [Value::String(text)] => PastedReference::parse_word(text),
        [Value::Object(fields)] => of_object(fields),
        [_] => Err(PasteError::NoReference),
        many => Err(PasteError::Several(many.len())),
    }
}

fn of_object(fields: &Map<String, Value>) -> Result<PastedReference, PasteError> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let any = |keys: &[&str]| keys.iter().find_map(|key| text(key));
    if let Some(repository) = any(&["imageName", "repository", "repositoryName", "repo"]) {
        let mut found = PastedReference::parse_word(repository)?;
        if found.registry.is_none() {
            let registry = any(&["registry", "loginServer", "registryLoginServer", "host"]);
            found.registry = registry.map(|it| host(it).ok_or(PasteError::Registry)).transpose()?;
        }
        let inner = |outer: &str, key: &str| fields.get(outer)?.get(key)?.as_str();
        let tag = text("tag").or_else(|| inner("tag", "name"));
        if let Some(tag) = tag.filter(|_| found.tag.is_none()) {
            found.tag = Some(tag.parse().map_err(PasteError::Tag)?);
        }
        let digest =
            text("digest").or_else(|| inner("manifest", "digest")).or_else(|| inner("tag", "digest"));
        if let Some(digest) = digest.filter(|_| found.digest.is_none()) {
            found.digest = Some(digest.parse().map_err(PasteError::Digest)?);
        }
        return Ok(found);
    }
    if let Some(reference) = any(&["reference", "image", "fullyQualifiedName", "ref", "Image"]) {
        return PastedReference::parse_word(reference);
    }
    for key in ["RepoDigests", "RepoTags", "repoDigests", "repoTags", "outputImages", "repositories"] {
        match fields.get(key).and_then(Value::as_array).map(Vec::as_slice) {
            Some([]) | None => {}
            Some(items) => return of_list(items),
        }
    }
    Err(PasteError::NoRepository)
}
