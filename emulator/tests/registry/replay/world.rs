//! A registry that matches a recording: the repositories it speaks of, the credentials its request was made with,
//! and its request with our digests and upload addresses in place of the recorded ones.

use acr_emulator::{Emulator, Fault, FaultPlan, FaultRule, RunningEmulator};
use bytes::Bytes;
use http::Method;
use serde_json::Value;

use super::Exchange;
use crate::client::{Client, EVERYTHING};
use crate::image::{
    DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, Pushed, digest, push_blob, push_image, push_index,
};

const BLOB: &[u8] = b"a blob of the replay";

/// A registry and what a request of one exchange needs.
pub struct World {
    running: RunningEmulator,
    client: Client,
    /// The manifest that recorded digests stand for.
    manifest: Option<Pushed>,
    /// Where an upload goes on.
    upload: Option<String>,
    refresh_token: String,
}

impl World {
    pub async fn for_exchange(exchange: &Exchange) -> Self {
        let (login_server, path) = exchange.split_url();
        let anonymous = matches!(exchange.number(), 9..=11);
        let builder = Emulator::builder().login_server(login_server);
        let builder = if anonymous { builder.anonymous_pull(true) } else { builder };
        let running = builder.blob_redirect(exchange.number() != 48).start().await.unwrap();
        let mut client = Client::over_socket(&running);
        let form = format!("grant_type=access_token&service={login_server}&access_token=entra");
        let exchanged = client.form("/oauth2/exchange", form).await.json();
        let refresh_token = exchanged["refresh_token"].as_str().unwrap().to_owned();
        client.token = Some(token(&client, &refresh_token, EVERYTHING).await);
        let mut world = Self { running, client, manifest: None, upload: None, refresh_token };
        world.fill(login_server, exchange.number()).await;
        if path.contains("/blobs/uploads/0000") {
            world.upload = Some(world.start_upload(exchange.number()).await);
        }
        world.spoil(exchange.number());
        world
    }

    async fn fill(&mut self, login_server: &str, number: u32) {
        let client = &self.client;
        if matches!(number, 37 | 38) {
            for architecture in ["amd64", "arm", "arm64"] {
                push_image(client, "alpine", None, DOCKER_MANIFEST, architecture, "a").await;
            }
            return self.adjust(number).await;
        }
        match login_server.split('.').next().unwrap() {
            "azacrlivetest" | "contoso" => {
                for (tag, content) in [("3.15.6", "a"), ("3.16.3", "b"), ("3.17.1", "c")] {
                    self.manifest = Some(push_index(client, "alpine", Some(tag), DOCKER_LIST, content).await);
                }
                if matches!(number, 31 | 73) {
                    push_index(client, "alpine", Some("3.14.8"), DOCKER_LIST, "d").await;
                }
                let index = push_index(client, "hello-world", Some("latest"), OCI_INDEX, "h").await;
                if number != 14 {
                    push_index(client, "nginx", Some("latest"), DOCKER_LIST, "n").await;
                }
                let ubuntu =
                    push_image(client, "ubuntu", Some("latest"), DOCKER_MANIFEST, "amd64", "u").await;
                match number {
                    47 => self.manifest = Some(index),
                    49 | 50 => self.manifest = Some(ubuntu),
                    _ => {}
                }
                push_blob(client, "alpine", BLOB).await;
            }
            "fake_url" | "fabrikam" => {
                push_index(client, "repof1af3a51", Some("latest"), DOCKER_LIST, "f").await;
                client.delete("/acr/v1/repof1af3a51/_tags/latest").await;
            }
            _ => {
                for tag in ["latest", "test-delete", "v1"] {
                    let name = "library/hello-world";
                    self.manifest =
                        Some(push_image(client, name, Some(tag), DOCKER_MANIFEST, "arm", tag).await);
                }
                push_image(client, "oci-artifact", Some("latest"), DOCKER_MANIFEST, "amd64", "o").await;
                if number != 60 {
                    push_blob(client, "oci-artifact", BLOB).await;
                }
            }
        }
        self.adjust(number).await;
    }

