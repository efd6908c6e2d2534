//! Any bytes as each of the files that list packages.
#![no_main]

use acr_layers::{LayerReader, Options};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 7] = [
    "var/lib/dpkg/status",
    "lib/apk/db/installed",
    "var/lib/rpm/rpmdb.sqlite",
    "app/node_modules/a/package.json",
    "site-packages/a.dist-info/METADATA",
    "app/bin/program",
    "var/lib/rpm/Packages",
];

/// A ustar header with an executable's mode.
fn header(path: &str, size: usize) -> [u8; 512] {
    let mut header = [0; 512];
    let mut put = |at: usize, text: &str| {
        for (to, from) in header.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    };
    put(0, path);
    put(100, "0000755");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\u{0}00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    header
}

fuzz_target!(|bytes: &[u8]| {
    for path in PATHS {
        let mut reader = LayerReader::new(Options::default());
        let padding = bytes.len().next_multiple_of(512) - bytes.len();
        for part in [&header(path, bytes.len())[..], bytes, &vec![0; padding + 1024]] {
            assert_eq!(reader.push(part), Ok(()));
        }
        assert_eq!(reader.finish().error, None);
    }
});
