//! Three hundred clients that ask for a large blob and do not read it: how much memory each of them holds.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::process::{self, mib};
use crate::rig::{Rig, address, path};
use crate::wire::Connection;

const CLIENTS: usize = 300;
/// More than sockets hold.
const SIZE: usize = 64 << 20;
const HELD: Duration = Duration::from_secs(10);

pub(crate) async fn measure() -> Result<()> {
    println!("\nslow: {CLIENTS} clients that ask for a blob of {} MiB and do not read it", SIZE >> 20);
    // A server of its own, so that what it holds is for these clients.
    let first = Rig::start().await?;
    let digest = first.upload("bench/blob", SIZE).await?;
    let below = path(&format!("/v2/bench/blob/blobs/{digest}"));
    let gateway = first.second_gateway().await?;
    let (url, id) = (gateway.url(), gateway.id().unwrap_or_default());
    let before = process::resident(id)?;
    let mut clients = Vec::with_capacity(CLIENTS);
    for _ in 0..CLIENTS {
        let mut client = Connection::open(address(&url)?)?;
        let head = client.ask("GET", &below, &first.token)?;
        ensure!(head.status == 200, "the gateway answered {}", head.status);
        clients.push(client);
    }
    // Buffers are filled meanwhile.
    let _ = tokio::time::timeout(HELD, std::future::pending::<()>()).await;
    let held = process::resident(id)?;
    let each = held.saturating_sub(before) / CLIENTS as u64;
    println!(
        "memory {} ({} before), {} KiB each (goals: 64 MiB, 200 KiB each)",
        mib(held),
        mib(before),
        each >> 10
    );
    Ok(())
}
