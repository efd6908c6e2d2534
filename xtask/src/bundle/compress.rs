//! The `.br` and `.gz` next to each file that compresses, made once here so that no server has to. Knows nothing of names.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Types that are compressed already.
const COMPRESSED: &[&str] = &["br", "gz", "gif", "ico", "jpg", "png", "webp", "woff", "woff2"];

/// Writes `path.br` and `path.gz` if the file gets smaller. `earlier` is the same file of the last build, whose compressed copies
/// are used again if it holds the same bytes: brotli at its best takes seconds.
pub(crate) fn write_compressed(path: &Path, bytes: &[u8], earlier: &Path) -> Result<()> {
    if path.extension().is_some_and(|extension| COMPRESSED.iter().any(|known| extension == *known)) {
        return Ok(());
    }
    let unchanged = fs::read(earlier).is_ok_and(|old| old == bytes);
    for (suffix, compress) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)] {
        let target = with_suffix(path, suffix);
        if unchanged && fs::copy(with_suffix(earlier, suffix), &target).is_ok() {
            continue;
        }
        let small = compress(bytes)?;
        if small.len() < bytes.len() {
            fs::write(&target, small).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Brotli at quality 11 with its largest window.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_text_gets_both_copies_and_both_unpack_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.js");
        let text = "let a = 1;\n".repeat(100);
        write_compressed(&path, text.as_bytes(), &folder.path().join("none")).unwrap();
        let mut unpacked = String::new();
        let packed = fs::read(with_suffix(&path, "gz")).unwrap();
        flate2::read::GzDecoder::new(&*packed).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        let packed = fs::read(with_suffix(&path, "br")).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
    }

    #[test]
    fn what_is_compressed_or_does_not_shrink_gets_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        write_compressed(&folder.path().join("a.png"), &[0; 1000], Path::new("none")).unwrap();
        write_compressed(&folder.path().join("b.txt"), b"x", Path::new("none")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_copies_of_an_unchanged_file_are_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let earlier = folder.path().join("a-1.js");
        fs::write(&earlier, "same").unwrap();
        fs::write(with_suffix(&earlier, "br"), "earlier brotli").unwrap();
        let path = folder.path().join("next.js");
        write_compressed(&path, b"same", &earlier).unwrap();
        assert_eq!(fs::read(with_suffix(&path, "br")).unwrap(), b"earlier brotli");
    }
}
