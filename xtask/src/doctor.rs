//! `doctor`: which programs the commands need, which of them are here, and how to get the others on this system. Installs nothing.

use std::fmt::Write as _;

use anyhow::Result;

use crate::process::{command, read};
use crate::tool;

/// A program, what it is for, and how to get it.
struct Program {
    /// Names that it goes by; the first one found counts.
    names: &'static [&'static str],
    /// The commands that need it.
    needed_by: &'static str,
    debian: &'static str,
    fedora: &'static str,
    macos: &'static str,
    windows: &'static str,
}

/// Everything that the commands start, apart from what the Rust toolchain includes.
const PROGRAMS: &[Program] = &[
    Program {
        names: &["cargo"],
        needed_by: "everything",
        debian: "https://rustup.rs",
        fedora: "https://rustup.rs",
        macos: "https://rustup.rs",
        windows: "https://rustup.rs",
    },
    Program {
        names: &["cc", "gcc", "clang", "cl"],
        needed_by: "everything (links programs, compiles the C parts of ring)",
        debian: "apt-get install build-essential",
        fedora: "dnf install gcc",
        macos: "xcode-select --install",
        windows: "winget install Microsoft.VisualStudio.2022.BuildTools",
    },
    Program {
        names: &["wasm-opt"],
        needed_by: "dist, npm, test (makes the WebAssembly smaller)",
        debian: "npm install --global binaryen",
        fedora: "dnf install binaryen",
        macos: "brew install binaryen",
        windows: "npm install --global binaryen",
    },
    Program {
        names: &["node"],
        needed_by: "everything that builds the page (demo, serve, dist, test), npm, docs",
        debian: "apt-get install nodejs npm",
        fedora: "dnf install nodejs npm",
        macos: "brew install node",
        windows: "winget install OpenJS.NodeJS.LTS",
    },
    Program {
        names: &["wasm-pack"],
        needed_by: "npm, test web",
        debian: "cargo install --locked wasm-pack",
        fedora: "cargo install --locked wasm-pack",
        macos: "brew install wasm-pack",
        windows: "cargo install --locked wasm-pack",
    },
    Program {
        names: &["trunk"],
        needed_by: "trunk serve, while you develop the page",
        debian: "cargo install --locked trunk@0.21.14",
        fedora: "cargo install --locked trunk@0.21.14",
        macos: "brew install trunk",
        windows: "cargo install --locked trunk@0.21.14",
    },
    Program {
        names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        needed_by: "test",
        debian: "apt-get install chromium",
        fedora: "dnf install chromium",
        macos: "brew install --cask chromium",
        windows: "winget install Google.Chrome",
    },
    Program {
        names: &["chromedriver"],
        needed_by: "test",
        debian: "apt-get install chromium-driver",
        fedora: "dnf install chromedriver",
        macos: "brew install --cask chromedriver",
        windows: "https://googlechromelabs.github.io/chrome-for-testing/",
    },
    Program {
        names: &["firefox-esr", "firefox"],
        needed_by: "test e2e, test embed",
        debian: "apt-get install firefox-esr",
        fedora: "dnf install firefox",
        macos: "brew install --cask firefox",
        windows: "winget install Mozilla.Firefox",
    },
    Program {
        names: &["geckodriver"],
        needed_by: "test e2e, test embed",
        debian: "cargo install --locked geckodriver",
        fedora: "cargo install --locked geckodriver",
        macos: "brew install geckodriver",
        windows: "cargo install --locked geckodriver",
    },
    Program {
        names: &["skopeo"],
        needed_by: "test e2e, test peers",
        debian: "apt-get install skopeo",
        fedora: "dnf install skopeo",
        macos: "brew install skopeo",
        windows: "use the Windows Subsystem for Linux",
    },
    Program {
        names: &["nginx", "/usr/sbin/nginx"],
        needed_by: "test e2e, test peers, bench gateway",
        debian: "apt-get install nginx",
        fedora: "dnf install nginx",
        macos: "brew install nginx",
        windows: "https://nginx.org/en/download.html",
    },
    Program {
        names: &["wrk"],
        needed_by: "bench gateway",
        debian: "apt-get install wrk",
        fedora: "https://github.com/wg/wrk",
        macos: "brew install wrk",
        windows: "use the Windows Subsystem for Linux",
    },
    Program {
        names: &["caddy"],
        needed_by: "test e2e, test peers",
        debian: "apt-get install caddy",
        fedora: "dnf install caddy",
        macos: "brew install caddy",
        windows: "winget install CaddyServer.Caddy",
    },
    Program {
        names: &["python3", "python"],
        needed_by: "test peers (Helm, as a Python package)",
        debian: "apt-get install python3 python3-venv",
        fedora: "dnf install python3",
        macos: "brew install python",
        windows: "winget install Python.Python.3.13",
    },
    Program {
        names: &["cargo-deny"],
        needed_by: "tidy (licences and advisories)",
        debian: "cargo install --locked cargo-deny",
        fedora: "cargo install --locked cargo-deny",
        macos: "brew install cargo-deny",
        windows: "cargo install --locked cargo-deny",
    },
    Program {
        names: &["mdbook"],
        needed_by: "docs",
        debian: "cargo install --locked mdbook",
        fedora: "cargo install --locked mdbook",
        macos: "brew install mdbook",
        windows: "cargo install --locked mdbook",
    },
];

