//! Finding the reference in a command line, or taking a text without a command for one.

use super::reference::{PasteError, PastedReference, host, without_scheme};
use super::text;

/// Tools whose command lines name images.
const TOOLS: &[&str] = &[
    "docker",
    "podman",
    "nerdctl",
    "crictl",
    "ctr",
    "finch",
    "buildah",
    "skopeo",
    "crane",
    "regctl",
    "oras",
    "helm",
    "cosign",
    "notation",
    "az",
    "flux",
    "kubectl",
    "apptainer",
    "singularity",
    "devcontainer",
    "kit",
    "ollama",
    "spin",
    "conftest",
    "modctl",
    "trivy",
    "syft",
    "grype",
    "bicep",
    "image:",
    "FROM",
    "container",
    "k3s",
    "buildctl",
    "falcoctl",
    "tkn",
    "kyverno",
];

/// Options whose value is the next word and no reference.
const WITH_VALUE: &[&str] = &[
    "--platform",
    "--version",
    "--username",
    "-u",
    "--password",
    "-p",
    "--name",
    "-n",
    "--output",
    "-o",
    "--os",
    "--arch",
    "--namespace",
    "-v",
    "--volume",
    "-e",
    "--env",
    "--env-file",
    "--entrypoint",
    "--network",
    "--key",
    "--publish",
    "-l",
    "--label",
    "-w",
    "--workdir",
    "--subscription",
    "--resource-group",
    "-g",
    "--query",
    "--registry",
    "-r",
    "--suffix",
    "--restart",
    "--hostname",
    "-h",
    "--add-host",
    "--mount",
    "--memory",
    "-m",
    "--cpus",
    "--gpus",
    "--type",
    "--format",
    "-f",
    "--file",
    "--values",
    "--set",
    "--destination",
    "--untardir",
    "--ca-file",
    "--cert-file",
    "--key-file",
    "--artifact-type",
    "--creds",
    "--pull",
    "--annotation",
    "-a",
    "--source",
    "--certificate-identity",
    "--certificate-oidc-issuer",
    "--build-arg",
    "--target",
    "--cache-from",
    "--cache-to",
];

/// Subcommands, which could be names of repositories too.
const SUBCOMMANDS: &[&str] = &[
    "pull",
    "push",
    "run",
    "create",
    "image",
    "images",
    "inspect",
    "manifest",
    "fetch",
    "show",
    "chart",
    "all",
    "values",
    "readme",
    "install",
    "upgrade",
    "template",
    "copy",
    "cp",
    "tag",
    "rmi",
    "rm",
    "verify",
    "sign",
    "tree",
    "artifact",
    "repo",
    "ls",
    "list",
    "discover",
    "attach",
    "digest",
    "config",
    "buildx",
    "imagetools",
    "scan",
    "acr",
    "repository",
    "delete",
    "untag",
    "update",
    "show-tags",
    "show-manifests",
    "list-metadata",
    "show-metadata",
    "list-referrers",
    "manifests",
    "plugin",
    "compose",
    "model",
    "download",
    "attestation",
    "signature",
    "sbom",
    "exec",
    "save",
    "import",
    "bundle",
    "oci",
    "registry",
    "features",
    "info",
    "build",
    "resolve",
    "export",
    "layer",
    "blob",
    "content",
    "unpack",
    "bicep",
    "publish",
    "login",
    "history",
];

/// Reads a command line or a bare reference.
pub(super) fn parse(pasted: &str) -> Result<PastedReference, PasteError> {
    let mut words = text::words(pasted);
    skip_prompt(&mut words);
    let has_tool = words.len() > 1 && words.first().is_some_and(|word| is_tool(word));
    if has_tool && words.first().is_some_and(|word| word == "kubectl") {
        return kubectl(&words);
    }
    if has_tool && words.get(1).is_some_and(|word| word == "acr") {
        return az_acr(&words);
    }
    let version = value_of(&words, &["--version"]);
    if words.len() > 1 && !has_tool && version.is_none() {
        let found: Vec<_> = words.iter().filter(|word| looks_like_one(word)).collect();
        return match found.as_slice() {
            [] => Err(PasteError::NoReference),
            [one] => {
                // In a sentence only what names a registry is surely a reference.
                let read = PastedReference::parse_word(one)?;
                let sure = read.registry.is_some() || pasted_has_only(&words, one);
                if sure { Ok(read) } else { Err(PasteError::NoReference) }
            }
            many => Err(PasteError::Several(many.len())),
        };
    }
    let (start, first) = if has_tool { (1, true) } else { (0, false) };
    let word = positional(&words, start, first).ok_or(PasteError::NoReference)?;
    let mut found = PastedReference::parse_word(word)?;
    if let Some(version) = version.filter(|_| found.tag.is_none() && found.digest.is_none()) {
        found.tag = Some(version.replace('+', "_").parse().map_err(PasteError::Tag)?);
    }
    Ok(found)
}

/// Whether a word is the name of a tool, with or without its path.
fn is_tool(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    TOOLS.contains(&name.strip_suffix(".exe").unwrap_or(name)) && word.matches('/').count() != 1
}

