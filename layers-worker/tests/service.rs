//! The service as the page uses it: layers go in chunk by chunk, rows come out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use acr_layers_worker::protocol::{Fate, LayerSource, LayerSummary, Mark, Reply, Request};
use acr_layers_worker::{Service, cached_index};

mod support;

use support::*;

#[test]
fn a_tree_shows_what_is_open_and_a_search_what_it_found() {
    let mut service = service(&[&[("etc/motd", "hello"), ("etc/ssl/cert.pem", "x"), ("README", "r")]]);
    assert_eq!(names(&mut service), ["etc", "README"]);
    let etc = rows(&mut service)[0].clone();
    assert_eq!((etc.open, etc.size), (Some(false), 6));
    service.handle(Request::Toggle(LEFT, etc.node), &[]);
    assert_eq!(names(&mut service), ["etc", "ssl", "motd", "README"]);
    assert!(matches!(arrange(&mut service, "*.pem", None), Reply::Count(3)));
    assert_eq!(names(&mut service), ["etc", "ssl", "cert.pem"]);
    service.handle(Request::Toggle(LEFT, etc.node), &[]);
    assert_eq!(names(&mut service), ["etc"], "what a search opened can be closed");
    assert!(matches!(arrange(&mut service, "/(/", None), Reply::Failed(_)));
}

#[test]
fn a_layer_shows_what_it_added_changed_and_removed() {
    let mut service =
        service(&[&[("a", "1"), ("b", "1"), ("c", "1")], &[("a", "2"), (".wh.b", ""), ("d", "1")]]);
    assert_eq!(names(&mut service), ["a", "c", "d"]);
    arrange(&mut service, "", Some(1));
    let marks: Vec<_> =
        rows(&mut service).into_iter().filter_map(|row| Some((row.name, row.mark?))).collect();
    let mark = |name: &str| marks.iter().find(|(of, _)| of == name).map(|(_, mark)| *mark);
    assert_eq!(mark("a"), Some(Mark::Changed));
    assert_eq!(mark("b"), Some(Mark::Removed));
    assert_eq!(mark("d"), Some(Mark::Added));
    assert_eq!(mark("c"), None);
    let Reply::Waste(waste) = service.handle(Request::Waste(LEFT), &[]).0 else { panic!() };
    assert_eq!((waste.bytes, waste.files), (2, 2));
    assert!(waste.largest.iter().any(|(path, _, _, fate)| path == "/b" && *fate == Fate::Deleted(1)));
}

#[test]
fn a_file_is_opened_from_the_bytes_of_its_range() {
    let files: &[(&str, &str)] = &[("a", "first"), ("b", "grüße")];
    let mut service = service(&[files]);
    let file = rows(&mut service)[1].file.clone();
    let Reply::File(details) = service.handle(Request::File(LEFT, file.clone()), &[]).0 else { panic!() };
    assert_eq!(details.row.file.path, "/b");
    let Reply::Range(range) = service.handle(Request::Extract(LEFT, file, 100), &[]).0 else { panic!() };
    assert_eq!(Some(&range), details.range.as_ref());
    let range = &archive(files)[range.start as usize..range.end.unwrap() as usize];
    let (reply, content) = service.handle(Request::ExtractPush, range);
    let Reply::Content(summary) = reply else { panic!("{reply:?}") };
    assert_eq!(summary.encoding.as_deref(), Some("utf-8"));
    assert_eq!(content.as_deref(), Some("grüße".as_bytes()));
}

#[test]
fn bad_layers_are_reported_and_the_others_stay() {
    let mut service = Service::new([7; 16]);
    let encrypted = LayerSource { media_type: format!("{TAR}+encrypted"), ..source('a') };
    let Reply::Layer(summary) = service.handle(Request::Open { layer: encrypted, unlimited: false }, &[]).0
    else {
        panic!()
    };
    assert!(summary.error.unwrap().contains("encrypted"));
    service.handle(Request::Open { layer: source('b'), unlimited: false }, &[]);
    service.handle(Request::Push, &archive(&[("a", "1")]));
    let Reply::Layer(summary) = service.handle(Request::Finish, &[]).0 else { panic!() };
    assert!(summary.error.unwrap().contains("digest"), "a digest that does not match is reported");
    service.handle(Request::Assemble(LEFT, vec![source('a').digest, source('b').digest]), &[]);
    assert!(names(&mut service).is_empty(), "content of another digest is not shown");
    assert_eq!(cached_index(&service, &source('b').digest), None);
    assert!(matches!(service.handle(Request::Push, &[0; 10]).0, Reply::Absent));
}

