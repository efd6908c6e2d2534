//! Images in use: the files that name them, and how much of that is of the registry.

use std::path::PathBuf;

use acr_inventory::Inventory;
use acr_inventory::in_use::{ImageUse, InUse, decode};

use crate::failure::Failure;
use crate::load::Loaded;
use crate::print::visible;

/// The files as they were read, before the registry was.
pub(crate) struct Inputs(Vec<(PathBuf, InUse)>);

impl Inputs {
    /// Reads the files.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        let read = |path: &PathBuf| {
            let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
            Ok((path.clone(), InUse::parse(&decode(&bytes))))
        };
        paths.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// All of them together, for this registry. Reports on standard error what names nothing of it.
    pub(crate) fn of(self, loaded: &Loaded) -> Used {
        let inventory = &loaded.snapshot.inventory;
        let registry = inventory.registry();
        let is_wanted = !self.0.is_empty();
        let mut in_use = InUse::default();
        for (path, mut input) in self.0 {
            if let Some(address) = &loaded.address {
                input.rename_registry(address, registry);
            }
            let named = input.uses().len();
            let path = visible(&path.display().to_string());
            if input.is_empty() {
                eprintln!("acr-inventory: warning: {path} names no image in use");
            } else if named > 0 && input.of_registry(registry).is_empty() {
                eprintln!(
                    "acr-inventory: warning: {path} names images ({named}), none of {}",
                    visible(registry)
                );
            }
            in_use.extend(input);
        }
        let summary = is_wanted.then(|| summary(inventory, &in_use));
        if let Some(summary) = &summary {
            eprintln!("acr-inventory: {}", visible(summary));
        }
        Used { in_use, summary }
    }
}

/// Images in use, and a sentence about them where any file was named.
pub(crate) struct Used {
    pub(crate) in_use: InUse,
    pub(crate) summary: Option<String>,
}

fn summary(inventory: &Inventory, in_use: &InUse) -> String {
    let registry = inventory.registry();
    let of_registry = |one: &&ImageUse| one.image.registry.eq_ignore_ascii_case(registry);
    let here: Vec<&ImageUse> = in_use.uses().filter(of_registry).collect();
    let matched = here.iter().filter(|one| is_matched(inventory, one)).count();
    let mut text = format!(
        "images in use: {} named, {} of {registry}, {matched} of these found in it",
        in_use.uses().len(),
        here.len()
    );
    if in_use.bare_digests() > 0 {
        text.push_str(&format!("; {} digests without a registry", in_use.bare_digests()));
    }
    if in_use.unresolved() > 0 {
        text.push_str(&format!("; {} more depend on variables", in_use.unresolved()));
    }
    text
}

/// Whether the registry has what an image in use names.
fn is_matched(inventory: &Inventory, one: &ImageUse) -> bool {
    let image = &one.image;
    if one.any_tag {
        return inventory.find_repository(&image.repository).is_some();
    }
    let has_digest = |digest| inventory.find_manifest(&image.repository, digest).is_some();
    image.digest.as_deref().is_some_and(has_digest)
        || image.pulled_tag().is_some_and(|tag| inventory.find_tag(&image.repository, tag).is_some())
}
