//! Log lines on their way out, by a thread of their own that writes what has gathered every few milliseconds.
//!
//! Waking a thread for each line costs more than making the line, so it is woken for the first of many. Lines that must be written, those of
//! the audit log, are written at once, and the request that caused them can wait until they are.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

/// How long lines gather.
const PAUSE: Duration = Duration::from_millis(10);

/// Bytes that wait at most. When the reader of the log stalls, lines are lost, not requests.
const ROOM: usize = 4 << 20;

/// The same for lines that must be written: of those, only what was refused meanwhile can come to so much.
const ROOM_FOR_WANTED: usize = 2 * ROOM;

/// How long the end of the process waits for the reader of the log.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

/// Where lines are left. Cheap to clone; never waits for the reader of the log.
#[derive(Clone)]
pub(super) struct Batched(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    progress: watch::Sender<Progress>,
}

#[derive(Default)]
struct State {
    lines: Vec<u8>,
    /// Bytes that were taken in all.
    taken: u64,
    lost: u64,
    /// Whether a line is not to wait for others.
    hurried: bool,
    ended: bool,
}

/// How far the thread is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Progress {
    /// Bytes that were written, or could not be.
    handled: u64,
    /// The end of what could not be written last.
    failed: u64,
    /// Whether the thread has ended.
    ended: bool,
}

/// Lines could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log cannot be written")]
pub(crate) struct NotWritten;

/// Writes out what is left when dropped, as far as the reader of the log takes it within a few seconds.
pub struct LogGuard {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    /// Disconnected once the thread has ended.
    ended: mpsc::Receiver<()>,
}

impl Batched {
    /// Starts the thread. It ends when the guard is dropped.
    pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<(Self, LogGuard)> {
        let shared: Arc<Shared> = Arc::default();
        let of_thread = Arc::clone(&shared);
        let (until_end, ended) = mpsc::channel();
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            of_thread.write_to(out);
            drop(until_end);
        })?;
        Ok((Self(Arc::clone(&shared)), LogGuard { shared, thread: Some(thread), ended }))
    }
}

impl Batched {
    /// Takes a whole line or loses it. One that must be written is not made to wait for others.
    pub(super) fn take(&self, line: &[u8], must: bool) {
        let mut state = self.0.lock();
        if state.lines.len() + line.len() > if must { ROOM_FOR_WANTED } else { ROOM } {
            state.lost += 1;
            return;
        }
        let wakes = state.lines.is_empty() || (must && !state.hurried);
        state.lines.extend_from_slice(line);
        state.taken += line.len() as u64;
        state.hurried |= must;
        drop(state);
        if wakes {
            self.0.changed.notify_one();
        }
    }

