//! Command lines of `az acr`.

use super::options::{positional, value_of};
use super::reference::{PasteError, PastedReference, host};

/// `az acr repository … --name REGISTRY --image REPOSITORY:TAG`, `az acr manifest … --registry REGISTRY --name REPOSITORY:TAG`, or a full
/// reference as the last word.
pub(super) fn parse(words: &[String]) -> Result<PastedReference, PasteError> {
    let is_manifest = words.get(2).is_some_and(|word| word == "manifest");
    let value = |names: &[&str]| value_of(words, names);
    let (image, registry) = if is_manifest {
        (value(&["--name", "-n"]), value(&["--registry", "-r"]))
    } else {
        // The `--registry` of an import is where the image comes from.
        let registry = value(&["--name", "-n"]).or_else(|| value(&["--registry", "-r"]));
        (value(&["--image", "-t", "-i", "--repository"]), registry)
    };
    // An import without a name of its own keeps the repository and the tag of its source.
    let source = value(&["--source"]).filter(|_| image.is_none());
    let image = match image.or(source) {
        Some(image) => image,
        None => {
            positional(words, 1, true).filter(|word| word.contains('/')).ok_or(PasteError::NoRepository)?
        }
    };
    let mut found = PastedReference::parse_word(image)?;
    if let Some(registry) = registry.filter(|_| found.registry.is_none() || source.is_some()) {
        found.registry = Some(host(registry).ok_or(PasteError::Registry)?);
    }
    Ok(found)
}
