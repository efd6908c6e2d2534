//! `demo` and `serve`: the dashboard in the gateway, running until interrupted.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};
use clap::Args;

use crate::binary::{self, Profile};
use crate::dashboard::{self, Quality};
use crate::process::{become_command, command};

/// Options of `cargo xtask demo`.
#[derive(Args)]
pub(crate) struct Options {
    /// The port on the loopback address to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Seed this many repositories beside the demo's own
    #[arg(long, value_name = "N")]
    repositories: Option<u64>,
    /// Seed a repository with this many tags
    #[arg(long, value_name = "N")]
    tags: Option<u64>,
}

/// Builds what is missing and becomes `acr-gateway demo`.
pub(crate) fn run(options: &Options) -> Result<()> {
    refuse_used_port(options.port)?;
    let mut arguments: Vec<OsString> = vec!["--port".into(), options.port.to_string().into()];
    for (flag, count) in [("--repositories", options.repositories), ("--tags", options.tags)] {
        if let Some(count) = count {
            arguments.extend([flag.into(), count.to_string().into()]);
        }
    }
    gateway("demo", &arguments)
}

/// Builds what is missing and becomes `acr-gateway serve`.
pub(crate) fn serve(arguments: &[OsString]) -> Result<()> {
    gateway("serve", arguments)
}

fn gateway(mode: &str, arguments: &[OsString]) -> Result<()> {
    dashboard::build(Quality::Demo)?;
    let gateway = binary::gateway(Profile::Development)?;
    become_command(command(gateway).arg(mode).args(arguments))
}

/// A port in use is said before a build of minutes, not after it.
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
