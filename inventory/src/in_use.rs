//! Images in use: every image reference in what people have at hand, such as `kubectl get … -o json` or `-o yaml`, compose files,
//! `helm template`, values of a chart, kustomizations, `docker images`, or plain text. Nothing is sent anywhere, and no input is an error.
//!
//! Where an input leaves a tag open, any tag of the repository counts as in use; `latest` is what is meant only where a reference ends without
//! a tag. A digest names the same content in every registry, so it counts whatever host is in front of it, if any.

mod decode;
mod found;
mod image_use;
mod json;
mod reference;
mod words;
mod yaml;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use decode::decode;
pub use image_use::ImageUse;
pub use reference::ImageReference;

/// Images in use, from any number of inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InUse {
    uses: BTreeSet<ImageUse>,
    /// Digests without a registry, each with what uses it.
    digests: BTreeSet<(String, String)>,
    unresolved: usize,
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
        let found = json::found(text).unwrap_or_else(|| yaml::found(text));
        self.uses.extend(found.uses);
        self.digests.extend(found.digests);
        self.unresolved += found.unresolved;
    }

    /// Adds what another has.
    pub fn extend(&mut self, other: Self) {
        self.uses.extend(other.uses);
        self.digests.extend(other.digests);
        self.unresolved += other.unresolved;
    }

    /// Takes the images of one address for those of a registry: the one that was read at that address.
    pub fn rename_registry(&mut self, address: &str, registry: &str) {
        let address = normal(address);
        let (same, others) =
            std::mem::take(&mut self.uses).into_iter().partition(|one| one.image.registry == address);
        self.uses = others;
        let renamed = |mut one: ImageUse| {
            registry.clone_into(&mut one.image.registry);
            one
        };
        let same: BTreeSet<ImageUse> = same;
        self.uses.extend(same.into_iter().map(renamed));
    }

    /// Every image with its user, in order and each once.
    pub fn uses(&self) -> impl ExactSizeIterator<Item = &ImageUse> {
        self.uses.iter()
    }

    /// How many digests stand without a registry: of manifests or of configs, or of something else.
    #[must_use]
    pub fn bare_digests(&self) -> usize {
        self.digests.len()
    }

    /// How many images have a registry or a repository that the inputs leave open, in a variable for instance.
    #[must_use]
    pub fn unresolved(&self) -> usize {
        self.unresolved
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.digests.is_empty()
    }

    /// What is in use of a registry, by its login server, in a form that is quick to look up: its images, and digests wherever they are from.
    #[must_use]
    pub fn of_registry(&self, login_server: &str) -> RegistryUses {
        let login_server = normal(login_server);
        let mut found = RegistryUses::default();
        let mut digests: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &self.uses {
            let is_here = one.image.registry == login_server;
            if !is_here && one.image.digest.is_none() {
                continue;
            }
            let number = found.users.len();
            found.users.push(if one.user.is_empty() { one.image.to_string() } else { one.user.clone() });
            if let Some(digest) = &one.image.digest {
                digests.entry(digest).or_insert(number);
            }
            if !is_here {
                continue;
            }
            found.images += 1;
            if one.any_tag {
                found.repositories.entry(one.image.repository.clone()).or_insert(number);
            } else if let Some(tag) = one.image.pulled_tag() {
                let place = (one.image.repository.clone(), tag.to_owned());
                found.tags.entry(place).or_insert(number);
            }
        }
        for (digest, user) in &self.digests {
            let number = found.users.len();
            found.users.push(if user.is_empty() { digest.clone() } else { user.clone() });
            digests.entry(digest).or_insert(number);
        }
        found.digests = digests.into_iter().map(|(digest, user)| (digest.to_owned(), user)).collect();
        found
    }
}

/// A registry's address in the form that references have it in.
fn normal(address: &str) -> String {
    reference::host(address, "").unwrap_or_else(|| address.to_ascii_lowercase())
}

/// What is in use of one registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryUses {
    users: Vec<String>,
    /// How many of them use an image that names the registry.
    images: usize,
    tags: HashMap<(String, String), usize>,
    /// Repositories of which any tag may be in use.
    repositories: HashMap<String, usize>,
    /// Each once, with the number of what uses it.
    digests: Vec<(String, usize)>,
}

impl RegistryUses {
    /// The number of what uses a tag. A use by digest alone does not name the tag.
    pub(crate) fn tag_user(&self, repository: &str, tag: &str) -> Option<usize> {
        let of_repository = self.repositories.get(repository).copied();
        if self.tags.is_empty() {
            return of_repository;
        }
        self.tags.get(&(repository.to_owned(), tag.to_owned())).copied().or(of_repository)
    }

    /// One of the digests in use, by its position, with the number of what uses it: in whatever repository they are.
    pub(crate) fn digest(&self, position: usize) -> Option<(&str, usize)> {
        self.digests.get(position).map(|(digest, user)| (digest.as_str(), *user))
    }

    /// What uses an image, by its number.
    pub(crate) fn user(&self, number: usize) -> &str {
        self.users.get(number).map_or("", String::as_str)
    }

    /// How many images of the registry are in use. Digests that are named without it do not count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.images
    }

    /// Whether no image of the registry is in use: with an input that should name some, a sign of another registry's input.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images == 0
    }
}

#[cfg(test)]
mod tests;
