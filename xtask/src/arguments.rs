//! The command line of `cargo xtask`.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::{bench, demo, release, screenshots, test, tidy};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, runs and checks ACR Dashboard")]
pub(crate) struct Arguments {
    /// Show the output of the programs that are started
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) task: Task,
}

#[derive(Subcommand)]
pub(crate) enum Task {
    /// Build the dashboard, start the gateway with a demo registry in it, and serve until interrupted
    Demo(demo::Options),
    /// Build the dashboard and run `acr-gateway serve` with these arguments
    Serve {
        /// Arguments of `acr-gateway serve`, such as `--registry contoso.azurecr.io --port 8080`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run every test there is, or one kind of them
    Test(test::Options),
    /// Build the npm packages and print the paths of their tarballs
    Npm,
    /// Build the dashboard and the gateway binary for release
    Dist,
    /// Measure sizes and speeds, each next to its peer in the same run
    Bench(bench::Options),
    /// Show which programs the commands need, which are missing, and how to get them
    Doctor,
    /// Make the guide and the documentation of crates and packages
    Docs,
    /// Build and check the parts of a release that need only this machine
    Release(release::Options),
    /// Check formatting, lints, the invariants of ARCHITECTURE.md, licences and advisories
    Tidy(tidy::Options),
    /// Write a PNG of each screen, light and wide, to docs/screenshots
    Screenshots(screenshots::Options),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_benchmark_runs_whole_or_in_part() {
        assert!(Arguments::try_parse_from(["xtask", "bench"]).is_ok());
        assert!(Arguments::try_parse_from(["xtask", "bench", "gateway", "--soak", "60"]).is_ok());
        assert!(Arguments::try_parse_from(["xtask", "bench", "nothing"]).is_err());
    }
}
