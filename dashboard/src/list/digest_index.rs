//! Finds the manifest of a digest in a list of up to 100 000 of them.

use std::collections::HashMap;

use leptos::prelude::*;

use super::listing::Listing;
use super::rows::ManifestRow;

/// Where each digest is in the list of manifests, kept up while pages come.
#[derive(Clone, Copy)]
pub(crate) struct DigestIndex {
    list: Listing<ManifestRow>,
    places: StoredValue<HashMap<u64, u32>>,
    /// Changes when the index has grown.
    version: RwSignal<usize>,
}

impl DigestIndex {
    /// Indexes a list, for as long as the current reactive owner lives.
    pub(crate) fn follow(list: Listing<ManifestRow>) -> Self {
        let this = Self { list, places: StoredValue::new(HashMap::new()), version: RwSignal::new(0) };
        Effect::new(move |before: Option<usize>| {
            let length = list.rows.with(|rows| {
                let from = before.filter(|before| *before <= rows.len() && *before > 0).unwrap_or(0);
                this.places.update_value(|places| {
                    if from == 0 {
                        places.clear();
                    }
                    let fresh = rows.iter().enumerate().skip(from);
                    places.extend(
                        fresh.filter_map(|(at, row)| Some((key(&row.digest), u32::try_from(at).ok()?))),
                    );
                });
                rows.len()
            });
            this.version.update(|version| *version = version.wrapping_add(1));
            length
        });
        this
    }

    /// Tracks that the index grows.
    pub(crate) fn track(&self) {
        self.version.track();
    }

    /// Looks at the manifest of a digest, tracked; `None` while it has not come.
    pub(crate) fn with<T>(&self, digest: &str, look: impl FnOnce(&ManifestRow) -> T) -> Option<T> {
        self.version.track();
        self.with_untracked(digest, look)
    }

    /// Looks at the manifest of a digest, untracked.
    pub(crate) fn with_untracked<T>(&self, digest: &str, look: impl FnOnce(&ManifestRow) -> T) -> Option<T> {
        let at = self.places.with_value(|places| places.get(&key(digest)).copied())?;
        self.list
            .rows
            .with_untracked(|rows| rows.get(at as usize).filter(|row| &*row.digest == digest).map(look))
    }
}

/// The first sixteen hexadecimal digits of a digest as a number, which take a ninth of the memory of the digest. Two digests that
/// share them would only hide one of the two manifests; SHA-256 makes that practically impossible.
fn key(digest: &str) -> u64 {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.chars().take(16).fold(0, |sum, digit| (sum << 4) | u64::from(digit.to_digit(16).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_key_is_the_first_sixteen_digits_of_the_digest() {
        assert_eq!(key(&format!("sha256:0123456789abcdef{}", "f".repeat(48))), 0x0123_4567_89ab_cdef);
        assert_eq!(key(&format!("sha256:ffffffffffffffff{}", "0".repeat(48))), u64::MAX);
        assert_eq!(key("not a digest"), key("not a digest"));
    }
}
