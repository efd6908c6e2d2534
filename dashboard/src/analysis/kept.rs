//! What earlier analyses read of manifests, and what is to be kept of this one. Pure.

use acr_inventory::{Content, Inventory};

/// What earlier analyses read, and what this one read since it was last kept.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) is_loaded: bool,
    earlier: Vec<Inventory>,
    fresh: Inventory,
    fresh_count: usize,
}

impl Kept {
    /// The content of a manifest that an earlier analysis read.
    pub(super) fn content(&self, digest: &str) -> Option<Content> {
        self.earlier.iter().find_map(|part| part.known_content(digest))
    }

    /// Takes what was read just now.
    pub(super) fn add(&mut self, digest: &str, content: &Content) {
        self.fresh.read_content(digest, content);
        self.fresh_count += 1;
    }

    /// Takes what an earlier analysis kept.
    pub(super) fn add_earlier(&mut self, part: Inventory) {
        self.earlier.push(part);
    }

    /// What was read since this was called last; `None` where nothing was.
    pub(super) fn take_fresh(&mut self) -> Option<Inventory> {
        let count = std::mem::take(&mut self.fresh_count);
        (count > 0).then(|| std::mem::take(&mut self.fresh))
    }
}

#[cfg(test)]
mod tests {
    use acr_inventory::{Instant, Kind, snapshot};

    use super::*;

    #[test]
    fn what_was_kept_is_found_by_digest() {
        let (known, unknown) = (format!("sha256:{}", "a".repeat(64)), format!("sha256:{}", "b".repeat(64)));
        let content = Content { kind: Kind::Image, size: 7, ..Content::default() };
        let mut kept = Kept::default();
        assert!(kept.take_fresh().is_none());
        kept.add(&known, &content);
        let inventory = kept.take_fresh().unwrap();
        assert!(kept.take_fresh().is_none());
        let text = snapshot::write(&snapshot::Snapshot { inventory, taken: Instant::default() });
        kept.add_earlier(snapshot::read(&text).unwrap().inventory);
        assert_eq!(kept.content(&known), Some(content));
        assert_eq!(kept.content(&unknown), None);
    }
}
