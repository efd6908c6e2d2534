//! What Storage shows in addition to its table: the figures of the scope, the areas of the treemap, the largest layers, bases, and growth. Pure.

use std::collections::BTreeMap;

use acr_inventory::{DigestId, Figures, Graph, Instant, ManifestId, RepositoryId};

use super::rows::Row;
use crate::format::time;
use crate::page::inventory::scope::Scope;
use crate::text::storage as text;

/// How many areas the treemap has before the smallest are one.
const AREAS: usize = 96;
/// How many layers are shown.
const LAYERS: usize = 20;
/// How many of the registry's layers are looked through for those of a part of it.
const LOOKED_THROUGH: usize = 2000;
/// How many months the chart goes back.
const MONTHS: usize = 24;

/// A layer and how much it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    pub(super) digest: String,
    pub(super) id: DigestId,
    /// Bytes stored.
    pub(super) size: u64,
    /// How many manifests contain it, in every repository.
    pub(super) uses: usize,
}

/// A base image as images state it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) name: String,
    /// The digest of each version and how many images are built on it, the most first.
    pub(super) versions: Vec<(String, usize)>,
    pub(super) images: usize,
}

/// Content that is stored as several layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repeated {
    /// The digest of the uncompressed content.
    pub(super) content: String,
    /// The layers with their bytes, the largest first.
    pub(super) layers: Vec<(String, u64)>,
    /// Bytes of all but the smallest.
    pub(super) excess: u64,
}

/// What came in a month and is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Month {
    /// As `2026-03`.
    pub(super) name: String,
    /// Bytes that first came in it.
    pub(super) added: u64,
    /// Bytes of everything up to its end.
    pub(super) total: u64,
    pub(super) manifests: usize,
}

/// Everything but the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Summary {
    pub(super) figures: Figures,
    /// Whether everything of the registry was read.
    pub(super) is_final: bool,
    /// Whether there are layers whose size nothing states.
    pub(super) has_unstated_sizes: bool,
    /// Name and bytes, the largest first; they add up to what is stored.
    pub(super) areas: Vec<(String, u64)>,
    pub(super) layers: Vec<Layer>,
    pub(super) bases: Vec<Base>,
    /// The most excess first.
    pub(super) repeated: Vec<Repeated>,
    /// The oldest first, those in which nothing came included.
    pub(super) months: Vec<Month>,
}

impl Summary {
    /// The summary of a scope with these rows.
    pub(super) fn of(graph: Graph<'_>, scope: &Scope, rows: &[Row]) -> Self {
        let inventory = graph.inventory();
        let repositories = scope.repositories(inventory);
        let figures = match scope {
            Scope::Registry => graph.registry_figures(),
            _ => graph.group_figures(&[&repositories]).into_iter().next().unwrap_or_default(),
        };
        Self {
            figures,
            is_final: graph.is_complete(),
            has_unstated_sizes: graph.has_unstated_sizes(&repositories),
            areas: areas(&figures, rows),
            layers: layers(graph, &repositories),
            bases: bases(graph, &repositories),
            repeated: repeated(graph, &repositories),
            months: months(graph, &repositories),
        }
    }
}

/// What only one row has, as one area a row, and what several have.
fn areas(figures: &Figures, rows: &[Row]) -> Vec<(String, u64)> {
    let stored = figures.unique.bytes.saturating_add(figures.shared.bytes);
    let own = |row: &Row| (row.name().to_owned(), row.figures.unique.bytes);
    let mut areas: Vec<(String, u64)> = rows.iter().map(own).filter(|(_, size)| *size > 0).collect();
    areas.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let sum = |areas: &[(String, u64)]| areas.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
    let shared = stored.saturating_sub(sum(&areas));
    let smallest = areas.split_off(AREAS.min(areas.len()));
    if !smallest.is_empty() {
        areas.push((text::smaller(smallest.len()), sum(&smallest)));
    }
    if shared > 0 {
        areas.push((text::SHARED_CONTENT.to_owned(), shared));
    }
    areas.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    areas
}

/// Whether one of the repositories has an image with a layer.
fn is_used_in(graph: Graph<'_>, repositories: &[RepositoryId], layer: DigestId) -> bool {
    let repository = |id: ManifestId| graph.inventory().manifest_repository(id);
    graph.images_with(layer).into_iter().filter_map(repository).any(|id| repositories.contains(&id))
}

