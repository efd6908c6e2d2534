//! Which content belongs to a row: of all layers merged, of one layer, and after layers were read again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use acr_layers_worker::Service;
use acr_layers_worker::protocol::{FileVersion, LayerSource, Reply, Request, Row};
use support::*;

/// A layer whose digest is that of its bytes.
fn read(service: &mut Service, bytes: &[u8]) -> String {
    let layer = LayerSource { digest: digest_of(bytes), ..source('0') };
    let digest = layer.digest.clone();
    service.handle(Request::Open { layer, unlimited: false }, &[]);
    service.handle(Request::Push, bytes);
    assert!(matches!(service.handle(Request::Finish, &[]).0, Reply::Layer(_)));
    digest
}

/// An archive of one hard link after these files.
fn with_link(files: &[(&str, &str)], name: &str, target: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Link);
    header.set_size(0);
    builder.append_link(&mut header, name, target).unwrap();
    builder.into_inner().unwrap()
}

/// What the image of these layers shows: the service, and the bytes of each layer by its digest.
struct Read {
    service: Service,
    blobs: Vec<(String, Vec<u8>)>,
}

impl Read {
    fn of(layers: &[Vec<u8>]) -> Self {
        let mut service = Service::new([7; 16]);
        let blobs: Vec<_> = layers.iter().map(|bytes| (read(&mut service, bytes), bytes.clone())).collect();
        let mut this = Self { service, blobs };
        this.assemble();
        this
    }

    fn assemble(&mut self) -> acr_layers_worker::protocol::ImageSummary {
        let digests = self.blobs.iter().map(|(digest, _)| digest.clone()).collect();
        match self.service.handle(Request::Assemble(LEFT, digests), &[]).0 {
            Reply::Image(image) => image,
            other => panic!("{other:?}"),
        }
    }

    fn row(&mut self, name: &str, layer: Option<u16>) -> Row {
        arrange(&mut self.service, "", layer);
        rows(&mut self.service).into_iter().find(|row| row.name == name).unwrap()
    }

    /// The content of a version, if it has any.
    fn content(&mut self, file: FileVersion) -> Option<String> {
        let Reply::Range(range) = self.service.handle(Request::Extract(LEFT, file, 1000), &[]).0 else {
            return None;
        };
        let (_, blob) = self.blobs.iter().find(|(digest, _)| *digest == range.digest).unwrap();
        let bytes = &blob[range.start as usize..range.end.unwrap() as usize];
        let (reply, content) = match self.service.handle(Request::ExtractPush, bytes) {
            (Reply::More, _) => self.service.handle(Request::ExtractEnd, &[]),
            answer => answer,
        };
        assert!(matches!(reply, Reply::Content(_)), "{reply:?}");
        content.map(|bytes| String::from_utf8(bytes).unwrap())
    }
}

#[test]
fn a_row_of_one_layer_opens_the_content_of_that_layer() {
    let lower = archive(&[("a", "layer zero secret!"), ("gone", "removed")]);
    let upper = archive(&[("a", "new"), (".wh.gone", "")]);
    let mut read = Read::of(&[lower, upper]);
    for (layer, name, content, number) in [
        (Some(0), "a", "layer zero secret!", 0),
        (Some(0), "gone", "removed", 0),
        (Some(1), "a", "new", 1),
        (Some(1), "gone", "removed", 1),
        (None, "a", "new", 1),
    ] {
        let row = read.row(name, layer);
        assert_eq!((row.size, row.layer), (content.len() as u64, number), "{name} of {layer:?}");
        assert_eq!(read.content(row.file.clone()).as_deref(), Some(content), "{name} of {layer:?}");
        // What is shown of the file stays, whichever layer is listed afterwards.
        let Reply::File(details) = read.service.handle(Request::File(LEFT, row.file), &[]).0 else {
            panic!()
        };
        assert!(details.range.is_some(), "{name} of {layer:?}");
        read.row("a", None);
        assert_eq!(read.content(details.row.file).as_deref(), Some(content), "{name} of {layer:?}");
    }
}

#[test]
fn a_hard_link_has_the_size_and_the_content_of_its_target_in_every_view() {
    let mut read = Read::of(&[with_link(&[("a", "eleven byte")], "link", "a")]);
    for layer in [None, Some(0)] {
        let row = read.row("link", layer);
        assert_eq!((row.size, row.link.as_str()), (11, "a"), "{layer:?}");
        assert_eq!(read.content(row.file.clone()).as_deref(), Some("eleven byte"), "{layer:?}");
        let Reply::File(details) = read.service.handle(Request::File(LEFT, row.file), &[]).0 else {
            panic!()
        };
        assert_eq!(details.history[0].1, 11);
    }
}

#[test]
fn a_hard_link_without_a_target_has_no_content_and_is_reported() {
    let mut read = Read::of(&[archive(&[("f", "x")]), with_link(&[("f/below", "y")], "link", "missing")]);
    let file = read.row("link", None).file;
    assert_eq!(read.content(file), None);
    let warnings = read.assemble().warnings;
    let [(1, warnings)] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!(warnings.count, 2);
    let of =
        |path: &str| warnings.first.iter().find(|(_, of)| of == path).map(|(sentence, _)| sentence.as_str());
    assert_eq!(of("link"), Some("The hard link’s target does not exist."));
    assert_eq!(of("f/below"), Some("The path leads through something that is not a directory."));
}

#[test]
fn a_directory_of_one_layer_is_as_large_as_what_the_layer_put_there() {
    let mut read = Read::of(&[archive(&[("d/a", "12345"), ("d/b", "1")]), archive(&[("d/a", "123")])]);
    assert_eq!(read.row("d", None).size, 4);
    assert_eq!(read.row("d", Some(0)).size, 6);
    assert_eq!(read.row("d", Some(1)).size, 3);
}

#[test]
fn a_file_stays_the_same_when_a_layer_is_read_again() {
    let lower = archive(&[("one", "1"), ("caf\u{e9}\\", "lower"), ("two", "2")]);
    let upper = archive(&[("a", "upper")]);
    let mut read = Read::of(&[lower.clone(), upper]);
    let digest = read.blobs[0].0.clone();
    // The lower layer breaks off before its first entry.
    let layer = LayerSource { digest, ..source('0') };
    read.service.handle(Request::Open { layer, unlimited: false }, &[]);
    read.service.handle(Request::Interrupt("the connection broke".to_owned()), &[]);
    read.assemble();
    let row = read.row("a", None);
    self::read(&mut read.service, &lower);
    read.assemble();
    assert_ne!(read.row("a", None).node, row.node, "nodes are numbered again");
    assert_eq!(read.content(row.file).as_deref(), Some("upper"));
    let escaped = read.row("caf\u{e9}\\\\", None).file;
    assert_eq!(read.content(escaped).as_deref(), Some("lower"));
}
