//! A command, and what commands are about.

use acr_client_wasm::Reference;

/// A line to type, and what types it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The tool (`docker`), or what an `az acr` command does (`Untag`).
    pub name: &'static str,
    /// The line, quoted for a POSIX shell.
    pub line: String,
}

impl Command {
    pub(crate) const fn new(name: &'static str, line: String) -> Self {
        Self { name, line }
    }
}

/// What a command is about.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The login server, `contoso.azurecr.io`.
    pub login_server: &'a str,
    /// The repository's name.
    pub repository: &'a str,
    /// The tag or the digest.
    pub reference: &'a Reference,
    /// The digest of the manifest that it is about, where it is a signature, an SBOM or an attestation and neither its document nor the
    /// reference says so, but for instance another tag on it does.
    pub subject: Option<&'a str>,
}

impl Target<'_> {
    /// `contoso.azurecr.io/team/app`
    pub(crate) fn repository(&self) -> String {
        format!("{}/{}", self.login_server, self.repository)
    }

    /// `contoso.azurecr.io/team/app:1.2`
    pub(crate) fn full(&self) -> String {
        format!("{}{}", self.repository(), suffix(self.reference))
    }
}

/// A reference as it follows a repository: `:1.2`, `@sha256:…`.
#[must_use]
pub fn suffix(reference: &Reference) -> String {
    match reference {
        Reference::Tag(tag) => format!(":{tag}"),
        Reference::Digest(digest) => format!("@{digest}"),
    }
}
