//! Package databases inside of layers: one made by rpm, the others built here as their formats describe them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failure of the test")]

mod support;

use std::io::{Read as _, Write as _};

use acr_layers::{Options, WarningKind};
use support::{Archive, read};

fn packages(path: &str, content: &[u8]) -> Vec<String> {
    let layer = read(&Archive::new().file(path, content).finish(), 1000, Options::default());
    assert_eq!(layer.error, None);
    let packages = layer.packages.iter().flat_map(|database| &database.packages);
    packages
        .map(|package| {
            let architecture = package.architecture.as_deref().unwrap_or("-");
            format!("{} {} {} {architecture}", package.ecosystem.purl_type(), package.name, package.version)
        })
        .collect()
}

#[test]
fn an_rpm_database_in_sqlite() {
    let mut database = Vec::new();
    flate2::read::GzDecoder::new(&include_bytes!("fixtures/rpmdb.sqlite.gz")[..])
        .read_to_end(&mut database)
        .unwrap();
    for path in ["var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite"] {
        assert_eq!(packages(path, &database), ["rpm sample 2:1.5-3 noarch"]);
    }
    // A database of which a part is missing is reported.
    let cut = &database[..database.len() / 4];
    let layer =
        read(&Archive::new().file("var/lib/rpm/rpmdb.sqlite", cut).finish(), 1000, Options::default());
    assert!(layer.warnings.iter().any(|warning| warning.kind == WarningKind::PackageDatabase));
}

/// A header of RPM with a name, a version and a release.
fn header(name: &str) -> Vec<u8> {
    let store = format!("{name}\01.0\0r2\0");
    let mut header = [3_u32, store.len() as u32].map(u32::to_be_bytes).concat();
    for (tag, offset) in [(1000_u32, 0), (1001, name.len() as u32 + 1), (1002, name.len() as u32 + 5)] {
        header.extend([tag, 6, offset, 1].map(u32::to_be_bytes).concat());
    }
    header.extend_from_slice(store.as_bytes());
    header
}

#[test]
fn an_rpm_database_in_ndb() {
    let mut database = b"RpmP".to_vec();
    database.extend([0_u32, 1, 1, 3, 0, 0, 0].map(u32::to_le_bytes).concat());
    let blobs = [header("one"), header("two")];
    let mut blob_area = Vec::new();
    for (index, blob) in blobs.iter().enumerate() {
        let offset = (4096 + blob_area.len()) / 16;
        database.extend_from_slice(b"Slot");
        database.extend([index as u32 + 1, offset as u32, 10].map(u32::to_le_bytes).concat());
        blob_area.extend_from_slice(b"BlbS");
        blob_area.extend([index as u32 + 1, 0, blob.len() as u32].map(u32::to_le_bytes).concat());
        blob_area.extend_from_slice(blob);
        blob_area.resize(blob_area.len().next_multiple_of(16), 0);
    }
    while database.len() < 4096 {
        database.extend_from_slice(b"Slot");
        database.extend_from_slice(&[0; 12]);
    }
    database.extend_from_slice(&blob_area);
    let listed = packages("usr/lib/sysimage/rpm/Packages.db", &database);
    assert_eq!(listed, ["rpm one 1.0-r2 -", "rpm two 1.0-r2 -"]);
}

