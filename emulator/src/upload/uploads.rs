//! Every open upload session, by its id.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::session::Upload;
use super::store::UploadStore;
use crate::protocol::name::RepositoryName;
use crate::protocol::time::Time;

/// Every open session.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    sessions: Mutex<HashMap<Uuid, Entry>>,
}

#[derive(Debug)]
struct Entry {
    repository: RepositoryName,
    touched: Time,
    session: Arc<tokio::sync::Mutex<Upload>>,
}

impl Entry {
    /// Whether it was touched within `age`, or a request is using it.
    fn is_alive(&self, now: Time, age: Duration) -> bool {
        now.since(self.touched) < age || Arc::strong_count(&self.session) > 1
    }
}

impl Uploads {
    /// Opens a session.
    pub(crate) fn start(&self, repository: &RepositoryName, id: Uuid, store: UploadStore, now: Time) {
        let session = Upload { id, started: now, size: 0, hash: Sha256::new(), store };
        let session = Arc::new(tokio::sync::Mutex::new(session));
        self.lock().insert(id, Entry { repository: repository.clone(), touched: now, session });
    }

    /// The session of a repository, kept alive by the call unless nothing had touched it for `age`.
    pub(crate) fn get(
        &self,
        repository: &RepositoryName,
        id: &Uuid,
        now: Time,
        age: Duration,
    ) -> Option<Arc<tokio::sync::Mutex<Upload>>> {
        let mut sessions = self.lock();
        let entry = sessions.get_mut(id).filter(|entry| entry.repository == *repository)?;
        if !entry.is_alive(now, age) {
            sessions.remove(id);
            return None;
        }
        entry.touched = now;
        Some(entry.session.clone())
    }

    /// Keeps a session alive that a piece took its time to reach.
    pub(crate) fn touch(&self, id: &Uuid, now: Time) {
        if let Some(entry) = self.lock().get_mut(id) {
            entry.touched = now;
        }
    }

    /// Closes a session; `false` when it is closed already. Its bytes go with its last user.
    pub(crate) fn close(&self, id: &Uuid) -> bool {
        self.lock().remove(id).is_some()
    }

    /// Closes the sessions that nothing has touched for `age`.
    pub(crate) fn expire(&self, now: Time, age: Duration) {
        self.lock().retain(|_, entry| entry.is_alive(now, age));
    }

    /// How many sessions are open.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::memory::Memory;

    #[test]
    fn untouched_sessions_expire() {
        let uploads = Uploads::default();
        let name = RepositoryName::parse("a").unwrap();
        uploads.start(
            &name,
            Uuid::nil(),
            UploadStore::in_memory(&Memory::new(1)),
            Time::from_unix_seconds(1),
        );
        uploads.expire(Time::from_unix_seconds(10), Duration::from_secs(60));
        let age = Duration::from_secs(60);
        assert!(uploads.get(&name, &Uuid::nil(), Time::from_unix_seconds(50), age).is_some());
        uploads.expire(Time::from_unix_seconds(100), Duration::from_secs(60));
        assert_eq!(uploads.len(), 1);
        uploads.expire(Time::from_unix_seconds(111), Duration::from_secs(60));
        assert_eq!(uploads.len(), 0);
    }
}
