//! Finding the reference in JSON that `az acr`, `docker inspect` or `oras` print.

use serde_json::{Map, Value};

use super::candidates;
use super::reference::{PasteError, PastedReference, host};
use super::text::{is_wrapped, unwrapped};

/// Looks for a reference in JSON; none where the text is none.
pub(super) fn find(pasted: &str) -> Option<Result<PastedReference, PasteError>> {
    if !pasted.starts_with(['{', '[', '"']) {
        return None;
    }
    let value = parse(pasted)?;
    Some(match value {
        // A document within a text, as a program prints it that quotes everything.
        Value::String(text) => find(text.trim()).unwrap_or_else(|| PastedReference::parse_word(&text)),
        Value::Array(items) => of_list(&items),
        Value::Object(fields) => of_object(&fields),
        _ => Err(PasteError::NoReference),
    })
}

/// JSON as it is, or as it was before a terminal wrapped it within its strings.
pub(super) fn parse(text: &str) -> Option<Value> {
    let whole = serde_json::from_str(text).ok();
    whole.or_else(|| is_wrapped(text).then(|| serde_json::from_str(&unwrapped(text)).ok()).flatten())
}

fn of_list(items: &[Value]) -> Result<PastedReference, PasteError> {
    match items {
        [] => Err(PasteError::NoReference),
        [one] => of_item(one),
        many => {
            let read: Vec<_> = many.iter().filter_map(|item| of_item(item).ok()).collect();
            if read.is_empty() { Err(PasteError::Several(many.len())) } else { candidates::agreed(read) }
        }
    }
}

fn of_item(item: &Value) -> Result<PastedReference, PasteError> {
    match item {
        Value::String(text) => PastedReference::parse_word(text),
        Value::Object(fields) => of_object(fields),
        _ => Err(PasteError::NoReference),
    }
}

fn text<'f>(fields: &'f Map<String, Value>, key: &str) -> Option<&'f str> {
    fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn of_object(fields: &Map<String, Value>) -> Result<PastedReference, PasteError> {
    let any = |keys: &[&str]| keys.iter().find_map(|key| text(fields, key));
    if let Some(repository) = any(&["imageName", "repository", "repositoryName", "repo"]) {
        return of_attributes(repository, fields);
    }
    // `skopeo inspect`, and the metadata file of `docker buildx build`.
    for (name, digest) in [("Name", "Digest"), ("image.name", "containerimage.digest")] {
        let Some(found) = text(fields, name).zip(text(fields, digest)) else { continue };
        return with_digest(found.0, found.1);
    }
    // `docker inspect` has the digest of the config in `Image`, and of a container the name within `Config`.
    let is_name = |text: &&str| !text.starts_with("sha256:");
    let keys =
        ["reference", "image", "fullyQualifiedName", "ref", "Ref", "image.name", "linuxFxVersion", "Image"];
    if let Some(reference) = keys.iter().filter_map(|key| text(fields, key)).find(is_name) {
        return PastedReference::parse_word(reference);
    }
    for key in ["RepoDigests", "RepoTags", "repoDigests", "repoTags", "outputImages", "repositories"] {
        match fields.get(key).and_then(Value::as_array).map(Vec::as_slice) {
            Some([]) | None => {}
            Some(items) => return of_list(items),
        }
    }
    // The metadata file of `docker buildx bake` has such an object for each target.
    let targets: Vec<Value> =
        fields.values().filter(|value| value.get("containerimage.digest").is_some()).cloned().collect();
    if !targets.is_empty() {
        return of_list(&targets);
    }
    let inner = fields.get("Config").and_then(Value::as_object).and_then(|config| text(config, "Image"));
    inner.filter(is_name).map_or(Err(PasteError::NoRepository), PastedReference::parse_word)
}

/// What `az acr` prints: the registry, the repository, the tag and the digest are fields of their own.
fn of_attributes(repository: &str, fields: &Map<String, Value>) -> Result<PastedReference, PasteError> {
    let mut found = PastedReference::parse_word(repository)?;
    if found.registry.is_none() {
        let keys = ["registry", "loginServer", "registryLoginServer", "host"];
        let registry = keys.iter().find_map(|key| text(fields, key));
        found.registry = registry.map(|it| host(it).ok_or(PasteError::Registry)).transpose()?;
    }
    let inner = |outer: &str, key: &str| fields.get(outer)?.get(key)?.as_str();
    let tag = text(fields, "tag").or_else(|| inner("tag", "name"));
    if let Some(tag) = tag.filter(|_| found.tag.is_none()) {
        found.tag = Some(tag.parse().map_err(PasteError::Tag)?);
    }
    let digest =
        text(fields, "digest").or_else(|| inner("manifest", "digest")).or_else(|| inner("tag", "digest"));
    if let Some(digest) = digest.filter(|_| found.digest.is_none()) {
        found.digest = Some(digest.parse().map_err(PasteError::Digest)?);
    }
    Ok(found)
}

/// A name, or several with commas between them, and the digest of what was pushed under it.
fn with_digest(names: &str, digest: &str) -> Result<PastedReference, PasteError> {
    let names = names.split(',').map(PastedReference::parse_word).collect::<Result<_, _>>()?;
    let mut found = candidates::agreed(names)?;
    found.digest = Some(digest.parse().map_err(PasteError::Digest)?);
    Ok(found)
}
