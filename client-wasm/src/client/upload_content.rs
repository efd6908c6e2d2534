//! Uploading content: chunk by chunk, hashed as it streams, cancelled at the registry unless it comes to its end.

use std::fmt;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use super::upload::Upload;
use crate::error::Error;
use crate::name::{Digest, DigestHasher};
use crate::operation::uploads as operation;

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes the registry holds.
    pub loaded_bytes: u64,
    /// Bytes of the whole, where known.
    pub total_bytes: Option<u64>,
}

/// How to upload.
#[derive(Default)]
pub struct UploadOptions {
    /// Bytes a chunk, 1 or more. Default: 4 MiB. Two of them are in memory at a time.
    pub chunk_size: Option<usize>,
    /// Bytes of the whole, where known: reported with progress, and the upload fails where the content has more or fewer.
    pub total_bytes: Option<u64>,
    /// Called after each chunk that the registry accepted.
    pub progress: Option<Box<dyn FnMut(Progress)>>,
}

impl fmt::Debug for UploadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadOptions")
            .field("chunk_size", &self.chunk_size)
            .field("total_bytes", &self.total_bytes)
            .finish_non_exhaustive()
    }
}

/// A blob that the registry has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedBlob {
    /// Its digest.
    pub digest: Digest,
    /// Its bytes.
    pub size: u64,
}

/// Cancels the upload at the registry unless it came to its end: on an error, and where the caller's future is dropped.
struct CancelOnDrop(Option<Upload>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(upload) = self.0.take() {
            let environment = upload.environment();
            environment.spawn(Box::pin(async move {
                // There is no caller left to report a failure to; the registry drops the upload in the end.
                let _ = upload.cancel().await;
            }));
        }
    }
}

/// Refuses options that no upload can be made with.
pub(super) fn check(options: &UploadOptions) -> Result<(), Error> {
    if options.chunk_size == Some(0) {
        return Err(Error::invalid_input(operation::APPEND, "a chunk must hold at least one byte"));
    }
    Ok(())
}

/// Sends content through an upload to its end.
pub(super) async fn send<E: fmt::Display>(
    upload: Upload,
    content: impl Stream<Item = Result<Bytes, E>>,
    mut options: UploadOptions,
) -> Result<UploadedBlob, Error> {
    const DEFAULT_CHUNK: usize = 4 * 1024 * 1024;
    let chunk_size = options.chunk_size.unwrap_or(DEFAULT_CHUNK).max(1);
    let mut content = std::pin::pin!(content);
    let mut guard = CancelOnDrop(None);
    let upload = guard.0.insert(upload);
    let mut hasher = DigestHasher::default();
    let mut buffer = Vec::new();
    loop {
        let piece = content.next().await.transpose();
        let piece = piece.map_err(|error| {
            Error::invalid_input(operation::APPEND, format!("the content cannot be read: {error}"))
        })?;
        let at_end = piece.is_none();
        buffer.extend_from_slice(&piece.unwrap_or_default());
        while buffer.len() >= chunk_size || (at_end && !buffer.is_empty()) {
            let rest = buffer.split_off(chunk_size.min(buffer.len()));
            let chunk = Bytes::from(std::mem::replace(&mut buffer, rest));
            check_length(options.total_bytes, upload.offset().saturating_add(chunk.len() as u64), false)?;
            hasher.update(&chunk);
            let loaded_bytes = upload.append(chunk).await?;
            if let Some(progress) = &mut options.progress {
                progress(Progress { loaded_bytes, total_bytes: options.total_bytes });
            }
        }
        if at_end {
            break;
        }
    }
    check_length(options.total_bytes, upload.offset(), true)?;
    let digest = upload.end(&hasher.finish(), Bytes::new()).await?;
    let size = upload.offset();
    guard.0 = None;
    Ok(UploadedBlob { digest, size })
}

fn check_length(total: Option<u64>, so_far: u64, at_end: bool) -> Result<(), Error> {
    match total {
        Some(total) if so_far > total || (at_end && so_far < total) => {
            let relation = if at_end { "fewer" } else { "more" };
            Err(Error::invalid_input(
                operation::APPEND,
                format!("the content has {relation} bytes than the {total} announced"),
            ))
        }
        _ => Ok(()),
    }
}
