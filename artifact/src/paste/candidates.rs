//! Which of several references in a text is meant.

use super::reference::{PasteError, PastedReference, is_address, without_scheme};

/// Reads a text that is no command: a reference alone, or what a tool printed.
pub(super) fn of_text(words: &[String]) -> Result<PastedReference, PasteError> {
    let found: Vec<&String> = words.iter().filter(|word| looks_like_one(word)).collect();
    match found.as_slice() {
        [] => return Err(PasteError::NoReference),
        [one] => {
            let read = PastedReference::parse_word(one)?;
            // In a sentence only what names a registry is surely a reference.
            let sure = read.registry.is_some() || has_only(words, one);
            return if sure { Ok(read) } else { Err(PasteError::NoReference) };
        }
        _ => {}
    }
    let (addresses, names): (Vec<_>, Vec<_>) = found.into_iter().partition(|word| is_address(word));
    let read = |words: Vec<&String>| -> Vec<PastedReference> {
        words.into_iter().filter_map(|word| PastedReference::parse_word(word).ok()).collect()
    };
    // The address that a failed request was sent to is no image, where one is named.
    let named = read(names);
    if named.iter().any(|one| one.registry.is_some()) {
        return agreed(named);
    }
    agreed(read(addresses).into_iter().chain(named).collect())
}

/// The reference that all of these are, of those that name a registry where one does. Where they name one repository, but different
/// manifests below one tag, the tag is meant.
pub(super) fn agreed(mut found: Vec<PastedReference>) -> Result<PastedReference, PasteError> {
    if found.iter().any(|one| one.registry.is_some()) {
        found.retain(|one| one.registry.is_some());
    }
    let mut different: Vec<PastedReference> = Vec::new();
    for one in found {
        if !different.contains(&one) {
            different.push(one);
        }
    }
    let count = different.len();
    let Some(first) = different.first() else { return Err(PasteError::NoReference) };
    let (mut tags, mut digests) = (Vec::new(), Vec::new());
    for one in &different {
        if (&one.registry, &one.repository) != (&first.registry, &first.repository) {
            return Err(PasteError::Several(count));
        }
        tags.extend(one.tag.as_ref().filter(|tag| !tags.contains(tag)));
        digests.extend(one.digest.as_ref().filter(|digest| !digests.contains(digest)));
    }
    let (tag, digest) = match (tags.as_slice(), digests.as_slice()) {
        ([], [] | [_]) | ([_], [_]) | ([_], []) => (tags.first(), digests.first()),
        ([_], _) => (tags.first(), None),
        _ => return Err(PasteError::Several(count)),
    };
    Ok(PastedReference { tag: tag.copied().cloned(), digest: digest.copied().cloned(), ..first.clone() })
}

/// Whether a word has a mark that references have.
pub(super) fn looks_like_one(word: &str) -> bool {
    let rest = without_scheme(word);
    rest.len() < word.len()
        || rest.contains('/')
        || rest.contains('@')
        || rest.trim_end_matches(':').contains(':')
}

/// Whether the other words say nothing: a name with a colon in front (`image: x`), punctuation.
fn has_only(words: &[String], one: &str) -> bool {
    words.iter().all(|word| word == one || word.ends_with(':') || word.chars().all(|c| !c.is_alphanumeric()))
}
