//! The running registry: state, uploads, storage, clock and keys, and the one way to change the state: under its lock,
//! into the journal, and only then acknowledged.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use uuid::Uuid;

use super::budget::Budget;
use crate::auth::{Authority, EntraRoles, ManifestSigner, ScopeOrder, Signer, Site};
use crate::config::Config;
use crate::entra::EntraAuthority;
use crate::fault::Faults;
use crate::protocol::error::ApiError;
use crate::protocol::name::Digest;
use crate::protocol::time::Time;
use crate::registry::Registry;
use crate::registry::blob::{Blob, BlobContent, MemoryBlob};
use crate::registry::memory::Memory;
use crate::storage::address::{StorageAddress, other_host};
use crate::storage::{BlobReader, DataFolder, OpenError};
use crate::upload::{UploadStore, Uploads};

/// What every operation works on.
pub(crate) struct Service {
    pub(crate) config: Config,
    pub(crate) authority: Authority,
    pub(crate) signer: Signer,
    /// The authority whose tokens the registry accepts.
    pub(crate) entra: Option<EntraAuthority>,
    /// Signs manifests that are converted to schema 1.
    pub(crate) manifest_signer: ManifestSigner,
    pub(crate) uploads: Uploads,
    pub(crate) faults: Faults,
    /// What is left of the calls that the tier allows.
    pub(crate) budget: Budget,
    /// What blobs and uploads take without a data folder.
    pub(crate) memory: Memory,
    /// How many challenges there have been, where their order varies.
    challenges: AtomicU64,
    /// The port of the storage listener, once there is one.
    pub(crate) storage_port: OnceLock<u16>,
    /// Whether there has never been anything in the registry.
    pub(crate) is_new: bool,
    registry: RwLock<Registry>,
    folder: Option<Arc<DataFolder>>,
    /// Blobs to reclaim whose request was abandoned before its change was in the journal.
    unneeded: Mutex<Vec<Digest>>,
}

/// Blobs to reclaim once their change is in the journal. A client that goes away before leaves them to `expire`.
struct Unneeded<'a> {
    service: &'a Service,
    digests: Vec<Digest>,
}

impl Drop for Unneeded<'_> {
    fn drop(&mut self) {
        if !self.digests.is_empty() {
            let mut unneeded = self.service.unneeded.lock().unwrap_or_else(PoisonError::into_inner);
            unneeded.append(&mut self.digests);
        }
    }
}

/// A change that is in the state: its result, when the journal has it, and the blobs that nothing needs any longer.
type Outcome<T> = (T, Option<tokio::sync::oneshot::Receiver<bool>>, Vec<Digest>);

impl Service {
    pub(crate) fn open(config: Config) -> Result<Self, OpenError> {
        let (folder, registry) = match &config.data {
            Some(path) => {
                let (folder, registry) = DataFolder::open(path)?;
                (Some(Arc::new(folder)), registry)
            }
            None => (None, Registry::default()),
        };
        let key = Signer::random_key();
        let key = folder.as_ref().map_or(Ok(key), |folder| folder.signing_key(key))?;
        let entra = match &config.entra {
            Some(settings) => Some(EntraAuthority::new(settings.clone()).ok_or(OpenError::NoRandomness)?),
            None => None,
        };
        let restricted = config.admin.is_some()
            || !config.tokens.is_empty()
            || config.anonymous_pull
            || config.entra.is_some();
        let entra_roles = config.entra.as_ref().map_or(EntraRoles::Everything, |settings| {
            EntraRoles::Tenant { reader_repository: settings.reader_repository.clone() }
        });
        let authority = Authority {
            open: !restricted,
            admin: config.admin.clone(),
            tokens: config.tokens.clone(),
            anonymous_pull: config.anonymous_pull,
            entra_roles,
        };
        Ok(Self {
            authority,
            signer: Signer::new(key),
            entra,
            manifest_signer: ManifestSigner::default(),
            uploads: Uploads::default(),
            faults: Faults::new(config.faults.clone()),
            budget: Budget::default(),
            memory: Memory::new(config.memory),
            challenges: AtomicU64::default(),
            storage_port: OnceLock::new(),
            is_new: folder.as_ref().is_none_or(|folder| folder.is_new),
            registry: RwLock::new(registry),
            unneeded: Mutex::default(),
            folder,
            config,
        })
    }

