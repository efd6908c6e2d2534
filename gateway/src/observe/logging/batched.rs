//! Log lines on their way out, by a thread of their own that writes what has gathered every few milliseconds.
//!
//! Waking a thread for each line costs more than making the line, so it is woken for the first of many.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long lines gather.
const PAUSE: Duration = Duration::from_millis(10);

/// Bytes that wait at most. When the reader of the log stalls, lines are lost, not requests.
const ROOM: usize = 4 << 20;

/// Where lines are left. Cheap to clone; never waits for the reader of the log.
#[derive(Clone)]
pub(super) struct Batched(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<u8>,
    lost: u64,
    ended: bool,
}

/// Writes out what is left when dropped.
pub struct LogGuard {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Batched {
    /// Starts the thread. It ends when the guard is dropped.
    pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<(Self, LogGuard)> {
        let shared: Arc<Shared> = Arc::default();
        let of_thread = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("log".to_owned()).spawn(move || of_thread.write_to(out))?;
        Ok((Self(Arc::clone(&shared)), LogGuard { shared, thread: Some(thread) }))
    }
}

impl Write for Batched {
    /// Takes a whole line or loses it.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.0.lock();
        if state.lines.len() + line.len() > ROOM {
            state.lost += 1;
            return Ok(line.len());
        }
        let first = state.lines.is_empty();
        state.lines.extend_from_slice(line);
        drop(state);
        if first {
            self.0.changed.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
            let gathers = |state: &mut State| !state.ended;
            let gathered = self.changed.wait_timeout_while(state, PAUSE, gathers);
            let (mut state, _) = gathered.unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut state.lines, &mut lines);
            let (lost, ended) = (std::mem::take(&mut state.lost), state.ended);
            drop(state);
            // There is nowhere to say that a log cannot be written.
            let _ = out.write_all(&lines).and_then(|()| out.flush());
            lines.clear();
            if lost > 0 {
                tracing::warn!(lines = lost, "log lines were lost, since they were not read fast enough");
            } else if ended {
                return;
            }
        }
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
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

    /// A reader of the log that takes what it is given once it is told to, and keeps it.
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
        let (mut log, guard) = Batched::start(reader).unwrap();
        let lines: Vec<String> = (0..1000).map(|number| format!("line {number}\n")).collect();
        for line in &lines {
            log.write_all(line.as_bytes()).unwrap();
        }
        drop(guard);
        assert_eq!(String::from_utf8(kept.lock().unwrap().clone()).unwrap(), lines.concat());
    }

    #[test]
    fn a_reader_that_stalls_costs_lines_and_nobody_waits_for_it() {
        let (reader, begun, go, kept) = reader();
        let (mut log, guard) = Batched::start(reader).unwrap();
        log.write_all(b"first\n").unwrap();
        begun.recv().unwrap();
        // The reader holds the first line; this is more than there is room for meanwhile.
        let line = [b'x'; 1024];
        for _ in 0..=ROOM / line.len() {
            log.write_all(&line).unwrap();
        }
        assert_eq!(log.0.lock().lost, 1);
        drop(go);
        drop(guard);
        assert_eq!(kept.lock().unwrap().len(), b"first\n".len() + ROOM);
    }
}