/// How many lines begin with a tool.
pub(super) fn count(pasted: &str) -> usize {
    let first = |line: &&str| {
        line.split_whitespace().find(|word| !matches!(*word, "$" | "#" | ">" | "sudo")).is_some_and(is_tool)
    };
    pasted.lines().filter(first).count()
}

/// A command line as it was before a terminal wrapped it within its reference: a line that is a single word continues a reference at the
/// end of the line before it. None where no line does.
pub(super) fn rejoined(pasted: &str) -> Option<String> {
    let (mut joined, mut any) = (String::new(), false);
    for line in pasted.lines().map(str::trim) {
        let last = joined.rsplit(char::is_whitespace).next().unwrap_or_default();
        let single = !line.is_empty() && !line.contains(char::is_whitespace) && !line.starts_with('-');
        if single && looks_like_one(last) && !last.ends_with(['\\', '`', '^']) {
            any = true;
        } else if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(line);
    }
    any.then_some(joined)
}

/// `--image REFERENCE`, or `CONTAINER=REFERENCE` of `kubectl set image`.
fn kubectl(words: &[String]) -> Result<PastedReference, PasteError> {
    let assigned = || {
        words
            .iter()
            .filter_map(|word| word.split_once('='))
            .map(|(_, value)| value)
            .find(|it| looks_like_one(it))
    };
    let image = value_of(words, &["--image"]).or_else(assigned).ok_or(PasteError::NoReference)?;
    PastedReference::parse_word(image)
}

/// Drops what stands in front of a command: a prompt, `sudo`, variables.
fn skip_prompt(words: &mut Vec<String>) {
    while words.len() > 1 {
        let skip = words.first().is_some_and(|word| {
            matches!(word.as_str(), "$" | "#" | ">" | "%" | "PS" | "sudo" | "-" | "&" | "time" | "!")
                || word.ends_with('>')
                || (word.contains('=') && !word.contains(['/', ':', '@']))
        });
        if !skip {
            return;
        }
        words.remove(0);
    }
}

/// Whether the other words say nothing: a name with a colon in front (`image: x`), punctuation.
fn pasted_has_only(words: &[String], one: &str) -> bool {
    words.iter().all(|word| word == one || word.ends_with(':') || word.chars().all(|c| !c.is_alphanumeric()))
}

fn looks_like_one(word: &str) -> bool {
    let (rest, scheme) = without_scheme(word);
    scheme
        || rest.len() < word.len()
        || rest.contains('/')
        || rest.contains('@')
        || rest.trim_end_matches(':').contains(':')
}

/// The word that is the reference: one with a scheme, else the first that has a slash, else the first that is no option and no subcommand.
fn positional(words: &[String], start: usize, has_tool: bool) -> Option<&String> {
    let mut candidates = Vec::new();
    let mut skip = false;
    for word in words.iter().skip(start) {
        if std::mem::take(&mut skip) {
            continue;
        }
        if word.starts_with('-') {
            skip = WITH_VALUE.contains(&word.as_str());
            continue;
        }
        if matches!(word.as_str(), "|" | ">" | "&&" | ";" | "||") {
            break;
        }
        candidates.push(word);
    }
    if has_tool {
        let subcommand = |word: &&String| SUBCOMMANDS.contains(&word.as_str());
        let leading = candidates.iter().take_while(|word| subcommand(word)).count();
        candidates.drain(..leading.min(candidates.len()));
    }
    let scheme = words.iter().skip(start).find(|word| without_scheme(word).0.len() < word.len());
    let slash =
        || candidates.iter().find(|word| word.contains('/') && PastedReference::parse_word(word).is_ok());
    scheme.or_else(|| slash().copied()).or_else(|| candidates.first().copied())
}

fn value_of<'w>(words: &'w [String], names: &[&str]) -> Option<&'w str> {
    for (position, word) in words.iter().enumerate() {
        if let Some((name, value)) = word.split_once('=')
            && names.contains(&name)
        {
            return Some(value);
        }
        if names.contains(&word.as_str()) {
            return words.get(position + 1).map(String::as_str);
        }
    }
    None
}

/// `az acr repository … --name REGISTRY --image REPOSITORY:TAG`, `az acr manifest … --registry REGISTRY --name REPOSITORY:TAG`, or a full
/// reference as the last word.
fn az_acr(words: &[String]) -> Result<PastedReference, PasteError> {
    let is_manifest = words.get(2).is_some_and(|word| word == "manifest");
    let image = if is_manifest {
        value_of(words, &["--name", "-n"])
    } else {
        value_of(words, &["--image", "-t", "-i", "--repository", "--source"])
    };
    let registry = if is_manifest {
        value_of(words, &["--registry", "-r"])
    } else {
        value_of(words, &["--name", "-n", "--registry", "-r"])
    };
    let image = match image {
        Some(image) => image,
        None => {
            positional(words, 1, true).filter(|word| word.contains('/')).ok_or(PasteError::NoRepository)?
        }
    };
    let mut found = PastedReference::parse_word(image)?;
    if found.registry.is_none()
        && let Some(registry) = registry
    {
        found.registry = Some(host(registry).ok_or(PasteError::Registry)?);
    }
    Ok(found)
}
