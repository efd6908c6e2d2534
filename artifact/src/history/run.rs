//! `RUN`: build arguments in front of the shell, and commands of several lines.

use std::collections::HashSet;

use super::instruction::Instruction;
use super::shell::Shells;

/// Takes `|2 A=1 B=two words` from the front of a text: the arguments, and what follows them. Values are not quoted, so the shell that
/// follows marks their end.
pub(super) fn build_arguments<'t>(
    text: &'t str,
    shells: &Shells,
    declared: &HashSet<String>,
) -> (Vec<String>, &'t str) {
    let counted = text.trim_start().strip_prefix('|').and_then(|rest| {
        let (count, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        Some((count.parse::<usize>().ok()?, rest.trim_start()))
    });
    let Some((count, rest)) = counted else { return (Vec::new(), text) };
    if count == 0 {
        return (Vec::new(), rest);
    }
    let (arguments, command) = match before_shell(rest, shells) {
        Some(split) => split,
        None => by_words(rest, count),
    };
    (split_arguments(arguments, count, declared), command)
}

/// Splits at the first shell that stands between two spaces.
fn before_shell<'t>(text: &'t str, shells: &Shells) -> Option<(&'t str, &'t str)> {
    let found = shells.all().filter_map(|shell| {
        let at = text.find(&format!(" {shell} "))?;
        Some((at, shell.len()))
    });
    // Of two shells at the same place the longer one is meant.
    let (at, _) = found.min_by_key(|(at, length)| (*at, usize::MAX - length))?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Without a shell (the exec form) each argument is taken to be a word.
fn by_words(text: &str, count: usize) -> (&str, &str) {
    let mut rest = text;
    for _ in 0..count {
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        if !word.contains('=') {
            break;
        }
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    let arguments = text.strip_suffix(rest).unwrap_or(text);
    (arguments.trim_end(), rest)
}

/// Splits `A=1 B=two words` into so many arguments. A word begins one if it has the form `NAME=`, and where `ARG` declared names, one of them.
fn split_arguments(text: &str, count: usize, declared: &HashSet<String>) -> Vec<String> {
    let begins = |word: &str, only_declared: bool| {
        let Some((name, _)) = word.split_once('=') else { return false };
        let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        valid && (!only_declared || declared.contains(name))
    };
    let words = text.split(' ');
    let candidates = words.clone().filter(|word| begins(word, false)).count();
    let only_declared =
        candidates > count && words.clone().filter(|word| begins(word, true)).count() == count;
    let mut arguments: Vec<String> = Vec::new();
    for word in words {
        match arguments.last_mut() {
            Some(last) if !begins(word, only_declared) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => arguments.push(word.to_owned()),
        }
    }
    if arguments.len() > count {
        let last = arguments.split_off(count.saturating_sub(1));
        arguments.push(last.join(" "));
    }
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

/// Takes flags such as `--mount=type=cache,target=/x` from the front, which some builders record.
pub(super) fn flags(text: &str) -> (String, &str) {
    let (mut flags, mut rest) = (String::new(), text.trim_start());
    while ["--mount=", "--network=", "--security="].iter().any(|flag| rest.starts_with(flag)) {
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        flags.push_str(word);
        flags.push(' ');
        rest = rest.strip_prefix(word).unwrap_or_default().trim_start();
    }
    (flags, rest)
}

/// The line in the place of a here-document that the history does not hold.
pub(super) const NOT_RECORDED: &str = "# The history does not hold this content.";

/// The instruction for a command.
pub(super) fn instruction(command: &str, build_arguments: Vec<String>, escape: char) -> Instruction {
    with_flags("", command, build_arguments, escape)
}

/// The instruction for a command with flags in front of it. A command that a single line cannot hold becomes a here-document, which the
/// shell reads as it is.
pub(super) fn with_flags(
    flags: &str,
    command: &str,
    build_arguments: Vec<String>,
    escape: char,
) -> Instruction {
    // Buildah records the flags after the shell.
    let (own_flags, command) = self::flags(command);
    let command = without_open_delimiter(command.trim()).trim();
    if command.is_empty() {
        return Instruction::comment("RUN without a command");
    }
    let head = format!("RUN {flags}{own_flags}");
    let text = if is_script_file(command) {
        document(head.trim_end(), NOT_RECORDED)
    } else if needs_document(command, escape) {
        document(head.trim_end(), command)
    } else {
        format!("{head}{command}")
    };
    Instruction { build_arguments, ..Instruction::new("RUN", text) }
}

/// Whether a line would be read otherwise than the shell reads it: more than one line, a here-document, a continuation, the exec form, a flag.
fn needs_document(command: &str, escape: char) -> bool {
    command.contains('\n')
        || command.contains("<<")
        || command.ends_with(escape)
        || command.starts_with('#')
        || command.starts_with("--")
        || (command.starts_with('[') && !is_exec_form(command))
}

/// Whether a command is a list of strings, as Kaniko and Buildah record the exec form. `[ "$a" ]` is the shell's test.
fn is_exec_form(command: &str) -> bool {
    let words: Option<Vec<String>> = serde_json::from_str(command).ok();
    words.is_some_and(|words| words.len() > 1 || !words.is_empty() && !command.starts_with("[ "))
}

/// A command without the first line of a here-document whose end is not recorded: Buildah records the content alone.
fn without_open_delimiter(command: &str) -> &str {
    let Some((first, content)) = command.split_once('\n') else { return command };
    let Some(word) = first.trim().strip_prefix("<<") else { return command };
    let word = word.strip_prefix('-').unwrap_or(word).trim_matches(['"', '\'']);
    let is_word = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_closed = content.lines().any(|line| line.trim() == word);
    if is_word && !is_closed { content } else { command }
}

/// Whether a command is the file in which BuildKit keeps a here-document that begins with `#!`: its content is not recorded.
fn is_script_file(command: &str) -> bool {
    let word = command.strip_prefix("/dev/pipes/").unwrap_or_default();
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// `RUN <<EOF`, the lines, and a delimiter that none of them is.
pub(super) fn document(head: &str, content: &str) -> String {
    let lines: HashSet<&str> = content.lines().map(str::trim).collect();
    let mut delimiter = "EOF".to_owned();
    let mut number = 0_usize;
    while lines.contains(delimiter.as_str()) {
        number += 1;
        delimiter = format!("EOF{number}");
    }
    format!("{head} <<{delimiter}\n{content}\n{delimiter}")
}
