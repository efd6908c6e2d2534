//! How long a newcomer waits: a fresh clone with an empty CARGO_HOME, from `cargo xtask demo` to the page, and once more when it was built.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::process::{cargo, command, run as run_command};
use crate::progress::seconds;
use crate::{folder, workspace};

/// Prints each step of both starts with its seconds.
pub(crate) fn run() -> Result<()> {
    let place = workspace::output().join("bench-start");
    folder::remove(&place)?;
    let clone = place.join("clone");
    run_command(
        command("git").args(["clone", "--quiet", "--no-hardlinks"]).arg(workspace::root()).arg(&clone),
    )?;
    for start in ["cold", "warm"] {
        println!("\n{start} start:");
        let time = measure(&clone, &place.join("cargo-home"))?;
        println!("{start}: the page answers after {}", seconds(time));
    }
    folder::remove(&place)
}

fn measure(clone: &Path, cargo_home: &Path) -> Result<Duration> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let start = Instant::now();
    let mut demo = cargo();
    demo.args(["xtask", "demo", "--port", &port.to_string()]).current_dir(clone);
    demo.env("CARGO_HOME", cargo_home).env_remove("CARGO_TARGET_DIR");
    let mut child =
        demo.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().context("cannot start cargo")?;
    // The gateway's first line comes when it listens.
    let mut lines = BufReader::new(child.stdout.take().context("no output to read")?).lines();
    let line = lines.find_map(|line| line.ok().filter(|line| line.contains("Serving on")));
    let time = start.elapsed();
    let answers = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_ok();
    child.kill().context("cannot stop the demo")?;
    child.wait().context("cannot stop the demo")?;
    ensure!(line.is_some() && answers, "the demo did not start");
    Ok(time)
}
