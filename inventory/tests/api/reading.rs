//! Pages and manifests in any order, again, and hostile.

use acr_client_wasm::{Manifest, MediaType};
use acr_inventory::{Bound, Content, Inventory, Kind, ManifestRow, Page, Reference, TagRow};

use crate::sample::{Sample, digest, manifest, reference};

fn tags(names: &[&str]) -> Vec<TagRow> {
    names
        .iter()
        .map(|name| TagRow { name: (*name).to_owned(), digest: digest("m"), ..TagRow::default() })
        .collect()
}

fn page<T>(after: &str, next: Option<&str>, rows: Vec<T>) -> Page<T> {
    Page { after: after.to_owned(), next: next.map(str::to_owned), rows }
}

fn names(inventory: &Inventory) -> Vec<String> {
    let app = inventory.find_repository("app").unwrap();
    inventory.tags(app).map(|tag| inventory.tag_name(tag).to_owned()).collect()
}

#[test]
fn a_page_that_is_read_again_replaces_what_it_held() {
    let mut inventory = Inventory::new("contoso.azurecr.io");
    inventory.read_tags("app", &page("b", None, tags(&["c", "d"])));
    inventory.read_tags("app", &page("", Some("b"), tags(&["a", "b"])));
    assert_eq!(names(&inventory), ["a", "b", "c", "d"]);
    inventory.read_tags("app", &page("", Some("b"), tags(&["b"])));
    assert_eq!(names(&inventory), ["b", "c", "d"]);
}

#[test]
fn a_list_that_changes_while_it_is_read_is_complete_only_without_gaps() {
    let mut inventory = Inventory::new("contoso.azurecr.io");
    inventory.read_catalog(&page("", None, vec!["app".to_owned()]));
    inventory.read_manifests("app", &page("", None, Vec::<ManifestRow>::new()));
    inventory.read_tags("app", &page("", Some("b"), tags(&["a", "b"])));
    inventory.read_tags("app", &page("b", None, tags(&["c"])));
    let app = inventory.find_repository("app").unwrap();
    assert!(inventory.are_lists_complete(app));
    // `b` was deleted: the first page now ends elsewhere, and the second is of another list.
    inventory.read_tags("app", &page("", Some("c"), tags(&["a", "c"])));
    assert!(!inventory.are_lists_complete(app));
    inventory.read_tags("app", &page("c", None, tags(&["d"])));
    assert!(inventory.are_lists_complete(app));
    assert_eq!(names(&inventory), ["a", "c", "d"]);
}

#[test]
fn manifests_may_come_before_the_lists_that_name_them() {
    let mut sample = Sample::default();
    sample.image("app", "one", 1, &[("l", 10)]);
    let mut inventory = Inventory::new("contoso.azurecr.io");
    inventory.read_content(&digest("one"), &sample.contents[&digest("one")]);
    assert_eq!(inventory.graph().registry_figures().unique.bytes, 0);
    inventory.read_manifests("app", &page("", None, sample.manifests["app"].clone()));
    assert_eq!(inventory.graph().registry_figures().unique.bytes, 110);
    inventory.remove_manifest("app", &digest("one"));
    assert_eq!(inventory.graph().registry_figures().unique.bytes, 0);
}

#[test]
fn nothing_is_left_of_a_repository_that_is_gone() {
    let mut sample = Sample::default();
    sample.image("app", "one", 1, &[("l", 10)]);
    sample.tag("app", "1", "one", 1);
    let mut inventory = sample.read();
    inventory.remove_repository("app");
    assert_eq!(inventory.graph().registry_figures().logical.bytes, 0);
    assert_eq!((inventory.find_tag("app", "1"), inventory.find_repository("app")), (None, None));
}

