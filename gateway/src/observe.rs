//! What can be seen of the gateway from outside: log lines, metrics and traces.

pub(crate) mod access_log;
pub mod logging;
pub(crate) mod metrics;
pub(crate) mod record;
pub(crate) mod reported;
pub(crate) mod trace;
