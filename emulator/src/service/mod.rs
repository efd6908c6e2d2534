//! The running registry: what every operation works on.

mod state;

pub(crate) use state::Service;
