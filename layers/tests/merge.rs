//! Layers applied one after another.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use acr_layers::{EntryKind, Image, Layer, Options, Outcome, Pattern, WarningKind};
use support::{Archive, read};

fn layer(archive: Archive) -> Arc<Layer> {
    let layer = read(&archive.finish(), 1000, Options::default());
    assert_eq!(layer.error, None);
    Arc::new(layer)
}

/// The present paths, with the layer and the size of files.
#[allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]
fn listing(image: &Image) -> BTreeMap<String, (u16, u64)> {
    image
        .nodes()
        .map(|node| {
            let file = image.file(node).unwrap();
            (String::from_utf8_lossy(&image.tree().path(node)).into_owned(), (file.layer, file.size))
        })
        .collect()
}

fn names(image: &Image) -> Vec<String> {
    listing(image).into_keys().collect()
}

#[test]
fn whiteouts_remove_what_lower_layers_have() {
    let image = Image::merge(&[
        layer(Archive::new().directory("d").file("d/a", b"1").file("d/b", b"22").file("e", b"3")),
        layer(
            Archive::new()
                .file("d/.wh.a", b"")
                .file("d/c", b"4444")
                .file(".wh.e", b"")
                .file(".wh.absent", b""),
        ),
    ]);
    assert_eq!(names(&image), ["d", "d/b", "d/c"]);
    let node = image.tree().find(b"d/a").unwrap();
    assert_eq!(image.history(node)[0].outcome, Outcome::Deleted(1));
    let wasted = image.wasted_files();
    assert_eq!(wasted.iter().map(|file| (file.layer, file.bytes)).collect::<Vec<_>>(), [(0, 1), (0, 1)]);
    assert_eq!(image.wasted_layers(&wasted)[0].bytes, 2);
}

#[test]
fn opaque_directories_keep_what_their_own_layer_has() {
    let image = Image::merge(&[
        layer(Archive::new().directory("d").file("d/a", b"1").directory("d/s").file("d/s/x", b"1")),
        layer(
            Archive::new().directory("d").file("d/new", b"2").file("d/.wh..wh..opq", b"").file("d/s/y", b"3"),
        ),
    ]);
    assert_eq!(names(&image), ["d", "d/new", "d/s", "d/s/y"]);
    let node = image.tree().find(b"d/a").unwrap();
    assert_eq!(image.history(node)[0].outcome, Outcome::DeletedWithDirectory(1));
}

#[test]
fn a_whiteout_does_not_hide_its_own_layer() {
    let image = Image::merge(&[
        layer(Archive::new().file("a", b"1")),
        layer(Archive::new().file("a", b"22").file(".wh.a", b"")),
    ]);
    assert_eq!(listing(&image)["a"], (1, 2));
}

#[test]
fn types_replace_each_other() {
    let image = Image::merge(&[
        layer(Archive::new().directory("d").file("d/a", b"1").file("f", b"2").symlink("l", "d")),
        layer(Archive::new().file("d", b"now a file").directory("f").file("f/x", b"3").directory("l")),
    ]);
    assert_eq!(names(&image), ["d", "f", "f/x", "l"]);
    let file = |path: &[u8]| image.file(image.tree().find(path).unwrap()).unwrap();
    assert_eq!(file(b"d").kind, EntryKind::File);
    assert_eq!(file(b"l").kind, EntryKind::Directory);
}

#[test]
fn parents_are_resolved_through_symbolic_links_within_the_root() {
    let image = Image::merge(&[
        layer(
            Archive::new()
                .directory("usr/lib")
                .symlink("lib", "usr/lib")
                .symlink("out", "../../../usr")
                .symlink("loop", "loop"),
        ),
        layer(Archive::new().file("lib/a", b"1").file("out/lib/b", b"2").file("loop/x", b"3")),
        layer(Archive::new().file("lib/.wh.a", b"")),
    ]);
    assert_eq!(names(&image), ["lib", "loop", "out", "usr", "usr/lib", "usr/lib/b"]);
    assert_eq!(image.warnings[0].1.kind, WarningKind::NotADirectory);
}

#[test]
fn hard_links_keep_content_that_is_deleted_elsewhere() {
    let image = Image::merge(&[
        layer(Archive::new().file("a", b"12345").hard_link("b", "a").hard_link("c", "absent")),
        layer(Archive::new().file(".wh.a", b"")),
    ]);
    assert_eq!(listing(&image)["b"], (0, 5));
    assert!(image.wasted_files().is_empty());
    assert_eq!(image.warnings[0].1.kind, WarningKind::MissingLinkTarget);
}

