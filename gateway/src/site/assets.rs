//! The built dashboard's files: embedded in the binary, read from the build folder by a development build, or handed in by a test. Finding and
//! describing them, no HTTP.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/dashboard"]
struct Embedded;

/// The files of a dashboard by their path below its root (`index.html`, `assets/app-1a2b3c4d.js`), with `.br` and `.gz` next to them.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    files: BTreeMap<String, Bytes>,
}

impl Assets {
    /// The files this binary was built with, or of a development build those that are in the build folder now; none when the dashboard had not
    /// been built.
    #[must_use]
    pub fn embedded() -> Self {
        Embedded::iter()
            .filter_map(|path| {
                let bytes = match Embedded::get(&path)?.data {
                    Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                    Cow::Owned(bytes) => Bytes::from(bytes),
                };
                Some((path.into_owned(), bytes))
            })
            .collect()
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Bytes> {
        self.files.get(path)
    }

    /// Whether there are files below a folder at the root.
    pub(crate) fn has_folder(&self, name: &str) -> bool {
        let prefix = format!("{name}/");
        self.files.range(prefix.clone()..).next().is_some_and(|(path, _)| path.starts_with(&prefix))
    }

    /// A file in the first of these encodings there is, as (content coding, bytes); nothing when it exists in neither.
    pub(crate) fn encoded(&self, path: &str, brotli: bool, gzip: bool) -> Option<(&'static str, &Bytes)> {
        let find = |wanted: bool, coding, extension: &str| {
            self.files.get(&format!("{path}.{extension}")).filter(|_| wanted).map(|bytes| (coding, bytes))
        };
        find(brotli, "br", "br").or_else(|| find(gzip, "gzip", "gz"))
    }
}

impl<P: Into<String>, B: Into<Bytes>> FromIterator<(P, B)> for Assets {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        Self { files: files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect() }
    }
}

const OF_NO_KNOWN_TYPE: &str = "application/octet-stream";

/// The media type of a file by its extension.
pub(crate) fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => OF_NO_KNOWN_TYPE,
    }
}

/// Whether a path ends as the files of a dashboard do.
pub(crate) fn has_known_type(path: &str) -> bool {
    media_type(path) != OF_NO_KNOWN_TYPE
}

/// Whether a file's name holds the hash of its bytes, so that it never changes: `app-1a2b3c4d.js`, `app-1a2b3c4d_bg.wasm`.
pub(crate) fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut parts = name.split(['-', '.', '_']);
    // The first part is the file's own name, however hexadecimal it looks.
    parts.next();
    parts.any(|part| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_hash_in_it_is_immutable() {
        for path in ["app-1a2b3c4d.js", "assets/app-0123456789abcdef_bg.wasm", "style.deadbeef01.css"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["index.html", "boot.js", "deadbeef.js", "icon-192.png", "assets/app-1a2b3c4.js"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_compressed_twin_is_found_only_when_wanted() {
        let assets: Assets = [("a.js", "x"), ("a.js.br", "b"), ("a.js.gz", "g")].into_iter().collect();
        assert_eq!(assets.encoded("a.js", true, true).unwrap().0, "br");
        assert_eq!(assets.encoded("a.js", false, true).unwrap().0, "gzip");
        assert!(assets.encoded("a.js", false, false).is_none());
    }
}