#[test]
fn sizes_that_contradict_each_other_give_lower_bounds() {
    let mut sample = Sample::default();
    sample.image("app", "honest", 1, &[("layer", 1000)]);
    sample.image("app", "liar", 1, &[("layer", u64::MAX - 1)]);
    sample.image("app", "other-liar", 1, &[("huge", u64::MAX - 1), ("huger", u64::MAX - 1)]);
    let inventory = sample.read();
    let app = inventory.find_repository("app").unwrap();
    let figures = inventory.graph().repository_figures(app);
    assert_eq!((figures.logical.bytes, figures.logical.bound), (u64::MAX, Bound::AtLeast));
    let layer = inventory.find_digest(&digest("layer")).unwrap();
    assert!(inventory.is_disputed(layer));
    assert_eq!(inventory.stated_size(layer), Some(1000));
}

#[test]
fn content_stored_elsewhere_costs_nothing() {
    let mut sample = Sample::default();
    sample.image("app", "windows", 1, &[("own", 10)]);
    let content = sample.contents.get_mut(&digest("windows")).unwrap();
    content.blobs.push(Reference { external: true, ..reference("foreign", 5000) });
    let inventory = sample.read();
    let app = inventory.find_repository("app").unwrap();
    assert_eq!(inventory.graph().repository_figures(app).unique.bytes, 110);
}

#[test]
fn rows_that_make_no_sense_are_left_out() {
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let row = ManifestRow { digest: "sha256:zz".to_owned(), ..ManifestRow::default() };
    inventory.read_manifests("app", &page("", None, vec![row]));
    let app = inventory.find_repository("app").unwrap();
    assert_eq!(inventory.manifests(app).count(), 0);
    inventory.read_content("latest", &Content::default());
    inventory.mark_unreadable("");
    inventory.read_catalog(&page("", None, vec![String::new()]));
    assert_eq!(inventory.repositories().count(), 1);
}

#[test]
fn manifests_of_every_schema_are_reduced_to_what_they_refer_to() {
    let read = |json: String, media_type: &str| {
        let manifest = Manifest::from_slice(json.as_bytes(), &MediaType::new(media_type)).unwrap();
        Content::of_manifest(&manifest, 1)
    };
    let (a, b) = (digest("a"), digest("b"));
    let image = read(
        format!(
            r#"{{"schemaVersion":2,"config":{{"digest":"{a}","size":3}},"layers":[{{"digest":"{b}","size":4,"urls":["https://x"]}}],
            "subject":{{"digest":"{a}"}},"annotations":{{"org.opencontainers.image.base.name":"alpine","org.opencontainers.image.base.digest":"{b}"}}}}"#
        ),
        MediaType::OCI_MANIFEST,
    );
    assert_eq!((image.kind, image.blobs.len(), image.has_config), (Kind::Image, 2, true));
    assert!(image.blobs[1].external && image.subject == Some(a.clone()));
    assert_eq!(image.base, Some(("alpine".to_owned(), b.clone())));
    let cache = read(
        format!(
            r#"{{"schemaVersion":2,"manifests":[{{"digest":"{a}","size":1,"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip"}},
            {{"digest":"{b}","size":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}}]}}"#
        ),
        MediaType::OCI_INDEX,
    );
    assert_eq!((cache.kind, cache.blobs.len(), cache.children.len()), (Kind::Index, 1, 1));
    let v1 = read(
        format!(r#"{{"schemaVersion":1,"fsLayers":[{{"blobSum":"{a}"}},{{"blobSum":"{b}"}}]}}"#),
        MediaType::DOCKER_V1_SIGNED,
    );
    assert_eq!((v1.blobs[0].digest.clone(), v1.blobs[0].size), (b, None));
    assert_eq!(read("{}".to_owned(), "x/y").kind, Kind::Unknown);
}

#[test]
fn the_same_digest_in_many_repositories_is_stored_once() {
    let mut sample = Sample::default();
    for number in 0..50 {
        sample.image(&format!("r{number}"), "one", 1, &[("l", 10)]);
    }
    let inventory = sample.read();
    let graph = inventory.graph();
    assert_eq!(graph.registry_figures().unique.bytes, 110);
    assert_eq!(graph.registry_figures().logical.bytes, 50 * 110);
    let one = manifest(&inventory, "r7", "one");
    assert_eq!(graph.deletion(&[one]).frees.bytes, 0);
}
