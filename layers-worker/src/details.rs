//! What is shown of one file, of the space that is wasted, and of packages.

use acr_layers::{Image, NodeId, Outcome, display_path};

use crate::arrangement::Arranged;
use crate::protocol::{Fate, FileDetails, PackageRow, Waste};

/// How many wasted files are listed.
const LARGEST: usize = 100;

/// Everything known of a file. `digests` are those of the image's layers.
pub(crate) fn file(arranged: &Arranged, node: NodeId, digests: &[String]) -> FileDetails {
    let image = arranged.image();
    let range = image.file(node).and_then(|file| file.content).and_then(|(layer, entry)| {
        let location = image.layers().get(usize::from(layer))?.locate(entry)?;
        Some((digests.get(usize::from(layer))?.clone(), location.start, location.end))
    });
    let history = image.history(node);
    let history = history.iter().map(|version| (version.layer, version.entry.size, fate(version.outcome)));
    FileDetails { row: arranged.row(node, 0), path: path(image, node), range, history: history.collect() }
}

/// The space that is wasted, the largest files first.
pub(crate) fn waste(image: &Image) -> Waste {
    let files = image.wasted_files();
    let layers = image.wasted_layers(&files);
    let largest = files.iter().take(LARGEST);
    Waste {
        bytes: files.iter().fold(0, |sum, file| sum.saturating_add(file.bytes)),
        files: files.len() as u64,
        layers: layers
            .iter()
            .filter(|layer| layer.files > 0)
            .map(|layer| (layer.layer, layer.bytes, layer.files))
            .collect(),
        largest: largest
            .map(|file| (path(image, file.node), file.layer, file.bytes, fate(file.outcome)))
            .collect(),
    }
}

/// The packages of an image.
pub(crate) fn packages(image: &Image) -> Vec<PackageRow> {
    let row = |package: acr_layers::Package| PackageRow {
        ecosystem: package.ecosystem.purl_type().to_owned(),
        name: package.name,
        version: package.version,
    };
    image.packages().into_iter().map(row).collect()
}

fn path(image: &Image, node: NodeId) -> String {
    format!("/{}", display_path(&image.tree().path(node)))
}

fn fate(outcome: Outcome) -> Fate {
    match outcome {
        Outcome::Present => Fate::Present,
        Outcome::Overwritten(layer) => Fate::Overwritten(layer),
        Outcome::Deleted(layer) | Outcome::DeletedWithDirectory(layer) => Fate::Deleted(layer),
    }
}
