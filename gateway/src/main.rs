//! The binary `acr-gateway`: reads its command line, does what it says, and ends with one line when it cannot.

use std::io::Write;
use std::process::ExitCode;

use acr_gateway::cli::{self, Cli, Command, ServeArgs};
use acr_gateway::inbound::open_files;
use acr_gateway::observe::logging;
use acr_gateway::{BindError, Config, Gateway, Reloader, Server, Workers, check};
use anyhow::Context;
use clap::Parser;

/// Many small allocations on many threads are what a gateway does; musl's own allocator, in the static image, is poor at it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => return fail(&cli::one_line(&error), 2),
        Err(help) => {
            // There is nothing to do about help that cannot be printed.
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    use_small_pages();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start threads: {error}"), 1),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => fail(&error.to_string(), 1),
    }
}

/// Keeps the system from backing memory with pages of 2 MiB: of the buffers of an idle connection only the first few hundred bytes are ever
/// used, and with large pages all of them would be resident.
fn use_small_pages() {
    #[cfg(target_os = "linux")]
    {
        // Where it is not permitted, memory is larger and nothing else.
        let _ = rustix::thread::disable_transparent_huge_pages(true);
    }
}

fn fail(message: &str, code: u8) -> ExitCode {
    eprintln!("acr-gateway: {}", message.replace('\n', " "));
    ExitCode::from(code)
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve(*args).await,
        #[cfg(feature = "demo")]
        Command::Demo(args) => demonstrate(*args).await,
        Command::Check(args) => {
            let resolved = args.serve.resolve()?;
            let report = check::check(resolved.config.clone(), args.offline).await;
            let report = report.map_err(|error| resolved.explain(&error))?;
            print!("{report}");
            Ok(if report.all_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::EntraSetup(args) => {
            print!("{}", args.setup().map_err(anyhow::Error::msg)?.script());
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema => {
            println!("{}", acr_gateway::settings::schema());
            Ok(ExitCode::SUCCESS)
        }
        Command::Example => {
            print!("{}", acr_gateway::settings::example());
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn serve(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let resolved = args.resolve()?;
    let config = resolved.config.clone();
    let _log = logging::start(&config.log)?;
    let limits = config.limits;
    let (server, files) = bind(config).await.map_err(|error| match error {
        BindError::Config(error) => anyhow::Error::new(resolved.explain(&error)),
        other => other.into(),
    })?;
    if let Some(shortage) = open_files::shortage(&limits, files) {
        tracing::warn!("{shortage}");
    }
    let reloading = tokio::spawn(reload_on_hangup(args, server.reloader())?);
    let ended = listen(server).await;
    reloading.abort();
    ended
}

/// Reads the configuration again at each SIGHUP. One that cannot be used is reported, and the former one stays.
///
/// The signal is listened for from when this returns, so that none ends the process that comes before the future is first polled.
fn reload_on_hangup(args: ServeArgs, reloader: Reloader) -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hangups = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
        Ok(async move {
            while hangups.recv().await.is_some() {
                let reloaded = args.resolve().and_then(|resolved| {
                    reloader.reload(resolved.config.clone()).map_err(|error| resolved.explain(&error))
                });
                match reloaded {
                    Ok(()) => tracing::info!("the configuration was read again"),
                    Err(error) => tracing::error!(%error, "the former configuration stays in use"),
                }
            }
        })
    }
    #[cfg(not(unix))]
    {
        drop((args, reloader));
        Ok(std::future::ready(()))
    }
}

#[cfg(feature = "demo")]
async fn demonstrate(args: cli::DemoArgs) -> anyhow::Result<ExitCode> {
    let scale = acr_gateway::demo::Scale {
        repositories: args.repositories.unwrap_or(0),
        tags: args.tags.unwrap_or(0),
    };
    // The registry is dropped, and so stopped, when serving ends.
    let (config, _registry) = acr_gateway::demo::start(args.settings.settings()?, scale).await?;
    let _log = logging::start(&config.log)?;
    let (server, _) = bind(config).await?;
    listen(server).await
}

/// The server on its socket, and how many files the process may now have open.
async fn bind(config: Config) -> Result<(Server, Option<u64>), BindError> {
    let server = Server::bind(Gateway::new(config)?).await?;
    Ok((server, open_files::raise_limit()))
}

async fn listen(server: Server) -> anyhow::Result<ExitCode> {
    let stop = stop_signal()?;
    let workers = Workers::for_each_processor().context("cannot start threads")?;
    // Scripts wait for this line, and it may be all they ever read.
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "Serving on {}", server.url())
        .and_then(|()| stdout.flush())
        .context("cannot write to stdout")?;
    drop(stdout);
    server.with_workers(workers).serve(stop).await;
    Ok(ExitCode::SUCCESS)
}

/// Resolves at the first signal that asks the process to end.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without the signal there is no stopping it politely, and nothing else is lost.
        let _ = tokio::signal::ctrl_c().await;
    })
}
