//! Any text as the images in use: never a fault, and text that is added takes none away.
#![no_main]

use acr_inventory::in_use::InUse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut in_use = InUse::parse(text);
    in_use.add(text);
});