    async fn adjust(&self, number: u32) {
        let quarantine = r#"{"quarantineState":"Passed","quarantineDetails":"{\"state\":\"Scan Passed\"}"}"#;
        match number {
            38 => {
                let rows = self.client.get("/acr/v1/alpine/_manifests").await.json();
                for row in rows["manifests"].as_array().unwrap() {
                    let path = format!("/acr/v1/alpine/_manifests/{}", row["digest"].as_str().unwrap());
                    self.client.patch(&path, quarantine).await;
                }
            }
            41..=43 => {
                let manifest = self.manifest.as_ref().unwrap();
                let path = format!("/acr/v1/library/hello-world/_manifests/{}", manifest.digest);
                self.client.patch(&path, quarantine).await;
                self.client.delete("/acr/v1/library/hello-world/_tags/v1").await;
            }
            73 => {
                self.client.patch("/acr/v1/alpine/_tags/3.14.8", r#"{"deleteEnabled":false}"#).await;
            }
            _ => {}
        }
    }

    /// Opens an upload, and brings it where the recording has it.
    async fn start_upload(&self, number: u32) -> String {
        let started =
            self.client.send(Method::POST, "/v2/hello-world/blobs/uploads/", &[], Bytes::new()).await;
        let location = started.header("location").to_owned();
        if !matches!(number, 64..=66) {
            return location;
        }
        let piece = if number == 64 { Bytes::from_static(BLOB) } else { Bytes::from(vec![0; 736]) };
        let answer = self.client.send(Method::PATCH, &location, &[], piece).await;
        answer.header("location").to_owned()
    }

    fn spoil(&self, number: u32) {
        let fault = match number {
            74 => Fault::Firewall,
            75 => Fault::Throttle { retry_after: 3 },
            _ => return,
        };
        let plan = FaultPlan { rules: vec![FaultRule::always(fault)], ..FaultPlan::default() };
        self.running.emulator().set_faults(plan);
    }

    /// The recorded path, about our manifests, blobs and uploads.
    pub fn path(&self, exchange: &Exchange) -> String {
        let number = exchange.number();
        let (_, path) = exchange.split_url();
        if matches!(number, 56..=58) {
            return path.to_owned();
        }
        if let Some(upload) = &self.upload {
            return match number {
                64 => format!("{upload}&digest={}", digest(BLOB).replace(':', "%3A")),
                65 => format!("{upload}&digest=sha256%3A00000000"),
                _ => upload.clone(),
            };
        }
        if number == 51 {
            return path.to_owned();
        }
        let path = path.replace("REPO", "alpine").replace("TAG", "3.14.8");
        let blob = digest(BLOB);
        let manifest = self.manifest.as_ref().map_or("", |manifest| manifest.digest.as_str());
        let path = put_digest(&path, "/blobs/sha256", &blob);
        let path = put_digest(&path, "mount=sha256", &blob);
        put_digest(&path, "manifests/sha256", manifest)
    }

    /// The recorded body, with tokens and manifests of ours.
    pub fn body(&self, exchange: &Exchange) -> Bytes {
        match exchange.number() {
            6 | 7 => {
                let form = exchange.request.body.clone().unwrap();
                let token = format!("refresh_token={}", self.refresh_token);
                Bytes::from(form.replace("refresh_token=…", &token))
            }
            8 => Bytes::from_static(
                b"grant_type=refresh_token&service=x&scope=registry%3Acatalog%3A*&refresh_token=wrong",
            ),
            47 | 48 => self.manifest.as_ref().unwrap().bytes.clone(),
            63 => Bytes::from(vec![0; 736]),
            66 => Bytes::from(vec![0; 10]),
            _ => exchange.request.body.clone().map(Bytes::from).unwrap_or_default(),
        }
    }

    /// Headers that the recording left out.
    pub fn headers(&self, exchange: &Exchange) -> Vec<(String, String)> {
        let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        match exchange.number() {
            48 => header("content-type", "application/vnd.oci.image.manifest.v1+json"),
            4..=9 if exchange.request.headers.is_none() => {
                header("content-type", "application/x-www-form-urlencoded")
            }
            _ => Vec::new(),
        }
    }

    /// A client with the credentials that the recorded answer speaks of.
    pub async fn credentials(&self, exchange: &Exchange) -> Option<String> {
        let challenge =
            exchange.response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"));
        let challenge = challenge.map(|(_, value)| value.values().join("")).unwrap_or_default();
        match exchange.number() {
            4..=9 => None,
            10 | 11 => Some(self.client.anonymous_token(EVERYTHING).await),
            _ if challenge.contains("insufficient_scope") => {
                let scope = "repository:ubuntu:metadata_read repository:hello-world:pull,push";
                Some(token(&self.client, &self.refresh_token, scope).await)
            }
            _ if challenge.contains("invalid_token") => Some("placeholder".to_owned()),
            _ if !challenge.is_empty() => None,
            _ => self.client.token.clone(),
        }
    }

    pub fn client_for<'a>(&'a self, exchange: &'a Exchange) -> Asker<'a> {
        Asker { world: self, exchange }
    }

    /// What is expected where the recording is older than the service is now: its images' rows had no
    /// `configMediaType` in 2021 and 2023.
    pub fn expected(&self, exchange: &Exchange, mut recorded: Value) -> Value {
        let add = |row: &mut Value| {
            if row.get("architecture").is_some() {
                let row = row.as_object_mut().unwrap();
                row.entry("configMediaType").or_insert_with(|| "".into());
            }
        };
        match exchange.number() {
            39 => recorded["manifests"].as_array_mut().unwrap().iter_mut().for_each(add),
            41..=43 => add(&mut recorded["manifest"]),
            // The claims and the manifests pulled are other people's.
            44 | 46 => return serde_json::from_slice(&self.pulled(exchange.number())).unwrap(),
            _ => {}
        }
        recorded
    }

    /// Whether the fields come in the service's order: not in a manifest that was pulled, which is in its author's,
    /// nor where rows of several kinds come in the order of digests that are not ours.
    pub fn has_order(&self, exchange: &Exchange) -> bool {
        !matches!(exchange.number(), 39 | 44 | 46)
    }

    fn pulled(&self, number: u32) -> Bytes {
        let shapes = [
            r#"{"config":{"digest":"","mediaType":"","size":0},"layers":[{"digest":"","mediaType":"","size":0}],"mediaType":"","schemaVersion":2}"#,
            r#"{"manifests":[{"digest":"","mediaType":"","platform":{"architecture":"","os":""},"size":0}],"mediaType":"","schemaVersion":2}"#,
        ];
        Bytes::from_static(if number == 44 { shapes[0] } else { shapes[1] }.as_bytes())
    }
}

/// Sends one exchange's request with its credentials, to storage where the recorder had followed the redirect.
pub struct Asker<'a> {
    world: &'a World,
    exchange: &'a Exchange,
}

