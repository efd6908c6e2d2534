//! The command line of `cargo xtask`: every command of the README and of CI. What a command does lives in the module of
//! its name; how a missing tool is installed lives in `tool`.

mod bench;
mod binary;
mod bundle;
mod dashboard;
mod demo;
mod dist;
mod element;
mod folder;
mod npm;
mod package;
mod process;
mod progress;
mod screenshots;
mod search_path;
mod test;
mod tidy;
mod tool;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, runs and checks ACR Dashboard")]
struct Arguments {
    /// Show what the programs that are started write
    #[arg(long, short, global = true)]
    verbose: bool,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the dashboard, start the gateway with a demo registry in it, and serve until interrupted
    Demo(demo::Options),
    /// Build the dashboard and run `acr-gateway serve` with the arguments given
    Serve {
        /// Arguments of `acr-gateway serve`, such as `--registry contoso.azurecr.io --port 8080`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run every test there is, or one kind of them
    Test(test::Options),
    /// Build the npm package and print the path of its tarball
    Npm,
    /// Build the dashboard and the gateway binary for release
    Dist,
    /// Measure sizes and speeds, each against its peer in the same run
    Bench(bench::Options),
    /// Check formatting, lints, the invariants of ARCHITECTURE.md, licences and advisories
    Tidy(tidy::Options),
    /// Write a PNG of each screen, light and wide, to docs/screenshots
    Screenshots(screenshots::Options),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error)
            if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
        {
            let text = error.to_string();
            eprintln!("{} (see --help)", text.lines().next().unwrap_or("error: bad arguments"));
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    if arguments.verbose {
        progress::set_verbose();
    }
    let result = match arguments.task {
        Task::Demo(options) => demo::run(&options),
        Task::Serve { arguments } => demo::serve(&arguments),
        Task::Test(options) => test::run(&options),
        Task::Npm => npm::run(),
        Task::Dist => dist::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Tidy(options) => tidy::run(&options),
        Task::Screenshots(options) => screenshots::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
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