    /// How many bytes were taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.0.lock().taken
    }

    /// Waits until everything that was taken so far is written.
    ///
    /// # Errors
    /// A log that could not be written since so many bytes were taken, or that takes longer than `patience`.
    pub(super) async fn written(&self, since: u64, patience: Duration) -> Result<(), NotWritten> {
        let mut progress = self.0.progress.subscribe();
        let all = self.taken();
        let is_done = |progress: &Progress| progress.handled >= all || progress.ended;
        let waited = tokio::time::timeout(patience, progress.wait_for(is_done)).await;
        match waited {
            Ok(Ok(reached)) if reached.handled >= all && reached.failed <= since => Ok(()),
            _ => Err(NotWritten),
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in between leaves half a line.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut out: impl Write) {
        let mut lines = Vec::new();
        loop {
            let state = self.lock();
            let waits = |state: &mut State| state.lines.is_empty() && !state.ended;
            let state = self.changed.wait_while(state, waits).unwrap_or_else(PoisonError::into_inner);
            let gathers = |state: &mut State| !state.ended && !state.hurried;
            let gathered = self.changed.wait_timeout_while(state, PAUSE, gathers);
            let (mut state, _) = gathered.unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut state.lines, &mut lines);
            state.hurried = false;
            let (taken, lost, ended) = (state.taken, std::mem::take(&mut state.lost), state.ended);
            drop(state);
            // There is nowhere to say that a log cannot be written, but to those who wait for it.
            let failed = out.write_all(&lines).and_then(|()| out.flush()).is_err();
            lines.clear();
            self.progress.send_modify(|progress| {
                progress.handled = taken;
                progress.failed = if failed { taken } else { progress.failed };
            });
            if lost > 0 {
                tracing::warn!(lines = lost, "log lines were lost, since they were not read fast enough");
            } else if ended {
                return self.progress.send_modify(|progress| progress.ended = true);
            }
        }
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
        let has_ended = self.ended.recv_timeout(LAST_PATIENCE) == Err(mpsc::RecvTimeoutError::Disconnected);
        if let Some(thread) = self.thread.take().filter(|_| has_ended) {
            // Were it to have panicked, there would be nothing left to write with.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, Sender};

    use super::*;

    type Kept = Arc<Mutex<Vec<u8>>>;

    /// A reader of the log that takes lines once it is opened, and keeps them.
    struct Reader {
        begun: Sender<()>,
        go: Receiver<()>,
        kept: Kept,
    }

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.begun.send(());
            // Ends with an error once it is not held back.
            let _ = self.go.recv();
            self.kept.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn reader() -> (Reader, Receiver<()>, Sender<()>, Kept) {
        let ((begun, has_begun), (let_go, go)) = (mpsc::channel(), mpsc::channel());
        let kept = Kept::default();
        (Reader { begun, go, kept: Arc::clone(&kept) }, has_begun, let_go, kept)
    }

    #[test]
    fn every_line_is_written_in_order_by_the_time_the_guard_is_gone() {
        let (reader, _begun, go, kept) = reader();
        drop(go);
        let (log, guard) = Batched::start(reader).unwrap();
        let lines: Vec<String> = (0..1000).map(|number| format!("line {number}\n")).collect();
        for line in &lines {
            log.take(line.as_bytes(), false);
        }
        drop(guard);
        assert_eq!(String::from_utf8(kept.lock().unwrap().clone()).unwrap(), lines.concat());
    }

    #[tokio::test(start_paused = true)]
    async fn what_must_be_written_can_be_waited_for() {
        let (reader, begun, go, kept) = reader();
        let (log, guard) = Batched::start(reader).unwrap();
        log.take(b"audited\n", true);
        begun.recv().unwrap();
        assert_eq!(log.written(0, Duration::from_secs(3)).await, Err(NotWritten), "the reader stalls");
        drop(go);
        drop(guard);
        assert_eq!(log.written(0, Duration::from_secs(3)).await, Ok(()));
        assert_eq!(*kept.lock().unwrap(), b"audited\n");
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_written_is_reported_to_those_who_wait() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (log, _guard) = Batched::start(Full).unwrap();
        let patience = Duration::from_secs(60);
        assert_eq!(log.written(log.taken(), patience).await, Ok(()), "there was nothing to write");
        let since = log.taken();
        log.take(b"audited\n", true);
        assert_eq!(log.written(since, patience).await, Err(NotWritten));
        assert_eq!(log.written(log.taken(), patience).await, Ok(()), "nothing since");
    }

    #[test]
    fn a_reader_that_stalls_costs_lines_and_no_request_waits_for_it() {
        let (reader, begun, go, kept) = reader();
        let (log, guard) = Batched::start(reader).unwrap();
        log.take(b"first\n", false);
        begun.recv().unwrap();
        // The reader holds the first line; this is more than there is room for meanwhile.
        let line = [b'x'; 1024];
        for _ in 0..=ROOM / line.len() {
            log.take(&line, false);
        }
        assert_eq!(log.0.lock().lost, 1);
        drop(go);
        drop(guard);
        assert_eq!(kept.lock().unwrap().len(), b"first\n".len() + ROOM);
    }
}
