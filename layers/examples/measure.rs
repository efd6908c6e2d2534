//! Measures listing, merging, comparing and memory on generated layers. Run it with `--release`.
//!
//! `measure` generates its layers; `measure FILE…` reads these layers in their place.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for developers")]

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Instant;

use acr_layers::{FingerprintKey, Image, Layer, LayerReader, Options, compare_files};

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        measure("100 MB, 4 000 files", &generate(4_000, 25_000));
        measure("1 GiB, 200 000 entries", &generate(200_000, 5_368));
        merging();
    }
    for file in files {
        measure(&file, &std::fs::read(&file).unwrap());
    }
}

/// A gzip-compressed layer of text that compresses about as programs do.
fn generate(count: u64, size: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    let mut state = 1_u64;
    let mut content = Vec::new();
    for number in 0..count {
        content.clear();
        while content.len() < size {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let word = format!("{:x} function_{} ", (state >> 40) as u16, state >> 58);
            content.extend_from_slice(word.as_bytes());
        }
        content.truncate(size);
        let mut header = tar::Header::new_ustar();
        header.set_path(format!("usr/share/directory-{}/file-{number}.txt", number / 40)).unwrap();
        header.set_size(size as u64);
        header.set_mode(0o644);
        header.set_cksum();
        encoder.write_all(header.as_bytes()).unwrap();
        encoder.write_all(&content).unwrap();
        encoder.write_all(&vec![0; size.next_multiple_of(512) - size]).unwrap();
    }
    encoder.write_all(&[0; 1024]).unwrap();
    encoder.finish().unwrap()
}

fn list(bytes: &[u8], options: Options) -> Layer {
    let mut reader = LayerReader::new(options);
    for chunk in bytes.chunks(64 << 10) {
        reader.push(chunk).unwrap();
    }
    reader.finish()
}

fn measure(name: &str, bytes: &[u8]) {
    let best = |run: &dyn Fn() -> u64| {
        let times = (0..3).map(|_| {
            let start = Instant::now();
            let size = run();
            (start.elapsed(), size)
        });
        times.min().unwrap()
    };
    println!("{name}: {} bytes compressed", bytes.len());
    let report = |what: &str, (time, size): (std::time::Duration, u64)| {
        println!(
            "  {what}: {:.0} ms, {:.0} MB/s",
            time.as_secs_f64() * 1e3,
            size as f64 / time.as_secs_f64() / 1e6
        );
    };
    report("list", best(&|| list(bytes, Options::default()).uncompressed_bytes));
    let key = Some(FingerprintKey([1; 16]));
    report(
        "list with fingerprints",
        best(&|| list(bytes, Options { fingerprint_key: key, ..Options::default() }).uncompressed_bytes),
    );
    report(
        "flate2 (miniz_oxide) alone",
        best(&|| {
            let mut decoder = flate2::read::MultiGzDecoder::new(bytes);
            std::io::copy(&mut decoder.by_ref(), &mut std::io::sink()).unwrap()
        }),
    );
    let before = resident_bytes();
    let layer = list(bytes, Options { fingerprint_key: key, ..Options::default() });
    println!(
        "  {} entries, {} seek points, {:.1} MB in the layer, {:.1} MB more resident",
        layer.entries().len(),
        layer.seek_points().len(),
        layer.memory_bytes() as f64 / 1e6,
        resident_bytes().saturating_sub(before) as f64 / 1e6,
    );
    let start = Instant::now();
    let index = layer.to_index().unwrap();
    println!(
        "  index: {:.1} MB, written in {:.0} ms",
        index.len() as f64 / 1e6,
        start.elapsed().as_secs_f64() * 1e3
    );
    let start = Instant::now();
    Layer::from_index(&index).unwrap();
    println!("  index read in {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
}

/// Merges two images of 50 000 files and compares them.
fn merging() {
    let key = Some(FingerprintKey([1; 16]));
    let images: Vec<Image> = [50_000, 49_900]
        .map(|count| {
            let layer =
                Arc::new(list(&generate(count, 40), Options { fingerprint_key: key, ..Options::default() }));
            let start = Instant::now();
            let image = Image::merge(&[layer]);
            println!("merge of {count} files: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
            image
        })
        .into();
    let start = Instant::now();
    let differences = compare_files(&images[0], &images[1]);
    println!(
        "comparison: {} changes, {} unchanged, {:.0} ms",
        differences.changes.len(),
        differences.unchanged,
        start.elapsed().as_secs_f64() * 1e3
    );
    let start = Instant::now();
    let wasted = images[0].wasted_files();
    println!("waste: {} files, {:.0} ms", wasted.len(), start.elapsed().as_secs_f64() * 1e3);
}

/// The resident memory of this process, where Linux reports it.
fn resident_bytes() -> u64 {
    let mut statm = String::new();
    let read = std::fs::File::open("/proc/self/statm").and_then(|mut file| file.read_to_string(&mut statm));
    let pages: u64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    if read.is_ok() { pages * 4096 } else { 0 }
}
