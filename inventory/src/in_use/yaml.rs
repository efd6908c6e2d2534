//! Images in YAML and in any other text, line by line. A parser of YAML would refuse what is only nearly YAML (a chart's template, the
//! output of a command with a line in front), and the structure is needed for no more than a name.

use super::image_use::ImageUse;
use super::reference::{ImageReference, of_parts, references_in};

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

/// What a chart keeps apart.
#[derive(Default)]
struct Parts {
    registry: Option<String>,
    repository: Option<String>,
    tag: Option<String>,
    digest: Option<String>,
}

/// Every image of a text.
pub(super) fn uses(text: &str) -> Vec<ImageUse> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.read(line);
    }
    reader.close(0);
    reader.uses
}

#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    /// The key whose value begins in the next line, if that is indented further.
    open_key: String,
    uses: Vec<ImageUse>,
}

impl Reader {
    fn read(&mut self, line: &str) {
        let content = line.trim_start();
        if content.starts_with('#') {
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
        if content.is_empty() {
            return;
        }
        match key_and_value(content) {
            Some((key, value)) => self.entry(indent, key, value),
            None => self.found(content),
        }
    }

    fn entry(&mut self, indent: usize, key: &str, value: &str) {
        self.close(indent + 1);
        let deeper = self.frames.last().is_none_or(|frame| frame.indent < indent);
        if deeper && self.frames.len() < MOST_FRAMES {
            self.frames.push(Frame { indent, key: std::mem::take(&mut self.open_key), ..Frame::default() });
        }
        self.remember(key, value);
        self.found(value);
        self.open_key = if value.is_empty() { key.to_owned() } else { String::new() };
    }

    /// Keeps what the innermost mapping says that is needed later.
    fn remember(&mut self, key: &str, value: &str) {
        let Some((frame, around)) = self.frames.split_last_mut() else { return };
        let value = Some(value.to_owned()).filter(|value| !value.is_empty());
        match key {
            "kind" => frame.kind = value,
            "name" if frame.key == "metadata" => {
                if let Some(object) = around.last_mut() {
                    object.name = value;
                }
            }
            "registry" => frame.parts.registry = value,
            "repository" => frame.parts.repository = value,
            "tag" => frame.parts.tag = value,
            "digest" => frame.parts.digest = value,
            _ => {}
        }
    }

    fn found(&mut self, text: &str) {
        let images: Vec<ImageReference> = references_in(text).collect();
        if images.is_empty() {
            return;
        }
        let user = self.user();
        self.uses.extend(images.into_iter().map(|image| ImageUse { image, user: user.clone() }));
    }

    /// Closes the mappings that are indented this far or further.
    fn close(&mut self, indent: usize) {
        while self.frames.last().is_some_and(|frame| frame.indent >= indent) {
            let user = self.user();
            let Some(frame) = self.frames.pop() else { return };
            let parts = frame.parts;
            let image = parts.repository.and_then(|repository| {
                let (registry, tag) = (parts.registry.as_deref(), parts.tag.as_deref());
                of_parts(registry, &repository, tag, parts.digest.as_deref())
            });
            self.uses.extend(image.map(|image| ImageUse { image, user }));
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

/// `key: value` with the quotes and the comment taken off. Only a plain key: a reference has a colon too.
fn key_and_value(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(':')?;
    let key = key.trim_matches(['"', '\'']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let ends = value.is_empty() || value.starts_with([' ', '\t']);
    if key.is_empty() || !key.chars().all(plain) || !ends {
        return None;
    }
    let value = value.split(" #").next().unwrap_or(value).trim();
    Some((key, value.trim_matches(['"', '\''])))
}
