//! What the messages about a comparison say.

use serde::{Deserialize, Serialize};

use super::mark::Mark;

/// What is compared of two images apart from their files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Compared {
    /// The references, as the page names them.
    pub names: [String; 2],
    /// The configurations, as JSON; empty where there is none.
    pub configurations: [String; 2],
    /// The annotations of the manifests.
    pub annotations: [Vec<(String, String)>; 2],
    /// The layers: digest and size in bytes.
    pub layers: [Vec<(String, u64)>; 2],
    /// Whether the layers were read, so that files and packages can be compared.
    pub with_files: bool,
}

/// A comparison as tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tables {
    /// Settings, environment and labels that differ.
    pub configuration: Vec<ChangedValue>,
    /// The steps of the histories side by side.
    pub history: Vec<(Option<Mark>, String)>,
    /// The layers of both: digest, bytes, and whether only one image has it.
    pub layers: Vec<(String, u64, Option<Mark>)>,
    /// How many layers are shared from the lowest on.
    pub base: u32,
    /// The files; `None` where the layers were not read.
    pub files: Option<ChangedFiles>,
    /// The packages that differ: group is the ecosystem.
    pub packages: Vec<ChangedValue>,
    /// The annotations that differ.
    pub annotations: Vec<ChangedValue>,
}

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedValue {
    /// What kind of value it is.
    pub group: String,
    /// Its name.
    pub name: String,
    /// The value in the first image, if it has one.
    pub before: Option<String>,
    /// The value in the second image, if it has one.
    pub after: Option<String>,
}

/// The files that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFiles {
    /// How many were added, and their bytes.
    pub added: (u64, u64),
    /// How many were removed, and their bytes.
    pub removed: (u64, u64),
    /// How many were changed.
    pub changed: u64,
    /// How many are equal.
    pub unchanged: u64,
    /// The first of them, by path. There are as many as were added, removed and changed.
    pub rows: Vec<ChangedFile>,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// Its path, escaped for display, with a slash in front.
    pub path: String,
    /// How it differs.
    pub mark: Mark,
    /// Its bytes in the first image, if it has the file.
    pub before: Option<u64>,
    /// Its bytes in the second image, if it has the file.
    pub after: Option<u64>,
    /// What differs, where both images have it: the name, and both values, if they are to be shown.
    pub differing: Vec<ChangedValue>,
}
