//! The data folder: `blobs/ALGORITHM/ab/HEX`, `uploads/UUID`, `journal`, `signing-key` and `lock`. A blob appears under its digest by
//! a rename of a file that is already on disk, so a file that exists is complete.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::journal::Journal;
use crate::protocol::name::Digest;
use crate::registry::Registry;

const ALGORITHMS: [&str; 2] = ["sha256", "sha512"];

/// A folder that an emulator keeps its registry in. Only one emulator has it at a time.
#[derive(Debug)]
pub(crate) struct DataFolder {
    root: PathBuf,
    pub(crate) journal: Journal,
    /// Whether it was empty when it was opened.
    pub(crate) is_new: bool,
    /// Held for as long as the folder is in use; the system lets go of it however the process ends.
    _lock: File,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// Another process has it.
    #[error("the data folder {0} is in use by another emulator")]
    InUse(String),
    /// The system has no random numbers to make a key of.
    #[error("the system has no random numbers")]
    NoRandomness,
    /// The file system refused.
    #[error("the data folder {path} cannot be used: {source}")]
    Io {
        /// The folder.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl DataFolder {
    /// Opens or creates a folder and restores the registry in it. What was not acknowledged is removed:
    /// unfinished uploads, blobs that nothing names, the torn end of the journal.
    pub(crate) fn open(root: &Path) -> Result<(Self, Registry), OpenError> {
        let failed = |source| OpenError::Io { path: root.display().to_string(), source };
        let uploads = root.join("uploads");
        fs::create_dir_all(&uploads).map_err(failed)?;
        for algorithm in ALGORITHMS {
            fs::create_dir_all(root.join("blobs").join(algorithm)).map_err(failed)?;
        }
        let lock = File::create(root.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(root.display().to_string())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let (journal, mut registry, is_new) = Journal::open(&root.join("journal")).map_err(failed)?;
        for entry in fs::read_dir(&uploads).map_err(failed)? {
            fs::remove_file(entry.map_err(failed)?.path()).map_err(failed)?;
        }
        let folder = Self { root: root.to_owned(), journal, is_new, _lock: lock };
        registry.drop_blobs(|digest, size| {
            let is_there = fs::metadata(folder.blob_path(digest)).is_ok_and(|file| file.len() == size);
            if !is_there {
                tracing::warn!(%digest, "the bytes of a blob are not in the data folder; it is unknown from here on");
            }
            is_there
        });
        registry.take_reclaimable();
        folder.sweep(&registry).map_err(failed)?;
        registry.keep_records();
        Ok((folder, registry))
    }

    /// Removes blob files that the registry does not know.
    fn sweep(&self, registry: &Registry) -> io::Result<()> {
        for algorithm in ALGORITHMS {
            for shard in fs::read_dir(self.root.join("blobs").join(algorithm))? {
                for file in fs::read_dir(shard?.path())? {
                    let file = file?;
                    let name = file.file_name();
                    let digest = name.to_str().and_then(|hex| Digest::parse(&format!("{algorithm}:{hex}")));
                    if digest.is_none_or(|digest| !registry.has_blob(&digest)) {
                        fs::remove_file(file.path())?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The key that tokens are signed with, kept so that they outlive a restart; at first it is `new`.
    pub(crate) fn signing_key(&self, new: [u8; 32]) -> Result<[u8; 32], OpenError> {
        let path = self.root.join("signing-key");
        let kept = fs::read(&path).ok().and_then(|key| key.try_into().ok());
        if let Some(key) = kept {
            return Ok(key);
        }
        // The file is missing or damaged. Losing the tokens it signed is better than refusing to start.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let failed = |source| OpenError::Io { path: self.root.display().to_string(), source };
        options.open(&path).and_then(|mut file| file.write_all(&new)).map_err(failed)?;
        Ok(new)
    }

    /// Where a blob's bytes are.
    pub(crate) fn blob_path(&self, digest: &Digest) -> PathBuf {
        let shard = digest.hex().get(..2).unwrap_or_default();
        self.root.join("blobs").join(digest.algorithm()).join(shard).join(digest.hex())
    }

    /// Where an upload's bytes gather.
    pub(crate) fn upload_path(&self, id: &Uuid) -> PathBuf {
        self.root.join("uploads").join(id.to_string())
    }

    /// Moves a finished and synced upload to its digest. It is durable after `sync_blob`.
    pub(crate) fn adopt(&self, upload: &Path, digest: &Digest) -> io::Result<()> {
        let target = self.blob_path(digest);
        fs::create_dir_all(target.parent().unwrap_or(&self.root))?;
        fs::rename(upload, &target)
    }

    /// Makes the names of an adopted blob and its folder durable.
    pub(crate) fn sync_blob(&self, digest: &Digest) -> io::Result<()> {
        sync_folder(self.blob_path(digest).parent().unwrap_or(&self.root))?;
        sync_folder(&self.root.join("blobs").join(digest.algorithm()))
    }

    /// Removes a blob's bytes; that they are gone already is no fault.
    pub(crate) fn remove_blob(&self, digest: &Digest) {
        if let Err(error) = fs::remove_file(self.blob_path(digest))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%digest, %error, "a blob that is no longer needed could not be removed");
        }
    }
}

/// Makes renames into a folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
