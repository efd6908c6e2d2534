//! Package lists that are text: dpkg, apk, Python metadata, and npm's `package.json`.

use super::list::{Ecosystem, Package, Parsed};

/// The values of `keys` in paragraphs of `Key: value` lines, which empty lines separate. Continuation lines are skipped;
/// of a key that is repeated, the first counts.
fn paragraphs<'a, const N: usize>(
    content: &'a str,
    keys: [&'static str; N],
) -> impl Iterator<Item = [Option<&'a str>; N]> {
    let mut lines = content.lines().peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.trim().is_empty()).is_some() {}
        lines.peek()?;
        let mut values = [None; N];
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
            let Some((key, value)) = line.split_once(':') else { continue };
            if let Some(at) = keys.iter().position(|name| *name == key)
                && let Some(place) = values.get_mut(at)
            {
                *place = place.or(Some(value.trim()).filter(|value| !value.is_empty()));
            }
        }
        Some(values)
    })
}

fn package(ecosystem: Ecosystem, fields: [Option<&str>; 3]) -> Option<Package> {
    let [name, version, architecture] = fields;
    Some(Package {
        ecosystem,
        name: name?.to_owned(),
        version: version?.to_owned(),
        architecture: architecture.map(str::to_owned),
    })
}

/// `/var/lib/dpkg/status` and the files of `status.d`.
///
/// Of the states of dpkg(1), all but `not-installed` and `config-files` have files: also `half-installed`, `unpacked`,
/// `half-configured`, `triggers-awaited` and `triggers-pending`.
pub(super) fn dpkg_packages(content: &[u8], parsed: &mut Parsed) {
    let content = String::from_utf8_lossy(content);
    for [status, fields @ ..] in paragraphs(&content, ["Status", "Package", "Version", "Architecture"]) {
        let state = status.and_then(|status| status.split_ascii_whitespace().next_back());
        if matches!(state, Some("not-installed" | "config-files")) {
            continue;
        }
        match package(Ecosystem::Deb, fields) {
            Some(package) => parsed.add(package),
            None => parsed.complete = false,
        }
    }
}

/// `/lib/apk/db/installed`.
pub(super) fn apk_packages(content: &[u8], parsed: &mut Parsed) {
    let content = String::from_utf8_lossy(content);
    for fields in paragraphs(&content, ["P", "V", "A"]) {
        match package(Ecosystem::Apk, fields) {
            Some(package) => parsed.add(package),
            None => parsed.complete = false,
        }
    }
}

/// `METADATA` of a wheel, `PKG-INFO` of an egg: the fields before the description.
pub(super) fn python_packages(content: &[u8], parsed: &mut Parsed) {
    let content = String::from_utf8_lossy(content);
    let fields = paragraphs(&content, ["Name", "Version"]).next();
    match fields.and_then(|[name, version]| package(Ecosystem::PyPi, [name, version, None])) {
        Some(package) => parsed.add(package),
        None => parsed.complete = false,
    }
}

/// `package.json` in `node_modules`. Files without a version, which tools put into subfolders, are not packages.
pub(super) fn npm_packages(content: &[u8], parsed: &mut Parsed) {
    #[derive(serde::Deserialize)]
    struct Manifest {
        name: Option<String>,
        version: Option<String>,
    }
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    match serde_json::from_slice::<Manifest>(content) {
        Ok(Manifest { name: Some(name), version: Some(version) }) => {
            parsed.add(Package { ecosystem: Ecosystem::Npm, name, version, architecture: None });
        }
        Ok(_) => {}
        Err(_) => parsed.complete = false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parse: fn(&[u8], &mut Parsed), content: &[u8]) -> (Vec<String>, bool) {
        let mut parsed = Parsed::new(1 << 20);
        parse(content, &mut parsed);
        let text =
            |p: &Package| format!("{} {} {}", p.name, p.version, p.architecture.as_deref().unwrap_or("-"));
        (parsed.packages.iter().map(text).collect(), parsed.complete)
    }

    fn listed(parse: fn(&[u8], &mut Parsed), content: &[u8]) -> Vec<String> {
        read(parse, content).0
    }

    #[test]
    fn dpkg_lists_what_has_files() {
        let status = "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\nArchitecture: amd64\nDescription: x\n Package: not\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n\nPackage: a\nVersion: 1:2-3\n";
        let (packages, complete) = read(dpkg_packages, status.as_bytes());
        assert_eq!(packages, ["libc6 2.36-9 amd64", "a 1:2-3 -"]);
        assert!(complete);
        assert!(!read(dpkg_packages, b"Package: a\n").1);
        for (state, has_files) in [
            ("not-installed", false),
            ("config-files", false),
            ("half-installed", true),
            ("unpacked", true),
            ("half-configured", true),
            ("triggers-awaited", true),
            ("triggers-pending", true),
            ("installed", true),
        ] {
            let status = format!("Package: a\nStatus: install ok {state}\nVersion: 1\n");
            assert_eq!(listed(dpkg_packages, status.as_bytes()).len(), usize::from(has_files), "{state}");
        }
    }

    #[test]
    fn apk_python_and_npm() {
        assert_eq!(
            listed(apk_packages, b"C:Q1x\nP:musl\nV:1.2.4-r2\nA:x86_64\nF:lib\nR:ld\n\n"),
            ["musl 1.2.4-r2 x86_64"]
        );
        let metadata = b"Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n\nName: not\n";
        assert_eq!(listed(python_packages, metadata), ["requests 2.31.0 -"]);
        assert_eq!(listed(npm_packages, br#"{"name":"@a/b","version":"1.0.0"}"#), ["@a/b 1.0.0 -"]);
        assert!(!read(npm_packages, b"{").1);
        assert!(read(npm_packages, b"{}").1);
    }

    #[test]
    fn packages_above_the_budget_are_left_out_and_reported() {
        let mut parsed = Parsed::new(250);
        apk_packages("P:a\nV:1\n\n".repeat(10).as_bytes(), &mut parsed);
        assert!((1..4).contains(&parsed.packages.len()), "{}", parsed.packages.len());
        assert!(!parsed.complete);
    }
}
