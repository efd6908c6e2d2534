//! Cleaning pasted text: quotes, wraps of a terminal, words of a shell.

/// Quotes of keyboards, word processors and Markdown, with what closes them.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('„', '“'),
    ('<', '>'),
    ('(', ')'),
    ('[', ']'),
];

/// A text without surrounding white space, invisible characters, quotes and final punctuation.
pub(super) fn trimmed(text: &str) -> &str {
    let invisible = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    let mut text = text.trim_matches(invisible);
    loop {
        let before = text;
        text = text.trim_end_matches([',', ';', '.', ':']).trim_matches(invisible);
        text = without_fence(text).trim_matches(invisible);
        for (open, close) in QUOTES {
            text = without_quotes(text, *open, *close).trim_matches(invisible);
        }
        if text == before {
            return text;
        }
    }
}

/// A text without the fence of Markdown around it, which may name a language.
fn without_fence(text: &str) -> &str {
    const FENCE: &str = "```";
    const LANGUAGES: &[&str] = &["json", "sh", "bash", "shell", "console", "powershell", "text", "yaml"];
    let inner = text.strip_prefix(FENCE).and_then(|rest| rest.strip_suffix(FENCE));
    let Some(inner) = inner.filter(|inner| !inner.contains(FENCE)) else { return text };
    match inner.split_once(char::is_whitespace) {
        Some((language, rest)) if LANGUAGES.contains(&language) => rest,
        _ => inner,
    }
}

/// A text without the pair of quotes around it, or without a single one that lost its partner. Quotes of words within stay.
fn without_quotes(text: &str, open: char, close: char) -> &str {
    let count = text.matches([open, close]).count();
    let front = text.strip_prefix(open);
    let pair = front.and_then(|inner| inner.strip_suffix(close));
    match (count, pair) {
        (2, Some(inner)) => inner,
        (1, _) => front.or_else(|| text.strip_suffix(close)).unwrap_or(text),
        _ => text,
    }
}

/// Whether a line break is in the text.
pub(super) fn is_wrapped(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// A text without its line breaks and the white space around them, as it was before a terminal or a mail wrapped it.
pub(super) fn unwrapped(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).collect()
}

/// The words of a command line, without quotes; a backslash, backtick or caret at the end of a line continues it.
pub(super) fn words(text: &str) -> Vec<String> {
    let continued: String = text
        .lines()
        .map(|line| {
            let line = line.trim_end();
            line.strip_suffix(['\\', '`', '^']).unwrap_or(line)
        })
        .collect::<Vec<_>>()
        .join(" ");
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), None);
    for c in continued.chars() {
        match open {
            Some(quote) if c == quote => open = None,
            Some(_) => word.push(c),
            None if matches!(c, '"' | '\'') => open = Some(c),
            None if c.is_whitespace() || c.is_control() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            None => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
