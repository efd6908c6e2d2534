//! The gateway next to nginx in front of one emulator. The measuring is in `tests/bench/gateway`; here is what it needs to run.

use std::fs;

use anyhow::{Context, Result};
use clap::Args;

use crate::binary::{self, Profile};
use crate::dashboard::{self, Quality};
use crate::process::{cargo, command, show as run_command};
use crate::{tool, workspace};

/// Options of the gateway's part.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Options {
    /// Duration of the soak test in seconds; 0 skips it
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    soak: u64,
}

/// Measures the gateway as it ships.
pub(crate) fn run(options: &Options) -> Result<()> {
    dashboard::build(Quality::Shipped)?;
    let (nginx, wrk) = (tool::nginx()?, tool::wrk()?);
    let gateway = binary::gateway(Profile::Shipped)?;
    let emulator = binary::binary("acr-emulator", Profile::Release)?;
    let size = fs::metadata(&gateway).with_context(|| format!("cannot read {}", gateway.display()))?.len();
    println!("\nthe gateway's binary, with the dashboard inside: {:.1} MB (goal 25)", size as f64 / 1e6);
    // Ten thousand connections are more than a shell's soft limit on open files.
    let mut measure = command("sh");
    measure.args(["-c", "ulimit -Sn \"$(ulimit -Hn)\"; exec \"$@\"", "sh"]).arg(cargo().get_program());
    measure.args([
        "test",
        "--package",
        "acr-tests",
        "--test",
        "bench-gateway",
        "--",
        "--nocapture",
        "--quiet",
    ]);
    measure.env("ACR_GATEWAY_BIN", gateway).env("ACR_EMULATOR_BIN", emulator);
    measure.env("ACR_DASHBOARD", workspace::dashboard()).env("ACR_NGINX", nginx).env("ACR_WRK", wrk);
    run_command(measure.env("ACR_SOAK_SECONDS", options.soak.to_string()))
}