#[test]
fn a_hard_link_has_the_target_of_the_symbolic_link_it_names() {
    let image = Image::merge(&[
        layer(Archive::new().file("file", b"1").symlink("l1", "file")),
        layer(
            Archive::new()
                .hard_link("l2", "l1")
                .hard_link("l3", "l2")
                .hard_link("h", "file")
                .file("l2/x", b"1"),
        ),
    ]);
    for (path, kind, link) in [
        ("l1", EntryKind::SymbolicLink, "file"),
        ("l2", EntryKind::SymbolicLink, "file"),
        ("l3", EntryKind::SymbolicLink, "file"),
        ("h", EntryKind::File, "file"),
    ] {
        let file = image.file(image.tree().find(path.as_bytes()).unwrap()).unwrap();
        assert_eq!((file.kind, file.link), (kind, link.as_bytes()), "{path}");
    }
}

#[test]
fn a_hard_link_without_a_target_has_no_content() {
    let image = Image::merge(&[layer(
        Archive::new().directory("d").hard_link("c", "absent").hard_link("e", "d").hard_link("f", "c"),
    )]);
    for path in ["c", "e", "f"] {
        let file = image.file(image.tree().find(path.as_bytes()).unwrap()).unwrap();
        assert_eq!((file.kind, file.content, file.size), (EntryKind::File, None, 0), "{path}");
    }
    let kinds: Vec<WarningKind> = image.warnings.iter().map(|(_, warning)| warning.kind).collect();
    assert_eq!(kinds, [WarningKind::MissingLinkTarget; 2]);
}

#[test]
fn warnings_are_counted_beyond_those_that_are_kept() {
    let links =
        (0..1200).fold(Archive::new(), |archive, number| archive.hard_link(&format!("l{number}"), "absent"));
    let image = Image::merge(&[layer(links)]);
    assert_eq!((image.warnings.len(), image.warning_count), (1000, 1200));
}

#[test]
fn the_metadata_of_aufs_is_skipped_and_its_link_sources_are_found() {
    let image = Image::merge(&[
        layer(
            Archive::new()
                .directory(".wh..wh.plnk")
                .file(".wh..wh.plnk/12.34", b"12345")
                .directory(".wh..wh.orph")
                .file(".wh..wh.orph/x", b"1")
                .file(".wh..wh.aufs", b"")
                .hard_link("a", ".wh..wh.plnk/12.34")
                .hard_link("b", ".wh..wh.plnk/56.78"),
        ),
        layer(Archive::new().hard_link("c", "./.wh..wh.plnk/12.34")),
    ]);
    assert_eq!(names(&image), ["a", "b", "c"]);
    assert_eq!(listing(&image)["a"], (0, 5));
    let kinds: Vec<(u16, WarningKind)> =
        image.warnings.iter().map(|(layer, warning)| (*layer, warning.kind)).collect();
    assert_eq!(kinds, [(0, WarningKind::MissingLinkTarget), (1, WarningKind::MissingLinkTarget)]);
}

#[test]
fn a_path_leads_where_its_links_point_at_the_time() {
    // The same directory of a layer, before and after what it leads through changes.
    let image = Image::merge(&[
        layer(Archive::new().directory("x").directory("y").symlink("l", "x").file("d/old", b"1")),
        layer(
            Archive::new()
                .file("l/a", b"1")
                .symlink("l", "y")
                .file("l/b", b"1")
                .file(".wh.d", b"")
                .file("d/new", b"1")
                .file("e/f", b"1")
                .file("e", b"1")
                .file("e/g", b"1")
                .directory("e")
                .file("e/h", b"1"),
        ),
    ]);
    assert_eq!(names(&image), ["d", "d/new", "e", "e/h", "l", "x", "x/a", "y", "y/b"]);
    assert_eq!(image.warnings.len(), 1, "e/g: {:?}", image.warnings);
}

#[test]
fn nested_opaque_directories_remove_everything_of_lower_layers() {
    let lower = || layer(Archive::new().file("a/b/c/1", b"1").file("a/b/2", b"1").file("a/3", b"1"));
    for order in [["a", "a/b", "a/b/c"], ["a/b/c", "a/b", "a"]] {
        let mut upper = Archive::new().file("a/b/c/new", b"1");
        for directory in order {
            upper =
                upper.file(&format!("{directory}/.wh..wh..opq"), b"").file(&format!("{directory}/n"), b"1");
        }
        let image = Image::merge(&[lower(), layer(upper)]);
        assert_eq!(names(&image), ["a", "a/b", "a/b/c", "a/b/c/n", "a/b/c/new", "a/b/n", "a/n"], "{order:?}");
    }
}

