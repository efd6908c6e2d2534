//! Every recorded exchange again: the same request against a registry in the state that the exchange shows gets the same
//! status, headers and body. The exchanges are the fixtures of this crate, and those of the folders that `ACR_RECORDINGS`
//! names, separated by `:`.
//!
//! Nothing here knows a recording by its name: `state` derives what the registry held, `settings` how old the service
//! was and who could call it, `world` the request.

mod compare;
mod exchange;
mod manifest;
mod plant;
mod rows;
mod settings;
mod shape;
mod state;
pub mod world;

use std::path::{Path, PathBuf};

use exchange::Exchange;
use world::World;

fn exchanges() -> Vec<Exchange> {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let fixtures = package.join("tests/fixtures");
    let mut all: Vec<Exchange> =
        ["exchanges.json", "newer.json"].iter().flat_map(|file| list(&fixtures.join(file))).collect();
    let folders = std::env::var_os("ACR_RECORDINGS").unwrap_or_default();
    for folder in std::env::split_paths(&folders).filter(|folder| !folder.as_os_str().is_empty()) {
        // Tests run in the package's folder, whereas the variable is set for the workspace's.
        let recordings = folder_of(&package.join("..").join(&folder));
        assert!(!recordings.is_empty(), "{} has no recordings", folder.display());
        all.extend(recordings);
    }
    all
}

fn list(file: &Path) -> Vec<Exchange> {
    serde_json::from_slice(&std::fs::read(file).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn folder_of(folder: &Path) -> Vec<Exchange> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |file: &PathBuf| {
        let text = std::fs::read(file).unwrap();
        let mut exchange: Exchange =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        exchange.file = file.file_name().unwrap().to_string_lossy().into_owned();
        exchange
    };
    files.iter().map(read).collect()
}

#[tokio::test]
async fn every_recorded_exchange_is_answered_as_it_was() {
    let exchanges = exchanges();
    let mut differences = Vec::new();
    for exchange in &exchanges {
        let mut world = World::for_exchange(exchange).await;
        let answer = world.ask().await;
        let found = compare::differences(exchange, &answer, &world.substitutes);
        differences.extend(found.iter().map(|difference| format!("{}: {difference}", exchange.file)));
    }
    assert!(differences.is_empty(), "of {} exchanges:\n{}", exchanges.len(), differences.join("\n"));
}
