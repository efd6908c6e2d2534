//! The words of a command line: options, their values, and what is neither.

use super::reference::{PastedReference, has_registry_scheme};
use super::tools::{SUBCOMMANDS, WITH_VALUE};

/// The word that is the reference: one with the scheme of a registry, else the first that names a registry's host, else the first that has a
/// slash, else the first that is no option and no subcommand.
pub(super) fn positional(words: &[String], start: usize, has_tool: bool) -> Option<&String> {
    let mut candidates = Vec::new();
    let mut skip = false;
    for word in words.iter().skip(start) {
        if std::mem::take(&mut skip) {
            continue;
        }
        if word.starts_with('-') {
            skip = WITH_VALUE.contains(&word.as_str());
            continue;
        }
        if matches!(word.as_str(), "|" | ">" | "&&" | ";" | "||") {
            break;
        }
        // A path of a file.
        if !word.starts_with(['/', '.', '~']) {
            candidates.push(word);
        }
    }
    if has_tool {
        let subcommand = |word: &&String| SUBCOMMANDS.contains(&word.as_str());
        let leading = candidates.iter().take_while(|word| subcommand(word)).count();
        candidates.drain(..leading.min(candidates.len()));
    }
    let scheme = words.iter().skip(start).find(|word| has_registry_scheme(word));
    let first = |test: fn(&PastedReference) -> bool| {
        let read = |word: &&&String| PastedReference::parse_word(word).is_ok_and(|read| test(&read));
        candidates.iter().find(|word| word.contains('/') && read(word)).copied()
    };
    scheme
        .or_else(|| first(|read| read.registry.is_some()))
        .or_else(|| first(|_| true))
        .or_else(|| candidates.first().copied())
}

/// The value of the first of these options: the next word, or what follows `=`.
pub(super) fn value_of<'w>(words: &'w [String], names: &[&str]) -> Option<&'w str> {
    for (position, word) in words.iter().enumerate() {
        if let Some((name, value)) = word.split_once('=')
            && names.contains(&name)
        {
            return Some(value);
        }
        if names.contains(&word.as_str()) {
            return words.get(position + 1).map(String::as_str);
        }
    }
    None
}
