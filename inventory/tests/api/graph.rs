//! Figures, deletions and sharing.

use acr_inventory::{Bound, Broken, Instant};

use crate::sample::{MANIFEST, Sample, day, digest, manifest, tag};

/// Two images on a base, one of them in two repositories, and an image of its own.
fn registry() -> Sample {
    let mut sample = Sample::default();
    sample.image("team/app", "one", 1, &[("base", 1000), ("a", 10)]);
    sample.image("team/app", "two", 2, &[("base", 1000), ("b", 20)]);
    sample.tag("team/app", "1", "one", 1);
    sample.tag("team/app", "2", "two", 2);
    sample.image("mirror", "two", 3, &[("base", 1000), ("b", 20)]);
    sample.tag("mirror", "2", "two", 3);
    sample.image("single", "three", 4, &[("c", 300)]);
    sample
}

#[test]
fn figures_distinguish_logical_unique_and_shared_bytes() {
    let inventory = registry().read();
    let graph = inventory.graph();
    let of = |name| graph.repository_figures(inventory.find_repository(name).unwrap());
    let app = of("team/app");
    assert_eq!(app.logical.bytes, 2000 + 30 + 2 * MANIFEST);
    assert_eq!(app.unique.bytes, 10 + MANIFEST);
    assert_eq!(app.shared.bytes, 1020 + MANIFEST);
    assert_eq!((of("mirror").unique.bytes, of("mirror").untagged.bytes), (0, 0));
    assert_eq!((of("single").untagged.bytes, of("single").untagged.bound), (300 + MANIFEST, Bound::Exact));
    let all = graph.registry_figures();
    assert_eq!(all.unique.bytes, 1000 + 10 + 20 + 300 + 3 * MANIFEST);
    assert_eq!((all.shared.bytes, all.manifests), (0, 4));
    assert_eq!(all.unique.bound, Bound::Exact);
    let names: Vec<String> = graph.namespaces().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["mirror", "single", "team"]);
}

#[test]
fn a_tag_reclaims_what_no_other_tag_needs() {
    let mut sample = registry();
    sample.tag("team/app", "alias", "two", 5);
    let inventory = sample.read();
    let graph = inventory.graph();
    assert_eq!(graph.tag_figures(tag(&inventory, "team/app", "1")).reclaimable.bytes, 10 + MANIFEST);
    assert_eq!(graph.tag_figures(tag(&inventory, "team/app", "2")).reclaimable.bytes, 0);
    assert_eq!(
        graph.manifest_figures(manifest(&inventory, "single", "three")).reclaimable.bytes,
        300 + MANIFEST
    );
}

#[test]
fn an_index_counts_its_children_and_reclaims_its_signatures() {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 1, &[("base", 100), ("a", 10)]);
    sample.image("app", "arm64", 1, &[("base", 100), ("b", 20)]);
    sample.index("app", "index", 1, &["amd64", "arm64", "missing"]);
    sample.tag("app", "1", "index", 1);
    sample.referrer("app", "sbom", 1, "index", 7);
    let inventory = sample.read();
    let graph = inventory.graph();
    let figures = graph.tag_figures(tag(&inventory, "app", "1"));
    assert_eq!(figures.logical.bytes, 230 + 3 * MANIFEST);
    assert_eq!(figures.unique.bytes, 130 + 3 * MANIFEST);
    assert_eq!(figures.reclaimable.bytes, 137 + 4 * MANIFEST);
    let index = manifest(&inventory, "app", "index");
    let missing: Vec<String> =
        graph.missing_children(index).into_iter().map(|id| inventory.digest_text(id)).collect();
    assert_eq!(missing, [digest("missing")]);
}

#[test]
fn figures_are_bounds_until_everything_is_read() {
    let sample = registry();
    let lists = sample.lists();
    let figures = lists.graph().repository_figures(lists.find_repository("team/app").unwrap());
    assert_eq!((figures.logical.bytes, figures.logical.bound), (2030 + 2 * MANIFEST, Bound::AtLeast));
    let mut partly = sample.lists();
    for name in ["one", "two"] {
        partly.read_content(&digest(name), &sample.contents[&digest(name)]);
    }
    let figures = partly.graph().repository_figures(partly.find_repository("team/app").unwrap());
    assert_eq!((figures.logical.bound, figures.unique.bound), (Bound::Exact, Bound::AtMost));
    assert_eq!(figures.shared.bound, Bound::AtLeast);
    assert!(!partly.graph().is_complete() && sample.read().graph().is_complete());
}

