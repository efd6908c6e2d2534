//! The messages between the page and the worker. A message is JSON; bytes travel next to it, by transfer.

mod comparison;
mod mark;

use serde::{Deserialize, Serialize};

pub use comparison::{ChangedFile, ChangedFiles, ChangedValue, Compared, Tables};
pub use mark::Mark;

/// A layer as its manifest and its image's configuration describe it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerSource {
    /// The digest of the compressed bytes.
    pub digest: String,
    /// The media type.
    pub media_type: String,
    /// Where a layer that the registry does not distribute can be downloaded.
    pub urls: Vec<String>,
    /// The digest of the layer's eStargz table of contents, where its descriptor has one.
    pub contents: Option<String>,
}

/// An image that is put together from layers that were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The image of the Files tab, and the first image of a comparison.
    Left,
    /// The second image of a comparison.
    Right,
}

/// Which files are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Text, a glob (where it has `*` or `?`), or a regular expression (between slashes). Empty for everything.
    pub search: String,
    /// The number of the only layer to list, from 0; `None` for all layers merged.
    pub layer: Option<u16>,
}

/// A version of a file. It stays the same one while layers are read, which renumbers nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileVersion {
    /// The file's path, escaped for display, with a slash in front.
    pub path: String,
    /// The layer, from 0, that the file is as after; `None` for all layers merged. What a layer removes is as before it.
    pub layer: Option<u16>,
}

/// What the page asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Takes a layer's index from the cache. Answered with [`Reply::Layer`], or with [`Reply::Absent`].
    Restore(String),
    /// Asks where the table of contents begins: the layer's last 51 bytes travel with this message. Answered with [`Reply::Offset`], or with
    /// [`Reply::Absent`].
    FindContents,
    /// Lists a layer from its table of contents: the bytes from this offset to the layer's end travel with this message. Answered with
    /// [`Reply::Layer`]; with [`Reply::Failed`] where the layer has to be read instead.
    ReadContents(LayerSource, u64),
    /// Lists a layer of so many compressed bytes from its ztoc, whose digest was compared: its bytes travel with this message. Answered with
    /// [`Reply::Layer`]; with [`Reply::Failed`] where the layer has to be read instead.
    ReadZtoc(LayerSource, u64),
    /// Starts to read a layer. Limits on its size and ratio do not hold where `unlimited`.
    Open {
        /// The layer.
        layer: LayerSource,
        /// Whether the user chose to read it in spite of the limits.
        unlimited: bool,
    },
    /// The next bytes of the layer that is being read travel with this message.
    Push,
    /// The layer is complete.
    Finish,
    /// The transfer stopped, and why. What was read stays.
    Interrupt(String),
    /// Puts an image together from the layers of these digests, the lowest first, as far as they were opened.
    Assemble(Side, Vec<String>),
    /// Arranges the rows of an image.
    Arrange(Side, Filter),
    /// Opens or closes a directory.
    Toggle(Side, u32),
    /// Asks for rows: the first, and the one after the last.
    Rows(Side, u32, u32),
    /// Asks for everything known of a file.
    File(Side, FileVersion),
    /// Starts to read a file's content, of which at most this many bytes are kept. Answered with [`Reply::Range`], or with
    /// [`Reply::Absent`] where it has none.
    Extract(Side, FileVersion, u64),
    /// The next bytes of the file's range travel with this message. Answered with [`Reply::Content`] once they suffice.
    ExtractPush,
    /// The range has ended. Answered with [`Reply::Content`].
    ExtractEnd,
    /// Asks for the space that is wasted.
    Waste(Side),
    /// Asks for the packages.
    Packages(Side),
    /// Compares the two images that were put together.
    Compare(Box<Compared>),
    /// Compares two texts line by line.
    Lines(String, String),
    /// Asks for the comparison as a document: JSON, or Markdown.
    Export {
        /// Whether as Markdown.
        markdown: bool,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Done; there is nothing to report.
    Done,
    /// There is no such thing.
    Absent,
    /// An offset in a layer's bytes.
    Offset(u64),
    /// How far the layer is read.
    Progress {
        /// Entries listed.
        entries: u64,
        /// Uncompressed bytes read.
        uncompressed: u64,
    },
    /// A layer that was read, to its end or not.
    Layer(LayerSummary),
    /// An image that was put together.
    Image(ImageSummary),
    /// How many rows there are.
    Count(u32),
    /// The rows that were asked for.
    Rows(Vec<Row>),
    /// A file.
    File(Box<FileDetails>),
    /// Where the content is that was asked for.
    Range(ContentRange),
    /// More bytes of the file's range are needed.
    More,
    /// A file's content travels with this message.
    Content(ContentSummary),
    /// The space that is wasted.
    Waste(Waste),
    /// The packages.
    Packages(Vec<PackageRow>),
    /// A comparison.
    Comparison(Box<Tables>),
    /// The lines of two texts that differ, with some around them. An empty line without a mark stands between changes.
    Lines(Vec<(Option<Mark>, String)>),
    /// The texts are too long and too different to be compared line by line.
    TooDifferent,
    /// A document.
    Document(String),
    /// The request failed, and why.
    Failed(String),
}

