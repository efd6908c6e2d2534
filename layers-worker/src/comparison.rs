//! The comparison of two images: as the library makes it, and as tables for the page.

use std::collections::BTreeMap;

use acr_layers::{
    Comparison, FileChange, HistoryChange, Image, ImageConfiguration, LayerComparison, LayerDescriptor,
    LineChange, TooDifferent, ValueChange, compare_configurations, compare_files, compare_history,
    compare_layers, compare_lines, compare_packages, compare_values,
};

use crate::protocol::{ChangedFile, ChangedFiles, ChangedValue, Compared, Mark, Tables};

/// How many changed files the page gets. An export has all of them.
const ROWS: usize = 2_000;
/// Unchanged lines around each changed one.
const CONTEXT: u32 = 3;

/// Compares what the manifests and configurations say, and the images where there are two.
pub(crate) fn compare(of: &Compared, images: Option<(&Image, &Image)>) -> Result<Comparison, String> {
    let [before, after] = &of.configurations;
    let (before, after) = (configuration(before)?, configuration(after)?);
    let [settings, environment, labels] = compare_configurations(&before, &after);
    let [first, second] = &of.layers;
    let [left, right] = &of.annotations;
    let map = |pairs: &[(String, String)]| -> BTreeMap<_, _> { pairs.iter().cloned().collect() };
    let [name_before, name_after] = of.names.clone();
    Ok(Comparison {
        before: name_before,
        after: name_after,
        layers: compare_layers(&descriptors(first), &descriptors(second)),
        settings,
        environment,
        labels,
        annotations: compare_values(&map(left), &map(right)),
        history: compare_history(&before, &after),
        packages: images.map(|(a, b)| compare_packages(&a.packages(), &b.packages())).unwrap_or_default(),
        files: images.map(|(before, after)| compare_files(before, after)),
    })
}

fn configuration(json: &str) -> Result<ImageConfiguration, String> {
    if json.is_empty() {
        return Ok(ImageConfiguration::default());
    }
    ImageConfiguration::parse(json.as_bytes()).map_err(|error| error.to_string())
}

fn descriptors(layers: &[(String, u64)]) -> Vec<LayerDescriptor> {
    layers.iter().map(|(digest, size)| LayerDescriptor { digest: digest.clone(), size: *size }).collect()
}

/// The comparison as tables.
pub(crate) fn tables(comparison: &Comparison) -> Tables {
    let groups = [
        ("Configuration", &comparison.settings),
        ("Environment", &comparison.environment),
        ("Labels", &comparison.labels),
    ];
    let package = |change: &acr_layers::PackageChange| ChangedValue {
        group: change.ecosystem.purl_type().to_owned(),
        name: change.name.clone(),
        before: (!change.before.is_empty()).then(|| change.before.join(", ")),
        after: (!change.after.is_empty()).then(|| change.after.join(", ")),
    };
    Tables {
        configuration: groups.iter().flat_map(|(group, changes)| values(group, changes)).collect(),
        history: comparison.history.iter().map(step).collect(),
        layers: layers(&comparison.layers),
        base: comparison.layers.base as u32,
        files: comparison.files.as_ref().map(|files| ChangedFiles {
            added: (files.added.count, files.added.after_bytes),
            removed: (files.removed.count, files.removed.before_bytes),
            changed: files.changed.count,
            unchanged: files.unchanged,
            rows: files.changes.iter().take(ROWS).map(file).collect(),
        }),
        packages: comparison.packages.iter().map(package).collect(),
        annotations: values("", &comparison.annotations).collect(),
    }
}

fn values<'a>(group: &'a str, changes: &'a [ValueChange]) -> impl Iterator<Item = ChangedValue> + 'a {
    changes.iter().map(move |change| ChangedValue {
        group: group.to_owned(),
        name: change.name.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
    })
}

fn step(change: &HistoryChange) -> (Option<Mark>, String) {
    match change {
        HistoryChange::Same(command) => (None, command.clone()),
        HistoryChange::Removed(command) => (Some(Mark::Removed), command.clone()),
        HistoryChange::Added(command) => (Some(Mark::Added), command.clone()),
    }
}

fn layers(compared: &LayerComparison) -> Vec<(String, u64, Option<Mark>)> {
    let groups = [
        (&compared.shared, None),
        (&compared.removed, Some(Mark::Removed)),
        (&compared.added, Some(Mark::Added)),
    ];
    let rows = groups
        .iter()
        .flat_map(|(layers, mark)| layers.iter().map(|layer| (layer.digest.clone(), layer.size, *mark)));
    rows.collect()
}

fn file(change: &FileChange) -> ChangedFile {
    let side = |facts: &Option<acr_layers::FileFacts>| facts.as_ref().map(|facts| facts.size);
    let mark = match (&change.before, &change.after) {
        (None, _) => Mark::Added,
        (_, None) => Mark::Removed,
        _ => Mark::Changed,
    };
    ChangedFile {
        path: format!("/{}", change.path),
        mark,
        before: side(&change.before),
        after: side(&change.after),
        differing: values("", &change.differing).collect(),
    }
}

/// The lines that differ.
pub(crate) fn lines(before: &str, after: &str) -> Result<Vec<(Option<Mark>, String)>, TooDifferent> {
    let mut all = Vec::new();
    for hunk in compare_lines(before, after, CONTEXT)? {
        if !all.is_empty() {
            all.push((None, String::new()));
        }
        all.extend(hunk.lines.into_iter().map(|line| {
            let mark = match line.change {
                LineChange::Context => None,
                LineChange::Removed => Some(Mark::Removed),
                LineChange::Added => Some(Mark::Added),
            };
            (mark, line.text)
        }));
    }
    Ok(all)
}
