//! The requests of a scan and of a run, sent through a client that the caller supplies. When to send one, how many at the same time, and what
//! to do about a failure, is the caller's business.

mod needed;
mod step;
mod task;

pub use needed::Needs;
pub use step::{carry_out, observe};
pub use task::{Answer, answer, store};
