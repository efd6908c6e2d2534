//! Random layers: merged, and extracted to a real directory one after another by a simple reference.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use acr_layers::{EntryKind, Image, Options};
use proptest::prelude::*;
use support::{Archive, read};

#[derive(Debug, Clone)]
enum Step {
    File(String, usize),
    Directory(String),
    Symlink(String, String),
    Whiteout(String, String),
    Opaque(String),
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..4).prop_map(|names| names.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (path(), 0_usize..5).prop_map(|(path, size)| Step::File(path, size)),
        2 => path().prop_map(Step::Directory),
        1 => (path(), prop::sample::select(vec!["a", "../b", "/c/a"])).prop_map(|(path, to)| Step::Symlink(path, to.to_owned())),
        2 => (path(), name()).prop_map(|(path, name)| Step::Whiteout(path, name)),
        1 => path().prop_map(Step::Opaque),
    ]
}

/// A layer as tools write them: removals first, so that a reference in one pass does what the specification says.
fn layer() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..8).prop_map(|mut steps| {
        steps.sort_by_key(|step| !matches!(step, Step::Whiteout(..) | Step::Opaque(_)));
        steps
    })
}

fn archive(steps: &[Step]) -> Vec<u8> {
    let archive = steps.iter().fold(Archive::new(), |archive, step| match step {
        Step::File(path, size) => archive.file(path, &vec![b'x'; *size]),
        Step::Directory(path) => archive.directory(path),
        Step::Symlink(path, to) => archive.symlink(path, to),
        Step::Whiteout(path, name) => archive.file(&format!("{path}/.wh.{name}"), b""),
        Step::Opaque(path) => archive.file(&format!("{path}/.wh..wh..opq"), b""),
    });
    archive.finish()
}

/// A directory under the root that is reached through no link and no file; made if asked for.
fn directory(root: &Path, path: &Path, create: bool) -> Option<std::path::PathBuf> {
    let mut at = root.to_owned();
    for name in path {
        at.push(name);
        match fs::symlink_metadata(&at) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return None,
            Err(_) if create => fs::create_dir(&at).ok()?,
            Err(_) => return None,
        }
    }
    Some(at)
}

fn remove(path: &Path) {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path).unwrap_or_default(),
        Ok(_) => fs::remove_file(path).unwrap_or_default(),
        Err(_) => {}
    }
}

/// Extracts a layer. Returns whether it leads through links, which this reference does not follow.
fn extract(root: &Path, steps: &[Step]) -> bool {
    for step in steps {
        let (path, is_removal) = match step {
            Step::File(path, _) | Step::Directory(path) | Step::Symlink(path, _) => (Path::new(path), false),
            Step::Whiteout(path, _) | Step::Opaque(path) => (Path::new(path), true),
        };
        let parent = if is_removal { path } else { path.parent().unwrap_or(Path::new("")) };
        let mut prefix = root.to_owned();
        if parent.iter().any(|name| {
            prefix.push(name);
            prefix.is_symlink()
        }) {
            return false;
        }
        let Some(parent) = directory(root, parent, !is_removal) else { continue };
        let place = root.join(path);
        match step {
            Step::Whiteout(_, name) => remove(&parent.join(name)),
            Step::Opaque(_) => {
                fs::read_dir(&parent).into_iter().flatten().flatten().for_each(|entry| remove(&entry.path()))
            }
            Step::Directory(_) if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_dir()) => {}
            Step::Directory(_) => {
                remove(&place);
                fs::create_dir(&place).unwrap_or_default();
            }
            Step::File(_, size) => {
                remove(&place);
                fs::write(&place, vec![b'x'; *size]).unwrap_or_default();
            }
            Step::Symlink(_, to) => {
                remove(&place);
                std::os::unix::fs::symlink(to, &place).unwrap_or_default();
            }
        }
    }
    true
}

fn walk(root: &Path, at: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(at).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let path = entry.path();
        let name = path.strip_prefix(root).map(|path| path.display().to_string()).unwrap_or_default();
        let target = fs::read_link(&path).map(|path| path.display().to_string()).unwrap_or_default();
        if metadata.is_dir() {
            found.insert(format!("{name} directory"));
            walk(root, &path, found);
        } else if metadata.is_symlink() {
            found.insert(format!("{name} link {target}"));
        } else {
            found.insert(format!("{name} file {}", metadata.len()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_merged_tree_is_what_extraction_leaves(layers in prop::collection::vec(layer(), 1..4)) {
        let root = tempfile::tempdir().unwrap();
        for steps in &layers {
            prop_assume!(extract(root.path(), steps));
        }
        let mut extracted = BTreeSet::new();
        walk(root.path(), root.path(), &mut extracted);
        let read: Vec<_> =
            layers.iter().map(|steps| Arc::new(read(&archive(steps), 700, Options { packages: false, ..Options::default() }))).collect();
        let image = Image::merge(&read);
        let merged: BTreeSet<String> = image.nodes().map(|node| {
            let file = image.file(node).unwrap();
            let path = acr_layers::display_path(&image.tree().path(node));
            match file.kind {
                EntryKind::Directory => format!("{path} directory"),
                EntryKind::SymbolicLink => format!("{path} link {}", acr_layers::display_path(file.link)),
                _ => format!("{path} file {}", file.size),
            }
        }).collect();
        prop_assert_eq!(merged, extracted);
    }
}