#[test]
fn bytes_after_an_error_show_whether_the_layer_is_the_manifests() {
    let good = archive(&[("a", "1"), ("b", "2")]);
    let mut altered = good.clone();
    altered[1024 + 148] ^= 1;
    let of = |bytes: &[u8]| LayerSource { digest: digest_of(bytes), ..source('0') };
    let error = |layer: LayerSource, bytes: &[u8]| summary_of(layer, bytes, false).error.unwrap_or_default();
    assert!(error(of(&altered), &altered).contains("invalid checksum"));
    assert!(error(of(&good), &altered).contains("does not match its digest"));
    let mut service = Service::new([7; 16]);
    service.handle(Request::Open { layer: of(&good), unlimited: false }, &[]);
    for chunk in altered.chunks(600) {
        assert!(matches!(service.handle(Request::Push, chunk).0, Reply::Progress { .. }));
    }
    service.handle(Request::Finish, &[]);
    service.handle(Request::Assemble(LEFT, vec![digest_of(&good)]), &[]);
    assert!(names(&mut service).is_empty(), "nothing of altered bytes is shown");
}

/// An eStargz layer with the file `d/a`: its bytes, and its table of contents.
fn estargz() -> (Vec<u8>, String) {
    let mut blob = gzip(&[0; 512]);
    let file = blob.len();
    blob.extend(gzip(b"first file"));
    let toc = format!(
        r#"{{"version":1,"entries":[{{"name":"d/","type":"dir"}},{{"name":"d/a","type":"reg","size":10,"offset":{file}}}]}}"#
    );
    let table = blob.len();
    blob.extend(gzip(&archive(&[("stargz.index.json", &toc)])));
    let mut footer = vec![0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 26, 0];
    footer.extend(format!("SG\x16\0{table:016x}STARGZ").bytes());
    footer.extend([1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]);
    blob.extend(footer);
    (blob, toc)
}

#[test]
fn a_layer_with_a_table_of_contents_is_listed_from_its_end_and_not_cached() {
    let (blob, toc) = estargz();
    let layer = LayerSource { contents: Some(digest_of(toc.as_bytes())), ..source('a') };
    let mut service = Service::new([7; 16]);
    let footer = &blob[blob.len() - 51..];
    let Reply::Offset(offset) = service.handle(Request::FindContents, footer).0 else { panic!() };
    let table = &blob[offset as usize..];
    let other = LayerSource { contents: Some(format!("sha256:{}", "0".repeat(64))), ..layer.clone() };
    let Reply::Failed(why) = service.handle(Request::ReadContents(other, offset), table).0 else { panic!() };
    assert!(why.contains("digest"), "{why}");
    let Reply::Layer(summary) = service.handle(Request::ReadContents(layer.clone(), offset), table).0 else {
        panic!()
    };
    assert!(summary.from_contents && summary.entries == 2);
    assert_eq!(cached_index(&service, &layer.digest), None);
    service.handle(Request::Assemble(LEFT, vec![layer.digest]), &[]);
    arrange(&mut service, "a", None);
    let file = rows(&mut service).into_iter().find(|row| row.name == "a").unwrap().file;
    let Reply::Range(range) = service.handle(Request::Extract(LEFT, file, 100), &[]).0 else { panic!() };
    let range = &blob[range.start as usize..range.end.unwrap_or(offset) as usize];
    let (reply, content) = match service.handle(Request::ExtractPush, range) {
        (Reply::More, _) => service.handle(Request::ExtractEnd, &[]),
        answer => answer,
    };
    assert!(matches!(reply, Reply::Content(_)), "{reply:?}");
    assert_eq!(content.as_deref(), Some(&b"first file"[..]));
    let (reply, _) = service.handle(Request::ReadContents(source('b'), 0), b"no archive at all");
    assert!(matches!(reply, Reply::Failed(_)));
}

