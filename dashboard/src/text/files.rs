//! The files of an image: the tree, one file, wasted space and packages.

use crate::format;

pub(crate) const FILES: &str = "Files";
pub(crate) const SEARCH: &str = "Search to filter files";
pub(crate) const SEARCH_HINT: &str = "Text, *.conf or /regex/";
pub(crate) const SEARCH_FAILED: &str = "This search cannot be understood";
pub(crate) const LAYER: &str = "Layer";
pub(crate) const ALL_LAYERS: &str = "All layers";
pub(crate) const NAME: &str = "Name";
pub(crate) const SIZE: &str = "Size";
pub(crate) const MODE: &str = "Mode";
pub(crate) const OWNER: &str = "Owner";
pub(crate) const MODIFIED: &str = "Modified";
pub(crate) const ADDED: &str = "Added";
pub(crate) const CHANGED: &str = "Changed";
pub(crate) const REMOVED: &str = "Removed";
pub(crate) const STOP: &str = "Stop";
pub(crate) const STOPPED: &str = "you stopped it";
pub(crate) const READ_AGAIN: &str = "Read again";
pub(crate) const READ_ANYWAY: &str = "Read without limits";
pub(crate) const READ_COMPLETELY: &str = "Read completely";
pub(crate) const FILE: &str = "File";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const DOWNLOAD_FILE: &str = "Download file";
pub(crate) const COPY_PATH: &str = "Copy path";
pub(crate) const PATH: &str = "Path";
pub(crate) const LINK: &str = "Links to";
pub(crate) const HISTORY: &str = "History";
pub(crate) const WASTED: &str = "Wasted space";
pub(crate) const WASTED_HINT: &str = "Files that a later layer overwrites or deletes. They take space in the image, and no container sees them.";
pub(crate) const NO_WASTE: &str = "No layer overwrites or deletes a file of another.";
pub(crate) const PACKAGES: &str = "Packages";
pub(crate) const VERSION: &str = "Version";
pub(crate) const TYPE: &str = "Type";
pub(crate) const FATE: &str = "What happened";
pub(crate) const NO_FILES: &str = "No files match";
pub(crate) const NO_FILES_HINT: &str = "No path of the layers that were read matches this search.";
pub(crate) const NO_LAYERS: &str = "No files";
pub(crate) const NO_LAYERS_HINT: &str = "This manifest has no layers that are archives of files.";
pub(crate) const NO_WORKER: &str = "The files of this image cannot be read here";
pub(crate) const NO_WORKER_REMEDY: &str = "Reading layers needs a Web Worker. Allow scripts of this site to start workers (worker-src 'self'), or use a current browser.";
pub(crate) const WORKER_FAILED: &str = "The worker that reads layers failed. It is started again.";
pub(crate) const WORKER_FAILED_READING: &str = "the worker that reads layers failed, most likely for lack of memory. Close other pages and read it again";
pub(crate) const GIVEN_UP: &str =
    "The worker that reads layers failed repeatedly. Close other pages, then reload this one.";
pub(crate) const CONTENT_FAILED: &str = "The content of this file could not be read";
pub(crate) const CONTENT_REMEDY: &str = "Read the layer again, or try later.";
pub(crate) const NOT_READ: &str = "The worker that reads layers does not have this file any more.";
pub(crate) const NO_CONTENT: &str = "This has no content.";
pub(crate) const EMPTY: &str = "This file is empty.";
pub(crate) const CUT: &str = "Only the beginning is shown.";
pub(crate) const DOWNLOAD_FOR_MORE: &str = "Download the file to see all of it.";
pub(crate) const TOO_LARGE_FOR_MORE: &str = "The file is too large to be downloaded here.";
pub(crate) const SHOW_CONTENT: &str = "Show content";
pub(crate) const TOO_LARGE: &str = "This file is too large to be downloaded here";
pub(crate) const TOO_LARGE_REMEDY: &str = "Pull the image, and copy the file out of a container of it.";

pub(crate) fn layer_option(number: usize, instruction: &str) -> String {
    let short: String = instruction.chars().take(80).collect();
    if short.is_empty() { format!("Layer {number}") } else { format!("Layer {number}: {short}") }
}

pub(crate) fn layer_number(number: u16) -> String {
    format!("Layer {}", u32::from(number) + 1)
}

pub(crate) fn reading(layer: usize, layers: usize, received: u64, size: u64) -> String {
    let received = format::size(received);
    match size {
        // Schema 1 does not record it.
        0 => format!("Reading layer {} of {layers}: {received}", layer + 1),
        size => format!("Reading layer {} of {layers}: {received} of {}", layer + 1, format::size(size)),
    }
}

pub(crate) fn read(paths: u64, bytes: u64) -> String {
    let paths = format::count(usize::try_from(paths).unwrap_or(usize::MAX));
    format!("{paths} paths, {} uncompressed", format::size(bytes))
}

/// Why a file is not downloaded: it is held in memory until it is saved.
pub(crate) fn too_large(size: u64, most: u64) -> String {
    format!("It has {}, and at most {} can be saved.", format::size(size), format::size(most))
}

/// What it costs to show a file.
pub(crate) fn content_cost(bytes: u64) -> String {
    format!("To show this file, up to {} of its layer are downloaded.", format::size(bytes))
}

pub(crate) fn layer_failed(layer: usize, why: &str) -> String {
    format!("Layer {} was not read completely: {why}. What was read before is shown.", layer + 1)
}

pub(crate) fn from_contents(layers: usize) -> String {
    let layers = format::counted(layers, "layer was", "layers were");
    format!("{layers} listed from a table of contents. Packages in it are not listed.")
}

pub(crate) fn warnings(layer: usize, count: u64) -> String {
    let plural = if count == 1 { "entry is" } else { "entries are" };
    format!("{count} {plural} unusual in layer {}", layer + 1)
}

pub(crate) fn wasted(bytes: u64, files: u64) -> String {
    let plural = if files == 1 { "file" } else { "files" };
    format!("{} in {files} {plural}", format::size(bytes))
}

pub(crate) fn overwritten(by: u16) -> String {
    format!("overwritten in layer {}", u32::from(by) + 1)
}

pub(crate) fn deleted(by: u16) -> String {
    format!("deleted in layer {}", u32::from(by) + 1)
}

pub(crate) const PRESENT: &str = "in the image";
