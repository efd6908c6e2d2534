//! Finding the reference in a command line, or taking a text without a command for one.

use super::options::{positional, value_of};
use super::reference::{PasteError, PastedReference};
use super::tools::is_tool;
use super::{az, candidates, prompt, text};

/// Reads a command line or a bare reference.
pub(super) fn parse(pasted: &str) -> Result<PastedReference, PasteError> {
    let mut words = text::words(pasted);
    prompt::skip(&mut words);
    let has_tool = words.len() > 1 && words.first().is_some_and(|word| is_tool(word));
    if has_tool && words.first().is_some_and(|word| word == "kubectl") {
        return kubectl(&words);
    }
    if has_tool && words.get(1).is_some_and(|word| word == "acr") {
        return az::parse(&words);
    }
    let version = value_of(&words, &["--version"]);
    if words.len() > 1 && !has_tool && version.is_none() {
        return candidates::of_text(&words);
    }
    let (start, first) = if has_tool { (1, true) } else { (0, false) };
    let word = positional(&words, start, first).ok_or(PasteError::NoReference)?;
    let mut found = PastedReference::parse_word(word)?;
    if let Some(version) = version.filter(|_| found.tag.is_none() && found.digest.is_none()) {
        found.tag = Some(version.replace('+', "_").parse().map_err(PasteError::Tag)?);
    }
    Ok(found)
}

/// The commands of a text: each begins with the line that a tool begins. Lines before the first are left out.
pub(super) fn commands(pasted: &str) -> Vec<String> {
    let begins = |line: &str| {
        let mut words = text::words(line);
        prompt::skip(&mut words);
        words.first().is_some_and(|word| is_tool(word))
    };
    let mut commands: Vec<String> = Vec::new();
    for line in pasted.lines() {
        match commands.last_mut() {
            _ if begins(line) => commands.push(line.to_owned()),
            Some(command) => {
                command.push('\n');
                command.push_str(line);
            }
            None => {}
        }
    }
    commands
}

/// A command line as it was before a terminal wrapped it within its reference: a line that is a single word continues a reference at the
/// end of the line before it. None where no line does.
pub(super) fn rejoined(pasted: &str) -> Option<String> {
    let (mut joined, mut any) = (String::new(), false);
    for line in pasted.lines().map(str::trim) {
        let last = joined.rsplit(char::is_whitespace).next().unwrap_or_default();
        let single = !line.is_empty() && !line.contains(char::is_whitespace) && !line.starts_with('-');
        let is_another = !last.ends_with('/')
            && PastedReference::parse_word(line).is_ok_and(|read| read.registry.is_some());
        let continues = candidates::looks_like_one(last) && !last.ends_with(['\\', '`', '^']);
        if single && continues && !is_another {
            any = true;
        } else if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(line);
    }
    any.then_some(joined)
}

/// `--image REFERENCE`, or `CONTAINER=REFERENCE` of `kubectl set image`.
fn kubectl(words: &[String]) -> Result<PastedReference, PasteError> {
    let assigned = || {
        words
            .iter()
            .filter_map(|word| word.split_once('='))
            .map(|(_, value)| value)
            .find(|it| candidates::looks_like_one(it))
    };
    let image = value_of(words, &["--image"]).or_else(assigned).ok_or(PasteError::NoReference)?;
    PastedReference::parse_word(image)
}
