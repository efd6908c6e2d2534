//! RPM's package database: the headers of packages, out of any of the three stores that RPM has had.

use super::bdb::bdb_blobs;
use super::list::{Ecosystem, Package, Parsed};
use super::ndb::ndb_blobs;
use super::sqlite::table_blobs;
use crate::cursor::Cursor;

/// Reads `rpmdb.sqlite`, `Packages.db` (ndb) or `Packages` (Berkeley DB).
pub(super) fn rpm_packages(content: &[u8]) -> Parsed {
    let blobs = if content.starts_with(b"SQLite format 3\0") {
        table_blobs(content, b"Packages")
    } else if content.starts_with(b"RpmP") {
        ndb_blobs(content)
    } else {
        bdb_blobs(content)
    };
    let (blobs, mut complete) = blobs;
    let mut packages = Vec::new();
    for blob in blobs {
        match header_package(&blob) {
            Some(package) if package.name == "gpg-pubkey" => {}
            Some(package) => packages.push(package),
            None => complete = false,
        }
    }
    Parsed { packages, complete }
}

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const ARCHITECTURE: u32 = 1022;

/// The package of a header: an index of tags, and a store that it points into.
fn header_package(blob: &[u8]) -> Option<Package> {
    let mut cursor = Cursor::new(blob);
    let entries = cursor.u32_be()? as usize;
    let _store_length = cursor.u32_be()?;
    let mut index = Cursor::new(cursor.take(entries.checked_mul(16)?)?);
    let store = cursor.rest();
    let [mut name, mut version, mut release, mut architecture] = [const { None }; 4];
    let mut epoch = None;
    while !index.is_empty() {
        let (tag, _kind, offset, _count) =
            (index.u32_be()?, index.u32_be()?, index.u32_be()?, index.u32_be()?);
        let at = store.get(offset as usize..).unwrap_or_default();
        let string = || {
            let text = at.split(|byte| *byte == 0).next().unwrap_or_default();
            Some(String::from_utf8_lossy(text.get(..text.len().min(1024))?).into_owned())
        };
        match tag {
            NAME => name = string(),
            VERSION => version = string(),
            RELEASE => release = string(),
            ARCHITECTURE => architecture = string(),
            EPOCH => epoch = Cursor::new(at).u32_be(),
            _ => {}
        }
    }
    let version = match (epoch.filter(|epoch| *epoch > 0), version?, release) {
        (Some(epoch), version, Some(release)) => format!("{epoch}:{version}-{release}"),
        (None, version, Some(release)) => format!("{version}-{release}"),
        (_, version, None) => version,
    };
    Some(Package { ecosystem: Ecosystem::Rpm, name: name?, version, architecture })
}
