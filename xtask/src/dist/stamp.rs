//! A fingerprint of source files, to skip a build whose inputs have not changed. Reads; writes nothing.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

/// The hash of the names and contents of everything at `inputs` below `root`. What is not there does not count.
pub(crate) fn of(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        let start = root.join(input);
        if !start.exists() {
            continue;
        }
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
    Ok(super::hashed_names::hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_changes_with_content_and_name_and_only_with_them() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/a"), "one").unwrap();
        let stamp = || of(folder.path(), &["src", "not-there"]).unwrap();
        let first = stamp();
        assert_eq!(first, stamp());
        fs::write(folder.path().join("src/a"), "two").unwrap();
        let second = stamp();
        assert_ne!(first, second);
        fs::rename(folder.path().join("src/a"), folder.path().join("src/b")).unwrap();
        assert_ne!(second, stamp());
    }
}
