//! The shells that builders put in front of a command.

/// Shells that are recognised without a `SHELL` instruction.
const KNOWN: &[&str] = &[
    "/bin/bash -o pipefail -c",
    "/bin/bash -eo pipefail -c",
    "/bin/bash -euo pipefail -c",
    "/bin/bash -exo pipefail -c",
    "/bin/bash -euxo pipefail -c",
    "/bin/bash -c",
    "/bin/bash -lc",
    "/bin/ash -eo pipefail -c",
    "/bin/ash -o pipefail -c",
    "/bin/ash -c",
    "/bin/dash -c",
    "/bin/zsh -c",
    "/bin/sh -ec",
    "/bin/sh -exc",
    "/bin/sh -e -c",
    "/bin/sh -o pipefail -c",
    "/bin/sh -c",
    "/usr/bin/env bash -c",
    "/usr/bin/bash -c",
    "/busybox/sh -c",
    "bash -c",
    "sh -c",
    "cmd /S /C",
    "cmd.exe /S /C",
    "cmd /s /c",
    "powershell -Command",
    "powershell.exe -Command",
    "pwsh -Command",
];

/// What the classic builder writes in front of an instruction that runs nothing.
const NO_OPERATION: &str = "#(nop)";

/// The shell in force, and those that were before.
pub(super) struct Shells {
    /// The words of each `SHELL` so far, joined by spaces, the newest last.
    declared: Vec<String>,
}

impl Shells {
    pub(super) const fn new() -> Self {
        Self { declared: Vec::new() }
    }

    /// Notes what `SHELL` says. Builds have few shells; of more, the newest count.
    pub(super) fn declare(&mut self, words: &[String]) {
        const MOST: usize = 16;
        let shell = words.join(" ");
        self.declared.retain(|declared| *declared != shell);
        if self.declared.len() == MOST {
            self.declared.remove(0);
        }
        self.declared.push(shell);
    }

    /// All shells, the likeliest first: the newest declared one before those it may begin with.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.declared.iter().rev().map(String::as_str).chain(KNOWN.iter().copied())
    }

    /// What follows a shell at the front of a text; none where there is none.
    pub(super) fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        let text = text.trim_start();
        self.all().find_map(|shell| {
            let rest = text.strip_prefix(shell)?;
            (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim())
        })
    }

    /// What follows `#(nop)`, where only a shell stands in front of it.
    pub(super) fn classic_metadata<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (before, after) = text.split_once(NO_OPERATION)?;
        let before = before.trim();
        let is_shell = before.is_empty() || self.strip(before).is_some_and(str::is_empty);
        // A build argument in front of an instruction that runs nothing means nothing.
        (is_shell || before.starts_with('|')).then(|| after.trim())
    }
}
