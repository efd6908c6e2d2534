//! Package lists that are text: dpkg, apk, Python metadata, and npm's `package.json`.

use super::list::{Ecosystem, Package, Parsed};

/// Paragraphs of `Key: value` lines, separated by empty lines. Continuation lines are skipped.
fn paragraphs(content: &str) -> impl Iterator<Item = Vec<(&str, &str)>> {
    let mut lines = content.lines().peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.trim().is_empty()).is_some() {}
        lines.peek()?;
        let mut fields = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
            if let Some((key, value)) = line.split_once(':').filter(|_| !line.starts_with([' ', '\t'])) {
                fields.push((key, value.trim()));
            }
        }
        Some(fields)
    })
}

fn value<'a>(fields: &[(&str, &'a str)], key: &str) -> Option<&'a str> {
    fields.iter().find(|(name, _)| *name == key).map(|(_, value)| *value).filter(|value| !value.is_empty())
}

fn package(ecosystem: Ecosystem, fields: &[(&str, &str)], keys: [&str; 3]) -> Option<Package> {
    let [name, version, architecture] = keys;
    Some(Package {
        ecosystem,
        name: value(fields, name)?.to_owned(),
        version: value(fields, version)?.to_owned(),
        architecture: value(fields, architecture).map(str::to_owned),
    })
}

/// `/var/lib/dpkg/status` and the files of `status.d`. Removed packages that left configuration are not listed.
pub(super) fn dpkg_packages(content: &[u8]) -> Parsed {
    let content = String::from_utf8_lossy(content);
    let mut parsed = Parsed::complete(Vec::new());
    for fields in paragraphs(&content) {
        let is_installed = value(&fields, "Status").is_none_or(|status| status.ends_with(" installed"));
        match package(Ecosystem::Deb, &fields, ["Package", "Version", "Architecture"]) {
            Some(package) if is_installed => parsed.packages.push(package),
            None if is_installed => parsed.complete = false,
            _ => {}
        }
    }
    parsed
}

/// `/lib/apk/db/installed`.
pub(super) fn apk_packages(content: &[u8]) -> Parsed {
    let content = String::from_utf8_lossy(content);
    let mut parsed = Parsed::complete(Vec::new());
    for fields in paragraphs(&content) {
        match package(Ecosystem::Apk, &fields, ["P", "V", "A"]) {
            Some(package) => parsed.packages.push(package),
            None => parsed.complete = false,
        }
    }
    parsed
}

/// `METADATA` of a wheel, `PKG-INFO` of an egg: the fields before the description.
pub(super) fn python_packages(content: &[u8]) -> Parsed {
    let content = String::from_utf8_lossy(content);
    let fields = paragraphs(&content).next().unwrap_or_default();
    let package = package(Ecosystem::PyPi, &fields, ["Name", "Version", ""]);
    Parsed { complete: package.is_some(), packages: package.into_iter().collect() }
}

/// `package.json` in `node_modules`. Files without a version, which tools put into subfolders, are not packages.
pub(super) fn npm_packages(content: &[u8]) -> Parsed {
    #[derive(serde::Deserialize)]
    struct Manifest {
        name: Option<String>,
        version: Option<String>,
    }
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let Ok(manifest) = serde_json::from_slice::<Manifest>(content) else {
        return Parsed { packages: Vec::new(), complete: false };
    };
    let (Some(name), Some(version)) = (manifest.name, manifest.version) else {
        return Parsed::complete(Vec::new());
    };
    Parsed::complete(vec![Package { ecosystem: Ecosystem::Npm, name, version, architecture: None }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(parsed: &Parsed) -> Vec<String> {
        let text =
            |p: &Package| format!("{} {} {}", p.name, p.version, p.architecture.as_deref().unwrap_or("-"));
        parsed.packages.iter().map(text).collect()
    }

    #[test]
    fn dpkg_lists_what_is_installed() {
        let status = "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\nArchitecture: amd64\nDescription: x\n Package: not\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n\nPackage: a\nVersion: 1:2-3\n";
        let parsed = dpkg_packages(status.as_bytes());
        assert_eq!(listed(&parsed), ["libc6 2.36-9 amd64", "a 1:2-3 -"]);
        assert!(parsed.complete);
        assert!(!dpkg_packages(b"Package: a\n").complete);
    }

    #[test]
    fn apk_python_and_npm() {
        assert_eq!(
            listed(&apk_packages(b"C:Q1x\nP:musl\nV:1.2.4-r2\nA:x86_64\nF:lib\nR:ld\n\n")),
            ["musl 1.2.4-r2 x86_64"]
        );
        let metadata = b"Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n\nName: not\n";
        assert_eq!(listed(&python_packages(metadata)), ["requests 2.31.0 -"]);
        assert_eq!(listed(&npm_packages(br#"{"name":"@a/b","version":"1.0.0"}"#)), ["@a/b 1.0.0 -"]);
        assert!(!npm_packages(b"{").complete);
        assert!(npm_packages(b"{}").complete);
    }
}