#[test]
fn an_rpm_database_in_berkeley_db() {
    let page_size = 512;
    // A name longer than a page makes the value span overflow pages.
    let value = header(&"n".repeat(700));
    let parts: Vec<&[u8]> = value.chunks(page_size - 26).collect();
    for big_endian in [false, true] {
        let u32 = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let u16 = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let page = |next: u32, entries: u16, used: u16, kind: u8, body: &[u8]| {
            let mut page = vec![0; 16];
            page.extend(u32(next));
            page.extend(u16(entries));
            page.extend(u16(used));
            page.extend([0, kind]);
            page.extend_from_slice(body);
            page.resize(page_size, 0);
            page
        };
        let mut meta = vec![0; 12];
        meta.extend(u32(0x0006_1561));
        meta.extend([0; 4]);
        meta.extend(u32(page_size as u32));
        meta.resize(page_size, 0);
        // The key is at 100, the value's item at 200.
        let mut body = [u16(100), u16(200)].concat();
        body.resize(200 - 26, 0);
        body.extend([3, 0, 0, 0]);
        body.extend(u32(2));
        body.extend(u32(value.len() as u32));
        let mut database = [meta, page(0, 2, 0, 13, &body)].concat();
        for (index, part) in parts.iter().enumerate() {
            let next = if index + 1 == parts.len() { 0 } else { index as u32 + 3 };
            database.extend(page(next, 1, part.len() as u16, 7, part));
        }
        assert_eq!(
            packages("var/lib/rpm/Packages", &database),
            [format!("rpm {} 1.0-r2 -", "n".repeat(700))]
        );
    }
}

/// A file built by cargo auditable: an ELF file with its section.
fn auditable() -> Vec<u8> {
    let json = br#"{"packages":[{"name":"serde","version":"1.0.0","source":"crates.io"},{"name":"cc","version":"1.1.0","source":"crates.io","kind":"build"}]}"#;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(json).unwrap();
    let list = encoder.finish().unwrap();
    let names = b"\0.dep-v0\0";
    let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
    elf.resize(64, 0);
    let (names_at, list_at) = (elf.len(), elf.len() + names.len());
    elf.extend_from_slice(names);
    elf.extend_from_slice(&list);
    let table_at = elf.len() as u64;
    for (name, at, length) in [(0_u32, names_at, names.len()), (1, list_at, list.len())] {
        elf.extend_from_slice(&name.to_le_bytes());
        elf.extend_from_slice(&[0; 20]);
        elf.extend_from_slice(&(at as u64).to_le_bytes());
        elf.extend_from_slice(&(length as u64).to_le_bytes());
        elf.extend_from_slice(&[0; 24]);
    }
    elf[40..48].copy_from_slice(&table_at.to_le_bytes());
    elf[58..64].copy_from_slice(&[64, 0, 2, 0, 0, 0]);
    elf
}

#[test]
fn crates_of_a_library_built_by_cargo_auditable() {
    assert_eq!(packages("usr/lib/libtool.so", &auditable()), ["cargo serde 1.0.0 -"]);
}

#[test]
fn crates_of_a_binary_above_the_limit_are_reported_as_missing() {
    let limits = acr_layers::Limits { package_file_bytes: 200, ..Default::default() };
    let mut other = auditable();
    other[66] = b'x';
    for (content, kinds) in [(auditable(), &[WarningKind::PackageDatabase][..]), (other, &[])] {
        let archive = Archive::new().executable("usr/bin/tool", &content).finish();
        let layer = read(&archive, 100, Options { limits: limits.clone(), ..Options::default() });
        assert_eq!(layer.warnings.iter().map(|warning| warning.kind).collect::<Vec<_>>(), kinds);
    }
}

#[test]
fn an_egg_of_python() {
    let content = b"Metadata-Version: 1.0\nName: foo\nVersion: 1.0\n";
    for path in ["site-packages/foo-1.0-py3.9.egg/EGG-INFO/PKG-INFO", "site-packages/foo.egg-info/PKG-INFO"] {
        assert_eq!(packages(path, content), ["pypi foo 1.0 -"], "{path}");
    }
}

#[test]
fn a_database_above_the_limit_is_reported() {
    let archive = Archive::new().file("var/lib/dpkg/status", &[b'x'; 2000]).finish();
    let limits = acr_layers::Limits { package_file_bytes: 1000, ..Default::default() };
    let layer = read(&archive, 1000, Options { limits, ..Options::default() });
    assert_eq!(
        layer.warnings.iter().map(|warning| warning.kind).collect::<Vec<_>>(),
        [WarningKind::PackageDatabase]
    );
}
