//! Archives of every kind, read in chunks of every size.

mod support;

use acr_layers::{
    Compression, EntryKind, FileReader, FingerprintKey, Layer, LayerError, LayerReader, Limits, Options,
    Verification, WarningKind,
};
use support::{Archive, gzip, read, sha256, zstd_raw};

fn paths(layer: &Layer) -> Vec<String> {
    layer.entries().iter().map(|entry| String::from_utf8_lossy(&layer.path(entry)).into_owned()).collect()
}

fn sample() -> Vec<u8> {
    let long = format!("{}/{}", "d".repeat(180), "n".repeat(300));
    Archive::new()
        .directory("etc")
        .file("etc/motd", b"hello")
        .file(&long, b"long name")
        .symlink("etc/link", "motd")
        .hard_link("etc/hard", "etc/motd")
        .finish()
}

#[test]
fn entries_do_not_depend_on_chunks_or_compression() {
    let archive = sample();
    let variants = [
        (archive.clone(), Compression::None),
        (gzip(&archive), Compression::Gzip),
        (zstd_raw(&archive), Compression::Zstd),
    ];
    for (bytes, compression) in variants {
        for chunk in [1, 3, 511, 512, 513, 1 << 20] {
            let layer = read(&bytes, chunk, Options::default());
            assert_eq!(layer.error, None, "{compression:?} in chunks of {chunk}");
            assert_eq!(layer.compression, Some(compression));
            assert_eq!(layer.entries().len(), 5);
            assert_eq!(layer.entries()[2].size, 9);
            assert!(paths(&layer)[2].ends_with(&"n".repeat(300)));
            assert_eq!(layer.link(&layer.entries()[3]), b"motd");
            assert_eq!(layer.entries()[4].kind, EntryKind::HardLink);
            assert_eq!(layer.uncompressed_bytes, archive.len() as u64);
        }
    }
}

#[test]
fn digests_are_verified_while_streaming() {
    let archive = sample();
    let bytes = gzip(&archive);
    let options =
        || Options { digest: Some(sha256(&bytes)), diff_id: Some(sha256(&archive)), ..Options::default() };
    let layer = read(&bytes, 100, options());
    assert_eq!(layer.error, None);
    assert_eq!(
        (layer.digest, layer.diff_id),
        (Verification::Verified(sha256(&bytes)), Verification::Verified(sha256(&archive)))
    );
    let layer = read(&bytes, 100, Options { digest: Some(sha256(b"other")), ..options() });
    assert!(matches!(layer.error, Some(LayerError::DigestMismatch { .. })), "{:?}", layer.error);
    assert_eq!(layer.entries().len(), 5, "what was read stays");
    let layer = read(&bytes, 100, Options { diff_id: Some(sha256(b"other")), ..options() });
    assert!(matches!(layer.error, Some(LayerError::DiffIdMismatch { .. })), "{:?}", layer.error);
}

#[test]
fn changed_bytes_that_do_not_decompress_are_reported_by_the_digest() {
    let archive = support::noise(3, 400_000);
    let archive = Archive::new().file("a", b"1").file("b", &archive).finish();
    let bytes = gzip(&archive);
    let mut changed = bytes.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x10;
    let digest = || Options { digest: Some(sha256(&bytes)), ..Options::default() };
    let mut reader = LayerReader::new(digest());
    let results: Vec<_> = changed.chunks(1000).map(|chunk| reader.push(chunk)).collect();
    let first = results.iter().position(Result::is_err).unwrap_or(results.len());
    assert!(first < results.len(), "the bytes do not decompress");
    assert!(results.iter().skip(first).all(|result| *result == results[first]), "the same error again");
    let layer = reader.finish();
    assert!(matches!(layer.error, Some(LayerError::DigestMismatch { .. })), "{:?}", layer.error);
    assert!(matches!(layer.digest, Verification::Mismatch { .. }));
    assert_eq!(layer.compressed_bytes, changed.len() as u64);
    // A layer that was built with a fault is the one that its digest names.
    let options = Options { digest: Some(sha256(&changed)), ..Options::default() };
    let layer = read(&changed, 1000, options);
    assert_eq!(layer.digest, Verification::Verified(sha256(&changed)));
    assert!(!matches!(layer.error, None | Some(LayerError::DigestMismatch { .. })), "{:?}", layer.error);
    // A transfer that stopped says nothing about the digest.
    let mut reader = LayerReader::new(digest());
    let _ = changed.chunks(1000).take(first + 1).try_for_each(|chunk| reader.push(chunk));
    let layer = reader.interrupt("lost");
    assert_eq!((layer.digest, layer.error), (Verification::Unchecked, results[first].clone().err()));
}

