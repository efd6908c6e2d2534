//! Differences between two images.
#![allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use acr_layers::{
    Comparison, ContentChange, FingerprintKey, HistoryChange, Image, ImageConfiguration, LayerDescriptor,
    LineChange, Options, TooDifferent, compare_configurations, compare_files, compare_history,
    compare_layers, compare_lines, compare_packages,
};
use support::{Archive, read};

fn image(archive: Archive, key: Option<u8>) -> Image {
    let options = Options { fingerprint_key: key.map(|key| FingerprintKey([key; 16])), ..Options::default() };
    Image::merge(&[Arc::new(read(&archive.finish(), 1000, options))])
}

fn first() -> Archive {
    Archive::new()
        .file("same", b"1")
        .file("gone", b"22")
        .file("size", b"1")
        .file("content", b"abc")
        .symlink("l", "a")
}

fn second() -> Archive {
    Archive::new()
        .file("same", b"1")
        .file("new", b"333")
        .file("size", b"12")
        .file("content", b"xyz")
        .symlink("l", "b")
}

#[test]
fn files_are_compared_by_content() {
    let differences = compare_files(&image(first(), Some(1)), &image(second(), Some(1)));
    let changes: Vec<(&str, bool, bool, Option<ContentChange>)> = differences
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.before.is_some(), change.after.is_some(), change.content))
        .collect();
    assert_eq!(
        changes,
        [
            ("content", true, true, Some(ContentChange::Different)),
            ("gone", true, false, None),
            ("l", true, true, Some(ContentChange::Same)),
            ("new", false, true, None),
            ("size", true, true, Some(ContentChange::Different)),
        ]
    );
    assert_eq!(
        (differences.added.after_bytes, differences.removed.before_bytes, differences.unchanged),
        (3, 2, 1)
    );
}

#[test]
fn without_comparable_fingerprints_equal_sizes_and_times_are_an_assumption() {
    for keys in [(None, None), (Some(1), Some(2)), (Some(1), None)] {
        let differences = compare_files(&image(first(), keys.0), &image(second(), keys.1));
        assert!(differences.changes.iter().all(|change| change.path != "content"), "{keys:?}");
        assert_eq!(differences.assumed_unchanged, 2);
    }
}

#[test]
fn configurations_are_compared_by_name() {
    let before = br#"{"architecture":"amd64","os":"linux","config":{"Env":["A=1","B=2"],"Cmd":["sh"],"Labels":{"x":"1"},
        "ExposedPorts":{"80/tcp":{}}},"history":[{"created_by":"FROM a"},{"created_by":"RUN b"}],"rootfs":{"diff_ids":["sha256:1"]}}"#;
    let after = br#"{"architecture":"arm64","os":"linux","config":{"Env":["B=3","C=4"],"Cmd":["sh"],"Labels":null,
        "ExposedPorts":{"80/tcp":{},"443/tcp":{}}},"history":[{"created_by":"FROM a"},{"created_by":"RUN c"}]}"#;
    let (before, after) =
        (ImageConfiguration::parse(before).unwrap(), ImageConfiguration::parse(after).unwrap());
    let [settings, environment, labels] = compare_configurations(&before, &after);
    let names = |changes: &[acr_layers::ValueChange]| {
        changes.iter().map(|change| change.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&settings), ["Architecture", "ExposedPorts"]);
    assert_eq!(settings[1].after.as_deref(), Some("443/tcp, 80/tcp"));
    assert_eq!(names(&environment), ["A", "B", "C"]);
    assert_eq!((labels[0].before.as_deref(), labels[0].after.as_deref()), (Some("1"), None));
    let step = String::from;
    assert_eq!(
        compare_history(&before, &after),
        [
            HistoryChange::Same(step("FROM a")),
            HistoryChange::Removed(step("RUN b")),
            HistoryChange::Added(step("RUN c"))
        ]
    );
    for hostile in ["[]", "1", "", "{"] {
        assert!(ImageConfiguration::parse(hostile.as_bytes()).is_err(), "{hostile}");
    }
    let odd = br#"{"history":7,"config":{"Env":{"a":1},"Labels":[1],"User":{"x":[1]}},"os":[]}"#;
    assert!(ImageConfiguration::parse(odd).unwrap().history.is_empty());
}

