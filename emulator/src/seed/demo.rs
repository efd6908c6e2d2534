//! What the demo holds: the registry of a small company, with everything in it that a registry can hold.

mod apps;
mod charts;
mod foundations;
mod interop;
mod retired;
mod samples;
mod services;

use super::pusher::{PushError, Pusher};

/// Pushes the demo.
pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    retired::fill(pusher)?;
    foundations::fill(pusher)?;
    samples::fill(pusher)?;
    services::fill(pusher)?;
    charts::fill(pusher)?;
    apps::fill(pusher)?;
    interop::fill(pusher)
}
