//! Ten thousand connections that have asked once and then say nothing: whether they are held, and in how much memory.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::process::{self, mib};
use crate::rig::{Rig, TAGS, address, path};
use crate::wire::Connection;

const CONNECTIONS: usize = 10_000;
const HELD: Duration = Duration::from_secs(20);

pub(crate) async fn measure() -> Result<()> {
    println!(
        "\nidle: {CONNECTIONS} connections, each after one request, for {} s, and then asked again",
        HELD.as_secs()
    );
    for which in 0..2 {
        // A server of its own, so that what it holds is for these connections.
        let rig = Rig::start().await?;
        let (name, url, id) = rig.servers()?[which].clone();
        let (address, before) = (address(&url)?, process::resident(id)?);
        let below = path(&format!("/acr/v1/{}", TAGS.replace('/', "%2F")));
        let mut connections = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let mut connection = Connection::open(address)?;
            let (status, _) = connection.exchange("GET", &below, &rig.token)?;
            ensure!(status == 200, "{name} answered {status}");
            connections.push(connection);
        }
        // Nothing is to happen.
        let _ = tokio::time::timeout(HELD, std::future::pending::<()>()).await;
        let held = process::resident(id)?;
        let asked = |connection: &mut Connection| connection.exchange("GET", &below, &rig.token);
        let alive = connections
            .iter_mut()
            .filter_map(|connection| asked(connection).ok())
            .filter(|(status, _)| *status == 200)
            .count();
        println!(
            "{name:>8} held {alive}, memory {} ({} before; goal of the gateway 200 MiB)",
            mib(held),
            mib(before)
        );
    }
    Ok(())
}
