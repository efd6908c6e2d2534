//! Threads that serve connections. Each has a runtime of its own, and a connection stays where it began: one thread then serves both
//! client and registry, and none has to wake another for each part of an answer.

use std::io;
use std::num::NonZeroUsize;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::runtime::{Builder, Handle};
use tokio_util::sync::CancellationToken;

/// The threads. They end when it is dropped, and with them what they still serve.
#[derive(Debug)]
pub struct Workers {
    threads: Vec<Worker>,
    end: CancellationToken,
}

#[derive(Debug)]
struct Worker {
    runtime: Handle,
    /// Held once by each connection that is served here.
    held: Arc<()>,
    thread: Option<JoinHandle<()>>,
}

impl Workers {
    /// Starts `count` threads.
    ///
    /// # Errors
    /// A system that allows no more threads or files.
    pub fn start(count: NonZeroUsize) -> io::Result<Self> {
        let mut this = Self { threads: Vec::new(), end: CancellationToken::new() };
        for number in 0..count.get() {
            let end = this.end.clone();
            let (started, starting) = mpsc::channel();
            let thread = std::thread::Builder::new().name(format!("worker-{number}"));
            // The runtime is made in its thread: where that cannot be started, none has to be dropped within another runtime, which panics.
            let thread = thread.spawn(move || {
                let runtime = match Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => runtime,
                    Err(error) => return drop(started.send(Err(error))),
                };
                drop(started.send(Ok(runtime.handle().clone())));
                runtime.block_on(end.cancelled());
                // A name that is still being looked up is not waited for.
                runtime.shutdown_background();
            })?;
            let runtime = starting.recv().map_err(io::Error::other)??;
            this.threads.push(Worker { runtime, held: Arc::default(), thread: Some(thread) });
        }
        Ok(this)
    }

    /// Starts one thread for each processor available to this process.
    ///
    /// # Errors
    /// As [`Workers::start`].
    pub fn for_each_processor() -> io::Result<Self> {
        Self::start(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// Serves something on the thread that serves least.
    pub(crate) fn spawn(&self, serving: impl Future<Output = ()> + Send + 'static) {
        let Some(worker) = self.threads.iter().min_by_key(|worker| Arc::strong_count(&worker.held)) else {
            return;
        };
        let held = Arc::clone(&worker.held);
        worker.runtime.spawn(async move {
            serving.await;
            drop(held);
        });
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.end.cancel();
        for thread in self.threads.iter_mut().filter_map(|worker| worker.thread.take()) {
            // One that panicked has ended, too.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread::ThreadId;

    use super::*;

    /// The thread that serves the next of what is served, for as long as the sender lives.
    fn place(workers: &Workers) -> (ThreadId, tokio::sync::oneshot::Sender<()>) {
        let (sender, receiver) = mpsc::channel();
        let (end, ended) = tokio::sync::oneshot::channel();
        workers.spawn(async move {
            sender.send(std::thread::current().id()).unwrap();
            let _ = ended.await;
        });
        (receiver.recv().unwrap(), end)
    }

    #[test]
    fn what_is_served_is_spread_over_the_threads() {
        let workers = Workers::start(NonZeroUsize::new(2).unwrap()).unwrap();
        let (first, _one) = place(&workers);
        let (second, _two) = place(&workers);
        assert!(first != second && first != std::thread::current().id());
    }

    #[test]
    fn the_threads_end_with_it_whatever_they_serve() {
        let workers = Workers::start(NonZeroUsize::MIN).unwrap();
        let (_, end) = place(&workers);
        drop(workers);
        assert!(end.send(()).is_err(), "what was served is gone");
    }
}
