//! A large blob, by way of the registry's redirect to its storage: how fast, and in how much memory.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::process::{self, median, mib};
use crate::rig::{Rig, address, path};
use crate::wire::Connection;

const SIZE: usize = 1 << 30;
const ROUNDS: usize = 3;

pub(crate) async fn measure() -> Result<()> {
    let rig = Rig::start().await?;
    let digest = rig.upload("bench/blob", SIZE).await?;
    let gateway = rig.gateway.id().unwrap_or_default();
    println!(
        "\nblob: 1 GiB, {ROUNDS} rounds in turns; the gateway held {} at most while it was put",
        mib(process::peak(gateway)?)
    );
    println!("{:>8} {:>10} {:>16}", "", "MiB/s", "memory at most");
    let below = path(&format!("/v2/bench/blob/blobs/{digest}"));
    let mut found = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (found, (name, url, id)) in found.iter_mut().zip(rig.servers()?) {
            let begin = Instant::now();
            let (status, size) = Connection::open(address(&url)?)?.exchange("GET", &below, &rig.token)?;
            ensure!((status, size) == (200, SIZE as u64), "{name} answered {status} with {size} bytes");
            let rate = 1024.0 / begin.elapsed().as_secs_f64();
            println!("{name:>8} {rate:>10.0} {:>16}", mib(process::peak(id)?));
            found.push(rate);
        }
    }
    let [gateway, nginx] = found.map(median);
    println!("gateway to nginx, medians: {:.2} (goal at least 0.90; memory goal 64 MiB)", gateway / nginx);
    Ok(())
}
