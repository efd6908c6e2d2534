//! What is typed into a search box, understood: plain text, a glob, or a regular expression between slashes.

/// A search. Names match regardless of case, digests from their start.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    /// Matches everything.
    All,
    /// A part of the name.
    Text(String),
    /// `*` for any characters, `?` for one; the complete name has to match.
    Glob(Vec<char>),
    /// The browser's own regular expressions: no engine of ours has to be shipped.
    Regex(js_sys::RegExp),
    /// A regular expression the browser does not take, with its reason.
    Broken(String),
}

impl Matcher {
    /// Understands a search text.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::All;
        }
        if let Some(pattern) =
            text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|p| !p.is_empty())
        {
            return Self::regex(pattern);
        }
        if text.contains(['*', '?']) {
            return Self::Glob(text.to_ascii_lowercase().chars().collect());
        }
        Self::Text(text.to_ascii_lowercase())
    }

    fn regex(pattern: &str) -> Self {
        // `new RegExp` throws for a pattern it does not understand; Reflect.construct turns that into a value.
        let arguments = js_sys::Array::of2(&pattern.into(), &"i".into());
        let class = js_sys::Reflect::get(&js_sys::global(), &"RegExp".into());
        let class = class.map(wasm_bindgen::JsCast::unchecked_into::<js_sys::Function>);
        let made = class.and_then(|class| js_sys::Reflect::construct(&class, &arguments));
        match made {
            Ok(regex) => Self::Regex(regex.into()),
            Err(error) => Self::Broken(js_sys::Error::from(error).message().into()),
        }
    }

    /// Whether a name matches.
    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Text(text) => contains(name.as_bytes(), text.as_bytes()),
            Self::Glob(glob) => glob_matches(glob, name),
            Self::Regex(regex) => regex.test(name),
            Self::Broken(_) => false,
        }
    }

    /// Whether a name matches, or a digest does from its first characters on (with or without the algorithm).
    pub(crate) fn matches_either(&self, name: &str, digest: &str) -> bool {
        if self.matches(name) {
            return true;
        }
        let Self::Text(text) = self else { return false };
        let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
        text.len() >= 4 && (digest.starts_with(text.as_str()) || hex.starts_with(text.as_str()))
    }

    /// Why the search cannot be understood, if it cannot.
    pub(crate) fn problem(&self) -> Option<&str> {
        if let Self::Broken(problem) = self { Some(problem) } else { None }
    }
}

/// Whether `part`, already in lower case, is in `whole` regardless of ASCII case. Allocates nothing: it runs over
/// 100 000 names at every key press.
fn contains(whole: &[u8], part: &[u8]) -> bool {
    let Some((first, rest)) = part.split_first() else { return true };
    let either = [*first, first.to_ascii_uppercase()];
    let mut tail = whole;
    // Most bytes are not the first one looked for: this loop is where the time goes.
    while let Some(at) = tail.iter().position(|byte| either.contains(byte)) {
        let after = tail.split_at(at + 1).1;
        match after.split_at_checked(rest.len()) {
            Some((found, _)) if found.eq_ignore_ascii_case(rest) => return true,
            Some(_) => tail = after,
            None => return false,
        }
    }
    false
}

/// Matches with one step back at most per `*`, so in time of at most the product of both lengths.
fn glob_matches(glob: &[char], name: &str) -> bool {
    let name: Vec<char> = name.chars().map(|c| c.to_ascii_lowercase()).collect();
    let (mut g, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, n));
                g += 1;
            }
            Some(c) if *c == '?' || Some(c) == name.get(n) => {
                g += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    g = at + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    glob.iter().skip(g).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(search: &str, name: &str) -> bool {
        Matcher::parse(search).matches(name)
    }

    #[test]
    fn plain_text_is_found_anywhere_regardless_of_case() {
        assert!(matches("RC", "v1.2-rc1") && matches("", "x") && matches("  v1 ", "v1.2-rc1"));
        assert!(!matches("beta", "v1.2-rc1") && !matches("longer than the name", "v1"));
    }

    #[test]
    fn a_glob_matches_the_whole_name() {
        assert!(
            matches("v1.*", "v1.2")
                && matches("*-rc?", "v1.2-rc1")
                && matches("*", "")
                && matches("a*b*c", "aXbYbZc")
        );
        assert!(!matches("v1.*", "xv1.2") && !matches("*-rc?", "v1.2-rc10") && !matches("a*b*c", "aXbY"));
    }

    #[test]
    fn digests_are_found_from_their_start() {
        let digest = "sha256:0123456789abcdef";
        assert!(Matcher::parse("0123").matches_either("x", digest));
        assert!(Matcher::parse("sha256:0123").matches_either("x", digest));
        assert!(!Matcher::parse("789a").matches_either("x", digest), "not in the middle");
        assert!(!Matcher::parse("01").matches_either("x", digest), "too short to mean a digest");
    }
}