/// A layer that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerSummary {
    /// Entries listed.
    pub entries: u64,
    /// Compressed bytes read.
    pub compressed: u64,
    /// Uncompressed bytes read.
    pub uncompressed: u64,
    /// Whether the layer was listed from its table of contents: packages and checksums of content are missing then.
    pub from_contents: bool,
    /// Why reading ended early, if it did.
    pub error: Option<String>,
    /// Whether the error is a limit that the user may lift.
    pub can_override: bool,
    /// What is unusual.
    pub warnings: Warnings,
}

/// An image that was put together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSummary {
    /// Layers that it is made of.
    pub layers: u32,
    /// Paths in it.
    pub paths: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Rows of its tree that are shown.
    pub rows: u32,
    /// What was unusual when the layers were merged, by the layer's number.
    pub warnings: Vec<(u16, Warnings)>,
}

/// What is unusual about a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warnings {
    /// How many warnings there were.
    pub count: u64,
    /// Sentences, each with the path it is about, escaped for display; the first hundred.
    pub first: Vec<(String, String)>,
}

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A device, a pipe or anything else without content.
    Special,
}

/// One row of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Row {
    /// The node.
    pub node: u32,
    /// What [`Request::File`] opens.
    pub file: FileVersion,
    /// How deep it is, from 0.
    pub depth: u16,
    /// Its name, escaped for display.
    pub name: String,
    /// What it is.
    pub kind: RowKind,
    /// Whether it is open; `None` for what has no children.
    pub open: Option<bool>,
    /// Bytes of the file, or of everything below the directory.
    pub size: u64,
    /// Permission bits, as `drwxr-xr-x`; empty where unknown.
    pub mode: String,
    /// User and group number; empty where unknown.
    pub owner: String,
    /// When it was modified, in milliseconds since 1970-01-01 UTC; `None` where unknown.
    pub modified: Option<i64>,
    /// The layer it came from, from 0.
    pub layer: u16,
    /// What the layer did to it.
    pub mark: Option<Mark>,
    /// The target of a link, escaped for display.
    pub link: String,
}

/// Everything known of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDetails {
    /// Its row; the version of it names the layer that it is of.
    pub row: Row,
    /// Where its content is, if it has any.
    pub range: Option<ContentRange>,
    /// The layers that had the path, the latest first: the layer's number, the bytes, and what became of it.
    pub history: Vec<(u16, u64, Fate)>,
}

/// Which bytes of a layer it takes to read a file's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRange {
    /// The layer's digest.
    pub digest: String,
    /// The first byte.
    pub start: u64,
    /// The byte after the last, if it is known.
    pub end: Option<u64>,
    /// Uncompressed bytes of the layer that precede the content in this range.
    pub before: u64,
}

/// What became of a file that a layer added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It is in the image.
    Present,
    /// The layer of this number replaced it.
    Overwritten(u16),
    /// The layer of this number deleted it.
    Deleted(u16),
}

/// A file's content, as far as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentSummary {
    /// The encoding's label for `TextDecoder`; `None` for binary content.
    pub encoding: Option<String>,
    /// Bytes of the file.
    pub size: u64,
    /// Whether the content was cut.
    pub truncated: bool,
}

/// Space that is wasted: files that later layers overwrite or delete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waste {
    /// Bytes in total.
    pub bytes: u64,
    /// Files in total.
    pub files: u64,
    /// Bytes and files of each layer that has any: number, bytes, files.
    pub layers: Vec<(u16, u64, u64)>,
    /// The largest files: path, layer, bytes, what became of it.
    pub largest: Vec<(String, u16, u64, Fate)>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRow {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The type of its package URL: `deb`, `npm` and so on.
    pub ecosystem: String,
}
