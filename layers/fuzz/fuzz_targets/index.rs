//! Any bytes as a stored index and as a table of contents.
#![no_main]

use acr_layers::{Layer, Limits, estargz_layer, estargz_toc_offset, soci_layer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { entries: 10_000, ..Limits::default() };
    let _ = estargz_toc_offset(bytes);
    for layer in [Layer::from_index(bytes), soci_layer(bytes, &limits), estargz_layer(bytes, 1 << 20, &limits)] {
        let Ok(layer) = layer else { continue };
        for id in layer.entry_ids() {
            let _ = layer.locate(id).map(|location| location.range_header());
        }
        let _ = layer.to_index();
    }
});