    pub(crate) fn now(&self) -> Time {
        self.config.clock.now()
    }

    /// The registry's address for a request that came to `host`.
    pub(crate) fn site(&self, host: &str) -> Site {
        match &self.config.login_server {
            Some(name) => {
                // A name without a port is a registry that is reached over TLS, as the real ones are.
                let has_port = name.contains(':') || name == "localhost";
                Site {
                    scheme: if has_port && !self.config.tls { "http" } else { "https" },
                    login_server: name.clone(),
                }
            }
            None => {
                Site { scheme: if self.config.tls { "https" } else { "http" }, login_server: host.to_owned() }
            }
        }
    }

    /// The order of a challenge's scopes: that of the service's newest answers, or any of them where orders vary.
    pub(crate) fn scope_order(&self, newest: ScopeOrder) -> ScopeOrder {
        if self.config.vary {
            ScopeOrder::varied(self.challenges.fetch_add(1, Ordering::Relaxed))
        } else {
            newest
        }
    }

    /// The host of storage addresses for a client that reached the registry at `host`.
    pub(crate) fn storage_host<'a>(&'a self, host: &'a str) -> &'a str {
        self.config.storage_host.as_deref().unwrap_or_else(|| other_host(host))
    }

    /// The storage address of a blob for a client that reached the registry at `host`; `None` when blobs are not
    /// redirected.
    pub(crate) fn storage_address(&self, host: &str, digest: &Digest) -> Option<StorageAddress> {
        let port = self.storage_port.get().filter(|_| self.config.blob_redirect)?;
        let scheme = if self.config.tls { "https" } else { "http" };
        let host = format!("{}:{port}", self.storage_host(host));
        let expires = self.now().after(self.config.redirect_lifetime);
        Some(StorageAddress::sign(&self.signer, scheme, host, digest, expires))
    }

