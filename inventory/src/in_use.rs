//! Images in use: every image reference in what people have at hand, such as `kubectl get … -o json` or `-o yaml`, compose files,
//! `helm template`, values of a chart, or plain text. Nothing is sent anywhere, and no input is an error.

mod image_use;
mod json;
mod reference;
mod yaml;

use std::collections::{BTreeSet, HashMap};

pub use image_use::ImageUse;
pub use reference::ImageReference;

/// Images in use, from any number of inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InUse {
    uses: BTreeSet<ImageUse>,
}

impl InUse {
    /// Images in use of one input.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut in_use = Self::default();
        in_use.add(text);
        in_use
    }

    /// Adds every image reference of an input: JSON, several JSON documents, YAML, or text.
    pub fn add(&mut self, text: &str) {
        let text = text.trim_start_matches('\u{feff}');
        match json::uses(text) {
            Some(uses) => self.uses.extend(uses),
            None => self.uses.extend(yaml::uses(text)),
        }
    }

    /// Every image with its user, in order and each once.
    pub fn uses(&self) -> impl ExactSizeIterator<Item = &ImageUse> {
        self.uses.iter()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }

    /// Those of a registry, by its login server, in a form that is quick to look up.
    #[must_use]
    pub fn of_registry(&self, login_server: &str) -> RegistryUses {
        let mut found = RegistryUses::default();
        for one in self.uses.iter().filter(|one| one.image.registry.eq_ignore_ascii_case(login_server)) {
            let number = found.users.len();
            found.users.push(if one.user.is_empty() { one.image.to_string() } else { one.user.clone() });
            if let Some(digest) = &one.image.digest {
                found.digests.entry(digest.clone()).or_insert(number);
            }
            if let Some(tag) = one.image.pulled_tag() {
                let place = (one.image.repository.clone(), tag.to_owned());
                found.tags.entry(place).or_insert(number);
            }
        }
        found
    }
}

/// The images of one registry that are in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryUses {
    users: Vec<String>,
    tags: HashMap<(String, String), usize>,
    digests: HashMap<String, usize>,
}

impl RegistryUses {
    /// The number of what uses a tag. A use by digest alone does not name the tag.
    pub(crate) fn tag_user(&self, repository: &str, tag: &str) -> Option<usize> {
        if self.tags.is_empty() {
            return None;
        }
        self.tags.get(&(repository.to_owned(), tag.to_owned())).copied()
    }

    /// The digests in use, each with the number of what uses it: in whatever repository they are.
    pub(crate) fn digests(&self) -> impl Iterator<Item = (&str, usize)> {
        self.digests.iter().map(|(digest, user)| (digest.as_str(), *user))
    }

    /// What uses an image, by its number.
    pub(crate) fn user(&self, number: usize) -> &str {
        self.users.get(number).map_or("", String::as_str)
    }

    /// How many images of the registry are in use.
    #[must_use]
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether no image of the registry is in use: with an input that should name some, a sign of another registry's input.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }
}

#[cfg(test)]
mod tests;
