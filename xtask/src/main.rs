//! The command line of `cargo xtask`: every command of the README and of CI. What a command does lives in the module of
//! its name; how a missing tool is installed lives in `tool`.

mod arguments;
mod bench;
mod binary;
mod bundle;
mod dashboard;
mod demo;
mod dist;
mod docs;
mod doctor;
mod element;
mod folder;
mod guide;
mod layers_worker;
mod microsoft;
mod npm;
mod package;
mod process;
mod progress;
mod release;
mod screenshots;
mod search_path;
mod test;
mod tidy;
mod tool;
mod workspace;

use std::process::ExitCode;

use arguments::{Arguments, Task};
use clap::Parser as _;
use clap::error::ErrorKind;

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
        Task::Doctor => doctor::run(),
        Task::Docs => docs::run(),
        Task::Release(options) => release::run(&options),
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
