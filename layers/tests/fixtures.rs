//! Archives made by GNU tar, bsdtar, zstd and umoci; `fixtures/make.sh` has the commands.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use acr_layers::{EntryKind, FileReader, FingerprintKey, Image, Layer, Options};
use support::read;

/// Files, links and devices of the archives; the directory of long names is abbreviated.
fn expected() -> BTreeMap<String, (EntryKind, u64, String)> {
    use EntryKind::{CharacterDevice, Directory, Fifo, File, SymbolicLink};
    let none = String::new;
    [
        ("etc", (Directory, 0, none())),
        ("etc/motd", (File, 6, none())),
        ("etc/link", (SymbolicLink, 0, "motd".to_owned())),
        ("etc/hard", (File, 6, none())),
        ("dir", (Directory, 0, none())),
        ("d*", (Directory, 0, none())),
        ("d*/n*", (File, 5, none())),
        ("pipe", (Fifo, 0, none())),
        ("null", (CharacterDevice, 0, none())),
        (r"caf\xe9", (File, 5, none())),
        ("sparse", (File, 1 << 20, none())),
    ]
    .map(|(path, facts)| (path.to_owned(), facts))
    .into()
}

fn layer(bytes: &[u8]) -> Arc<Layer> {
    let options = Options { fingerprint_key: Some(FingerprintKey([9; 16])), ..Options::default() };
    let layer = read(bytes, 50, options);
    assert_eq!(layer.error, None);
    Arc::new(layer)
}

fn listing(image: &Image) -> BTreeMap<String, (EntryKind, u64, String)> {
    let mut listing = BTreeMap::new();
    for node in image.nodes() {
        let Some(file) = image.file(node) else { continue };
        let path = acr_layers::display_path(&image.tree().path(node));
        let path = path.replace(&"d".repeat(120), "d*").replace(&"n".repeat(200), "n*");
        let link = if file.kind == EntryKind::SymbolicLink {
            acr_layers::display_path(file.link)
        } else {
            String::new()
        };
        listing.insert(path, (file.kind, file.size, link));
    }
    listing
}

#[test]
fn formats_of_gnu_tar_and_bsdtar_list_the_same_files() {
    let archives: [(&str, &[u8]); 7] = [
        ("gnu", include_bytes!("fixtures/gnu.tar.gz")),
        ("pax 0.0", include_bytes!("fixtures/pax-sparse-0.0.tar.gz")),
        ("pax 0.1", include_bytes!("fixtures/pax-sparse-0.1.tar.gz")),
        ("pax 1.0", include_bytes!("fixtures/pax-sparse-1.0.tar.gz")),
        ("bsdtar pax", include_bytes!("fixtures/bsdtar-pax.tar.gz")),
        ("bsdtar gnu", include_bytes!("fixtures/bsdtar-gnu.tar.gz")),
        ("zstd", include_bytes!("fixtures/zstd.tar.zst")),
    ];
    for (name, bytes) in archives {
        let image = Image::merge(&[layer(bytes)]);
        assert_eq!(listing(&image), expected(), "{name}");
        assert!(image.warnings.is_empty(), "{name}: {:?}", image.warnings);
        // The sparse file reads as it was written, from the bytes of a range.
        let node = image.tree().find(b"sparse").unwrap();
        let (_, entry) = image.file(node).unwrap().content.unwrap();
        let layer = &image.layers()[0];
        let location = layer.locate(entry).unwrap();
        let range = location.start as usize..location.end.unwrap() as usize;
        let mut content = Vec::new();
        let mut file = FileReader::new(layer, entry, u64::MAX).unwrap();
        file.push(&bytes[range], &mut |bytes| content.extend_from_slice(bytes)).unwrap();
        let summary = file.finish(&mut |bytes| content.extend_from_slice(bytes)).unwrap();
        assert!(summary.verified && !summary.truncated, "{name}");
        let mut written = vec![0; 1 << 20];
        written[524_288..524_292].copy_from_slice(b"data");
        written[1_048_573..].copy_from_slice(b"end");
        assert!(content == written, "{name}");
    }
}

#[test]
fn ustar_and_v7_archives_list_their_files() {
    let ustar = Image::merge(&[layer(include_bytes!("fixtures/ustar.tar.gz"))]);
    let mut without = expected();
    without.retain(|path, _| path != "sparse" && !path.starts_with("d*"));
    assert_eq!(listing(&ustar), without);
    let v7 = Image::merge(&[layer(include_bytes!("fixtures/v7.tar.gz"))]);
    assert_eq!(listing(&v7).keys().collect::<Vec<_>>(), ["hard", "link", "motd"]);
}

#[test]
fn the_merged_tree_is_what_umoci_unpacks() {
    let layers: [&[u8]; 3] = [
        include_bytes!("fixtures/umoci-0.tar.gz"),
        include_bytes!("fixtures/umoci-1.tar.gz"),
        include_bytes!("fixtures/umoci-2.tar.gz"),
    ];
    let image = Image::merge(&layers.map(layer));
    let listed: Vec<String> = listing(&image)
        .into_iter()
        .map(|(path, (kind, size, link))| match kind {
            EntryKind::File => format!("{path} f {size}"),
            EntryKind::Directory => format!("{path} d"),
            _ => format!("{path} l {link}"),
        })
        .collect();
    let mut unpacked: Vec<&str> = include_str!("fixtures/umoci.txt").lines().collect();
    unpacked.sort_unstable();
    let mut listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    listed.sort_unstable();
    assert_eq!(listed, unpacked);
}
