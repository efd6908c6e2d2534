//! Snapshots: everything survives, and what is no snapshot is an error.

use acr_inventory::snapshot::{Snapshot, SnapshotError, SnapshotReader, read, write};
use acr_inventory::{Inventory, Page, RepositoryRow, difference};
use proptest::prelude::*;

use crate::sample::{LOCKED, Sample, day, digest, reference};

fn registry() -> Sample {
    let mut sample = Sample::default();
    sample.image("team/app", "one", 1, &[("base", 1000), ("a", 10)]);
    sample.index("team/app", "index", 2, &["one", "missing"]);
    sample.referrer("team/app", "sbom", 3, "index", 7);
    sample.tag("team/app", "1.0", "index", 2);
    sample.tag("team/app", "broken", "nowhere", 2);
    sample.lock_tag("team/app", "1.0");
    sample.image("other", "two", 4, &[("base", 2000)]);
    sample.contents.get_mut(&digest("two")).unwrap().base = Some(("alpine".to_owned(), digest("alpine")));
    let locks = LOCKED;
    sample.repositories.insert("other".to_owned(), RepositoryRow { locks, ..RepositoryRow::default() });
    sample
}

fn text(inventory: &Inventory) -> String {
    write(&Snapshot { inventory: inventory.clone(), taken: day(7) })
}

#[test]
fn a_snapshot_holds_everything() {
    let mut inventory = registry().read();
    inventory.read_diff_ids(&digest("two"), &[digest("content")]);
    let written = text(&inventory);
    let read = read(&written).unwrap();
    assert_eq!(read.taken, day(7));
    assert_eq!(text(&read.inventory), written);
    assert!(difference(&inventory, &read.inventory).is_empty());
    assert!(read.inventory.graph().is_complete());
    assert_eq!(read.inventory.graph().registry_figures(), inventory.graph().registry_figures());
    assert_eq!(read.inventory.graph().stated_bases(), inventory.graph().stated_bases());
}

#[test]
fn a_scan_goes_on_where_the_snapshot_stopped() {
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let rows = vec!["app".to_owned()];
    inventory.read_catalog(&Page { next: Some("app".to_owned()), rows, ..Page::default() });
    inventory.read_tags("app", &Page { next: Some("m".to_owned()), ..Page::default() });
    inventory.mark_unreadable(&digest("bad"));
    let restored = read(&text(&inventory)).unwrap().inventory;
    let tasks = |inventory: &Inventory| {
        let mut scan = acr_inventory::scan::Scan::new();
        std::iter::from_fn(|| scan.next_task(inventory)).collect::<Vec<_>>()
    };
    assert_eq!(tasks(&restored), tasks(&inventory));
    assert_eq!(tasks(&restored).len(), 4);
}

