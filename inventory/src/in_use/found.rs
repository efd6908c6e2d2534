//! What is found in an input: images, digests, and the parts of images that charts and kustomizations keep apart.

use super::image_use::ImageUse;
use super::reference::ImageReference;
use super::words::{Word, words};

/// The parts of an image, as far as a mapping has them.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) registry: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) digest: Option<String>,
    /// `name`, which kustomize takes for an image's where one of the next two is there too, or a digest.
    pub(super) name: Option<String>,
    pub(super) new_name: Option<String>,
    pub(super) new_tag: Option<String>,
    /// `image`, with its tag in a key of its own.
    pub(super) image: Option<String>,
    /// `imageRegistry`, which is that of all of a chart's images in the mapping `global`.
    pub(super) image_registry: Option<String>,
}

/// The keys whose values are read in a mapping, not each alone.
pub(super) fn is_part(key: &str) -> bool {
    matches!(key, "repository" | "Repository" | "newName" | "name" | "image")
}

impl Parts {
    /// Keeps the value of a key of the mapping; an empty one says nothing.
    pub(super) fn set(&mut self, key: &str, value: &str) {
        let slot = match key {
            "registry" => &mut self.registry,
            // In capitals as `docker images --format json` writes them.
            "repository" | "Repository" => &mut self.repository,
            "tag" | "Tag" => &mut self.tag,
            "digest" | "Digest" => &mut self.digest,
            "name" => &mut self.name,
            "newName" => &mut self.new_name,
            "newTag" => &mut self.new_tag,
            "image" => &mut self.image,
            "imageRegistry" => &mut self.image_registry,
            _ => return,
        };
        *slot = Some(value.to_owned()).filter(|value| !value.is_empty());
    }

    /// Whether a key was set, which a mapping has once.
    pub(super) fn has(&self, key: &str) -> bool {
        match key {
            "registry" => self.registry.is_some(),
            "repository" | "Repository" => self.repository.is_some(),
            "tag" | "Tag" => self.tag.is_some(),
            "digest" | "Digest" => self.digest.is_some(),
            "newName" => self.new_name.is_some(),
            "newTag" => self.new_tag.is_some(),
            "name" => self.name.is_some(),
            "image" => self.image.is_some(),
            _ => false,
        }
    }

    /// Whether it is an entry of kustomize, in which `name` is only what is looked for.
    fn is_renamed(&self) -> bool {
        let is_pinned = self.digest.is_some() && self.repository.is_none() && self.image.is_none();
        self.new_name.is_some() || self.new_tag.is_some() || is_pinned
    }

    /// `image`; or `name`, as some charts call it, where its tag or its registry is in a key of its own.
    fn image(&self) -> Option<&str> {
        let has_parts = self.tag.is_some() || self.registry.is_some();
        self.image.as_deref().or_else(|| self.name.as_deref().filter(|_| has_parts))
    }

    /// Whether the tag of the image is in a key of its own.
    fn is_image_apart(&self) -> bool {
        let is_untagged = |image: &str| {
            !image.contains('@') && !image.rsplit('/').next().is_some_and(|name| name.contains(':'))
        };
        self.tag.is_some() && self.image().is_some_and(is_untagged)
    }

    /// The repository that the mapping names, and its tag; the digest and the registry are apart.
    fn named(&self) -> Option<(&str, Option<&str>)> {
        if self.is_renamed() {
            return Some((self.new_name.as_deref().or(self.name.as_deref())?, self.new_tag.as_deref()));
        }
        if let Some(repository) = &self.repository {
            return Some((repository, self.tag.as_deref()));
        }
        let image = self.image()?;
        if self.is_image_apart() {
            return Some((image, self.tag.as_deref()));
        }
        self.registry.as_ref().map(|_| (image, None))
    }
}

/// What an input names.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) uses: Vec<ImageUse>,
    /// Digests without a registry, each with what uses it.
    pub(super) digests: Vec<(String, String)>,
    /// How many images have an unknown registry or repository.
    pub(super) unresolved: usize,
    /// What is put together at the end, when the registry of all is known.
    apart: Vec<(Parts, String)>,
    common_registry: Option<String>,
}

impl Found {
    /// Takes in everything that a text names.
    pub(super) fn text(&mut self, text: &str, user: &str) {
        for word in words(text) {
            match word {
                Word::Image { image, any_tag } => {
                    self.uses.push(ImageUse { image, user: user.to_owned(), any_tag });
                }
                Word::Digest(digest) => self.digests.push((digest, user.to_owned())),
                Word::Unresolved => self.unresolved += 1,
            }
        }
    }

    /// Takes in a mapping with this key.
    pub(super) fn mapping(&mut self, key: &str, parts: Parts, user: &str) {
        if key == "global" && parts.image_registry.is_some() {
            self.common_registry.clone_from(&parts.image_registry);
        }
        let is_apart = parts.is_image_apart() && parts.repository.is_none() && !parts.is_renamed();
        let is_name_apart = is_apart && parts.image.is_none();
        if let Some(name) = parts.name.as_ref().filter(|_| !parts.is_renamed() && !is_name_apart) {
            self.text(name, user);
        }
        if let Some(image) = parts.image.as_ref().filter(|_| !is_apart) {
            self.text(image, user);
        }
        if parts.named().is_some() {
            self.apart.push((parts, user.to_owned()));
        }
    }

    /// Puts together what the input keeps apart.
    pub(super) fn finish(mut self) -> Self {
        for (parts, user) in std::mem::take(&mut self.apart) {
            let common = self.common_registry.clone();
            let mut is_named = false;
            for registry in [parts.registry.as_deref(), common.as_deref()] {
                if let Some((image, any_tag)) = together(&parts, registry) {
                    is_named = true;
                    self.uses.push(ImageUse { image, user: user.clone(), any_tag });
                }
            }
            let open = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(['$', '{']));
            if !is_named && (open(&parts.registry) || open(&parts.repository)) {
                self.unresolved += 1;
            }
        }
        self
    }
}

/// The image of the parts with this registry, and whether its tag is left open: the default of a chart is its own version.
fn together(parts: &Parts, registry: Option<&str>) -> Option<(ImageReference, bool)> {
    let (repository, tag) = parts.named()?;
    let base = match registry {
        Some(registry) => format!("{}/{repository}", registry.trim_end_matches('/')),
        None => repository.to_owned(),
    };
    let with_tag = tag.map_or_else(|| base.clone(), |tag| format!("{base}:{tag}"));
    let full = parts.digest.as_ref().map(|digest| format!("{with_tag}@{digest}"));
    let image =
        full.and_then(|text| ImageReference::parse(&text)).or_else(|| ImageReference::parse(&with_tag));
    if let Some(image) = image {
        let any_tag = image.tag.is_none() && image.digest.is_none();
        return Some((image, any_tag));
    }
    // A tag that cannot be read, such as a variable, leaves the repository.
    let mut image = ImageReference::parse(&base)?;
    image.tag = None;
    Some((image, true))
}
