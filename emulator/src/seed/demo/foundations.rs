//! `base/…`: Docker's images and manifest lists that the services stand on, some of them locked.

use serde_json::{Value, json};

use crate::protocol::name::RepositoryName;
use crate::registry::attributes::{Patch, Subject};
use crate::seed::base::{application, root, settings};
use crate::seed::image::{AMD64, ARM64, ARMV7, Form, Image, Platform, WINDOWS, made, set};
use crate::seed::index::{Index, for_platforms};
use crate::seed::pusher::{PushError, Pushed, Pusher, repository, tag};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    pusher.import(true);
    debian(pusher)?;
    dotnet(pusher)?;
    nginx(pusher)?;
    pusher.import(false);
    Ok(())
}

/// Locked as a foundation is: nothing may replace or remove what others build on.
fn locked() -> Patch {
    Patch { delete_enabled: Some(false), write_enabled: Some(false), ..Patch::default() }
}

fn debian(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("base/debian")?;
    for (days, built, point) in [(340, 10, "12.8"), (221, 60, "12.9"), (97, 120, "12.10"), (31, 180, "12.11")]
    {
        pusher.days_ago(days);
        list(pusher, &name, &[AMD64, ARM64, ARMV7], &[point, "bookworm", "12"], |platform| {
            let steps = vec![
                made("/bin/sh -c #(nop) ADD file:rootfs in / ", &root(platform)?),
                made("/bin/sh -c apt-get upgrade", &application(platform, "apt", point, 24_000)?),
                set("/bin/sh -c #(nop)  CMD [\"bash\"]"),
            ];
            Ok(Image::new(platform, built, steps, json!({ "Cmd": ["bash"], "Env": [PATH] })))
        })?;
    }
    pusher.patch(&name, Subject::Tag(&tag("12.11")?), locked())?;
    pusher.patch(
        &name,
        Subject::Tag(&tag("bookworm")?),
        Patch { delete_enabled: Some(false), ..Patch::default() },
    )
}

fn dotnet(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("base/dotnet/aspnet")?;
    let mut newest = None;
    for (days, built, version) in [(160, 70, "8.0.11"), (52, 150, "8.0.14"), (16, 190, "9.0.3")] {
        pusher.days_ago(days);
        let family = version.get(..3).unwrap_or(version);
        newest = Some(list(pusher, &name, &[AMD64, ARM64, WINDOWS], &[version, family], |platform| {
            let runtime = json!({
                "Env": [PATH, "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true", format!("DOTNET_VERSION={version}")],
                "ExposedPorts": { "8080/tcp": {} },
                "User": "1654",
            });
            let steps = vec![
                made("ADD rootfs.tar.gz / # buildkit", &root(platform)?),
                made(
                    "COPY /dotnet /usr/share/dotnet # buildkit",
                    &application(platform, "dotnet", version, 90_000)?,
                ),
                set(&format!("ENV DOTNET_VERSION={version}")),
            ];
            Ok(Image::new(platform, built, steps, runtime))
        })?);
    }
    match newest {
        Some(newest) => pusher.patch(&name, Subject::Manifest(&newest.digest), locked()),
        None => Ok(()),
    }
}

/// A repository without a namespace, and images of one platform that no list is about.
fn nginx(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("nginx")?;
    for (days, built, version) in [(260, 30, "1.25.5"), (133, 100, "1.26.2"), (44, 170, "1.27.4")] {
        pusher.days_ago(days);
        let steps = vec![
            made("/bin/sh -c #(nop) ADD file:rootfs in / ", &root(AMD64)?),
            made("RUN /bin/sh -c apt-get install -y nginx", &application(AMD64, "nginx", version, 75_000)?),
            made(
                "COPY nginx.json /etc/contoso/ # buildkit",
                &settings("nginx", "{\"worker_processes\":\"auto\"}\n")?,
            ),
            set("EXPOSE map[80/tcp:{}]"),
            set("STOPSIGNAL SIGQUIT"),
            set("CMD [\"nginx\" \"-g\" \"daemon off;\"]"),
        ];
        let runtime = json!({
            "Cmd": ["nginx", "-g", "daemon off;"],
            "Entrypoint": ["/docker-entrypoint.sh"],
            "Env": [PATH, format!("NGINX_VERSION={version}")],
            "ExposedPorts": { "80/tcp": {} },
            "Labels": { "maintainer": "Platform Engineering <platform@contoso.example>" },
            "StopSignal": "SIGQUIT",
        });
        let latest: &[&str] = if version == "1.27.4" { &["stable", "latest"] } else { &[] };
        let tags: Vec<&str> = std::iter::once(version).chain(latest.iter().copied()).collect();
        Image::new(AMD64, built, steps, runtime).docker().push(pusher, &name, &tags)?;
    }
    Ok(())
}

pub(super) const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A Docker manifest list.
fn list(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    platforms: &[Platform],
    tags: &[&str],
    mut image: impl FnMut(Platform) -> Result<Image, PushError>,
) -> Result<Pushed, PushError> {
    let images = for_platforms(platforms, |platform| Ok(image(platform)?.docker()))?;
    Index { form: Form::Docker, images, attested: false, annotations: Value::Null }.push(pusher, name, tags)
}
