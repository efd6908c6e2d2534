//! Where log lines go and how they look. What is logged is said where it happens; no header, query or token ever is.

mod batched;

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;
use std::time::Duration;

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{Directive, FilterExt, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use batched::Batched;
pub use batched::LogGuard;
pub(crate) use batched::NotWritten;

use crate::config::ConfigError;
use crate::config::{Log, LogFormat};

/// The target of the audit log's lines.
pub(crate) const AUDIT: &str = "acr_gateway::audit";
/// The target of the audit log's lines about what is about to be sent.
pub(crate) const AUDIT_INTENT: &str = "acr_gateway::audit::intent";

/// How long a write waits for its line in the audit log.
const AUDIT_PATIENCE: Duration = Duration::from_secs(3);

/// Where this process logs to, once that was started.
static LOG: OnceLock<Batched> = OnceLock::new();

/// A place in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(u64);

/// The place of what is logged next.
pub(crate) fn mark() -> Mark {
    Mark(LOG.get().map_or(0, Batched::taken))
}

/// Waits until what was logged since a place is written.
///
/// # Errors
/// A log that cannot be written, or that is not read.
pub(crate) async fn written(Mark(since): Mark) -> Result<(), NotWritten> {
    match LOG.get() {
        Some(log) => log.written(since, AUDIT_PATIENCE).await,
        // The lines of a test, or of a program with a subscriber of its own, are written when they are logged.
        None => Ok(()),
    }
}

/// Starts logging to stderr, until the returned guard is dropped, which writes out what is left. A second call changes nothing.
///
/// # Errors
/// An unknown format or level, or a system that starts no thread.
pub fn start(settings: &Log) -> Result<LogGuard, ConfigError> {
    let level = settings.level.as_str();
    let remedy = "use error, warn, info, debug, or a target such as acr_gateway=debug";
    let mut filter = EnvFilter::try_new(level)
        .map_err(|_| ConfigError::new("log.level", format!("{level:?} is not a level; {remedy}")))?;
    if !settings.requests {
        filter = filter.add_directive(target_directive("acr_gateway::access=off")?);
    }
    let json = match settings.format {
        Some(format) => format == LogFormat::Json,
        None => !io::stderr().is_terminal(),
    };
    let (background, guard) = Batched::start(io::stderr())
        .map_err(|error| ConfigError::new("log", format!("no thread can be started for it: {error}")))?;
    let _ = LOG.set(background.clone());
    // Who wrote what is on record whatever else is logged: no directive can be more exact than this.
    let audit = filter_fn(|line| matches!(line.target(), AUDIT | AUDIT_INTENT));
    let filter = filter.or(audit.with_max_level_hint(LevelFilter::INFO));
    let layer = tracing_subscriber::fmt::layer().with_writer(Writers { background });
    let layer = if json {
        layer
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .with_filter(filter)
            .boxed()
    } else {
        layer.with_ansi(io::stderr().is_terminal()).with_filter(filter).boxed()
    };
    // Only a test that starts twice gets an error here, and it wants the first one to stay.
    let _ = tracing_subscriber::registry().with(layer).try_init();
    Ok(guard)
}

/// Where lines go: all of them by way of a thread of its own, so that no connection waits for the reader of the log. When that reader stalls,
/// lines are dropped, not requests; those of the audit log are kept, and a write is not sent before its line is written.
struct Writers {
    background: Batched,
}

impl<'a> MakeWriter<'a> for Writers {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { log: self.background.clone(), must: false }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Line {
        let must = matches!(event.target(), AUDIT | AUDIT_INTENT);
        Line { must, ..self.make_writer() }
    }
}

/// Takes one line.
struct Line {
    log: Batched,
    must: bool,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.log.take(bytes, self.must);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn target_directive(text: &str) -> Result<Directive, ConfigError> {
    text.parse().map_err(|_| ConfigError::new("log.level", format!("{text} is no directive")))
}
