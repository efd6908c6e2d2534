//! The image references in a text, whatever surrounds them, and digests that stand alone.

use std::borrow::Cow;

use acr_client_wasm::Digest;

use super::reference::{ImageReference, host};

/// What a word of a text turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// An image, and whether its tag is left open.
    Image { image: ImageReference, any_tag: bool },
    /// A digest without a registry, of a manifest or of a config.
    Digest(String),
    /// An image whose registry or repository is left open.
    Unresolved,
}

/// Every word of a text that names an image or a digest.
pub(super) fn words(text: &str) -> Vec<Word> {
    let text = with_default_hosts(text);
    let text: &str = &text;
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(joins)).map(|place| at + place) {
        let (before, rest) = text.split_at(start);
        let end = rest.find(|c| !joins(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.contains('/') || word.contains(':') {
            words.extend(read(before, word, after));
        }
        at = start + end;
    }
    words
}

fn joins(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@')
}

/// Whether a word goes on with something that is filled in later, such as a variable.
fn is_cut(after: &str) -> bool {
    after.starts_with(|c: char| {
        matches!(c, '$' | '{' | '%' | '*' | '+' | '~' | '^') || !c.is_ascii() && c.is_alphanumeric()
    })
}

fn read(before: &str, word: &str, after: &str) -> Option<Word> {
    // A sentence may end after a reference, and a YAML key before one.
    let own = word.trim_end_matches(['.', ':', '-', '/', '@']);
    let tail = word.get(own.len()..).unwrap_or_default();
    // `${IMAGE:-host/app:1}`: the default. A variable's name has no dash.
    let default = own.split_once('-').filter(|_| before.ends_with("${")).map(|(_, default)| default);
    let own = default.unwrap_or(own).trim_start_matches(['.', '-', ':', '/', '@']);
    let cut = is_cut(after);
    if let Some(mut image) = image(own) {
        if image.digest.is_some() {
            return Some(Word::Image { image, any_tag: false });
        }
        let has_open_tag = image.tag.is_some() && cut || tail.starts_with([':', '@']);
        if image.tag.is_none() && cut && !has_open_tag {
            return Some(Word::Unresolved);
        }
        let any_tag = has_open_tag || image.tag.is_none() && is_followed_by_column(after);
        if any_tag {
            image.tag = None;
        }
        return Some(Word::Image { image, any_tag });
    }
    if let Some(digest) = digest(own) {
        return Some(Word::Digest(digest));
    }
    if cut && tail.starts_with('/') && host(own, "").is_some() {
        return Some(Word::Unresolved);
    }
    let after_variable = before.ends_with('}') && word.starts_with('/');
    let named = after_variable.then(|| ImageReference::parse(&format!("registry.invalid/{own}"))).flatten();
    named.is_some_and(|image| image.tag.is_some() || image.digest.is_some()).then_some(Word::Unresolved)
}

/// The image of a word, which may have a key and a colon in front, as Go prints maps, and a key of that map's key.
fn image(word: &str) -> Option<ImageReference> {
    const MOST_KEYS: usize = 2;
    let mut word = Some(word).filter(|word| word.contains('/'))?;
    for _ in 0..=MOST_KEYS {
        if let Some(image) = ImageReference::parse(word) {
            return Some(image);
        }
        let (key, rest) = word.split_once(':')?;
        if key.contains('/') || rest.starts_with("//") {
            return None;
        }
        word = rest;
    }
    None
}

fn digest(word: &str) -> Option<String> {
    let start = ["sha256:", "sha512:"].iter().find_map(|algorithm| word.find(algorithm))?;
    word.get(start..)?.parse::<Digest>().ok().map(|digest| digest.as_str().to_owned())
}

/// Whether the line goes on in another column, which may be that of the tag.
fn is_followed_by_column(after: &str) -> bool {
    let next = after.trim_start_matches([' ', '\t']);
    (after.starts_with("  ") || after.starts_with('\t'))
        && !next.is_empty()
        && !next.starts_with(['\r', '\n'])
}

/// The text with `${NAME:-default}` replaced by its default where that stands for a registry: a `/` follows.
fn with_default_hosts(text: &str) -> Cow<'_, str> {
    /// A longer variable is none that holds a host.
    const LONGEST: usize = 300;
    if !text.contains("${") {
        return Cow::Borrowed(text);
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("${") {
        replaced.push_str(before);
        let end = variable.bytes().take(LONGEST).position(|byte| byte == b'}');
        let parts = end.and_then(|end| Some((variable.get(..end)?, variable.get(end + 1..)?)));
        let parts = parts.filter(|(_, after)| after.starts_with('/'));
        let default = parts.and_then(|(body, after)| Some((body.split_once('-')?.1, after)));
        match default.filter(|(default, _)| default.chars().all(joins)) {
            Some((default, after)) => {
                replaced.push_str(default);
                rest = after;
            }
            None => {
                replaced.push_str("${");
                rest = variable;
            }
        }
    }
    replaced.push_str(rest);
    Cow::Owned(replaced)
}
