//! Any bytes as a layer: read in chunks, merged, and every file opened again.
#![no_main]

use std::sync::Arc;

use acr_layers::{FileReader, FingerprintKey, Image, LayerReader, Limits, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((chunk, bytes)) = bytes.split_first() else { return };
    let limits = Limits { uncompressed_bytes: 4 << 20, entries: 10_000, ..Limits::default() };
    let mut reader =
        LayerReader::new(Options { fingerprint_key: Some(FingerprintKey([1; 16])), limits, ..Options::default() });
    for chunk in bytes.chunks(usize::from(*chunk) + 1) {
        let _ = reader.push(chunk);
    }
    let layer = Arc::new(reader.finish());
    let image = Image::merge(&[Arc::clone(&layer), Arc::clone(&layer)]);
    let _ = (image.wasted_files(), image.packages());
    for id in layer.entry_ids().take(20) {
        let (Some(location), Some(mut file)) = (layer.locate(id), FileReader::new(&layer, id, 1 << 16)) else { continue };
        let start = usize::try_from(location.start).unwrap_or(usize::MAX);
        let mut read = 0;
        let _ = file.push(bytes.get(start..).unwrap_or_default(), &mut |bytes| read += bytes.len());
        let _ = file.finish(&mut |bytes| read += bytes.len());
        assert!(read <= 1 << 16);
    }
});
