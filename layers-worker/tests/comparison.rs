//! Two images compared: what the tables of the page get of their files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use acr_layers_worker::Service;
use acr_layers_worker::protocol::{ChangedFiles, Compared, LayerSource, Reply, Request, Side};
use support::*;

/// What differs between the files of two layers.
fn files(left: &[u8], right: &[u8]) -> ChangedFiles {
    let mut service = Service::new([7; 16]);
    for (side, bytes) in [(Side::Left, left), (Side::Right, right)] {
        let layer = LayerSource { digest: digest_of(bytes), ..source('0') };
        service.handle(Request::Open { layer: layer.clone(), unlimited: false }, &[]);
        service.handle(Request::Push, bytes);
        service.handle(Request::Finish, &[]);
        service.handle(Request::Assemble(side, vec![layer.digest]), &[]);
    }
    let compared = Compared { with_files: true, ..Compared::default() };
    match service.handle(Request::Compare(Box::new(compared)), &[]).0 {
        Reply::Comparison(tables) => tables.files.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn more_files_than_are_listed_are_counted() {
    let names: Vec<String> = (0..2_100).map(|number| format!("file-{number}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let files = files(&archive(&[("a", "1")]), &archive(&many));
    assert_eq!((files.added.0, files.removed.0, files.rows.len()), (2_100, 1, 2_000));
}

#[test]
fn a_changed_file_says_what_differs() {
    let files = files(&archive(&[("a", "1"), ("same", "x")]), &archive(&[("a", "2"), ("same", "x")]));
    let [row] = files.rows.as_slice() else { panic!("{files:?}") };
    assert_eq!((row.path.as_str(), row.before, row.after), ("/a", Some(1), Some(1)));
    assert_eq!((row.differing.len(), row.differing[0].name.as_str()), (1, "content"));
}
