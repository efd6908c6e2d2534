//! Differences between two images: layers, configuration, files, lines, packages, and their export.

mod align;
mod configuration;
mod export;
mod files;
mod layers;
mod lines;
mod packages;
mod values;

pub use configuration::{HistoryChange, ImageConfiguration, compare_configurations, compare_history};
pub use export::Comparison;
pub use files::{ContentChange, FileChange, FileDifferences, FileFacts, Totals, compare_files};
pub use layers::{LayerComparison, LayerDescriptor, compare_layers};
pub use lines::{Line, LineChange, LineHunk, TooDifferent, compare_lines};
pub use packages::{PackageChange, compare_packages};
pub use values::{ValueChange, compare_values};
