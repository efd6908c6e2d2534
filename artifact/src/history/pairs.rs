//! `NAME=value` pairs of `ENV`, `LABEL` and `ARG`, which a history holds without the quotes that the Dockerfile had.

/// A name and its value; none for an `ARG` without a default.
pub(super) type Pair = (String, Option<String>);

/// A longer value of the config, in bytes, is not looked for: it could be compared with each of many pairs.
const LONGEST: usize = 32 << 10;

/// Splits the pairs of an instruction. Values are not quoted, so one may hold spaces and even what looks like the next pair: what the config
/// says the final value is decides where it can, and otherwise a word of the form `NAME=` begins the next pair.
pub(super) fn split<'c>(text: &str, config: &impl Fn(&str) -> Option<&'c str>) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((name, after)) = name(rest) else {
            let word = rest.split(char::is_whitespace).next().unwrap_or(rest);
            let after = rest.strip_prefix(word).unwrap_or_default();
            match pairs.last_mut() {
                Some((_, Some(value))) => {
                    value.push_str(rest.get(..word.len()).unwrap_or_default());
                    value.push_str(after.get(..spaces(after)).unwrap_or_default());
                }
                _ => pairs.push((word.to_owned(), None)),
            }
            rest = after.trim_start();
            continue;
        };
        if let Some((_, Some(value))) = pairs.last_mut() {
            value.truncate(value.trim_end().len());
        }
        let exact = config(name).filter(|value| (1..=LONGEST).contains(&value.len())).and_then(|value| {
            let after = after.strip_prefix(value).or_else(|| after_typed(after, value))?;
            (after.is_empty() || after.starts_with(char::is_whitespace)).then_some((value.to_owned(), after))
        });
        let (value, after) = exact.or_else(|| in_quotes(after)).unwrap_or_else(|| first_word(after));
        let gap = after.get(..spaces(after)).unwrap_or_default();
        pairs.push((name.to_owned(), Some(format!("{value}{gap}"))));
        rest = after.trim_start();
    }
    for (_, value) in &mut pairs {
        if let Some(value) = value {
            value.truncate(value.trim_end().len());
        }
    }
    pairs
}

/// What follows a value as Buildah records it: as it was typed, with a backslash before each space.
fn after_typed<'t>(text: &'t str, value: &str) -> Option<&'t str> {
    let mut words = value.split(' ');
    let first = text.strip_prefix(words.next()?)?;
    words.try_fold(first, |rest, word| rest.strip_prefix(r"\ ")?.strip_prefix(word))
}

/// The first word of a value; `=` in it begins no other pair.
fn first_word(text: &str) -> (String, &str) {
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    (word.to_owned(), text.strip_prefix(word).unwrap_or_default())
}

/// A value that kept its quotes, as some builders write it.
fn in_quotes(text: &str) -> Option<(String, &str)> {
    let (value, after) = match text.strip_prefix('\'') {
        Some(inner) => inner.split_once('\'').map(|(value, after)| (value.to_owned(), after))?,
        None => super::go_text::quoted(text, '"')?,
    };
    (after.is_empty() || after.starts_with(char::is_whitespace)).then_some((value, after))
}

/// A name that is followed by `=` at the front of a text, and what follows the `=`. Buildah keeps the quotes around it.
fn name(text: &str) -> Option<(&str, &str)> {
    // Looks no further than the first word: a text may be long and have no `=`.
    let (name, _) = text.split(char::is_whitespace).next()?.split_once('=')?;
    let after = text.get(name.len() + 1..)?;
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"._-/".contains(&b);
    (!name.is_empty() && !name.starts_with('-') && name.bytes().all(valid)).then_some((name, after))
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// A pair as a Dockerfile takes it: quoted where a builder would split or expand the value otherwise.
pub(super) fn quoted((name, value): &Pair, escape: char) -> String {
    let Some(value) = value else { return name.clone() };
    let plain = |c: char| c.is_alphanumeric() || "_@%+:,./-=~^*?!".contains(c);
    if value.chars().all(plain) {
        return format!("{name}={value}");
    }
    let mut text = format!("{name}=\"");
    for c in value.chars() {
        match c {
            '"' | '$' => text.extend([escape, c]),
            // No form of a Dockerfile holds a line break in a value.
            '\n' => text.push(' '),
            c if c == escape => text.extend([escape, c]),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
