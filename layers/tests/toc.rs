//! Tables of contents: eStargz and SOCI.

mod support;

use acr_layers::{
    ESTARGZ_FOOTER_BYTES, EntryKind, FileReader, Layer, LayerError, Limits, Options, Resume, estargz_layer,
    estargz_toc_offset, soci_layer,
};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use support::{Archive, gzip, noise, read};

#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failure of the test")]
fn open(layer: &Layer, blob: &[u8], path: &[u8]) -> Vec<u8> {
    let id = layer.entry_at(layer.tree().find(path).unwrap()).unwrap();
    let location = layer.locate(id).unwrap();
    let end = location.end.unwrap_or(blob.len() as u64) as usize;
    let mut content = Vec::new();
    let mut file = FileReader::new(layer, id, u64::MAX).unwrap();
    file.push(&blob[location.start as usize..end], &mut |bytes| content.extend_from_slice(bytes)).unwrap();
    file.finish(&mut |bytes| content.extend_from_slice(bytes)).unwrap();
    content
}

#[test]
fn estargz_files_open_without_reading_the_layer() {
    // Members: header, content of a, header and so on, content of b and c together.
    let contents = [b"first file".to_vec(), noise(1, 5000), noise(2, 70)];
    let mut blob = gzip(&[0; 512]);
    let first = blob.len();
    blob.extend(gzip(&contents[0]));
    blob.extend(gzip(&[0; 1024]));
    let second = blob.len();
    blob.extend(gzip(&[&contents[1][..], &[0; 512], &contents[2][..]].concat()));
    let toc_at = blob.len();
    let toc = format!(
        r#"{{"version":1,"entries":[
        {{"name":"d/","type":"dir","mode":493,"modtime":"2023-11-14T22:13:20Z"}},
        {{"name":"d/a","type":"reg","size":10,"offset":{first},"mode":420}},
        {{"name":"d/l","type":"symlink","linkName":"a"}},
        {{"name":"d/b","type":"reg","size":5000,"offset":{second}}},
        {{"name":"d/c","type":"reg","size":70,"offset":{second},"innerOffset":5512}},
        {{"name":"d/.wh.x","type":"reg"}}]}}"#
    );
    blob.extend(gzip(toc.as_bytes()));
    let layer = estargz_layer(toc.as_bytes(), toc_at as u64, &Limits::default()).unwrap();
    assert_eq!(layer.entries()[0].mtime, 1_700_000_000);
    assert_eq!(layer.link(&layer.entries()[2]), b"a");
    assert_eq!(layer.entries()[5].kind, EntryKind::Whiteout);
    for (path, content) in [b"d/a", b"d/b", b"d/c"].into_iter().zip(&contents) {
        assert!(open(&layer, &blob, path) == *content, "{}", path.escape_ascii());
    }
    assert!(matches!(estargz_layer(b"[]", 0, &Limits::default()), Err(LayerError::Index { .. })));
    let limits = Limits { entries: 3, ..Limits::default() };
    assert_eq!(estargz_layer(toc.as_bytes(), 0, &limits).err(), Some(LayerError::EntryCount { limit: 3 }));
}

/// A table as the specification has it: the first chunk is the file's own entry, the others name their offset in the file.
#[test]
fn estargz_files_of_several_chunks_open() {
    let (big, small) = (noise(1, 10_000), noise(2, 300));
    let mut blob = gzip(&[0; 512]);
    let mut offsets = Vec::new();
    for chunk in big.chunks(4000) {
        offsets.push(blob.len());
        blob.extend(gzip(chunk));
    }
    // The last chunk's member goes on with padding, and with a file that shares it.
    blob.truncate(offsets[2]);
    blob.extend(gzip(&[&big[8000..], &[0; 752], &small[..]].concat()));
    let after = blob.len();
    blob.extend(gzip(b"after"));
    let toc_at = blob.len();
    let toc = format!(
        r#"{{"version":1,"entries":[
        {{"name":"big","type":"reg","size":10000,"offset":{},"chunkSize":4000}},
        {{"name":"big","type":"chunk","offset":{},"chunkOffset":4000,"chunkSize":4000}},
        {{"name":"big","type":"chunk","offset":{},"chunkOffset":8000,"chunkSize":2000}},
        {{"name":"small","type":"reg","size":300,"offset":{},"innerOffset":2752}},
        {{"name":"after","type":"reg","size":5,"offset":{after}}}]}}"#,
        offsets[0], offsets[1], offsets[2], offsets[2]
    );
    blob.extend(gzip(toc.as_bytes()));
    let layer = estargz_layer(toc.as_bytes(), toc_at as u64, &Limits::default()).unwrap();
    assert_eq!(layer.entries().len(), 3);
    for (path, content) in [(&b"big"[..], &big[..]), (b"small", &small), (b"after", b"after")] {
        assert!(open(&layer, &blob, path) == content, "{}", path.escape_ascii());
    }
    // Chunks that do not follow each other are no table.
    let swapped = toc.replace("\"chunkOffset\":4000", "\"chunkOffset\":9000");
    assert!(matches!(
        estargz_layer(swapped.as_bytes(), 0, &Limits::default()),
        Err(LayerError::Index { .. })
    ));
}

