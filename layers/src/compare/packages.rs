//! Packages that were added, removed, or changed their version.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::package::{Ecosystem, Package};

/// A package of which the images have different versions. An image can have several of one package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackageChange {
    /// Where the package comes from.
    pub ecosystem: Ecosystem,
    /// Its name.
    pub name: String,
    /// The architecture, where the ecosystem records it.
    pub architecture: Option<String>,
    /// The versions in the first image; empty where the package was added.
    pub before: Vec<String>,
    /// The versions in the second image; empty where the package was removed.
    pub after: Vec<String>,
}

/// The packages that differ, by ecosystem and name.
#[must_use]
pub fn compare_packages(before: &[Package], after: &[Package]) -> Vec<PackageChange> {
    type Key<'a> = (Ecosystem, &'a str, Option<&'a str>);
    let mut versions: BTreeMap<Key<'_>, [Vec<String>; 2]> = BTreeMap::new();
    for (side, packages) in [before, after].into_iter().enumerate() {
        for package in packages {
            let key = (package.ecosystem, package.name.as_str(), package.architecture.as_deref());
            if let Some(list) = versions.entry(key).or_default().get_mut(side) {
                list.push(package.version.clone());
            }
        }
    }
    let mut changes = Vec::new();
    for ((ecosystem, name, architecture), [mut before, mut after]) in versions {
        for list in [&mut before, &mut after] {
            list.sort();
            list.dedup();
        }
        if before != after {
            let (name, architecture) = (name.to_owned(), architecture.map(str::to_owned));
            changes.push(PackageChange { ecosystem, name, architecture, before, after });
        }
    }
    changes
}
