//! The journal: one line a change, appended and synced before the change is acknowledged, read back at start. Whatever
//! belongs to one change is in one line, so that all of it is read back or none.
//! Changes that arrive while a sync is under way share the next one.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use flate2::Crc;
use tokio::sync::oneshot;

use crate::registry::Registry;
use crate::registry::record::Record;

/// A journal above this size, in bytes, is looked at whether it could be much smaller.
const REWRITE_FROM: u64 = 256 * 1024;

/// Appends changes and reports when they are on disk.
#[derive(Debug)]
pub(crate) struct Journal {
    queue: mpsc::Sender<Batch>,
}

#[derive(Debug)]
struct Batch {
    lines: Vec<u8>,
    done: oneshot::Sender<bool>,
}

impl Journal {
    /// Opens or creates a journal and replays it into a new registry. An incomplete last line was never acknowledged and
    /// is cut off. Complete lines after a bad one were acknowledged, so that is reported as damage, and the file is not
    /// changed. Also returns whether the journal held no change at all.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Registry, bool)> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let (registry, complete) = replay(path, &mut file)?;
        if complete < file.metadata()?.len() {
            tracing::warn!(path = %path.display(), "the journal ends in a change that was not finished; it is dropped");
            file.set_len(complete)?;
            file.sync_all()?;
        }
        if complete > REWRITE_FROM
            && let Some(rewritten) = rewrite(path, &registry, complete)?
        {
            file = rewritten;
        }
        let (queue, batches) = mpsc::channel();
        thread::Builder::new().name("journal".to_owned()).spawn(move || append(file, &batches))?;
        Ok((Self { queue }, registry, complete == 0))
    }

    /// Queues changes; the receiver gets `true` once they are on disk. The order of calls is the order on disk.
    pub(crate) fn submit(&self, records: &[Record]) -> oneshot::Receiver<bool> {
        let (done, receiver) = oneshot::channel();
        let lines = if records.is_empty() { Vec::new() } else { encode(records) };
        // Without its thread the journal drops `done`, which the receiver reads as a failure.
        let _ = self.queue.send(Batch { lines, done });
        receiver
    }
}

/// Puts a journal of the state alone in the place of one more than twice as large. The old one stays until the new
/// one is on disk.
fn rewrite(path: &Path, registry: &Registry, size: u64) -> io::Result<Option<File>> {
    let lines: Vec<u8> = registry.snapshot().flat_map(|record| encode(&[record])).collect();
    if lines.len() as u64 > size / 2 {
        return Ok(None);
    }
    let new = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
    file.write_all(&lines)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    if let Some(parent) = path.parent() {
        File::open(parent)?.sync_all()?;
    }
    OpenOptions::new().read(true).append(true).open(path).map(Some)
}

fn append(mut file: File, batches: &mpsc::Receiver<Batch>) {
    let mut broken = false;
    while let Ok(first) = batches.recv() {
        let mut lines = first.lines;
        let mut waiting = vec![first.done];
        while let Ok(next) = batches.try_recv() {
            lines.extend(next.lines);
            waiting.push(next.done);
        }
        // After a failure the end of the file is unknown: nothing may follow it.
        if !broken && let Err(error) = file.write_all(&lines).and_then(|()| file.sync_data()) {
            tracing::error!(%error, "the journal cannot be written; every change from here on is refused");
            broken = true;
        }
        for done in waiting {
            let _ = done.send(!broken);
        }
    }
}

/// The checksum of the JSON, a space, the JSON, a newline.
fn encode(records: &[Record]) -> Vec<u8> {
    let json = serde_json::to_vec(records).unwrap_or_default();
    let mut line = format!("{:08x} ", checksum(&json)).into_bytes();
    line.extend(json);
    line.push(b'\n');
    line
}

/// The JSON of a complete line.
fn decode(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = (line.get(..8)?, line.get(9..)?);
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    (sum == checksum(json)).then_some(json)
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The registry that the complete lines of a journal describe, and where they end.
fn replay(path: &Path, file: &mut File) -> io::Result<(Registry, u64)> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file);
    let mut registry = Registry::default();
    let (mut complete, mut number, mut torn) = (0, 0u64, None);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok((registry, complete));
        }
        number += 1;
        match (decode(&line), torn) {
            (Some(_), Some(torn)) => return Err(damaged(path, torn, "complete changes follow it")),
            (Some(json), None) => {
                let records: Vec<Record> = serde_json::from_slice(json)
                    .map_err(|_| damaged(path, number, "another version wrote it"))?;
                records.into_iter().for_each(|record| registry.apply(record));
                complete += length as u64;
            }
            (None, _) => torn = torn.or(Some(number)),
        }
    }
}

/// A line that cannot be read and is not the torn end.
fn damaged(path: &Path, line: u64, why: &str) -> io::Error {
    let path = path.display();
    let text = format!(
        "line {line} of {path} cannot be read, and {why}; nothing was removed: put the file back from a copy, or \
         choose another folder"
    );
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::name::{Digest, RepositoryName};
    use crate::protocol::time::Time;

    fn link(name: &str) -> Record {
        let repository = RepositoryName::parse(name).unwrap();
        let digest = Digest::of(name.as_bytes());
        Record::LinkBlob { repository, digest, size: 1, at: Time::from_ticks(1), imported: false }
    }

    #[tokio::test]
    async fn what_was_acknowledged_is_read_back_and_a_torn_end_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (journal, _, is_new) = Journal::open(&path).unwrap();
        assert!(is_new);
        assert!(journal.submit(&[link("a"), link("b")]).await.unwrap());
        drop(journal);
        let mut torn = encode(&[link("c")]);
        torn.truncate(torn.len() - 5);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(&torn).unwrap();
        let (journal, registry, is_new) = Journal::open(&path).unwrap();
        assert!(!is_new);
        assert_eq!(registry.blob_total(), 2);
        assert!(journal.submit(&[link("d")]).await.unwrap());
        drop(journal);
        assert_eq!(Journal::open(&path).unwrap().1.blob_total(), 3);
    }

    #[tokio::test]
    async fn a_bad_line_before_complete_ones_is_damage_and_nothing_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (journal, ..) = Journal::open(&path).unwrap();
        for name in ["a", "b", "c", "d", "e", "f"] {
            assert!(journal.submit(&[link(name)]).await.unwrap());
        }
        drop(journal);
        let mut bytes = std::fs::read(&path).unwrap();
        let third = bytes.len() / 3 + 20;
        bytes[third] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let said = Journal::open(&path).unwrap_err().to_string();
        assert!(said.contains("journal") && said.contains("line 3"), "{said}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }

    #[tokio::test]
    async fn a_change_of_several_records_is_read_back_completely_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (journal, ..) = Journal::open(&path).unwrap();
        assert!(journal.submit(&[link("a"), link("b"), link("c")]).await.unwrap());
        drop(journal);
        assert_eq!(Journal::open(&path).unwrap().1.blob_total(), 3);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
        let (_, registry, is_new) = Journal::open(&path).unwrap();
        assert_eq!((registry.blob_total(), is_new), (0, true));
    }

    #[test]
    fn a_line_whose_checksum_is_wrong_is_no_line() {
        let mut line = encode(&[link("a")]);
        assert!(decode(&line).is_some());
        let middle = line.len() / 2;
        line[middle] ^= 1;
        assert!(decode(&line).is_none());
    }
}
