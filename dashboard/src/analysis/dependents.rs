//! What lists and dialogs take from the analysis instead of asking the registry.

use acr_client_wasm::Reference;
use acr_inventory::{Graph, Inventory, ManifestId};
use leptos::prelude::*;

use super::state::Analysis;
use crate::action::dependents::{Dependents, KnownGraph};
use crate::action::plan::{Action, Target};
use crate::list::rows::ManifestRow;

impl KnownGraph for Analysis {
    fn dependents(&self, repository: &str, rows: &[ManifestRow]) -> Option<Dependents> {
        let descriptions = self.session.try_with_value(|session| session.descriptions)?;
        let title = |row: &ManifestRow| match descriptions.read(&row.digest) {
            Some(read) => read.title(),
            None => row.description.title(),
        };
        self.inventory.try_with(|inventory| dependents(inventory, repository, rows, title))?
    }

    fn record(&self, repository: &str, action: Action, target: &Target) {
        let changed = self.inventory.try_update(|inventory| record(inventory, repository, action, target));
        if changed.is_some() {
            self.show_soon();
        }
    }
}

/// Who depends on whom, where the inventory has read everything of a repository and has it as these rows have it.
fn dependents(
    inventory: &Inventory,
    repository: &str,
    rows: &[ManifestRow],
    title: impl Fn(&ManifestRow) -> String,
) -> Option<Dependents> {
    let id = inventory.find_repository(repository)?;
    // A graph is built after each change: only where it can answer.
    if !inventory.are_lists_complete(id) || inventory.manifests(id).count() != rows.len() {
        return None;
    }
    let graph = inventory.graph();
    if !graph.is_repository_read(id) {
        return None;
    }
    let ids: Vec<ManifestId> =
        rows.iter().map(|row| as_listed(graph, repository, row)).collect::<Option<_>>()?;
    let digest = |id: ManifestId| {
        inventory.manifest_digest(id).map(|digest| inventory.digest_text(digest)).unwrap_or_default()
    };
    let mut found = Dependents::default();
    for (row, id) in rows.iter().zip(ids) {
        if row.description.is_index {
            found.children.insert(row.digest.to_string(), graph.children(id).map(digest).collect());
        }
        if let Some(subject) = graph.subject(id) {
            let referrers = found.referrers.entry(digest(subject)).or_default();
            referrers.push((row.digest.to_string(), title(row)));
        }
    }
    Some(found)
}

/// The manifest of a row; `None` where the inventory has none, or has other tags on it.
fn as_listed(graph: Graph<'_>, repository: &str, row: &ManifestRow) -> Option<ManifestId> {
    let inventory = graph.inventory();
    let id = inventory.find_manifest(repository, &row.digest)?;
    let mut listed: Vec<&str> = row.tags.iter().map(String::as_str).collect();
    let mut known: Vec<&str> = graph.tags_on(id).map(|tag| inventory.tag_name(tag)).collect();
    listed.sort_unstable();
    known.sort_unstable();
    (listed == known).then_some(id)
}

/// Changes the inventory as a run has just changed the registry.
fn record(inventory: &mut Inventory, repository: &str, action: Action, target: &Target) {
    match (action, &target.reference) {
        (Action::Untag, Reference::Tag(tag)) => inventory.remove_tag(repository, tag.as_str()),
        (Action::Delete, reference) => {
            let digest = target.digest.as_ref().map(|digest| digest.as_str());
            inventory.remove_manifest(repository, digest.unwrap_or(reference.as_str()));
        }
        (Action::Untag, Reference::Digest(_)) => {}
        (Action::Lock | Action::Unlock, Reference::Tag(tag)) => {
            inventory.enable_tag_changes(repository, tag.as_str(), action == Action::Unlock);
        }
        (Action::Lock | Action::Unlock, Reference::Digest(digest)) => {
            inventory.enable_manifest_changes(repository, digest.as_str(), action == Action::Unlock);
        }
    }
}

#[cfg(test)]
mod tests {
    use acr_inventory::{Content, Kind, Page, Reference as Blob};

