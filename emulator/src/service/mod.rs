//! The running registry: what every operation works on.

mod budget;
mod state;

pub(crate) use state::Service;
