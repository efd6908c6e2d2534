//! Layers stored as bytes and read again, and garbage in their place.

mod support;

use acr_layers::{FingerprintKey, Layer, LayerError, Options};
use proptest::prelude::*;
use support::{Archive, gzip, noise, read, sha256};

fn sample() -> (Vec<u8>, Layer) {
    let archive = Archive::new()
        .directory("a")
        .file("a/b", &noise(1, 3_000_000))
        .symlink("a/l", "b")
        .hard_link("a/h", "a/b")
        .raw("dev", b'3', b"")
        .file("var/lib/dpkg/status", b"Package: x\nVersion: 1\n")
        .raw("../up", b'0', b"x")
        .finish();
    let bytes = gzip(&archive);
    let options = Options {
        fingerprint_key: Some(FingerprintKey([3; 16])),
        digest: Some(sha256(&bytes)),
        ..Options::default()
    };
    let layer = read(&bytes, 10_000, options);
    assert_eq!(layer.error, None);
    (bytes, layer)
}

#[test]
fn a_layer_survives() {
    let (_, layer) = sample();
    let index = layer.to_index().unwrap();
    let read = Layer::from_index(&index).unwrap();
    assert!(layer.seek_points().len() > 1);
    assert_eq!(layer.seek_points(), read.seek_points());
    assert_eq!(layer.entries(), read.entries());
    for (before, after) in layer.entries().iter().zip(read.entries()) {
        assert_eq!((layer.path(before), layer.link(before)), (read.path(after), read.link(after)));
    }
    assert_eq!(
        (&layer.digest, &layer.warnings, &layer.packages),
        (&read.digest, &read.warnings, &read.packages)
    );
    assert_eq!(read.to_index().unwrap(), index);
}

#[test]
fn a_layer_with_a_wrong_digest_is_not_stored() {
    let archive = Archive::new().file("a", b"1").finish();
    let layer = read(&archive, 100, Options { digest: Some(sha256(b"")), ..Options::default() });
    assert!(matches!(layer.to_index(), Err(LayerError::DigestMismatch { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_is_noticed(at in any::<prop::sample::Index>(), change in 1_u8..) {
        let mut index = read(&Archive::new().file("a/b", b"1").finish(), 100, Options::default()).to_index().unwrap();
        let at = at.index(index.len());
        index[at] ^= change;
        prop_assert!(Layer::from_index(&index).is_err());
    }

    #[test]
    fn garbage_with_a_valid_checksum_is_no_panic(body in prop::collection::vec(any::<u8>(), 0..120)) {
        let mut index = b"ACRLAYER\x02".to_vec();
        index.push(body.len() as u8);
        index.extend_from_slice(&body);
        index.extend_from_slice(&crc32fast_hash(&body).to_le_bytes());
        let _ = Layer::from_index(&index);
    }
}

/// CRC-32 as gzip writes it.
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failure of the test")]
fn crc32fast_hash(bytes: &[u8]) -> u32 {
    let gzip = gzip(bytes);
    u32::from_le_bytes(gzip[gzip.len() - 8..gzip.len() - 4].try_into().unwrap())
}
