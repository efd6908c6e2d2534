//! What an image runs on, in the words of the Go language: `linux/arm64/v8`; and the entries of an index with names that differ.

use acr_client_wasm::{Descriptor, Manifest, Platform};

use crate::describe::Description;
use crate::kind::Kind;
use crate::relation;
use crate::types::annotation;

/// What a page shows for an image of an index that names no platform.
pub const NO_PLATFORM: &str = "Image (no platform specified)";

/// Whether a platform says nothing, as attestations and artifacts have it.
#[must_use]
pub fn is_unknown(os: &str, architecture: &str) -> bool {
    [os, architecture].iter().all(|part| part.is_empty() || *part == "unknown")
}

/// The name of a platform: `linux/arm64/v8`, `windows/amd64 (10.0.20348.2527)`. Empty where it says nothing; a part that is missing is left
/// out, as the operating system is in Docker's first schema.
///
/// ```
/// use acr_artifact::platform;
///
/// assert_eq!(platform::name("linux", "arm64", Some("v8"), None), "linux/arm64/v8");
/// assert_eq!(platform::name("windows", "amd64", None, Some("10.0.20348.2527")), "windows/amd64 (10.0.20348.2527)");
/// assert_eq!(platform::name("", "amd64", None, None), "amd64");
/// assert_eq!(platform::name("unknown", "unknown", None, None), "");
/// ```
#[must_use]
pub fn name(os: &str, architecture: &str, variant: Option<&str>, os_version: Option<&str>) -> String {
    if is_unknown(os, architecture) {
        return String::new();
    }
    let parts = [os, architecture, variant.unwrap_or_default()].into_iter().filter(|part| !part.is_empty());
    let mut name = parts.map(clean).collect::<Vec<_>>().join("/");
    if let Some(version) = os_version.filter(|version| !version.is_empty()) {
        name.push_str(&format!(" ({})", clean(version)));
    }
    name
}

/// An entry of an index, as a page lists it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The descriptor in the index.
    pub descriptor: &'a Descriptor,
    /// What it is.
    pub description: Description,
    /// A name that no other entry of the index has.
    pub name: String,
    /// The digest of the entry that it is an attestation or a lazy loading index about.
    pub about: Option<&'a str>,
}

/// The entries of an index in its order. Entries of the same platform get what sets them apart added to their names: lazy loading format,
/// compression, features, an annotation, at last the digest.
#[must_use]
pub fn entries(manifest: &Manifest) -> Vec<Entry<'_>> {
    let mut all: Vec<Entry<'_>> = manifest.manifests().iter().map(entry).collect();
    let details: [fn(&Entry<'_>) -> String; 4] = [variants, features, labels, short_digest];
    for detail in details {
        let same = duplicated(&all);
        for (entry, same) in all.iter_mut().zip(same) {
            let detail = if same { detail(entry) } else { String::new() };
            if !detail.is_empty() {
                entry.name = format!("{} · {detail}", entry.name);
            }
        }
    }
    // The same entry may be listed twice.
    let same = duplicated(&all);
    for (position, (entry, same)) in all.iter_mut().zip(same).enumerate() {
        if same {
            entry.name = format!("{} · {}", entry.name, position + 1);
        }
    }
    let names: Vec<(&str, String)> =
        all.iter().map(|entry| (entry.descriptor.digest.as_str(), entry.name.clone())).collect();
    for entry in &mut all {
        let about = entry.about.and_then(|about| names.iter().find(|(digest, _)| *digest == about));
        if let Some((_, subject)) = about {
            entry.name = format!("{} for {subject}", entry.name.split(" · ").next().unwrap_or_default());
        }
    }
    let same = duplicated(&all);
    for (entry, same) in all.iter_mut().zip(same) {
        if same && entry.about.is_some() {
            entry.name = format!("{} · {}", entry.name, short_digest(entry));
        }
    }
    all
}

/// The entry to open when an index is opened: `linux/amd64` where there is one, else the first image.
#[must_use]
pub fn default_entry(entries: &[Entry<'_>]) -> Option<usize> {
    let images = entries.iter().enumerate().filter(|(_, entry)| entry.description.kind == Kind::Image);
    images.min_by_key(|(_, entry)| default_rank(entry)).map(|(position, _)| position)
}

/// The lowest is the image that runs on most machines: another level of amd64 needs a newer processor, and a special format another runtime.
fn default_rank(entry: &Entry<'_>) -> (bool, bool, bool) {
    let platform = entry.descriptor.platform.as_ref();
    match platform.filter(|it| it.os == "linux" && it.architecture == "amd64") {
        None => (true, false, false),
        Some(platform) => {
            let level = platform.variant.as_deref().unwrap_or_default();
            (false, !matches!(level, "" | "v1"), !entry.description.variants.is_empty())
        }
    }
}

/// How many entries an index has of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Images, or whatever else the index is of.
    pub platforms: usize,
    /// Attestations.
    pub attestations: usize,
    /// Other evidence: lazy loading indexes, signatures, SBOMs.
    pub others: usize,
}

/// Counts the manifests among the entries of an index by their kinds; a build cache lists blobs among them.
#[must_use]
pub fn count(entries: &[Entry<'_>]) -> Count {
    let mut count = Count::default();
    for entry in entries.iter().filter(|entry| relation::is_manifest(entry.descriptor)) {
        match entry.description.kind {
            Kind::Attestation => count.attestations += 1,
            kind if kind.is_evidence() => count.others += 1,
            _ => count.platforms += 1,
        }
    }
    count
}

fn entry(descriptor: &Descriptor) -> Entry<'_> {
    let description = Description::of_descriptor(descriptor);
    let platform = descriptor.platform.as_ref().map(platform_name).unwrap_or_default();
    let name = match description.kind {
        Kind::Index => description.title(),
        kind if kind.is_evidence() => description.title(),
        Kind::Image if platform.is_empty() => NO_PLATFORM.to_owned(),
        _ if platform.is_empty() => description.title(),
        _ => platform,
    };
    Entry { descriptor, description, name, about: relation::attested(descriptor) }
}

fn platform_name(platform: &Platform) -> String {
    let version = platform.os_version.as_deref();
    name(&platform.os, &platform.architecture, platform.variant.as_deref(), version)
}

fn duplicated(entries: &[Entry<'_>]) -> Vec<bool> {
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    names.sort_unstable();
    entries
        .iter()
        .map(|entry| {
            let from = names.partition_point(|name| *name < entry.name.as_str());
            names.get(from + 1).is_some_and(|next| *next == entry.name)
        })
        .collect()
}

fn variants(entry: &Entry<'_>) -> String {
    let names: Vec<_> = entry.description.variants.iter().map(|variant| variant.name()).collect();
    names.join(", ")
}

fn features(entry: &Entry<'_>) -> String {
    let Some(platform) = entry.descriptor.platform.as_ref() else { return String::new() };
    let nydus = |feature: &&String| !feature.contains("nydus");
    let all = platform.os_features.iter().filter(nydus).chain(&platform.features);
    clean(&all.map(String::as_str).collect::<Vec<_>>().join(", "))
}

fn labels(entry: &Entry<'_>) -> String {
    let annotations = &entry.descriptor.annotations;
    let value = [annotation::REF_NAME, annotation::TITLE].iter().find_map(|key| annotations.get(*key));
    clean(value.map_or("", String::as_str))
}

/// `sha256:` and twelve characters.
fn short_digest(entry: &Entry<'_>) -> String {
    clean(&entry.descriptor.digest).chars().take(19).collect()
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