/// Work that is quadratic, or repeated for every entry, takes minutes here.
#[test]
fn the_work_is_linear_in_the_entries() {
    // A large directory, which a file replaces and back.
    let mut archive = Archive::new();
    for number in 0..20_000 {
        archive = archive.file(&format!("d/{number}"), b"");
    }
    for _ in 0..20_000 {
        archive = archive.file("d", b"").directory("d");
    }
    assert_eq!(names(&Image::merge(&[layer(archive)])), ["d"]);
    // Links with targets of many components, over which every path leads, while directories change.
    let mut archive = Archive::new().directory("a").directory("end");
    for number in 0..38 {
        let to = if number == 37 { "end".to_owned() } else { format!("l{}", number + 1) };
        archive = archive.symlink(&format!("l{number}"), &format!("{}{to}", "a/../".repeat(800)));
    }
    for number in 0..10_000 {
        archive = archive.file(&format!("l0/{number}"), b"").directory("t").file("t", b"");
    }
    let image = Image::merge(&[layer(archive)]);
    assert!(image.warnings.iter().all(|(_, warning)| warning.kind == WarningKind::NotADirectory));
    let placed = image.nodes().count();
    assert!(placed > 100 && image.warning_count as usize + placed > 10_000, "{placed}");
}

#[test]
fn a_target_that_linux_does_not_follow_is_not_followed() {
    for (name, is_followed) in [("target", true), ("targets", false)] {
        let target = format!("{}{name}", "a/../".repeat(818));
        let archive = Archive::new().directory("a").directory(name).symlink("l", &target).file("l/a", b"");
        let image = Image::merge(&[layer(archive)]);
        let found = image.tree().find(format!("{name}/a").as_bytes());
        assert_eq!(found.is_some(), is_followed, "{} bytes", target.len());
    }
}

#[test]
fn a_hundred_and_twenty_seven_layers() {
    let layers: Vec<Arc<Layer>> = (0..127)
        .map(|number| {
            layer(Archive::new().file("same", &vec![b'x'; number + 1]).file(&format!("f{number}"), b"1"))
        })
        .collect();
    let image = Image::merge(&layers);
    assert_eq!(listing(&image)["same"], (126, 127));
    assert_eq!(image.history(image.tree().find(b"same").unwrap()).len(), 127);
    assert_eq!(image.nodes().count(), 128);
    assert_eq!(image.wasted_files()[0].bytes, 126);
}

#[test]
fn search_finds_by_text_glob_and_expression() {
    let image = Image::merge(&[layer(
        Archive::new()
            .file("usr/lib/libSSL.so.3", b"1")
            .file("usr/lib/x/y.so", b"2")
            .file("etc/ssl.conf", b"3"),
    )]);
    let found = |pattern: &Pattern| -> Vec<String> {
        let path = |node| String::from_utf8_lossy(&image.tree().path(node)).into_owned();
        image.tree().search(pattern).map(path).collect()
    };
    assert_eq!(found(&Pattern::Text("ssl".into())), ["usr/lib/libSSL.so.3", "etc/ssl.conf"]);
    assert_eq!(found(&Pattern::Glob("*.so*".into())), ["usr/lib/libSSL.so.3", "usr/lib/x/y.so"]);
    assert_eq!(found(&Pattern::Glob("/usr/**/*.so".into())), ["usr/lib/x/y.so"]);
    assert_eq!(found(&Pattern::regex(r"^etc/.*\.conf$").unwrap()), ["etc/ssl.conf"]);
    assert!(Pattern::regex("(").is_err());
}

#[test]
fn packages_of_the_top_most_database() {
    let status = |version: &str| format!("Package: a\nStatus: install ok installed\nVersion: {version}\n");
    let image = Image::merge(&[
        layer(Archive::new().file("var/lib/dpkg/status", status("1").as_bytes())),
        layer(
            Archive::new()
                .file("var/lib/dpkg/status", status("2").as_bytes())
                .file("app/node_modules/x/package.json", br#"{"name":"x","version":"3"}"#),
        ),
    ]);
    let packages: Vec<String> =
        image.packages().into_iter().map(|p| format!("{} {}", p.name, p.version)).collect();
    assert_eq!(packages, ["a 2", "x 3"]);
}
