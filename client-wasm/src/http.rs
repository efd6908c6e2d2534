//! Between operations and transport: sending with retries, signing in, and the header fields both sides speak in.

mod answer;
mod call;
mod governor;
pub(crate) mod headers;
mod link;
mod pipeline;
mod retry;
mod sender;

pub(crate) use answer::Answer;
pub(crate) use call::{Auth, Call, Operation, Take};
pub use governor::Governor;
pub use headers::RateLimit;
pub(crate) use link::next_link;
pub(crate) use pipeline::{Pipeline, Proof};
pub use retry::RetryPolicy;
pub(crate) use sender::Sender;
