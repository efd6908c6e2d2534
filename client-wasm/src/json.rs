//! Reads what the client itself must know of small answers: tokens, their claims, error bodies. Typed callers decode with serde_json;
//! JavaScript callers get the browser's own parse, and for them linking serde_json for these few texts would cost more than a third of
//! the package. Strict (RFC 8259), bounded in depth, and compared with serde_json by a property test.

/// Deeper nesting than this is refused.
const DEEPEST: u32 = 64;

/// A valid JSON value, as the text it came as. Taken apart only where somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// `None` where the bytes are no JSON.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut scanner = Scanner { text, at: 0 };
        let value = scanner.element(0)?;
        (scanner.at == text.len()).then_some(value)
    }

    /// The text as it came.
    pub(crate) fn text(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == "null"
    }

    pub(crate) fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// The member of an object, the first of that name.
    pub(crate) fn get(self, name: &str) -> Option<Self> {
        if !self.is_object() {
            return None;
        }
        let mut scanner = Scanner { text: self.0, at: 1 };
        while !scanner.closes('}') {
            let key = scanner.element(0)?;
            scanner.take(':')?;
            let value = scanner.element(0)?;
            if key.string().as_deref() == Some(name) {
                return Some(value);
            }
            scanner.take(',');
        }
        None
    }

    /// The elements of an array; none of anything else.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let mut scanner = Scanner { text: self.0, at: 1 };
        let is_array = self.0.starts_with('[');
        std::iter::from_fn(move || {
            if !is_array || scanner.closes(']') {
                return None;
            }
            let item = scanner.element(0)?;
            scanner.take(',');
            Some(item)
        })
    }

    /// The text of a string, its escapes resolved. Half of a surrogate pair becomes U+FFFD.
    pub(crate) fn string(self) -> Option<String> {
        let inside = self.0.strip_prefix('"')?.strip_suffix('"')?;
        let mut text = String::with_capacity(inside.len());
        let mut chars = inside.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next()? {
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'u' => text.push(escaped(&mut chars)?),
                other => text.push(other),
            }
        }
        Some(text)
    }

    /// A number that is a whole one and not negative.
    pub(crate) fn integer(self) -> Option<u64> {
        self.0.parse().ok()
    }
}

/// The character of `\u`, four digits, and of the second half behind it.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let unit = |chars: &mut std::str::Chars<'_>| {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + chars.next()?.to_digit(16)?))
    };
    let first: u32 = unit(chars)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let mut ahead = chars.clone();
    if ahead.next() == Some('\\') && ahead.next() == Some('u') {
        let second = unit(&mut ahead)?;
        if (0xDC00..0xE000).contains(&second) {
            *chars = ahead;
            return char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        }
    }
    Some(char::REPLACEMENT_CHARACTER)
}

/// Walks over text, checking it.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn white(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, c: char) -> Option<()> {
        (self.peek() == Some(c as u8)).then(|| self.at += 1)
    }

    /// Whether the array or object ends here.
    fn closes(&mut self, c: char) -> bool {
        self.white();
        self.take(c).is_some()
    }

    /// A value with the white space around it.
    fn element(&mut self, depth: u32) -> Option<Json<'a>> {
        self.white();
        let from = self.at;
        match self.peek()? {
            b'{' => self.members(depth + 1)?,
            b'[' => self.elements(depth + 1)?,
            b'"' => self.characters()?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        let value = self.text.get(from..self.at)?;
        self.white();
        Some(Json(value))
    }

    fn members(&mut self, depth: u32) -> Option<()> {
        self.at += 1;
        if depth > DEEPEST || self.closes('}') {
            return (depth <= DEEPEST).then_some(());
        }
        loop {
            self.white();
            self.characters()?;
            self.white();
            self.take(':')?;
            self.element(depth)?;
            if self.take('}').is_some() {
                return Some(());
            }
            self.take(',')?;
        }
    }

    fn elements(&mut self, depth: u32) -> Option<()> {
        self.at += 1;
        if depth > DEEPEST || self.closes(']') {
            return (depth <= DEEPEST).then_some(());
        }
        loop {
            self.element(depth)?;
            if self.take(']').is_some() {
                return Some(());
            }
            self.take(',')?;
        }
    }

    fn characters(&mut self) -> Option<()> {
        self.take('"')?;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => {
                    let escape = self.peek()?;
                    self.at += 1;
                    match escape {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.peek().filter(u8::is_ascii_hexdigit)?;
                                self.at += 1;
                            }
                        }
                        _ => return None,
                    }
                }
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        self.take('-');
        if self.take('0').is_none() {
            self.digits()?;
        }
        if self.take('.').is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json<'_> {
        Json::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn members_items_strings_and_numbers_are_found() {
        let value = json(r#" { "a" : [ 1, "zw\u00f6\ud83d\ude00\n" , {"b":null} ] , "a\/b":7 } "#);
        let items: Vec<Json<'_>> = value.get("a").unwrap().items().collect();
        assert_eq!(items[0].integer(), Some(1));
        assert_eq!(items[1].string().unwrap(), "zwö😀\n");
        assert!(items[2].get("b").unwrap().is_null());
        assert_eq!(value.get("a/b").unwrap().integer(), Some(7));
        assert_eq!(value.get("c"), None);
        assert_eq!(items[1].items().count() + items[2].items().count(), 0);
        assert_eq!(json("[]").items().count(), 0);
        assert_eq!(json("{}").get("a"), None);
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        assert_eq!(json(r#""\ud83dx\udc00\ud83d\u0041""#).string().unwrap(), "\u{fffd}x\u{fffd}\u{fffd}A");
    }

    #[test]
    fn what_is_no_json_is_none() {
        let deep = "[".repeat(10_000);
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            "-",
            "1e",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\n\"",
            "nul",
            "1 2",
            "[1 2]",
            &deep,
        ] {
            assert_eq!(Json::parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(Json::parse(b"\"\xff\""), None);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(nested(64).as_bytes()).is_some());
        assert!(Json::parse(nested(65).as_bytes()).is_none());
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod beside_serde_json {
        use proptest::prelude::*;

        use super::super::Json;

        proptest! {
            #[test]
            fn what_is_json_to_one_is_json_to_the_other(text in r#"[\[\]{}",:0-9eE+.\\ \ntrufalsn-]{0,24}"#) {
                // serde_json reads numbers into types, and refuses those too large for them.
                let theirs = serde_json::from_str::<serde_json::Value>(&text);
                let out_of_range = theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
                prop_assert!(out_of_range || theirs.is_ok() == Json::parse(text.as_bytes()).is_some(), "{}", text);
            }

            #[test]
            fn strings_and_members_come_out_alike(key in "\\PC{0,8}", value in ".{0,20}") {
                let text = serde_json::json!({ "first": [0, {"x": 1}], key.as_str(): value.as_str() }).to_string();
                let mine = Json::parse(text.as_bytes()).unwrap().get(&key).and_then(Json::string);
                prop_assert!(key == "first" || mine == Some(value));
            }
        }
    }
}
