#![doc = include_str!("../README.md")]

mod archive;
mod compare;
mod content;
mod cursor;
mod digest;
mod entry;
mod error;
mod image;
mod index;
mod layer;
mod limits;
mod open;
mod package;
mod path;
mod reader;
mod search;
mod toc;
mod tree;

pub use archive::decoder::Compression;
pub use archive::seek::{Resume, SeekPoint};
pub use compare::{
    Comparison, ContentChange, FileChange, FileDifferences, FileFacts, HistoryChange, ImageConfiguration,
    LayerComparison, LayerDescriptor, Line, LineChange, LineHunk, PackageChange, TooDifferent, Totals,
    ValueChange, compare_configurations, compare_files, compare_history, compare_layers, compare_lines,
    compare_packages, compare_values,
};
pub use content::ContentKind;
pub use digest::{Digest, Verification};
pub use entry::{Entry, EntryId, EntryKind, Location};
pub use error::{LayerError, Warning, WarningKind};
pub use image::{FileView, History, Image, Outcome, VersionView, WastedFile, WastedLayer};
pub use layer::{FingerprintKey, Layer, Segment};
pub use limits::Limits;
pub use open::{FileReader, FileSummary};
pub use package::{Ecosystem, Package, PackageDatabase};
pub use path::display_path;
pub use reader::{LayerReader, Options, check_descriptor};
pub use search::{Pattern, PatternError};
pub use toc::{ESTARGZ_FOOTER_BYTES, estargz_layer, estargz_toc_offset, soci_layer};
pub use tree::{NodeId, Tree};
