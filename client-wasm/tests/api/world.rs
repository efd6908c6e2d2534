//! A world in which time passes only while a task sleeps.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acr_client_wasm::Environment;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

thread_local! {
    /// Tasks that the client spawned and did not await, of the test on this thread.
    static SPAWNED: RefCell<Vec<LocalBoxFuture<'static, ()>>> = const { RefCell::new(Vec::new()) };
}

/// Clones share their clock.
#[derive(Clone, Default)]
pub(crate) struct World(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: Duration,
    sleeps: Vec<Duration>,
}

impl World {
    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.0.lock().unwrap().now += time;
    }

    /// How long the client slept, each time.
    pub(crate) fn sleeps(&self) -> Vec<Duration> {
        self.0.lock().unwrap().sleeps.clone()
    }

    /// Runs what the client left to run on its own; gives how many tasks there were.
    pub(crate) async fn run_spawned() -> usize {
        let tasks = SPAWNED.with_borrow_mut(std::mem::take);
        let count = tasks.len();
        for task in tasks {
            task.await;
        }
        count
    }
}

impl Environment for World {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'_, ()> {
        let mut state = self.0.lock().unwrap();
        state.sleeps.push(duration);
        state.now += duration;
        async {}.boxed_local()
    }

    fn jitter(&self) -> f64 {
        1.0
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        SPAWNED.with_borrow_mut(|tasks| tasks.push(task));
    }
}
