//! Fields of headers that are unusual or invalid: only what leaves the place of the next header unknown ends the reading.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failure of the test")]

mod support;

use acr_layers::{EntryKind, Layer, LayerError, Limits, Options, WarningKind};
use support::{Archive, fix_checksum, read};

/// The paths, kinds and sizes of a layer that was read to its end.
fn listed(archive: &[u8]) -> Vec<(String, EntryKind, u64)> {
    let layer = read(archive, 700, Options::default());
    assert_eq!(layer.error, None);
    entries(&layer)
}

fn entries(layer: &Layer) -> Vec<(String, EntryKind, u64)> {
    let path = |entry| String::from_utf8_lossy(&layer.path(entry)).into_owned();
    layer.entries().iter().map(|entry| (path(entry), entry.kind, entry.size)).collect()
}

fn kinds(layer: &Layer) -> Vec<WarningKind> {
    layer.warnings.iter().map(|warning| warning.kind).collect()
}

/// The records of an extended header.
fn records(pairs: &[(&str, &str)]) -> Vec<u8> {
    let record = |(key, value): &(&str, &str)| {
        let rest = format!(" {key}={value}\n");
        let digits = (rest.len() + 2).to_string().len();
        let length = rest.len() + digits;
        let length = if length.to_string().len() > digits { length + 1 } else { length };
        format!("{length}{rest}")
    };
    pairs.iter().map(record).collect::<String>().into_bytes()
}

/// An extended header, an entry that it describes, and an entry after that.
fn with_records(pairs: &[(&str, &str)]) -> Vec<u8> {
    Archive::new().raw("x", b'x', &records(pairs)).file("a", b"1234").file("after", b"5").finish()
}

/// An entry whose field is replaced, and one after it.
fn with_field(at: usize, field: &[u8]) -> Vec<u8> {
    let mut archive = Archive::new().file("a", b"1234").file("after", b"5").finish();
    archive[at..at + field.len()].copy_from_slice(field);
    fix_checksum(&mut archive, 0);
    archive
}

#[test]
fn a_directory_with_a_list_of_names_has_no_content_but_bytes() {
    let archive = Archive::new().raw("inc/", b'D', b"Ya\0Yb\0\0").file("inc/a", b"1").finish();
    assert_eq!(
        listed(&archive),
        [("inc".into(), EntryKind::Directory, 0), ("inc/a".into(), EntryKind::File, 1)]
    );
}

#[test]
fn only_the_type_of_old_archives_makes_a_directory_of_a_slash() {
    let archive = Archive::new().raw("a/", b'0', b"data").raw("d/", b'0', b"");
    let mut archive = archive.file("after", b"5").finish();
    // The second header: after the first, and its content.
    archive[1024 + 156] = 0;
    fix_checksum(&mut archive, 1024);
    assert_eq!(
        listed(&archive),
        [
            ("a".into(), EntryKind::File, 4),
            ("d".into(), EntryKind::Directory, 0),
            ("after".into(), EntryKind::File, 1)
        ]
    );
}

#[test]
fn fields_that_do_not_locate_content_may_be_invalid() {
    let [a, after] = [("a".to_owned(), EntryKind::File, 4), ("after".to_owned(), EntryKind::File, 1)];
    // Where the field is, what it holds, and whether it is invalid: mode, uid, gid, time.
    for (at, field, invalid) in [
        (100, &b"zzzzzzz\0"[..], true),
        (108, b"\xff\xff\xff\xff\xff\xff\xff\xfe", false),
        (116, b"8888888\0", true),
        (136, b"-----------\0", true),
    ] {
        let layer = read(&with_field(at, field), 700, Options::default());
        assert_eq!(layer.error, None, "{at}");
        assert_eq!(entries(&layer), [a.clone(), after.clone()], "{at}");
        assert_eq!(kinds(&layer).contains(&WarningKind::InvalidField), invalid, "{at}");
    }
    let layer = read(&with_field(108, b"\xff\xff\xff\xff\xff\xff\xff\xfe"), 700, Options::default());
    assert_eq!(layer.entries()[0].uid, 4_294_967_294, "as chown takes -2");
    for (records, invalid) in [
        (&[("uid", "-1"), ("gid", "-2")][..], false),
        (&[("uid", "x")], true),
        (&[("mtime", "yesterday")], true),
    ] {
        let layer = read(&with_records(records), 700, Options::default());
        assert_eq!(layer.error, None, "{records:?}");
        assert_eq!(entries(&layer), [a.clone(), after.clone()], "{records:?}");
        assert_eq!(kinds(&layer).contains(&WarningKind::InvalidField), invalid, "{records:?}");
    }
}

#[test]
fn an_invalid_size_ends_the_reading() {
    let layer = read(&with_field(124, b"zzzzzzzzzzz\0"), 700, Options::default());
    assert_eq!(layer.error, Some(LayerError::Header { at: 0, field: "size".into() }));
    let layer = read(&with_records(&[("size", "-1")]), 700, Options::default());
    assert!(matches!(layer.error, Some(LayerError::Header { .. })), "{:?}", layer.error);
    // What has no content needs no size.
    let mut archive = Archive::new().symlink("l", "a").file("after", b"5").finish();
    archive[124..136].copy_from_slice(b"zzzzzzzzzzz\0");
    fix_checksum(&mut archive, 0);
    assert_eq!(listed(&archive).len(), 2);
}

