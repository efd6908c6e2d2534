//! The README's tables, held against the code: an operation or a definition that is missing, that has no fixture, or that no test
//! exercises fails here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::replay::{fixtures, load};

/// The 29 operations of the API, and referrers.
const OPERATIONS: [&str; 30] = [
    "AccessTokens_Get",
    "AccessTokens_GetFromLogin",
    "Blob_CancelUpload",
    "Blob_Check",
    "Blob_CheckChunk",
    "Blob_Delete",
    "Blob_EndUpload",
    "Blob_Get",
    "Blob_GetChunk",
    "Blob_GetStatus",
    "Blob_Mount",
    "Blob_StartUpload",
    "Blob_Upload",
    "Manifests_Create",
    "Manifests_Delete",
    "Manifests_Get",
    "Manifests_GetAttributes",
    "Manifests_GetList",
    "Manifests_UpdateAttributes",
    "Referrers_GetList",
    "RefreshTokens_GetFromExchange",
    "Repository_Delete",
    "Repository_GetAttributes",
    "Repository_GetList",
    "Repository_UpdateAttributes",
    "Tag_Delete",
    "Tag_GetAttributes",
    "Tag_GetList",
    "Tag_UpdateAttributes",
    "V2Support_Check",
];

/// The definitions of the API.
const DEFINITIONS: [&str; 35] = [
    "AccessToken",
    "AcrErrorInfo",
    "AcrErrors",
    "AcrManifests",
    "Annotations",
    "ChangeableAttributes",
    "DeletedRepository",
    "Descriptor",
    "FsLayer",
    "History",
    "ImageSignature",
    "JWK",
    "JWKHeader",
    "Manifest",
    "ManifestAttributes",
    "ManifestAttributesBase",
    "ManifestAttributes_manifest",
    "ManifestAttributes_manifest_references",
    "ManifestChangeableAttributes",
    "ManifestList",
    "ManifestListAttributes",
    "ManifestWrapper",
    "OCIIndex",
    "OCIManifest",
    "Platform",
    "RefreshToken",
    "Repositories",
    "RepositoryAttributes",
    "RepositoryTags",
    "TagAttributes",
    "TagAttributesBase",
    "TagAttributes_tag",
    "TagList",
    "V1Manifest",
    "V2Manifest",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose name ends so, as one text.
fn text_of(folder: &Path, ending: &str) -> String {
    let mut text = String::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

/// The rows of the table under a heading: the texts in backquotes, cell by cell.
fn table(heading: &str) -> Vec<Vec<String>> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2);
    let cell = |cell: &str| cell.split('`').nth(1).unwrap_or_default().to_owned();
    rows.map(|row| row.trim_matches('|').split('|').map(cell).collect()).collect()
}

/// `client.tags().list()` and `client.tags.list()` as resource (`tags`, or `upload` or `client`) and method.
fn call(text: &str) -> (String, String) {
    let parts: Vec<&str> =
        text.trim_end_matches("()").split('.').map(|part| part.trim_end_matches("()")).collect();
    let (method, resource) = (parts[parts.len() - 1], parts[parts.len() - 2]);
    (resource.to_owned(), method.to_owned())
}

#[test]
fn every_operation_has_a_row_and_a_fixture() {
    let rows: BTreeSet<String> = table("Operations").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(rows, OPERATIONS.map(str::to_owned).into());
    let fixtures: BTreeSet<String> =
        load(&fixtures()).into_iter().map(|(_, recording)| recording.op).collect();
    assert_eq!(fixtures, OPERATIONS.map(str::to_owned).into());
}

#[test]
fn every_rust_call_is_there_and_exercised_against_the_emulator() {
    let exercise: String =
        fs::read_to_string(root().join("tests/api/operations.rs")).unwrap().split_whitespace().collect();
    for row in table("Operations") {
        let (resource, method) = call(&row[1]);
        let file = if resource == "client" {
            "src/client/registry_client.rs".to_owned()
        } else {
            format!("src/client/{resource}.rs")
        };
        let source = fs::read_to_string(root().join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(source.contains(&format!("fn {method}(")), "{}: no {method} in {file}", row[0]);
        let chain = if ["client", "upload"].contains(&resource.as_str()) {
            format!("{resource}.{method}(")
        } else {
            format!("{resource}().{method}(")
        };
        let bound = format!("{resource}.{method}(");
        assert!(exercise.contains(&chain) || exercise.contains(&bound), "{}: no test calls {chain}", row[0]);
    }
}

#[test]
fn every_javascript_call_is_there_and_exercised_through_the_package() {
    let exercise = text_of(&root().join("../tests/npm/src"), ".ts");
    for row in table("Operations") {
        let (resource, method) = call(&row[2]);
        let file = root().join(format!("src/js/{resource}.rs"));
        let class = fs::read_to_string(file).unwrap();
        // A method of several words has its name in an attribute.
        let is_there = class.contains(&format!("pub fn {method}("))
            || class.contains(&format!("js_name = \"{method}\""));
        assert!(is_there, "{}: no {method} in src/js/{resource}.rs", row[0]);
        assert!(
            exercise.contains(&format!("{resource}.{method}(")),
            "{}: no test calls {resource}.{method}()",
            row[0]
        );
    }
}

#[test]
fn every_definition_is_a_rust_type_and_a_typescript_interface() {
    let rows = table("Definitions");
    let named: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(named, DEFINITIONS.map(str::to_owned).into());
    let (models, declarations) = (
        ["model", "error"].map(|folder| text_of(&root().join("src").join(folder), ".rs")).concat(),
        text_of(&root().join("src/js/types"), ".ts"),
    );
    for row in rows {
        let there = ["struct", "enum", "type"].iter().any(|kind| {
            [" ", "(", "<", ";"].iter().any(|end| models.contains(&format!("pub {kind} {}{end}", row[1])))
        });
        assert!(there, "{}: no Rust type {}", row[0], row[1]);
        let interface = if row[0] == "Repositories" { "RepositoryList" } else { &row[0] };
        let declared = ["interface", "type"]
            .iter()
            .any(|kind| declarations.contains(&format!("export {kind} {interface} ")));
        assert!(declared, "{}: no interface {interface}", row[0]);
    }
}