#[test]
fn a_deletion_says_what_it_breaks() {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 1, &[("base", 100)]);
    sample.index("app", "index", 1, &["amd64"]);
    sample.tag("app", "1", "index", 1);
    sample.referrer("app", "sbom", 1, "index", 7);
    sample.image("app", "signature", 1, &[("s", 3)]);
    sample.cosign_tag("app", "index", "signature", 1);
    sample.lock_manifest("app", "amd64");
    let inventory = sample.read();
    let graph = inventory.graph();
    let [index, child] = ["index", "amd64"].map(|name| manifest(&inventory, "app", name));
    let of_child = graph.deletion(&[child]);
    assert_eq!(of_child.broken, [Broken { index, child }]);
    assert_eq!(of_child.locked, [child]);
    assert_eq!(of_child.frees.bytes, 100 + MANIFEST);
    let of_index = graph.deletion(&[index, index]);
    assert_eq!(of_index.tags, [tag(&inventory, "app", "1")]);
    assert_eq!(of_index.orphaned, [child]);
    assert_eq!(of_index.dangling, [manifest(&inventory, "app", "sbom")]);
    assert_eq!(of_index.dangling_tags.len(), 1);
    assert_eq!((of_index.frees.bytes, of_index.manifest_bytes), (MANIFEST, MANIFEST));
    assert_eq!(graph.with_dependents(&[index]).len(), 4);
}

#[test]
fn layers_lead_to_images_and_bases() {
    let inventory = registry().read();
    let graph = inventory.graph();
    let base = inventory.find_digest(&digest("base")).unwrap();
    assert_eq!(graph.images_with(base).len(), 3);
    let largest = graph.largest_layers(2);
    assert_eq!((largest[0].digest, largest[0].size, largest[0].uses), (base, 1000, 3));
    assert_eq!((largest.len(), largest[1].size), (2, 300));
    let bases = graph.bases();
    assert_eq!((bases.len(), bases[0].size, bases[0].images.len()), (1, 1000, 3));
    let one = manifest(&inventory, "team/app", "one");
    let related = graph.images_with_base_of(one);
    assert!(related.len() == 2 && related.iter().all(|(_, layers)| *layers == 1));
}

#[test]
fn growth_counts_content_when_it_first_came() {
    let inventory = registry().read();
    let all: Vec<_> = inventory.repositories().collect();
    let points = inventory.graph().growth(&all, 86_400 * Instant::TICKS_PER_SECOND);
    let added: Vec<u64> = points.iter().map(|point| point.added).collect();
    assert_eq!(added, [1010 + MANIFEST, 20 + MANIFEST, 0, 300 + MANIFEST]);
    assert_eq!((points[0].start, points[3].total), (day(1), 1330 + 3 * MANIFEST));
}

#[test]
fn equal_layers_of_different_compression_are_found_by_their_content() {
    let mut sample = Sample::default();
    sample.image("app", "gzip", 1, &[("layer-gzip", 100)]);
    sample.image("app", "zstd", 1, &[("layer-zstd", 80)]);
    let mut inventory = sample.read();
    for name in ["gzip", "zstd"] {
        inventory.read_diff_ids(&digest(name), &[digest("content")]);
    }
    let repeated = inventory.graph().repeated();
    assert_eq!((repeated.len(), repeated[0].excess, repeated[0].layers.len()), (1, 100, 2));
}

#[test]
fn layers_whose_size_nothing_states_make_figures_lower_bounds() {
    let mut sample = Sample::default();
    sample.image("new", "one", 1, &[("a", 10)]);
    sample.image("old", "two", 1, &[("b", 20)]);
    // Docker's schema 1: digests of layers, and no sizes.
    sample.contents.get_mut(&digest("two")).unwrap().blobs[0].size = None;
    let inventory = sample.read();
    let graph = inventory.graph();
    let of = |name| inventory.find_repository(name).unwrap();
    assert!(graph.is_complete() && !graph.has_unstated_sizes(&[of("new")]));
    assert!(graph.has_unstated_sizes(&[of("new"), of("old")]));
    assert_eq!(graph.repository_figures(of("new")).unique.bound, Bound::Exact);
    for figures in [graph.repository_figures(of("old")), graph.registry_figures()] {
        assert_eq!((figures.logical.bound, figures.unique.bound), (Bound::AtLeast, Bound::AtLeast));
    }
}

#[test]
fn the_content_of_a_manifest_can_be_read_into_another_inventory() {
    let mut sample = Sample::default();
    sample.image("app", "one", 1, &[("a", 10)]);
    sample.image("app", "old", 1, &[("b", 20)]);
    sample.index("app", "index", 1, &["one"]);
    sample.referrer("app", "signature", 1, "one", 5);
    let old = sample.contents.get_mut(&digest("old")).unwrap();
    old.blobs[0].size = None;
    old.base = Some(("base:1".to_owned(), digest("base")));
    let inventory = sample.read();
    for (digest, content) in &sample.contents {
        assert_eq!(inventory.known_content(digest).as_ref(), Some(content));
    }
    assert_eq!(inventory.known_content(&digest("a")), None, "a layer is no manifest");
    assert_eq!(inventory.known_content("sha256:short"), None);
}
