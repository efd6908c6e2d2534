//! Helm charts, as `helm push` makes them.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::artifact::{Artifact, Part};
use super::image::built_at;
use super::layer::{Layer, folder, layer, text};
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::RepositoryName;

const DESCRIPTION: &str = "Storefront, API and worker of the Contoso shop";

/// A chart to push.
pub(super) struct Chart<'a> {
    /// The version of `Chart.yaml`.
    pub(super) version: &'a str,
    /// Days after the first build.
    pub(super) built: u64,
    /// Whether `helm package --sign` made a provenance file next to it.
    pub(super) signed: bool,
}

impl Chart<'_> {
    /// Pushes the chart. Its tag is its version with `+` as `_`, since a tag has no plus sign.
    pub(super) fn push(&self, pusher: &mut Pusher<'_>, name: &RepositoryName) -> Result<Pushed, PushError> {
        let chart = name.as_str().rsplit('/').next().unwrap_or_default();
        let version = self.version;
        let about = json!({
            "apiVersion": "v2",
            "name": chart,
            "version": version,
            "appVersion": version,
            "description": DESCRIPTION,
            "type": "application",
            "maintainers": [{ "name": "Platform Engineering", "email": "platform@contoso.example" }],
            "dependencies": [{ "name": "redis", "version": "19.5.2", "repository": "oci://demo.azurecr.io/charts" }],
        });
        let archive = archive(chart, version)?;
        let mut parts =
            vec![Part::new("application/vnd.cncf.helm.chart.content.v1.tar+gzip", archive.bytes.clone())];
        if self.signed {
            let provenance = provenance(chart, version, &archive);
            parts.push(Part::new("application/vnd.cncf.helm.chart.provenance.v1.prov", provenance));
        }
        let artifact = Artifact {
            config_type: "application/vnd.cncf.helm.config.v1+json",
            config: Bytes::from(about.to_string()),
            parts,
            artifact_type: None,
            subject: None,
            annotations: json!({
                "org.opencontainers.image.title": chart,
                "org.opencontainers.image.version": version,
                "org.opencontainers.image.description": DESCRIPTION,
                "org.opencontainers.image.created": built_at(self.built),
            }),
        };
        artifact.push(pusher, name, &[&version.replace('+', "_")])
    }
}

/// The files of a chart.
fn archive(chart: &str, version: &str) -> Result<Arc<Layer>, PushError> {
    let file = |path: &str, content: &str| text(&format!("{chart}/{path}"), content);
    let values =
        "replicaCount: 2\nimage:\n  repository: demo.azurecr.io/services/web\nservice:\n  port: 8080\n";
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  replicas: {{ .Values.replicaCount }}\n";
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  ports:\n    - port: {{ .Values.service.port }}\n";
    let files = [
        folder(chart),
        file("Chart.yaml", &format!("apiVersion: v2\nname: {chart}\nversion: {version}\n")),
        file("values.yaml", values),
        file("README.md", &format!("# {chart}\n\n{DESCRIPTION}.\n")),
        folder(&format!("{chart}/templates")),
        file("templates/deployment.yaml", deployment),
        file("templates/service.yaml", service),
    ];
    Ok(layer(version, &files)?)
}

/// A provenance file: `Chart.yaml` and the digest of the archive as a clear-signed OpenPGP message. Its signature is not a real one.
fn provenance(chart: &str, version: &str, archive: &Layer) -> String {
    format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\napiVersion: v2\nname: {chart}\nversion: {version}\n\n...\nfiles:\n  {chart}-{version}.tgz: {}\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n",
        archive.digest
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provenance_file_has_the_digest_of_the_archive() {
        let archive = archive("web", "1.2.3").unwrap();
        assert!(
            provenance("web", "1.2.3", &archive).contains(&format!("web-1.2.3.tgz: {}\n", archive.digest))
        );
    }
}
