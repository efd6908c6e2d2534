//! The time between accepting a connection and its first request. hyper's limit on a head begins only once it knows the protocol, so a
//! client that sends nothing, or half an HTTP/2 preface, is under no limit of hyper's.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Says whether a connection has had its first request: shared between the stream and the service.
#[derive(Clone, Default)]
pub(crate) struct Opened(Arc<AtomicBool>);

impl Opened {
    /// A request has arrived.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A stream that ends in an error when no request has arrived in time.
pub(crate) struct Opening<S> {
    stream: S,
    opened: Opened,
    /// None once the first request has arrived.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Opening<S> {
    pub(crate) fn new(stream: S, within: Duration, opened: Opened) -> Self {
        Self { stream, opened, deadline: Some(Box::pin(tokio::time::sleep(within))) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Opening<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.opened.0.load(Ordering::Relaxed) {
            this.deadline = None;
        }
        if let Some(deadline) = &mut this.deadline
            && deadline.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut this.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Opening<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_ends_in_time_and_one_with_a_request_does_not() {
        let (mut client, server) = tokio::io::duplex(64);
        let opened = Opened::default();
        let mut opening = Opening::new(server, Duration::from_secs(1), opened.clone());
        client.write_all(b"PRI * ").await.unwrap();
        assert_eq!(opening.read(&mut [0; 64]).await.unwrap(), 6);
        assert_eq!(opening.read(&mut [0; 64]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);

        let (client, server) = tokio::io::duplex(64);
        let mut opening = Opening::new(server, Duration::from_secs(1), opened.clone());
        opened.set();
        let mut bytes = [0; 64];
        let read = tokio::time::timeout(Duration::from_secs(60), opening.read(&mut bytes));
        assert!(read.await.is_err(), "an idle connection that was used is under other limits");
        drop(client);
    }
}
