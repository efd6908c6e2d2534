//! `platform/node` and `apps/…`: a base image of thousands of files, and the applications that share it, with releases that are locked,
//! signed and listed in an SBOM, and the untagged builds of a moving tag.

use std::sync::Arc;

use serde_json::json;

use super::foundations::PATH;
use crate::registry::attributes::{Patch, Subject};
use crate::seed::evidence::{sbom_referrer, signature_by_tag, signature_referrer};
use crate::seed::image::{AMD64, Image, Step, built_at, made, set};
use crate::seed::layer::{Layer, folder, layer, program, text};
use crate::seed::packages;
use crate::seed::pusher::{PushError, Pusher, repository, tag};

/// Applications, with how many days ago the newest build of each was pushed.
const APPLICATIONS: [(&str, u64); 3] = [("checkout", 2), ("portal", 6), ("search", 20)];

/// Builds of each application; every fourth is a release.
const BUILDS: u64 = 12;

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let base = vec![
        made(
            "# debian.sh --arch 'amd64' out/ 'bookworm' '@1750723200'",
            &layer("debian", &packages::debian())?,
        ),
        set("ENV NODE_VERSION=22.17.0"),
        made(
            "RUN /bin/sh -c curl -fsSL https://nodejs.org/dist/v22.17.0/ | tar -x # buildkit",
            &layer("node", &packages::node())?,
        ),
        set("CMD [\"node\"]"),
    ];
    let name = repository("platform/node")?;
    pusher.days_ago(130);
    let runtime = json!({ "Cmd": ["node"], "Env": [PATH, "NODE_VERSION=22.17.0"] });
    let image =
        Image::new(AMD64, 100, base.clone(), runtime).push(pusher, &name, &["22.17.0", "22", "lts"])?;
    sbom_referrer(pusher, &name, &image)?;
    for (application, newest) in APPLICATIONS {
        builds(pusher, application, newest, &base)?;
    }
    Ok(())
}

/// Builds that all move the tag `main`, so those before the newest stay untagged unless they are releases.
fn builds(pusher: &mut Pusher<'_>, application: &str, newest: u64, base: &[Step]) -> Result<(), PushError> {
    let name = repository(&format!("apps/{application}"))?;
    for build in 0..BUILDS {
        pusher.days_ago(newest + (BUILDS - 1 - build) * 5);
        let steps: Vec<Step> = base
            .iter()
            .cloned()
            .chain([
                set("WORKDIR /srv"),
                made("COPY --chown=node:node dist/ /srv/ # buildkit", &sources(application, build)?),
                made("RUN /bin/sh -c rm -rf /usr/share/doc/perl-base /tmp/* # buildkit", &removals(build)?),
                set("USER node"),
                set("ENTRYPOINT [\"node\" \"/srv/main.js\"]"),
            ])
            .collect();
        let runtime = json!({ "Entrypoint": ["node", "/srv/main.js"], "Env": [PATH, "NODE_ENV=production"], "User": "node", "WorkingDir": "/srv" });
        let annotations = json!({
            "org.opencontainers.image.created": built_at(110 + build),
            "org.opencontainers.image.source": format!("https://github.com/contoso/{application}"),
            "org.opencontainers.image.base.name": "demo.azurecr.io/platform/node:22.17.0",
        });
        let image = Image { annotations, ..Image::new(AMD64, 110 + build, steps, runtime) };
        let release = (build % 4 == 3).then(|| format!("v1.{}.0", build / 4));
        let mut tags = vec!["main"];
        tags.extend(release.as_deref());
        let pushed = image.push(pusher, &name, &tags)?;
        if let Some(release) = release {
            let frozen =
                Patch { delete_enabled: Some(false), write_enabled: Some(false), ..Patch::default() };
            pusher.patch(&name, Subject::Tag(&tag(&release)?), frozen)?;
            signature_by_tag(pusher, &name, &pushed)?;
            signature_referrer(pusher, &name, &pushed)?;
            sbom_referrer(pusher, &name, &pushed)?;
        }
    }
    Ok(())
}

/// What an application adds: a few hundred files, most of them the same from build to build.
fn sources(application: &str, build: u64) -> Result<Arc<Layer>, PushError> {
    let mut files = vec![folder("srv"), folder("srv/views"), program("srv/native.node", 40_000)];
    files.push(text("srv/main.js", format!("// {application}, build {build}\nrequire(\"./app\");\n")));
    files.extend((0..180).map(|view| {
        let changed = if view % 60 == build % 60 { build } else { 0 };
        text(&format!("srv/views/{view:03}.html"), format!("<h1>{application} {view}, {changed}</h1>\n"))
    }));
    Ok(layer(application, &files)?)
}

/// What a later step removes of the layers below, as whiteouts.
fn removals(build: u64) -> Result<Arc<Layer>, PushError> {
    let files = [text("usr/share/doc/.wh.perl-base", ""), text("etc/build", format!("{build}\n"))];
    Ok(layer("removals", &files)?)
}