#[test]
fn numbers_may_be_among_spaces_and_nuls() {
    for field in [&b"\x00000000004\0"[..], b" \0 00000004 ", b"00000000004\0"] {
        assert_eq!(listed(&with_field(124, field))[0].2, 4, "{}", field.escape_ascii());
    }
}

#[test]
fn empty_values_of_extended_headers_set_nothing() {
    let empty = [("path", ""), ("uid", ""), ("gid", ""), ("size", ""), ("mtime", ""), ("linkpath", "")];
    let archive = with_records(&empty);
    assert_eq!(listed(&archive)[0], ("a".into(), EntryKind::File, 4));
    let layer = read(&archive, 700, Options::default());
    assert_eq!((layer.entries()[0].mtime, kinds(&layer)), (1_700_000_000, vec![]));
}

#[test]
fn extended_headers_replace_each_other_and_global_ones_are_ignored() {
    let header = |path: &str| records(&[("path", path)]);
    let archive = Archive::new()
        .raw("g", b'g', &records(&[("path", "global"), ("size", "1000")]))
        .file("a", b"1234")
        .raw("x", b'x', &records(&[("path", "first"), ("uid", "7")]))
        .raw("x", b'x', &header("second"))
        .file("b", b"1")
        .finish();
    let layer = read(&archive, 700, Options::default());
    let paths: Vec<String> = entries(&layer).into_iter().map(|(path, ..)| path).collect();
    assert_eq!((layer.error.clone(), paths), (None, vec!["a".to_owned(), "second".to_owned()]));
    assert_eq!(layer.entries()[1].uid, 0);
}

#[test]
fn an_invalid_sparse_map_does_not_hide_what_follows() {
    let header = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "9")];
    for content in [&b""[..], b"x\n", b"1\n0\n", b"99999\n", &[b'0'; 2000]] {
        let archive = Archive::new().raw("x", b'x', &records(&header)).file("sparse", content);
        let layer = read(&archive.file("after", b"5").finish(), 700, Options::default());
        assert_eq!(layer.error, None, "{}", content.escape_ascii());
        assert_eq!(entries(&layer)[1].0, "after", "{}", content.escape_ascii());
        let is_reported = kinds(&layer).contains(&WarningKind::InvalidSparseMap);
        assert_eq!(is_reported, !content.is_empty(), "{}", content.escape_ascii());
        let id = layer.entry_ids().next().unwrap();
        assert_eq!(
            acr_layers::FileReader::new(&layer, id, 100).is_some(),
            layer.entry(id).unwrap().stored == 0
        );
    }
}

#[test]
fn names_links_and_sparse_maps_are_limited_together() {
    let limits = Limits { metadata_bytes: 10_000, ..Limits::default() };
    let error =
        |archive: &[u8]| read(archive, 700, Options { limits: limits.clone(), ..Options::default() }).error;
    let too_much = Some(LayerError::MetadataSize { limit: 10_000 });
    let many = |count: usize| {
        (0..count).fold(Archive::new(), |archive, number| {
            let path = format!("{number:03}{}", "n".repeat(1997));
            archive.raw("x", b'x', &records(&[("path", &path)])).file("a", b"")
        })
    };
    assert_eq!(error(&many(5).finish()), None);
    assert_eq!(error(&many(6).finish()), too_much);
    let link = |archive: Archive, number: usize| {
        archive
            .raw("x", b'x', &records(&[("linkpath", &"t".repeat(2000))]))
            .symlink(&format!("l{number}"), "t")
    };
    assert_eq!(error(&(0..6).fold(Archive::new(), link).finish()), too_much);
    let map = vec!["0,0"; 700].join(",");
    let sparse = [("GNU.sparse.size", "0"), ("GNU.sparse.map", &map)];
    assert_eq!(error(&Archive::new().raw("x", b'x', &records(&sparse)).file("s", b"").finish()), too_much);
}

#[test]
fn a_name_that_linux_cannot_store_is_read_and_reported() {
    let name = "n".repeat(300);
    let archive = Archive::new().file(&format!("d/{name}"), b"1").file("after", b"5").finish();
    let layer = read(&archive, 700, Options::default());
    assert_eq!(entries(&layer)[0].0, format!("d/{name}"));
    assert_eq!((layer.error.clone(), kinds(&layer)), (None, vec![WarningKind::LongName]));
}

/// As Go's `archive/tar` decides, by which container runtimes unpack.
#[test]
fn of_several_names_the_one_counts_that_a_runtime_unpacks() {
    let pax = records(&[("path", "etc/harmless"), ("linkpath", "harmless")]);
    let both = Archive::new().raw("x", b'x', &pax).raw("L", b'L', b"etc/shadow\0").file("a", b"1").finish();
    let file = |path: &str, size| (path.to_owned(), EntryKind::File, size);
    assert_eq!(listed(&both), [file("etc/shadow", 1)]);
    let global =
        Archive::new().raw("x", b'x', &pax).raw("g", b'g', &records(&[("comment", "c")])).file("a", b"1");
    assert_eq!(listed(&global.finish()), [file("a", 1)]);
    let names = with_records(&[("GNU.sparse.name", "other")]);
    assert_eq!(listed(&names)[0].0, "a");
}
