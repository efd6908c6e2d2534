//! Instructions that run nothing: the forms builders record, as the forms a Dockerfile takes.

use super::instruction::{Instruction, keyword};
use super::state::State;
use super::{go_text, pairs, run};

/// Reads an instruction other than `RUN`.
pub(super) fn instruction(state: &mut State<'_>, name: &'static str, rest: &str) -> Instruction {
    let rest = rest.trim();
    let arguments = match name {
        "SHELL" => shell(state, rest),
        "CMD" | "ENTRYPOINT" => exec_form(rest, state.escape),
        "ENV" | "LABEL" | "ARG" => pair_list(state, name, rest),
        "EXPOSE" => words(&go_text::keys(rest), state.escape),
        "VOLUME" => volume(rest),
        "HEALTHCHECK" => health_check(rest, state.escape),
        "COPY" | "ADD" => return files(name, rest, state.escape),
        "USER" | "WORKDIR" | "STOPSIGNAL" => {
            one_line(rest.trim_start_matches('[').trim_end_matches(']'), state.escape)
        }
        "ONBUILD" => on_build(state, rest),
        _ => one_line(rest, state.escape),
    };
    match arguments {
        Some(arguments) => Instruction::new(name, format!("{name} {arguments}")),
        None => Instruction::comment(&format!("{name} {rest}")),
    }
}

/// A text on one line that does not end in a continuation.
fn one_line(text: &str, escape: char) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if text.contains('\n') { line } else { text.trim().to_owned() };
    (!line.is_empty() && !line.ends_with(escape)).then_some(line)
}

fn words(words: &[String], escape: char) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" ")).and_then(|words| one_line(&words, escape))
}

/// Builders print the exec form with Go's quotes and without commas; the shell form stays as it is.
fn exec_form(rest: &str, escape: char) -> Option<String> {
    if let Some(strings) = go_text::strings(rest) {
        return Some(go_text::json(&strings));
    }
    // Brackets without quotes are an exec form whose words cannot be distinguished from the spaces in them.
    if let Some(inner) = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let words: Vec<_> = inner.split_whitespace().collect();
        return Some(go_text::json(&words));
    }
    one_line(rest, escape)
}

/// `SHELL [/bin/bash -o pipefail -c]`: quotes are lost, so what follows the flag that takes the command is one word.
fn shell(state: &mut State<'_>, rest: &str) -> Option<String> {
    let inner = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let last = &state.config.config.config.shell;
    let words = match (go_text::strings(rest), inner) {
        (Some(strings), _) => strings,
        (None, Some(inner)) if !last.is_empty() && last.join(" ") == inner => last.clone(),
        (None, inner) => shell_words(inner.unwrap_or(rest)),
    };
    if words.is_empty() {
        return None;
    }
    state.shells.declare(&words);
    Some(go_text::json(&words))
}

fn shell_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let word = rest.split(char::is_whitespace).next().unwrap_or(rest);
        words.push(word.to_owned());
        rest = rest.strip_prefix(word).unwrap_or_default().trim_start();
        let takes_command = ["-command", "/c", "-c"].iter().any(|flag| word.eq_ignore_ascii_case(flag));
        if takes_command && !rest.is_empty() {
            words.push(rest.to_owned());
            break;
        }
    }
    words
}

fn pair_list(state: &mut State<'_>, name: &str, rest: &str) -> Option<String> {
    let (environment, labels) = (&state.environment, &state.config.config.config.labels);
    let known = |key: &str| match name {
        "ENV" => environment.get(key).copied(),
        "LABEL" => labels.get(key).map(String::as_str),
        _ => None,
    };
    let mut pairs = pairs::split(rest, &known);
    if name == "ARG" {
        state.arguments.extend(pairs.iter().map(|(name, _)| name.clone()));
    } else if let [(key, None), ..] = pairs.as_mut_slice() {
        // The old form with one name and a space in the place of `=`.
        let value = rest.strip_prefix(key.as_str()).unwrap_or_default().trim();
        pairs = vec![(key.clone(), Some(value.to_owned()))];
    }
    let valid = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
    if pairs.is_empty() || !pairs.iter().all(|(name, _)| !name.is_empty() && valid(name)) {
        return None;
    }
    let pairs: Vec<_> = pairs.iter().map(|pair| pairs::quoted(pair, state.escape)).collect();
    Some(pairs.join(" "))
}

fn volume(rest: &str) -> Option<String> {
    let paths = go_text::strings(rest).unwrap_or_else(|| go_text::keys(rest));
    (!paths.is_empty()).then(|| go_text::json(&paths))
}