fn repeated(graph: Graph<'_>, repositories: &[RepositoryId]) -> Vec<Repeated> {
    let inventory = graph.inventory();
    let all = repositories.len() == inventory.repositories().count();
    let is_here = |found: &acr_inventory::Repeated| {
        all || found.layers.iter().any(|layer| is_used_in(graph, repositories, *layer))
    };
    let one = |found: acr_inventory::Repeated| {
        let size = |layer: DigestId| inventory.stated_size(layer).unwrap_or_default();
        let text = |layer: DigestId| (inventory.digest_text(layer), size(layer));
        let mut layers: Vec<(String, u64)> = found.layers.into_iter().map(text).collect();
        layers.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Repeated { content: inventory.digest_text(found.diff_id), layers, excess: found.excess }
    };
    graph.repeated().into_iter().filter(is_here).map(one).collect()
}

fn layers(graph: Graph<'_>, repositories: &[RepositoryId]) -> Vec<Layer> {
    let inventory = graph.inventory();
    let here = |digest: DigestId| is_used_in(graph, repositories, digest);
    let all = repositories.len() == inventory.repositories().count();
    let limit = if all { LAYERS } else { LOOKED_THROUGH };
    let largest = graph.largest_layers(limit).into_iter().filter(|layer| all || here(layer.digest));
    let layer = |layer: acr_inventory::LayerUse| Layer {
        digest: inventory.digest_text(layer.digest),
        id: layer.digest,
        size: layer.size,
        uses: usize::try_from(layer.uses).unwrap_or(usize::MAX),
    };
    largest.take(LAYERS).map(layer).collect()
}

fn bases(graph: Graph<'_>, repositories: &[RepositoryId]) -> Vec<Base> {
    let inventory = graph.inventory();
    let here =
        |id: &ManifestId| inventory.manifest_repository(*id).is_some_and(|id| repositories.contains(&id));
    let mut bases: Vec<Base> = Vec::new();
    for base in graph.stated_bases() {
        let counted = |(version, images): &(DigestId, Vec<ManifestId>)| {
            (inventory.digest_text(*version), images.iter().filter(|id| here(id)).count())
        };
        let used = base.versions.iter().map(counted).filter(|(_, count)| *count > 0);
        let mut versions: Vec<(String, usize)> = used.collect();
        versions.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        if !versions.is_empty() {
            let images = versions.iter().map(|(_, count)| count).sum();
            bases.push(Base { name: base.name, versions, images });
        }
    }
    bases.sort_by(|one, other| other.images.cmp(&one.images).then_with(|| one.name.cmp(&other.name)));
    bases
}

fn months(graph: Graph<'_>, repositories: &[RepositoryId]) -> Vec<Month> {
    const DAY: i64 = 24 * 3600 * Instant::TICKS_PER_SECOND;
    let mut by_name: BTreeMap<String, Month> = BTreeMap::new();
    for point in graph.growth(repositories, DAY) {
        let name: String = time::date(point.start.unix_millis()).chars().take(7).collect();
        let month = by_name.entry(name.clone()).or_insert(Month { name, added: 0, total: 0, manifests: 0 });
        month.added = month.added.saturating_add(point.added);
        month.total = point.total;
        month.manifests += point.manifests;
    }
    fill(by_name)
}

/// The newest months, with those in which nothing came.
fn fill(by_name: BTreeMap<String, Month>) -> Vec<Month> {
    let (Some(first), Some(last)) = (by_name.keys().next().cloned(), by_name.keys().next_back().cloned())
    else {
        return Vec::new();
    };
    let mut months = Vec::new();
    let mut name = last;
    while months.len() < MONTHS && name >= first {
        let total = by_name.range(..=name.clone()).next_back().map_or(0, |(_, month)| month.total);
        let empty = Month { name: name.clone(), added: 0, total, manifests: 0 };
        months.push(by_name.get(&name).cloned().unwrap_or(empty));
        name = before(&name);
    }
    months.reverse();
    months
}

/// The month before, both as `2026-03`.
fn before(month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap_or(("0", "1"));
    let (year, number): (i64, i64) = (year.parse().unwrap_or(0), number.parse().unwrap_or(1));
    if number > 1 { format!("{year:04}-{:02}", number - 1) } else { format!("{:04}-12", year - 1) }
}

#[cfg(test)]
pub(super) mod tests {
    use acr_inventory::{Content, Inventory, Kind, ManifestRow, Page, Reference, TagRow};

    use super::super::rows::rows;
    use super::*;

    fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    /// `base`, `team/api` and `team/web`: an image each, all of them on the layer of the first; and one without a tag in `team/web`.
    pub(in super::super) fn sample() -> Inventory {
        let mut inventory = Inventory::new("contoso.azurecr.io");
        let names = ["base", "team/api", "team/web"];
        let page = |rows| Page { rows, ..Page::default() };
        inventory.read_catalog(&page(names.map(str::to_owned).to_vec()));
        for (name, image) in names.iter().zip(['a', 'b', 'c']) {
            let row = |letter, created| ManifestRow {
                digest: digest(letter),
                kind: Kind::Image,
                created: Instant::parse(created),
                ..ManifestRow::default()
            };
            let mut manifests = vec![row(image, "2026-01-10T00:00:00Z")];
            if *name == "team/web" {
                manifests.push(row('d', "2026-03-01T00:00:00Z"));
            }
            inventory.read_manifests(name, &Page { rows: manifests, ..Page::default() });
            let tag = TagRow { name: "1".into(), digest: digest(image), ..TagRow::default() };
            inventory.read_tags(name, &Page { rows: vec![tag], ..Page::default() });
        }
        let layer = |letter, size| Reference { digest: digest(letter), size: Some(size), external: false };
        let image = |layers| Content { kind: Kind::Image, size: 100, blobs: layers, ..Content::default() };
        inventory.read_content(&digest('a'), &image(vec![layer('e', 1000)]));
        inventory.read_content(&digest('b'), &image(vec![layer('f', 300)]));
        inventory.read_content(&digest('c'), &image(vec![layer('e', 1000)]));
        inventory.read_content(&digest('d'), &image(vec![layer('0', 50)]));
        inventory
    }

    fn summary(graph: Graph<'_>, scope: &Scope) -> Summary {
        Summary::of(graph, scope, &rows(graph, scope))
    }

    #[test]
    fn the_areas_add_up_to_what_is_stored() {
        let inventory = sample();
        let team = Scope::Namespace("team".into());
        let web = Scope::Repository("team/web".parse().unwrap());
        for (scope, stored) in [(Scope::Registry, 1750), (team, 1650), (web, 1250)] {
            let summary = summary(inventory.graph(), &scope);
            assert_eq!(summary.areas.iter().map(|(_, size)| size).sum::<u64>(), stored, "{scope:?}");
            assert!(summary.areas.is_sorted_by(|one, other| one.1 >= other.1));
            assert!(summary.areas.contains(&(text::SHARED_CONTENT.to_owned(), 1000)), "{scope:?}");
        }
    }

    #[test]
    fn the_layers_are_those_of_the_scope_with_every_use() {
        let inventory = sample();
        let summary = summary(inventory.graph(), &Scope::Repository("team/web".parse().unwrap()));
        let layers: Vec<(u64, usize)> = summary.layers.iter().map(|layer| (layer.size, layer.uses)).collect();
        assert_eq!(layers, [(1000, 2), (50, 1)]);
    }

    #[test]
    fn layers_of_the_same_content_are_found_where_they_are_used() {
        let mut inventory = sample();
        inventory.read_diff_ids(&digest('a'), &[digest('9')]);
        inventory.read_diff_ids(&digest('b'), &[digest('9')]);
        let graph = inventory.graph();
        let found = summary(graph, &Scope::Registry).repeated;
        let layers = vec![(digest('e'), 1000), (digest('f'), 300)];
        assert_eq!(found, [Repeated { content: digest('9'), layers, excess: 1000 }]);
        // The larger of them is in `team/web` too.
        assert_eq!(summary(graph, &Scope::Repository("team/web".parse().unwrap())).repeated.len(), 1);
        assert!(summary(graph, &Scope::Namespace("other".into())).repeated.is_empty());
    }

    #[test]
    fn the_versions_of_a_base_are_distinguished() {
        let mut inventory = Inventory::new("contoso.azurecr.io");
        let row = |letter| ManifestRow { digest: digest(letter), ..ManifestRow::default() };
        let rows = ['a', 'b', 'c'].map(row).to_vec();
        inventory.read_manifests("app", &Page { rows, ..Page::default() });
        for (image, version) in [('a', '1'), ('b', '2'), ('c', '2')] {
            let base = Some(("debian:12".to_owned(), digest(version)));
            let content = Content { kind: Kind::Image, base, ..Content::default() };
            inventory.read_content(&digest(image), &content);
        }
        let bases = summary(inventory.graph(), &Scope::Registry).bases;
        let versions = vec![(digest('2'), 2), (digest('1'), 1)];
        assert_eq!(bases, [Base { name: "debian:12".to_owned(), versions, images: 3 }]);
    }

    #[test]
    fn months_without_a_push_are_shown_too() {
        let summary = summary(sample().graph(), &Scope::Registry);
        let months: Vec<(&str, u64, u64)> =
            summary.months.iter().map(|month| (month.name.as_str(), month.added, month.total)).collect();
        assert_eq!(months, [("2026-01", 1600, 1600), ("2026-02", 0, 1600), ("2026-03", 150, 1750)]);
        assert_eq!(before("2026-01"), "2025-12");
    }
}
