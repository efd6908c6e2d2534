//! Where log lines go and how they look. What is logged is said where it happens; no header, query or token ever is.

mod batched;

use std::io::{self, IsTerminal, Stderr, Write};

use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;
use tracing_subscriber::fmt::MakeWriter;

use batched::Batched;
pub use batched::LogGuard;

use crate::config::ConfigError;
use crate::config::{Log, LogFormat};

/// The target of the audit log's lines.
pub(crate) const AUDIT: &str = "acr_gateway::audit";
/// The target of the audit log's lines about what is about to be sent, below the other, so that one directive governs both.
pub(crate) const AUDIT_INTENT: &str = "acr_gateway::audit::intent";

/// Starts logging to stderr, until the returned guard is dropped, which writes out what is left. A second call changes nothing.
///
/// # Errors
/// A format or level that there is not, or no thread to be had.
pub fn start(settings: &Log) -> Result<LogGuard, ConfigError> {
    let level = settings.level.as_str();
    let remedy = "use error, warn, info, debug, or a target such as acr_gateway=debug";
    let mut filter = EnvFilter::try_new(level)
        .map_err(|_| ConfigError::new("log.level", format!("{level:?} is no level; {remedy}")))?;
    if !settings.requests {
        filter = filter.add_directive(target_directive("acr_gateway::access=off")?);
    }
    // Who wrote what is on record whatever else is logged.
    filter = filter.add_directive(target_directive("acr_gateway::audit=info")?);
    let json = match settings.format {
        Some(format) => format == LogFormat::Json,
        None => !io::stderr().is_terminal(),
    };
    let (background, guard) = Batched::start(io::stderr())
        .map_err(|error| ConfigError::new("log", format!("no thread can be started for it: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Writers { background });
    // Only a test that starts twice gets an error here, and it wants the first one to stay.
    let _ = match json {
        true => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        false => builder.with_ansi(io::stderr().is_terminal()).try_init(),
    };
    Ok(guard)
}

/// Where a line goes: the audit log straight to stderr, before the answer it is about is sent; everything else by way of a
/// thread of its own, so that no request waits for the reader of the log. When that reader stalls, lines are dropped, not requests.
struct Writers {
    background: Batched,
}

impl<'a> MakeWriter<'a> for Writers {
    type Writer = Writer;

    fn make_writer(&'a self) -> Writer {
        Writer::Background(self.background.clone())
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Writer {
        match event.target() {
            AUDIT | AUDIT_INTENT => Writer::AtOnce(io::stderr()),
            _ => self.make_writer(),
        }
    }
}

/// Where one line goes.
enum Writer {
    AtOnce(Stderr),
    Background(Batched),
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::AtOnce(stderr) => stderr.write(bytes),
            Self::Background(lines) => lines.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::AtOnce(stderr) => stderr.flush(),
            Self::Background(lines) => lines.flush(),
        }
    }
}

fn target_directive(text: &str) -> Result<Directive, ConfigError> {
    text.parse().map_err(|_| ConfigError::new("log.level", format!("{text} is no directive")))
}
