//! Where log lines go and how they look. What is logged is said where it happens; no header, query or token ever is.

use std::io::{IsTerminal, Write};

use tracing::Metadata;
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::ConfigError;
use crate::settings::LogSettings;

/// The target of the audit log's lines.
pub(crate) const AUDIT: &str = "acr_gateway::audit";

/// Starts logging to stderr, until the returned guard is dropped, which writes out what is left. A second call changes nothing.
///
/// # Errors
/// A format or level that there is not.
pub fn start(settings: &LogSettings) -> Result<WorkerGuard, ConfigError> {
    let level = settings.level.as_deref().unwrap_or("info,acr_emulator=warn");
    let remedy = "use error, warn, info, debug, or a target such as acr_gateway=debug";
    let mut filter = EnvFilter::try_new(level)
        .map_err(|_| ConfigError::new("log.level", format!("{level:?} is no level; {remedy}")))?;
    if settings.requests == Some(false) {
        filter = filter.add_directive(target_directive("acr_gateway::access=off")?);
    }
    // Who wrote what is on record whatever else is logged.
    filter = filter.add_directive(target_directive("acr_gateway::audit=info")?);
    let json = match settings.format.as_deref() {
        Some("json") => true,
        Some("text") => false,
        None => !std::io::stderr().is_terminal(),
        Some(other) => {
            return Err(ConfigError::new("log.format", format!("{other:?} is no format; use json or text")));
        }
    };
    let (background, guard) = tracing_appender::non_blocking(std::io::stderr());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Writers { background });
    // Only a test that starts twice gets an error here, and it wants the first one to stay.
    let _ = match json {
        true => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        false => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    Ok(guard)
}

/// Where a line goes: the audit log straight to stderr, before the answer it is about is sent; everything else by way of a
/// thread of its own, so that no request waits for whoever reads the log. When that reader stalls, lines are dropped, not requests.
struct Writers {
    background: NonBlocking,
}

impl<'a> MakeWriter<'a> for Writers {
    type Writer = Box<dyn Write + 'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Box::new(self.background.clone())
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Self::Writer {
        match event.target() {
            AUDIT => Box::new(std::io::stderr()),
            _ => self.make_writer(),
        }
    }
}

fn target_directive(text: &str) -> Result<Directive, ConfigError> {
    text.parse().map_err(|_| ConfigError::new("log.level", format!("{text} is no directive")))
}