    /// The state, to read.
    pub(crate) fn registry(&self) -> RwLockReadGuard<'_, Registry> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn registry_mut(&self) -> RwLockWriteGuard<'_, Registry> {
        self.registry.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and answers once the change is where it will be found again.
    pub(crate) async fn change<T>(
        &self,
        change: impl FnOnce(&mut Registry) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let (value, pending, digests) = self.begin_change(change)?;
        let mut unneeded = Unneeded { service: self, digests };
        if let Some(pending) = pending
            && !pending.await.unwrap_or(false)
        {
            // After a restart the change may not have been, and the bytes are needed.
            unneeded.digests.clear();
            return Err(ApiError::storage_failed());
        }
        self.reclaim(std::mem::take(&mut unneeded.digests));
        Ok(value)
    }

    /// Changes the state while it is being filled, before the first request. `finish_filling` journals all of it.
    pub(crate) fn fill<T>(
        &self,
        change: impl FnOnce(&mut Registry) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        change(&mut self.registry_mut())
    }

    /// Journals a filling as one change, so that a kill in the middle leaves an empty registry rather than half a one.
    pub(crate) fn finish_filling(&self) {
        let records = self.registry_mut().take_records();
        if let Some(folder) = self.folder.as_ref().filter(|_| !records.is_empty()) {
            // `EmulatorBuilder::start` waits for `journal_is_written` before the first client can connect.
            drop(folder.journal.submit(&records));
        }
    }

    /// The order of the journal is the order of the state, as both are taken under the lock.
    fn begin_change<T>(
        &self,
        change: impl FnOnce(&mut Registry) -> Result<T, ApiError>,
    ) -> Result<Outcome<T>, ApiError> {
        let mut registry = self.registry_mut();
        let value = change(&mut registry)?;
        let records = registry.take_records();
        let reclaimable = registry.take_reclaimable();
        let pending = match &self.folder {
            Some(folder) if !records.is_empty() => Some(folder.journal.submit(&records)),
            _ => None,
        };
        Ok((value, pending, reclaimable))
    }

    /// Whether every change so far is in the journal.
    pub(crate) async fn journal_is_written(&self) -> bool {
        match &self.folder {
            Some(folder) => folder.journal.submit(&[]).await.unwrap_or(false),
            None => true,
        }
    }

    /// Removes the bytes of blobs that nothing needs, unless they were pushed again meanwhile.
    fn reclaim(&self, digests: Vec<Digest>) {
        if let Some(folder) = self.folder.as_ref().filter(|_| !digests.is_empty()) {
            let registry = self.registry_mut();
            for digest in digests.iter().filter(|digest| !registry.has_blob(digest)) {
                folder.remove_blob(digest);
            }
        }
    }

    /// A place for a new upload's bytes.
    pub(crate) fn upload_store(&self, id: &Uuid) -> UploadStore {
        match &self.folder {
            Some(folder) => UploadStore::File(folder.upload_path(id)),
            None => UploadStore::in_memory(&self.memory),
        }
    }

    /// A reader of a blob's bytes.
    pub(crate) fn reader(&self, digest: &Digest, blob: &Blob) -> BlobReader {
        match (&blob.content, &self.folder) {
            (BlobContent::Memory(blob), _) => BlobReader::Memory(blob.clone()),
            (BlobContent::Disk, Some(folder)) => BlobReader::File(folder.blob_path(digest)),
            (BlobContent::Disk, None) => BlobReader::Memory(Arc::new(MemoryBlob {
                pieces: Vec::new(),
                reservation: self.memory.reserve_none(),
            })),
        }
    }

    /// Moves finished bytes to their digest. Call with the state's lock held, so that nothing reclaims them.
    pub(crate) fn adopt(&self, digest: &Digest, store: &mut UploadStore) -> io::Result<BlobContent> {
        match (store, &self.folder) {
            (UploadStore::File(path), Some(folder)) => {
                folder.adopt(path, digest)?;
                Ok(BlobContent::Disk)
            }
            (UploadStore::Memory(kept), _) => {
                let pieces = std::mem::take(&mut kept.pieces);
                let reservation = kept.reservation.take();
                Ok(BlobContent::Memory(Arc::new(MemoryBlob { pieces, reservation })))
            }
            (UploadStore::File(_), None) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Makes an adopted blob durable.
    pub(crate) async fn sync_blob(&self, digest: &Digest) -> io::Result<()> {
        let Some(folder) = self.folder.clone() else {
            return Ok(());
        };
        let digest = digest.clone();
        tokio::task::spawn_blocking(move || folder.sync_blob(&digest)).await.map_err(io::Error::other)?
    }

    /// Stores bytes as a seed does, without a client that waits.
    pub(crate) fn store_bytes(&self, digest: &Digest, bytes: bytes::Bytes) -> io::Result<BlobContent> {
        let Some(folder) = &self.folder else {
            let mut reservation = self.memory.reserve_none();
            reservation.grow(bytes.len() as u64).map_err(|_| io::ErrorKind::StorageFull)?;
            return Ok(BlobContent::Memory(Arc::new(MemoryBlob { pieces: vec![bytes], reservation })));
        };
        let path = folder.upload_path(&Uuid::new_v4());
        std::fs::write(&path, &bytes)?;
        folder.adopt(&path, digest)?;
        Ok(BlobContent::Disk)
    }

    /// Removes expired uploads and blobs.
    pub(crate) async fn expire(&self) {
        let now = self.now();
        let age = self.config.upload_lifetime;
        let unneeded = std::mem::take(&mut *self.unneeded.lock().unwrap_or_else(PoisonError::into_inner));
        self.uploads.expire(now, age);
        let expired = self.change(|registry| {
            registry.expire_blobs(now, age);
            Ok(())
        });
        if expired.await.is_err() {
            tracing::warn!("blobs that nothing names could not be removed");
        }
        if !unneeded.is_empty() && self.journal_is_written().await {
            self.reclaim(unneeded);
        }
    }
}
