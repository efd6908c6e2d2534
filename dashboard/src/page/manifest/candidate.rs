//! The entries of an index that can be shown in its place, by platform. Pure: what of it is chosen is in the URL.

use acr_artifact::Kind;
use acr_artifact::platform::{default_entry, entries};
use acr_artifact::relation;
use acr_client_wasm::{Digest, Manifest};

/// The parameter that names the platform.
pub(crate) const PARAMETER: &str = "platform";
/// How many indexes inside of each other are opened to find an image.
pub(crate) const DEPTH: usize = 4;

/// An entry of an index that can be shown in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) digest: Digest,
}

/// The images of an index and the indexes in it, and which of them opens first. Where it has no images, all of its entries but attestations.
pub(crate) fn candidates(manifest: &Manifest) -> (Vec<Candidate>, usize) {
    let all = entries(manifest);
    let default = default_entry(&all).and_then(|at| all.get(at)).map(|entry| entry.name.clone());
    let has_images = all.iter().any(|entry| entry.description.kind == Kind::Image);
    let found = all.into_iter().filter(|entry| {
        let is_image = matches!(entry.description.kind, Kind::Image | Kind::Index);
        is_image || (!has_images && entry.about.is_none() && relation::is_manifest(entry.descriptor))
    });
    let found: Vec<Candidate> = found
        .filter_map(|entry| {
            Some(Candidate { digest: entry.descriptor.digest.parse().ok()?, name: entry.name })
        })
        .collect();
    let first = found.iter().position(|candidate| Some(&candidate.name) == default.as_ref()).unwrap_or(0);
    (found, first)
}

/// The candidate of a platform: by its name, else the first whose name differs only in what sets it apart from others of that platform.
pub(crate) fn of_name<'a>(candidates: &'a [Candidate], value: &str) -> Option<&'a Candidate> {
    let platform = |candidate: &&Candidate| candidate.name.split(" · ").next() == Some(value);
    candidates.iter().find(|candidate| candidate.name == value).or_else(|| candidates.iter().find(platform))
}

/// The candidate of a value of the parameter, else the one that opens first.
pub(super) fn chosen(candidates: &[Candidate], first: usize, value: &str) -> Option<Candidate> {
    of_name(candidates, value).or_else(|| candidates.get(first)).cloned()
}

/// Whether a manifest is an index, also an empty one. A build cache's index lists blobs alone, which are its layers.
pub(crate) fn is_index(manifest: &Manifest) -> bool {
    let lists_blobs = !manifest.manifests().is_empty() && relation::children(manifest).next().is_none();
    matches!(manifest, Manifest::Index(_) | Manifest::List(_)) && !lists_blobs
}

#[cfg(test)]
mod tests {
    use acr_client_wasm::MediaType;

    use super::*;

    fn index(platforms: &[(&str, &str)]) -> Manifest {
        let media_type: MediaType = "application/vnd.oci.image.index.v1+json".parse().unwrap();
        let entry = |(at, (os, architecture)): (usize, &(&str, &str))| {
            format!(
                r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{at:064}","size":1,
                    "platform":{{"os":"{os}","architecture":"{architecture}"}}}}"#
            )
        };
        let entries: Vec<_> = platforms.iter().enumerate().map(entry).collect();
        let json = format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{}]}}"#,
            entries.join(",")
        );
        Manifest::from_slice(json.as_bytes(), &media_type).unwrap()
    }

    #[test]
    fn linux_amd64_opens_first_and_the_url_names_another() {
        let (found, first) = candidates(&index(&[("linux", "arm64"), ("linux", "amd64")]));
        let name = |value| chosen(&found, first, value).unwrap().name;
        assert_eq!(name(""), "linux/amd64");
        assert_eq!(name("linux/arm64"), "linux/arm64");
        assert_eq!(name("plan9/mips"), "linux/amd64");
    }

    #[test]
    fn entries_of_the_same_platform_differ_and_the_platform_alone_means_the_first() {
        let (found, first) = candidates(&index(&[("linux", "arm64"), ("linux", "arm64")]));
        assert_ne!(found[0].name, found[1].name);
        assert_eq!(chosen(&found, first, "linux/arm64"), Some(found[0].clone()));
        assert_eq!(chosen(&found, first, &found[1].name), Some(found[1].clone()));
    }

    #[test]
    fn an_index_inside_of_an_index_can_be_chosen_and_an_image_opens_first() {
        let media_type: MediaType = "application/vnd.oci.image.index.v1+json".parse().unwrap();
        let json = format!(
            r#"{{"schemaVersion":2,"manifests":[
                {{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:{:064}","size":1}},
                {{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{:064}","size":1}}]}}"#,
            1, 2
        );
        let (found, first) = candidates(&Manifest::from_slice(json.as_bytes(), &media_type).unwrap());
        let names: Vec<&str> = found.iter().map(|candidate| candidate.name.as_str()).collect();
        assert_eq!(
            (names.as_slice(), first),
            (["Image index", "Image (no platform specified)"].as_slice(), 1)
        );
    }

    #[test]
    fn an_index_without_entries_has_none_to_choose() {
        let (found, first) = candidates(&index(&[]));
        assert_eq!(chosen(&found, first, ""), None);
    }
}
