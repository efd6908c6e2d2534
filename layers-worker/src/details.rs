//! What is shown of one file, of the space that is wasted, and of packages.

use acr_layers::{EntryId, Image, NodeId, Outcome, display_path};

use crate::arrangement::Arranged;
use crate::protocol::{ContentRange, Fate, FileDetails, FileVersion, PackageRow, Waste};

/// How many wasted files are listed.
const LARGEST: usize = 100;

/// Everything known of a version of a file. `digests` are those of the image's layers.
pub(crate) fn file(arranged: &Arranged, version: &FileVersion, digests: &[String]) -> Option<FileDetails> {
    let image = arranged.image();
    let node = arranged.find(&version.path)?;
    let file = arranged.file(node, version.layer)?;
    let range = file.content.and_then(|content| range(image, content, digests));
    let history = image.history(node);
    let history = history.iter().map(|version| (version.layer, version.file.size, fate(version.outcome)));
    let row = arranged.row(node, 0, Some(file.layer));
    Some(FileDetails { row, range, history: history.collect() })
}

/// Where the content of an entry is.
pub(crate) fn range(image: &Image, content: (u16, EntryId), digests: &[String]) -> Option<ContentRange> {
    let (number, id) = (usize::from(content.0), content.1);
    let layer = image.layers().get(number)?;
    let location = layer.locate(id)?;
    Some(ContentRange {
        digest: digests.get(number)?.clone(),
        start: location.start,
        end: location.end,
        before: layer.entry(id)?.data_at.saturating_sub(location.uncompressed_start()),
    })
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
