//! What earlier analyses read of manifests, and what is to be kept of this one. Pure.

use acr_inventory::scan::Task;
use acr_inventory::snapshot::SnapshotReader;
use acr_inventory::{Content, Inventory};

/// What earlier analyses read, and what this one read since it was last kept.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) is_loaded: bool,
    earlier: Inventory,
    fresh: Inventory,
    fresh_count: usize,
}

impl Kept {
    /// Reads into an inventory what a request would answer, where an earlier analysis has read it. Whether it has.
    pub(super) fn answer(&self, task: &Task, inventory: &mut Inventory) -> bool {
        match task {
            Task::Content { digest, .. } => {
                let content = self.earlier.known_content(digest);
                content.map(|content| inventory.read_content(digest, &content)).is_some()
            }
            Task::Config { image, .. } => {
                let diff_ids = self.earlier.known_diff_ids(image);
                diff_ids.map(|diff_ids| inventory.read_diff_ids(image, &diff_ids)).is_some()
            }
            Task::Catalog { .. } | Task::Manifests { .. } | Task::Tags { .. } | Task::Attributes { .. } => {
                false
            }
        }
    }

    /// Takes what was read just now.
    pub(super) fn add(&mut self, digest: &str, content: &Content) {
        self.fresh.read_content(digest, content);
        self.fresh_count += 1;
    }

    /// Takes what was read just now of the config of an image with this content.
    pub(super) fn add_diff_ids(&mut self, image: &str, content: &Content, diff_ids: &[String]) {
        self.add(image, content);
        self.fresh.read_diff_ids(image, diff_ids);
    }

    /// Takes an entry that an earlier analysis kept. What of it cannot be read is asked of the registry again.
    pub(super) fn add_earlier(&mut self, entry: &[u8]) {
        let mut reader = SnapshotReader::extending(std::mem::take(&mut self.earlier));
        let _ = reader.push(entry);
        self.earlier = reader.into_inventory();
    }

    /// What was read since this was called last; `None` where nothing was.
    pub(super) fn take_fresh(&mut self) -> Option<Inventory> {
        let count = std::mem::take(&mut self.fresh_count);
        (count > 0).then(|| std::mem::take(&mut self.fresh))
    }
}

#[cfg(test)]
mod tests {
    use acr_inventory::{Instant, Kind, Reference, snapshot};

    use super::*;

    #[test]
    fn what_was_kept_is_found_by_digest() {
        let (known, unknown) = (format!("sha256:{}", "a".repeat(64)), format!("sha256:{}", "b".repeat(64)));
        let blob = |letter: &str| Reference {
            digest: format!("sha256:{}", letter.repeat(64)),
            size: Some(7),
            external: false,
        };
        let blobs = vec![blob("c"), blob("d")];
        let content = Content { kind: Kind::Image, size: 7, blobs, has_config: true, ..Content::default() };
        let diff_ids = [blob("e").digest];
        let mut kept = Kept::default();
        assert!(kept.take_fresh().is_none());
        kept.add_diff_ids(&known, &content, &diff_ids);
        let inventory = kept.take_fresh().unwrap();
        assert!(kept.take_fresh().is_none());
        let text = snapshot::write(&snapshot::Snapshot { inventory, taken: Instant::default() });
        kept.add_earlier(b"another format");
        kept.add_earlier(text.as_bytes());
        kept.add_earlier(&text.as_bytes()[..text.len() / 2]);
        let mut inventory = Inventory::new("other.azurecr.io");
        let (repository, config) = ("app".to_owned(), blob("c").digest);
        let read = |digest: &String| Task::Content { repository: repository.clone(), digest: digest.clone() };
        assert!(kept.answer(&read(&known), &mut inventory) && !kept.answer(&read(&unknown), &mut inventory));
        assert_eq!(inventory.known_content(&known), Some(content));
        let read_config = Task::Config { repository: repository.clone(), image: known.clone(), config };
        assert!(kept.answer(&read_config, &mut inventory));
        assert_eq!(inventory.known_diff_ids(&known), Some(diff_ids.to_vec()));
    }
}
