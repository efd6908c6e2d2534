//! Every operation against the emulator in process: what is pushed is what is listed, read, locked, unlocked and deleted.

use std::convert::Infallible;
use std::sync::Arc;

use acr_client_wasm::*;
use acr_emulator::{Emulator, MountMode, Seed, unsigned_entra_token};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _, stream};

use crate::registry::Registry;

const CONFIG: &[u8] = br#"{"architecture":"arm64","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":[]}}"#;
pub(crate) const LAYER: &[u8] = b"a layer, as far as the registry knows";

pub(crate) fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

pub(crate) fn tag(text: &str) -> TagName {
    text.parse().unwrap()
}

fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

pub(crate) async fn push_blob(
    client: &RegistryClient,
    repository: &RepositoryName,
    content: &'static [u8],
) -> Digest {
    let pieces = stream::iter(content.chunks(5).map(|piece| Ok::<_, Infallible>(Bytes::from_static(piece))));
    let options = UploadOptions { chunk_size: Some(16), ..UploadOptions::default() };
    client.blobs().upload(repository, pieces, options).await.unwrap().digest
}

/// Pushes an image under a tag; gives the manifest's digest and bytes.
pub(crate) async fn push(
    client: &RegistryClient,
    repository: &RepositoryName,
    tagged: &str,
) -> (Digest, Bytes) {
    let (config, layer) =
        (push_blob(client, repository, CONFIG).await, push_blob(client, repository, LAYER).await);
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": MediaType::OCI_MANIFEST,
        "config": {"mediaType": MediaType::OCI_CONFIG, "digest": config.as_str(), "size": CONFIG.len()},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer.as_str(), "size": LAYER.len()}],
        "annotations": {"for": tagged}, "x-beyond-the-definition": [1, 2],
    });
    let bytes = Bytes::from(serde_json::to_vec_pretty(&manifest).unwrap());
    let media_type = MediaType::new(MediaType::OCI_MANIFEST);
    let digest =
        client.manifests().create(repository, &reference(tagged), &media_type, bytes.clone()).await.unwrap();
    (digest, bytes)
}

