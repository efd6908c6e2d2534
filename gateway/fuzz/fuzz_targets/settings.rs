//! Any configuration file: settings, or one line that says what is wrong; never a panic.
#![no_main]

use std::path::Path;

use acr_gateway::settings::{SettingsFile, resolve};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let message = match SettingsFile::parse(Path::new("gateway.toml"), text.to_owned()) {
        Err(error) => error.to_string(),
        Ok(file) => match resolve(file.settings.clone()) {
            Err(error) => file.explain(&error).to_string(),
            Ok(_) => return,
        },
    };
    assert!(!message.is_empty());
});
