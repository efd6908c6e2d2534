//! Packages and lists of them.

use serde::{Deserialize, Serialize};

use crate::entry::EntryId;

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    /// Debian and Ubuntu packages (dpkg).
    Deb,
    /// Alpine and Wolfi packages (apk).
    Apk,
    /// RPM packages.
    Rpm,
    /// npm packages.
    Npm,
    /// Python distributions.
    PyPi,
    /// Rust crates, of binaries built by cargo auditable.
    Cargo,
    /// Go modules, of the build information of binaries.
    Go,
}

impl Ecosystem {
    /// The type of package URLs (purl).
    #[must_use]
    pub fn purl_type(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Apk => "apk",
            Self::Rpm => "rpm",
            Self::Npm => "npm",
            Self::PyPi => "pypi",
            Self::Cargo => "cargo",
            Self::Go => "golang",
        }
    }
}

/// An installed package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Package {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// Its name.
    pub name: String,
    /// Its version, with epoch and release where the ecosystem has them.
    pub version: String,
    /// The architecture, where the ecosystem records it.
    pub architecture: Option<String>,
}

/// The packages that one file of a layer lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageDatabase {
    /// The file.
    pub entry: EntryId,
    /// Its packages.
    pub packages: Vec<Package>,
    /// Whether all of the file could be read.
    pub complete: bool,
}

/// What a parser makes of a file.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) packages: Vec<Package>,
    pub(super) complete: bool,
    /// Bytes that may still be kept of packages.
    pub(super) left: u64,
}

impl Parsed {
    pub(super) fn new(left: u64) -> Self {
        Self { packages: Vec::new(), complete: true, left }
    }

    /// Adds a package, unless it would take more than is left.
    pub(super) fn add(&mut self, package: Package) {
        let text = [&package.name, &package.version].map(String::len).iter().sum::<usize>()
            + package.architecture.as_ref().map_or(0, String::len);
        match self.left.checked_sub((size_of::<Package>() + text) as u64) {
            Some(left) => {
                self.left = left;
                self.packages.push(package);
            }
            None => self.complete = false,
        }
    }
}