#[test]
fn what_is_cut_off_newer_or_no_snapshot_is_said_to_be() {
    let whole = text(&registry().read());
    assert_eq!(read("").err(), Some(SnapshotError::NotASnapshot));
    assert_eq!(read("<html>\n").err(), Some(SnapshotError::NotASnapshot));
    assert_eq!(read(r#"{"end":{"lines":0}}"#).err(), Some(SnapshotError::NotASnapshot));
    let newer = whole.replacen("\"version\":1", "\"version\":7", 1);
    assert_eq!(read(&newer).err(), Some(SnapshotError::NewerVersion(7)));
    let other = r#"{"acrInventory":{"version":9,"other":true}}"#;
    assert_eq!(read(other).err(), Some(SnapshotError::NewerVersion(9)));
    let lines: Vec<&str> = whole.lines().collect();
    let without_end = lines[..lines.len() - 1].join("\n");
    assert!(matches!(read(&without_end), Err(SnapshotError::Truncated(_))));
    let cut = whole.get(..whole.len() / 2).unwrap();
    assert!(matches!(read(cut), Err(SnapshotError::Truncated(_))), "{:?}", read(cut).err());
}

/// Reads a file that arrives in pieces of so many bytes.
fn read_pieces(file: &[u8], size: usize) -> Result<Snapshot, SnapshotError> {
    let mut reader = SnapshotReader::default();
    file.chunks(size).try_for_each(|piece| reader.push(piece))?;
    reader.finish()
}

#[test]
fn what_an_editor_adds_to_the_file_does_not_matter() {
    let whole = text(&registry().read());
    let edited = format!("\u{feff}{}\r\n\r\nmore\r\n", whole.trim_end().replace('\n', "\r\n"));
    assert_eq!(text(&read(&edited).unwrap().inventory), whole);
    assert_eq!(text(&read(whole.trim_end()).unwrap().inventory), whole);
}

#[test]
fn another_kind_of_file_is_refused_before_all_of_it_was_read() {
    let mut reader = SnapshotReader::default();
    let zeros = [0; 4096];
    let refused = (0..100).find_map(|_| reader.push(&zeros).err());
    assert_eq!(refused, Some(SnapshotError::NotASnapshot));
    let mut reader = SnapshotReader::default();
    reader.push(text(&registry().read()).lines().next().unwrap().as_bytes()).unwrap();
    reader.push(b"\n").unwrap();
    let refused = (0..10_000).find_map(|_| reader.push(&zeros).err()).unwrap();
    assert_eq!(refused.to_string(), "line 2 of the snapshot cannot be read: it is longer than 16 MiB");
}

#[test]
fn a_snapshot_that_lies_is_refused_with_its_line() {
    let header = r#"{"acrInventory":{"version":1,"registry":"r","taken":"x"}}"#;
    for line in [
        r#"{"manifest":{"digest":0}}"#,
        r#"{"content":{"digest":4294967295,"size":1}}"#,
        r#"{"digest":{"digest":"sha256:zz"}}"#,
        r#"{"tag":{"name":"t","digest":-1}}"#,
        r#"{"end":{"lines":7}}"#,
        r#"{"password":"x"}"#,
        header,
        "[]",
    ] {
        let result = read(&format!("{header}\n{line}\n"));
        assert!(matches!(result, Err(SnapshotError::Line { line: 2, .. })), "{line}");
    }
}

#[test]
fn sizes_that_contradict_each_other_stay_disputed() {
    let mut sample = registry();
    sample.image("other", "liar", 1, &[("base", 3)]);
    let inventory = sample.read();
    let restored = read(&text(&inventory)).unwrap().inventory;
    let base = restored.find_digest(&reference("base", 0).digest).unwrap();
    assert!(restored.is_disputed(base));
    assert_eq!(restored.stated_size(base), Some(3));
}

proptest! {
    #[test]
    fn it_does_not_matter_in_which_pieces_a_file_comes(size in 1..600_usize, cut in 0..4000_usize) {
        let whole = text(&registry().read());
        let cut = whole.len().saturating_sub(cut % 700);
        for file in [&whole, whole.get(..cut).unwrap_or_default()] {
            let (at_once, in_pieces) = (read(file), read_pieces(file.as_bytes(), size));
            prop_assert_eq!(at_once.as_ref().err(), in_pieces.as_ref().err());
            prop_assert_eq!(at_once.ok().map(|it| text(&it.inventory)), in_pieces.ok().map(|it| text(&it.inventory)));
        }
    }

    #[test]
    fn whatever_is_read_is_an_error_or_an_inventory(at in 0..4000_usize, byte in any::<u8>(), tail in ".*") {
        let mut bytes = text(&registry().read()).into_bytes();
        let place = at % bytes.len();
        bytes[place] = byte;
        bytes.extend(tail.as_bytes());
        if let Ok(snapshot) = read(&String::from_utf8_lossy(&bytes)) {
            prop_assert!(snapshot.inventory.graph().registry_figures().manifests <= 8);
        }
    }
}
