//! Where log lines go and how they look. What is logged is said where it happens; no header, query or token ever is.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

use crate::config::ConfigError;
use crate::settings::LogSettings;

/// Starts logging to stderr. A second call changes nothing.
///
/// # Errors
/// A format or level that there is not.
pub fn start(settings: &LogSettings) -> Result<(), ConfigError> {
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
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Only a test that starts twice gets an error here, and it wants the first one to stay.
    let _ = match json {
        true => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        false => builder.try_init(),
    };
    Ok(())
}

fn target_directive(text: &str) -> Result<Directive, ConfigError> {
    text.parse().map_err(|_| ConfigError::new("log.level", format!("{text} is no directive")))
}