/// `&{["CMD-SHELL" "curl -f http://localhost/"] "30s" "5s" "0s" "0s" '\x03'}`: interval, timeout, start period, start interval (since
/// BuildKit 0.11) and retries.
fn health_check(rest: &str, escape: char) -> Option<String> {
    let Some(fields) = rest.strip_prefix("&{").and_then(|rest| rest.strip_suffix('}')) else {
        // Other builders keep the form of the Dockerfile.
        let command = rest.split_whitespace().find(|word| !word.starts_with("--"));
        return one_line(rest, escape)
            .filter(|_| rest == "NONE" || command == Some("CMD") && rest.contains("CMD "));
    };
    let end = end_of_list(fields)?;
    let test = go_text::strings(fields.get(..end)?)?;
    let mut durations = Vec::new();
    let mut rest = fields.get(end..)?.trim_start();
    while rest.starts_with('"') {
        let (duration, after) = go_text::quoted(rest, '"')?;
        durations.push(duration);
        rest = after.trim_start();
    }
    let retries = match go_text::quoted(rest, '\'') {
        Some((rune, _)) => rune.chars().next().map_or(0, u32::from),
        None => rest.parse().unwrap_or(0),
    };
    let (kind, command) = test.split_first()?;
    if kind == "NONE" {
        return Some("NONE".to_owned());
    }
    let names = ["interval", "timeout", "start-period", "start-interval"];
    let mut text = String::new();
    for (name, duration) in names.iter().zip(&durations) {
        let valid = duration.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.') && !duration.is_empty();
        if valid && duration != "0s" && duration != "0" {
            text.push_str(&format!("--{name}={duration} "));
        }
    }
    if retries > 0 {
        text.push_str(&format!("--retries={retries} "));
    }
    let command = match (kind.as_str(), command) {
        ("CMD-SHELL", [line]) if is_plain_line(line, escape) => line.clone(),
        ("CMD-SHELL", [line]) => go_text::json(&["/bin/sh", "-c", line]),
        (_, []) => return None,
        (_, words) => go_text::json(words),
    };
    Some(format!("{text}CMD {command}"))
}

fn is_plain_line(line: &str, escape: char) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.contains('\n') && !line.ends_with(escape) && !line.starts_with('[')
}

/// Where a list of quoted strings ends, after its bracket.
fn end_of_list(text: &str) -> Option<usize> {
    let (mut inside, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            ']' if !inside => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// `ADD file:0a1b… in /` of the classic builder is `ADD file:0a1b… /`; what a here-document held is not recorded.
fn files(name: &'static str, rest: &str, escape: char) -> Instruction {
    let recorded = |rest: &str| Instruction::comment(&format!("{name} {rest}"));
    let Some(line) = one_line(rest, escape) else { return recorded(rest) };
    if let Some(classic) = of_classic_builder(name, &line) {
        return classic;
    }
    if line.starts_with('[') {
        return match go_text::strings(&line).filter(|paths| paths.len() > 1) {
            Some(paths) => Instruction::new(name, format!("{name} {}", go_text::json(&paths))),
            None => recorded(&line),
        };
    }
    let all: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    let is_flag = |word: &&&str| word.starts_with("--");
    let flags: Vec<&str> = all.iter().take_while(is_flag).copied().collect();
    let paths: Vec<&str> = all.iter().skip(flags.len()).copied().collect();
    if paths.len() < 2 {
        return recorded(&line);
    }
    let known_flags = [
        "--chown",
        "--chmod",
        "--from",
        "--link",
        "--parents",
        "--exclude",
        "--checksum",
        "--keep-git-dir",
        "--unpack",
    ];
    let valid = |flag: &&str| known_flags.contains(&flag.split('=').next().unwrap_or_default());
    if !flags.iter().all(valid) {
        return recorded(&line);
    }
    let words: Vec<&str> = flags.into_iter().chain(paths).collect();
    let documents: Vec<&str> = words.iter().filter_map(|word| word.strip_prefix("<<")).collect();
    if words.iter().filter(|word| word.contains("<<")).count() != documents.len()
        || !documents.iter().all(|document| is_delimiter(document))
    {
        return recorded(&line);
    }
    let contents: String =
        documents.iter().map(|document| format!("\n{}\n{document}", run::NOT_RECORDED)).collect();
    Instruction::new(name, format!("{name} {}{contents}", words.join(" ")))
}

/// Whether a here-document can end with this word. It is the file's name, below a directory.
fn is_delimiter(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && word.bytes().all(plain)
}

/// `COPY --chown=app:appfile:0a1b… in /app` of the classic builder: it writes no space between a flag and what it calls the source, and all
/// that follows `in` is one path.
fn of_classic_builder(name: &'static str, line: &str) -> Option<Instruction> {
    let (before, target) = match line.split_once(" in ") {
        Some((before, target)) => (before, target.trim()),
        None => (line.strip_suffix(" in")?, "/"),
    };
    let is_source = |at: &usize| {
        let digits =
            before.get(*at..).and_then(|source| source.split_once(':')).map_or("", |(_, digits)| digits);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let start = ["multi:", "file:", "dir:"].iter().filter_map(|kind| before.rfind(kind)).find(is_source)?;
    let (flags, source) = before.split_at_checked(start)?;
    let flags = flags.trim();
    let is_owner = flags.starts_with("--chown=") && !flags.contains(' ');
    if !flags.is_empty() && !is_owner {
        return None;
    }
    let space = if flags.is_empty() { "" } else { " " };
    let paths = if target.contains(char::is_whitespace) {
        go_text::json(&[source, target])
    } else {
        format!("{source} {target}")
    };
    Some(Instruction::new(name, format!("{name} {flags}{space}{paths}")))
}

/// A trigger is an instruction of its own, on one line.
fn on_build(state: &mut State<'_>, rest: &str) -> Option<String> {
    let inner = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(rest);
    let (name, arguments) = keyword(inner)?;
    if name == "ONBUILD" {
        return None;
    }
    let trigger = match name {
        "RUN" => run::instruction(arguments, Vec::new(), state.escape),
        _ => instruction(&mut state.of_trigger(), name, arguments),
    };
    (!trigger.is_comment() && !trigger.text.contains('\n')).then_some(trigger.text)
}
