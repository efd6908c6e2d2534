//! A cleanup: the rule as it is typed, the plan of it, and its run. It belongs to the session, so it goes on while other screens are shown.

mod announced;
mod control;
mod driver;
pub(crate) mod form;
pub(crate) mod planning;
mod state;

pub(crate) use state::{Cleanup, State};