/// What the page receives about a layer of these bytes.
fn summary_of(layer: LayerSource, bytes: &[u8], unlimited: bool) -> LayerSummary {
    let mut service = Service::new([7; 16]);
    if let Reply::Layer(summary) = service.handle(Request::Open { layer, unlimited }, &[]).0 {
        return summary;
    }
    for chunk in bytes.chunks(4096) {
        if let Reply::Layer(summary) = service.handle(Request::Push, chunk).0 {
            return summary;
        }
    }
    let Reply::Layer(summary) = service.handle(Request::Finish, &[]).0 else { panic!() };
    summary
}

#[test]
fn every_fault_of_a_layer_has_its_message_and_keeps_what_was_read() {
    let good = archive(&[("a", "1"), ("b", "2")]);
    let mut checksum = good.clone();
    checksum[1024 + 148] ^= 1;
    let unsupported = b"BZh91AY&SY".repeat(60);
    let of = |bytes: &[u8]| LayerSource { digest: digest_of(bytes), ..source('0') };
    let foreign = LayerSource { urls: vec!["https://example.com/layer".to_owned()], ..source('f') };
    let foreign = LayerSource {
        media_type: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip".to_owned(),
        ..foreign
    };
    let faults = [
        (of(&good[..1200]), good[..1200].to_vec(), "the layer ends early", 1),
        (of(&checksum), checksum, "invalid checksum", 1),
        (foreign, Vec::new(), "it is distributed by https://example.com/layer", 0),
        (of(&unsupported), unsupported, "is not supported", 0),
        (source('4'), good.clone(), "does not match its digest", 2),
    ];
    for (layer, bytes, message, entries) in faults {
        let summary = summary_of(layer, &bytes, false);
        let error = summary.error.unwrap_or_default();
        assert!(error.contains(message), "{message}: {error}");
        assert_eq!((summary.entries, summary.can_override), (entries, false), "{message}");
    }
}

#[test]
fn a_decompression_bomb_is_reported_and_can_be_read_all_the_same() {
    let zeros = "\0".repeat(80 << 20);
    let bomb = gzip(&archive(&[("zeros", &zeros)]));
    let layer = LayerSource { digest: digest_of(&bomb), media_type: format!("{TAR}+gzip"), ..source('a') };
    let limited = summary_of(layer.clone(), &bomb, false);
    assert!(limited.can_override && limited.error.unwrap().contains("a ratio above 200"));
    assert_eq!(summary_of(layer, &bomb, true).error, None);
}

#[test]
fn unusual_names_are_warnings() {
    let long = "n".repeat(300);
    let bytes = archive(&[(&long, "x"), ("twice", "1"), ("twice", "2")]);
    let summary = summary_of(LayerSource { digest: digest_of(&bytes), ..source('a') }, &bytes, false);
    assert_eq!((summary.error, summary.entries, summary.warnings.count), (None, 3, 2));
    let paths: Vec<&str> = summary.warnings.first.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(paths, [&long, "twice"]);
    let mut service = Service::new([7; 16]);
    let layer = LayerSource { digest: digest_of(&bytes), ..source('a') };
    service.handle(Request::Open { layer: layer.clone(), unlimited: false }, &[]);
    service.handle(Request::Push, &bytes[..2048]);
    let Reply::Layer(summary) = service.handle(Request::Interrupt("throttled".to_owned()), &[]).0 else {
        panic!()
    };
    assert_eq!(summary.error.as_deref(), Some("the transfer stopped: throttled"));
}

#[test]
fn a_layer_with_a_ztoc_is_listed_from_it_where_it_is_that_of_the_layer() {
    let ztoc = include_bytes!("../../layers/tests/fixtures/ustar.ztoc");
    let blob = include_bytes!("../../layers/tests/fixtures/ustar.tar.gz");
    let (layer, size) = (source('b'), blob.len() as u64);
    let mut service = Service::new([7; 16]);
    for (size, ztoc) in [(size + 1, &ztoc[..]), (size, &ztoc[..9])] {
        let reply = service.handle(Request::ReadZtoc(layer.clone(), size), ztoc).0;
        assert!(matches!(reply, Reply::Failed(_)), "{reply:?}");
    }
    let Reply::Layer(summary) = service.handle(Request::ReadZtoc(layer.clone(), size), ztoc).0 else {
        panic!("it was not listed");
    };
    assert!(summary.from_contents && summary.compressed == size);
    service.handle(Request::Assemble(LEFT, vec![layer.digest]), &[]);
    assert!(names(&mut service).contains(&"etc".to_owned()));
}
