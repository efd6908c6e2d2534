//! `services/…`: what the company builds: hundreds of builds of one service, an image with everything a config can
//! say, images in quarantine, and a repository whose name is also a folder's.

use serde_json::{Value, json};

use super::foundations::PATH;
use crate::registry::attributes::{Patch, Subject};
use crate::seed::base::{application, root, settings};
use crate::seed::evidence::{sbom_referrer, signature_by_tag, signature_referrer};
use crate::seed::image::{AMD64, ARM64, Image, Step, built_at, made, set};
use crate::seed::index::{Index, for_platforms};
use crate::seed::pusher::{PushError, Pusher, repository};

/// How many builds `services/api` has.
const BUILDS: u64 = 340;

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    api(pusher)?;
    migrations(pusher)?;
    web(pusher)?;
    worker(pusher)
}

/// A build a day, some of them released.
fn api(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("services/api")?;
    let base = [
        made("FROM demo.azurecr.io/base/dotnet/aspnet:8.0", &root(AMD64)?),
        made("RUN /bin/sh -c dotnet publish -c Release", &application(AMD64, "api", "1", 80_000)?),
    ];
    for build in 1..=BUILDS {
        pusher.days_ago(BUILDS - build);
        let version = settings("build", &format!("{{\"build\":{build}}}\n"))?;
        let steps: Vec<Step> = base
            .iter()
            .cloned()
            .chain([made("COPY build.json /etc/contoso/ # buildkit", &version)])
            .collect();
        let runtime = json!({ "Entrypoint": ["dotnet", "/app/api.dll"], "Env": [PATH], "User": "1654" });
        let tag = format!("build-{build:04}");
        let release = format!("1.{}.0", build / 20);
        let mut tags = vec![tag.as_str()];
        if build % 20 == 0 {
            tags.push(&release);
        }
        if build == BUILDS {
            tags.push("latest");
        }
        Image::new(AMD64, build, steps, runtime).push(pusher, &name, &tags)?;
    }
    Ok(())
}

fn migrations(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("services/api/migrations")?;
    pusher.days_ago(20);
    let steps = vec![made("FROM scratch", &application(AMD64, "migrate", "17", 40_000)?)];
    Image::new(AMD64, 190, steps, json!({ "Entrypoint": ["/app/migrate"] })).push(
        pusher,
        &name,
        &["17", "latest"],
    )?;
    Ok(())
}

/// Everything that a config can say.
fn web_runtime() -> Value {
    json!({
        "User": "app:app",
        "ExposedPorts": { "8080/tcp": {}, "8443/tcp": {}, "9090/udp": {} },
        "Env": [PATH, "NODE_ENV=production", "NODE_VERSION=22.11.0", "FEATURE_FLAGS=checkout-v2,dark-mode", "TZ=UTC"],
        "Entrypoint": ["/usr/bin/tini", "--"],
        "Cmd": ["node", "/app/server.js", "--listen", "0.0.0.0:8080"],
        "Volumes": { "/var/cache/web": {}, "/data": {} },
        "WorkingDir": "/app",
        "Labels": {
            "com.contoso.team": "storefront",
            "com.contoso.cost-center": "4711",
            "org.opencontainers.image.source": "https://github.com/contoso/web",
            "org.opencontainers.image.revision": "8c1f0e2d9b7a4c5e6f7081920a1b2c3d4e5f6071",
            "org.opencontainers.image.licenses": "Apache-2.0",
        },
        "StopSignal": "SIGTERM",
        "Healthcheck": { "Test": ["CMD-SHELL", "wget -qO- http://localhost:8080/healthz || exit 1"], "Interval": 30_000_000_000_u64, "Retries": 3 },
        "Shell": ["/bin/sh", "-c"],
    })
}

