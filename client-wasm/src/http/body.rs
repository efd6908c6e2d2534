//! The body of a response: bytes, or a stream of them.

use std::any::Any;

use bytes::Bytes;
use futures_util::future::LocalBoxFuture;

use super::transport_error::TransportError;

/// The body of an answer: bytes that are there already, or a stream.
pub struct Body(Inner);

enum Inner {
    Full(Bytes),
    Stream(Box<dyn ResponseBody>),
}

/// A body that comes in pieces. Dropping it ends the exchange.
pub trait ResponseBody {
    /// The next bytes, `None` at the end.
    fn next_chunk(&mut self) -> LocalBoxFuture<'_, Result<Option<Bytes>, TransportError>>;

    /// All the remaining bytes at once, for bodies that have a quicker way than piece by piece.
    fn collect(self: Box<Self>) -> LocalBoxFuture<'static, Result<Bytes, TransportError>>;

    /// The body as what it is, for callers that know their transport.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl Body {
    /// A body that is there already.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Inner::Full(bytes.into()))
    }

    /// A body that comes in pieces.
    #[must_use]
    pub fn from_stream(stream: Box<dyn ResponseBody>) -> Self {
        Self(Inner::Stream(stream))
    }

    /// The next bytes, `None` at the end.
    ///
    /// # Errors
    /// Fails where the connection breaks.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        match &mut self.0 {
            Inner::Full(bytes) if bytes.is_empty() => Ok(None),
            Inner::Full(bytes) => Ok(Some(std::mem::take(bytes))),
            Inner::Stream(stream) => stream.next_chunk().await,
        }
    }

    /// All the remaining bytes.
    ///
    /// # Errors
    /// Fails where the connection breaks.
    pub async fn collect(self) -> Result<Bytes, TransportError> {
        match self.0 {
            Inner::Full(bytes) => Ok(bytes),
            Inner::Stream(stream) => stream.collect().await,
        }
    }

    /// The remaining bytes up to a limit; what follows is not read. The flag says whether that was all.
    pub(crate) async fn collect_up_to(mut self, limit: usize) -> Result<(Bytes, bool), TransportError> {
        let mut read = Vec::new();
        while let Some(chunk) = self.next_chunk().await? {
            if chunk.len() > limit.saturating_sub(read.len()) {
                let room = limit.saturating_sub(read.len());
                read.extend_from_slice(chunk.get(..room).unwrap_or_default());
                return Ok((read.into(), false));
            }
            read.extend_from_slice(&chunk);
        }
        Ok((read.into(), true))
    }

    /// The body as the transport made it, where that is a `T`.
    ///
    /// # Errors
    /// Gives the bytes back where the body never was a stream, and nothing where it is one of another transport.
    pub fn downcast<T: ResponseBody + 'static>(self) -> Result<Box<T>, Option<Bytes>> {
        match self.0 {
            Inner::Full(bytes) => Err(Some(bytes)),
            Inner::Stream(stream) => stream.into_any().downcast().map_err(|_| None),
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}
