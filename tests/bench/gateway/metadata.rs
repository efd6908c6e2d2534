//! Small answers: how many a second, and how long one of a hundred takes at most.

use std::time::Duration;

use anyhow::Result;

use crate::process::median;
use crate::rig::{Rig, TAGS, path};
use crate::wrk;

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(6);
const WARM_UP: Duration = Duration::from_secs(2);

/// Measures in turns, so that what else the machine does strikes both.
pub(crate) async fn measure() -> Result<()> {
    let rig = Rig::start().await?;
    let below = path(&format!("/acr/v1/{}/_tags/build-000001", TAGS.replace('/', "%2F")));
    println!(
        "\nmetadata: GET {below}, 64 connections, {ROUNDS} rounds of {} s each in turns",
        ROUND.as_secs()
    );
    println!("{:>8} {:>12} {:>10}", "", "requests/s", "p99 ms");
    let servers = rig.servers()?;
    for (_, url, _) in &servers {
        wrk::run(&format!("{url}{below}"), &rig.token, WARM_UP).await?;
    }
    let mut found = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (found, (name, url, _)) in found.iter_mut().zip(&servers) {
            let run = wrk::run(&format!("{url}{below}"), &rig.token, ROUND).await?;
            println!("{name:>8} {:>12.0} {:>10.2}", run.rate, run.p99);
            found.push(run);
        }
    }
    let direct = wrk::run(
        &format!("{}{}", rig.emulator.url(), below.split_once("/contoso").map_or("", |(_, rest)| rest)),
        &rig.token,
        ROUND,
    )
    .await?;
    println!("{:>8} {:>12.0} {:>10.2}  (the emulator itself)", "none", direct.rate, direct.p99);
    let [gateway, nginx] = found;
    let ratio = |of: fn(&wrk::Found) -> f64| {
        let pairs = gateway.iter().zip(&nginx).map(|(gateway, nginx)| of(gateway) / of(nginx));
        median(pairs.collect())
    };
    println!(
        "gateway to nginx, median of the rounds: requests/s {:.2} (goal at least 0.90), p99 {:.2} (goal at most 1.30)",
        ratio(|found| found.rate),
        ratio(|found| found.p99)
    );
    Ok(())
}
