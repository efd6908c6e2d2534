//! `acr-inventory`: what a registry costs, what depends on what, and what a cleanup would delete. Reads and never changes a registry.

mod failure;
mod load;
mod options;
mod pace;
mod print;
mod print_difference;
mod progress;
mod read;
mod transport;
mod used;

use std::io::{self, Write as _};
use std::process::ExitCode;

use acr_inventory::cleanup::{self, RuleText};
use acr_inventory::snapshot::{Snapshot, write};
use acr_inventory::{Instant, difference, lock};
use clap::Parser as _;

use failure::Failure;
use options::{Command, Options, PlanFormat, PlanOptions};

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            // Nothing better can be done where even this cannot be written.
            let _ = writeln!(io::stderr(), "acr-inventory: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Runs a command and gives its exit code.
fn run(options: &Options) -> Result<u8, Failure> {
    check(options)?;
    match &options.command {
        Command::Storage { source } => {
            let loaded = load::load(source, options)?;
            output(&print::storage(&loaded.snapshot.inventory, options.json))?;
            Ok(loaded.exit_code())
        }
        Command::Layers { source, limit } => {
            let loaded = load::load(source, options)?;
            output(&print::layers(&loaded.snapshot.inventory, *limit, options.json))?;
            Ok(loaded.exit_code())
        }
        Command::Locks { source } => {
            let loaded = load::load(source, options)?;
            let graph = loaded.snapshot.inventory.graph();
            let repositories: Vec<_> = graph.inventory().repositories().collect();
            output(&print::locks(graph, &lock::findings(graph, &repositories), options.json))?;
            Ok(loaded.exit_code())
        }
        Command::Plan(plan) => run_plan(options, plan),
        Command::Snapshot { source, output: path } => {
            let loaded = load::load(source, options)?;
            let text = write(&loaded.snapshot);
            match path {
                Some(path) => std::fs::write(path, text).map_err(|error| Failure::file(path, &error))?,
                None => output(&text)?,
            }
            Ok(loaded.exit_code())
        }
        Command::Difference { before, after } => {
            let before = load::load(before, options)?;
            let after = load::load(after, options)?;
            let [one, other] = [&before, &after].map(|loaded| &loaded.snapshot.inventory);
            if !one.registry().eq_ignore_ascii_case(other.registry()) {
                return Err(Failure::Usage(format!(
                    "the sources are of different registries: {} and {}",
                    print::visible(one.registry()),
                    print::visible(other.registry())
                )));
            }
            let found = difference(one, other);
            let is_complete = one.graph().is_complete() && other.graph().is_complete();
            output(&print_difference::difference(&found, is_complete, options.json))?;
            let code = if found.incomplete.is_empty() { 0 } else { 5 };
            let code = before.exit_code().max(after.exit_code()).max(code);
            Ok(if code == 0 && options.exit_code && !found.is_empty() { 1 } else { code })
        }
    }
}

/// Refuses options of which one would be ignored.
fn check(options: &Options) -> Result<(), Failure> {
    if !options.json {
        return Ok(());
    }
    let refuse = |text: &str| Err(Failure::Usage(text.to_owned()));
    match &options.command {
        Command::Snapshot { .. } => refuse("a snapshot has a form of its own: leave out --json"),
        Command::Plan(plan) if plan.format.is_some_and(|format| format != PlanFormat::Json) => {
            refuse("--json and --format ask for different forms")
        }
        _ => Ok(()),
    }
}

fn run_plan(options: &Options, plan: &PlanOptions) -> Result<u8, Failure> {
    let rule = RuleText {
        filters: plan.filter.clone(),
        ago: plan.ago.clone(),
        keep: plan.keep,
        untagged: plan.untagged,
        include_locked: plan.include_locked,
        protect: plan.protect.clone(),
    };
    let rule = rule.compile()?;
    let inputs = used::Inputs::read(&plan.in_use)?;
    let loaded = load::load(&plan.source, options)?;
    let used = inputs.of(&loaded);
    let Snapshot { inventory, taken } = &loaded.snapshot;
    let graph = inventory.graph();
    // Ages count from when the registry was read: a snapshot gives the same plan whenever it is looked at.
    let now = if taken.ticks() == 0 { Instant::from_ticks(i64::MIN) } else { *taken };
    let made = cleanup::plan(graph, &rule, &used.in_use, now);
    let format = if options.json { PlanFormat::Json } else { plan.format.unwrap_or(PlanFormat::Text) };
    output(&match format {
        PlanFormat::Text => print::plan(graph, &made, used.summary.as_deref()),
        PlanFormat::Json => cleanup::json(graph, &made),
        PlanFormat::Csv => cleanup::csv(graph, &made),
        PlanFormat::Az => cleanup::az_script(graph, &made),
        PlanFormat::Purge => print::purge(&cleanup::purge_command(graph, &made)),
    })?;
    let code = loaded.exit_code();
    Ok(if code == 0 && options.exit_code && !made.steps().is_empty() { 1 } else { code })
}

/// Prints to standard output. A reader that has gone, as `head` does, is no failure.
fn output(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") });
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}
