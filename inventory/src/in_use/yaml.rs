//! Images in YAML and in any other text, line by line. A parser of YAML would refuse what is only nearly YAML (a chart's template, the
//! output of a command with a line in front), and the structure is needed for no more than a name.

use super::found::{Found, Parts, is_part};
use super::reference::ImageReference;

/// Deeper nesting than this is not followed: its images are found all the same.
const MOST_FRAMES: usize = 64;

/// A mapping that is open at this line.
#[derive(Default)]
struct Frame {
    /// How far its keys are indented.
    indent: usize,
    /// The key that the mapping is the value of.
    key: String,
    kind: Option<String>,
    name: Option<String>,
    parts: Parts,
}

/// Every image of a text.
pub(super) fn found(text: &str) -> Found {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.read(line);
    }
    reader.close(0);
    reader.found.finish()
}

#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    /// The key whose value begins in the next line, if that is indented further.
    open_key: String,
    /// Whether the lines are rows of a table with the repository and the tag in columns, as `docker images` prints.
    in_columns: bool,
    found: Found,
}

impl Reader {
    fn read(&mut self, line: &str) {
        let content = line.trim_start();
        if self.columns(content) || content.starts_with('#') {
            return;
        }
        if line.starts_with("---") {
            self.close(0);
            return;
        }
        let mut indent = line.len() - content.len();
        let mut content = content;
        // An item of a sequence begins a mapping of its own, one step further in.
        while let Some(rest) = content.strip_prefix("- ") {
            self.close(indent + 1);
            let trimmed = rest.trim_start();
            indent += content.len() - trimmed.len();
            content = trimmed;
        }
        if content == "-" {
            self.close(indent + 1);
            return;
        }
        if content.is_empty() {
            return;
        }
        match key_and_value(content) {
            Some((key, value)) => self.entry(indent, key, value),
            None if is_flow(content) => self.flow("", content),
            None => self.text(content),
        }
    }

    /// Reads a line of a table of images, or its first one. `false` for any other line.
    fn columns(&mut self, line: &str) -> bool {
        let mut words = line.split_whitespace();
        let (Some(repository), Some(tag)) = (words.next(), words.next()) else {
            self.in_columns &= !line.is_empty();
            return false;
        };
        if matches!(repository, "REPOSITORY" | "IMAGE") && tag == "TAG" {
            self.in_columns = true;
            return true;
        }
        if !self.in_columns {
            return false;
        }
        let is_untagged = |image: ImageReference| image.tag.is_none() && image.digest.is_none();
        if !ImageReference::parse(repository).is_some_and(is_untagged) {
            return false;
        }
        let mut parts = Parts::default();
        parts.set("repository", repository);
        // Images without a tag have `none` in angle brackets.
        let is_none = tag.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) == Some("none");
        parts.set("tag", if is_none { "" } else { tag });
        parts.set("digest", words.find(|word| word.starts_with("sha")).unwrap_or_default());
        self.found.mapping("", parts, "");
        true
    }

    fn entry(&mut self, indent: usize, key: &str, value: &str) {
        self.close(indent + 1);
        let deeper = self.frames.last().is_none_or(|frame| frame.indent < indent);
        if deeper && self.frames.len() < MOST_FRAMES {
            self.frames.push(Frame { indent, key: std::mem::take(&mut self.open_key), ..Frame::default() });
        }
        let is_kept = self.remember(key, value) && is_part(key);
        if is_flow(value) {
            self.flow(key, value);
        } else if !is_kept {
            self.text(value);
        }
        self.open_key = if value.is_empty() { key.to_owned() } else { String::new() };
    }

    /// Keeps what the innermost mapping says that is needed later; `false` where none is open for it.
    fn remember(&mut self, key: &str, value: &str) -> bool {
        let is_followed = self.frames.len() < MOST_FRAMES;
        // A key that comes again begins another mapping, as in several texts that were put together.
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.parts.has(key)) {
            let (key, parts) = (frame.key.clone(), std::mem::take(&mut frame.parts));
            let user = self.user();
            self.found.mapping(&key, parts, &user);
        }
        let Some((frame, around)) = self.frames.split_last_mut() else { return false };
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match key {
            "kind" => frame.kind = text(),
            "name" if frame.key == "metadata" => {
                if let Some(object) = around.last_mut() {
                    object.name = text();
                }
            }
            _ => {}
        }
        frame.parts.set(key, value);
        is_followed
    }

    /// A mapping in one line: its innermost parts are mappings too, and the rest is text.
    fn flow(&mut self, key: &str, value: &str) {
        let user = self.user();
        let mut key = key.to_owned();
        let mut pieces = value.split('{');
        self.text(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (inner, rest) = piece.split_once('}').unwrap_or((piece, ""));
            let (mut parts, mut next) = (Parts::default(), String::new());
            for entry in inner.split(',') {
                let Some((name, value)) = key_and_value(entry.trim()) else {
                    self.found.text(entry, &user);
                    continue;
                };
                parts.set(name, value);
                if !is_part(name) {
                    self.found.text(value, &user);
                }
                if value.is_empty() {
                    name.clone_into(&mut next);
                }
            }
            self.found.mapping(&key, parts, &user);
            key = next;
            self.found.text(rest, &user);
        }
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            let user = self.user();
            self.found.text(text, &user);
        }
    }

    /// Closes the mappings that are indented this far or further.
    fn close(&mut self, indent: usize) {
        while self.frames.last().is_some_and(|frame| frame.indent >= indent) {
            let user = self.user();
            let Some(frame) = self.frames.pop() else { return };
            self.found.mapping(&frame.key, frame.parts, &user);
        }
    }

    /// The nearest object with a kind and a name, else the service of a compose file, else nothing.
    fn user(&self) -> String {
        let object = self.frames.iter().rev().find_map(|frame| frame.kind.as_ref().zip(frame.name.as_ref()));
        if let Some((kind, name)) = object {
            return format!("{}/{name}", kind.to_lowercase());
        }
        let services = self.frames.iter().position(|frame| frame.key == "services");
        let service =
            services.and_then(|place| self.frames.iter().skip(place + 1).find(|f| !f.key.is_empty()));
        service.map(|frame| format!("service/{}", frame.key)).unwrap_or_default()
    }
}

/// Whether a value is a mapping in one line, or a sequence of such.
fn is_flow(value: &str) -> bool {
    value.starts_with('{') || value.starts_with('[') && value.contains('{')
}

/// `key: value` with the quotes and the comment taken off. Only a plain key: a reference has a colon too.
fn key_and_value(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(':')?;
    // As JSON is written without spaces.
    let is_quoted = key.starts_with('"') && key.ends_with('"');
    let key = key.trim_matches(['"', '\'']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let ends = is_quoted || value.is_empty() || value.starts_with([' ', '\t']);
    if key.is_empty() || !key.chars().all(plain) || !ends {
        return None;
    }
    let value = value.split(" #").next().unwrap_or(value).trim().trim_end_matches(',');
    Some((key, without_properties(value).trim_matches(['"', '\''])))
}

/// A value without the anchor and the type in front of it (YAML 1.2, section 6.9).
fn without_properties(value: &str) -> &str {
    let mut value = value;
    while value.starts_with(['&', '!'])
        && let Some((_, rest)) = value.split_once(' ')
    {
        value = rest.trim_start();
    }
    value
}