#[test]
fn shared_layers_are_those_of_the_same_digest() {
    let layer = |digest: &str| LayerDescriptor { digest: digest.to_owned(), size: 10 };
    let comparison =
        compare_layers(&[layer("a"), layer("b"), layer("c")], &[layer("a"), layer("d"), layer("c")]);
    assert_eq!((comparison.base, comparison.shared.len()), (1, 2));
    assert_eq!((comparison.removed[0].digest.as_str(), comparison.added[0].digest.as_str()), ("b", "d"));
}

#[test]
fn lines_are_compared_with_context() {
    let before: String = (1..=30).map(|number| format!("line {number}\n")).collect();
    let after = before
        .replace("line 3\n", "line three\n")
        .replace("line 25\n", "")
        .replace("line 27\n", "line 27\nnew\n");
    let hunks = compare_lines(&before, &after, 3).unwrap();
    assert_eq!(hunks.len(), 2);
    let of = |hunk: usize, change| -> Vec<String> {
        hunks[hunk].lines.iter().filter(|line| line.change == change).map(|line| line.text.clone()).collect()
    };
    assert_eq!(of(0, LineChange::Removed), ["line 3"]);
    assert_eq!(of(0, LineChange::Added), ["line three"]);
    assert_eq!(of(0, LineChange::Context), ["line 1", "line 2", "line 4", "line 5", "line 6"]);
    assert_eq!(of(1, LineChange::Added), ["new"]);
    // The lines say where they are in both texts.
    for line in hunks.iter().flat_map(|hunk| &hunk.lines) {
        let at = |text: &str, number: u32| text.lines().nth(number as usize - 1).map(str::to_owned);
        assert!(line.before.is_none_or(|number| at(&before, number).as_deref() == Some(&line.text)));
        assert!(line.after.is_none_or(|number| at(&after, number).as_deref() == Some(&line.text)));
    }
    assert!(compare_lines(&before, &before, 3).unwrap().is_empty());
    assert_eq!(compare_lines("", "a", 3).unwrap()[0].lines.len(), 1);
    assert_eq!(compare_lines("a\nb", "a\nb\n", 0).unwrap()[0].lines.len(), 2, "a line break");
}

#[test]
fn texts_and_histories_that_would_take_too_long_are_not_aligned() {
    // Pseudorandom choices of seven lines: nothing is there once, and nothing has a common order.
    let text = |seed: u32| -> String {
        support::noise(seed, 60_000).into_iter().map(|byte| format!("{}\n", byte % 7)).collect()
    };
    assert_eq!(compare_lines(&text(1), &text(2), 3), Err(TooDifferent));
    // The same text, changed in few places.
    let (before, mut after) = (text(1), text(1));
    after.insert_str(60_000, "new\n");
    assert_eq!(compare_lines(&before, &after, 3).unwrap().len(), 1);
    let history = |seed: u32| {
        let steps = text(seed).lines().map(str::to_owned).collect();
        ImageConfiguration { history: steps, ..ImageConfiguration::default() }
    };
    let steps = compare_history(&history(1), &history(2));
    let removed = steps.iter().filter(|step| matches!(step, HistoryChange::Removed(_))).count();
    assert_eq!((steps.len(), removed), (120_000, 60_000));
}

