//! RPM's package database: the headers of packages, out of any of the three stores that RPM has had.

use super::bdb::bdb_blobs;
use super::list::{Ecosystem, Package, Parsed};
use super::ndb::ndb_blobs;
use super::sqlite::table_blobs;
use crate::cursor::Cursor;

/// Reads `rpmdb.sqlite`, `Packages.db` (ndb) or `Packages` (Berkeley DB).
pub(super) fn rpm_packages(content: &[u8], parsed: &mut Parsed) {
    let mut headers = true;
    let mut each = |blob: &[u8]| match header_package(blob) {
        Some(package) if package.name == "gpg-pubkey" => {}
        Some(package) => parsed.add(package),
        None => headers = false,
    };
    let complete = if content.starts_with(b"SQLite format 3\0") {
        table_blobs(content, b"Packages", &mut each)
    } else if content.starts_with(b"RpmP") {
        ndb_blobs(content, &mut each)
    } else {
        bdb_blobs(content, &mut each)
    };
    parsed.complete &= complete && headers;
}

/// Most bytes of a name, a version and so on.
const TEXT_LIMIT: usize = 1024;
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
    let [mut name, mut version, mut release, mut architecture] = [const { None::<String> }; 4];
    let mut epoch = None;
    while !index.is_empty() {
        let (tag, _kind, offset, _count) =
            (index.u32_be()?, index.u32_be()?, index.u32_be()?, index.u32_be()?);
        let at = store.get(offset as usize..).unwrap_or_default();
        let field = match tag {
            NAME => &mut name,
            VERSION => &mut version,
            RELEASE => &mut release,
            ARCHITECTURE => &mut architecture,
            EPOCH => {
                epoch = Cursor::new(at).u32_be();
                continue;
            }
            _ => continue,
        };
        // A tag is there once. The index of a hostile header repeats it, which must not take time for each.
        field.get_or_insert_with(|| {
            let text = at.get(..TEXT_LIMIT).unwrap_or(at).split(|byte| *byte == 0).next();
            String::from_utf8_lossy(text.unwrap_or_default()).into_owned()
        });
    }
    let version = match (epoch.filter(|epoch| *epoch > 0), version?, release) {
        (Some(epoch), version, Some(release)) => format!("{epoch}:{version}-{release}"),
        (None, version, Some(release)) => format!("{version}-{release}"),
        (_, version, None) => version,
    };
    Some(Package { ecosystem: Ecosystem::Rpm, name: name?, version, architecture })
}
