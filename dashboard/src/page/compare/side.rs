//! One side of a comparison: the manifest that a name in the URL means, and the image of it that is compared.

use acr_artifact::config::ReadConfig;
use acr_artifact::{Description, platform};
use acr_client_wasm::{Digest, Manifest, ManifestResult, Reference, RepositoryName};

use super::choice::Choices;
use crate::failure::Failure;
use crate::page::files::Layers;
use crate::page::manifest::candidate::{Candidate, DEPTH, candidates, is_index};
use crate::route::{Route, Screen};
use crate::session::{Session, Sessions};
use crate::text::compare as text;

/// A configuration above this many bytes is not compared.
const CONFIG_LIMIT: u64 = 4 << 20;

/// What a name means, before it is decided which image of an index is compared.
pub(super) struct Found {
    source: Source,
    content: Content,
}

/// Where a side comes from.
#[derive(Clone)]
struct Source {
    /// As the URL has it.
    name: String,
    session: Session,
    repository: RepositoryName,
}

enum Content {
    Image(Box<Image>),
    Index(Choices),
}

/// An image and its configuration.
struct Image {
    manifest: ManifestResult,
    /// As JSON; empty where there is none.
    configuration: String,
    /// The platform of the configuration; empty where it names none.
    platform: String,
}

/// An image that was opened.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) layers: Layers,
    /// Digest and size of each layer.
    pub(super) sizes: Vec<(String, u64)>,
    /// As JSON; empty where there is none.
    pub(super) configuration: String,
    pub(super) annotations: Vec<(String, String)>,
}

/// Which registry a name means, and the rest of it: the first part is a login server where it has a dot or a colon.
fn registry<'a>(name: &'a str, sessions: Sessions, here: &Session) -> Result<(Session, &'a str), Failure> {
    let Some((server, rest)) = name.split_once('/').filter(|(server, _)| server.contains(['.', ':'])) else {
        return Ok((here.clone(), name));
    };
    let found = sessions.all_untracked().into_iter().find(|session| session.login_server() == server);
    let session = found
        .ok_or_else(|| Failure::local(text::open_failed(name), text::SIGN_IN_FIRST, text::SIGN_IN_REMEDY))?;
    Ok((session, rest))
}

/// Finds what a name means.
pub(super) async fn find(sessions: Sessions, here: &Session, name: &str) -> Result<Found, Failure> {
    let (session, rest) = registry(name, sessions, here)?;
    let Screen::Manifest { repository, reference, .. } = Route::within(session.registry(), rest).screen
    else {
        return Err(Failure::local(text::open_failed(name), text::NOT_AN_IMAGE, text::NOT_AN_IMAGE_REMEDY));
    };
    let source = Source { name: name.to_owned(), session, repository };
    let manifest = source.manifest(reference).await?;
    let content = if is_index(&manifest.manifest) {
        let (candidates, first) = candidates(&manifest.manifest);
        Content::Index(Choices { candidates, first })
    } else {
        Content::Image(Box::new(source.image(manifest).await?))
    };
    Ok(Found { source, content })
}

impl Found {
    /// The images to choose from; `None` where the name means a single image.
    pub(super) fn choices(&self) -> Option<&Choices> {
        match &self.content {
            Content::Index(choices) => Some(choices),
            Content::Image(_) => None,
        }
    }

    /// The platform of a single image.
    pub(super) fn platform(&self) -> Option<&str> {
        match &self.content {
            Content::Image(image) => Some(&image.platform),
            Content::Index(_) => None,
        }
    }

    /// Opens the image that was chosen of an index, or the single image.
    pub(super) async fn open(self, chosen: Option<Candidate>) -> Result<Opened, Failure> {
        let Self { source, content } = self;
        match (content, chosen) {
            (Content::Image(image), _) => Ok(source.opened(*image, None)),
            (Content::Index(_), Some(chosen)) => {
                let image = source.image_of(&chosen).await?;
                Ok(source.opened(image, Some(&chosen.name)))
            }
            (Content::Index(_), None) => Err(source.empty()),
        }
    }
}

impl Source {
    async fn manifest(&self, reference: Reference) -> Result<ManifestResult, Failure> {
        let answer = self.session.client.manifests().get(&self.repository, &reference).await;
        answer.map_err(|error| Failure::of(text::open_failed(&self.name), &error))
    }

    fn empty(&self) -> Failure {
        Failure::local(text::open_failed(&self.name), text::EMPTY_INDEX, text::CHECK_RAW)
    }

    /// The image of a platform. Where that is an index again, its image of the same name, else the one that opens first there.
    async fn image_of(&self, chosen: &Candidate) -> Result<Image, Failure> {
        let mut digest = chosen.digest.clone();
        for _ in 0..DEPTH {
            let manifest = self.manifest(Reference::Digest(digest)).await?;
            if !is_index(&manifest.manifest) {
                return self.image(manifest).await;
            }
            let (candidates, first) = candidates(&manifest.manifest);
            let next = Choices { candidates, first }.choose(&chosen.name, "");
            digest = next.ok_or_else(|| self.empty())?.digest;
        }
        Err(self.empty())
    }

    async fn image(&self, manifest: ManifestResult) -> Result<Image, Failure> {
        let config = match &manifest.manifest {
            Manifest::V1(manifest) => Some(ReadConfig::from_schema1(manifest)),
            _ => None,
        };
        if let Some(read) = config {
            // Schema 1 has the fields of a configuration in the manifest.
            let configuration = serde_json::to_string(&read.config).unwrap_or_default();
            return Ok(Image { platform: platform_of(&read), manifest, configuration });
        }
        let digest = manifest.manifest.config().and_then(|config| config.digest.parse::<Digest>().ok());
        let Some(digest) = digest else {
            return Ok(Image { manifest, configuration: String::new(), platform: String::new() });
        };
        let bytes = self.session.client.blobs().get_bytes(&self.repository, &digest, CONFIG_LIMIT).await;
        let bytes = bytes.map_err(|error| Failure::of(text::open_failed(&self.name), &error))?;
        // What is not the configuration of an image is not compared.
        Ok(match ReadConfig::from_slice(&bytes) {
            Ok(read) => Image {
                manifest,
                configuration: String::from_utf8_lossy(&bytes).into_owned(),
                platform: platform_of(&read),
            },
            Err(_) => Image { manifest, configuration: String::new(), platform: String::new() },
        })
    }

    fn opened(self, image: Image, platform: Option<&str>) -> Opened {
        let Image { manifest, configuration, .. } = image;
        let description = Description::of_manifest(&manifest.manifest, &manifest.media_type);
        let client = self.session.client.clone();
        // Content is compared by checksums, which a table of contents does not have.
        let layers =
            Layers::of(client, self.repository, &manifest, &description).without_tables_of_contents();
        let annotations = manifest.manifest.annotations().iter();
        Opened {
            name: platform
                .map_or_else(|| self.name.clone(), |platform| text::of_platform(&self.name, platform)),
            sizes: layers.layers.iter().map(|layer| (layer.source.digest.clone(), layer.size)).collect(),
            layers,
            configuration,
            annotations: annotations.map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }
}

fn platform_of(read: &ReadConfig) -> String {
    let config = &read.config;
    let (variant, version) = (config.variant.as_deref(), config.os_version.as_deref());
    platform::name(&config.os, &config.architecture, variant, version)
}