#[test]
fn the_export_escapes_what_images_say() {
    let status = |version: &str| format!("Package: a\nVersion: {version}\n");
    let with = |version: &str, file: &str| {
        image(
            Archive::new().file("var/lib/dpkg/status", status(version).as_bytes()).file(file, b"1"),
            Some(1),
        )
    };
    let (before, after) = (with("1", "x"), with("2", "<img src=x>|[a](http:e)`"));
    let labels = |value: &str| BTreeMap::from([("l".to_owned(), value.to_owned())]);
    let comparison = Comparison {
        before: "a:1".to_owned(),
        after: "a:2".to_owned(),
        labels: acr_layers::compare_values(&labels("x"), &labels("| y\n# z")),
        packages: compare_packages(&before.packages(), &after.packages()),
        files: Some(compare_files(&before, &after)),
        ..Comparison::default()
    };
    let markdown = comparison.to_markdown();
    assert!(markdown.contains(r"| `` <img src=x>\|[a](http:e)` `` | – | 1 |  |"), "{markdown}");
    assert!(markdown.contains(r"| `l` | `x` | `\| y\n# z` |"), "{markdown}");
    assert!(markdown.contains("| `a` (deb) | `1` | `2` |"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&comparison.to_json().unwrap()).unwrap();
    assert_eq!(json["packages"][0]["after"][0], "2");
    assert_eq!(json["files"]["added"]["count"], 1);
}

#[test]
fn nothing_that_an_image_says_is_markup() {
    let labels = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let layer = |digest: &str| LayerDescriptor { digest: digest.to_owned(), size: 10 };
    let comparison = Comparison {
        before: "a:1".to_owned(),
        after: "www.evil.example".to_owned(),
        layers: compare_layers(&[layer("sha256:1")], &[layer("sha256:1"), layer("sha256:2")]),
        labels: acr_layers::compare_values(
            &labels(&[("A", "HTTPS://evil.example"), ("D", "``` a `b")]),
            &labels(&[("A", "ftp://evil.example"), ("B", ""), ("C", "a\u{202e}b"), ("D", " ")]),
        ),
        history: vec![HistoryChange::Added("1. RUN a\\|b".to_owned())],
        ..Comparison::default()
    };
    let markdown = comparison.to_markdown();
    for line in [
        "# `a:1` compared with `www.evil.example`",
        "| `sha256:1` | shared | 10 |",
        "| `sha256:2` | added | 10 |",
        "| `A` | `HTTPS://evil.example` | `ftp://evil.example` |",
        "| `B` | – | *empty* |",
        r"| `C` | – | `a\u{202e}b` |",
        "| `D` | ```` ``` a `b ```` | ` ` |",
        r"1. added: `1. RUN a\\|b`",
    ] {
        assert!(markdown.contains(line), "{line}\n{markdown}");
    }
}

/// What differs of each changed file, as `name before → after`.
fn differing(before: &Image, after: &Image) -> Vec<String> {
    let differences = compare_files(before, after);
    let facts = differences.changes.iter().flat_map(|change| {
        change.differing.iter().map(|fact| match (&fact.before, &fact.after) {
            (Some(before), Some(after)) => format!("{}: {} {before} → {after}", change.path, fact.name),
            _ => format!("{}: {}", change.path, fact.name),
        })
    });
    facts.collect()
}

/// An entry's path and kind, and what else its header says.
type EntryOf = (&'static str, tar::EntryType, fn(&mut tar::Header));

/// An image of one layer with these entries.
fn image_of(entries: &[EntryOf]) -> Image {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, kind, change) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(0);
        change(&mut header);
        builder.append_data(&mut header, path, &[][..]).unwrap();
    }
    let options = Options { fingerprint_key: Some(FingerprintKey([1; 16])), ..Options::default() };
    Image::merge(&[Arc::new(read(&builder.into_inner().unwrap(), 1000, options))])
}

#[test]
fn every_fact_that_differs_is_named_with_both_values() {
    use tar::EntryType::{Char, Directory, Regular, Symlink};
    let before = image_of(&[
        ("null", Char, |header| header.set_device_minor(0).unwrap()),
        ("suid", Regular, |header| header.set_mode(0o4755)),
        ("owned", Regular, |header| header.set_uid(1)),
        ("link", Symlink, |header| header.set_link_name("one").unwrap()),
        ("kind", Regular, |_| {}),
        ("dir", Directory, |header| header.set_mode(0o700)),
        ("dir/file", Regular, |_| {}),
    ]);
    let after = image_of(&[
        ("null", Char, |header| header.set_device_minor(3).unwrap()),
        ("suid", Regular, |header| header.set_mode(0o755)),
        ("owned", Regular, |header| header.set_gid(2)),
        ("link", Symlink, |header| header.set_link_name("two").unwrap()),
        ("kind", Symlink, |header| header.set_link_name("suid").unwrap()),
        // The directory is only implied: nothing is known of it.
        ("dir/file", Regular, |_| {}),
    ]);
    assert_eq!(
        differing(&before, &after),
        [
            "kind: kind file → symbolic link",
            "link: target one → two",
            "null: device 0:0 → 0:3",
            "owned: owner 1:0 → 0:2",
            "suid: mode 4755 → 0755",
        ]
    );
    let comparison = Comparison { files: Some(compare_files(&before, &after)), ..Comparison::default() };
    assert!(comparison.to_markdown().contains("| `suid` | 0 | 0 | mode `4755` → `0755` |"));
    let json = comparison.to_json().unwrap();
    assert!(json.contains(r#""name": "mode""#), "{json}");
    let content = differing(&image(first(), Some(1)), &image(second(), Some(1)));
    assert_eq!(content, ["content: content", "l: target a → b", "size: content"]);
}
