//! Chooses the files that list packages, and keeps their content until they are complete.

use super::binary::{GoScanner, cargo_packages};
use super::list::{PackageDatabase, Parsed};
use super::rpm::rpm_packages;
use super::text::{apk_packages, dpkg_packages, npm_packages, python_packages};
use crate::entry::EntryId;

/// What a file is, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Dpkg,
    Apk,
    Rpm,
    Npm,
    Python,
    /// An executable, which may carry a list of what it was built from.
    Binary,
}

impl Source {
    fn of(path: &[&[u8]], mode: u32) -> Option<Self> {
        let (name, directories) = path.split_last()?;
        let directory = directories.join(&b'/');
        let parent = directories.last().copied().unwrap_or_default();
        match (directory.as_slice(), *name) {
            (b"var/lib/dpkg", b"status") => return Some(Self::Dpkg),
            (b"var/lib/dpkg/status.d", name) if !name.ends_with(b".md5sums") => return Some(Self::Dpkg),
            (b"lib/apk/db" | b"usr/lib/apk/db", b"installed") => return Some(Self::Apk),
            (b"var/lib/rpm" | b"usr/lib/sysimage/rpm", b"Packages" | b"Packages.db" | b"rpmdb.sqlite") => {
                return Some(Self::Rpm);
            }
            _ => {}
        }
        let is_module = |directories: &[&[u8]]| directories.last() == Some(&b"node_modules".as_slice());
        let package = directories.split_last().map_or(&[][..], |(_, parents)| parents);
        let scope = package.split_last().filter(|(scope, _)| scope.starts_with(b"@")).map(|(_, rest)| rest);
        if *name == b"package.json" && (is_module(package) || scope.is_some_and(is_module)) {
            return Some(Self::Npm);
        }
        let is_python = (*name == b"METADATA" && parent.ends_with(b".dist-info"))
            || (*name == b"PKG-INFO" && parent.ends_with(b".egg-info"))
            || name.ends_with(b".egg-info");
        if is_python {
            return Some(Self::Python);
        }
        (mode & 0o111 != 0).then_some(Self::Binary)
    }
}

/// Collects files that list packages. Only one file is in memory at a time.
#[derive(Debug)]
pub(crate) struct PackageCollector {
    limit: u64,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    source: Source,
    size: u64,
    content: Vec<u8>,
    go: GoScanner,
    oversized: bool,
    /// How many bytes of the ELF magic were found.
    matched: usize,
}

/// What executables of Linux start with.
const ELF: &[u8] = b"\x7fELF";

impl PackageCollector {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, current: None }
    }

    /// Starts a file.
    pub(crate) fn begin(&mut self, path: &[&[u8]], mode: u32, size: u64) {
        self.current = Source::of(path, mode).filter(|_| size > 0).map(|source| Current {
            source,
            size,
            content: Vec::new(),
            go: GoScanner::default(),
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
        let mut parsed = match current.source {
            Source::Binary => {
                let mut packages = current.go.finish();
                packages.extend(cargo_packages(&current.content).unwrap_or_default());
                // A binary above the limit is not a database that could not be read.
                Parsed::complete(packages)
            }
            _ if current.oversized => Parsed { packages: Vec::new(), complete: false },
            Source::Dpkg => dpkg_packages(&current.content),
            Source::Apk => apk_packages(&current.content),
            Source::Rpm => rpm_packages(&current.content),
            Source::Npm => npm_packages(&current.content),
            Source::Python => python_packages(&current.content),
        };
        parsed.packages.sort();
        parsed.packages.dedup();
        let is_worth_it = !parsed.packages.is_empty() || !parsed.complete;
        let Parsed { packages, complete } = parsed;
        is_worth_it.then_some(PackageDatabase { entry: EntryId(id), packages, complete })
    }
}