#[test]
fn a_truncated_layer_keeps_what_was_read() {
    let archive = sample();
    for bytes in [archive.clone(), gzip(&archive), zstd_raw(&archive)] {
        for length in 0..bytes.len() {
            let layer = read(&bytes[..length], 64, Options::default());
            let ends_between_blocks = layer.error.is_none();
            if ends_between_blocks {
                // Only an uncompressed archive can end between two entries; it is reported as a warning.
                assert_eq!(layer.compression, Some(Compression::None));
                let has_end = layer.warnings.iter().all(|warning| warning.kind != WarningKind::MissingEnd);
                assert!(has_end == (length >= bytes.len() - 512) || length % 512 == 0, "{length}");
            }
        }
    }
    let bytes = gzip(&archive);
    let layer = read(&bytes[..bytes.len() - 9], 64, Options::default());
    assert!(matches!(layer.error, Some(LayerError::Truncated { .. })));
    assert_eq!(layer.entries().len(), 5);
}

#[test]
fn what_is_not_an_archive_is_refused() {
    let error = |bytes: &[u8]| read(bytes, 100, Options::default()).error;
    assert_eq!(error(&vec![b'x'; 2000]), Some(LayerError::NotAnArchive));
    assert_eq!(error(b"{}"), Some(LayerError::NotAnArchive));
    assert_eq!(error(&gzip(&vec![b'x'; 2000])), Some(LayerError::NotAnArchive));
    assert_eq!(error(b""), Some(LayerError::Truncated { at: 0 }));
    assert_eq!(error(b"BZh91AY&SY"), Some(LayerError::UnsupportedCompression("bzip2".into())));
    assert_eq!(error(b"\xfd7zXZ\0\0\0"), Some(LayerError::UnsupportedCompression("xz".into())));
}

#[test]
fn checksums_are_checked() {
    let archive = sample();
    let mut header = archive.clone();
    header[0] ^= 1;
    assert_eq!(read(&header, 100, Options::default()).error, Some(LayerError::HeaderChecksum { at: 0 }));
    let mut second = archive.clone();
    second[512] ^= 1;
    let layer = read(&second, 100, Options::default());
    assert_eq!(layer.error, Some(LayerError::HeaderChecksum { at: 512 }));
    assert_eq!(layer.entries().len(), 1);
    let mut trailer = gzip(&archive);
    let at = trailer.len() - 8;
    trailer[at] ^= 1;
    assert!(matches!(
        read(&trailer, 100, Options::default()).error,
        Some(LayerError::ContentChecksum { .. })
    ));
}

#[test]
fn a_false_header_is_named() {
    let mut archive = sample();
    archive[512 + 124..512 + 136].copy_from_slice(b"zzzzzzzzzzz\0");
    support::fix_checksum(&mut archive, 512);
    let layer = read(&archive, 100, Options::default());
    assert_eq!(layer.error, Some(LayerError::Header { at: 512, field: "size".into() }));
    let mut negative = sample();
    negative[512 + 124..512 + 136].copy_from_slice(&[0xff; 12]);
    support::fix_checksum(&mut negative, 512);
    assert_eq!(
        read(&negative, 100, Options::default()).error,
        Some(LayerError::Header { at: 512, field: "size".into() })
    );
}