#[tokio::test]
async fn v2support_check_and_repository_operations() {
    let registry = Registry::empty();
    let client = registry.client();
    assert!(client.check_support().await.unwrap());
    for repository in ["a/one", "b", "c"] {
        push(&client, &name(repository), "1").await;
    }
    let listed: Vec<String> = client
        .repositories()
        .list(ListOptions { n: Some(1), last: None })
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(listed, ["a/one", "b", "c"]);
    let after: Vec<String> = client
        .repositories()
        .list(ListOptions { n: None, last: Some("b".into()) })
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(after, ["c"]);

    let attributes = client.repositories().attributes(&name("a/one")).await.unwrap();
    assert_eq!(
        (attributes.image_name.as_str(), attributes.manifest_count, attributes.tag_count),
        ("a/one", 1, 1)
    );
    assert!(attributes.created_time.unix_millis().is_some());
    let patch = ChangeableAttributesPatch { delete_enabled: Some(false), ..Default::default() };
    let locked = client.repositories().update_attributes(&name("a/one"), &patch).await.unwrap();
    assert_eq!(
        locked.changeable_attributes,
        ChangeableAttributes { delete_enabled: false, ..Default::default() }
    );
    let error = client.repositories().delete(&name("a/one")).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Locked, "Repository_Delete"));
    let deleted = client.repositories().delete(&name("b")).await.unwrap();
    assert_eq!((deleted.manifests_deleted.len(), deleted.tags_deleted), (1, vec!["1".to_owned()]));
    assert_eq!(client.repositories().attributes(&name("b")).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn tag_operations() {
    let client = Registry::empty().client();
    let app = name("team/app");
    let (first, _) = push(&client, &app, "1").await;
    let (second, _) = push(&client, &app, "2").await;
    let newest = TagListOptions { order: Some(Order::TimeDescending), n: Some(1), ..Default::default() };
    let tags: Vec<TagAttributesBase> =
        client.tags().list(&app, newest).into_stream().try_collect().await.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    let of_first = TagListOptions { digest: Some(first.clone()), ..Default::default() };
    let tags: Vec<TagAttributesBase> =
        client.tags().list(&app, of_first).into_stream().try_collect().await.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.digest.as_str()).collect::<Vec<_>>(), [first.as_str()]);

    assert_eq!(client.tags().attributes(&app, &tag("2")).await.unwrap().tag.digest, second.as_str());
    let patch = ChangeableAttributesPatch { write_enabled: Some(false), ..Default::default() };
    let locked = client.tags().update_attributes(&app, &tag("2"), &patch).await.unwrap();
    assert!(!locked.tag.changeable_attributes.write_enabled);
    assert_eq!(client.tags().delete(&app, &tag("2")).await.unwrap_err().kind(), ErrorKind::Locked);
    client.tags().delete(&app, &tag("1")).await.unwrap();
    assert_eq!(client.tags().attributes(&app, &tag("1")).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(
        client.manifests().attributes(&app, &Reference::Digest(first)).await.unwrap().manifest.tags,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn manifest_operations() {
    let client = Registry::empty().client();
    let app = name("team/app");
    let (digest, bytes) = push(&client, &app, "1").await;
    let got = client.manifests().get(&app, &reference("1")).await.unwrap();
    assert_eq!(
        (&got.digest, &got.bytes, got.media_type.as_str()),
        (&digest, &bytes, MediaType::OCI_MANIFEST)
    );
    let layers = got.manifest.layers();
    assert_eq!((layers.len(), layers[0].size), (1, Some(LAYER.len() as u64)));
    let one = client
        .manifests()
        .get_accepting(&app, &Reference::Digest(digest.clone()), MediaType::OCI_MANIFEST)
        .await
        .unwrap();
    assert_eq!(one.manifest, got.manifest);

    let listed: Vec<ManifestAttributesBase> = client
        .manifests()
        .list(&app, ManifestListOptions::default())
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        (listed[0].digest.as_str(), listed[0].architecture.as_deref()),
        (digest.as_str(), Some("arm64"))
    );
    assert_eq!(listed[0].image_size, Some((bytes.len() + CONFIG.len() + LAYER.len()) as u64));
    let by_tag = client.manifests().attributes(&app, &reference("1")).await.unwrap();
    assert_eq!(
        (by_tag.manifest.digest.as_str(), by_tag.manifest.tags),
        (digest.as_str(), vec!["1".to_owned()])
    );

    let patch = ManifestChangeableAttributesPatch {
        delete_enabled: Some(false),
        quarantine_state: Some("Passed".into()),
        ..Default::default()
    };
    let locked = client
        .manifests()
        .update_attributes(&app, &reference("1"), &patch)
        .await
        .unwrap()
        .manifest
        .changeable_attributes;
    assert_eq!((locked.delete_enabled, locked.quarantine_state.as_deref()), (false, Some("Passed")));
    assert_eq!(client.manifests().delete(&app, &digest).await.unwrap_err().kind(), ErrorKind::Locked);
    let patch = ManifestChangeableAttributesPatch { delete_enabled: Some(true), ..Default::default() };
    client.manifests().update_attributes(&app, &Reference::Digest(digest.clone()), &patch).await.unwrap();
    client.manifests().delete(&app, &digest).await.unwrap();
    assert_eq!(client.manifests().get(&app, &reference("1")).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn referrers_are_found_by_what_they_refer_to() {
    let client = Registry::empty().client();
    let app = name("app");
    let (subject, bytes) = push(&client, &app, "1").await;
    let empty = push_blob(&client, &app, b"{}").await;
    let signature = serde_json::json!({
        "schemaVersion": 2, "mediaType": MediaType::OCI_MANIFEST, "artifactType": "application/vnd.example.signature",
        "config": {"mediaType": MediaType::OCI_EMPTY, "digest": empty.as_str(), "size": 2}, "layers": [],
        "subject": {"mediaType": MediaType::OCI_MANIFEST, "digest": subject.as_str(), "size": bytes.len()},
    });
    let bytes = Bytes::from(signature.to_string());
    let digest = Digest::of(&bytes);
    client
        .manifests()
        .create(&app, &Reference::Digest(digest.clone()), &MediaType::new(MediaType::OCI_MANIFEST), bytes)
        .await
        .unwrap();
    for (wanted, count) in
        [(None, 1), (Some("application/vnd.example.signature"), 1), (Some("application/other"), 0)]
    {
        let found: Vec<Descriptor> =
            client.manifests().referrers(&app, &subject, wanted).into_stream().try_collect().await.unwrap();
        assert_eq!(found.len(), count, "{wanted:?}");
        assert!(found.iter().all(|found| found.digest == digest.as_str()));
    }
}

#[tokio::test]
async fn blob_operations() {
    let client = Registry::empty().client();
    let app = name("app");
    let digest = push_blob(&client, &app, LAYER).await;
    assert_eq!(digest, Digest::of(LAYER));
    let size = LAYER.len() as u64;
    assert_eq!(client.blobs().get_bytes(&app, &digest, size).await.unwrap(), LAYER);
    assert_eq!(client.blobs().get_chunk(&app, &digest, 2, 6).await.unwrap(), &LAYER[2..=6]);
    assert_eq!(
        client.blobs().check(&app, &digest).await.unwrap(),
        Some(BlobProperties { size, digest: digest.clone() })
    );
    assert_eq!(client.blobs().check_chunk(&app, &digest, 2, 6).await.unwrap(), Some(size));
    client.blobs().delete(&app, &digest).await.unwrap();
    assert_eq!(client.blobs().check(&app, &digest).await.unwrap(), None);
    assert_eq!(client.blobs().get(&app, &digest).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn upload_operations_by_hand() {
    let registry = Registry::empty();
    let client = registry.client();
    let app = name("app");
    let mut upload = client.blobs().start_upload(&app).await.unwrap();
    assert_eq!(upload.append(Bytes::from_static(&LAYER[..10])).await.unwrap(), 10);
    assert_eq!(upload.status().await.unwrap(), 10);
    assert_eq!(upload.append(Bytes::from_static(&LAYER[10..20])).await.unwrap(), 20);
    let digest = upload.end(&Digest::of(LAYER), Bytes::from_static(&LAYER[20..])).await.unwrap();
    assert_eq!(client.blobs().get_bytes(&app, &digest, 1000).await.unwrap(), LAYER);

    let upload = client.blobs().start_upload(&app).await.unwrap();
    assert_eq!(registry.emulator.open_uploads(), 1);
    upload.cancel().await.unwrap();
    assert_eq!(registry.emulator.open_uploads(), 0);
}

#[tokio::test]
async fn a_wrong_digest_ends_no_upload() {
    let client = Registry::empty().client();
    let mut upload = client.blobs().start_upload(&name("app")).await.unwrap();
    upload.append(Bytes::from_static(LAYER)).await.unwrap();
    assert_eq!(
        upload.end(&Digest::of(b"other"), Bytes::new()).await.unwrap_err().kind(),
        ErrorKind::DigestMismatch
    );
}

#[tokio::test]
async fn mounts_end_as_the_registry_has_it() {
    for (mode, mounts) in [(MountMode::Real, true), (MountMode::Fallback, false)] {
        let client = Registry::of(Emulator::builder().mount(mode)).client();
        let digest = push_blob(&client, &name("from"), LAYER).await;
        match client.blobs().mount(&name("to"), &name("from"), &digest).await.unwrap() {
            Mount::Mounted => {
                assert!(mounts && client.blobs().check(&name("to"), &digest).await.unwrap().is_some())
            }
            Mount::Upload(mut upload) => {
                assert!(!mounts);
                assert_eq!(upload.end(&digest, Bytes::from_static(LAYER)).await.unwrap(), digest);
            }
        }
    }
}

struct Entra;

impl EntraTokenSource for Entra {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        async { Ok(Secret::new(unsigned_entra_token("https://containerregistry.azure.net"))) }.boxed_local()
    }
}

#[tokio::test]
async fn every_credential_signs_in() {
    let registry = Registry::of(Emulator::builder().admin("admin", "s3cret").seed(Seed::Demo));
    let password = Credential::Password { username: "admin".into(), password: "s3cret".into() };
    let tokens = registry.client_with(password.clone()).tokens();
    let exchange = ExchangeRequest {
        grant_type: GrantType::AccessToken,
        service: None,
        tenant: None,
        access_token: Some(unsigned_entra_token("https://management.azure.com").into()),
        refresh_token: None,
    };
    let refresh = tokens.exchange(&exchange).await.unwrap().refresh_token;
    let entra = Credential::Entra { tenant: None, source: Arc::new(Entra) };
    for credential in [password, entra, Credential::RefreshToken(refresh.clone())] {
        let client = registry.client_with(credential);
        let page = client.repositories().list(ListOptions::default()).next_page().await.unwrap().unwrap();
        assert!(!page.items.is_empty());
        let session = client.session();
        assert_eq!(session.granted[0].to_string(), "registry:catalog:*");
        assert!(session.subject.is_some() && session.expires.is_some());
    }
    assert!(!tokens.get(None, "registry:catalog:*", &refresh).await.unwrap().access_token.is_empty());
    let scopes = ["registry:catalog:*".to_owned(), "repository:*:pull".to_owned()];
    assert!(
        !tokens
            .get_from_login(None, &scopes, "admin", &"s3cret".into())
            .await
            .unwrap()
            .access_token
            .is_empty()
    );
    assert_eq!(
        tokens.get_from_login(None, &scopes, "admin", &"wrong".into()).await.unwrap_err().kind(),
        ErrorKind::Unauthorized
    );
}

#[tokio::test]
async fn the_error_of_a_visitor_who_may_only_read_names_what_is_missing() {
    let registry =
        Registry::of(Emulator::builder().admin("admin", "s3cret").anonymous_pull(true).seed(Seed::Demo));
    let client = registry.client();
    let first = client
        .repositories()
        .list(ListOptions::default())
        .next_page()
        .await
        .unwrap()
        .unwrap()
        .items
        .remove(0);
    let patch = ChangeableAttributesPatch { list_enabled: Some(true), ..Default::default() };
    let error = client.repositories().update_attributes(&name(&first), &patch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.missing_action().unwrap().to_string(), format!("repository:{first}:metadata_write"));
    assert_eq!(registry.count("PATCH", "/acr/v1/"), 2);
}

#[tokio::test]
async fn the_demo_registry_is_read_from_end_to_end() {
    let client = Registry::of(Emulator::builder().seed(Seed::Demo)).client();
    let repositories: Vec<String> = client
        .repositories()
        .list(ListOptions { n: Some(3), last: None })
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    let mut kinds = std::collections::HashSet::new();
    for repository in repositories.iter().map(|repository| name(repository)) {
        let manifests: Vec<ManifestAttributesBase> = client
            .manifests()
            .list(&repository, ManifestListOptions::default())
            .into_stream()
            .try_collect()
            .await
            .unwrap();
        for manifest in manifests.into_iter().filter(|manifest| manifest.changeable_attributes.read_enabled) {
            let got = match client.manifests().get(&repository, &reference(&manifest.digest)).await {
                Ok(got) => got,
                Err(error) => panic!("{repository}@{}: {error}", manifest.digest),
            };
            kinds.insert(std::mem::discriminant(&got.manifest));
            assert!(!matches!(got.manifest, Manifest::Unknown(_)), "{repository}@{}", manifest.digest);
        }
    }
    assert!(kinds.len() >= 4, "the demo shows image, index, Docker and schema 1");
}
