//! The packages that the demo's images consist of, as dpkg's database, as the files that they install, and as an SBOM names them.

use serde_json::{Value, json};

use super::image::built_at;
use super::layer::{File, folder, program, text};

/// Name, version, licence and how many files each installs in addition to its copyright.
const PACKAGES: [(&str, &str, &str, usize); 24] = [
    ("adduser", "3.134", "GPL-2.0-or-later", 40),
    ("apt", "2.6.1", "GPL-2.0-or-later", 90),
    ("base-files", "12.4+deb12u11", "GPL-2.0-or-later", 60),
    ("bash", "5.2.15-2+b8", "GPL-3.0-or-later", 70),
    ("ca-certificates", "20230311+deb12u1", "MPL-2.0", 142),
    ("coreutils", "9.1-1", "GPL-3.0-or-later", 110),
    ("dpkg", "1.21.22", "GPL-2.0-or-later", 95),
    ("findutils", "4.9.0-4", "GPL-3.0-or-later", 24),
    ("gpgv", "2.2.40-1.1", "GPL-3.0-or-later", 12),
    ("libc6", "2.36-9+deb12u10", "LGPL-2.1-or-later", 260),
    ("libcrypt1", "4.4.33-2", "LGPL-2.1-or-later", 8),
    ("libgcc-s1", "12.2.0-14+deb12u1", "GPL-3.0-with-GCC-exception", 6),
    ("libgnutls30", "3.7.9-2+deb12u4", "LGPL-2.1-or-later", 9),
    ("libpam-modules", "1.5.2-6+deb12u1", "BSD-3-Clause", 70),
    ("libssl3", "3.0.15-1~deb12u1", "Apache-2.0", 14),
    ("libstdc++6", "12.2.0-14+deb12u1", "GPL-3.0-with-GCC-exception", 22),
    ("libsystemd0", "252.36-1~deb12u1", "LGPL-2.1-or-later", 7),
    ("login", "4.13+dfsg1-1+deb12u1", "BSD-3-Clause", 44),
    ("mount", "2.38.1-5+deb12u3", "GPL-2.0-or-later", 26),
    ("ncurses-base", "6.4-4", "MIT", 61),
    ("perl-base", "5.36.0-7+deb12u2", "Artistic-1.0-Perl", 190),
    ("tar", "1.34+dfsg-1.2+deb12u1", "GPL-3.0-or-later", 31),
    ("tzdata", "2025b-0+deb12u1", "CC0-1.0", 620),
    ("zlib1g", "1.2.13.dfsg-1", "Zlib", 4),
];

/// A root file system with about two thousand files in the places where Debian puts them.
pub(super) fn debian() -> Vec<File> {
    let mut files: Vec<File> =
        ["etc", "usr/bin", "usr/lib/x86_64-linux-gnu", "var/lib/dpkg/info", "tmp"].map(folder).into();
    files.push(text(
        "etc/os-release",
        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n",
    ));
    files.push(text("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nnode:x:1000:1000::/home/node:/bin/sh\n"));
    files.push(text("var/lib/dpkg/status", status()));
    files.push(program("usr/bin/bash", 260_000));
    files.push(program("usr/lib/x86_64-linux-gnu/libc.so.6", 380_000));
    files.push(program("usr/lib/x86_64-linux-gnu/libssl.so.3", 140_000));
    for (package, version, licence, count) in PACKAGES {
        let docs = format!("usr/share/doc/{package}");
        files.push(folder(&docs));
        files.push(text(&format!("{docs}/copyright"), format!("{package} {version}\nLicense: {licence}\n")));
        let place = if package == "tzdata" { "usr/share/zoneinfo" } else { "usr/share" };
        let parts = (0..count).map(|part| format!("{place}/{package}/{:02}/part-{part:03}", part / 40));
        let parts: Vec<String> = parts.collect();
        let list: String = parts.iter().map(|path| format!("/{path}\n")).collect();
        files.push(text(&format!("var/lib/dpkg/info/{package}.list"), list));
        files.extend(parts.iter().map(|path| text(path, format!("{package} {version}: {path}\n"))));
    }
    files
}

/// dpkg's database.
fn status() -> String {
    let entry = |(name, version, ..): &(&str, &str, &str, usize)| {
        format!(
            "Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\nDescription: {name} of the demonstration\n\n"
        )
    };
    PACKAGES.iter().map(entry).collect()
}

/// Node with the modules of an application: folders in folders, and many small files.
pub(super) fn node() -> Vec<File> {
    const MODULES: [&str; 12] = [
        "accepts",
        "body-parser",
        "cookie",
        "debug",
        "express",
        "finalhandler",
        "helmet",
        "pg",
        "pino",
        "qs",
        "undici",
        "zod",
    ];
    let mut files = vec![folder("usr/local/bin"), program("usr/local/bin/node", 900_000)];
    for module in MODULES {
        let place = format!("usr/local/lib/node_modules/{module}");
        files.push(folder(&place));
        files.push(text(
            &format!("{place}/package.json"),
            format!(
                "{{ \"name\": \"{module}\", \"version\": \"4.{}.0\", \"license\": \"MIT\" }}\n",
                module.len()
            ),
        ));
        files.extend((0..90).zip(["core", "http", "util"].into_iter().cycle()).map(|(part, group)| {
            let path = format!("{place}/lib/{group}/{part:03}.js");
            text(
                &path,
                format!("\"use strict\";\nmodule.exports = {{ module: \"{module}\", part: {part} }};\n"),
            )
        }));
    }
    files
}

/// An SPDX document of the packages. `name` is what it describes.
pub(super) fn spdx_document(name: &str) -> Value {
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!("https://contoso.example/sbom/{name}"),
        "creationInfo": { "created": built_at(200), "creators": ["Tool: syft-1.18.0"] },
        "packages": spdx_packages(),
    })
}

fn spdx_packages() -> Vec<Value> {
    let package = |(name, version, licence, _): &(&str, &str, &str, usize)| {
        json!({
            "SPDXID": format!("SPDXRef-Package-{name}"),
            "name": name,
            "versionInfo": version,
            "supplier": "Organization: Debian",
            "downloadLocation": "NOASSERTION",
            "licenseConcluded": licence,
            "licenseDeclared": licence,
            "externalRefs": [{
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": format!("pkg:deb/debian/{name}@{version}?arch=amd64&distro=debian-12"),
            }],
        })
    };
    PACKAGES.iter().map(package).collect()
}