#[test]
fn decompression_bombs_are_limited_and_the_limit_can_be_raised() {
    let bomb = gzip(&Archive::new().file("zeros", &vec![0; 4 << 20]).finish());
    let limits = Limits { ratio: 100, ratio_floor_bytes: 1 << 20, ..Limits::default() };
    let layer = read(&bomb, 1000, Options { limits: limits.clone(), ..Options::default() });
    assert!(matches!(layer.error, Some(LayerError::Ratio { limit: 100, .. })), "{:?}", layer.error);
    let limits = Limits { uncompressed_bytes: 1 << 20, ..Limits::default() };
    let layer = read(&bomb, 1000, Options { limits, ..Options::default() });
    assert_eq!(layer.error, Some(LayerError::UncompressedSize { limit: 1 << 20 }));
    let layer = read(&bomb, 1000, Options { limits: Limits::unlimited(), ..Options::default() });
    assert_eq!(layer.error, None);
    let limits = Limits { entries: 2, ..Limits::default() };
    let layer = read(&sample(), 1000, Options { limits, ..Options::default() });
    assert_eq!(layer.error, Some(LayerError::EntryCount { limit: 2 }));
}

#[test]
fn unusual_paths_are_resolved_and_reported() {
    let archive = Archive::new()
        .raw("../../etc/passwd", b'0', b"a")
        .raw("/abs", b'0', b"b")
        .raw_bytes(b"caf\xe9", b'0', b"c")
        .raw("abs", b'0', b"d")
        .raw("what", b'Z', b"e")
        .raw("a/.wh.", b'0', b"")
        .finish();
    let layer = read(&archive, 7, Options::default());
    assert_eq!(layer.error, None);
    let kinds: Vec<WarningKind> = layer.warnings.iter().map(|warning| warning.kind).collect();
    use WarningKind::*;
    assert_eq!(kinds, [ParentPath, AbsolutePath, NotUtf8, Duplicate, UnknownType, InvalidWhiteout]);
    assert_eq!(layer.path(&layer.entries()[0]), b"etc/passwd");
    assert_eq!(layer.path(&layer.entries()[2]), b"caf\xe9");
}

#[test]
fn a_transfer_that_stops_keeps_its_entries() {
    let archive = sample();
    let mut reader = LayerReader::new(Options::default());
    reader.push(&archive[..1600]).unwrap();
    assert_eq!(reader.layer().entries().len(), 2);
    let layer = reader.interrupt("429 Too Many Requests");
    assert_eq!(layer.error, Some(LayerError::Interrupted("429 Too Many Requests".into())));
    assert_eq!(layer.entries().len(), 2);
}

#[test]
fn files_open_from_a_seek_point() {
    let mut archive = Archive::new();
    let mut contents = Vec::new();
    for number in 0..120_u32 {
        let content = support::noise(number, 100_000 + number as usize * 17);
        archive = archive.file(&format!("f{number}"), &content);
        contents.push(content);
    }
    let archive = archive.finish();
    for bytes in
        [archive.clone(), gzip(&archive), support::gzip_members(&archive, 3_000_000), zstd_raw(&archive)]
    {
        let options = Options { fingerprint_key: Some(FingerprintKey([7; 16])), ..Options::default() };
        let layer = read(&bytes, 60_000, options);
        assert_eq!(layer.error, None);
        for (id, content) in layer.entry_ids().zip(&contents).step_by(9) {
            let location = layer.locate(id).unwrap();
            let range = location.start as usize..location.end.unwrap() as usize;
            if layer.compression == Some(Compression::Gzip) {
                assert!(range.len() < 4 << 20, "{} bytes", range.len());
            }
            let mut read = Vec::new();
            let mut file = FileReader::new(&layer, id, u64::MAX).unwrap();
            for chunk in bytes[range].chunks(50_000) {
                if file.push(chunk, &mut |bytes| read.extend_from_slice(bytes)).unwrap() {
                    break;
                }
            }
            assert!(file.finish(&mut |bytes| read.extend_from_slice(bytes)).unwrap().verified);
            assert!(read == *content, "{id:?} of {:?}", layer.compression);
        }
    }
}
