//! Time and chance come in from outside, so that tests of expiry and retry take no time and always go the same way.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;

/// What the client needs of its environment apart from the network.
pub trait Environment: Send + Sync {
    /// Time since the Unix epoch, UTC.
    fn now(&self) -> Duration;

    /// Resolves after this time.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'_, ()>;

    /// A random number from 0 to 1, new at each call.
    fn jitter(&self) -> f64;

    /// Runs a task to its end on its own: the clean-up of work whose caller is gone. The default drops it unrun.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        drop(task);
    }
}
