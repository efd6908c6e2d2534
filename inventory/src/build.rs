//! Building the index of an inventory.

use crate::csr::Csr;
use crate::id::{DigestId, ManifestId, TagId};
use crate::index::Index;
use crate::inventory::Inventory;

/// The index of everything that an inventory lists now.
pub(crate) fn index(inventory: &Inventory) -> Index {
    let listed: Vec<ManifestId> =
        inventory.repositories().flat_map(|repository| inventory.manifests(repository)).collect();
    let tags: Vec<TagId> =
        inventory.repositories().flat_map(|repository| inventory.tags(repository)).collect();
    let mut index = Index::default();
    count_uses(&mut index, inventory, &listed);
    relate_manifests(&mut index, inventory, &listed);
    relate_tags(&mut index, inventory, &tags);
    let lists_complete = inventory.repositories().all(|id| inventory.are_lists_complete(id));
    let all_read = index.unread.iter().all(|count| *count == 0);
    index.complete = inventory.is_catalog_complete() && lists_complete && all_read;
    index
}

fn count_uses(index: &mut Index, inventory: &Inventory, listed: &[ManifestId]) {
    let digests = inventory.digests.len();
    let manifests = listed.iter().filter_map(|id| Some((*id, inventory.manifest(*id)?)));
    let places = manifests.clone().map(|(id, manifest)| (manifest.digest.index(), id.index()));
    index.places = Csr::group(digests, places);
    let contents = inventory.contents().iter().enumerate();
    let used = contents.filter(|(_, content)| !index.places.get(content.digest.index()).is_empty());
    let users = used.flat_map(|(number, content)| {
        inventory.blobs(content).iter().map(move |blob| (blob.index(), number))
    });
    index.users = Csr::group(digests, users);
    index.use_counts = vec![0; digests];
    index.are_sizes_certain = inventory.digest_ids().all(|digest| inventory.stored_size(digest).1);
    let slots = inventory.repositories().map(|id| id.index() + 1).max().unwrap_or_default();
    index.unread = vec![0; slots];
    for (_, manifest) in manifests {
        let content = inventory.content_of(manifest.digest).and_then(|id| inventory.content(id));
        let blobs = content.map(|content| inventory.blobs(content)).unwrap_or_default();
        for digest in blobs.iter().chain([&manifest.digest]) {
            if let Some(count) = index.use_counts.get_mut(digest.index()) {
                *count += 1;
            }
        }
        if content.is_none()
            && let Some(count) = index.unread.get_mut(manifest.repository.index())
        {
            *count += 1;
        }
    }
}

fn relate_manifests(index: &mut Index, inventory: &Inventory, listed: &[ManifestId]) {
    let slots = inventory.manifest_slots();
    let mut children = Vec::new();
    let mut referrers = Vec::new();
    for id in listed {
        let Some(manifest) = inventory.manifest(*id) else { continue };
        let content = inventory.content_of(manifest.digest).and_then(|id| inventory.content(id));
        let Some(content) = content else { continue };
        let here = |digest: &DigestId| inventory.place(manifest.repository, *digest);
        let found = inventory.children(content).iter().filter_map(here).filter(|child| child != id);
        children.extend(found.map(|child| (id.index(), child.index())));
        if let Some(subject) = content.subject.as_ref().and_then(here).filter(|subject| subject != id) {
            referrers.push((subject.index(), id.index()));
        }
    }
    index.children = Csr::group(slots, children.iter().copied());
    index.parents = Csr::group(slots, children.iter().map(|(parent, child)| (*child, *parent)));
    index.referrers = Csr::group(slots, referrers.iter().copied());
}

fn relate_tags(index: &mut Index, inventory: &Inventory, tags: &[TagId]) {
    let slots = inventory.manifest_slots();
    let most = tags.iter().map(|id| id.index() + 1).max().unwrap_or_default();
    index.tag_manifests = vec![None; most];
    index.signature_subjects = vec![None; most];
    let mut pointing = Vec::new();
    let mut signing = Vec::new();
    for id in tags {
        let Some(tag) = inventory.tag(*id) else { continue };
        let manifest = inventory.place(tag.repository, tag.digest);
        if let (Some(manifest), Some(slot)) = (manifest, index.tag_manifests.get_mut(id.index())) {
            *slot = Some(manifest);
            pointing.push((manifest.index(), id.index()));
        }
        let named = signature_subject(&tag.name).and_then(|digest| inventory.digests.find(&digest));
        let subject = named.and_then(|digest| inventory.place(tag.repository, digest));
        // A tag on the very manifest it names signs nothing.
        let Some(subject) = subject.filter(|subject| manifest != Some(*subject)) else {
            continue;
        };
        signing.push((subject.index(), id.index()));
        if let Some(slot) = index.signature_subjects.get_mut(id.index()) {
            *slot = Some(subject);
        }
    }
    index.tags = Csr::group(slots, pointing.iter().copied());
    index.signature_tags = Csr::group(slots, signing.iter().copied());
}

/// The digest that a tag of cosign's scheme names: `sha256-<hex>.sig`, `.att` or `.sbom`, or without an ending the tag in which clients
/// keep referrers where a registry has no such API (OCI distribution specification, "Referrers Tag Schema").
pub(crate) fn signature_subject(tag: &str) -> Option<String> {
    let rest = tag.strip_prefix("sha256-")?;
    let (hex, ending) = rest.split_at_checked(64)?;
    let is_hex = hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_hex && matches!(ending, "" | ".sig" | ".att" | ".sbom")).then(|| format!("sha256:{hex}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_of_signatures_name_their_subject() {
        let hex = "0a".repeat(32);
        for ending in ["", ".sig", ".att", ".sbom"] {
            assert_eq!(signature_subject(&format!("sha256-{hex}{ending}")), Some(format!("sha256:{hex}")));
        }
        for tag in
            ["latest", "sha256-", "sha256-00.sig", &format!("sha256-{hex}.txt"), &format!("sha256-{hex}0")]
        {
            assert_eq!(signature_subject(tag), None, "{tag}");
        }
        assert_eq!(signature_subject(&format!("sha256-{}é", "a".repeat(63))), None);
    }
}
