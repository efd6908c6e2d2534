//! One side of a comparison: the image that a name in the URL means, opened.

use acr_artifact::config::ReadConfig;
use acr_client_wasm::{Digest, Manifest, Reference, RepositoryName};
use acr_layers_worker::protocol::LayerSource;

use crate::failure::Failure;
use crate::page::files::{Layer, Layers};
use crate::page::manifest::platform::candidates;
use crate::route::{Route, Screen};
use crate::session::{Session, Sessions};
use crate::text::compare as text;

/// A configuration above this many bytes is not compared.
const CONFIG_LIMIT: u64 = 4 << 20;

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

/// Opens an image by its name: of an index, the platform that opens first.
pub(super) async fn open(sessions: Sessions, here: &Session, name: &str) -> Result<Opened, Failure> {
    let (session, rest) = registry(name, sessions, here)?;
    let Screen::Manifest { repository, reference, .. } = Route::within(session.registry(), rest).screen
    else {
        return Err(Failure::local(text::open_failed(name), text::NOT_AN_IMAGE, text::NOT_AN_IMAGE_REMEDY));
    };
    let manifest = manifest(&session, &repository, reference, name).await?;
    let configuration = configuration(&session, &repository, &manifest, name).await?;
    let annotations = annotations(&manifest);
    let sizes = manifest.layers().iter().map(|layer| (layer.digest.clone(), layer.size)).collect();
    let layers = manifest.layers().iter().map(|layer| Layer {
        source: LayerSource {
            digest: layer.digest.clone(),
            media_type: layer.media_type.to_string(),
            urls: layer.urls.clone(),
            // Content is compared by checksums, which a table of contents does not have.
            contents: None,
        },
        size: layer.size,
        instruction: String::new(),
    });
    let layers = Layers { client: session.client.clone(), repository, layers: layers.collect() };
    Ok(Opened { name: name.to_owned(), layers, sizes, configuration, annotations })
}

async fn manifest(
    session: &Session,
    repository: &RepositoryName,
    reference: Reference,
    name: &str,
) -> Result<Manifest, Failure> {
    let failed = |error: &acr_client_wasm::Error| Failure::of(text::open_failed(name), error);
    let manifests = session.client.manifests();
    let found = manifests.get(repository, &reference).await.map_err(|error| failed(&error))?.manifest;
    if found.manifests().is_empty() {
        return Ok(found);
    }
    let (candidates, first) = candidates(&found);
    let Some(digest) = candidates.get(first).map(|candidate| candidate.digest.clone()) else {
        return Err(Failure::local(text::open_failed(name), text::EMPTY_INDEX, text::CHECK_RAW));
    };
    let child = manifests.get(repository, &Reference::Digest(digest)).await;
    Ok(child.map_err(|error| failed(&error))?.manifest)
}

async fn configuration(
    session: &Session,
    repository: &RepositoryName,
    manifest: &Manifest,
    name: &str,
) -> Result<String, Failure> {
    let digest = manifest.config().and_then(|config| config.digest.parse::<Digest>().ok());
    let Some(digest) = digest else { return Ok(String::new()) };
    let bytes = session.client.blobs().get_bytes(repository, &digest, CONFIG_LIMIT).await;
    let bytes = bytes.map_err(|error| Failure::of(text::open_failed(name), &error))?;
    // What is not the configuration of an image is not compared.
    let is_object = ReadConfig::from_slice(&bytes).is_ok();
    Ok(if is_object { String::from_utf8_lossy(&bytes).into_owned() } else { String::new() })
}

fn annotations(manifest: &Manifest) -> Vec<(String, String)> {
    manifest.annotations().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}