fn web(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("services/web")?;
    for (days, built, version) in [(86, 130, "2.3.0"), (40, 175, "2.4.0"), (3, 210, "2.5.1")] {
        pusher.days_ago(days);
        let images = for_platforms(&[AMD64, ARM64], |platform| {
            let steps = vec![
                made("ADD rootfs.tar.gz / # buildkit", &root(platform)?),
                set("ARG NODE_VERSION=22.11.0"),
                made(
                    "RUN |1 NODE_VERSION=22.11.0 /bin/sh -c apt-get update && apt-get install -y nodejs",
                    &application(platform, "node", "22", 110_000)?,
                ),
                set("ENV NODE_ENV=production"),
                set("WORKDIR /app"),
                made(
                    "COPY --chown=app:app dist/ /app/ # buildkit",
                    &application(platform, "web", version, 60_000)?,
                ),
                made(
                    "COPY settings.json /etc/contoso/ # buildkit",
                    &settings("web", "{\"locale\":\"en\",\"currency\":\"EUR\"}\n")?,
                ),
                set("USER app:app"),
                set("EXPOSE map[8080/tcp:{} 8443/tcp:{} 9090/udp:{}]"),
                set("VOLUME [/var/cache/web /data]"),
                set(
                    "HEALTHCHECK &{[\"CMD-SHELL\" \"wget -qO- http://localhost:8080/healthz || exit 1\"] \"30s\" \"0s\" \"0s\" \"0s\" '\\x03'}",
                ),
                set("ENTRYPOINT [\"/usr/bin/tini\" \"--\"]"),
                set("CMD [\"node\" \"/app/server.js\" \"--listen\" \"0.0.0.0:8080\"]"),
            ];
            let annotations = json!({
                "org.opencontainers.image.base.name": "demo.azurecr.io/base/debian:12",
                "org.opencontainers.image.created": built_at(built),
                "org.opencontainers.image.version": version,
            });
            Ok(Image { annotations, ..Image::new(platform, built, steps, web_runtime()) })
        })?;
        let annotations = json!({ "org.opencontainers.image.title": "Storefront", "org.opencontainers.image.vendor": "Contoso" });
        let tags: &[&str] = if version == "2.5.1" { &[version, "2", "latest"] } else { &[version] };
        let pushed = Index { attested: true, annotations, ..Index::new(images) }.push(pusher, &name, tags)?;
        signature_by_tag(pusher, &name, &pushed)?;
        if version == "2.5.1" {
            let sbom = sbom_referrer(pusher, &name, &pushed)?;
            signature_referrer(pusher, &name, &pushed)?;
            // What refers may be referred to: the SBOM is signed too.
            signature_referrer(pusher, &name, &sbom)?;
        }
    }
    Ok(())
}

/// Images that a scanner has looked at.
fn worker(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("services/worker")?;
    for (days, built, version, high) in [(65, 150, "0.9.0", 0), (25, 185, "0.10.0", 7)] {
        pusher.days_ago(days);
        let steps = vec![
            made("ADD rootfs.tar.gz / # buildkit", &root(ARM64)?),
            made("COPY worker /app/ # buildkit", &application(ARM64, "worker", version, 66_000)?),
            set("ENTRYPOINT [\"/app/worker\"]"),
        ];
        let runtime = json!({ "Entrypoint": ["/app/worker"], "Env": [PATH, "QUEUE=orders"] });
        let pushed = Image::new(ARM64, built, steps, runtime).push(pusher, &name, &[version])?;
        let (state, word) = if high == 0 { ("Passed", "Scan Passed") } else { ("Failed", "Scan Failed") };
        let details = json!({
            "state": word,
            "link": "https://aka.ms/test",
            "scanner": "Azure Security Monitoring-Qualys Scanner",
            "result": {
                "version": built_at(built),
                "summary": [{ "severity": "High", "count": high }, { "severity": "Medium", "count": 1 }, { "severity": "Low", "count": 0 }],
            },
        });
        let patch = Patch {
            quarantine_state: Some(state.to_owned()),
            quarantine_details: Some(details.to_string()),
            read_enabled: (high > 0).then_some(false),
            ..Patch::default()
        };
        pusher.patch(&name, Subject::Manifest(&pushed.digest), patch)?;
    }
    Ok(())
}
