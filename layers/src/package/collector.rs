//! Chooses the files that list packages, and keeps their content until they are complete.

use super::binary::{CargoScanner, GoScanner, cargo_packages};
use super::list::{PackageDatabase, Parsed};
use super::rpm::rpm_packages;
use super::text::{apk_packages, dpkg_packages, npm_packages, python_packages};
use crate::entry::EntryId;
use crate::limits::Limits;

/// What a file is, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Dpkg,
    Apk,
    Rpm,
    Npm,
    Python,
    /// A file that may be a program or a library, which its first bytes decide: these can carry a list of what they were
    /// built from. Shared libraries often have no execute permission.
    Binary,
}

impl Source {
    fn of(path: &[&[u8]]) -> Self {
        let Some((name, directories)) = path.split_last() else { return Self::Binary };
        let directory = directories.join(&b'/');
        let parent = directories.last().copied().unwrap_or_default();
        match (directory.as_slice(), *name) {
            (b"var/lib/dpkg", b"status") => return Self::Dpkg,
            (b"var/lib/dpkg/status.d", name) if !name.ends_with(b".md5sums") => return Self::Dpkg,
            (b"lib/apk/db" | b"usr/lib/apk/db", b"installed") => return Self::Apk,
            (b"var/lib/rpm" | b"usr/lib/sysimage/rpm", b"Packages" | b"Packages.db" | b"rpmdb.sqlite") => {
                return Self::Rpm;
            }
            _ => {}
        }
        let is_module = |directories: &[&[u8]]| directories.last() == Some(&b"node_modules".as_slice());
        let package = directories.split_last().map_or(&[][..], |(_, parents)| parents);
        let scope = package.split_last().filter(|(scope, _)| scope.starts_with(b"@")).map(|(_, rest)| rest);
        if *name == b"package.json" && (is_module(package) || scope.is_some_and(is_module)) {
            return Self::Npm;
        }
        let is_python = (*name == b"METADATA" && parent.ends_with(b".dist-info"))
            || (*name == b"PKG-INFO" && (parent.ends_with(b".egg-info") || parent == b"EGG-INFO"))
            || name.ends_with(b".egg-info");
        if is_python { Self::Python } else { Self::Binary }
    }
}

/// Collects files that list packages. Only one file is in memory at a time.
#[derive(Debug)]
pub(crate) struct PackageCollector {
    /// Most bytes of a file that are kept until it is complete.
    limit: u64,
    /// Bytes that may still be kept of packages.
    left: u64,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    source: Source,
    size: u64,
    content: Vec<u8>,
    go: GoScanner,
    cargo: CargoScanner,
    oversized: bool,
    /// How many bytes of the ELF magic were found.
    matched: usize,
}

/// What executables of Linux start with.
const ELF: &[u8] = b"\x7fELF";

impl PackageCollector {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { limit: limits.package_file_bytes, left: limits.package_bytes, current: None }
    }

    /// Starts a file.
    pub(crate) fn begin(&mut self, path: &[&[u8]], size: u64) {
        self.current = (size > 0).then(|| Current {
            source: Source::of(path),
            size,
            content: Vec::new(),
            go: GoScanner::default(),
            cargo: CargoScanner::default(),
            oversized: size > self.limit,
            matched: 0,
        });
    }

    pub(crate) fn data(&mut self, bytes: &[u8]) {
        let Some(current) = &mut self.current else { return };
        if current.source == Source::Binary {
            let missing = ELF.get(current.matched..).unwrap_or_default();
            let common = missing.len().min(bytes.len());
            if missing.get(..common) != bytes.get(..common) {
                self.current = None;
                return;
            }
            current.matched += common;
            current.go.push(bytes);
            if current.oversized {
                current.cargo.push(bytes);
            }
        }
        if current.oversized {
            return;
        }
        if current.content.is_empty() {
            // Not more than a few MiB before the bytes are there: a header can claim any size.
            current.content.reserve_exact((current.size as usize).min(4 << 20));
        }
        current.content.extend_from_slice(bytes);
    }

    /// Ends the file, whose entry is `id`. Returns the packages, if it lists any or could not be read.
    pub(crate) fn end(&mut self, id: u32) -> Option<PackageDatabase> {
        let current = self.current.take()?;
        let mut parsed = Parsed::new(self.left);
        let content = &current.content;
        match current.source {
            Source::Binary => {
                current.go.finish(&mut parsed);
                cargo_packages(content, &mut parsed);
                // A binary above the limit is not read completely, which counts where it has a list of crates.
                parsed.complete &= !current.cargo.found();
            }
            _ if current.oversized => parsed.complete = false,
            Source::Dpkg => dpkg_packages(content, &mut parsed),
            Source::Apk => apk_packages(content, &mut parsed),
            Source::Rpm => rpm_packages(content, &mut parsed),
            Source::Npm => npm_packages(content, &mut parsed),
            Source::Python => python_packages(content, &mut parsed),
        }
        let Parsed { mut packages, complete, left } = parsed;
        self.left = left;
        packages.sort();
        packages.dedup();
        let is_worth_it = !packages.is_empty() || !complete;
        is_worth_it.then_some(PackageDatabase { entry: EntryId(id), packages, complete })
    }
}
