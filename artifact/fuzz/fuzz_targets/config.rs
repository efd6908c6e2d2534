//! Configs, and the Dockerfiles that their histories amount to.
#![no_main]

use acr_artifact::config::ReadConfig;
use acr_artifact::history::History;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(config) = ReadConfig::from_slice(bytes) else { return };
    let text = History::new(&config, config.config.history.len()).dockerfile();
    // Docker takes an empty list, which resets the entry point of the base image; this parser does not.
    let text = text.replace("ENTRYPOINT []", "ENTRYPOINT [\"\"]");
    assert!(parse_dockerfile::parse(&text).is_ok(), "{text}");
});