/// The systems for which there is advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Debian,
    Fedora,
    Macos,
    Windows,
}

impl System {
    /// The one that this program runs on. An unknown Linux counts as Debian unless it has dnf.
    fn here() -> Self {
        match std::env::consts::OS {
            "macos" => Self::Macos,
            "windows" => Self::Windows,
            _ if tool::find("dnf").is_some() => Self::Fedora,
            _ => Self::Debian,
        }
    }

    fn advice(self, program: &Program) -> &'static str {
        match self {
            Self::Debian => program.debian,
            Self::Fedora => program.fedora,
            Self::Macos => program.macos,
            Self::Windows => program.windows,
        }
    }
}

/// Prints the table. A missing program is no failure: which of them are needed depends on the command.
pub(crate) fn run() -> Result<()> {
    println!("{}", report(System::here(), version));
    Ok(())
}

/// The first line of a program's `--version`; nothing if the program is not found.
fn version(name: &str) -> Option<String> {
    let path = tool::find(name)?;
    let flag = if name.ends_with("nginx") {
        "-v"
    } else if name == "caddy" {
        "version"
    } else {
        "--version"
    };
    let text = read(command(&path).arg(flag)).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim();
    Some(if line.is_empty() { path.display().to_string() } else { line.to_owned() })
}

fn report(system: System, version: impl Fn(&str) -> Option<String>) -> String {
    let mut text = format!("Programs that the commands need, on {system:?}:\n");
    let mut missing = String::new();
    for program in PROGRAMS {
        let name = program.names.first().copied().unwrap_or_default();
        let needed_by = program.needed_by;
        // Writing to a string does not fail.
        let _written = match program.names.iter().find_map(|name| version(name)) {
            Some(found) => writeln!(text, "  found    {name:13} {found}"),
            None => {
                let _noted = writeln!(missing, "  {name:13} {}", system.advice(program));
                writeln!(text, "  missing  {name:13} needed by {needed_by}")
            }
        };
    }
    if missing.is_empty() {
        text + "Nothing is missing."
    } else {
        format!(
            "{text}\nHow to get what is missing (most commands install it by themselves where they can):\n{missing}"
        )
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(System::Debian, "apt-get install skopeo")]
    #[case(System::Fedora, "dnf install skopeo")]
    #[case(System::Macos, "brew install skopeo")]
    #[case(System::Windows, "Windows Subsystem for Linux")]
    fn what_is_missing_is_named_with_the_way_to_get_it(#[case] system: System, #[case] advice: &str) {
        let report = report(system, |name| (name != "skopeo").then(|| "1.2.3".to_owned()));
        assert!(report.contains("missing  skopeo"), "{report}");
        assert!(report.contains("found    cargo         1.2.3"), "{report}");
        assert!(report.contains(advice) && report.matches("missing  ").count() == 1, "{report}");
    }

    #[test]
    fn a_machine_that_has_everything_lacks_nothing() {
        assert!(report(System::Debian, |_| Some("1".to_owned())).ends_with("Nothing is missing."));
    }
}
