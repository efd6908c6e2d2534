//! Changing things: buttons, dialogs, progress and results.

pub(crate) const NOT_ALLOWED: &str = "The gateway's configuration does not allow this.";
