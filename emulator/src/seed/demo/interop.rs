//! `tests/…`: what other tools push and few tools expect, one of each, as a company keeps to try its own tools with.

mod artifacts;
mod images;
mod indexes;
mod tool;

use crate::seed::pusher::{PushError, Pusher};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    pusher.days_ago(27);
    indexes::fill(pusher)?;
    images::fill(pusher)?;
    artifacts::fill(pusher)
}
