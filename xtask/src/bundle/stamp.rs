//! A fingerprint of source files, to skip a build whose inputs have not changed. Reads; writes nothing.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use super::file::hex;

/// The hash of `variant`, and of the names and contents of everything at `inputs` below `root`.
///
/// # Errors
/// An input that does not exist: a list that names what is not there misses what took its place.
pub(crate) fn of(root: &Path, inputs: &[String], variant: &str) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(variant.as_bytes());
    for input in inputs {
        let start = root.join(input);
        for entry in walkdir::WalkDir::new(&start).sort_by_file_name() {
            let entry = entry.with_context(|| format!("cannot read {}", start.display()))?;
            if entry.file_type().is_file() {
                let bytes = fs::read(entry.path())
                    .with_context(|| format!("cannot read {}", entry.path().display()))?;
                hash.update(entry.path().strip_prefix(root)?.to_string_lossy().as_bytes());
                hash.update([0]);
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(bytes);
            }
        }
    }
    Ok(hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_changes_with_content_name_and_variant_and_only_with_them() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/a"), "one").unwrap();
        let stamp = |variant| of(folder.path(), &["src".to_owned()], variant).unwrap();
        let first = stamp("dist");
        assert_eq!(first, stamp("dist"));
        assert_ne!(first, stamp("demo"));
        fs::write(folder.path().join("src/a"), "two").unwrap();
        let second = stamp("dist");
        assert_ne!(first, second);
        fs::rename(folder.path().join("src/a"), folder.path().join("src/b")).unwrap();
        assert_ne!(second, stamp("dist"));
    }

    #[test]
    fn an_input_that_does_not_exist_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(of(folder.path(), &["not-there".to_owned()], "dist").is_err());
    }
}
