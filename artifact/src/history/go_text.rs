//! Texts as Go's `fmt` package prints them: `%q` of strings and runes, `%v` of slices and maps.

/// Reads `["a" "b"]`, with or without commas; none where it is anything else.
pub(super) fn strings(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let (mut strings, mut rest) = (Vec::new(), inner.trim_start());
    while !rest.is_empty() {
        let (string, after) = quoted(rest, '"')?;
        strings.push(string);
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    Some(strings)
}

/// Reads a text in quotes at the front, with Go's escapes; and what follows it.
pub(super) fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix(quote)?.chars();
    let mut value = String::new();
    loop {
        match rest.next()? {
            c if c == quote => return Some((value, rest.as_str())),
            '\\' => {
                let c = match rest.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'a' => '\x07',
                    'b' => '\x08',
                    'f' => '\x0c',
                    'v' => '\x0b',
                    'x' => number(&mut rest, 2)?,
                    'u' => number(&mut rest, 4)?,
                    'U' => number(&mut rest, 8)?,
                    '/' => '/',
                    other @ ('\\' | '"' | '\'') => other,
                    _ => return None,
                };
                value.push(c);
            }
            c => value.push(c),
        }
    }
}

fn number(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut value = 0_u32;
    for _ in 0..digits {
        value = value.checked_mul(16)?.checked_add(rest.next()?.to_digit(16)?)?;
    }
    char::from_u32(value)
}

/// Reads `map[80/tcp:{} 443/tcp:{}]`, `{80/tcp:{}}` or `[80/tcp 443/tcp]`: the keys. A plain list of words is read too.
pub(super) fn keys(text: &str) -> Vec<String> {
    let text = text.trim();
    let unwrapped = text.strip_prefix("map").unwrap_or(text);
    let inner = unwrapped.strip_prefix(['[', '{']).and_then(|rest| rest.strip_suffix([']', '}']));
    let words = inner.unwrap_or(text).split(|c: char| c.is_whitespace() || c == ',');
    let key = |word: &str| word.trim_end_matches("{}").trim_end_matches(':').trim_matches('"').to_owned();
    words.map(key).filter(|key| !key.is_empty()).collect()
}

/// A list of strings as the exec form of an instruction.
pub(super) fn json<S: AsRef<str>>(strings: &[S]) -> String {
    let quoted = strings.iter().map(|string| serde_json::Value::from(string.as_ref()).to_string());
    format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_strings_are_read_with_gos_escapes() {
        assert_eq!(strings(r#"["a" "b c"]"#).unwrap(), ["a", "b c"]);
        assert_eq!(strings(r#"["a\"b", "\x41\u00e9"]"#).unwrap(), ["a\"b", "Aé"]);
        assert_eq!(strings("[]").unwrap(), Vec::<String>::new());
        for bad in ["[a b]", r#"["a]"#, r#"["a\"]"#, r#"["\x4"]"#, r#"["\ud800"]"#, "", "["] {
            assert_eq!(strings(bad), None, "{bad}");
        }
    }

    #[test]
    fn keys_of_maps_and_lists_are_read() {
        for text in
            ["map[80/tcp:{} 443/tcp:{}]", "[80/tcp 443/tcp]", "80/tcp 443/tcp", "{80/tcp:{} 443/tcp:{}}"]
        {
            assert_eq!(keys(text), ["80/tcp", "443/tcp"], "{text}");
        }
        assert!(keys("map[]").is_empty() && keys("{}").is_empty());
    }
}
