//! The `acr-emulator` command: flags in, a listening registry out. Everything else is the library.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use acr_emulator::{EmulatorBuilder, RunningEmulator};
use clap::Parser as _;
use cli::{Arguments, LogFormat};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return refuse(first_line(&error.to_string())),
        Err(help) => {
            // There is nowhere to report a failure to print the help.
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    log(arguments.log);
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("{error:#}")),
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let (config, listen) = arguments.settings()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let running = EmulatorBuilder::default().config(config).listen(listen).start().await?;
        announce(&running);
        until_interrupted().await
    })
}

/// The one line on stdout.
fn announce(running: &RunningEmulator) {
    let storage = running.storage_address().map(|address| format!(" (storage on port {})", address.port()));
    let entra = running.entra_authority().map(|authority| format!(" (authority {authority})"));
    let admin = running.admin_url().map(|url| format!(" (admin on {url})"));
    let _ = writeln!(
        std::io::stdout(),
        "acr-emulator listening on {}{}{}{}",
        running.url(),
        storage.unwrap_or_default(),
        entra.unwrap_or_default(),
        admin.unwrap_or_default()
    );
}

#[cfg(unix)]
async fn until_interrupted() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn until_interrupted() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}

fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("ACR_EMULATOR_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.with_ansi(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Off => {}
    }
}

/// One line on stderr.
fn refuse(reason: &str) -> ExitCode {
    let reason = reason.replace('\n', " ");
    let _ =
        writeln!(std::io::stderr(), "acr-emulator: {}", reason.strip_prefix("error: ").unwrap_or(&reason));
    ExitCode::from(2)
}

/// Of clap's message the part that says what is wrong.
fn first_line(message: &str) -> &str {
    message.split("\n\n").next().unwrap_or(message)
}
