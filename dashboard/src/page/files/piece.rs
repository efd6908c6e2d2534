//! A download in pieces of a size that is worth a message.

use acr_client_wasm::{BlobDownload, Error};

use crate::clock::now;

/// Bytes of a layer that go to the worker at once.
const PIECE: usize = 256 << 10;

/// How long such a piece is waited for before what has arrived of it goes, in milliseconds.
const LONGEST_PIECE: i64 = 100;

/// A part of a layer that is worth a message to the worker.
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// How the layer ended with it, if it did.
    pub(super) end: Option<Result<(), Error>>,
}

impl Piece {
    /// What arrives next: as much as is wanted, or as arrives within the time that progress may take to be seen.
    pub(super) async fn next(download: &mut BlobDownload) -> Self {
        let begun = now();
        let mut bytes = Vec::new();
        loop {
            match download.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Self { bytes, end: Some(Ok(())) },
                Err(error) => return Self { bytes, end: Some(Err(error)) },
            }
            if bytes.len() >= PIECE || now() - begun >= LONGEST_PIECE {
                return Self { bytes, end: None };
            }
        }
    }
}
