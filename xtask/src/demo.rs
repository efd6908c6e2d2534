//! `demo` and `serve`: the dashboard in the gateway, running until interrupted.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};
use clap::Args;

use crate::binary::{self, Profile};
use crate::dashboard::{self, Quality};
use crate::process::{become_command, command, say};

/// Options of `cargo xtask demo`.
#[derive(Args)]
pub(crate) struct Options {
    /// The port on the loopback address to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Seed this many repositories in addition to the demo's own
    #[arg(long, value_name = "N")]
    repositories: Option<u64>,
    /// Seed a repository with this many tags
    #[arg(long, value_name = "N")]
    tags: Option<u64>,
}

/// What can be done first, and how it ends.
const FIRST: &str = "
  Try first: open services/api and search its tags; open nginx:latest and its layers; press Ctrl+K.
  Nothing is real: delete, lock and untag as you like; a restart restores everything.
  Stop with Ctrl+C.
";

/// Builds what is missing and becomes `acr-gateway demo`.
pub(crate) fn run(options: &Options) -> Result<()> {
    refuse_used_port(options.port)?;
    say("Building the demo (a first build takes a few minutes):");
    let gateway = dashboard::build_alongside(Quality::Demo, || binary::gateway(Profile::Development))?;
    say(format!("\n  The dashboard: http://127.0.0.1:{}/\n{FIRST}", options.port));
    let mut demo = command(gateway);
    demo.args([
        "demo",
        "--log-requests",
        "false",
        "--log-level",
        "warn",
        "--port",
        &options.port.to_string(),
    ]);
    for (flag, count) in [("--repositories", options.repositories), ("--tags", options.tags)] {
        if let Some(count) = count {
            demo.args([flag, &count.to_string()]);
        }
    }
    become_command(&mut demo)
}

/// Builds what is missing and becomes `acr-gateway serve`.
pub(crate) fn serve(arguments: &[OsString]) -> Result<()> {
    say("Building the dashboard and the gateway as they ship (a first build takes several minutes):");
    dashboard::build(Quality::Shipped)?;
    let gateway = binary::gateway(Profile::Release)?;
    say("\n  The gateway prints the address it serves. Stop it with Ctrl+C.\n");
    become_command(command(gateway).arg("serve").args(arguments))
}

/// A port in use is reported before a build of minutes, not after it.
fn refuse_used_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {port} is in use: stop what uses it, or choose another with --port")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_refused_and_named() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(
            refuse_used_port(port).unwrap_err().to_string().starts_with(&format!("port {port} is in use"))
        );
        drop(listener);
        assert!(refuse_used_port(port).is_ok());
    }
}
