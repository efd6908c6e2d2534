//! Damaged and random bytes: the result is always a layer or an error.

mod support;

use std::sync::Arc;

use acr_layers::{FileReader, FingerprintKey, Image, Layer, Limits, Options, estargz_layer, soci_layer};
use proptest::prelude::*;
use support::{Archive, read};

const ARCHIVES: [&[u8]; 6] = [
    include_bytes!("fixtures/zstd.tar.zst"),
    include_bytes!("fixtures/gnu.tar.gz"),
    include_bytes!("fixtures/pax-sparse-0.0.tar.gz"),
    include_bytes!("fixtures/pax-sparse-1.0.tar.gz"),
    include_bytes!("fixtures/bsdtar-pax.tar.gz"),
    include_bytes!("fixtures/umoci-1.tar.gz"),
];

fn exercise(bytes: &[u8], chunk: usize) {
    let limits = Limits { uncompressed_bytes: 4 << 20, ..Limits::default() };
    let key = Some(FingerprintKey([1; 16]));
    let layer = Arc::new(read(bytes, chunk, Options { limits, fingerprint_key: key, ..Options::default() }));
    let image = Image::merge(&[Arc::clone(&layer), Arc::clone(&layer)]);
    let _ = (image.wasted_files(), image.packages());
    for id in layer.entry_ids().take(10) {
        let (Some(location), Some(mut file)) = (layer.locate(id), FileReader::new(&layer, id, 1 << 16))
        else {
            continue;
        };
        let mut written = 0;
        let _ = file.push(bytes.get(location.start as usize..).unwrap_or_default(), &mut |bytes| {
            written += bytes.len()
        });
        let _ = file.finish(&mut |bytes| written += bytes.len());
        assert!(written <= 1 << 16);
    }
    if let Ok(index) = layer.to_index() {
        assert_eq!(Layer::from_index(&index).map(|read| read.entries().len()), Ok(layer.entries().len()));
    }
}

/// The uncompressed bytes of a fixture in gzip.
#[allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]
fn uncompressed(bytes: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut archive).unwrap();
    archive
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_layers(which in 0..ARCHIVES.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), chunk in 1_usize..700) {
        let mut bytes = ARCHIVES[which].to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        exercise(&bytes, chunk);
    }

    #[test]
    fn damaged_headers(which in 1..ARCHIVES.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..512, any::<u8>()), 1..4)) {
        let mut bytes = uncompressed(ARCHIVES[which]);
        bytes.truncate(20 << 10);
        for (block, offset, value) in changes {
            let block = block.index(bytes.len() / 512) * 512;
            bytes[block + offset] = value;
            support::fix_checksum(&mut bytes, block);
        }
        exercise(&bytes, 1000);
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000), magic in prop::sample::select(vec![&b"\x1f\x8b\x08\0\0\0\0\0\0\0"[..], b"\x28\xb5\x2f\xfd", b""])) {
        exercise(&[magic, &bytes].concat(), 100);
        let _ = soci_layer(&bytes, &Limits::default());
        let _ = estargz_layer(&bytes, 0, &Limits::default());
    }

    #[test]
    fn random_package_databases(bytes in prop::collection::vec(any::<u8>(), 0..3000), start in prop::sample::select(vec![&b""[..], b"\x7fELF\x02\x01", b"SQLite format 3\0\x02\0\x01\x01\0", b"RpmP", b"\xff Go buildinf:\x08\x02"])) {
        let content = [start, &bytes].concat();
        for path in ["var/lib/dpkg/status", "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite", "node_modules/a/package.json", "a.dist-info/METADATA"] {
            let layer = read(&Archive::new().file(path, &content).executable("bin/x", &content).finish(), 300, Options::default());
            prop_assert_eq!(layer.error, None);
        }
    }
}