impl Asker<'_> {
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> crate::client::Answer {
        let mut client = Client::over_socket(&self.world.running);
        client.token = self.world.credentials(self.exchange).await;
        if !matches!(self.exchange.number(), 56..=58) {
            return client.send(method, path, headers, body).await;
        }
        // The recorded blob, whose length its ranges are cut to.
        let blob = push_blob(&self.world.client, "alpine", vec![7; 1472]).await;
        let redirect = client.get(&format!("/v2/alpine/blobs/{blob}")).await;
        let request = headers
            .iter()
            .fold(http::Request::builder().uri(redirect.header("location")), |request, (name, value)| {
                request.header(*name, *value)
            });
        crate::redirects::ask(request.body(axum::body::Body::empty()).unwrap()).await
    }
}

async fn token(client: &Client, refresh_token: &str, scope: &str) -> String {
    let scope = scope.replace(' ', "+");
    let form = format!("grant_type=refresh_token&service=x&scope={scope}&refresh_token={refresh_token}");
    client.form("/oauth2/token", form).await.json()["access_token"].as_str().unwrap().to_owned()
}

/// Puts a digest in place of the one behind `mark`, in the spelling that is there.
fn put_digest(path: &str, mark: &str, digest: &str) -> String {
    let Some(at) = path.find(mark) else {
        return path.to_owned();
    };
    let (before, after) = path.split_at(at + mark.len());
    let colon = if after.starts_with("%3A") { "%3A" } else { ":" };
    let end = after.find(['?', '&']).unwrap_or(after.len());
    let hex = digest.strip_prefix("sha256:").unwrap();
    format!("{before}{colon}{hex}{}", &after[end..])
}