#[test]
fn an_estargz_file_is_compared_with_its_digest_when_it_is_opened() {
    let member = gzip(b"hello\n");
    // Of `hello` and a line feed.
    let right = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    let layer = |digest: &str| {
        let toc = format!(
            r#"{{"version":1,"entries":[{{"name":"a","type":"reg","size":6,"offset":10,"digest":"sha256:{digest}"}}]}}"#
        );
        estargz_layer(toc.as_bytes(), 10 + member.len() as u64, &Limits::default()).unwrap()
    };
    let summary = |digest: &str| {
        let layer = layer(digest);
        let id = layer.entry_at(layer.tree().find(b"a").unwrap()).unwrap();
        let mut file = FileReader::new(&layer, id, u64::MAX).unwrap();
        file.push(&member, &mut |_| {}).unwrap();
        file.finish(&mut |_| {})
    };
    assert!(summary(right).unwrap().verified);
    assert!(!summary("not a digest").unwrap().verified);
    assert!(matches!(summary(&"0".repeat(64)), Err(LayerError::DigestMismatch { .. })));
}

#[test]
fn the_estargz_footer_names_its_table() {
    let mut footer = vec![0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 26, 0];
    footer.extend_from_slice(b"SG\x16\x000000000000001234STARGZ");
    footer.extend_from_slice(&[1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(footer.len() as u64, ESTARGZ_FOOTER_BYTES);
    assert_eq!(estargz_toc_offset(&footer), Some(0x1234));
    assert_eq!(estargz_toc_offset(&[&[1, 2, 3], &footer[..]].concat()), Some(0x1234));
    footer[40] = b'x';
    footer[20] = b'x';
    assert_eq!(estargz_toc_offset(&footer), None);
    assert_eq!(estargz_toc_offset(b"short"), None);
}

/// A ztoc of a layer that was read: what a SOCI index would have.
fn ztoc(layer: &Layer) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let files: Vec<_> = layer
        .entries()
        .iter()
        .map(|entry| {
            let name = builder.create_string(&String::from_utf8_lossy(&layer.path(entry)));
            let kind = builder.create_string(match entry.kind {
                EntryKind::Directory => "dir",
                EntryKind::SymbolicLink => "symlink",
                EntryKind::HardLink => "hardlink",
                EntryKind::CharacterDevice => "char",
                EntryKind::Fifo => "fifo",
                _ => "reg",
            });
            let link = builder.create_string(&String::from_utf8_lossy(layer.link(entry)));
            let time = builder.create_string("2023-11-14T22:13:20Z");
            let table = builder.start_table();
            builder.push_slot_always(4, name);
            builder.push_slot_always(6, kind);
            builder.push_slot_always(8, entry.data_at as i64);
            builder.push_slot_always(10, entry.size as i64);
            builder.push_slot_always(12, link);
            builder.push_slot_always(14, i64::from(entry.mode));
            builder.push_slot_always(24, time);
            WIPOffset::<()>::new(builder.end_table(table).value())
        })
        .collect();
    let offsets: Vec<WIPOffset<flatbuffers::ForwardsUOffset<()>>> =
        files.iter().map(|file| WIPOffset::new(file.value())).collect();
    let files = builder.create_vector(&offsets);
    let table = builder.start_table();
    builder.push_slot_always(4, files);
    let toc = builder.end_table(table);
    let mut checkpoints = (layer.seek_points().len() as u32).to_le_bytes().to_vec();
    checkpoints.extend_from_slice(&(1_u64 << 20).to_le_bytes());
    for point in layer.seek_points() {
        let Resume::Block { bits, window, .. } = &point.resume else { continue };
        checkpoints.extend_from_slice(&point.compressed.to_le_bytes());
        checkpoints.extend_from_slice(&point.uncompressed.to_le_bytes());
        checkpoints.push(*bits);
        checkpoints.extend(std::iter::repeat_n(0, (32 << 10) - window.len()));
        checkpoints.extend_from_slice(window);
    }
    let checkpoints = builder.create_vector(&checkpoints);
    let table = builder.start_table();
    builder.push_slot_always(10, checkpoints);
    let compression = builder.end_table(table);
    let table = builder.start_table();
    builder.push_slot_always(8, layer.compressed_bytes as i64);
    builder.push_slot_always(10, layer.uncompressed_bytes as i64);
    builder.push_slot_always(12, toc);
    builder.push_slot_always(14, compression);
    let root = builder.end_table(table);
    builder.finish_minimal(root);
    builder.finished_data().to_vec()
}

#[test]
fn soci_files_open_at_checkpoints() {
    let contents: Vec<Vec<u8>> = (0..40).map(|number| noise(number, 150_000)).collect();
    let archive = contents
        .iter()
        .enumerate()
        .fold(Archive::new(), |archive, (number, content)| archive.file(&format!("f{number}"), content));
    let blob = gzip(&archive.finish());
    let read = read(&blob, 10_000, Options::default());
    let has_bits = |point: &acr_layers::SeekPoint| matches!(point.resume, Resume::Block { bits: 1.., .. });
    assert!(read.seek_points().iter().any(has_bits), "the test needs a point within a byte");
    let ztoc = ztoc(&read);
    let layer = soci_layer(&ztoc, &Limits::default()).unwrap();
    assert_eq!(layer.seek_points().len(), read.seek_points().len());
    // The byte that two blocks share is part of the range of both: the last code of a file may end in it.
    let ends: Vec<u64> = layer.entry_ids().filter_map(|id| layer.locate(id)?.end).collect();
    let within_a_byte =
        |point: &&acr_layers::SeekPoint| matches!(point.resume, Resume::Block { value: None, .. });
    for point in layer.seek_points().iter().filter(within_a_byte) {
        assert!(ends.contains(&(point.compressed + 1)), "{}", point.compressed);
    }
    for (number, content) in contents.iter().enumerate() {
        assert!(open(&layer, &blob, format!("f{number}").as_bytes()) == *content, "f{number}");
    }
    assert_eq!(layer.entries()[0].mtime, 1_700_000_000);
    // Whatever the bytes are, the result is a layer or an error.
    for length in (0..ztoc.len()).step_by(997).chain(0..200) {
        let _ = soci_layer(&ztoc[..length], &Limits::default());
        let mut damaged = ztoc.clone();
        damaged[length] ^= 0xff;
        let _ = soci_layer(&damaged, &Limits::default());
    }
}

#[test]
fn entries_of_a_ztoc_that_share_a_long_path_are_refused() {
    let ztoc = |count: usize| {
        let mut builder = FlatBufferBuilder::new();
        let name = builder.create_string(&"a/".repeat(1000));
        let table = builder.start_table();
        builder.push_slot_always(4, name);
        let file = builder.end_table(table);
        let offsets: Vec<WIPOffset<flatbuffers::ForwardsUOffset<()>>> =
            (0..count).map(|_| WIPOffset::new(file.value())).collect();
        let files = builder.create_vector(&offsets);
        let table = builder.start_table();
        builder.push_slot_always(4, files);
        let toc = builder.end_table(table);
        let table = builder.start_table();
        let compression = builder.end_table(table);
        let table = builder.start_table();
        builder.push_slot_always(12, toc);
        builder.push_slot_always(14, compression);
        let root = builder.end_table(table);
        builder.finish_minimal(root);
        builder.finished_data().to_vec()
    };
    assert_eq!(soci_layer(&ztoc(3), &Limits::default()).unwrap().entries().len(), 3);
    assert!(matches!(soci_layer(&ztoc(1000), &Limits::default()), Err(LayerError::Index { .. })));
}

/// The fixture is what other tests push next to this layer: `ACR_WRITE_FIXTURES=1` writes it anew.
#[test]
fn the_ztoc_of_the_fixtures_is_that_of_its_layer() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let blob = std::fs::read(folder.join("ustar.tar.gz")).unwrap();
    let made = ztoc(&read(&blob, 4096, Options::default()));
    if std::env::var_os("ACR_WRITE_FIXTURES").is_some() {
        std::fs::write(folder.join("ustar.ztoc"), &made).unwrap();
    }
    assert!(std::fs::read(folder.join("ustar.ztoc")).unwrap() == made);
    let layer = soci_layer(&made, &Limits::default()).unwrap();
    assert_eq!(open(&layer, &blob, b"etc/hard"), b"hello\n");
}