    use super::*;
    use crate::list::rows::tests::{digest, listed as row};

    /// An index `a` tagged `1` of `b`, and a signature `c` of `b`.
    fn rows() -> Vec<ManifestRow> {
        vec![row('a', "index", &["1"]), row('b', "image", &[]), row('c', "application/x.signature", &[])]
    }

    fn inventory() -> Inventory {
        let mut inventory = Inventory::new("contoso.azurecr.io");
        let manifest = |letter, kind| acr_inventory::ManifestRow {
            digest: digest(letter),
            kind,
            ..acr_inventory::ManifestRow::default()
        };
        let manifests =
            vec![manifest('a', Kind::Index), manifest('b', Kind::Image), manifest('c', Kind::Image)];
        inventory.read_manifests("app", &Page { rows: manifests, ..Page::default() });
        let tag = acr_inventory::TagRow { name: "1".into(), digest: digest('a'), ..Default::default() };
        inventory.read_tags("app", &Page { rows: vec![tag], ..Page::default() });
        let child = Blob { digest: digest('b'), size: Some(1), external: false };
        let index = Content { kind: Kind::Index, children: vec![child], ..Content::default() };
        inventory.read_content(&digest('a'), &index);
        inventory.read_content(&digest('b'), &Content { kind: Kind::Image, ..Content::default() });
        let signature = Content { kind: Kind::Image, subject: Some(digest('b')), ..Content::default() };
        inventory.read_content(&digest('c'), &signature);
        inventory
    }

    fn found(inventory: &Inventory, rows: &[ManifestRow]) -> Option<Dependents> {
        dependents(inventory, "app", rows, |_| "Signature".to_owned())
    }

    #[test]
    fn a_repository_that_was_read_is_known_as_long_as_its_list_is_the_same() {
        let known = found(&inventory(), &rows()).unwrap();
        assert_eq!(known.children, [(digest('a'), vec![digest('b')])].into());
        let referrer = (digest('c'), "Signature".to_owned());
        assert_eq!(known.referrers, [(digest('b'), vec![referrer])].into());
        let mut retagged = rows();
        retagged[1].tags = ["2".to_owned()].into();
        assert_eq!(found(&inventory(), &retagged), None, "a tag that came since");
        assert_eq!(found(&inventory(), &rows()[..2]), None, "a manifest that is gone");
        let mut replaced = rows();
        replaced[2] = row('d', "image", &[]);
        assert_eq!(found(&inventory(), &replaced), None, "a manifest that came since");
        let mut begun = inventory();
        begun.forget_lists();
        assert_eq!(found(&begun, &rows()), None, "lists that are being read again");
    }

    #[test]
    fn a_repository_with_a_manifest_that_was_not_read_is_not_known() {
        let mut inventory = inventory();
        let unread = acr_inventory::ManifestRow { digest: digest('d'), ..Default::default() };
        inventory.read_manifest("app", &unread);
        let mut rows = rows();
        rows.push(row('d', "image", &[]));
        assert_eq!(found(&inventory, &rows), None);
    }

    #[test]
    fn changes_of_this_session_keep_the_repository_known() {
        let mut inventory = inventory();
        let target = |reference: Reference| Target { reference, digest: None, switches: Vec::new() };
        let signature = target(Reference::Digest(digest('c').parse().unwrap()));
        record(&mut inventory, "app", Action::Delete, &signature);
        let tag = target(Reference::Tag("1".parse().unwrap()));
        record(&mut inventory, "app", Action::Lock, &tag);
        let id = inventory.find_tag("app", "1").unwrap();
        assert!(!inventory.tag_locks(id).allow_delete());
        record(&mut inventory, "app", Action::Unlock, &tag);
        assert!(inventory.tag_locks(id).allow_delete());
        record(&mut inventory, "app", Action::Untag, &tag);
        let known = found(&inventory, &[row('a', "index", &[]), row('b', "image", &[])]).unwrap();
        assert!(known.referrers.is_empty());
    }
}
